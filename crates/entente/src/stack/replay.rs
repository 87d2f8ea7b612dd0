//! `entente replay`: dead letters and history, run through the stack again.

use entente_messages::Stage;
use entente_stage::dead;

use super::connection::Server;
use crate::exit::Exit;

/// Run dead letters through the stack again.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    server: Server,
    /// Only what this stage gave up: `ingest`, `extract`, `enrich` or `publish`.
    #[arg(long)]
    stage: Option<Stage>,
    /// Only the dead letters with these sequence numbers.
    #[arg(long, value_name = "N")]
    sequence: Vec<u64>,
    /// Show them; replay nothing.
    #[arg(long)]
    list: bool,
}

/// Lists or replays; a dead letter leaves its stream once its original is on its way again.
pub(crate) async fn run(args: Args) -> anyhow::Result<Exit> {
    let jetstream = args.server.jetstream().await?;
    let letters = dead::list(&jetstream, args.stage).await?;
    let chosen =
        letters.iter().filter(|kept| args.sequence.is_empty() || args.sequence.contains(&kept.sequence));
    let mut count = 0_u64;
    for kept in chosen {
        println!("{}", line(kept));
        if !args.list {
            dead::replay(&jetstream, kept.sequence).await?;
        }
        count += 1;
    }
    eprintln!("entente: {count} dead letters {}", if args.list { "listed" } else { "replayed" });
    Ok(Exit::Done)
}

fn line(kept: &dead::Kept) -> String {
    let dead::Kept { sequence, letter, size } = kept;
    let article = letter.article_id.as_deref().unwrap_or("-");
    let (died, stage, times) = (letter.died_at, letter.stage, letter.deliveries);
    let error = &letter.error;
    format!("{sequence:>8}  {died}  {stage:<8}  {article}  {size} bytes  {error} ({times} deliveries)")
}
