//! Shell completion scripts.
//!
//! Must not know: what the options mean.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, ValueEnum, ValueHint};
use clap_complete::{Generator, generate, shells};

/// A shell with completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shell {
    /// bash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
}

/// The methods that are offered as values.
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

/// Replacements in `clap_complete`'s script for bash: the value of `--option=value`, which bash passes as three words;
/// and files where neither an option nor its value is completed.
pub(super) const BASH: [(&str, &str); 3] = [
    (
        "    prev=\"$3\"\n",
        "    prev=\"$3\"\n    if [[ $cur == = ]]; then\n        cur=\"\"\n    elif [[ $prev == = ]]; then\n        \
         prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n    fi\n",
    ),
    ("${cur} == -* || ${COMP_CWORD} -eq 1 ]]", "${cur} == -* ]]"),
    (
        "                *)\n                    COMPREPLY=()\n",
        "                *)\n                    return 0\n",
    ),
];

/// The script for `shell`.
pub(in crate::cli) fn completions(command: &Command, shell: Shell) -> String {
    let command = command.clone().mut_args(with_values);
    match shell {
        Shell::Bash => {
            let text = generated(shells::Bash, command);
            BASH.iter().fold(text, |text, (lacking, whole)| text.replacen(lacking, whole, 1))
        }
        Shell::Zsh => generated(shells::Zsh, command),
        Shell::Fish => generated(shells::Fish, command),
    }
}

fn generated(shell: impl Generator, mut command: Command) -> String {
    let (name, mut text) = (command.get_name().to_owned(), Vec::new());
    generate(shell, &mut command, name, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Sets the completions of values: methods; nothing for a regex or a time.
fn with_values(arg: Arg) -> Arg {
    let is_free = arg.get_action().takes_values()
        && arg.get_possible_values().is_empty()
        && arg.get_value_hint() == ValueHint::Unknown;
    match arg.get_value_names() {
        Some([name]) if name == "VERB" => arg.value_parser(PossibleValuesParser::new(METHODS)),
        _ if is_free => arg.value_hint(ValueHint::Other),
        _ => arg,
    }
}
