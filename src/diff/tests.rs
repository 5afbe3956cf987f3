//! What is compared, and how the result reads.

use std::fmt::Write as _;

use super::*;

fn message(start: &str, fields: &[&str], body: &str) -> Vec<u8> {
    format!("{start}\r\n{}\r\n\r\n{body}", fields.join("\r\n")).into_bytes()
}

fn text(left: &[u8], right: &[u8]) -> Vec<String> {
    Comparison::of(left, right).text().lines().map(str::to_owned).collect()
}

#[test]
fn fields_are_aligned_by_name_and_what_every_leg_has_for_itself_comes_last() {
    let left = message(
        "INVITE sip:93035550126@pbx SIP/2.0",
        &[
            "v: SIP/2.0/UDP 198.51.100.13;branch=z9hG4bKa",
            "f: \"Carol\" <sip:1013@pbx>;tag=aaa",
            "t: <sip:93035550126@pbx>",
            "i: one",
            "X-Tenant: 7",
            "Allow: INVITE, ACK, INFO",
            "Supported: timer, replaces, 100rel",
        ],
        "",
    );
    let right = message(
        "INVITE sip:+13035550126@192.0.2.21 SIP/2.0",
        &[
            "Via: SIP/2.0/UDP 203.0.113.5;branch=z9hG4bKb",
            "From: \"Carol\" <sip:+12025550113@203.0.113.5>;tag=bbb",
            "To: <sip:+13035550126@192.0.2.21>",
            "Call-ID: two",
            "allow: INVITE, ACK, INFO",
            "k: path, replaces, timer",
            "P-Asserted-Identity: <sip:+12025550113@203.0.113.5>",
        ],
        "",
    );
    assert_eq!(
        text(&left, &right),
        [
            "Start line",
            "  Method       INVITE",
            "~ Request URI  sip:[-9-]3035550126@[-pbx-]",
            "               sip:{++1+}3035550126@{+192.0.2.21+}",
            "Header fields",
            "~ From                 \"Carol\" <sip:[-1013-]@[-pbx-]>",
            "                       \"Carol\" <sip:{++12025550113+}@{+203.0.113.5+}>",
            "~ To                   <sip:[-9-]3035550126@[-pbx-]>",
            "                       <sip:{++1+}3035550126@{+192.0.2.21+}>",
            "- X-Tenant             7",
            "  Allow                INVITE, ACK, INFO",
            "~ Supported            timer, replaces, [-100rel-]",
            "                       {+path+}, replaces, timer",
            "+ P-Asserted-Identity  <sip:+12025550113@203.0.113.5>",
            "Header fields that each message has for itself",
            "~ Via       SIP/2.0/UDP [-198.51.100.13-];branch=[-z9hG4bKa-]",
            "            SIP/2.0/UDP {+203.0.113.5+};branch={+z9hG4bKb+}",
            "~ From tag  [-aaa-]",
            "            {+bbb+}",
            "~ Call-ID   [-one-]",
            "            {+two+}",
        ]
    );
}

#[test]
fn repeated_fields_are_paired_by_their_values_before_their_order() {
    let left = message(
        "BYE sip:a SIP/2.0",
        &["Reason: Q.850;cause=16", "Diversion: <sip:1>", "Diversion: <sip:2>"],
        "",
    );
    let right =
        message("BYE sip:a SIP/2.0", &["Diversion: <sip:2>", "Diversion: <sip:3>", "Diversion: <sip:4>"], "");
    let comparison = Comparison::of(&left, &right);
    let changes: Vec<(char, &str)> =
        comparison.sections[1].entries.iter().map(|entry| (entry.change.sign(), &*entry.label)).collect();
    assert_eq!(
        changes,
        [('-', "Reason"), ('~', "Diversion"), (' ', "Diversion"), ('+', "Diversion")],
        "{}",
        comparison.text()
    );
}

const LEFT_SDP: &str = "v=0\r\no=a 1 1 IN IP4 198.51.100.13\r\ns=-\r\nc=IN IP4 198.51.100.13\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n\
    m=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
const RIGHT_SDP: &str = "v=0\r\no=FreeSWITCH 9 9 IN IP4 203.0.113.5\r\ns=FreeSWITCH\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n\
    m=audio 17000 RTP/AVP 8 97\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-16\r\n\
    a=sendonly\r\n";

#[test]
fn descriptions_are_compared_by_stream_and_attribute_whatever_the_number_of_a_codec() {
    let body = |sdp| message("INVITE sip:a SIP/2.0", &["Content-Type: application/sdp"], sdp);
    let lines = text(&body(LEFT_SDP), &body(RIGHT_SDP));
    let start = lines.iter().position(|line| line == "SDP session").unwrap();
    assert_eq!(
        lines[start..],
        [
            "SDP session",
            "  v=  0",
            "~ o=  [-a 1 1-] IN IP4 [-198.51.100.13-]",
            "      {+FreeSWITCH 9 9+} IN IP4 {+203.0.113.5+}",
            "~ s=  [---]",
            "      {+FreeSWITCH+}",
            "~ c=  IN IP4 [-198.51.100.13-]",
            "      IN IP4 {+203.0.113.5+}",
            "  t=  0 0",
            "SDP audio 1",
            "~ m=                             audio [-4000-] RTP/AVP 8 [-101-]",
            "                                 audio {+17000+} RTP/AVP 8 {+97+}",
            "~ a=rtpmap telephone-event/8000  [-101-] telephone-event/8000",
            "                                 {+97+} telephone-event/8000",
            "~ a=fmtp telephone-event/8000    [-101-] 0-16",
            "                                 {+97+} 0-16",
            "~ a=direction                    [-sendrecv-]",
            "                                 {+sendonly+}",
            "+ a=rtpmap PCMA/8000             8 PCMA/8000",
            "SDP video 2",
            "- m=                    video 4002 RTP/AVP 96",
            "- a=rtpmap H264/90000   96 H264/90000",
        ]
        .map(str::to_owned)
        .map(|line| line
            .replace("m=                    video", "m=                   video")
            .replace("90000   96", "90000  96"))
    );
}

fn multipart(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (kind, text) in parts {
        write!(body, "--b\r\nContent-Type: {kind}\r\n\r\n{text}\r\n").unwrap();
    }
    body.push_str("--b--\r\n");
    message("INVITE sip:a SIP/2.0", &["Content-Type: multipart/mixed;boundary=b"], &body)
}

#[test]
fn parts_are_compared_by_type_and_content_and_lines_of_changed_text_are_shown() {
    let left = multipart(&[
        ("application/sdp", LEFT_SDP),
        ("application/pidf+xml", "<a>\n<lat>30.1</lat>\n</a>"),
        ("text/plain", "kept"),
    ]);
    let right = multipart(&[
        ("text/plain", "kept"),
        ("application/pidf+xml", "<a>\n<lat>30.2</lat>\n</a>"),
        ("application/json", "{}"),
    ]);
    let comparison = Comparison::of(&left, &right);
    let parts = comparison.sections.iter().find(|section| section.title == "Parts").unwrap();
    let changes: Vec<(char, &str)> =
        parts.entries.iter().map(|entry| (entry.change.sign(), &*entry.label)).collect();
    let wanted = [('~', "application/pidf+xml"), (' ', "text/plain"), ('+', "application/json")];
    assert_eq!(changes, wanted);
    let text = comparison.text();
    assert!(text.ends_with(
        "Lines of application/pidf+xml\n~ line 2  <lat>[-30.1-]</lat>\n          <lat>{+30.2+}</lat>\n"
    ));
    assert_eq!(comparison.sections.iter().filter(|section| section.title.starts_with("SDP")).count(), 3);
}

#[test]
fn nothing_differs_between_a_message_and_itself_and_nothing_fails_on_content() {
    for bytes in [&b""[..], b"\r\n", b"\x00\xff\x1b[2J", b"INVITE", b"a: b\r\nno field\r\n\r\nbody"] {
        let comparison = Comparison::of(bytes, bytes);
        let changed =
            [Change::Added, Change::Dropped, Change::Rewritten].map(|change| comparison.count(change));
        assert_eq!(changed, [0; 3], "{bytes:?}");
        let _ = Comparison::of(bytes, b"BYE sip:a SIP/2.0\r\nTo: <sip:b>;tag=1\r\n\r\n");
    }
}

#[test]
fn long_values_are_compared_in_time_that_does_not_grow_with_their_square() {
    let value = |separator: &str| separator.repeat(200_000);
    let long = |value: &str| message("BYE sip:a SIP/2.0", &[&format!("X-Long: {value}")], "");
    let comparison = Comparison::of(&long(&value("a,")), &long(&value("b,")));
    assert_eq!(comparison.count(Change::Rewritten), 1);
    let many: Vec<String> = (0..20_000).map(|number| format!("X-Many: {number}")).collect();
    let lines: Vec<&str> = many.iter().map(String::as_str).collect();
    let comparison =
        Comparison::of(&message("BYE sip:a SIP/2.0", &lines, ""), &message("BYE sip:a SIP/2.0", &[], ""));
    assert_eq!(comparison.count(Change::Dropped), 20_000);
}

#[test]
fn many_parts_are_compared_without_looking_at_each_for_each() {
    const COUNT: usize = 20_000;
    let body = |end: &str| {
        let part = |n| format!("--b\r\nContent-Type: a/x{n}\r\n\r\n{n}{end}\r\n");
        let parts: String = (0..COUNT).map(part).collect();
        format!("{parts}--b\r\nContent-Type: a/x1\r\n\r\nsame\r\n--b--")
    };
    let fields = ["Content-Type: multipart/mixed;boundary=b"];
    let [left, right] = ["", "!"].map(|end| message("INVITE sip:a@b SIP/2.0", &fields, &body(end)));
    let comparison = Comparison::of(&left, &right);
    let lines = comparison.sections.iter().filter(|section| section.title.starts_with("Lines of a/x"));
    // There are two of the type a/x1.
    assert_eq!(lines.count(), COUNT - 1);
}
