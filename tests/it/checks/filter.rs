//! The filter language on any text: errors name a place in it, what is printed reads back as the same, completions
//! replace what is written, and the shortcuts of matching never change an answer.
//!
//! The first line of the input is the expression, the rest the message that it is asked of.

use sofiatui::filter::{self, Facts, Filter, Matcher, RowFlags, Text, Verdict};
use sofiatui::sip::{IndexFields, StartLine, index_fields, without_params};
use sofiatui::{Direction, Transport};

/// Completions are asked for at every so many bytes, and at the end.
const STEP: usize = 7;

pub(super) fn check(data: &[u8]) {
    let end = memchr::memchr(b'\n', data).unwrap_or(data.len());
    let text = String::from_utf8_lossy(&data[..end]);
    let message = data.get(end + 1..).unwrap_or_default();
    check_completions(&text);
    let filter = match Filter::parse(&text) {
        Ok(filter) => filter,
        Err(error) => {
            assert!((1..=text.chars().count() + 1).contains(&error.column), "{error}");
            assert!(error.caret(&text).ends_with('^') && !error.to_string().contains('\n'));
            return;
        }
    };
    let unfinished = filter::unfinished(&text);
    assert!(Filter::parse(&unfinished).is_ok(), "{unfinished:?} is worse than {text:?}");
    check_print(&filter);
    check_match(&filter, message);
}

fn check_completions(text: &str) {
    for cursor in (0..text.len()).step_by(STEP).chain([text.len()]) {
        for completion in filter::complete(text, cursor) {
            let range = completion.replaces;
            assert!(
                text.get(range.clone()).is_some() && range.end <= cursor,
                "{range:?} of {text:?} at {cursor}"
            );
        }
    }
}

/// A filter that was put together is printed so that it reads back as itself.
fn check_print(filter: &Filter) {
    assert_eq!(Filter::parse(filter.text()).as_ref(), Ok(filter));
    let negated = filter.clone().negated();
    assert_eq!(Filter::parse(negated.text()).as_ref(), Ok(&negated), "{:?}", negated.text());
    let both = filter.clone().and(negated.clone());
    assert_eq!(Filter::parse(both.text()).as_ref(), Ok(&both), "{:?}", both.text());
    let twice = negated.negated();
    assert_eq!(Filter::parse(twice.text()).as_ref(), Ok(&twice), "{:?}", twice.text());
}

fn check_match(filter: &Filter, message: &[u8]) {
    let row = Row { message, head: index_fields(message) };
    let holds = Matcher::new(filter).message(&row, message);
    match Matcher::new(filter).facts(&row) {
        Verdict::Yes => assert!(holds, "the facts say yes, the message no"),
        Verdict::No => assert!(!holds, "the facts say no, the message yes"),
        Verdict::NeedsBytes => assert!(filter.needs_bytes()),
    }
    if !filter.is_all() {
        assert_ne!(Matcher::new(&filter.clone().negated()).message(&row, message), holds);
    }
    if let Some(literal) = filter.required_literal() {
        assert!(!holds || literal.may_stand_in(message), "it matches without {:?}", literal.text());
    }
    let highlights = filter.highlights(message);
    assert!(highlights.iter().all(|range| range.start < range.end && range.end <= message.len()));
    assert!(highlights.is_sorted_by(|a, b| a.end < b.start));
}

/// What is known of a message that was read.
struct Row<'a> {
    message: &'a [u8],
    head: IndexFields<'a>,
}

impl Facts for Row<'_> {
    fn is_request(&self) -> bool {
        matches!(self.head.start_line, Some(StartLine::Request { .. }))
    }

    fn method(&self) -> Text<'_> {
        Text::new(match self.head.start_line {
            Some(StartLine::Request { method, .. }) => method,
            _ => self.head.cseq_method,
        })
    }

    fn status(&self) -> Option<u16> {
        match self.head.start_line {
            Some(StartLine::Status { code, .. }) => Some(code),
            _ => None,
        }
    }

    fn reason(&self) -> Text<'_> {
        Text::new(match self.head.start_line {
            Some(StartLine::Status { reason, .. }) => reason,
            _ => b"",
        })
    }

    fn direction(&self) -> Direction {
        Direction::Recv
    }

    fn transport(&self) -> Transport {
        Transport::Udp
    }

    fn addr(&self) -> Text<'_> {
        Text::new(b"[192.0.2.7]:5060")
    }

    fn call_id(&self) -> Text<'_> {
        Text::new(self.head.call_id)
    }

    fn from(&self) -> Text<'_> {
        Text::new(without_params(self.head.from))
    }

    fn to(&self) -> Text<'_> {
        Text::new(without_params(self.head.to))
    }

    fn cseq_number(&self) -> u32 {
        self.head.cseq_number
    }

    fn size(&self) -> u64 {
        self.message.len() as u64
    }

    fn frames(&self) -> u32 {
        1
    }

    fn time(&self) -> i64 {
        6 * 3_600_000_000 + 19_608
    }

    fn number(&self) -> u64 {
        1
    }

    fn profile(&self) -> Text<'_> {
        Text::new(b"internal")
    }

    fn file(&self) -> Text<'_> {
        Text::new(b"internal.dump.1")
    }

    fn flags(&self) -> RowFlags {
        RowFlags::UNKNOWN
    }
}
