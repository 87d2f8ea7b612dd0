//! Analyses texts, one a line of a file, several times over, and prints the best rate.
//!
//! `speed FILE [MODEL]`; printed are the time to load the model, and words and sentences a second of the best of five
//! rounds with one call for each text and with one call for all texts, and the peak of resident memory.

use std::time::Instant;

use entente_language::Analyzer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(arguments.get(1).ok_or("which file?")?)?;
    let texts: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let start = Instant::now();
    let owned;
    let analyzer = match arguments.get(2) {
        Some(path) => {
            owned = Analyzer::from_static(Box::leak(std::fs::read(path)?.into_boxed_slice()))?;
            &owned
        }
        None => Analyzer::shared(),
    };
    println!("load_ms {:.1}", start.elapsed().as_secs_f64() * 1e3);
    let joined = texts.join("\n\n");
    for (name, inputs) in [("single", &texts[..]), ("joined", &[joined.as_str()][..])] {
        let mut best: f64 = 0.0;
        let mut words = 0;
        for _ in 0..5 {
            let start = seconds();
            words = 0;
            for text in inputs {
                words += analyzer.analyze(text).sentences.iter().map(|s| s.tokens.len()).sum::<usize>();
            }
            best = best.max(words as f64 / (seconds() - start));
        }
        println!("{name}_words_per_second {best:.0}");
        println!("{name}_sentences_per_second {:.0}", best * texts.len() as f64 / words as f64);
    }
    println!("peak_mb {:.1}", peak_memory());
    Ok(())
}

/// Seconds that this thread has computed, where the system tells (Linux); others' work on the same core does not count.
fn seconds() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = statistics.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |n| n / 1e9)
}

/// Peak resident memory in MB where the system tells (Linux), else 0.
fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
