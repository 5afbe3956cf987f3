//! Measures this parser against the reference parser: the same dump, the levels in turns within one run, user CPU time,
//! the median of several runs. Prints a Markdown table.
//!
//! `cargo run --release [-- [--runs N] [--programs OURS REFERENCE] [FILE]]`; without FILE on 100 MB of made-up traffic.

mod levels;
#[path = "../../bench/traffic.rs"]
mod traffic;

use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use levels::{Level, Tally};
use nix::sys::resource::{UsageWho, getrusage};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Bytes of a dump that is made up.
const MADE_UP_LEN: usize = 100 << 20;

/// What was asked for.
struct Plan {
    file: PathBuf,
    runs: usize,
    /// The programs to compare too: this one, the reference's.
    programs: Option<(OsString, OsString)>,
}

fn main() -> Result<()> {
    let plan = plan(std::env::args_os().skip(1))?;
    let len = std::fs::metadata(&plan.file)?.len() as f64 / 1e6;
    println!("{len:.0} MB, median of {} runs in turns, user CPU time\n", plan.runs);
    if let Some((ours, _)) = &plan.programs {
        println!("Peak memory of our program in the modes below: {:.1} MB\n", peak_memory(ours, &plan.file)?);
    }
    println!("| what | ours | reference | ratio | ours MB/s |\n| --- | --- | --- | --- | --- |");
    for level in &levels::LEVELS {
        let pair = in_turns(plan.runs, || measure(level, &plan.file))?;
        print_row(level.name, pair, len);
    }
    if let Some((ours, reference)) = &plan.programs {
        for (name, options) in PROGRAM_RUNS {
            let pair = in_turns(plan.runs, || {
                Ok((run(ours, options, &plan.file)?, run(reference, options, &plan.file)?))
            })?;
            print_row(name, pair, len);
        }
    }
    Ok(())
}

/// What both programs understand.
const PROGRAM_RUNS: [(&str, &[&str]); 5] = [
    ("`--stats --all-methods`", &["--stats", "--all-methods"]),
    ("summary", &["--all-methods"]),
    ("`--full`", &["--full", "--all-methods"]),
    ("`-g LITERAL`", &["--all-methods", "-g", "no such text anywhere"]),
    ("`-m INVITE`", &["-m", "INVITE"]),
];

fn plan(mut args: impl Iterator<Item = OsString>) -> Result<Plan> {
    let (mut file, mut runs, mut programs) = (None, 7, None);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{} wants a value", arg.display()));
        match arg.to_str() {
            Some("--runs") => runs = value()?.to_str().ok_or("--runs wants a number")?.parse()?,
            Some("--programs") => programs = Some((value()?, value()?)),
            _ => file = Some(PathBuf::from(arg)),
        }
    }
    let file = match file {
        Some(file) => file,
        None => made_up()?,
    };
    Ok(Plan { file, runs, programs })
}

/// A dump in the directory for temporary files, kept for the next run.
fn made_up() -> Result<PathBuf> {
    let file = std::env::temp_dir().join(format!("sofiatui-traffic-{MADE_UP_LEN}.dump"));
    if !file.exists() {
        std::fs::write(&file, traffic::dump(MADE_UP_LEN, 42))?;
    }
    Ok(file)
}

/// Times of one run of both.
type Pair = (Duration, Duration);

/// The medians of pairs of runs, after one that warms the caches up.
fn in_turns(runs: usize, mut once: impl FnMut() -> Result<Pair>) -> Result<Pair> {
    once()?;
    let pairs: Vec<Pair> = (0..runs).map(|_| once()).collect::<Result<_>>()?;
    let (ours, theirs): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    Ok((median(ours), median(theirs)))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn measure(level: &Level, file: &Path) -> Result<Pair> {
    let (ours, our_tally) = timed(level.ours, file)?;
    let (theirs, their_tally) = timed(level.reference, file)?;
    if our_tally.bytes < their_tally.bytes {
        return Err(format!("{}: {our_tally:?}, the reference {their_tally:?}", level.name).into());
    }
    Ok((ours, theirs))
}

fn timed(read: levels::Read, file: &Path) -> Result<(Duration, Tally)> {
    let before = user_time(UsageWho::RUSAGE_SELF)?;
    let tally = read(file)?;
    Ok((user_time(UsageWho::RUSAGE_SELF)?.saturating_sub(before), tally))
}

/// The most memory that the program takes in any of its modes, in MB. To be asked before any other program ran.
fn peak_memory(program: &OsString, file: &Path) -> Result<f64> {
    for (_, options) in PROGRAM_RUNS {
        run(program, options, file)?;
    }
    // Linux counts in KiB.
    Ok(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss() as f64 * 1024.0 / 1e6)
}

/// User time of one run of a program.
fn run(program: &OsString, options: &[&str], file: &Path) -> Result<Duration> {
    let before = user_time(UsageWho::RUSAGE_CHILDREN)?;
    let status =
        Command::new(program).args(options).arg(file).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    // 1 says that nothing matched.
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(format!("{} {options:?}: {status}", program.display()).into());
    }
    Ok(user_time(UsageWho::RUSAGE_CHILDREN)?.saturating_sub(before))
}

fn user_time(who: UsageWho) -> Result<Duration> {
    let time = getrusage(who)?.user_time();
    Ok(Duration::from_micros(u64::try_from(time.tv_sec())? * 1_000_000 + u64::try_from(time.tv_usec())?))
}

fn print_row(name: &str, (ours, theirs): Pair, megabytes: f64) {
    let secs = ours.as_secs_f64().max(1e-6);
    let ratio = theirs.as_secs_f64() / secs;
    let rate = megabytes / secs;
    println!(
        "| {name} | {:.0} ms | {:.0} ms | {ratio:.1} × | {rate:.0} |",
        secs * 1e3,
        theirs.as_secs_f64() * 1e3
    );
}
