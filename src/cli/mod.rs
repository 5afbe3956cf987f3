//! The command line: the parsed options, their meaning, and the modes that print.
//!
//! Must not know: the browser, its state, its screens.

mod args;
mod by_hand;
mod call_tally;
mod calls;
mod cleanup;
mod collector;
mod configuration;
mod dialog;
mod engines;
mod facts;
mod follow;
mod frames;
mod held;
mod help;
mod index_thread;
mod indexer;
mod ladders;
mod legs;
mod locator;
mod merge;
mod names;
mod out;
mod outputs;
mod peek;
mod pick;
mod plain;
mod plan;
mod problem;
mod progress;
mod redact;
mod run;
mod save;
mod seed;
mod sink;
mod stdout;
mod stored;
mod tally;
mod texts;
mod undecided;
mod unparsed;
mod unreadable;

pub use args::Args;
pub use pick::run as print_picked;
pub use plain::run as run_plain;
pub use plan::{Browse, Plan, View};
pub use problem::say as report;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap::builder::StyledStr;
use clap::error::ContextValue;

use crate::base::escape::escape;
use crate::config::Known;
use crate::export::calls_table::{COLUMNS, Column};

/// Exit status of a run that printed something, or had no error.
pub const SUCCESS: u8 = 0;
/// Exit status of a run in which nothing matched.
pub const NOTHING: u8 = 1;
/// Exit status of a run with an error in the command line, or with an input that cannot be read.
pub const FAILURE: u8 = 2;

/// Prints what `plan` selects, redacted if it says so, and returns the exit status.
pub fn run(plan: &Plan, print: &plan::Print) -> ExitCode {
    match &plan.redaction {
        Some(redaction) => redact::run(plan, print, redaction),
        None => run::run(plan, print),
    }
}

/// Parses the command line; `known` is what the configuration file may name. `Err` is the exit status, after help, version or error messages were printed.
///
/// # Errors
/// If the program must exit at once.
pub fn start(words: impl IntoIterator<Item = OsString>, mut known: Known) -> Result<Plan, ExitCode> {
    let args = Args::read(words).map_err(|error| ExitCode::from(print_message(&escaped(error))))?;
    if let Some(text) = text(&args) {
        return Err(ExitCode::from(print_text(&text)));
    }
    known.call_columns = COLUMNS.iter().map(Column::name).collect();
    let configuration = configuration::read(&args, &known).map_err(|problem| {
        // It names files and keys as they are.
        problem::say(&escape(problem.as_bytes()));
        ExitCode::from(FAILURE)
    })?;
    if args.print_config {
        return Err(ExitCode::from(print_text(&configuration::text(&configuration.settings, &known))));
    }
    let plan = Plan::new(&args, configuration, plan::Surroundings::look()).map_err(|problem| {
        problem::say(&problem);
        ExitCode::from(FAILURE)
    })?;
    // A following run waits for files that do not exist yet.
    if matches!(plan.view, View::Browse(_)) && !plan.follow {
        let said = unreadable::all(&plan.inputs);
        if !said.is_empty() {
            said.iter().for_each(problem::say);
            return Err(ExitCode::from(FAILURE));
        }
    }
    Ok(plan)
}

/// The same error with the user's text escaped for a terminal: clap repeats it unchanged.
fn escaped(mut error: clap::Error) -> clap::Error {
    let safe = |text: &String| escape(text.as_bytes()).into_owned();
    let styled = |text: &StyledStr| {
        let plain = text.to_string();
        (escape(plain.as_bytes()) != plain).then(|| StyledStr::from(safe(&plain)))
    };
    let changed: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(safe(text)))),
            ContextValue::Strings(texts) => {
                Some((kind, ContextValue::Strings(texts.iter().map(safe).collect())))
            }
            // The tip. It is written in colours, so only a text that needs it is changed.
            ContextValue::StyledStr(text) => styled(text).map(|text| (kind, ContextValue::StyledStr(text))),
            ContextValue::StyledStrs(texts) => {
                let texts = texts.iter().map(|text| styled(text).unwrap_or_else(|| text.clone()));
                Some((kind, ContextValue::StyledStrs(texts.collect())))
            }
            _ => None,
        })
        .collect();
    for (kind, value) in changed {
        error.insert(kind, value);
    }
    error
}

/// Prints clap's output: help, version, or an error. Returns the exit status.
fn print_message(error: &clap::Error) -> u8 {
    let status = u8::try_from(error.exit_code()).unwrap_or(FAILURE);
    if status != SUCCESS {
        // If even the standard error cannot be written, no report is possible.
        let _ = error.print();
        return status;
    }
    status_of_text(stdout::stdout().and_then(|mut out| error.print().and_then(|()| out.flush())))
}

/// The text about the options that the user asked for.
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
    status_of_text(stdout::stdout().and_then(|mut out| out.write_all(bytes).and_then(|()| out.flush())))
}

/// The exit status after a text was printed. A closed pipe is not an error: `sofiatui --help | head -1`.
fn status_of_text(printed: io::Result<()>) -> u8 {
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            problem::say(&format_args!("standard output: {error}"));
            FAILURE
        }
        _ => SUCCESS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_text_is_escaped_in_error_messages() {
        for words in [
            vec!["sofiatui", "--\u{1b}[2Jx"],
            vec!["sofiatui", "--demo", "a\u{1b}[2Jb"],
            vec!["sofiatui", "--color", "a\u{1b}[2Jb"],
            vec!["sofiatui", "--stats=\u{1b}[2J"],
            vec!["sofiatui", "--completions", "ba\u{9b}2Jsh"],
            vec!["sofiatui", "--since", "1", "--since", "\u{202e}2"],
            vec!["sofiatui", "-\u{1b}"],
            vec!["sofiatui", "--bad\u{1b}[31m\u{9b}2J\u{202e}"],
            vec!["a\u{1b}[31m\u{202e}", "--stats=x"],
        ] {
            let error = Args::read(words.iter().map(Into::into)).unwrap_err();
            let said = escaped(error).render().to_string();
            assert!(said.lines().all(|line| escape(line.as_bytes()) == line), "{words:?}: {said:?}");
        }
    }
}
