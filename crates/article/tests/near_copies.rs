//! Near-copies on generated pairs: how many edits are found, how many different articles are merged.

mod support;

use entente_article::near::{Config, Fingerprint, Verdict, Window};
use jiff::Timestamp;
use support::prose;

const PAIRS: u64 = 5_000;
/// Articles in one window, each compared with all before it that share a bucket.
const ARTICLES: u64 = 2_000;

fn fingerprint(text: &str) -> Fingerprint {
    Fingerprint::of_text(text).expect("generated articles are long enough")
}

#[test]
fn edits_of_up_to_15_percent_are_found_and_different_articles_kept_apart() {
    let config = Config::default();
    let (mut found, mut merged) = (0, 0);
    let (mut closest, mut farthest) = ((0.0_f32, 0.0_f32), (1.0_f32, 1.0_f32));
    for pair in 0..PAIRS {
        let first = prose::story(2 * pair).body();
        // All shares from 1 to 15 percent in turn.
        let share = f64::from(u32::try_from(pair % 15 + 1).unwrap()) / 100.0;
        let copy = fingerprint(&prose::edit(&first, share, pair));
        let other = fingerprint(&prose::story(2 * pair + 1).body());
        let first = fingerprint(&first);
        found += u64::from(config.compare(&first, &copy).is_some());
        merged += u64::from(config.compare(&first, &other).is_some());
        let names = |other| first.name_similarity(other).unwrap_or(0.0);
        closest = (closest.0.max(first.similarity(&other)), closest.1.max(names(&other)));
        farthest = (farthest.0.min(first.similarity(&copy)), farthest.1.min(names(&copy)));
    }
    println!(
        "{PAIRS} pairs: {found} copies found, {merged} different articles merged; runs and names of the closest \
         different articles {closest:.2?}, of the farthest copies {farthest:.2?}"
    );
    assert!(found * 100 >= PAIRS * 95, "{found} of {PAIRS} copies found");
    assert!(merged * 1000 <= PAIRS * 5, "{merged} of {PAIRS} different articles merged");
}

#[test]
fn the_window_finds_copies_among_thousands_and_merges_no_others() {
    let mut window = Window::new(Config::default());
    let (mut found, mut right, mut merged) = (0, 0, 0);
    for n in 0..ARTICLES {
        let now = Timestamp::from_second(i64::try_from(n).unwrap()).unwrap();
        let verdict = window.observe(&n.to_string(), &fingerprint(&prose::story(n).body()), now);
        merged += u64::from(verdict != Verdict::New);
    }
    for n in 0..ARTICLES {
        let copy = prose::edit(&prose::story(n).body(), 0.15, n + ARTICLES);
        let now = Timestamp::from_second(i64::try_from(ARTICLES + n).unwrap()).unwrap();
        if let Verdict::CopyOf { id, .. } = window.observe(&format!("copy {n}"), &fingerprint(&copy), now) {
            found += 1;
            right += u64::from(id == n.to_string());
        }
    }
    println!(
        "{ARTICLES} articles: {merged} merged; of as many copies with 15 % edited {found} found, {right} linked to their own first"
    );
    assert!(merged * 1000 <= ARTICLES * 5, "{merged} merged");
    assert!(right * 100 >= ARTICLES * 95, "{right} linked to their own first");
}
