//! Texts about the options for other programs: completions for shells, a man page. All are made from the options
//! themselves.
//!
//! Must not know: what the options mean.

mod completions;
mod man;
#[cfg(test)]
mod tests;

pub(super) use completions::{Shell, completions};
pub(super) use man::man;

use clap::{Arg, Command};

/// The methods that shells offer where one is wanted.
const METHODS: &[&str] = &[
    "ACK",
    "BYE",
    "CANCEL",
    "INFO",
    "INVITE",
    "MESSAGE",
    "NOTIFY",
    "OPTIONS",
    "PRACK",
    "PUBLISH",
    "REFER",
    "REGISTER",
    "SUBSCRIBE",
    "UPDATE",
];

/// What may stand behind an option.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// Nothing.
    None,
    /// One of these words.
    Words(Vec<String>),
    /// The name of a file.
    File,
    /// Anything.
    Any,
}

/// One option as the texts need it.
#[derive(Debug, Clone)]
struct Opt {
    short: Option<char>,
    long: String,
    /// What the value is called.
    value_name: String,
    value: Value,
    /// One line.
    help: String,
    /// All there is to say.
    long_help: String,
    heading: String,
    repeats: bool,
}

/// The options that are shown in the help, in its order.
fn options(command: &Command) -> Vec<Opt> {
    command
        .get_arguments()
        .filter(|arg| !arg.is_positional() && !arg.is_hide_set())
        .filter_map(option)
        .collect()
}

fn option(arg: &Arg) -> Option<Opt> {
    let long = arg.get_long()?.to_owned();
    let takes_value = arg.get_action().takes_values();
    let words = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect::<Vec<_>>();
    let value_name = arg.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
    let value = match (&long[..], &value_name[..]) {
        _ if !takes_value => Value::None,
        _ if !words.is_empty() => Value::Words(words),
        (_, "VERB") => Value::Words(METHODS.iter().map(|&method| method.to_owned()).collect()),
        (_, "FILE") => Value::File,
        _ => Value::Any,
    };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    Some(Opt {
        short: arg.get_short(),
        value_name: if takes_value { value_name } else { String::new() },
        value,
        long_help: arg.get_long_help().map_or_else(|| help.clone(), ToString::to_string),
        help,
        heading: arg.get_help_heading().unwrap_or("Options").to_owned(),
        repeats: matches!(arg.get_action(), clap::ArgAction::Append),
        long,
    })
}
