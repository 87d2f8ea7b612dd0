//! Share of gold actors of a records file (`records_dev.ndjson`) that the tables resolve to the right country code, by
//! the words of the actor alone: `cargo run -p entente-knowledge --example eval_records -- FILE [--misses]`.

use std::process::ExitCode;

use entente_knowledge::Knowledge;

const ORGANISATIONS: [&str; 8] = ["AFU", "ASN", "EUR", "IGO", "NATO", "NGO", "OPC", "UNO"];

fn right(gold: &str, found: &str) -> bool {
    found == gold || gold == "IGO" && ORGANISATIONS.contains(&found)
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: eval_records FILE [--misses]");
        return ExitCode::from(2);
    };
    let misses = arguments.next().is_some();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(1);
        }
    };
    let (mut all, mut good, mut silent, mut sectors, mut sector_good) = (0, 0, 0, 0, 0);
    for record in text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        for actor in ["source", "target"].iter().filter_map(|side| record[*side].as_array()).flatten() {
            let (Some(words), Some(code)) = (actor["text"].as_str(), actor["code"].as_str()) else {
                continue;
            };
            let reading = Knowledge::shared().read_actor(words, None);
            let found = reading.and_then(|reading| reading.country);
            let found = found.as_ref().map_or("-", |code| code.as_str());
            all += 1;
            good += i32::from(right(code, found));
            silent += i32::from(found == "-");
            if let Some(sector) = actor["sector"].as_str() {
                let known = reading.and_then(|reading| reading.sector).map_or("-", |sector| sector.name());
                sectors += 1;
                sector_good += i32::from(sector.starts_with(known));
                if misses && !sector.starts_with(known) {
                    println!("sector\t{sector}\t{known}\t{words}");
                }
            }
            if misses && !right(code, found) {
                println!("country\t{code}\t{found}\t{words}");
            }
        }
    }
    println!(
        "country: {good} of {all} ({:.1} %), nothing said for {silent}",
        100.0 * f64::from(good) / f64::from(all)
    );
    println!(
        "sector: {sector_good} of {sectors} ({:.1} %)",
        100.0 * f64::from(sector_good) / f64::from(sectors)
    );
    ExitCode::SUCCESS
}
