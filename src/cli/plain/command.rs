//! What a typed line asks for.
//!
//! Must not know: how it is done.

/// The help: each command, and what it prints.
pub(super) const HELP: &[(&str, &str)] = &[
    ("EXPRESSION", "the messages that match, for example: method:invite from:1012"),
    ("NUMBER", "the message with this number, in full"),
    ("next, or an empty line", "the next messages of the list"),
    ("previous", "the messages before them"),
    ("first, last", "the first or the last messages of the list"),
    ("all", "removes the filter"),
    ("calls", "the calls with a matching message, one line each"),
    ("call NUMBER", "the call of this message: verdict, legs, messages"),
    ("ladder NUMBER", "the ladder of the call of this message"),
    ("help", "this list"),
    ("quit", "ends the program, as Ctrl-D does"),
];

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command<'a> {
    Next,
    Previous,
    First,
    Last,
    /// The message with this 1-based number.
    Show(u64),
    Calls,
    /// The call of a message, by its 1-based number.
    Call(u64),
    /// The ladder of a message, by its 1-based number.
    Ladder(u64),
    /// Another filter.
    Filter(&'a str),
    Help,
    Quit,
    /// What is missing or wrong.
    Wrong(&'static str),
}

impl<'a> Command<'a> {
    /// Reads a line.
    pub(super) fn of(line: &'a str) -> Self {
        let line = line.trim();
        if let Some(number) = number(line) {
            return Self::Show(number);
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let numbered = |command: fn(u64) -> Self, wrong| number(rest).map_or(Self::Wrong(wrong), command);
        match (word, rest) {
            ("" | "next" | "n", "") => Self::Next,
            ("previous" | "p", "") => Self::Previous,
            ("first", "") => Self::First,
            ("last", "") => Self::Last,
            ("all", "") => Self::Filter(""),
            ("calls", "") => Self::Calls,
            ("call", _) => numbered(Self::Call, "call needs the number of a message, as in: call 42"),
            ("ladder", _) => numbered(Self::Ladder, "ladder needs the number of a message, as in: ladder 42"),
            ("help" | "h" | "?", "") => Self::Help,
            ("quit" | "q" | "exit", "") => Self::Quit,
            ("filter", expression) => Self::Filter(expression),
            _ => Self::Filter(line.strip_prefix("/ ").unwrap_or(line)),
        }
    }
}

/// A number as lists write it: `4711` or `4,711`.
fn number(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    (text.starts_with(|c: char| c.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_command_a_number_or_a_filter() {
        for (line, want) in [
            ("", Command::Next),
            (" n ", Command::Next),
            ("4,711", Command::Show(4711)),
            ("call 3", Command::Call(3)),
            ("ladder 3", Command::Ladder(3)),
            ("ladder x", Command::Wrong("ladder needs the number of a message, as in: ladder 42")),
            ("calls", Command::Calls),
            ("calls>3", Command::Filter("calls>3")),
            ("filter next", Command::Filter("next")),
            ("method:invite from:1012", Command::Filter("method:invite from:1012")),
            ("/ busy", Command::Filter("busy")),
            ("all", Command::Filter("")),
            ("quit", Command::Quit),
        ] {
            assert_eq!(Command::of(line), want, "{line:?}");
        }
    }
}
