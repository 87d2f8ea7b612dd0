//! What surrounds an article on a page: banners, menus, teasers, captions, share bars, comments.

use super::chance::Chance;
use super::prose;

/// A consent banner of one of the common vendors.
pub fn consent(chance: &mut Chance, site: &str) -> String {
    match chance.below(4) {
        0 => format!(
            r#"<div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk" class="otFlat bottom" role="region"><h2>We value your privacy</h2>
            <p>{site} and our 812 partners store and access information on a device, such as cookies, and process personal data. You may click to
            consent to our processing as described above, or change your preferences at any time.</p><button>Accept all</button><button>Manage preferences</button></div></div>"#
        ),
        1 => r##"<div id="didomi-host"><div class="didomi-popup-view"><span>With your agreement, we and our partners use cookies or similar
            technologies to store, access, and process personal data like your visit on this website. You can withdraw your consent.</span>
            <a href="#">Learn more</a><button>Agree and close</button></div></div>"##.to_owned(),
        2 => r#"<div id="CybotCookiebotDialog" class="cookie-banner"><p>This website uses cookies to personalise content and ads, to provide social
            media features and to analyse our traffic. We also share information about your use of our site.</p></div>"#.to_owned(),
        _ => r#"<div class="cc-window cc-banner" role="dialog" aria-label="cookieconsent"><span class="cc-message">This website uses cookies to ensure
            you get the best experience.</span><a class="cc-btn cc-dismiss">Got it!</a></div>"#.to_owned(),
    }
}

/// A navigation menu of sections.
pub fn menu(chance: &mut Chance) -> String {
    const SECTIONS: [&str; 14] = [
        "World",
        "Politics",
        "Business",
        "Opinion",
        "Sport",
        "Culture",
        "Weather",
        "Podcasts",
        "Science",
        "Health",
        "Travel",
        "Video",
        "Elections 2026",
        "Climate",
    ];
    let items: String = (0..chance.range(8..14))
        .map(|n| format!(r#"<li><a href="/s/{n}">{}</a></li>"#, SECTIONS[n]))
        .collect();
    format!(
        r##"<nav class="main-menu" aria-label="Main"><ul>{items}</ul></nav><a class="skip" href="#main">Skip to content</a>"##
    )
}

/// Headlines of other stories.
fn headlines(chance: &mut Chance, number: usize) -> Vec<String> {
    (0..number).map(|_| prose::story(chance.next()).title).collect()
}

/// A block of teasers with the class names of its system.
pub fn related(chance: &mut Chance, class: &str, heading: &str) -> String {
    let number = chance.range(3..6);
    let items: String = headlines(chance, number)
        .iter()
        .enumerate()
        .map(|(n, title)| format!(r#"<li class="{class}__item"><a href="/news/{n}"><img src="/i/{n}.jpg" alt="">{title}</a></li>"#))
        .collect();
    format!(r#"<div class="{class}"><h3>{heading}</h3><ul>{items}</ul></div>"#)
}

/// A line in the middle of the text that points to another story.
pub fn read_more(chance: &mut Chance) -> String {
    let title = headlines(chance, 1).remove(0);
    match chance.below(4) {
        0 => format!(r#"<p><strong>Read more:</strong> <a href="/x">{title}</a></p>"#),
        1 => format!(r#"<p><a href="/x"><em>READ ALSO: {title}</em></a></p>"#),
        2 => format!(r#"<p>&gt;&gt; <a href="/x">{title}</a></p>"#),
        _ => format!(r#"<p><b>Also read | <a href="/x">{title}</a></b></p>"#),
    }
}

/// A picture with caption and credit.
pub fn figure(chance: &mut Chance, class: &str) -> String {
    let (person, place) = (
        chance.pick(&["A guard", "A trawler", "Delegates", "Women with banners"]),
        chance.pick(&["at the pier", "before the talks", "in the rain"]),
    );
    format!(
        r#"<figure class="{class}"><img src="/p.jpg" alt="{person} {place}, file photo" loading="lazy"><figcaption><span class="caption">{person} {place} on an
        undated picture released by the ministry.</span> <span class="credit">Photograph: M. Lind/Pressebild</span></figcaption></figure>"#
    )
}

/// Buttons to share the article.
pub fn share() -> String {
    r##"<div class="share-bar social-share"><span>Share</span><ul><li><a href="#fb">Share on Facebook</a></li><li><a href="#x">Share on X</a></li>
    <li><a href="#wa">WhatsApp</a></li><li><a href="#mail">Email</a></li><li><button>Copy link</button></li></ul></div>"##
        .to_owned()
}

/// A form that asks for the reader's address.
pub fn newsletter(chance: &mut Chance, class: &str) -> String {
    let words = chance.pick(&[
        "Sign up for our morning briefing and get the stories that matter in your inbox every day.",
        "Get our best reporting first. Subscribe to the World in Focus newsletter, free of charge.",
        "Never miss a story. Enter your email address below to receive alerts from our reporters.",
    ]);
    format!(
        r#"<aside class="{class}"><h4>Newsletter</h4><p>{words}</p><form action="/subscribe"><label>Email<input type="email" placeholder="Your email"></label>
        <button>Sign up</button></form><small>By signing up you agree to our terms of use and privacy policy.</small></aside>"#
    )
}

/// An advertising slot.
pub fn advert() -> String {
    r#"<div class="ad-slot advertisement" id="div-gpt-ad-1"><span class="ad-label">Advertisement</span><script>googletag.cmd.push(function(){googletag.display('x')});</script></div>"#.to_owned()
}

/// Comments of readers, some long.
pub fn comments(chance: &mut Chance, class: &str) -> String {
    let texts = [
        "I have lived near that border all my life and nothing ever changes, they sign papers and then the lorries stand there again.",
        "Why does nobody ask who profits? Follow the money and you will know why these talks never end, it has been like that for twenty years.",
        "Good article, thank you. The part about the harbour was new to me.",
        "Finally some sense. Let us hope that they keep their word this time, although I would not bet my house on it.",
    ];
    let items: String = (0..chance.range(2..6))
        .map(|n| format!(r#"<li class="comment" id="comment-{n}"><div class="comment-author">reader{n}</div><div class="comment-content"><p>{}</p></div><a class="reply">Reply</a></li>"#, chance.pick(&texts)))
        .collect();
    format!(
        r#"<section id="comments" class="{class}"><h2>Comments</h2><ol class="comment-list">{items}</ol></section>"#
    )
}

/// The end of the page.
pub fn footer(site: &str) -> String {
    format!(
        r#"<footer class="site-footer"><ul><li><a>About us</a></li><li><a>Contact</a></li><li><a>Terms of use</a></li><li><a>Privacy policy</a></li></ul>
        <p>© 2026 {site}. All rights reserved. No part of this site may be reproduced without written permission of the publisher.</p></footer>
        <script>window.dataLayer=window.dataLayer||[];function gtag(){{dataLayer.push(arguments)}}</script>"#
    )
}

/// Words about the author below the text.
pub fn author_box(name: &str) -> String {
    format!(
        r#"<div class="author-bio"><img src="/a.jpg" alt=""><h4>{name}</h4><p>{name} covers diplomacy and trade and has reported from more than twenty
        countries. Before joining the paper, {name} worked for a radio station.</p></div>"#
    )
}
