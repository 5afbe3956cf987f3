//! Options of the command line as expressions, and the errors of invalid ones.

use super::super::options::{KeepaliveMethods, Options, compare, word};
use super::super::{Case, Filter, Op};
use crate::base::Direction;

fn options(fill: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options { keepalive_methods: KeepaliveMethods::Shown, ..Options::default() };
    fill(&mut options);
    options
}

#[test]
fn options_are_spelled_in_the_filter_language() {
    let texts = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let some = |text: &str| Some(text.to_owned());
    for (options, expected) in [
        (options(|_| ()), ""),
        (Options::default(), "-method:OPTIONS"),
        (options(|o| o.methods = texts(&["INVITE", "bye"])), "method:INVITE or method:bye"),
        (Options { methods: texts(&["options"]), ..Options::default() }, "method:options"),
        (
            Options { filters: texts(&["method:options or method:invite"]), ..Options::default() },
            "method:options or method:invite",
        ),
        (
            Options { filters: texts(&["-method:options busy"]), ..Options::default() },
            "-method:OPTIONS -method:options busy",
        ),
        (
            Options { methods: texts(&["INVITE", "BYE"]), excluded: texts(&["BYE"]), ..Options::default() },
            "-method:OPTIONS (method:INVITE or method:BYE) -method:BYE",
        ),
        (options(|o| o.call_id = some("^ab.c")), "call-id~^ab.c"),
        (options(|o| o.direction = Some(Direction::Sent)), "dir:sent"),
        (options(|o| o.address = some(r"\[192\.")), r"addr~\[192\."),
        (options(|o| o.headers = texts(&["X-Cid=a b", "i=x"])), "header.X-Cid~\"a b\" header.i~x"),
        (options(|o| o.greps = texts(&["a/b c"])), r"/a\/b c/"),
        (options(|o| (o.body_greps, o.case) = (texts(&["m=audio"]), Case::Any)), "body~/m=audio/i"),
        (options(|o| o.since = some("06:00")), "time>=06:00"),
        (
            options(|o| (o.since, o.until) = (some("2026-11-23 06:00"), some("07:00"))),
            "time>=2026-11-23T06:00 time<=07:00",
        ),
        (options(|o| (o.since, o.until) = (some("05:53:40"), some("+10s"))), "time>=05:53:40 time<=05:53:50"),
        (
            options(|o| (o.since, o.until) = (some("2026-11-23"), some("+1d1h30m"))),
            "time>=2026-11-23 time<=2026-11-24T01:30:00",
        ),
        (
            options(|o| (o.since, o.until) = (some("23:59:59.5"), some("+1.25s"))),
            "time>=23:59:59.5 or time<=00:00:00.75",
        ),
        (
            options(|o| (o.since, o.until) = (some("2026-12-31 23:00"), some("+250ms"))),
            "time>=2026-12-31T23:00 time<=2026-12-31T23:00:00.25",
        ),
        (
            options(|o| (o.since, o.until, o.greps) = (some("23:00"), some("01:00"), texts(&["x"]))),
            "/x/ (time>=23:00 or time<=01:00)",
        ),
    ] {
        let filter = options.filter().unwrap();
        assert_eq!(filter.text(), expected);
        assert_eq!(Filter::parse(expected).unwrap(), filter, "{expected}");
    }
}

#[test]
fn a_wrong_option_is_shown_with_a_caret() {
    let texts = |text: &str| vec!["INVITE".to_owned(), text.to_owned()];
    for (options, expected) in [
        (
            options(|o| o.greps = vec!["foo(bar".to_owned()]),
            "--grep: column 4: unclosed group in the regex\n  foo(bar\n     ^",
        ),
        (
            options(|o| o.headers = vec!["X-Cid=a[".to_owned()]),
            "--header: column 8: unclosed character class in the regex\n  X-Cid=a[\n         ^",
        ),
        (
            options(|o| o.headers = vec!["X-Cid".to_owned()]),
            "--header: column 6: expected '=' and a regex\n  X-Cid\n       ^",
        ),
        (
            options(|o| o.methods = texts("a b")),
            "--method: column 1: expected a method such as 'INVITE'\n  a b\n  ^",
        ),
        (
            options(|o| o.until = Some("6".to_owned())),
            "--until: column 1: expected a time such as 06:00, 06:00:05.5 or 2026-02-01 06:00\n  6\n  ^",
        ),
        (
            options(|o| o.until = Some("+10s".to_owned())),
            "--until: column 1: expected --since for this to count from\n  +10s\n  ^",
        ),
        (
            options(|o| (o.since, o.until) = (Some("06:00".to_owned()), Some("+1d".to_owned()))),
            "--until: column 1: expected less than a day if --since has no date\n  +1d\n  ^",
        ),
        (
            options(|o| (o.since, o.until) = (Some("06:00".to_owned()), Some("+10".to_owned()))),
            "--until: column 1: expected a duration such as +10s, +500ms, +5m or +1h30m\n  +10\n  ^",
        ),
        (
            options(|o| o.filters = vec!["form:1".to_owned()]),
            "--filter: column 1: unknown field 'form': did you mean 'from'?\n  form:1\n  ^",
        ),
    ] {
        assert_eq!(options.filter().unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_cell_becomes_a_term() {
    assert_eq!(compare("from", Op::Equals, "a b").unwrap().text(), "from=\"a b\"");
    assert_eq!(compare("header.X-Cid", Op::Has, "1").unwrap().negated().text(), "-header.X-Cid:1");
    assert_eq!(word("or").text(), "\"or\"");
    assert!(compare("size", Op::Matches, "1").is_err());
}
