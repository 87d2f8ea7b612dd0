//! `cargo xtask eval`: coding quality on the development data, by the scorer that acceptance uses.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::run::{cargo, root, shared, step};

/// Which tier and data to score.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Tier of the coder.
    #[arg(long, default_value = "balanced")]
    accuracy: String,
    /// Show what was missed and what was false.
    #[arg(long)]
    misses: bool,
}

/// One scorer on one set of development data.
struct Task {
    name: &'static str,
    /// Mode of `score.py`.
    scorer: &'static str,
    /// Gold, in the shared folder.
    gold: &'static str,
    /// Input of the command, in the shared folder.
    input: &'static str,
    /// From a line of the input to what the command reads.
    prepare: fn(&str) -> anyhow::Result<String>,
    /// The subcommand of `entente`.
    command: &'static str,
}

const TASKS: [Task; 3] = [
    Task {
        name: "articles",
        scorer: "events",
        gold: "corpus/articles_gold.ndjson",
        input: "corpus/articles.ndjson",
        prepare: |text| Ok(text.to_owned()),
        command: "code",
    },
    Task {
        name: "records",
        scorer: "records",
        gold: "eval/records_dev.ndjson",
        input: "eval/records_dev.ndjson",
        prepare: python_records,
        command: "code",
    },
    Task {
        name: "pairs (trained on these: shows fit, not quality; cross-validation is in docs/measurements.md)",
        scorer: "pairs",
        gold: "eval/pairs_train.tsv",
        input: "eval/pairs_train.tsv",
        prepare: python_pairs,
        command: "classify",
    },
];

/// Codes the development data and prints each scorer's table.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let Some(scorer) = shared("eval/score.py") else {
        eprintln!("xtask: eval skipped: the folder ../shared/eval is not on this machine");
        return Ok(());
    };
    step("release build", &mut cargo(["build", "--release", "--quiet", "--package", "entente"]))?;
    let entente = root().join(target_dir()).join("release/entente");
    let work = root().join(target_dir()).join("eval");
    fs::create_dir_all(&work)?;
    for task in &TASKS {
        println!("== {} ({})", task.name, args.accuracy);
        score(task, args, &entente, &scorer, &work).with_context(|| task.name.to_owned())?;
    }
    Ok(())
}

fn target_dir() -> String {
    std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned())
}

fn score(task: &Task, args: &Args, entente: &Path, scorer: &Path, work: &Path) -> anyhow::Result<()> {
    let (Some(gold), Some(input)) = (shared(task.gold), shared(task.input)) else {
        println!("skipped: {} is not on this machine", task.gold);
        return Ok(());
    };
    let prepared = work.join(format!("{}.in.ndjson", task.scorer));
    let predicted = work.join(format!("{}.out.ndjson", task.scorer));
    fs::write(&prepared, (task.prepare)(&fs::read_to_string(input)?)?)?;
    let mut command = Command::new(entente);
    command.args([task.command, "--accuracy", &args.accuracy]);
    let status = command.stdin(File::open(&prepared)?).stdout(File::create(&predicted)?).status()?;
    if !status.success() {
        bail!("entente {} ended with {status}", task.command);
    }
    let mut command = Command::new("python3");
    command.arg(scorer).arg(task.scorer).arg(gold).arg(&predicted);
    if args.misses {
        match task.scorer {
            "pairs" => command.args(["--confusions", "12"]),
            _ => command.arg("--misses"),
        };
    }
    let status = command.status().context("python3 does not start")?;
    if !status.success() {
        bail!("the scorer ended with {status}");
    }
    Ok(())
}

/// Records (`{"id","text"}`) to articles, one a line.
fn python_records(text: &str) -> anyhow::Result<String> {
    convert(
        text,
        "import json,sys\nfor l in sys.stdin:\n r=json.loads(l);print(json.dumps({'id':r['id'],'body':r['text'],'published_at':r['date']}))",
    )
}

/// Pairs (tab-separated) to what `classify` reads.
fn python_pairs(text: &str) -> anyhow::Result<String> {
    convert(
        text,
        "import json,sys\nh=None\nfor l in sys.stdin:\n f=l.rstrip('\\n').split('\\t')\n if h is None: h=f;continue\n r=dict(zip(h,f));print(json.dumps({k:r[k] for k in('id','sentence','source','target')}))",
    )
}

/// The scorer needs Python anyway; it also turns the development files into input.
fn convert(text: &str, program: &str) -> anyhow::Result<String> {
    use std::io::Write;
    let mut child = Command::new("python3")
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("python3 does not start")?;
    let mut stdin = child.stdin.take().context("python3 has no input")?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    if !output.status.success() {
        bail!("python3 ended with {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}
