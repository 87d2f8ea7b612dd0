//! Pages in the markup of twelve common news systems.

use super::chance::Chance;
use super::clutter;
use super::prose::{Block, Story};

/// A page with what a good reader finds on it.
pub struct Page {
    pub system: &'static str,
    pub html: String,
    pub url: String,
    pub site: &'static str,
    pub story: Story,
}

type Draw = fn(&Story, &mut Chance) -> Parts;

/// What differs between the systems.
struct Parts {
    site: &'static str,
    head: String,
    body: String,
}

const SYSTEMS: [(&str, Draw); 12] = [
    ("wordpress", wordpress),
    ("gutenberg", gutenberg),
    ("drupal", drupal),
    ("arc", arc),
    ("brightspot", brightspot),
    ("react-blocks", react_blocks),
    ("stellar", stellar),
    ("testid-divs", testid_divs),
    ("dcr", dcr),
    ("blox", blox),
    ("legacy-table", legacy_table),
    ("ghost", ghost),
];

/// Sixty pages, five of each system.
pub fn pages() -> Vec<Page> {
    (0..60).map(page).collect()
}

/// Page number `n`; `n % 12` is its system.
pub fn page(n: usize) -> Page {
    let story = super::prose::story(9_000 + n as u64);
    let mut chance = Chance::new(70_000 + n as u64);
    let (system, draw) = SYSTEMS[n % SYSTEMS.len()];
    let Parts { site, head, body } = draw(&story, &mut chance);
    let url = format!("https://www.{system}.example/world/2026/01/{:02}/story-{n}", story.day);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><link rel=\"canonical\" href=\"{url}\">{head}\
         <style>.a{{color:red}}</style></head>\n<body class=\"single\">{}{body}{}</body></html>",
        clutter::consent(&mut chance, site),
        clutter::footer(site)
    );
    Page { system, html, url, site, story }
}

/// The blocks of a story, each wrapped by its system, with an interruption after some.
fn blocks(
    story: &Story,
    wrap: impl Fn(&Block) -> String,
    mut interrupt: impl FnMut(usize) -> String,
) -> String {
    story.blocks.iter().enumerate().map(|(n, block)| wrap(block) + &interrupt(n)).collect()
}

fn plain(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => format!("<p>{}</p>\n", linked(text)),
        Block::Heading(text) => format!("<h2>{text}</h2>\n"),
        Block::List(items) => {
            format!("<ul>{}</ul>\n", items.iter().map(|item| format!("<li>{item}</li>")).collect::<String>())
        }
        Block::Quote(text) => format!("<blockquote><p>{text}</p></blockquote>\n"),
    }
}

/// The first country named becomes a link, as house style has it.
fn linked(text: &str) -> String {
    match text.split_once("Peru").or_else(|| text.split_once("Kenya")) {
        Some((before, after)) => format!(
            r#"{before}<a href="/tag">{}</a>{after}"#,
            if text.contains("Peru") { "Peru" } else { "Kenya" }
        ),
        None => text.to_owned(),
    }
}

fn text_of(block: &Block) -> String {
    match block {
        Block::Paragraph(text) | Block::Heading(text) | Block::Quote(text) => text.clone(),
        Block::List(items) => items.join(" "),
    }
}

fn open_graph(story: &Story, site: &str, divider: &str) -> String {
    format!(
        r#"<title>{0} {divider} {site}</title><meta property="og:title" content="{0}"><meta property="og:type" content="article">
        <meta property="og:site_name" content="{site}"><meta name="description" content="News about {0}">"#,
        story.title
    )
}

fn json_ld(story: &Story, site: &str) -> String {
    let article = serde_json::json!({
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "datePublished": story.published_at(),
        "dateModified": "2026-01-30T10:00:00Z", "author": [{"@type": "Person", "name": story.byline}],
        "publisher": {"@type": "Organization", "name": site, "logo": {"@type": "ImageObject", "url": "https://x.example/l.png"}},
    });
    format!(r#"<script type="application/ld+json">{article}</script>"#)
}

/// "January 9, 2026 at 14:05 UTC".
fn long_date(story: &Story) -> String {
    format!("January {}, 2026 at {:02}:{:02} UTC", story.day, story.minute / 60, story.minute % 60)
}

fn wordpress(story: &Story, chance: &mut Chance) -> Parts {
    let site = "The Coast Courier";
    let middle = chance.range(1..4);
    let text = blocks(story, plain, |n| {
        if n == middle { clutter::read_more(chance) + &clutter::advert() } else { String::new() }
    });
    let body = format!(
        r#"<div id="page" class="hfeed site">{menu}<div id="content" class="site-content"><main id="main"><article id="post-412" class="post type-post status-publish category-world">
        <header class="entry-header"><h1 class="entry-title">{title}</h1><div class="entry-meta"><span class="posted-on"><time class="entry-date published" datetime="{iso}">{date}</time></span>
        <span class="byline">by <span class="author vcard"><a class="url fn n" href="/author/x">{by}</a></span></span></div></header>{figure}
        <div class="entry-content">{text}<div class="sharedaddy sd-sharing-enabled">{share}</div><div id="jp-relatedposts" class="jp-relatedposts">{related}</div></div>
        <footer class="entry-footer"><span class="tags-links">Tagged <a rel="tag">Trade</a>, <a rel="tag">Border</a></span></footer></article>{comments}</main>
        <aside id="secondary" class="widget-area"><section class="widget widget_recent_entries">{recent}</section></aside></div></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        iso = story.published_at(),
        date = long_date(story),
        by = story.byline,
        figure = clutter::figure(chance, "wp-caption aligncenter"),
        share = clutter::share(),
        related = clutter::related(chance, "jp-relatedposts-items", "Related"),
        comments = clutter::comments(chance, "comments-area"),
        recent = clutter::related(chance, "recent-posts", "Recent Posts"),
    );
    Parts { site, head: open_graph(story, site, "–"), body }
}

fn gutenberg(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Upland Monitor";
    let wrap = |block: &Block| match block {
        Block::Heading(text) => format!(r#"<h2 class="wp-block-heading">{text}</h2>"#),
        Block::Quote(text) => format!(r#"<blockquote class="wp-block-quote"><p>{text}</p></blockquote>"#),
        other => plain(other),
    };
    let middle = chance.range(2..5);
    let text = blocks(story, wrap, |n| {
        if n == middle {
            clutter::newsletter(chance, "wp-block-newspack-blocks-subscribe newsletter-signup")
        } else {
            String::new()
        }
    });
    let body = format!(
        r#"<div class="wp-site-blocks"><header class="wp-block-template-part">{menu}</header><main class="wp-block-group"><h1 class="wp-block-post-title">{title}</h1>
        <div class="wp-block-post-author-name">By {by}</div><div class="wp-block-post-date"><time datetime="{iso}">{date}</time></div>
        <figure class="wp-block-post-featured-image"><img src="/x.jpg"><figcaption class="wp-element-caption">Lorries wait in a queue near the crossing, in a picture from last winter. Credit: R. Holm</figcaption></figure>
        <div class="entry-content wp-block-post-content is-layout-flow">{text}<div class="wp-block-buttons">{share}</div></div>{author}
        <div class="wp-block-query">{related}</div></main></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        by = story.byline,
        iso = story.published_at(),
        date = long_date(story),
        share = clutter::share(),
        author = clutter::author_box(&story.byline),
        related = clutter::related(chance, "wp-block-latest-posts", "More from Upland Monitor"),
    );
    Parts { site, head: open_graph(story, site, "|") + &json_ld(story, site), body }
}

fn drupal(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Radio Inland";
    let text = blocks(story, plain, |_| String::new());
    let body = format!(
        r#"<div class="dialog-off-canvas-main-canvas"><div class="layout-container"><header role="banner">{menu}</header><main role="main"><div class="region region-content">
        <article data-history-node-id="8812" class="node node--type-article node--view-mode-full"><h1 class="page-title"><span class="field field--name-title">{title}</span></h1>
        <div class="node__meta"><span>By <span class="field--name-field-author">{by}</span></span> <span class="field--name-created">{date}</span></div>
        <div class="node__content"><div class="field field--name-field-image field--type-image">{figure}</div>
        <div class="clearfix text-formatted field field--name-body field--type-text-with-summary field__item">{text}</div>
        <div class="field field--name-field-tags"><div class="field__label">Tags</div><a href="/t/1">Diplomacy</a><a href="/t/2">Trade</a></div>{share}</div></article></div></main>
        <aside class="layout-sidebar-second"><div class="block block-views">{related}</div>{news}</aside></div></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        by = story.byline,
        date = long_date(story),
        figure = clutter::figure(chance, "media media--image"),
        share = clutter::share(),
        related = clutter::related(chance, "view-content", "Most read"),
        news = clutter::newsletter(chance, "block block-mailchimp"),
    );
    let head = format!(
        r#"{}<meta property="article:published_time" content="{}"><meta name="author" content="{}">"#,
        open_graph(story, site, "|"),
        story.published_at(),
        story.byline
    );
    Parts { site, head, body }
}

fn arc(story: &Story, chance: &mut Chance) -> Parts {
    let site = "The Metropolitan Ledger";
    let wrap = |block: &Block| match block {
        Block::Paragraph(text) => format!(
            r#"<p class="font-copy font--article-body" data-el="text" dir="null">{}</p><div class="article-body__spacer"></div>"#,
            linked(text)
        ),
        other => plain(other),
    };
    let middle = chance.range(1..5);
    let text = blocks(story, wrap, |n| {
        let cut = if n == middle {
            clutter::related(chance, "interstitial-link", "Follow this story")
        } else {
            String::new()
        };
        if n % 3 == 2 { cut + &clutter::advert() } else { cut }
    });
    let body = format!(
        r#"<div id="fusion-app"><div class="masthead">{menu}</div><main id="main"><article data-qa="main"><header><div class="kicker"><a>World</a></div><h1 data-qa="headline">{title}</h1>
        <h2 class="subheadline">The quarrel has smouldered for years. Now it could end, or flare up.</h2>{figure}<div class="byline" data-qa="author-byline">By <a data-qa="author-name" rel="author">{by}</a></div>
        <div class="display-date" data-qa="timestamp">{date}</div>{share}</header><div class="article-body" data-qa="article-body">{text}</div>
        <div class="comments-count" data-qa="comments-btn">214 Comments</div>{author}</article><div class="right-rail">{most}</div></main></div>
        <script id="fusion-metadata" type="application/javascript">window.Fusion=window.Fusion||{{}};Fusion.globalContent={{"headline":"x","text":"<p>Not this</p>"}};</script>"#,
        menu = clutter::menu(chance),
        title = story.title,
        figure = clutter::figure(chance, "lead-art"),
        by = story.byline,
        date = long_date(story),
        share = clutter::share(),
        author = clutter::author_box(&story.byline),
        most = clutter::related(chance, "most-read", "Most Read World"),
    );
    Parts { site, head: open_graph(story, site, "-") + &json_ld(story, site), body }
}

fn brightspot(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Union Press";
    let wrap = |block: &Block| match block {
        Block::Quote(text) => format!(r#"<div class="Quote"><blockquote>{text}</blockquote></div>"#),
        other => plain(other),
    };
    let middle = chance.range(2..6);
    let text = blocks(story, wrap, |n| {
        if n == middle {
            format!(
                r#"<div class="HTMLModuleEnhancement"><div class="PageListEnhancementGeneric">{}</div></div>"#,
                clutter::related(chance, "PagePromo", "Related Stories")
            )
        } else if n == 0 {
            r#"<div class="VideoEnhancement"><div class="VideoEnhancement-title">Ministers arrive for talks</div><figcaption>The two delegations arrived in the rain. (Video: Union Press)</figcaption></div>"#.to_owned()
        } else {
            String::new()
        }
    });
    let body = format!(
        r#"<div class="StoryPage"><header class="Page-header">{menu}</header><main class="Page-main"><h1 class="Page-headline">{title}</h1><div class="Page-lead">{figure}</div>
        <div class="Page-byline"><div class="Page-authors">By <a class="Link">{by}</a></div><div class="Page-dateModified">Updated <bsp-timestamp data-timestamp="1769767200000"><span>10:00 AM UTC, January 30, 2026</span></bsp-timestamp></div></div>
        <div class="Page-actions">{share}</div><div class="Page-storyBody"><div class="RichTextStoryBody RichTextBody">{text}</div></div>
        <div class="Page-below">{more}</div></main></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        figure = clutter::figure(chance, "Figure"),
        by = story.byline,
        share = clutter::share(),
        more = clutter::related(chance, "PageListRightRailA", "Most read"),
    );
    let head = format!(
        r#"{}<meta property="article:published_time" content="{}">{}"#,
        open_graph(story, site, "|"),
        story.published_at(),
        json_ld(story, site)
    );
    Parts { site, head, body }
}

fn react_blocks(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Broadcast House";
    let wrap = |block: &Block| match block {
        Block::Heading(text) => format!(
            r#"<div data-component="subheadline-block" class="ssrc-18cjaf3 exv9ff13"><h2 class="ssrc-1tl2u4i">{text}</h2></div>"#
        ),
        Block::List(_) => format!(
            r#"<div data-component="text-block" class="ssrc-7uxr49 e1m6wv930">{}</div>"#,
            plain(block)
        ),
        other => format!(
            r#"<div data-component="text-block" class="ssrc-7uxr49 e1m6wv930"><p class="ssrc-1q0x1qg e1jhz7w10">{}</p></div>"#,
            text_of(other)
        ),
    };
    let middle = chance.range(2..6);
    let text = blocks(story, wrap, |n| {
        if n == middle {
            format!(
                r#"<div data-component="links-block" class="ssrc-1x4k">{}</div>"#,
                clutter::related(chance, "ssrc-sb9g", "More on this story")
            )
        } else if n == 1 {
            r#"<div data-component="image-block"><figure class="ssrc-34n1"><div><img alt="A harbour"><span class="visually-hidden">Image source, </span>Getty Images</div><figcaption class="ssrc-y7k"><span class="visually-hidden">Image caption, </span><p>The harbour has been quiet since the ferries stopped</p></figcaption></figure></div>"#.to_owned()
        } else {
            String::new()
        }
    });
    let body = format!(
        r#"<div id="root"><header>{menu}</header><main id="main-content"><article class="ssrc-pv1rh6"><header data-component="headline-block"><h1 id="main-heading">{title}</h1></header>
        <div data-component="byline-block"><div class="ssrc-h3c"><time datetime="{iso}">{days} days ago</time></div><div class="ssrc-68pt20-Text-TextContributorName">{by}</div><div>World affairs correspondent</div>{share}</div>
        {text}<div data-component="tag-list-block"><h2>Related topics</h2><ul><li><a>Diplomacy</a></li><li><a>Borders</a></li></ul></div></article>
        <section data-component="related-stories">{related}</section><section>{top}</section></main></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        iso = story.published_at(),
        days = chance.range(2..9),
        by = story.byline,
        share = clutter::share(),
        related = clutter::related(chance, "ssrc-promo", "Related stories"),
        top = clutter::related(chance, "ssrc-top", "Top stories"),
    );
    Parts { site, head: open_graph(story, site, "-") + &json_ld(story, site), body }
}

fn stellar(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Channel Nine";
    let wrap = |block: &Block| match block {
        Block::Heading(text) => format!(r#"<h2 class="subheader" data-editable="text">{text}</h2>"#),
        Block::List(items) => format!(
            r#"<ul class="list">{}</ul>"#,
            items
                .iter()
                .map(|item| format!(r#"<li class="list__item inline-placeholder">{item}</li>"#))
                .collect::<String>()
        ),
        other => format!(
            "<p class=\"paragraph inline-placeholder vossi-paragraph\" data-uri=\"archive.example/_components/paragraph\" data-editable=\"text\">\n            {}\n    </p>",
            text_of(other)
        ),
    };
    let text = blocks(story, wrap, |n| {
        if n % 4 == 2 {
            format!(
                r#"<div class="related-content related-content--article" data-uri="x"><a class="related-content__link"><div class="related-content__image"></div><div class="related-content__headline"><span>Related article</span> {}</div></a></div>"#,
                super::prose::story(chance.next()).title
            )
        } else {
            String::new()
        }
    });
    let body = format!(
        r#"<section class="layout__wrapper">{menu}<div class="headline"><h1 class="headline__text" id="maincontent">{title}</h1><div class="headline__byline"><div class="byline__names">By <span class="byline__name">{by}</span>, Channel Nine</div>
        <div class="timestamp vossi-timestamp">Published 2:05 PM UTC, Mon January {day}, 2026</div></div></div><article class="article"><section class="article__main"><main class="article__main"><div class="image__lede">{figure}</div>
        <div class="article__content-container"><div class="article__content" itemprop="articleBody" data-editable="content"><div class="source inline-placeholder"><cite class="source__cite"><span class="source__location">Port city</span> <span class="source__text">Channel Nine</span> &nbsp;—&nbsp;</cite></div>{text}</div></div></main></section></article>
        <div class="zone__items">{zone}</div><div class="ad-feedback__modal"><h2>Ad Feedback</h2><ul><li>How relevant is this ad to you?</li><li>Video player was slow to load content</li></ul></div></section>"#,
        menu = clutter::menu(chance),
        title = story.title,
        by = story.byline,
        day = story.day,
        figure = clutter::figure(chance, "image"),
        zone = clutter::related(chance, "container__headline", "More from Channel Nine"),
    );
    Parts { site, head: open_graph(story, site, "|") + &json_ld(story, site), body }
}

fn testid_divs(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Wire Agency";
    let counter = std::cell::Cell::new(0);
    let wrap = |block: &Block| match block {
        Block::Heading(text) => format!(r#"<h2 class="text-module__heading">{text}</h2>"#),
        other => {
            counter.set(counter.get() + 1);
            format!(
                r#"<div data-testid="paragraph-{}" class="text__text__1FZLe text__dark-grey__3Ml43 article-body-module__element">{}</div>"#,
                counter.get(),
                text_of(other)
            )
        }
    };
    let middle = chance.range(3..7);
    let text = blocks(story, wrap, |n| {
        if n == middle {
            clutter::advert() + &clutter::newsletter(chance, "newsletter-module__container")
        } else {
            String::new()
        }
    });
    let body = format!(
        r#"<div id="fusion-app" class="app"><header class="site-header">{menu}</header><main><article class="article__container"><div class="article-header"><h1 data-testid="Heading">{title}</h1>
        <div class="info-content__author-date">By <a data-testid="AuthorNameLink">{by}</a><time data-testid="DateLine" datetime="{iso}"><span>January {day}, 2026</span><span>2:05 PM GMT</span><span>Updated 3 hours ago</span></time></div>{share}</div>
        <div data-testid="primary-image">{figure}</div><div data-testid="ArticleBody" class="article-body-module__content">{text}<div class="sign-off">Our Standards: <a>The Wire Agency Trust Principles.</a></div></div>
        <div class="toolbar">{topics}</div></article><div class="read-next">{next}</div></main></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        by = story.byline,
        iso = story.published_at(),
        day = story.day,
        share = clutter::share(),
        figure = clutter::figure(chance, "primary-image"),
        topics = "<span>Suggested Topics:</span><ul><li><a>World</a></li><li><a>Trade</a></li></ul>",
        next = clutter::related(chance, "read-next__item", "Read Next"),
    );
    Parts { site, head: open_graph(story, site, "|") + &json_ld(story, site), body }
}

fn dcr(story: &Story, chance: &mut Chance) -> Parts {
    let site = "The Sentinel";
    let wrap = |block: &Block| match block {
        Block::Paragraph(text) => format!(r#"<p class="dcr-130mj7b">{}</p>"#, linked(text)),
        other => plain(other),
    };
    let middle = chance.range(2..6);
    let text = blocks(story, wrap, |n| {
        if n == middle {
            format!(
                r#"<figure id="r1" class="dcr-a1"><div class="dcr-rich"><a href="/x"><div>{}</div><span>Read more</span></a></div></figure>"#,
                super::prose::story(chance.next()).title
            )
        } else if n == middle + 1 {
            r#"<aside class="dcr-pullquote"><blockquote>Nobody wants to go back to where we were</blockquote></aside>"#.to_owned()
        } else {
            String::new()
        }
    });
    let body = format!(
        r#"<section id="bannerandheader">{menu}</section><section><article class="dcr-eb59kw"><div data-gu-name="headline"><h1 class="dcr-u0152o">{title}</h1></div>
        <div data-gu-name="standfirst"><div class="dcr-1yi1cnj"><p>A settlement has been promised before, and the border towns have learned to wait.</p></div></div>
        <div data-gu-name="meta"><a rel="author" href="/profile/x">{by}</a><details><summary>Fri {day} Jan 2026 14.05 GMT</summary>Last modified on Fri 30 Jan 2026 10.00 GMT</details>{share}</div>
        <div data-gu-name="media">{figure}</div><div data-gu-name="body"><div id="maincontent" class="article-body-commercial-selector article-body-viewer-selector dcr-ucgxn1">{text}</div>
        <div class="dcr-contrib"><h2>We need your support</h2><p>Independent reporting costs money. If you can, please consider giving from just £1, and if you are able to give more, choose every month.</p></div>
        <div class="dcr-topics"><div>Explore more on these topics</div><ul><li><a>World news</a></li><li><a>news</a></li></ul></div></div></article></section><section>{most}</section>{comments}"#,
        menu = clutter::menu(chance),
        title = story.title,
        by = story.byline,
        day = story.day,
        share = clutter::share(),
        figure = clutter::figure(chance, "dcr-media"),
        most = clutter::related(chance, "dcr-mostviewed", "Most viewed"),
        comments = clutter::comments(chance, "discussion"),
    );
    let head = format!(
        r#"{}<meta property="article:published_time" content="{}"><meta property="article:author" content="https://x.example/profile/x">{}"#,
        open_graph(story, site, "|"),
        story.published_at(),
        json_ld(story, site)
    );
    Parts { site, head, body }
}

fn blox(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Valley Herald";
    let middle = chance.range(1..5);
    let text = blocks(
        story,
        |block| match block {
            Block::Paragraph(text) => format!(r#"<p dir="ltr" lang="en"><span>{text}</span></p>"#),
            other => plain(other),
        },
        |n| {
            if n == middle {
                format!(
                    r#"<div id="tncms-region-article_instory_top" class="tncms-region hidden-print">{}</div>"#,
                    clutter::newsletter(chance, "inline-newsletter tncms-block")
                )
            } else {
                String::new()
            }
        },
    );
    let body = format!(
        r#"<div id="site-container">{menu}<div id="main-body-container"><section id="main-page-container"><div class="asset-header"><h1 class="headline"><span itemprop="headline">{title}</span></h1>
        <div class="meta"><span><ul class="list-inline"><li><span class="tnt-byline" itemprop="author">By {by}</span></li><li class="hidden-print"><time datetime="{iso}" class="tnt-date asset-date">Jan {day}, 2026</time></li><li>4 min to read</li></ul></span></div>{share}</div>
        <div id="asset-content" class="asset-content subscriber-premium"><div class="asset-body"><div id="article-body" itemprop="articleBody" class="asset-content subscriber-preview">{text}</div>
        <div id="subscription-modal" class="modal"><h3>Thank you for reading!</h3><p>To continue reading, please log in with your subscription or purchase one at our service desk.</p></div></div>{author}</div>
        <div class="panel tags"><h4>Tags</h4><ul><li><a>Trade</a></li></ul></div></section><aside class="col-md-4">{popular}</aside></div></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        by = story.byline,
        iso = story.published_at(),
        day = story.day,
        share = clutter::share(),
        author = clutter::author_box(&story.byline),
        popular = clutter::related(chance, "card-list", "Most Popular"),
    );
    let head = format!(r#"{}<meta name="author" content="{}">"#, open_graph(story, site, "|"), story.byline);
    Parts { site, head, body }
}

fn legacy_table(story: &Story, chance: &mut Chance) -> Parts {
    let site = "State Bulletin";
    let text: String = story
        .blocks
        .iter()
        .map(|block| format!("&nbsp;&nbsp;&nbsp; {}<br>\n<br>\n", text_of(block)))
        .collect();
    let rows: String = (0..5)
        .map(|_| {
            format!(
                "<tr><td><font size=1>·</font></td><td><a href=n.htm>{}</a></td></tr>",
                super::prose::story(chance.next()).title
            )
        })
        .collect();
    let body = format!(
        r#"<table width=960 cellpadding=0 border=0 align=center><tr><td colspan=3 bgcolor=#003366><font color=white>Home | World | Economy | Culture | Sports | Photos | Special Reports</font></td></tr>
        <tr><td width=160 valign=top><table>{rows}</table></td><td width=600 valign=top><div align=center><font size=5><b>{title}</b></font></div>
        <div align=center><font size=2 color=#666666>www.bulletin.example &nbsp; 2026-01-{day:02} {hour:02}:{minute:02}:00 &nbsp; By {by}</font></div><hr>
        <div id="Content" class="content">{text}</div><div align=right><font size=2>(Editor: desk07)</font></div>
        <div>Share to: <a>Weibo</a> <a>Facebook</a> <a>Print</a> <a>Close</a></div></td><td width=200 valign=top><b>Hot News</b><table>{rows}</table></td></tr>
        <tr><td colspan=3 align=center><font size=1>Copyright State Bulletin. All rights reserved. Reproduction in whole or in part without permission is prohibited.</font></td></tr></table>"#,
        title = story.title,
        day = story.day,
        hour = story.minute / 60,
        minute = story.minute % 60,
        by = story.byline,
    );
    Parts { site, head: format!("<title>{} - {site}</title>", story.title), body }
}

fn ghost(story: &Story, chance: &mut Chance) -> Parts {
    let site = "Open Desk";
    let wrap = |block: &Block| match block {
        Block::Heading(text) => format!(r#"<h2 id="sub">{text}</h2>"#),
        other => plain(other),
    };
    let middle = chance.range(1..5);
    let text = blocks(story, wrap, |n| {
        if n == middle {
            r#"<div class="kg-card kg-signup-card" data-lexical-signup-form=""><div class="kg-signup-card-content"><h2>Sign up for Open Desk</h2><p>Reporting without advertisements, twice a week.</p><form><button>Subscribe</button></form><p class="kg-signup-card-disclaimer">No spam. Unsubscribe anytime.</p></div></div>"#.to_owned()
        } else if n == 0 {
            clutter::figure(chance, "kg-card kg-image-card kg-card-hascaption")
        } else {
            String::new()
        }
    });
    let body = format!(
        r#"<div class="gh-viewport"><header class="gh-navigation">{menu}</header><main class="gh-main"><article class="gh-article post"><header class="gh-article-header gh-canvas"><a class="gh-article-tag">World</a><h1 class="gh-article-title">{title}</h1>
        <div class="gh-article-meta"><h4 class="gh-article-author-name"><a href="/author/x">{by}</a></h4><div class="gh-article-meta-content"><time class="gh-article-meta-date" datetime="2026-01-{day:02}">Jan {day}, 2026</time><span class="gh-article-meta-length">5 min read</span></div></div></header>
        <section class="gh-content gh-canvas is-body">{text}</section></article>{comments}</main><section class="gh-container is-grid"><h2>Read more</h2>{feed}</section></div>"#,
        menu = clutter::menu(chance),
        title = story.title,
        by = story.byline,
        day = story.day,
        comments = clutter::comments(chance, "gh-comments gh-canvas"),
        feed = clutter::related(chance, "gh-feed gh-card", "Latest"),
    );
    Parts { site, head: open_graph(story, site, "—") + &json_ld(story, site), body }
}
