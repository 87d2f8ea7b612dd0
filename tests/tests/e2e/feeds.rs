//! Forty feeds and four hundred pages, two replicas, one killed and one restarted: every good article once, every bad
//! one told.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Result, ensure};
use entente_feeds::store::Store;
use entente_messages::{Article, Stage};
use entente_stage::topology::{StreamName, stream};
use entente_tests::outlets::{self, End, Fate, Outlets};
use entente_tests::{Stack, public, until};
use entente_testserver::Options;

const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn every_good_article_comes_once_and_every_bad_one_is_told() -> Result<()> {
    let web = Outlets::start().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("feeds.toml");
    std::fs::write(&file, web.settings())?;
    let mut stack =
        Stack::server_only(Options::default(), &[("ingest.feeds_file", &file.display().to_string())])?;
    stack.start_service(Stage::Ingest)?;
    stack.wait_until_ready().await?;
    stack.start_service(Stage::Ingest)?;
    let jetstream = stack.jetstream().await?;
    let accepted = async || public::count(&jetstream, StreamName::Accepted).await.unwrap_or(0);

    ensure!(until(PATIENCE, async || accepted().await >= 60).await, "few articles come: {}", stack.logs());
    stack.kill_and_restart(Stage::Ingest)?;
    ensure!(until(PATIENCE, async || accepted().await >= 130).await, "few articles come: {}", stack.logs());
    let mut stopping = stack.take(Stage::Ingest)?;
    stopping.signal("TERM")?;
    ensure!(stopping.wait(PATIENCE)?.success(), "does not stop cleanly: {}", stopping.log());
    stack.start_service(Stage::Ingest)?;

    let ends = web.ends();
    let good: BTreeMap<&str, &str> = ends
        .iter()
        .filter_map(|end| match end {
            End::Article { id, mark } => Some((id.as_str(), mark.as_str())),
            End::Rejected { .. } => None,
        })
        .collect();
    let bad: BTreeSet<(&str, &str)> = ends
        .iter()
        .filter_map(|end| match end {
            End::Rejected { code, url } => Some((url.as_str(), *code)),
            End::Article { .. } => None,
        })
        .collect();
    let told = async || public::rejections(&jetstream).await.map(|all| all.len()).unwrap_or(0);
    let complete =
        until(PATIENCE, async || accepted().await >= good.len() as u64 && told().await >= bad.len()).await;
    ensure!(
        complete,
        "{} of {} articles, {} of {} rejections: {}",
        accepted().await,
        good.len(),
        told().await,
        bad.len(),
        stack.logs()
    );
    // Two more rounds of polls must bring nothing.
    let polls = web.requests(0, "/feed").len();
    ensure!(
        until(PATIENCE, async || web.requests(0, "/feed").len() >= polls + 2).await,
        "no more polls: {}",
        stack.logs()
    );

    check_articles(&jetstream, &good).await?;
    let found: Vec<_> =
        public::rejections(&jetstream).await?.into_iter().map(|r| (r.excerpt, r.code)).collect();
    let found_set: BTreeSet<(&str, &str)> =
        found.iter().map(|(url, code)| (url.as_str(), code.as_str())).collect();
    assert_eq!(found_set, bad);
    assert_eq!(found.len(), bad.len(), "each bad page is told once");
    check_server_log(&web);
    check_feeds(&web, &jetstream).await
}

async fn check_articles(
    jetstream: &async_nats::jetstream::Context,
    good: &BTreeMap<&str, &str>,
) -> Result<()> {
    // A queue can not be read by a consumer beside its own.
    let queue = stream(jetstream, StreamName::Accepted).await?;
    let state = queue.cached_info().state.clone();
    let mut ids = BTreeSet::new();
    for sequence in state.first_sequence..=state.last_sequence {
        let message = queue.get_raw_message(sequence).await?;
        let article: Article = serde_json::from_slice(&message.payload)?;
        let mark = good.get(article.id.as_str());
        assert!(
            mark.is_some_and(|mark| article.body.contains(*mark)),
            "{} {mark:?} {}",
            article.id,
            article.body
        );
        assert!(ids.insert(article.id.clone()), "{} came twice", article.id);
    }
    assert_eq!(ids.len(), good.len());
    Ok(())
}

fn check_server_log(web: &Outlets) {
    // Unchanged feeds are not sent again, and never by two replicas at once.
    for outlet in (0..30).filter(|outlet| outlets::fate(*outlet) == Fate::Read) {
        let polls = web.requests(outlet, "/feed");
        assert!(polls.iter().skip(1).any(|poll| poll.conditional && poll.status == 304), "{polls:?}");
        assert!(polls.iter().filter(|poll| poll.status == 200).count() <= 2, "{polls:?}");
    }
    // A feed that asks to wait is given the time, and one that fails is asked less and less often.
    for outlet in [30, 39] {
        let polls = web.requests(outlet, "/feed");
        let refused = polls.iter().take_while(|poll| poll.status >= 400).count();
        assert!(
            outlets::shortest_gap(&polls[..=refused]).is_some_and(|gap| gap >= Duration::from_secs(1)),
            "{polls:?}"
        );
    }
    let failing = web.requests(31, "/feed");
    for (n, pair) in failing.windows(2).enumerate() {
        let least = Duration::from_millis(100) * 2_u32.pow(u32::try_from(n).unwrap_or(9).min(9));
        assert!(pair[1].at - pair[0].at >= least, "wait {n} is shorter than {least:?}");
    }
    assert_eq!(web.requests(33, "/feed").len(), 1, "the new address is remembered");
    assert!(web.requests(38, "/feed").is_empty(), "robots.txt is obeyed");
    // A killed replica may fetch the page that it had in hand again, of each feed under way.
    let pages = outlets::counts(&web.seen());
    let twice = pages.iter().filter(|((outlet, path), count)| {
        path.starts_with("/page/") && **count > 1 && !retried(*outlet, path)
    });
    assert!(twice.count() <= 16, "{pages:?}");
}

/// Pages that fail at first, or for a time, are asked for again.
fn retried(outlet: usize, path: &str) -> bool {
    (outlet % 5 == 4 && path == "/page/9")
        || (outlet.is_multiple_of(10) && path == "/page/7")
        || (outlet % 5 == 1 && path == "/page/7")
}

async fn check_feeds(web: &Outlets, jetstream: &async_nats::jetstream::Context) -> Result<()> {
    let store = Store::open_existing(jetstream).await?;
    for outlet in 0..outlets::OUTLETS {
        let (state, _) = store.load(&web.feed(outlet)).await?;
        match outlets::fate(outlet) {
            Fate::Read => assert!(state.pending.is_empty() && state.published > 0, "{outlet}: {state:?}"),
            Fate::Fails(reason) => {
                let said = state.last_error.unwrap_or_default();
                assert!(
                    said.contains(reason) && state.next_at.is_some(),
                    "{outlet}: {said:?}, not {reason:?}"
                );
            }
        }
    }
    Ok(())
}
