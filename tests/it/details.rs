//! The four tabs of the details pane, on messages cut from real dumps and on any bytes at all.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use sofiatui::Extent;
use sofiatui::app::details::{Details, Layout, Look, Tab};
use sofiatui::app::styled_text::{Line, Role};
use sofiatui::escape::is_safe;
use sofiatui::load::InputSpec;
use sofiatui::store::{MessageText, Piece, Snapshot, TextReader};

use crate::support::{Browser, fixture, loaded, snapshot};

/// The messages of a fixture, each as the details pane has it when it was just loaded.
fn messages(fixture: &str) -> Vec<Details> {
    let snapshot = snapshot(&[fixture], usize::MAX);
    let mut reader = TextReader::default();
    let shown = |row| {
        let mut details = Details::default();
        details.show(row, Arc::new(snapshot.text(&mut reader, row).unwrap()));
        details
    };
    (0..snapshot.len() as u32).map(shown).collect()
}

/// The tab's lines of all messages of a fixture.
fn page(fixture: &str, tab: Tab, look: Look) -> String {
    let mut out = String::new();
    for mut details in messages(fixture) {
        details.look = look;
        details.choose(tab);
        let _ = writeln!(out, "=== {} {}", tab.title(), details.body_kind);
        for line in details.lines.iter() {
            let _ = writeln!(out, "{}", line.text());
        }
    }
    out
}

const EXACT: Look = Look { pretty: false, hex: false };
const HEX: Look = Look { pretty: true, hex: true };

const NG911: &str = "details/ng911-invite-in-four-frames.dump";
const ABANDONED: &str = "details/abandoned-call-json-holds-invite.dump";
const HOSTILE: &str = "details/hostile.dump";
const SMALL: &str = "details/small-bodies.dump";
const SHORT: &str = "details/frame-shorter-than-it-says.dump";
const TWO: &str = "details/two-messages-in-one-frame.dump";

#[test]
fn real_messages_are_shown_like_their_golden_pages() {
    for (fixture, tab, look, name) in [
        (NG911, Tab::Headers, Look::default(), "details-ng911-headers"),
        (NG911, Tab::Body, Look::default(), "details-ng911-body"),
        (NG911, Tab::Raw, Look::default(), "details-ng911-raw"),
        (ABANDONED, Tab::Headers, Look::default(), "details-abandoned-headers"),
        (ABANDONED, Tab::Body, Look::default(), "details-abandoned-body"),
        (ABANDONED, Tab::Body, EXACT, "details-abandoned-exact"),
        (HOSTILE, Tab::Headers, Look::default(), "details-hostile-headers"),
        (HOSTILE, Tab::Body, Look::default(), "details-hostile-body"),
        (HOSTILE, Tab::Raw, HEX, "details-hostile-hex"),
        (SMALL, Tab::Headers, Look::default(), "details-small-headers"),
        (SMALL, Tab::Body, Look::default(), "details-small-body"),
        (SHORT, Tab::Raw, Look::default(), "details-short-raw"),
        (TWO, Tab::Raw, Look::default(), "details-two-raw"),
    ] {
        insta::assert_snapshot!(name, page(fixture, tab, look));
    }
}

#[test]
fn the_part_tree_includes_multiparts_and_messages_in_json() {
    for (fixture, name) in [(NG911, "details-ng911-parts"), (ABANDONED, "details-abandoned-parts")] {
        let mut out = String::new();
        let mut details = messages(fixture).remove(0);
        for part in &details.parts {
            let title: String = part.title.iter().map(|span| span.text.as_ref()).collect();
            let _ =
                writeln!(out, "{}{title}{}", "  ".repeat(part.depth), if part.is_leaf() { "" } else { " +" });
        }
        details.choose(Tab::Parts);
        for part in 0..details.parts.len() {
            details.choose_part(part);
            let _ = writeln!(out, "=== part {part}");
            for line in details.lines.iter().take(12) {
                let _ = writeln!(out, "{}", line.text());
            }
        }
        insta::assert_snapshot!(name, out);
    }
}

#[test]
fn a_part_has_its_exact_bytes_even_if_json_escapes_them() {
    let details = messages(ABANDONED).remove(0);
    let message = &details.text.as_ref().unwrap().1.bytes;
    let bodies: Vec<&[u8]> = details.parts.iter().map(|part| part.body(message)).collect();
    assert!(bodies[0].starts_with(b"{") && bodies[0].ends_with(b"}"));
    assert!(bodies[1].starts_with(b"INVITE urn:service:sos SIP/2.0\r\nVia: "));
    assert!(bodies[2].starts_with(b"v=0\r\n") && !bodies[2].ends_with(b"--"));
    assert!(bodies[3].ends_with(b"</presence>"));
}

#[test]
fn header_fields_are_explained() {
    let mut details = messages(NG911).remove(0);
    details.choose(Tab::Headers);
    let roles = |name: &str| {
        let line = details.lines.iter().find(|line| line.text().starts_with(name)).unwrap();
        let colored = line.spans.iter().filter(|span| !matches!(span.role, Role::Dim | Role::Plain));
        colored.map(|span| (span.role, span.text.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(roles("INVITE")[0], (Role::Invite, "INVITE".to_owned()));
    let kinds = |name: &str| roles(name).into_iter().map(|(role, _)| role).collect::<Vec<_>>();
    assert_eq!(kinds("Via"), [Role::Label, Role::Host, Role::Id]);
    assert_eq!(kinds("From"), [Role::Label, Role::User, Role::Host, Role::Id]);
    assert_eq!(kinds("Call-ID"), [Role::Label, Role::Id]);
    assert_eq!(kinds("CSeq"), [Role::Label, Role::Invite]);
}

/// All tabs in all looks, and each part.
fn all_pages(details: &mut Details) -> Vec<(Tab, Look, Vec<Line>)> {
    let mut out = Vec::new();
    for look in [Look::default(), EXACT, HEX] {
        for tab in Tab::ALL {
            for part in 0..details.parts.len().max(1) {
                details.look = look;
                details.choose(tab);
                details.choose_part(part);
                out.push((tab, look, details.lines.to_vec()));
            }
        }
    }
    out
}

/// What holds for every page of every message.
fn check(details: &mut Details) {
    let len = details.text.as_ref().unwrap().1.bytes.len();
    for (tab, look, lines) in all_pages(details) {
        for line in &lines {
            assert!(line.text().chars().all(is_safe), "{tab:?} {look:?}: {}", line.text());
            let inside = line.source.as_ref().is_none_or(|s| s.start <= s.end && s.end <= len);
            assert!(inside, "{tab:?} {look:?}: {:?} of {len}", line.source);
        }
        if tab == Tab::Raw {
            let mut shown = 0;
            for source in lines.into_iter().filter_map(|line| line.source) {
                assert!(source.start == shown || source.end == shown, "a gap before {source:?}");
                shown = source.end;
            }
            assert_eq!(shown, len, "bytes of the message are not shown");
        }
    }
}

#[test]
fn the_raw_tab_has_every_byte_and_no_tab_shows_unsafe_characters() {
    for fixture in [NG911, ABANDONED, HOSTILE, SMALL, SHORT, TWO] {
        let mut messages = messages(fixture);
        assert!(!messages.is_empty(), "{fixture}");
        messages.iter_mut().for_each(check);
    }
}

/// A message of these bytes, in two pieces.
fn made(bytes: &[u8]) -> Details {
    let middle = bytes.len() / 2;
    let piece = |start: usize, end: usize, header: &[u8]| Piece {
        start,
        extent: Extent::new(1_000 + start as u64, (end - start) as u64),
        file: None,
        header: header.to_vec(),
    };
    let header = b"recv 9 bytes from udp/[192.0.2.7]:5060 at 06:00:00.000001";
    let pieces = vec![piece(0, middle, header), piece(middle, bytes.len(), b"")];
    let mut details = Details::default();
    details.show(0, Arc::new(MessageText { bytes: bytes.to_vec(), pieces }));
    details
}

/// Pieces of which bodies and heads are made that look right at first.
const PIECES: [&str; 30] = [
    "INVITE sip:a@b SIP/2.0\r\n",
    "SIP/2.0 200 OK\r\n",
    "\r\n",
    "\n",
    "f: \"x\" <sip:u@h>;tag=1\r\n",
    "Via: SIP/2.0/UDP h\r\n",
    "Content-Type: application/json\r\n",
    "Content-Type: application/sdp\r\n",
    "Content-Type: multipart/mixed;boundary=b\r\n",
    "Content-Type: text/xml\r\n",
    "c: message/sipfrag\r\n",
    "Content-Encoding: gzip\r\n",
    "Content-Length: 7\r\n",
    "--b\r\n",
    "--b--",
    "v=0\r\n",
    "m=audio 0 RTP/AVP 0 96\r\n",
    "a=rtpmap:96 opus/48000/2\r\n",
    "a=sendonly\r\n",
    "{\"a\":",
    "\"BYE sip:a SIP/2.0\\r\\nTo: x\\r\\n\\r\\n\"",
    "\"\\ud83d\\u00e9\\n.\"",
    "}",
    "[",
    "<a b='c'>",
    "</a>",
    "<![CDATA[",
    "]]>",
    "\u{1b}[2J\u{202e}",
    "\u{0}\u{7f}é",
];

proptest! {
    #[test]
    fn any_bytes_can_be_shown(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&mut made(&bytes));
    }

    #[test]
    fn bytes_that_look_like_a_message_can_be_shown(pieces in proptest::collection::vec(0..PIECES.len(), 0..24)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        check(&mut made(text.as_bytes()));
    }
}

/// The texts of the lines of a tab of the first message of a fixture.
fn lines_of(details: &mut Details, tab: Tab) -> Vec<String> {
    details.choose(tab);
    details.lines.iter().map(Line::text).collect()
}

#[test]
fn identity_is_decoded_below_its_field() {
    let mut details = messages("field/identity-history.dump").remove(0);
    let lines = lines_of(&mut details, Tab::Headers);
    let first = lines.iter().position(|line| line.starts_with("Identity")).unwrap();
    let colored: Vec<&str> = lines[first + 1..].iter().map(|line| line.trim()).take(11).collect();
    assert_eq!(
        colored,
        [
            "PASSporT. The signature is not checked.",
            "alg     ES256",
            "ppt     shaken",
            "typ     passport",
            "x5u     https://cert.example.org/sti.pem",
            "attest  A (full: the caller is known and may use this number)",
            "orig    tn 15550001",
            "dest    tn 15550002",
            "iat     1770000000 (2026-02-02 02:40:00 UTC)",
            "origid  123e4567-e89b-12d3-a456-426655440000",
            &lines[first + 11],
        ]
    );
    assert!(lines[first + 11].starts_with("Identity"), "the second field follows");
    assert!(lines.iter().any(|line| line.trim() == "div     tn 15550002"));
}

#[test]
fn bodies_are_shown_in_their_character_set_and_stay_exact() {
    let note = |name: &str| format!("decoded from {name} (Raw shows the exact bytes)");
    let table: [(&str, usize, Vec<String>, &str); 6] = [
        (
            "field/gb28181.dump",
            0,
            vec![
                note("GB2312"),
                "<?xml version=\"1.0\" encoding=\"GB2312\"?>".into(),
                "<Notify>".into(),
                "  <CmdType>Catalog</CmdType>".into(),
                "  <Name>摄像头一号</Name>".into(),
                "</Notify>".into(),
            ],
            // Two of the characters are valid UTF-8, too.
            r"<Name>\xc9\xe3\xcf\xf1ͷһ\xba\xc5</Name>\r\n",
        ),
        ("field/charsets.dump", 0, vec![note("ISO-8859-1"), "José".into(), "çafé".into()], r"Jos\xe9\r\n"),
        (
            "field/charsets.dump",
            1,
            vec![
                note("UTF-16LE"),
                "<?xml version=\"1.0\" encoding=\"UTF-16\"?>".into(),
                "<a>".into(),
                "  <b>Grüße</b>".into(),
                "</a>".into(),
            ],
            r"\x00<\x00a\x00>",
        ),
        ("field/charsets.dump", 2, vec![note("UTF-16"), "Grüße an alle".into()], r"\x00G\x00r\x00\xfc"),
        (
            "field/charsets.dump",
            3,
            vec![
                "── part 1 of 1: text/plain, 3 bytes ──".into(),
                "Content-Type  text/plain;charset=iso-8859-15".into(),
                String::new(),
                note("iso-8859-15"),
                "5 €".into(),
            ],
            r"5 \xa4",
        ),
        (
            "field/charsets.dump",
            4,
            vec!["charset x-unknown is not known: shown as it was sent".into(), r"abc\xe9".into()],
            r"abc\xe9",
        ),
    ];
    for (fixture, index, expected, exact) in table {
        let mut details = messages(fixture).swap_remove(index);
        assert_eq!(lines_of(&mut details, Tab::Body), expected, "{fixture} {index}");
        let part = lines_of(&mut details, Tab::Parts);
        assert!(part.ends_with(&expected[expected.len() - 2..]), "{fixture} {index}: {part:?}");
        details.look = EXACT;
        let lines = lines_of(&mut details, Tab::Body).join("\n");
        assert!(lines.contains(exact), "{fixture} {index}: {lines}");
        check(&mut details);
    }
}

const CID: &str = "details/cid-and-xml-in-json.dump";

#[test]
fn references_open_the_parts_that_they_name() {
    let mut details = messages(CID).remove(0);
    let lines = lines_of(&mut details, Tab::Headers);
    let geolocation = lines.iter().find(|line| line.starts_with("Geolocation")).unwrap();
    assert!(geolocation.ends_with("<cid:loc@lab.example.com>  → part 3"), "{geolocation}");
    let call_info = lines.iter().find(|line| line.starts_with("Call-Info")).unwrap();
    assert!(call_info.ends_with("  → part 1  → no part has this Content-ID"), "{call_info}");
    assert!(details.open());
    assert_eq!((details.tab, details.part, details.lines[3].text().as_str()), (Tab::Parts, 2, "<presence/>"));
    assert!(!details.open(), "XML is no message and names no part");
    assert!(details.back() && !details.back());
    assert_eq!((details.tab, lines_of(&mut details, Tab::Headers)), (Tab::Headers, lines));
    // What is above the visible lines is not meant.
    details.view.top = 1 + details.links[0].line;
    assert!(details.open() && details.part == 0);
    // The value in JSON is percent-encoded (RFC 2392 §2).
    assert!(
        details.lines.iter().any(|line| line.text().ends_with(r#""cid:loc%40lab.example.com"  → part 3"#))
    );
    details.look = EXACT;
    details.choose(Tab::Body);
    assert!(details.links.is_empty() && !details.lines.iter().any(|line| line.text().contains('→')));
}

#[test]
fn xml_in_json_is_a_part_of_its_own() {
    let mut details = messages(CID).remove(0);
    let titles: Vec<String> =
        details.parts.iter().map(|part| part.title.iter().map(|span| span.text.as_ref()).collect()).collect();
    assert_eq!(titles[1], "XML in \"locationByValue\"  143 bytes");
    details.choose(Tab::Parts);
    details.choose_part(1);
    let lines: Vec<String> = details.lines.iter().map(Line::text).collect();
    let expected = [
        "<?xml version=\"1.0\"?>",
        "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"pres:a@b\">",
        "  <tuple id=\"t\">",
        "    <status>Renée</status>",
        "  </tuple>",
        "</presence>",
    ];
    assert_eq!(lines, expected);
    let message = &details.text.as_ref().unwrap().1.bytes;
    let exact = details.parts[1].body(message);
    assert!(exact.starts_with(b"<?xml version=\"1.0\"?>\r\n<presence ") && exact.ends_with(b"</presence>"));
    check(&mut details);
}

#[test]
fn a_message_in_json_opens_with_all_tabs() {
    let mut details = messages(ABANDONED).remove(0);
    let outer = details.text.clone().unwrap().1;
    details.choose(Tab::Parts);
    details.choose_part(1);
    let held = details.parts[1].body(&outer.bytes).to_vec();
    assert!(details.open());
    assert_eq!((details.tab, details.within_part()), (Tab::Headers, Some(2)));
    assert_eq!(
        details.current_text().map(|text| text.bytes.as_slice()),
        None,
        "no message is wanted in this test"
    );
    assert_eq!(details.text.as_ref().unwrap().1.bytes, held);
    assert!(details.lines[0].text().starts_with("INVITE urn:service:sos"));
    assert_eq!((details.body_kind.as_str(), details.parts.len()), ("2 parts", 2));
    let raw = lines_of(&mut details, Tab::Raw);
    assert_eq!(raw[0], r"INVITE urn:service:sos SIP/2.0\r\n");
    assert!(details.back());
    assert_eq!((details.tab, details.part, details.within_part()), (Tab::Parts, 1, None));
    assert_eq!(details.text.as_ref().unwrap().1.bytes, outer.bytes);
    // Another message is shown on its own.
    assert!(details.open());
    details.show(1, outer);
    assert!(details.within_part().is_none() && !details.back());
}

#[test]
fn enter_opens_and_esc_goes_back_one_step_at_a_time() {
    let mut browser = Browser::new(80, 24, snapshot(&[ABANDONED], usize::MAX));
    browser.keys("<Enter>3]<Enter>");
    browser.draw();
    let shown = browser.screen();
    assert!(shown.contains("in part 2, Esc back") && shown.contains("Geolocation"), "{shown}");
    browser.keys("<Esc>");
    assert_eq!(browser.app.session.details.tab, Tab::Parts);
    browser.keys("<Esc>");
    assert_eq!(browser.app.screens.len(), 1);
    let mut browser = Browser::new(80, 24, snapshot(&[CID], usize::MAX));
    browser.keys("<Enter><Enter>");
    assert_eq!((browser.app.session.details.tab, browser.app.session.details.part), (Tab::Parts, 2));
    browser.keys("<Esc>");
    browser.draw();
    browser.click("purpose=EIDO");
    assert_eq!((browser.app.session.details.tab, browser.app.session.details.part), (Tab::Parts, 0));
}

#[test]
fn many_references_to_many_parts_are_found_without_comparing_each_with_each() {
    const COUNT: usize = 20_000;
    let reference = |n| format!("Call-Info: <cid:{}@x>\r\n", n % COUNT);
    let part = |n| format!("--b\r\nContent-ID: <{n}@x>\r\n\r\n\r\n");
    let references: String = (0..COUNT).map(reference).collect();
    let parts: String = (0..=COUNT).map(|n| part(n % COUNT)).collect();
    let head = "MESSAGE sip:a@b SIP/2.0\r\nContent-Type: multipart/mixed;boundary=b\r\n";
    let text =
        MessageText { bytes: format!("{head}{references}\r\n{parts}--b--").into_bytes(), pieces: Vec::new() };
    let layout = Layout {
        text: Arc::new(text),
        tab: Tab::Headers,
        look: Look::default(),
        part: 0,
        findings: Arc::default(),
    };
    let page = layout.page();
    assert_eq!(page.parts.len(), COUNT + 1);
    let found: Vec<usize> = page.links.iter().map(|link| link.part).collect();
    assert_eq!(found, (0..COUNT).collect::<Vec<_>>());
    assert!(page.links.is_sorted_by_key(|link| link.line));
}

#[test]
fn a_search_in_the_details_goes_from_match_to_match() {
    let mut browser = Browser::new(100, 40, snapshot(&[NG911], usize::MAX));
    browser.keys("<Enter>/sip:");
    let search = |browser: &Browser| browser.app.session.details.search.as_ref().unwrap().position();
    assert!(search(&browser).starts_with("match 1 of "), "{}", search(&browser));
    assert!(browser.screen().contains("/ sip:"));
    browser.keys("<Enter>nn");
    assert!(search(&browser).starts_with("match 3 of "));
    browser.keys("NNN");
    let count = browser.app.session.details.search.as_ref().unwrap().matches.as_ref().unwrap().len();
    assert_eq!(search(&browser), format!("match {count} of {count}"));
    // Another tab is searched, too, and what is selected comes in sight.
    for tab in "1234".chars() {
        browser.keys(&format!("{tab}/<C-u>nothing like this<Enter>"));
        assert_eq!(search(&browser), "no match");
        browser.keys("n");
        assert!(browser.screen().contains("no match of nothing like this"));
    }
    browser.keys("4/<C-u>geopriv<Enter>");
    assert!(browser.app.session.details.view.top > 0);
    browser.keys("x/<C-u>47 65 6f<Enter>n");
    assert!(search(&browser).starts_with("match "), "{}", search(&browser));
    // Esc removes the search first, then leaves the details.
    browser.keys("<Esc>");
    assert!(browser.app.session.details.search.is_none() && !browser.app.is_home());
    browser.keys("n");
    assert!(browser.screen().contains("nothing is searched for: / searches"));
    browser.keys("<Esc>");
    assert!(browser.app.is_home());
}

#[test]
fn a_search_stays_when_another_message_is_shown() {
    let mut browser = Browser::new(100, 40, snapshot(&["screens/mixed.dump"], usize::MAX));
    browser.keys("<Tab>/call-id<Enter>");
    let position = |browser: &Browser| browser.app.session.details.search.as_ref().unwrap().position();
    assert_eq!(position(&browser), "match 1 of 1");
    browser.keys("<Tab>j");
    assert_eq!(position(&browser), "1 match");
    browser.keys("<Tab>/<C-u><Enter>");
    assert!(browser.app.session.details.search.is_none());
}

#[test]
fn the_search_line_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let mut browser = Browser::new(columns, rows, snapshot(&["screens/mixed.dump"], usize::MAX));
        browser.keys("<Tab>/sip");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("search-{columns}x{rows}"), browser.styled_screen());
        });
    }
}

/// A fixture with its calls.
fn with_calls(name: &str) -> Snapshot {
    Snapshot::clone(&loaded(vec![InputSpec::file(fixture(name))]))
}

#[test]
fn what_was_found_about_the_call_is_marked_where_it_is() {
    for (fixture, finding, tab, above) in [
        ("real-calls/interval-too-small.dump", "interval-too-small", Tab::Headers, "Min-SE"),
        ("real-calls/part-missing.dump", "part-missing", Tab::Headers, "Call-Info"),
        ("real-calls/not-found.dump", "unknown-number", Tab::Headers, "SIP/2.0 404"),
        ("real-calls/wrong-password.dump", "wrong-password", Tab::Headers, "SIP/2.0"),
        ("real-calls/no-ack.dump", "no-ack", Tab::Headers, "SIP/2.0 200"),
    ] {
        let rule = sofiatui::calls::rules().find(|rule| rule.name == finding).unwrap();
        let mut browser = Browser::new(100, 60, with_calls(fixture));
        let messages = browser.shown_len();
        let found = (0..messages).find_map(|_| {
            let details = &mut browser.app.session.details;
            details.choose(tab);
            let lines: Vec<String> = details.lines.iter().map(Line::text).collect();
            browser.keys("j");
            let at = lines.iter().position(|line| line.contains("▲") && line.ends_with(rule.rfc))?;
            Some(lines[..at].iter().rev().find(|line| !line.contains("▲")).unwrap().clone())
        });
        assert!(found.as_ref().is_some_and(|line| line.starts_with(above)), "{fixture}: {found:?}");
    }
}

#[test]
fn each_header_field_can_be_added_to_the_filter_or_excluded() {
    let mixed = || Browser::new(100, 60, snapshot(&["screens/mixed.dump"], usize::MAX));
    let mut browser = mixed();
    let fields = browser.app.session.details.lines.iter().take_while(|line| !line.text().is_empty()).count();
    let all = browser.shown_len();
    assert!(fields > 8);
    for field in 0..fields {
        let (mut only, mut without) = (mixed(), mixed());
        let down = "<Down>".repeat(field);
        let selected = only.app.selected();
        only.keys(&format!("<Tab>+{down}+"));
        without.keys(&format!("<Tab>+{down}--"));
        let (term, screen) = (only.messages().filter.filter.text().to_owned(), only.screen());
        assert_eq!(only.app.selected(), selected, "{term}");
        assert!(screen.contains("added to the filter: "), "{screen}");
        assert_eq!(only.shown_len() + without.shown_len(), all, "{term}");
        assert_eq!(without.messages().filter.filter.text(), format!("-{term}"));
    }
    // Esc drops the selection, and only then leaves the details.
    browser.keys("<Tab>+<Esc>");
    assert_eq!(browser.app.session.details.field(), None);
    browser.keys("3+");
    assert!(browser.screen().contains("+ and - take a header field (1) or a line of the SDP (2)"));
}

#[test]
fn a_line_of_the_sdp_can_be_added_to_the_filter_of_a_ladders_messages() {
    let mut browser = Browser::new(120, 40, snapshot(&["ladder/busy.dump"], usize::MAX));
    browser.keys("d<Tab>2+<Down><Down>");
    assert!(browser.screen().contains("+ adds it to the filter"), "{}", browser.screen());
    let term = browser.app.session.details.term().unwrap();
    browser.keys("+");
    assert!(term.text().starts_with("sdp:"));
    assert_eq!(browser.messages().filter.filter.text(), term.text());
}

#[test]
fn the_palette_and_the_time_format_work_while_a_proof_is_shown() {
    let mut browser = Browser::new(100, 40, with_calls("ladder/busy.dump"));
    browser.keys("cv");
    let before = browser.app.session.time;
    browser.keys("t");
    assert_ne!(browser.app.session.time, before);
    browser.keys("<Enter>");
    assert!(browser.screen().contains("nothing to open here"), "{}", browser.screen());
    browser.keys(":");
    assert!(browser.app.overlay.is_some());
    browser.keys("<Esc>+<Down>+");
    assert!(browser.calls().filter.filter.text().starts_with("branch="), "{}", browser.screen());
}
