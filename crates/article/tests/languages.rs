//! Pages in ten character sets, and the language of short texts.

use entente_article::{Accepted, Incoming, Limits, accept};
use jiff::Timestamp;

fn read(bytes: &[u8], content_type: &str) -> Accepted {
    let incoming = Incoming::new(bytes, Timestamp::UNIX_EPOCH).with_content_type(content_type);
    accept(&incoming, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Character set, how the page names it, words in its letters.
const CHARSETS: [(&str, &str, &str); 10] = [
    ("utf-8", "iso-8859-1", "Þingvellir, São Tomé, Škoda"),
    ("windows-1252", "", "“Köln”, Málaga, Orléans"),
    ("iso-8859-2", "iso-8859-2", "Łódź, Košice, Győr"),
    ("iso-8859-7", "iso-8859-7", "Αθήνα και Λευκωσία"),
    ("windows-1251", "windows-1251", "Рига и Вильнюс"),
    ("koi8-r", "koi8-r", "Москва и Таллин"),
    ("shift_jis", "shift_jis", "東京で会談が行われた"),
    ("gb18030", "gb2312", "北京举行了会谈"),
    ("euc-kr", "ks_c_5601-1987", "서울에서 회담이 열렸다"),
    ("big5", "big5", "臺北舉行了會談"),
];

#[test]
fn ten_character_sets_are_read_by_header_and_by_meta() {
    for (name, label, words) in CHARSETS {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).expect("known");
        let text = "The two delegations met at the harbour on Monday and agreed to open the border for lorries before winter.";
        let page = |meta: &str| {
            let page = format!(
                "<html><head>{meta}<title>Talks</title></head><body><article><h1>Talks</h1><p>{text}</p><p>{words}, said a second report.</p><p>{text} It was the first time.</p></article></body></html>"
            );
            encoding.encode(&page).0.into_owned()
        };
        let meta = if label.is_empty() { String::new() } else { format!("<meta charset=\"{label}\">") };
        let by_meta = read(&page(&meta), "text/html");
        assert!(by_meta.article.body.contains(words), "{name} by meta: {}", by_meta.article.body);
        let header =
            if label.is_empty() { "text/html".to_owned() } else { format!("text/html; charset={label}") };
        let by_header = read(&page(""), &header);
        assert!(by_header.article.body.contains(words), "{name} by header: {}", by_header.article.body);
    }
}

/// One or two sentences each, as agencies send them.
const SHORT: [(&str, &str); 32] = [
    ("en", "Norway recalled its ambassador from Lima on Monday."),
    ("en", "The two ministers will meet in Geneva next week to discuss the border."),
    ("en", "Kenya and Japan sign fishing deal"),
    ("en", "Troops withdrew from the northern province overnight, officials said."),
    ("de", "Der Außenminister reiste am Montag zu Gesprächen nach Wien."),
    ("de", "Die Regierung hat neue Sanktionen gegen das Nachbarland beschlossen."),
    ("fr", "Le ministre des Affaires étrangères a rencontré son homologue lundi."),
    ("fr", "Paris condamne l'attaque et appelle à la retenue."),
    ("es", "El presidente viajará mañana a la capital para firmar el acuerdo."),
    ("es", "El gobierno rechazó las acusaciones de los países vecinos."),
    ("pt", "O ministro disse que não haverá novas negociações este ano."),
    ("it", "Il governo ha convocato l'ambasciatore dopo le dichiarazioni di ieri."),
    ("nl", "De regering heeft maandag nieuwe maatregelen aangekondigd tegen het buurland."),
    ("pl", "Minister spraw zagranicznych spotkał się w poniedziałek z ambasadorem."),
    ("ru", "Министр иностранных дел прибыл в понедельник с визитом."),
    ("uk", "Міністр закордонних справ прибув у понеділок із візитом."),
    ("tr", "Dışişleri bakanı pazartesi günü görüşmeler için başkente geldi."),
    ("sv", "Utrikesministern reste på måndagen till huvudstaden för samtal."),
    ("fi", "Ulkoministeri matkusti maanantaina pääkaupunkiin neuvotteluihin."),
    ("cs", "Ministr zahraničí v pondělí přijel do hlavního města na jednání."),
    ("hu", "A külügyminiszter hétfőn tárgyalásokra érkezett a fővárosba."),
    ("ro", "Ministrul de externe a sosit luni în capitală pentru discuții."),
    ("el", "Ο υπουργός Εξωτερικών έφτασε τη Δευτέρα στην πρωτεύουσα."),
    ("ar", "وصل وزير الخارجية إلى العاصمة يوم الاثنين لإجراء محادثات."),
    ("fa", "وزیر امور خارجه روز دوشنبه برای گفتگو وارد پایتخت شد."),
    ("he", "שר החוץ הגיע ביום שני לבירה לשיחות."),
    ("hi", "विदेश मंत्री सोमवार को वार्ता के लिए राजधानी पहुंचे।"),
    ("ja", "外相は月曜日に協議のため首都に到着した。"),
    ("ko", "외교부 장관이 월요일 회담을 위해 수도에 도착했다."),
    ("zh", "外交部长周一抵达首都举行会谈。"),
    ("vi", "Bộ trưởng Ngoại giao đã đến thủ đô hôm thứ Hai để hội đàm."),
    ("id", "Menteri luar negeri tiba di ibu kota pada hari Senin untuk perundingan."),
];

#[test]
fn the_language_of_short_texts_is_told() {
    let mut wrong = Vec::new();
    let mut foreign_as_english = 0;
    for (language, text) in SHORT {
        let found = read(text.as_bytes(), "text/plain").article.language.unwrap_or_default();
        if found != language {
            wrong.push(format!("{found}, not {language}: {text}"));
            foreign_as_english += usize::from(found == "en");
        }
    }
    println!("{} of {} wrong\n{}", wrong.len(), SHORT.len(), wrong.join("\n"));
    assert_eq!(foreign_as_english, 0, "would be coded as English: {wrong:?}");
    assert!(wrong.is_empty(), "{wrong:?}");
}
