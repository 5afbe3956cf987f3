//! What level 3 reads of single values: URIs, addresses, Via, parameters, session descriptions, JSON text.

use sofiatui::sip::sdp::{Direction, Session, static_codec};
use sofiatui::sip::{
    Address, CallInfo, List, Params, Reason, Uri, Via, json, names, percent_decode, unfold, unquote,
};

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn uris_are_parsed() {
    for (uri, scheme, user, host, port, params) in [
        ("sip:a@b", "sip", Some("a"), "b", None, ""),
        ("SIPS:a:pw@b:5061;lr?x=y", "SIPS", Some("a"), "b", Some(5061), ";lr"),
        ("sip:b:5070;transport=udp", "sip", None, "b", Some(5070), ";transport=udp"),
        ("sip:[2001:db8::9:1]:5070", "sip", None, "[2001:db8::9:1]", Some(5070), ""),
        ("sip:a@[2001:db8::9:1]", "sip", Some("a"), "[2001:db8::9:1]", None, ""),
        (
            "sip:user;par=u%40example.net@example.com",
            "sip",
            Some("user;par=u%40example.net"),
            "example.com",
            None,
            "",
        ),
        ("sip:a@b:99999", "sip", Some("a"), "b", None, ""),
        ("tel:+1-201-555-0123;phone-context=x", "tel", Some("+1-201-555-0123"), "", None, ";phone-context=x"),
        ("urn:service:sos.fire", "urn", None, "", None, ""),
        ("soap.beep://192.0.2.103:3002", "soap.beep", None, "", None, ""),
        ("sip:", "sip", None, "", None, ""),
    ] {
        let read = Uri::parse(uri.as_bytes()).unwrap();
        let seen = (
            text(read.scheme),
            read.user.map(text),
            text(read.host),
            read.port,
            text(read.params.as_bytes()),
        );
        assert_eq!(seen, (scheme, user, host, port, params), "{uri}");
    }
    for no_uri in ["", "b", ":", "1sip:a", "a b:c", "<sip:a@b>"] {
        assert_eq!(Uri::parse(no_uri.as_bytes()), None, "{no_uri}");
    }
    assert_eq!(*percent_decode(b"%41%4g%4"), b"A%4g%4"[..]);
}

#[test]
fn addresses_separate_header_and_uri_parameters() {
    for (value, name, uri, tag) in [
        ("sip:a@b;tag=1", None, "sip:a@b", Some("1")),
        ("<sip:a@b;tag=no>;tag=1", None, "sip:a@b;tag=no", Some("1")),
        ("caller<sip:a@b>;TAG = 1", Some("caller"), "sip:a@b", Some("1")),
        ("\"a <b>, c;d\" <sip:a@b>", Some("a <b>, c;d"), "sip:a@b", None),
        ("\"never closed <sip:a@b>;tag=1", Some("\"never closed"), "sip:a@b", Some("1")),
        ("<sip:a@b", None, "sip:a@b", None),
        ("*", None, "*", None),
        ("", None, "", None),
    ] {
        let address = Address::parse(value.as_bytes());
        let shown = address.display_name().map(|name| text(&name).to_owned());
        assert_eq!(
            (shown.as_deref(), text(address.uri), address.tag().map(text)),
            (name, uri, tag),
            "{value}"
        );
    }
    let list = b"\"a, b\" <sip:a@b?x=1,2>;q=1,,<sip:c@d> , sip:e@f";
    let users: Vec<&str> = Address::list(list).map(|address| text(address.user())).collect();
    assert_eq!(users, ["a", "c", "e"]);
}

#[test]
fn via_values_are_parsed_with_blanks_anywhere() {
    for (value, transport, host, port, branch) in [
        ("SIP/2.0/UDP 192.0.2.1:5060;branch=z9", "UDP", "192.0.2.1", Some(5060), Some("z9")),
        ("SIP/2.0/TLS [2001:db8::1];branch=z9", "TLS", "[2001:db8::1]", None, Some("z9")),
        ("SIP / 2.0 / TCP\tspindle : 5060 ; branch = z9", "TCP", "spindle", Some(5060), Some("z9")),
        ("SIP/2.0/WSS df7jal23ls0d.invalid;rport", "WSS", "df7jal23ls0d.invalid", None, None),
    ] {
        let via = Via::parse(value.as_bytes()).unwrap();
        assert_eq!((text(via.transport), text(via.host), via.port), (transport, host, port), "{value}");
        assert_eq!(via.branch().map(text), branch, "{value}");
    }
    for bad in ["", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ", "/2.0/UDP h", ";branch=z9"] {
        assert_eq!(Via::parse(bad.as_bytes()), None, "{bad}");
    }
    let via = Via::parse(b"SIP/2.0/UDP h;rport=5070;received=192.0.2.9").unwrap();
    assert_eq!((via.rport(), via.received()), (Some(&b"5070"[..]), Some(&b"192.0.2.9"[..])));
    assert_eq!(Via::parse(b"SIP/2.0/UDP h;rport").unwrap().rport(), Some(&b""[..]));
}

#[test]
fn parameters_and_lists_respect_quotes() {
    let params = Params::new(b" ; a=1;;b=\"x;y=\\\"z\\\"\" ; C ;d=; a=2");
    let all: Vec<(&str, String)> =
        params.iter().map(|param| (text(param.name), text(&param.text()).to_owned())).collect();
    let expected = [("a", "1"), ("b", "x;y=\"z\""), ("C", ""), ("d", ""), ("a", "2")];
    assert_eq!(all, expected.map(|(name, value)| (name, value.to_owned())));
    assert_eq!(
        (params.raw("A"), params.has("c"), params.raw("c"), params.has("e")),
        (Some(&b"1"[..]), true, None, false)
    );
    let items: Vec<&str> = List::new(b" a , \"b,c\" ,,<d,e>, \"f, g ").map(text).collect();
    assert_eq!(items, ["a", "\"b,c\"", "<d,e>", "\"f", "g"]);
    assert_eq!((&*unquote(b"\"a\\\\b\\\"\""), &*unquote(b"a\\b")), (&b"a\\b\""[..], &b"a\\b"[..]));
}

#[test]
fn folded_lines_are_joined_with_one_space() {
    for (value, expected) in [
        ("a\r\n b", "a b"),
        ("a \r\n\t b\r\n  c", "a b c"),
        ("a\n b", "a b"),
        ("a\r\n \r\n b", "a b"),
        ("a  b", "a  b"),
    ] {
        assert_eq!(text(&unfold(value.as_bytes())), expected, "{value:?}");
    }
}

#[test]
fn every_compact_form_has_its_full_name() {
    for (compact, full) in [
        ("a", "Accept-Contact"),
        ("K", "Supported"),
        ("o", "Event"),
        ("x", "Session-Expires"),
        ("y", "Identity"),
    ] {
        assert_eq!(names::expand(compact.as_bytes()), Some(full));
        assert!(names::same(compact.as_bytes(), full.to_uppercase().as_bytes()));
    }
    assert_eq!(
        (names::expand(b"z"), names::expand(b""), names::canonical(b"via")),
        (None, None, &b"via"[..])
    );
    assert!(!names::same(b"", b"To") && !names::same(b"z", b"To") && !names::same(b"t", b"f"));
}

#[test]
fn reasons_and_call_infos_are_lists() {
    let reasons: Vec<(&str, Option<u32>)> = Reason::list(
        b"SIP ;cause=200 ;text=\"Call completed, elsewhere\" , Q.850;cause=16;text=x, X;cause=no",
    )
    .map(|reason| (text(reason.protocol), reason.cause()))
    .collect();
    assert_eq!(reasons, [("SIP", Some(200)), ("Q.850", Some(16)), ("X", None)]);
    let value = b"<urn:emergency:uid:callid:a:b>;purpose=\"emergency-CallId\",<http://h/i.png>";
    let infos: Vec<_> = CallInfo::list(value).collect();
    assert_eq!(text(infos[0].uri), "urn:emergency:uid:callid:a:b");
    assert_eq!((infos[0].purpose().as_deref(), infos[1].purpose()), (Some(&b"emergency-CallId"[..]), None));
}

const OFFER: &[u8] = b"v=0\r\no=FreeSWITCH 1795385208 1795385209 IN IP4 203.0.113.5\r\ns=FreeSWITCH\r\n\
    c=IN IP4 203.0.113.5\r\nt=0 0\r\na=sendonly\r\na=fingerprint:sha-256 AA\r\n\
    m=audio 28028 RTP/SAVP 0 18 9 102 101 13\r\na=rtpmap:102 opus/48000/2\r\na=fmtp:102 useinbandfec=1; x=y\r\n\
    a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\n\
    m=video 0/2 RTP/AVP 31\r\nc=IN IP6 2001:db8::5/127\r\na=recvonly\r\na=inactive\r\n\
    m=image 4000 udptl t38\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n";

#[test]
fn a_session_description_may_have_any_lines() {
    let with_garbage = [&OFFER.replace_line_ends()[..], b"\n=x\nz=1\ngarbage\na\n\x00\xff=\n"].concat();
    for bytes in [OFFER, &with_garbage[..]] {
        let sdp = Session::parse(bytes);
        let origin = sdp.origin.unwrap();
        assert_eq!(
            (text(origin.session_id), text(origin.version), text(origin.address)),
            ("1795385208", "1795385209", "203.0.113.5")
        );
        let [audio, video, image] = &sdp.media[..] else { panic!("{} media", sdp.media.len()) };
        let codecs: Vec<String> = audio.codecs().map(|codec| codec.to_string()).collect();
        assert_eq!(
            codecs,
            ["PCMU/8000", "G729/8000", "G722/8000", "opus/48000/2", "telephone-event/8000", "CN/8000"]
        );
        let opus = audio.codecs().nth(3).unwrap();
        assert_eq!(opus.parameters.map(text), Some("useinbandfec=1; x=y"));
        assert_eq!(
            (audio.direction, video.direction, image.direction),
            (Direction::SendOnly, Direction::Inactive, Direction::SendRecv)
        );
        assert_eq!((audio.is_held(&sdp), image.is_held(&sdp), video.is_refused()), (true, true, true));
        assert_eq!((audio.port, video.port, audio.ptime()), (Some(28028), Some(0), Some(&b"20"[..])));
        assert_eq!(
            (audio.address(&sdp).map(text), video.address(&sdp).map(text)),
            (Some("203.0.113.5"), Some("2001:db8::5"))
        );
        assert!(audio.is_encrypted(&sdp));
        assert_eq!(image.codecs().map(|codec| codec.to_string()).collect::<Vec<_>>(), ["t38"]);
    }
    assert_eq!((static_codec(8), static_codec(1)), (Some(("PCMA", 8000, 1)), None));
}

/// Bare line feeds for CRLF.
trait ReplaceLineEnds {
    fn replace_line_ends(&self) -> Vec<u8>;
}

impl ReplaceLineEnds for [u8] {
    fn replace_line_ends(&self) -> Vec<u8> {
        self.iter().copied().filter(|&b| b != b'\r').collect()
    }
}

#[test]
fn json_text_is_parsed_as_rfc_8259_requires() {
    for (escaped, plain) in [
        (r#"a\"\\\/\b\f\n\r\t"#, "a\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u0041\u00E9\u20ac", "Aé€"),
        (r"\ud83d\ude00", "😀"),
        (r"\uD83D \uDE00", "\u{fffd} \u{fffd}"),
        (r"\ud83d\u0041", "\u{fffd}A"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
        (r"\u12", r"\u12"),
        (r"\u+123\x\", r"\u+123\x\"),
        ("é\\u00e9", "éé"),
        ("", ""),
    ] {
        assert_eq!(json::unescape(escaped), plain, "{escaped}");
    }
    assert_eq!(
        json::pretty(b" {\"a\" : [ ] , \"a\":{},\"n\":1e5, \"s\":\"{,:\\\"}\" } ").unwrap(),
        "{\n  \"a\": [],\n  \"a\": {},\n  \"n\": 1e5,\n  \"s\": \"{,:\\\"}\"\n}"
    );
    for bad in [&b"{"[..], b"", b"{\"a\":1}x", b"\xff", b"{'a':1}"] {
        assert_eq!(json::pretty(bad), None);
    }
}
