//! The command line: what was typed, what it means, and the modes that print.
//!
//! Must not know: the browser, its state, its screens.

mod args;
mod calls;
mod dialog;
mod facts;
mod follow;
mod frames;
mod help;
mod ladders;
mod locator;
mod names;
mod peek;
mod plan;
mod problem;
mod progress;
mod run;
mod seed;
mod sink;
mod tally;
mod texts;
mod unparsed;

pub use args::{Args, Clipboard};
pub use plan::{Browse, Pick, Plan, View};
pub use run::run;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;

/// The status of a run that printed something, or had nothing to complain of.
pub const SUCCESS: u8 = 0;
/// The status of a run in which nothing matched.
pub const NOTHING: u8 = 1;
/// The status of a run that met a mistake in the command line, or an input that cannot be read.
pub const FAILURE: u8 = 2;

/// Reads the command line; `Err` is the status to leave with, after what there was to say was said: help, version, or
/// what is wrong.
///
/// # Errors
/// Where there is nothing to do but to leave.
pub fn start(words: impl IntoIterator<Item = OsString>) -> Result<Plan, ExitCode> {
    let args = Args::read(words).map_err(|error| {
        // A closed pipe is no reason to complain: `sofiatui --help | head -1`.
        let _ = error.print();
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(FAILURE))
    })?;
    if let Some(text) = text(&args) {
        return Err(ExitCode::from(print_text(&text)));
    }
    Plan::new(&args, plan::Surroundings::look()).map_err(|problem| {
        problem::say(&problem);
        ExitCode::from(FAILURE)
    })
}

/// The text about the options that was asked for.
fn text(args: &Args) -> Option<String> {
    let command = Args::command();
    match args.completions {
        Some(shell) => Some(texts::completions(&command, shell)),
        None => args.man.then(|| texts::man(&command)),
    }
}

fn print_text(text: &str) -> u8 {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> u8 {
    match io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            problem::say(&format_args!("standard output: {error}"));
            FAILURE
        }
        _ => SUCCESS,
    }
}
