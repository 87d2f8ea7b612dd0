//! Reads files as `entente read` does: `cargo run -p entente-article --example read -- FILE... [--url URL]`.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Write};

use entente_article::read::{Options, Record, articles};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let url = args
        .iter()
        .position(|arg| arg == "--url")
        .map(|at| args.drain(at..at + 2).nth(1).unwrap_or_default());
    let mut out = std::io::stdout().lock();
    for name in args {
        let mut options = Options::new(jiff::Timestamp::now());
        options.url.clone_from(&url);
        options.name = Some(name.clone());
        for item in articles(BufReader::new(File::open(&name)?), options) {
            match item {
                Ok(accepted) => writeln!(out, "{}", serde_json::to_string(&Record::from(&accepted))?)?,
                Err(error) => eprintln!("{name}: {error}"),
            }
        }
    }
    Ok(())
}
