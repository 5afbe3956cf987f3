//! What level 3 reads of whole messages: the torture messages of RFC 4475, and messages of real dumps.

use std::path::PathBuf;

use sofiatui::sip::sdp::Direction;
use sofiatui::sip::{
    Address, ContentType, FindingKind, Message, StartLine, Via, index_fields, json, sipfrag, user_of,
};

fn folder(name: &str) -> PathBuf {
    crate::support::fixtures().join(name)
}

fn fixture(name: &str) -> Vec<u8> {
    let path = folder(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn torture(name: &str) -> Vec<u8> {
    fixture(&format!("rfc4475/{name}.sip"))
}

fn findings(message: &[u8]) -> Vec<String> {
    Message::parse(message).findings().iter().map(|finding| finding.kind.to_string()).collect()
}

/// RFC 4475 §3.1.1, and those of §3.2 to §3.4 that keep to the grammar.
const VALID: [&str; 29] = [
    "wsinv",
    "intmeth",
    "esc01",
    "escnull",
    "esc02",
    "lwsdisp",
    "longreq",
    "semiuri",
    "transports",
    "mpart01",
    "unreason",
    "noreason",
    "badbranch",
    "unkscm",
    "novelsc",
    "unksm2",
    "bext01",
    "invut",
    "regaut01",
    "bcast",
    "zeromf",
    "cparam01",
    "cparam02",
    "regescrt",
    "sdp01",
    "inv2543",
    "dblreq",
    "multi01",
    "insuf",
];

#[test]
fn the_valid_torture_messages_have_no_finding() {
    for name in &VALID[..26] {
        let message = torture(name);
        assert_eq!(findings(&message), [""; 0], "{name}");
        assert!(!index_fields(&message).malformed, "{name}");
    }
}

#[test]
fn the_invalid_torture_messages_have_their_findings() {
    let table: [(&str, &[&str]); 25] = [
        // Valid by RFC 4475, since the rest of a datagram is to be ignored; a reader still wants to know.
        ("dblreq", &["Content-Length says 0 bytes, 439 are there"]),
        (
            "badinv01",
            &[
                "Via has an empty parameter",
                "the value of Via cannot be read",
                "Contact has an empty parameter",
            ],
        ),
        ("clerr", &["Content-Length says 9999 bytes, only 150 are there"]),
        ("ncl", &["the value of Content-Length cannot be read"]),
        (
            "scalar02",
            &[
                "the number in Max-Forwards is too large",
                "the value of CSeq cannot be read",
                "the number in Expires is too large",
            ],
        ),
        (
            "scalarlg",
            &[
                "the value of CSeq cannot be read",
                "the number in Retry-After is too large",
                "the value of Warning cannot be read",
            ],
        ),
        ("quotbal", &["a quoted string in To never ends"]),
        ("ltgtruri", &["the request URI is no URI"]),
        ("lwsruri", &["the request URI is no URI"]),
        ("lwsstart", &["the start line has blanks where none belong"]),
        ("trws", &["the start line has blanks where none belong"]),
        ("escruri", &["the request URI carries header fields"]),
        ("baddate", &["the value of Date cannot be read"]),
        ("regbadct", &["the URI in Contact needs angle brackets"]),
        ("badaspec", &["the value of To cannot be read"]),
        ("baddn", &["the display name in From needs quotes"]),
        ("badvers", &["the version is not SIP/2.0"]),
        ("mismatch01", &["the method of CSeq is not the request's"]),
        ("mismatch02", &["the method of CSeq is not the request's"]),
        ("bigcode", &["the status code is not within 100 to 699"]),
        ("insuf", &["From is missing", "To is missing", "Call-ID is missing"]),
        (
            "multi01",
            &[
                "CSeq is there more than once",
                "Call-ID is there more than once",
                "Max-Forwards is there more than once",
                "From is there more than once",
            ],
        ),
        (
            "mcl01",
            &["several Content-Length fields that differ", "Content-Length says 13 bytes, 66 are there"],
        ),
        ("../sip/no-blank-line", &["no blank line ends the head"]),
        (
            "../sip/cut-in-the-head",
            &[
                "this line is no header field",
                "no blank line ends the head",
                "From is missing",
                "To is missing",
                "Call-ID is missing",
                "CSeq is missing",
            ],
        ),
    ];
    for (name, expected) in table {
        assert_eq!(findings(&torture(name)), expected, "{name}");
    }
    let known = |name: &str| VALID.contains(&name) || table.iter().any(|(other, _)| *other == name);
    for entry in std::fs::read_dir(folder("rfc4475")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(known(name), "{name} is in no table");
    }
}

#[test]
fn unusual_white_space_is_accepted() {
    let bytes = torture("wsinv");
    let message = Message::parse(&bytes);
    let value = |name: &str| String::from_utf8(message.header(name).unwrap().value.into_owned()).unwrap();
    let cseq = message.cseq().unwrap();
    assert_eq!((cseq.number, cseq.method), (9, &b"INVITE"[..]));
    assert_eq!(value("NewFangledHeader"), "newfangled value continued newfangled value");
    assert_eq!(value("Subject"), "");
    assert_eq!(value("content-length"), "150");
    let from = message.header("From").unwrap();
    assert_eq!(from.name, b"from");
    let from = Address::parse(&from.value);
    assert_eq!(from.display_name().as_deref(), Some(&br#"J Rosenberg \""#[..]));
    assert_eq!((from.tag(), from.user()), (Some(&b"98asjd8"[..]), &b"jdrosen"[..]));
    let vias: Vec<_> = message.header_values("Via").map(|field| field.value.into_owned()).collect();
    let hops: Vec<Via> = vias.iter().flat_map(|value| Via::list(value)).collect();
    let hosts: Vec<&str> = hops.iter().map(|via| std::str::from_utf8(via.host).unwrap()).collect();
    assert_eq!(hosts, ["192.0.2.2", "spindle.example.com", "192.168.255.111"]);
    assert_eq!(hops[2].branch(), Some(&b"z9hG4bK30239"[..]));
    let head = index_fields(&bytes);
    assert_eq!((head.branch, head.cseq_number), (&b"z9hG4bKu61kngraowmu"[..], 9));
    assert_eq!((head.call_id, user_of(head.to)), (&b"wsinv.2kd6jwby@192.0.2.1"[..], &b"vivekg"[..]));
    assert_eq!(message.sdp().unwrap().media.len(), 2);
}

#[test]
fn every_character_that_the_grammar_allows_is_kept() {
    let bytes = torture("intmeth");
    let message = Message::parse(&bytes);
    assert_eq!(message.method(), Some(&b"!interesting-Method0123456789_*+`.%indeed'~"[..]));
    let from = message.header("f").unwrap();
    let from = Address::parse(&from.value);
    assert_eq!(from.raw_name, b"token1~` token2'+_ token3*%!.-");
    assert_eq!(from.tag(), Some(&b"_token~1'+`*%!-."[..]));
    assert_eq!(from.params.raw("fromParam''~+*_!.-%"), Some("\"работающий\"".as_bytes()));
    let to = message.header("To").unwrap();
    assert_eq!(Address::parse(&to.value).display_name().as_deref(), Some(&b"BEL:\x07 NUL:\0 DEL:\x7f"[..]));
    assert_eq!(user_of(&to.value), &b"1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"[..]);
    assert_eq!(index_fields(&torture("esc02")).cseq_method, b"RE%47IST%45R");
    assert!(index_fields(&torture("longreq")).call_id.starts_with(b"longreq.onereallyreallyreally"));
}

#[test]
fn reason_phrases_and_users_may_be_any_bytes() {
    let reason = |name| match Message::parse(&torture(name)).start_line() {
        Some(StartLine::Status { reason, .. }) => String::from_utf8(reason.to_vec()).unwrap(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(reason("unreason"), "= 2**3 * 5**2 но сто девяносто девять - простое");
    assert_eq!(reason("noreason"), "");
    let bytes = torture("escnull");
    let to = index_fields(&bytes).to;
    assert_eq!(Address::parse(to).parsed_uri().unwrap().user_text().as_deref(), Some(&b"null-\0-null"[..]));
}

#[test]
fn binary_parts_keep_every_byte() {
    let bytes = torture("mpart01");
    let message = Message::parse(&bytes);
    let parts = message.parts();
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0].body, b"Hello");
    let binary = &parts[1];
    assert_eq!(binary.content_type().unwrap().essence(), "application/octet-stream");
    assert!(binary.body.starts_with(b"\0\x01\x02") && binary.body.ends_with(b"--7a9cbec0\xff\0\x01"));
    assert_eq!(binary.body, &bytes[binary.body_range.clone()]);
}

#[test]
fn an_emergency_call_is_parsed() {
    let bytes = fixture("sip/ng911-multipart.sip");
    let message = Message::parse(&bytes);
    assert_eq!(message.findings(), []);
    let types: Vec<String> =
        message.parts().iter().map(|part| part.content_type().unwrap().essence()).collect();
    assert_eq!(
        types,
        [
            "application/sdp",
            "application/pidf+xml",
            "application/emergencycalldata.eido+json",
            "application/emergencycalldata.providerinfo+xml",
            "application/sdp"
        ]
    );
    for part in message.parts() {
        // FreeSWITCH counts the blank line that it writes behind a part.
        let declared: usize = std::str::from_utf8(&part.header("l").unwrap().value).unwrap().parse().unwrap();
        assert!(declared.abs_diff(part.body.len()) <= 4, "{declared} {}", part.body.len());
        assert_eq!(part.body, &bytes[part.body_range.clone()]);
    }
    let sdp = message.sdp().unwrap();
    assert_eq!(sdp.media[0].address(&sdp), Some(&b"2001:db8:10::20"[..]));
    assert_eq!(sdp.media[0].direction, Direction::SendRecv);
    let parts = message.parts();
    assert!(
        json::pretty(parts[2].body)
            .unwrap()
            .contains("\n    \"incidentTrackingIdentifier\": \"urn:emergency")
    );
}

#[test]
fn an_invite_in_json_is_parsed_as_a_message() {
    let bytes = fixture("sip/abandoned-call-json.sip");
    let notify = Message::parse(&bytes);
    assert_eq!(notify.findings(), []);
    assert!(notify.content_type().unwrap().is_json());
    let invite = json::string_field(notify.body(), "invite").unwrap();
    let invite = sipfrag::parse(invite.as_bytes()).unwrap();
    assert_eq!(invite.call_id(), Some(&b"96xt1nx1dw8vlqs3oq8l@example.com"[..]));
    assert_eq!(invite.parts().len(), 2);
    let from = invite.header("From").unwrap();
    assert_eq!(Address::parse(&from.value).display_name().as_deref(), Some("Łukasz Żółć".as_bytes()));
    assert_eq!(json::string_field(notify.body(), "nothing"), None);
}

#[test]
fn a_message_fragment_is_any_prefix_of_a_message() {
    let bytes = fixture("sip/notify-sipfrag.sip");
    let notify = Message::parse(&bytes);
    assert!(notify.content_type().unwrap().is_sip());
    let fragment = sipfrag::parse(notify.body()).unwrap();
    assert_eq!(fragment.start_line(), Some(StartLine::Status { code: 200, reason: b"OK" }));
    let fields = sipfrag::parse(b"Call-ID: a\r\nf: <sip:a@b>\r\n\r\nbody").unwrap();
    assert_eq!((fields.call_id(), fields.body(), fields.is_sip()), (Some(&b"a"[..]), &b"body"[..], false));
}

#[test]
fn a_body_is_split_at_its_delimiters() {
    let table: [(&str, &str, &[&str]); 14] = [
        ("crlf", "--b\r\n\r\none\r\n--b\r\nA: b\r\n\r\ntwo\r\n--b--\r\n", &["one", "two"]),
        ("bare line feeds", "--b\n\none\n--b\nA: b\n\ntwo\n--b--\n", &["one", "two"]),
        ("blanks behind delimiters", "--b \t\r\n\r\none\r\n--b  \r\n\r\ntwo\r\n--b-- \r\n", &["one", "two"]),
        ("preamble and epilogue", "pre\r\n--b\r\n\r\none\r\n--b--\r\nepi\r\n--b\r\n\r\nno", &["one"]),
        ("no close delimiter", "--b\r\n\r\none\r\n--b\r\n\r\ntwo", &["one", "two"]),
        ("the close delimiter ends the input", "--b\r\n\r\none\r\n--b--", &["one"]),
        (
            "a boundary that is only a prefix",
            "--b\r\n\r\none\r\n--bb\r\ntwo\r\n--b--",
            &["one\r\n--bb\r\ntwo"],
        ),
        ("a delimiter in mid-line", "--b\r\n\r\none --b\r\n--b--", &["one --b"]),
        ("empty parts", "--b\r\n\r\n\r\n--b\r\n\r\n--b--", &["", ""]),
        ("a part without blank line", "--b\r\nA: b\r\n--b--", &[""]),
        ("a part that begins with its body", "--b\r\nno field\r\n--b--", &["no field"]),
        ("a line end that belongs to the body", "--b\r\n\r\none\r\n\r\n--b--", &["one\r\n"]),
        ("the boundary is never used", "text\r\n--c\r\n", &[]),
        ("nothing", "", &[]),
    ];
    for (name, body, expected) in table {
        let head = "MESSAGE sip:a SIP/2.0\r\nc: multipart/mixed;boundary=\"b\"\r\n\r\n";
        let bytes = [head, body].concat().into_bytes();
        let parts = Message::parse(&bytes).parts();
        let bodies: Vec<&str> = parts.iter().map(|part| std::str::from_utf8(part.body).unwrap()).collect();
        assert_eq!(bodies, expected, "{name}");
    }
}

#[test]
fn nested_parts_have_a_depth_limit() {
    let nested = |depth: usize| {
        (0..depth).rev().fold("\r\ninmost".to_owned(), |inner, level| {
            format!(
                "Content-Type: multipart/mixed;boundary=b{level}\r\n\r\n--b{level}\r\n{inner}\r\n--b{level}--"
            )
        })
    };
    let depth_of = |levels| {
        let bytes = format!("MESSAGE sip:a SIP/2.0\r\n{}", nested(levels)).into_bytes();
        let mut parts = Message::parse(&bytes).parts();
        let mut depth = 0;
        while let Some(part) = parts.pop() {
            depth += 1;
            parts = part.children;
        }
        depth
    };
    assert_eq!((depth_of(1), depth_of(3), depth_of(50)), (1, 3, 8));
}

#[test]
fn header_fields_are_parsed_with_any_line_ends_and_names() {
    for head in [
        "BYE sip:a@b SIP/2.0\r\nCall-ID: x\r\nCSeq: 7 BYE\r\n\r\n",
        "BYE sip:a@b SIP/2.0\nCall-ID: x\nCSeq: 7 BYE\n\n",
        "BYE sip:a@b SIP/2.0\r\ni:x\nCSEQ:7  BYE\r\n\n",
        "\r\n\r\nBYE sip:a@b SIP/2.0\r\nCALL-id \t:\r\n x\r\ncseq:\t7\r\n\tBYE\r\n\r\n",
        "BYE sip:a@b SIP/2.0\r\nX-Very-Long-Name-That-Fills-Words: 1\r\nI:x\r\nCSeq: 7 BYE\r\nxé: 1\r\n\r\n",
    ] {
        let bytes = [head.as_bytes(), b"body\r\n"].concat();
        let line = index_fields(&bytes);
        let message = Message::parse(&bytes);
        assert_eq!(
            (line.call_id, line.cseq_number, line.cseq_method),
            (&b"x"[..], 7, &b"BYE"[..]),
            "{head:?}"
        );
        assert_eq!((message.call_id(), message.cseq().unwrap().number), (Some(&b"x"[..]), 7), "{head:?}");
        assert_eq!((message.body(), line.body_offset), (&b"body\r\n"[..], head.len()), "{head:?}");
    }
}

#[test]
fn findings_have_positions() {
    let bytes = b"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nbroken line\r\nFrom: <sip:a@b>\r\n\r\n";
    let message = Message::parse(bytes);
    let found = message.findings();
    let malformed = found.iter().find(|finding| finding.kind == FindingKind::MalformedLine).unwrap();
    assert_eq!(&bytes[malformed.range.clone()], b"broken line\r\n");
    let missing = found.iter().find(|finding| finding.kind == FindingKind::MissingField("To")).unwrap();
    assert_eq!(missing.range, bytes.len()..bytes.len());
}

#[test]
fn multipart_faults_are_found() {
    for (content_type, body, expected) in [
        ("multipart/mixed", "--b\r\n\r\n--b--", "a multipart body without a boundary"),
        ("multipart/mixed;boundary=x", "--b\r\n\r\n--b--", "the boundary does not occur in the body"),
        (
            "multipart/mixed;boundary=b",
            "--b\r\n\r\none",
            "the last delimiter of the multipart body is missing",
        ),
        ("application/json", "{\"a\":", "the body is no valid JSON"),
        ("text", "x", "the value of Content-Type cannot be read"),
    ] {
        let bytes = format!(
            "OPTIONS sip:a SIP/2.0\r\nv: SIP/2.0/TCP h\r\nf: <sip:a@b>\r\nt: <sip:a@b>\r\ni: 1\r\nCSeq: 1 OPTIONS\r\n\
             c: {content_type}\r\n\r\n{body}"
        );
        assert_eq!(findings(bytes.as_bytes()), [expected], "{content_type}");
    }
}

#[test]
fn media_types_ignore_case() {
    for (value, json, xml, multipart) in [
        ("application/json", true, false, false),
        ("Application/JSON;charset=utf-8", true, false, false),
        ("application/EmergencyCallData.eido+JSON", true, false, false),
        ("text/json", false, false, false),
        ("application/jsonx", false, false, false),
        ("application/pidf+xml", false, true, false),
        ("MULTIPART/related; boundary=x", false, false, true),
    ] {
        let ct = ContentType::parse(value.as_bytes()).unwrap();
        assert_eq!((ct.is_json(), ct.is_xml(), ct.is_multipart()), (json, xml, multipart), "{value}");
    }
}
