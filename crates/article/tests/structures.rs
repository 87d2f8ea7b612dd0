//! Pages built in other ways than an article between a menu and a footer: nothing of the text is lost, and nothing around
//! it comes in.

mod support;

use entente_article::{Incoming, Limits, accept};
use jiff::Timestamp;
use support::prose::{self, Block, Story};

/// Phrases that stand in the clutter of these pages alone.
const CLUTTER: [&str; 12] = [
    "Cookie settings",
    "All rights reserved",
    "Most read today",
    "Sign in to comment",
    "Jump to navigation",
    "Quay workers strike",
    "Posts: 412",
    "Edit source",
    "Media contact",
    "Subscribe to alerts",
    "Five things to know",
    "Next thread",
];

fn body(html: &str) -> String {
    let now: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
    let incoming = Incoming::new(html.as_bytes(), now)
        .with_content_type("text/html")
        .with_url("https://outlet.example/a/1");
    accept(&incoming, &Limits::default()).unwrap_or_else(|error| panic!("{error}")).article.body
}

fn paragraphs(story: &Story) -> Vec<String> {
    let text = |block: &Block| match block {
        Block::Paragraph(text) | Block::Quote(text) => Some(text.clone()),
        Block::Heading(_) | Block::List(_) => None,
    };
    story.blocks.iter().filter_map(text).collect()
}

/// Each paragraph must be there, no clutter may be, and little else.
fn check(name: &str, html: &str, expected: &[String]) -> Vec<String> {
    let body = body(html);
    if std::env::var_os("SHOW").is_some_and(|shown| shown == name) {
        println!("--- {name}\n{body}\n");
    }
    let mut wrong = Vec::new();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = plain(&body);
    for paragraph in expected {
        let words = plain(paragraph);
        // The dateline is split off the first one.
        let tail = &words[words.len() / 3..];
        let tail = tail.split_once(' ').map_or(tail, |(_, rest)| rest);
        if !found.contains(tail) {
            wrong.push(format!("{name}: lost {words:?}"));
        }
    }
    wrong.extend(
        CLUTTER
            .iter()
            .filter(|clutter| body.contains(**clutter))
            .map(|clutter| format!("{name}: added {clutter:?}")),
    );
    wrong
}

fn p(paragraphs: &[String]) -> String {
    paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect()
}

fn amp(story: &Story) -> String {
    format!(
        r##"<!doctype html><html amp lang="en"><head><meta charset="utf-8"><title>{t}</title><script async src="https://cdn.example/v0.js"></script>
        <style amp-custom>p{{margin:0}}</style></head><body><amp-sidebar id="s"><ul><li>Home</li><li>World</li></ul></amp-sidebar>
        <header><amp-img src="l.png"></amp-img><a href="#n">Jump to navigation</a></header><main><article><h1>{t}</h1><amp-img src="x.jpg" alt="Harbour"></amp-img>
        <div class="amp-body">{text}<amp-ad type="x">Subscribe to alerts</amp-ad></div></article>
        <amp-accordion><section><h4>Most read today</h4><p>Quay workers strike again over pay in the north</p></section></amp-accordion></main>
        <amp-consent id="c">Cookie settings</amp-consent><footer>All rights reserved</footer></body></html>"##,
        t = story.title,
        text = p(&paragraphs(story))
    )
}

fn portal(story: &Story) -> String {
    let teasers: String = (0..25)
        .map(|n| format!("<div class=teaser><h3><a href=/t/{n}>Quay workers strike over pay in town {n}</a></h3><p>The union said on Monday that it had been left no choice by the owners of dock {n}.</p></div>"))
        .collect();
    format!(
        "<html><head><title>{t}</title></head><body><div class=page><div class=left-rail>{teasers}</div><div class=story><h1>{t}</h1>{text}</div>\
         <div class=bottom-list><h2>Most read today</h2>{teasers}</div></div><div id=footer>All rights reserved</div></body></html>",
        t = story.title,
        text = p(&paragraphs(story))
    )
}

fn press_release(story: &Story) -> String {
    format!(
        "<html><head><title>{t}</title></head><body><table width=100% border=0><tr><td bgcolor=#003366><a href=/>Home</a> | <a href=/press>Press</a></td></tr></table>\
         <table width=760><tr><td width=160 valign=top><a href=/1>Ministers</a><br><a href=/2>Treaties</a><br><a href=/3>Subscribe to alerts</a></td>\
         <td valign=top><font face=Arial size=4><b>{t}</b></font><br><br><font face=Arial size=2>{text}</font></td></tr></table>\
         <center><font size=1>All rights reserved</font></center></body></html>",
        t = story.title,
        text = paragraphs(story).join("<br><br>\n")
    )
}

fn wiki(story: &Story) -> String {
    format!(
        r##"<html><head><title>{t} - Newswiki</title></head><body class="mediawiki"><div id="mw-navigation"><a href="#">Jump to navigation</a></div>
        <div id="content" class="mw-body"><h1 id="firstHeading">{t}</h1><div id="bodyContent"><div id="mw-content-text"><div class="mw-parser-output">{text}
        <h2><span class="mw-headline">Sources</span><span class="mw-editsection">[<a>Edit source</a>]</span></h2></div></div>
        <div id="catlinks">Categories: Trade, Border</div></div></div><div id="footer">All rights reserved</div></body></html>"##,
        t = story.title,
        text = p(&paragraphs(story))
    )
}

fn live_blog(story: &Story) -> String {
    let entries: String = paragraphs(story)
        .iter()
        .enumerate()
        .map(|(n, text)| format!("<article class=\"block liveblog-entry\" id=\"b{n}\"><time>1{n}:05</time><div class=\"block-elements\"><p>{text}</p></div></article>"))
        .collect();
    format!(
        "<html><head><title>{t}</title><meta property=og:type content=article></head><body><nav><a href=/>Jump to navigation</a></nav><main><h1>{t}</h1>\
         <div class=\"live-blog\">{entries}</div></main><aside><h2>Most read today</h2><a href=/x>Five things to know</a></aside><footer>All rights reserved</footer></body></html>",
        t = story.title
    )
}

fn div_soup(story: &Story) -> String {
    let text: String = paragraphs(story)
        .iter()
        .map(|text| format!("<div class=\"css-1x2y3z\"><span>{text}</span></div>"))
        .collect();
    format!(
        "<html><head><title>{t}</title></head><body><div id=root><div class=css-a1><a href=/>Home</a><a href=/w>World</a></div><div class=css-b2><div class=css-c3><div class=css-h1>{t}</div>\
         {text}</div><div class=css-d4><div><a href=/1>Quay workers strike over pay</a></div><div><a href=/2>Five things to know</a></div></div></div><div class=css-e5>Cookie settings</div></div></body></html>",
        t = story.title
    )
}

fn comments(story: &Story) -> String {
    let replies: String = (0..30)
        .map(|n| format!("<li class=comment><div class=comment-author>reader{n}</div><div class=comment-body><p>I do not believe a word of what number {n} says, and nobody in my street does either. Sign in to comment</p></div></li>"))
        .collect();
    format!(
        "<html><head><title>{t}</title></head><body><header><nav>Jump to navigation</nav></header><article class=post><h1>{t}</h1><div class=post-body>{text}</div></article>\
         <section id=comments class=comments-area><h2>30 thoughts</h2><ol class=comment-list>{replies}</ol></section><footer>All rights reserved</footer></body></html>",
        t = story.title,
        text = p(&paragraphs(story))
    )
}

#[test]
fn nothing_is_lost_and_nothing_added() {
    type Draw = fn(&Story) -> String;
    let kinds: [(&str, Draw); 7] = [
        ("amp", amp),
        ("portal", portal),
        ("press release", press_release),
        ("wiki", wiki),
        ("live blog", live_blog),
        ("div soup", div_soup),
        ("comments", comments),
    ];
    let mut wrong = Vec::new();
    for (name, draw) in kinds {
        for seed in 0..6 {
            let story = prose::story(40_000 + seed);
            wrong.extend(check(name, &draw(&story), &paragraphs(&story)));
        }
    }
    println!("{} faults\n{}", wrong.len(), wrong.join("\n"));
    assert!(wrong.is_empty());
}
