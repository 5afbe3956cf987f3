//! The filter language in the help: operators, fields, the words after `is:`.
//!
//! Must not know: how an expression is parsed.

use crate::app::keymap::{Context, HelpSection};
use crate::filter::Field;

const LANGUAGE: [(&str, &str); 11] = [
    ("a b", "both match"),
    ("a or b", "one of them matches"),
    ("-a, not a", "it does not match"),
    ("( … )", "belongs together"),
    ("word", "text anywhere in the message; lower case matches any case"),
    ("\"two words\"", "the same, with blanks"),
    ("/regex/ /…/i", "a regex anywhere; i ignores case"),
    ("field:value", "contains it; words and numbers are equal; status:4xx"),
    ("= != ~", "equals, differs, matches a regex"),
    ("> >= < <=", "numbers, times, sizes"),
    ("@name", "a filter of the configuration"),
];

const IS: [(&str, &str); 15] = [
    ("is:request", "a request"),
    ("is:response", "a response"),
    ("is:retransmission", "sent again"),
    ("is:incomplete", "bytes missing from the dump"),
    ("is:malformed", "malformed header"),
    ("is:keepalive", "keeps a connection open"),
    ("is:multipart", "a body of several parts"),
    ("is:error", "a response of 400 or above, but not 401 or 407"),
    ("is:unanswered", "a request without a response"),
    ("is:answered", "its call was answered"),
    ("is:failed", "its call failed"),
    ("is:held", "its call was on hold"),
    ("is:transferred", "its call was transferred"),
    ("is:emergency", "an emergency call"),
    ("is:marked", "marked (Space), in the browser"),
];

/// The sections for a screen that has a filter.
pub(super) fn sections(contexts: &[Context]) -> Vec<HelpSection> {
    let has_filter =
        |context: &Context| matches!(context, Context::Messages | Context::Calls | Context::Statistics);
    if !contexts.iter().any(has_filter) {
        return Vec::new();
    }
    let named = |rows: &[(&str, &'static str)]| {
        rows.iter().map(|(key, help)| ((*key).to_owned(), *help)).collect::<Vec<_>>()
    };
    let fields = Field::all().map(|field| (field.name().to_owned(), field.help()));
    vec![
        ("Filter language", named(&LANGUAGE)),
        ("Fields of the filter", fields.collect()),
        ("Words of the filter", named(&IS)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_after_is_has_a_line() {
        let offers = crate::filter::complete("is:", 3);
        let mut offered: Vec<&str> = offers.iter().map(|offer| offer.text.trim()).collect();
        let mut listed: Vec<&str> = IS.iter().map(|(word, _)| &word["is:".len()..]).collect();
        offered.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, offered);
    }
}
