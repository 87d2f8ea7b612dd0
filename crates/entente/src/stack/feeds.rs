//! `entente feeds`: what the feeds of `feeds.toml` give, and how they stand.

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use comfy_table::{Table, presets};
use entente_feeds::{Checked, FeedSettings, Fetcher, Settings, check, store::Store};
use futures::StreamExt;

use super::connection::Server;
use crate::exit::Exit;

/// Feeds asked at the same time.
const AT_ONCE: usize = 8;

/// Look at feeds.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Fetch each feed and its newest article, and say what it gives or what is wrong.
    Check(CheckArgs),
    /// How the feeds stand in a running stack.
    Status(StatusArgs),
}

#[derive(clap::Args)]
struct CheckArgs {
    /// Feeds to look at instead of those in the file.
    urls: Vec<String>,
    /// The file of feeds; of it also come the rules of fetching.
    #[arg(long, value_name = "FILE", default_value = "config/feeds.toml")]
    file: PathBuf,
}

#[derive(clap::Args)]
struct StatusArgs {
    #[command(flatten)]
    server: Server,
    /// The file of feeds.
    #[arg(long, value_name = "FILE", default_value = "config/feeds.toml")]
    file: PathBuf,
}

/// Wrong where a feed gives nothing, or fails at present.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    match args.command {
        Command::Check(args) => checked(args).await,
        Command::Status(args) => status(args).await,
    }
}

async fn checked(args: CheckArgs) -> anyhow::Result<Exit> {
    let mut settings = if args.urls.is_empty() || args.file.exists() {
        Settings::load(&args.file)?
    } else {
        Settings::default()
    };
    if !args.urls.is_empty() {
        settings.feed = args.urls.into_iter().map(FeedSettings::of_url).collect();
    }
    anyhow::ensure!(
        !settings.feed.is_empty(),
        "{} lists no feed; name some, or add [[feed]] blocks",
        args.file.display()
    );
    let fetcher = Fetcher::new(settings.fetch).map_err(|error| anyhow!("no HTTP client: {error}"))?;
    let fetcher = &fetcher;
    let asked = settings.feed.iter().map(|feed| async move { (feed, check(fetcher, feed).await) });
    let answers: Vec<_> = futures::stream::iter(asked).buffered(AT_ONCE).collect().await;
    let mut exit = Exit::Done;
    for (feed, answer) in answers {
        match answer {
            Ok(checked) => {
                let said = describe(&checked);
                let bad = checked.items == 0 || matches!(checked.sample, Some(Err(_)));
                println!("{} {}\n      {said}", if bad { "WRONG" } else { "ok   " }, feed.url);
                exit = if bad { Exit::Wrong } else { exit };
            }
            Err(reason) => {
                println!("WRONG {}\n      {reason}", feed.url);
                exit = Exit::Wrong;
            }
        }
    }
    Ok(exit)
}

fn describe(checked: &Checked) -> String {
    let mut parts = vec![
        checked.title.clone().unwrap_or_else(|| "no title".to_owned()),
        checked.language.clone().unwrap_or_else(|| "no language".to_owned()),
        format!("{} items, {} with full text", checked.items, checked.full_text),
    ];
    parts.extend(checked.newest.map(|at| format!("newest {at}")));
    parts.push(
        if checked.conditional { "conditional requests" } else { "no conditional requests" }.to_owned(),
    );
    parts.extend(checked.moved_to.as_ref().map(|to| format!("has moved to {to}")));
    parts.extend(checked.sample.as_ref().map(|sample| match sample {
        Ok(words) => format!("newest article: {words} words"),
        Err(reason) => format!("newest article: {reason}"),
    }));
    parts.join("; ")
}

async fn status(args: StatusArgs) -> anyhow::Result<Exit> {
    let settings = Settings::load(&args.file)?;
    let jetstream = args.server.jetstream().await?;
    let store = Store::open_existing(&jetstream).await.context("no feed has been polled there yet")?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["feed", "published", "given up", "waiting", "failures", "next", "last error"]);
    let mut exit = Exit::Done;
    for feed in &settings.feed {
        let (state, _) = store.load(&feed.url).await?;
        if state.failures > 0 {
            exit = Exit::Wrong;
        }
        table.add_row([
            feed.url.clone(),
            state.published.to_string(),
            state.given_up.to_string(),
            state.pending.len().to_string(),
            state.failures.to_string(),
            state.next_at.map_or_else(|| "now".to_owned(), |at| at.to_string()),
            state.last_error.unwrap_or_default(),
        ]);
    }
    println!("{table}");
    Ok(exit)
}
