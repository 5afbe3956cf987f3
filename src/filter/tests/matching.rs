//! Expressions against messages: which messages each expression accepts.

use std::cell::Cell;

use proptest::prelude::*;

use super::super::expr::Expr;
use super::super::{Facts, Field, Filter, Flag, Matcher, RowFlags, Text, Verdict};
use super::Row;
use crate::base::{Direction, Transport};

const INVITE: &[u8] = b"INVITE sip:1688@pbx.example SIP/2.0\r\n\
    Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKabc;rport\r\n\
    Via: SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bKxyz\r\n\
    f: \"Ann Lee\" <sip:1583@pbx.example>;tag=79fb\r\n\
    To: <sip:1688@pbx.example>\r\n\
    i: 3eae0032-Aa@host\r\n\
    CSeq: 102   INVITE\r\n\
    m: <sip:1583@192.0.2.7:5060>\r\n\
    User-Agent: Yealink SIP-T46S 66.85\r\n\
    X-Cid: one,\r\n two\r\n\
    X-Empty:\r\n\
    c: application/sdp\r\n\
    Content-Length: 43\r\n\r\n\
    v=0\r\nm=audio 4000 RTP/AVP 0 101\r\na=sendonly\r\n";

const BUSY: &[u8] = b"SIP/2.0 486 Busy Here\r\n\
    Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKabc\r\n\
    From: <sip:1583@pbx.example>;tag=79fb\r\nTo: <sip:1688@pbx.example>;tag=q\r\n\
    Call-ID: 3eae0032-Aa@host\r\nCSeq: 102 INVITE\r\nServer: FreeSWITCH-mod_sofia\r\n\
    Reason: Q.850;cause=17\r\nContent-Length: 0\r\n\r\n";

const NOTIFY: &[u8] = b"NOTIFY sip:esinet@192.0.2.1 SIP/2.0\r\n\
    Via: SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bKnot\r\n\
    From: <sip:esrp@ng911.example>;tag=1\r\nTo: <sip:esinet@192.0.2.1>;tag=2\r\n\
    Call-ID: notify-1\r\nCSeq: 7 NOTIFY\r\nEvent: AbandonedCall\r\n\
    Content-Type: multipart/mixed;boundary=b1\r\n\r\n\
    --b1\r\nContent-Type: application/EmergencyCallData.AbandonedCall+json\r\n\r\n\
    {\"invite\":\"INVITE sip:911@x\\r\\nCall-ID: lost-1\",\"n\":3,\"deep\":{\"list\":[{\"id\":\"L\\u00e9on\"}]}}\r\n\
    --b1\r\nContent-Type: application/pidf+xml\r\n\r\n<presence/>\r\n--b1--\r\n";

fn rows() -> [Row; 3] {
    let mut rows = [Row::new(INVITE), Row::new(BUSY), Row::new(NOTIFY)];
    rows[1].direction = Direction::Sent;
    rows[1].number = 2;
    rows[1].time += 1_000_000;
    rows[1].flags = RowFlags::UNKNOWN.with(Flag::Unanswered).without(Flag::Malformed);
    rows[2].addr = "[2001:db8::9]:40312";
    rows[2].transport = Transport::Tcp;
    rows[2].frames = 3;
    rows[2].number = 3;
    rows[2].time += 60_000_000;
    rows
}

/// The rows that an expression accepts: `i`nvite, `b`usy, `n`otify. An answer of the facts alone must equal that of the
/// bytes.
fn matched(text: &str) -> String {
    let filter = Filter::parse(text).unwrap_or_else(|e| panic!("{e}\n{}", e.caret(text)));
    let mut matcher = Matcher::new(&filter);
    let mut names = String::new();
    for (row, name) in rows().iter().zip(["i", "b", "n"]) {
        let whole = matcher.message(row, &row.message);
        let facts = matcher.facts(row);
        assert!(facts == Verdict::NeedsBytes || (facts == Verdict::Yes) == whole, "{text}: {name}");
        assert!(facts != Verdict::NeedsBytes || filter.needs_bytes(), "{text}: {name}");
        if whole {
            names.push_str(name);
        }
    }
    names
}

/// Each line is an expression and the rows that it accepts.
const TABLE: &[(&str, &str)] = &[
    ("", "ibn"),
    // Words.
    ("yealink", "i"),
    ("YEALINK", ""),
    ("Yealink", "i"),
    ("invite", "ibn"),
    ("3eae0032", "ib"),
    ("\"busy here\"", "b"),
    ("z9hG4bKabc", "ib"),
    ("lost-1", "n"),
    ("\"x\r\nCall-ID: lost\"", "n"),
    ("léon", "n"),
    ("sip:911@x", "n"),
    ("a=sendonly", "i"),
    ("192.0.2.7:5060", "ib"),
    ("foo-bar", ""),
    ("q.850", "b"),
    // Regexes.
    ("/z9hG4bK(abc|not)/", "ibn"),
    ("/^m=audio \\d+/", "i"),
    ("/^M=AUDIO/", ""),
    ("/^M=AUDIO/i", "i"),
    ("/RTP\\/AVP 0 101$/", "i"),
    ("/x\\r\\nCall-ID: lost/", "n"),
    // and, or, not.
    ("yealink busy", ""),
    ("yealink or busy", "ib"),
    ("yealink OR busy", "ib"),
    ("-yealink", "bn"),
    ("not yealink", "bn"),
    ("!yealink", "bn"),
    ("-(yealink or busy)", "n"),
    ("not (yealink or busy)", "n"),
    ("--yealink", "i"),
    ("method:invite -yealink", "b"),
    ("method:invite and not yealink", "b"),
    ("busy or method:notify frames>2", "bn"),
    ("(busy or method:notify) frames>2", "n"),
    ("method:invite dir:recv or method:notify", "in"),
    // Enumerations.
    ("method:invite", "ib"),
    ("method:INVITE is:request", "i"),
    ("method=Invite", "ib"),
    ("method!=invite", "n"),
    ("method:inv", ""),
    ("method~^(INV|NOT)", "ibn"),
    ("dir:recv", "in"),
    ("dir=SENT", "b"),
    ("dir!=sent", "in"),
    ("transport:tcp", "n"),
    ("transport~^t", "n"),
    // Status.
    ("status:486", "b"),
    ("status:4xx", "b"),
    ("status:4XX", "b"),
    ("status:5xx", ""),
    ("status!=200", "b"),
    ("-status:200", "ibn"),
    ("status>=400", "b"),
    ("status<400", ""),
    ("status>3xx", "b"),
    ("status~^48", "b"),
    ("reason:busy", "b"),
    ("reason=\"Busy Here\"", "b"),
    // Addresses.
    ("addr:192.0.2.7", "ib"),
    ("addr:[192.0.2.7]:5060", "ib"),
    ("addr:192.0.2.7:5060", "ib"),
    ("addr=192.0.2.7:5060", "ib"),
    ("addr!=192.0.2.7:5060", "n"),
    ("addr:[192.0.2.7]:506", "ib"),
    ("addr:2001:db8::9", "n"),
    ("addr:2001:DB8::9", ""),
    ("addr~^\\[192", "ib"),
    ("addr~^192", ""),
    // Texts of the index.
    ("call-id:3eae", "ib"),
    ("call-id:aa@", "ib"),
    ("call-id:AA@", ""),
    ("call-id=3eae0032-Aa@host", "ib"),
    ("call-id=3eae0032-aa@host", ""),
    ("call-id~^notify-[0-9]$", "n"),
    ("from:158", "ib"),
    ("from=1583", "ib"),
    ("from!=1583", "n"),
    ("from:1583@pbx", "ib"),
    ("from:\"ann lee\"", "i"),
    ("from~^15", "ib"),
    ("from~@ng911", "n"),
    ("from~\"^\\\"Ann\"", "i"),
    ("to:1688 or to:esinet", "ibn"),
    ("profile:internal", "ibn"),
    ("file:.1", "ibn"),
    // Numbers and times.
    ("cseq:102", "ib"),
    ("cseq>7", "ib"),
    ("cseq:\"102 invite\"", "ib"),
    ("cseq:notify", "n"),
    ("cseq~^7", "n"),
    ("size>100", "ibn"),
    ("size<1k", "ibn"),
    ("size>1M", ""),
    ("frames=3", "n"),
    ("frames!=3", "ib"),
    ("n<=2", "ib"),
    ("time:06:00", "ib"),
    ("time=06:00:00", "i"),
    ("time=06:00:00.019608", "i"),
    ("time>06:00:00.019608", "bn"),
    ("time>=06:01", "n"),
    ("time<06:01", "ib"),
    ("time:1970-01-01", "ibn"),
    ("time:\"2026-11-23 06:00\"", ""),
    // Terms that need the bytes.
    ("branch:abc", "ib"),
    ("branch=z9hG4bKxyz", ""),
    ("ua:yealink", "i"),
    ("ua:freeswitch", "b"),
    ("ua!=x", "ib"),
    ("contact:1583@192", "i"),
    ("uri:1688@pbx", "i"),
    ("uri~^sip:esinet@", "n"),
    ("header.x-cid:one", "i"),
    ("header.X-Cid=\"one, two\"", "i"),
    ("header.call-id:host", "ib"),
    ("header.i:host", "ib"),
    ("header.m:1583", "i"),
    ("header.Contact:1583", "i"),
    ("header.X-Empty:\"\"", "i"),
    ("-header.contact:\"\"", "bn"),
    ("header.via:z9hG4bKxyz", "i"),
    ("body:sendonly", "i"),
    ("body:yealink", ""),
    ("body:lost-1", "n"),
    ("body~\"m=audio 4000\"", "i"),
    ("body~\"\\r\\nCall-ID: lost\"", "n"),
    ("type:sdp", "i"),
    ("type=application/sdp", "i"),
    ("type:boundary", "n"),
    ("type=multipart/mixed", "n"),
    ("type=APPLICATION/pidf+xml", "n"),
    ("type:json", "n"),
    ("sdp:sendonly", "i"),
    ("sdp~^a=send", "i"),
    ("sdp:presence", ""),
    ("json.n=3", "n"),
    ("json.invite:lost-1", "n"),
    ("json.deep.list.id=Léon", "n"),
    ("json.missing:x", ""),
    // is:
    ("is:request", "in"),
    ("is:response", "b"),
    ("is:multipart", "n"),
    ("is:failed", "b"),
    ("is:malformed", ""),
    ("is:keepalive", ""),
    ("is:retransmission", ""),
    ("is:unanswered", "b"),
    ("-is:unanswered", "in"),
    ("-is:retransmission status>=400", "b"),
];

#[test]
fn each_expression_accepts_the_rows_in_the_table() {
    for (text, expected) in TABLE {
        assert_eq!(matched(text), *expected, "{text}");
    }
}

#[test]
fn a_printed_and_parsed_expression_accepts_the_same_rows() {
    for (text, expected) in TABLE {
        let spelled = Filter::parse(text).unwrap().expr().to_string();
        assert_eq!(matched(&spelled), *expected, "{text} as {spelled}");
    }
}

#[test]
fn facts_answer_as_far_as_possible() {
    use Verdict::{NeedsBytes, No, Yes};
    let rows = rows();
    for (text, verdicts) in [
        ("method:invite yealink", [NeedsBytes, NeedsBytes, No]),
        ("yealink method:invite", [NeedsBytes, NeedsBytes, No]),
        ("dir:sent or body:x", [NeedsBytes, Yes, NeedsBytes]),
        ("-yealink", [NeedsBytes; 3]),
        ("3eae0032", [Yes, Yes, NeedsBytes]),
        ("-3eae0032", [No, No, NeedsBytes]),
        ("-(dir:recv yealink)", [NeedsBytes, Yes, NeedsBytes]),
        ("esinet", [NeedsBytes, NeedsBytes, Yes]),
        ("/^1583$/", [NeedsBytes; 3]),
        ("is:malformed", [NeedsBytes, No, NeedsBytes]),
    ] {
        let mut matcher = Matcher::new(&Filter::parse(text).unwrap());
        assert_eq!([0, 1, 2].map(|n| matcher.facts(&rows[n])), verdicts, "{text}");
    }
}

#[test]
fn a_numbered_text_is_tested_once_per_column() {
    let mut row = Row::new(INVITE);
    row.numbers = Some((7, 7));
    let mut matcher = Matcher::new(&Filter::parse("from:1583 -to:1583").unwrap());
    for _ in 0..2 {
        assert_eq!(matcher.facts(&row), Verdict::Yes);
    }
    // Number 7 of From now means another text: the matcher keeps its remembered result.
    row.message = BUSY.to_vec();
    row.message.truncate(40);
    assert_eq!(matcher.facts(&row), Verdict::Yes);
}

#[test]
fn bodies_are_searched_in_the_character_set_that_they_declare() {
    let of = |content_type: &str, body: &[u8]| {
        let head = format!("MESSAGE sip:a SIP/2.0\r\nContent-Type: {content_type}\r\n\r\n");
        Row::new(&[head.as_bytes(), body].concat())
    };
    let utf16: Vec<u8> = "Zoë".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let parts = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: text/plain;charset=latin1\r\n\r\n\xfc\r\n--b--\r\n";
    for (expression, content_type, body, expected) in [
        ("body~摄", "text/plain;charset=gb2312", &b"\xc9\xe3"[..], true),
        ("-body~摄", "text/plain;charset=gb2312", b"\xc9\xe3", false),
        ("摄", "x/y+xml", b"<?xml version='1.0' encoding='GB2312'?>\xc9\xe3", true),
        ("/^摄.$/", "text/plain;charset=gb2312", b"\xc9\xe3x", true),
        ("body=摄", "text/plain;charset=gb2312", b"\xc9\xe3", true),
        ("MÜLLER", "text/plain;charset=ISO-8859-1", b"Herr M\xdcLLER", true),
        ("müller", "text/plain;charset=ISO-8859-1", b"Herr M\xdcLLER", true),
        ("body:ü", "multipart/mixed;boundary=b", parts, true),
        ("body:zo", "text/plain;charset=utf-16", &utf16, true),
        ("漢", "text/plain;charset=iso-2022-jp", b"\x1b$B4A\x1b(B", true),
        // The exact bytes match, too.
        ("body~^(?-u:\\xc9)", "text/plain;charset=gb2312", b"\xc9\xe3", true),
        // What declares nothing is not guessed.
        ("摄", "text/plain", b"\xc9\xe3", false),
        ("ü", "application/isup", b"\xff\xfe\xfc\0", false),
    ] {
        let (row, filter) = (of(content_type, body), Filter::parse(expression).unwrap());
        assert_eq!(
            Matcher::new(&filter).message(&row, &row.message),
            expected,
            "{expression} {content_type}"
        );
        let required = filter.required_literal();
        assert!(!expected || required.is_none_or(|r| r.may_stand_in(&row.message)), "{expression}");
    }
}

#[test]
fn no_bytes_make_a_matcher_panic() {
    let expression = TABLE.iter().map(|(t, _)| format!("({t})")).filter(|t| t != "()").collect::<Vec<_>>();
    let filter = Filter::parse(&expression.join(" or ")).unwrap();
    let mut matcher = Matcher::new(&filter);
    for message in [&b""[..], b"\r\n", b"\xff\\u", b"SIP/2.0 ", b"Content-Type: application/json\r\n\r\n\\"] {
        matcher.message(&Row::new(message), message);
    }
}

/// Terms of the table combined by any operators, and which rows the combination accepts by plain logic.
fn junctions() -> impl Strategy<Value = (Expr, [bool; 3])> {
    let term = prop::sample::select(&TABLE[1..]).prop_map(|(text, matched)| {
        let expr = Filter::parse(text).unwrap().expr().clone();
        (expr, ['i', 'b', 'n'].map(|name| matched.contains(name)))
    });
    term.prop_recursive(4, 16, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 2..4);
        let join = |all: Vec<(Expr, [bool; 3])>, decide: fn(bool, bool) -> bool| {
            let first = all[0].1;
            let holds = all[1..].iter().fold(first, |h, (_, o)| [0, 1, 2].map(|n| decide(h[n], o[n])));
            (all.into_iter().map(|(expr, _)| expr).collect::<Vec<_>>(), holds)
        };
        prop_oneof![
            some.clone().prop_map(move |all| {
                let (all, holds) = join(all, |a, b| a && b);
                (Expr::And(all), holds)
            }),
            some.prop_map(move |all| {
                let (all, holds) = join(all, |a, b| a || b);
                (Expr::Or(all), holds)
            }),
            inner.prop_map(|(expr, holds)| (Expr::Not(Box::new(expr)), holds.map(|h| !h))),
        ]
    })
}

proptest! {
    #[test]
    fn combinations_follow_logic_and_certain_answers_are_right((expr, holds) in junctions()) {
        let filter = Filter::from_expr(expr);
        let mut matcher = Matcher::new(&filter);
        for (row, holds) in rows().iter().zip(holds) {
            prop_assert_eq!(matcher.message(row, &row.message), holds, "{}", filter);
            let facts = matcher.facts(row);
            prop_assert!(facts == Verdict::NeedsBytes || (facts == Verdict::Yes) == holds, "{}", filter);
            let required = filter.required_literal();
            prop_assert!(!holds || required.is_none_or(|r| r.may_stand_in(&row.message)), "{}", filter);
        }
    }
}

/// A message of a call on which the verdict is counted as it is asked for.
struct Judged<'a> {
    row: Row,
    key: (u64, u32),
    asked: &'a Cell<u32>,
}

impl Facts for Judged<'_> {
    fn is_request(&self) -> bool {
        self.row.is_request()
    }
    fn method(&self) -> Text<'_> {
        self.row.method()
    }
    fn status(&self) -> Option<u16> {
        self.row.status()
    }
    fn reason(&self) -> Text<'_> {
        self.row.reason()
    }
    fn direction(&self) -> Direction {
        self.row.direction()
    }
    fn transport(&self) -> Transport {
        self.row.transport()
    }
    fn addr(&self) -> Text<'_> {
        self.row.addr()
    }
    fn call_id(&self) -> Text<'_> {
        self.row.call_id()
    }
    fn from(&self) -> Text<'_> {
        self.row.from()
    }
    fn to(&self) -> Text<'_> {
        self.row.to()
    }
    fn cseq_number(&self) -> u32 {
        self.row.cseq_number()
    }
    fn size(&self) -> u64 {
        self.row.size()
    }
    fn frames(&self) -> u32 {
        self.row.frames()
    }
    fn time(&self) -> i64 {
        self.row.time()
    }
    fn number(&self) -> u64 {
        self.row.number()
    }
    fn profile(&self) -> Text<'_> {
        self.row.profile()
    }
    fn file(&self) -> Text<'_> {
        self.row.file()
    }
    fn flags(&self) -> RowFlags {
        self.row.flags()
    }
    fn call_key(&self) -> Option<(u64, u32)> {
        Some(self.key)
    }
    fn call_text(&self, _: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        self.asked.set(self.asked.get() + 1);
        each(if self.key == (1, 7) { b"busy" } else { b"answered" })
    }
}

#[test]
fn a_call_is_judged_once_and_again_when_more_is_known() {
    let mut filter = Matcher::new(&Filter::parse("verdict:busy").unwrap());
    let asked = Cell::new(0);
    let keys = [(1, 7), (1, 8), (1, 7), (1, 8), (2, 7), (2, 7)];
    let matches = keys.map(|key| filter.facts(&Judged { row: Row::new(BUSY), key, asked: &asked }));
    let expected = [true, false, true, false, false, false].map(Verdict::from);
    assert_eq!((matches, asked.get()), (expected, 3));
}
