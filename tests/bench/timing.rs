//! The stop-watch of the benches: the median of several runs, a line of a Markdown table each.

use std::time::{Duration, Instant};

/// Runs of each thing that is measured, after one that warms the caches up.
const RUNS: usize = 5;

/// Begins a table.
pub(crate) fn begin(title: &str) {
    println!("\n{title}\n\n| what | median | rate | found |\n| --- | --- | --- | --- |");
}

/// Measures `once`, which works through so many bytes and says how much it found.
pub(crate) fn measure(name: &str, bytes: usize, mut once: impl FnMut() -> u64) {
    let found = once();
    let mut times: Vec<Duration> = (0..RUNS).map(|_| timed(&mut once)).collect();
    times.sort_unstable();
    let median = times[RUNS / 2];
    let rate = bytes as f64 / 1e6 / median.as_secs_f64();
    println!("| {name} | {:.1} ms | {rate:.0} MB/s | {found} |", median.as_secs_f64() * 1e3);
}

fn timed(once: &mut impl FnMut() -> u64) -> Duration {
    let start = Instant::now();
    std::hint::black_box(once());
    start.elapsed()
}
