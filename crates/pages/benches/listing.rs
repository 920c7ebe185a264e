//! Time to read a listing page, against the time to build a tree of the same page.
//!
//! `cargo bench -p bat_pages`. The pages are saved ones of the real site and stay out of the repository.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROUNDS: usize = 101;

/// Median time of a run, after a few runs to warm up.
fn median(mut run: impl FnMut()) -> Duration {
    for _ in 0..10 {
        run();
    }
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bat/pages");
    println!("{:<30} {:>8} {:>16} {:>16} {:>7}", "page", "KiB", "parse_listing", "parse_document", "ratio");
    for name in ["listing-sold.html", "listing-live.html", "listing-reserve-not-met.html"] {
        let Ok(page) = std::fs::read_to_string(folder.join(name)) else {
            println!("skipped: the saved page {name} is not at hand");
            continue;
        };
        let ours = median(|| {
            black_box(bat_pages::parse_listing(black_box(&page)));
        });
        let tree = median(|| {
            black_box(scraper::Html::parse_document(black_box(&page)));
        });
        let ratio = tree.as_secs_f64() / ours.as_secs_f64();
        println!("{name:<30} {:>8} {ours:>16.2?} {tree:>16.2?} {ratio:>6.1}x", page.len() / 1024);
    }
}
