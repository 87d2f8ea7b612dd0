//! Load time and speed of the lookups over a text file: `cargo run --release -p entente-knowledge --example bench_lookup -- FILE`.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use entente_knowledge::{Knowledge, Places, time};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: bench_lookup FILE");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(1);
        }
    };
    let start = Instant::now();
    let knowledge = Knowledge::shared();
    println!("load knowledge {:?}", start.elapsed());
    let start = Instant::now();
    println!("load {} places {:?}", Places::shared().len(), start.elapsed());
    let megabytes = text.len() as f64 / 1e6;
    let start = Instant::now();
    let mut hits = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() && !before.is_alphanumeric() {
            hits += usize::from(black_box(knowledge.longest_at(&text, at)).is_some());
        }
        before = c;
    }
    println!("longest_at: {hits} hits, {:.1} MB/s", megabytes / start.elapsed().as_secs_f64());
    let start = Instant::now();
    let spans = black_box(time::find(&text)).len();
    println!("time::find: {spans} spans, {:.1} MB/s", megabytes / start.elapsed().as_secs_f64());
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in memory.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line}");
    }
    ExitCode::SUCCESS
}
