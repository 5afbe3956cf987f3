//! What an expression means while it is still being typed.
//!
//! Must not know: rows, keys, screens.

use std::borrow::Cow;

use super::complete::{Context, complete, context};
use super::field::Field;

/// The expression that `text` means while its last word is being typed: the beginning of a fixed value means all values
/// that begin with it.
///
/// So the list narrows with each key of `method:invite`, instead of being empty until the word is complete. A
/// complete value means itself, and so does any other text.
///
/// ```
/// use sofiatui::filter::unfinished;
/// assert_eq!(unfinished("from:15 -method:op"), "from:15 -method:OPTIONS");
/// assert_eq!(unfinished("status:40"), "(status>=400 status<=409)");
/// assert_eq!(unfinished("method:INVITE"), "method:INVITE");
/// ```
pub fn unfinished(text: &str) -> Cow<'_, str> {
    let (prefix, range, is_status) = match context(text, text.len()) {
        Context::Is { prefix, range } => (prefix, range, false),
        Context::Value { field, prefix, range, .. } if has_fixed_values(field) => (prefix, range, false),
        Context::Value { field: Field::Status, prefix, range, .. } => (prefix, range, true),
        _ => return Cow::Borrowed(text),
    };
    let head = &text[..range.start];
    if prefix.is_empty() || !head.ends_with(':') {
        return Cow::Borrowed(text);
    }
    let start = head.rfind(|c: char| !(c.is_alphanumeric() || c == ':')).map_or(0, |at| at + 1);
    let term = if is_status { statuses(&prefix) } else { beginnings(text, &head[start..], &prefix) };
    let Some(term) = term else { return Cow::Borrowed(text) };
    let (open, close) = if term.contains(' ') { ("(", ")") } else { ("", "") };
    Cow::Owned(format!("{}{open}{term}{close}", &head[..start]))
}

const fn has_fixed_values(field: Field) -> bool {
    matches!(
        field,
        Field::Method
            | Field::Dir
            | Field::Transport
            | Field::Kind
            | Field::State
            | Field::Side
            | Field::Hangup
    )
}

/// The status codes that begin with one or two given digits.
fn statuses(digits: &str) -> Option<String> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        1 => Some(format!("status>={digits}00 status<={digits}99")),
        2 => Some(format!("status>={digits}0 status<={digits}9")),
        _ => None,
    }
}

/// The values that begin with `prefix`, each as a term; none if `prefix` is itself a value.
fn beginnings(text: &str, name: &str, prefix: &str) -> Option<String> {
    let offers = complete(text, text.len());
    if offers.is_empty() || offers.iter().any(|o| o.text.eq_ignore_ascii_case(prefix)) {
        return None;
    }
    let terms: Vec<String> = offers.iter().map(|o| format!("{name}{}", o.text)).collect();
    Some(terms.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    #[test]
    fn the_beginning_of_a_fixed_value_means_all_values_with_it() {
        for (typed, means) in [
            ("", ""),
            ("1583", "1583"),
            ("meth", "meth"),
            ("method:", "method:"),
            ("method:in", "(method:INVITE or method:INFO)"),
            ("method:in ", "method:in "),
            ("a (method:inv", "a (method:INVITE"),
            ("method=in", "method=in"),
            ("method:foo", "method:foo"),
            ("dir:r", "dir:recv"),
            ("transport:t", "(transport:tcp or transport:tls)"),
            ("transport:ws", "transport:ws"),
            ("is:req", "is:request"),
            ("-is:ret", "-is:retransmission"),
            ("status:4", "(status>=400 status<=499)"),
            ("status:404", "status:404"),
            ("status:4x", "status:4x"),
            ("state:re", "(state:rejected or state:redirected or state:refused or state:registered)"),
            ("kind:call", "kind:call"),
            ("-hangup:f", "-hangup:freeswitch"),
            ("finding:no-a", "finding:no-a"),
            ("from:in", "from:in"),
            ("call-id:in", "call-id:in"),
        ] {
            assert_eq!(unfinished(typed), means, "{typed}");
        }
    }

    #[test]
    fn the_result_is_an_expression() {
        for typed in ["method:s", "x -method:o", "is:re", "status:1", "status:48", "dir:s", "transport:t"] {
            assert!(Filter::parse(&unfinished(typed)).is_ok(), "{typed}");
        }
    }
}
