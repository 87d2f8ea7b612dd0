//! Made-up news: articles put together from sentence frames, with invented persons and real country names.

use super::chance::Chance;

/// A made-up article.
#[derive(Clone, Debug)]
pub struct Story {
    pub title: String,
    pub byline: String,
    /// Day of January 2026 and minute of the day when it was published.
    pub day: usize,
    pub minute: usize,
    pub blocks: Vec<Block>,
}

/// A part of the body.
#[derive(Clone, Debug)]
pub enum Block {
    Paragraph(String),
    Heading(String),
    List(Vec<String>),
    Quote(String),
}

impl Story {
    /// The body as a reader copies it.
    pub fn body(&self) -> String {
        let texts = self.blocks.iter().map(|block| match block {
            Block::Paragraph(text) | Block::Heading(text) | Block::Quote(text) => text.clone(),
            Block::List(items) => items.join("\n\n"),
        });
        texts.collect::<Vec<_>>().join("\n\n")
    }

    pub fn published_at(&self) -> String {
        format!("2026-01-{:02}T{:02}:{:02}:00Z", self.day, self.minute / 60, self.minute % 60)
    }
}

const COUNTRIES: &[&str] = &[
    "Norway",
    "Kenya",
    "Peru",
    "Vietnam",
    "Morocco",
    "Latvia",
    "Chile",
    "Jordan",
    "Nepal",
    "Ghana",
    "Oman",
    "Serbia",
    "Fiji",
    "Tunisia",
    "Malawi",
    "Iceland",
    "Uruguay",
    "Cambodia",
    "Georgia",
    "Zambia",
    "Portugal",
    "Bolivia",
    "Mongolia",
    "Senegal",
    "Finland",
    "Albania",
    "Sri Lanka",
    "Paraguay",
    "Armenia",
    "Botswana",
    "Slovenia",
    "Panama",
    "Lebanon",
    "Rwanda",
    "Malta",
];
const FIRST: &[&str] = &[
    "Ingrid",
    "Tomas",
    "Wanjiru",
    "Mateo",
    "Linh",
    "Youssef",
    "Ilze",
    "Camila",
    "Rania",
    "Prakash",
    "Kofi",
    "Salma",
    "Dragan",
    "Seru",
    "Amel",
    "Chikondi",
    "Freyja",
    "Lucas",
    "Sokha",
    "Nino",
    "Mutale",
    "Beatriz",
    "Evo",
    "Bat-Erdene",
    "Aminata",
    "Aino",
];
const LAST: &[&str] = &[
    "Halvorsen",
    "Berzins",
    "Odhiambo",
    "Quispe",
    "Tran",
    "Alaoui",
    "Kalnina",
    "Rojas",
    "Haddad",
    "Shrestha",
    "Mensah",
    "Al-Busaidi",
    "Petrovic",
    "Vakatawa",
    "Gharbi",
    "Banda",
    "Jonsdottir",
    "Pereyra",
    "Chan",
    "Beridze",
    "Mwansa",
    "Carvalho",
    "Mamani",
    "Ganbold",
    "Diallo",
    "Virtanen",
    "Hoxha",
    "Perera",
    "Benitez",
    "Sargsyan",
    "Kgosi",
    "Novak",
    "Arosemena",
];
const OFFICES: &[&str] = &[
    "foreign minister",
    "deputy prime minister",
    "chief trade negotiator",
    "defence secretary",
    "interior minister",
    "ambassador",
    "fisheries commissioner",
    "central bank governor",
    "opposition leader",
    "port authority chairman",
    "energy minister",
    "army spokesman",
    "mayor of the capital",
    "human rights commissioner",
    "head of the customs service",
];
const MATTERS: &[&str] = &[
    "a disputed fishing ground",
    "cross-border rail freight",
    "the return of impounded trawlers",
    "a gas pipeline that was never finished",
    "visa rules for seasonal workers",
    "the price of hydropower",
    "a customs post in the hills",
    "unpaid harbour fees",
    "the extradition of two bankers",
    "cattle raids along the frontier",
    "an undersea cable",
    "the status of three islets",
    "grain deliveries delayed since autumn",
    "a joint satellite",
    "overflight rights",
    "pollution of a shared river",
    "the arrest of a newspaper editor",
    "a loan for the northern highway",
    "the training of border guards",
    "mining licences in the delta",
];
const MONTHS: &[&str] = &["February", "March", "April", "May", "June", "September", "October", "November"];
const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const TOWNS: &[&str] = &[
    "Harstad",
    "Eldoret",
    "Arequipa",
    "Da Nang",
    "Tetouan",
    "Ventspils",
    "Iquique",
    "Aqaba",
    "Pokhara",
    "Tamale",
    "Salalah",
    "Nis",
    "Lautoka",
    "Sfax",
    "Mzuzu",
    "Akureyri",
    "Salto",
    "Kampot",
    "Batumi",
    "Ndola",
    "Braga",
    "Oruro",
    "Darkhan",
    "Thies",
    "Vaasa",
];
const THINGS: &[&str] = &[
    "patrol boats",
    "lorries",
    "generators",
    "tonnes of seed",
    "cameras",
    "inspectors",
    "litres of diesel",
    "police officers",
    "containers",
    "engineers",
    "tents",
    "vaccine doses",
    "kilometres of track",
    "drones",
    "families",
    "schools",
];

/// Lead sentences, bodies, quotations, headings. `{A}` and `{B}` are the two countries, `{P}` and `{Q}` persons with office,
/// `{p}` and `{q}` their last names, `{m}` the matter, `{t}` a town, `{d}` a weekday, `{M}` a month, `{n}` a number, `{x}` things.
const LEADS: &[&str] = &[
    "The governments of {A} and {B} agreed on {d} to reopen talks on {m}, eight months after the last round had broken down in {t}.",
    "{A} recalled its envoy from {B} on {d} in a growing quarrel over {m}, and warned that further steps would follow within days.",
    "Police in {A} detained {n} people on {d} after a march against {m} turned violent outside the embassy of {B} in {t}.",
    "{B} has offered to send {n} {x} to {A}, where officials say that {m} has pushed the region around {t} to the edge of an emergency.",
    "A court in {t} ruled on {d} that {A} must compensate companies from {B} for losses suffered through {m}.",
    "Lawmakers in {A} voted by a narrow margin on {d} to suspend an accord with {B} that had settled {m} for almost a decade.",
    "{P} of {A} flew to {B} on {d} with a proposal to end the dispute over {m}, according to two officials who have seen the draft.",
    "Soldiers from {A} and {B} began a joint exercise near {t} on {d}, the first since {m} strained relations between the two countries.",
];
const FRAMES: &[&str] = &[
    "The decision was announced in {t} by {P}, who gave no date for the next meeting.",
    "Under the terms of the draft, {A} would hand over {n} {x} by the end of {M}, while {B} would drop its complaint before the arbitration panel.",
    "Trade between the two countries has fallen by {n} percent since {M}, when {B} closed the crossing at {t} to heavy traffic.",
    "Residents of {t} said that they had heard about {m} only from the radio, and that nobody from the ministry had visited them since {M}.",
    "{P} told reporters that the government had \"no wish to quarrel\" but would not accept conditions set from abroad.",
    "Diplomats who followed the negotiations said the breakthrough came late on {d}, after {q} had agreed to leave out the clause on {m}.",
    "Some {n} {x} have been waiting at the border since last week, and drivers complained that they were running out of water.",
    "The opposition accused the cabinet of giving in to pressure and demanded that the full text be published before parliament votes on it in {M}.",
    "It is not the first time that {m} has soured relations: in the year before last, {B} expelled two consular officials from {t} and froze a line of credit.",
    "{Q} dismissed the report as speculation and said that experts from both sides would meet again in {t} once the harvest was over.",
    "A spokeswoman for the union of dock workers said that at least {n} jobs depended on a settlement, most of them in and around {t}.",
    "According to figures of the statistics office, {A} imported {n} {x} from {B} last year, a third more than in the year before.",
    "The ministry in {t} declined to comment on the letter, which was signed by {p} and dated the first of {M}.",
    "Human rights groups urged both governments to let observers into the area, where they said {n} people had been displaced by the fighting in {M}.",
    "Heavy rain has since washed out the road to {t}, and aid workers are bringing in {x} by boat.",
    "Analysts doubt that the compromise will last, since neither side has explained who is to pay for the {n} {x} that the plan foresees.",
    "Earlier in the week {p} had summoned the charge d'affaires of {B} to protest against what the ministry called an unfriendly act.",
    "In a statement issued late at night, the presidency of {B} thanked {A} for its patience and invited {q} to {t} for the signing.",
    "The central question, whether {A} may inspect ships before they reach {t}, was left to a commission that is to report in {M}.",
    "Shopkeepers near the market of {t} kept their shutters down for a third day, fearing that the quarrel would bring new protests.",
    "Two ministers, {p} among them, had threatened to resign if the agreement went further than the mandate given by parliament.",
    "{B} had earlier put {n} {x} on alert along the coast, a step that {Q} described as routine.",
    "The arbitration panel, which sits in {t}, has never before ruled against a member of the customs union.",
    "Asked about the timetable, {q} said only that the work would take \"weeks rather than months\", and left the hall by a side door.",
    "A poll published on {d} found that {n} percent of voters in {A} want the matter settled before the election in {M}.",
    "Fishermen on both shores have long worked the same waters under an unwritten rule that nobody casts nets after sunset.",
    "The first convoy with {n} {x} reached {t} shortly before noon and was met by a small crowd waving flags of both countries.",
    "Investigators said that the fire at the depot had probably been set, but that they had no evidence of a link to {m}.",
    "The two prime ministers are expected to speak by telephone on {d}, their first conversation since the incident off {t}.",
    "Insurance companies raised their rates for the strait at once, and one shipping line said that it would sail around the cape until {M}.",
    "Former officials recall that a similar plan failed when the price of copper collapsed and {B} could no longer service its debt.",
    "In {t}, where most families have relatives on the other side, the news was received with relief and some disbelief.",
];
const QUOTES: &[&str] = &[
    "\"We have talked about {m} for longer than I have been in office, and I would like to talk about something else before I leave it,\" {p} said.",
    "\"If the {x} do not arrive by {d}, we shall have to close the school and the clinic,\" said a nurse in {t}, who asked not to be named.",
    "\"Nobody in this room wants to go back to where we were in {M},\" {q} told the delegates, to long applause.",
    "\"They promised {n} {x}, and what we have seen so far would fit on one cart,\" a farmer near {t} said with a shrug.",
];
const HEADINGS: &[&str] = &[
    "What the two sides want",
    "A long quarrel",
    "Doubts in {t}",
    "Who pays",
    "The next steps",
    "Voices from the border",
    "Pressure from parliament",
    "How it began",
    "A matter of {x}",
];
const TITLES: &[&str] = &[
    "{A} and {B} edge towards deal on {m}",
    "{A} recalls envoy as row with {B} over {m} deepens",
    "{B} offers {n} {x} to {A}",
    "Court rules for {B} in case about {m}",
    "Protest in {t} over {m} ends in arrests",
    "{p} flies to {B} to settle dispute over {m}",
    "{A} parliament suspends accord with {B}",
];

struct Cast<'a> {
    countries: [&'a str; 2],
    persons: [String; 2],
    names: [String; 2],
    matter: &'a str,
}

fn fill(frame: &str, cast: &Cast<'_>, chance: &mut Chance) -> String {
    let mut text = String::new();
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap();
        text.push_str(before);
        match slot {
            "A" => text.push_str(cast.countries[0]),
            "B" => text.push_str(cast.countries[1]),
            "P" => text.push_str(&cast.persons[0]),
            "Q" => text.push_str(&cast.persons[1]),
            "p" => text.push_str(&cast.names[0]),
            "q" => text.push_str(&cast.names[1]),
            "m" => text.push_str(cast.matter),
            "t" => text.push_str(chance.pick(TOWNS)),
            "d" => text.push_str(chance.pick(DAYS)),
            "M" => text.push_str(chance.pick(MONTHS)),
            "n" => text.push_str(&chance.range(3..900).to_string()),
            "x" => text.push_str(chance.pick(THINGS)),
            other => panic!("no slot {other}"),
        }
        rest = after;
    }
    text.push_str(rest);
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A number of different frames.
fn draw<'a>(frames: &[&'a str], number: usize, chance: &mut Chance) -> Vec<&'a str> {
    let mut left: Vec<&str> = frames.to_vec();
    (0..number.min(frames.len())).map(|_| left.swap_remove(chance.below(left.len()))).collect()
}

/// The story of a seed.
pub fn story(seed: u64) -> Story {
    let mut chance = Chance::new(seed);
    let chance = &mut chance;
    let a = chance.below(COUNTRIES.len());
    let b = (a + chance.range(1..COUNTRIES.len())) % COUNTRIES.len();
    let names: [String; 2] = std::array::from_fn(|_| chance.pick(LAST).to_owned());
    let persons = std::array::from_fn(|i| {
        let (office, first) = (chance.pick(OFFICES), chance.pick(FIRST));
        format!("{first} {}, the {office},", names[i])
    });
    let cast = Cast { countries: [COUNTRIES[a], COUNTRIES[b]], persons, names, matter: chance.pick(MATTERS) };
    let mut blocks = vec![Block::Paragraph(fill(chance.pick(LEADS), &cast, chance))];
    let number = chance.range(7..20);
    let mut frames = draw(FRAMES, number, chance).into_iter().peekable();
    let headed = chance.one_in(2);
    while frames.peek().is_some() {
        let sentences: Vec<String> =
            frames.by_ref().take(chance.range(1..4)).map(|frame| fill(frame, &cast, chance)).collect();
        blocks.push(Block::Paragraph(sentences.join(" ")));
        match chance.below(8) {
            0 | 1 => blocks.push(Block::Paragraph(fill(chance.pick(QUOTES), &cast, chance))),
            2 if headed && frames.peek().is_some() => {
                blocks.push(Block::Heading(fill(chance.pick(HEADINGS), &cast, chance)))
            }
            3 if headed => {
                let items = (0..chance.range(2..5))
                    .map(|_| fill("{n} {x} for {t} by the end of {M}.", &cast, chance))
                    .collect();
                blocks.push(Block::List(items));
            }
            4 => blocks.push(Block::Quote(fill(chance.pick(QUOTES), &cast, chance))),
            _ => {}
        }
    }
    Story {
        title: fill(chance.pick(TITLES), &cast, chance),
        byline: format!("{} {}", chance.pick(FIRST), chance.pick(LAST)),
        day: chance.range(1..29),
        minute: chance.range(300..1400),
        blocks,
    }
}

/// The text with a share of its words edited: replaced, dropped, doubled by another, or swapped with the next.
pub fn edit(text: &str, share: f64, seed: u64) -> String {
    let mut chance = Chance::new(seed);
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let edits = (words.len() as f64 * share) as usize;
    let mut places: Vec<usize> = (0..words.len()).collect();
    for step in 0..edits {
        let other = step + chance.below(places.len() - step);
        places.swap(step, other);
    }
    for &place in &places[..edits] {
        let new = chance.pick(&[THINGS, TOWNS, MONTHS, LAST].concat()).to_lowercase();
        words[place] = match chance.below(4) {
            0 => String::new(),
            1 => format!("{} {new}", words[place]),
            _ => new,
        };
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}
