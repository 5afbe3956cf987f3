//! `--redact`: has what is selected redacted into temporary files, and prints these instead of the inputs. So every output mode
//! prints what was redacted at one place.
//!
//! Must not know: how values are replaced, how anything is printed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::base::escape::escape;
use crate::calls::LegRules;
use crate::export::file::{Existing, OutputFile};
use crate::export::format::Rows;
use crate::export::redact::{Key, Redactor};
use crate::filter::Filter;
use crate::load::InputSpec;

use super::collector::Collector;
use super::dialog::OptionsCalls;
use super::plan::{Counted, Mode, Plan, Print, Redaction, View};
use super::{FAILURE, NOTHING, SUCCESS, problem};

/// The shortest key.
const LEAST_KEY: usize = 16;

/// Prints what `plan` selects, redacted, and returns the exit status.
pub(super) fn run(plan: &Plan, print: &Print, redaction: &Redaction) -> ExitCode {
    let status = match redacted(plan, print, redaction) {
        Ok(status) => return status,
        Err(error) => error,
    };
    problem::say(&format_args!("--redact: {status}"));
    ExitCode::from(FAILURE)
}

fn redacted(plan: &Plan, print: &Print, redaction: &Redaction) -> Result<ExitCode, String> {
    let reads_twice = needs_legs(plan, print);
    if reads_twice && plan.inputs.contains(&InputSpec::Stdin) {
        return Err(
            "the legs of calls are found by reading the inputs twice: name files instead of standard input"
                .into(),
        );
    }
    let redactor = Redactor::new(key(redaction.key.as_deref())?)
        .keeping(redaction.keep.iter().map(String::as_str))
        .joining_by(plan.settings.leg_headers.iter().map(String::as_str));
    let map = redaction.map.as_deref().map(|path| (path, OutputFile::create(path, Existing::Keep)));
    let map = map
        .map(|(path, file)| file.map_err(|error| map_failed(path, &error)).map(|file| (path, file)))
        .transpose()?;
    let (first, selection) = selecting(plan, print, reads_twice);
    let (collected, status) = super::run::collect(&first, &selection, Collector::new(redactor))?;
    let mut collector = collected;
    let inputs = collector.finish(&plan.inputs).map_err(|error| error.to_string())?;
    problem::say(&format_args!("--redact: {}", collector.redactor().report()));
    if let Some((path, mut file)) = map {
        let written = file.write_all(&collector.redactor().map()).and_then(|()| file.publish());
        written.map_err(|error| map_failed(path, &error))?;
    }
    if inputs.is_empty() {
        return Ok(ExitCode::from(if status == SUCCESS && print.chosen { NOTHING } else { status }));
    }
    let (plan, print) = printing(plan, print, inputs);
    let printed = super::run::run(&plan, &print);
    Ok(if status == FAILURE { ExitCode::from(FAILURE) } else { printed })
}

fn map_failed(path: &Path, error: &io::Error) -> String {
    let name = escape(path.to_string_lossy().as_bytes()).into_owned();
    match error.kind() {
        io::ErrorKind::AlreadyExists => format!("{name}: already exists"),
        _ => format!("{name}: {error}"),
    }
}

/// The key of a file, or a new one.
fn key(file: Option<&Path>) -> Result<Key, String> {
    let Some(path) = file else {
        return Key::random().map_err(|error| format!("no random numbers: {error}"));
    };
    let name = escape(path.to_string_lossy().as_bytes()).into_owned();
    let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    if bytes.len() < LEAST_KEY {
        return Err(format!("{name}: a key needs {LEAST_KEY} bytes, and this has {}", bytes.len()));
    }
    Ok(Key::new(&bytes))
}

/// Whether calls are printed, for which all messages of all of their legs are needed.
fn needs_legs(plan: &Plan, print: &Print) -> bool {
    let prints_calls = matches!(print.mode, Mode::Calls | Mode::CallsJson | Mode::Saved(_, Rows::Calls))
        || print.counted == Counted::Calls;
    plan.legs || print.chosen && prints_calls
}

/// The selection of what is redacted.
fn selecting(plan: &Plan, print: &Print, needs_legs: bool) -> (Plan, Print) {
    let prints_calls = matches!(print.mode, Mode::Calls | Mode::CallsJson) || print.counted == Counted::Calls;
    let mut plan = plan.clone();
    plan.legs = needs_legs;
    plan.redaction = None;
    // Calls consist of all messages, whichever are shown.
    if prints_calls && !print.chosen {
        plan.filter = Filter::all();
    }
    let dialog = if needs_legs { print.dialog.or(Some(OptionsCalls::MayMatch)) } else { print.dialog };
    let print = Print { file: None, mode: Mode::Raw, counted: Counted::Messages, dialog, ..print.clone() };
    (plan, print)
}

/// The printing of what was redacted: all of it.
fn printing(plan: &Plan, print: &Print, inputs: Vec<InputSpec>) -> (Plan, Print) {
    let print = Print { chosen: false, dialog: None, names_inputs: print.names_inputs, ..print.clone() };
    let mut settings = plan.settings.clone();
    // Names and decisions are about the originals.
    settings.aliases = Vec::new();
    settings.session = Some(false);
    let plan = Plan {
        inputs,
        filter: Filter::all(),
        rules: LegRules::new(&plan.settings.leg_headers),
        legs: plan.legs && print.mode == Mode::Ladder,
        refused: Vec::new(),
        view: View::Print(print.clone()),
        settings,
        redaction: None,
        ..plan.clone()
    };
    (plan, print)
}
