//! Invalid expressions: the column and the message of each error.

use super::super::Filter;

#[test]
fn an_error_names_the_position_and_what_was_expected() {
    for (text, error) in [
        ("bye form:1583", "column 5: unknown field 'form': did you mean 'from'?"),
        ("léon form:1", "column 6: unknown field 'form': did you mean 'from'?"),
        ("tag=abc", "column 1: unknown field 'tag': quote the text to look for it"),
        ("peer:192.0.2.7", "column 1: unknown field 'peer': did you mean 'addr'?"),
        ("Via:x", "column 1: unknown field 'Via': did you mean 'header.Via'?"),
        ("header.:x", "column 1: unknown field 'header.': did you mean 'header.NAME'?"),
        ("method:", "column 8: expected a method such as 'INVITE'"),
        ("from: 1583", "column 6: expected a value"),
        ("from:(a or b)", "column 6: expected a value: quote one that begins with '('"),
        ("status:4x", "column 8: expected a status code, or a class from 1xx to 6xx"),
        ("status>abc", "column 8: expected a status code, or a class from 1xx to 6xx"),
        ("dir:in", "column 5: unknown word 'in': expected recv or sent"),
        ("dir:recieved", "column 5: unknown word 'recieved': expected recv or sent"),
        ("transport:tpc", "column 11: unknown word 'tpc': did you mean 'tcp'?"),
        ("is:retransmited", "column 4: unknown word 'retransmited': did you mean 'retransmission'?"),
        ("is:faild", "column 4: unknown word 'faild': did you mean 'failed'?"),
        (
            "state:bogus",
            "column 7: unknown word 'bogus': expected a word such as answered, busy, cancelled, no-answer, rejected \
             or failed",
        ),
        ("-state:anwsered", "column 8: unknown word 'anwsered': did you mean 'answered'?"),
        ("state!=busi", "column 8: unknown word 'busi': did you mean 'busy'?"),
        ("kind:subscribe", "column 6: unknown word 'subscribe': did you mean 'subscription'?"),
        ("side:C", "column 6: unknown word 'C': expected A or B"),
        ("hangup:nobody", "column 8: unknown word 'nobody': expected caller, callee, peer or freeswitch"),
        (
            "finding:xyz",
            "column 9: unknown word 'xyz': expected the name of a finding, or a part of one, such as no-ack",
        ),
        ("finding:No-Ack", "column 9: unknown word 'No-Ack': did you mean 'no-ack'?"),
        ("finding=late", "column 9: unknown word 'late': did you mean 'late-ack'?"),
        ("is>x", "column 3: 'is' takes ':'"),
        ("from>5", "column 5: 'from' takes ':', '=', '!=' or '~'"),
        ("size~5", "column 5: 'size' takes ':', '=', '!=', '<', '<=', '>' or '>='"),
        ("size>5x", "column 6: expected a number of bytes such as 1500, 64k or 2M"),
        ("n:x", "column 3: expected a number"),
        ("cseq>x", "column 6: expected a number"),
        ("time>6", "column 6: expected a time such as 06:00, 06:00:05.5 or 2026-02-01T06:00"),
        ("\"abc", "column 5: expected a closing '\"'"),
        ("\"abc\"def", "column 6: expected a blank after the closing '\"'"),
        ("/abc", "column 5: expected a closing '/'"),
        ("/abc/x", "column 6: expected 'i' or a blank after the '/'"),
        ("/ab(c/", "column 4: unclosed group in the regex"),
        ("a body~\"\\\"x[\"", "column 12: unclosed character class in the regex"),
        ("(a", "column 3: expected ')'"),
        ("a)", "column 2: expected the end: no '(' is open"),
        ("()", "column 2: expected a term"),
        ("or a", "column 1: expected a term"),
        ("a or", "column 5: expected a term after 'or'"),
        ("a or or b", "column 6: expected a term after 'or'"),
        ("a and ", "column 7: expected a term after 'and'"),
        ("not", "column 4: expected a term after 'not'"),
        ("a -", "column 4: expected a term right after the '-'"),
        ("a - b", "column 4: expected a term right after the '-'"),
        (")", "column 1: expected a term"),
    ] {
        let found = Filter::parse(text).map_err(|e| e.to_string());
        assert_eq!(found.as_ref().map(Filter::text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn nesting_is_limited() {
    for open in ["(", "-", "not ", "-("] {
        let error = Filter::parse(&open.repeat(100_000)).unwrap_err();
        assert!(error.to_string().ends_with("nested too deeply"), "{error}");
    }
}

#[test]
fn the_caret_is_below_the_position_also_after_escaped_text() {
    let text = "\u{1b} é form:1";
    assert_eq!(Filter::parse(text).unwrap_err().caret(text), "\\x1b é form:1\n       ^");
}

#[test]
fn values_of_call_fields_are_taken_in_any_case_and_findings_by_a_part() {
    for text in [
        "state:Busy",
        "state:registered",
        "kind=CALL",
        "side:a",
        "hangup:FreeSWITCH",
        "finding:late",
        "state~b",
    ] {
        assert!(Filter::parse(text).is_ok(), "{text}");
    }
}
