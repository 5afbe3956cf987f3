//! Spellings that once leaked, or that were refused: each line is redacted in a message whose users are known.
//!
//! Must not know: files, options.

use super::{Key, LeakCheck, Redactor};

/// A message with these lines, redacted and checked.
fn redacted(redactor: &mut Redactor, start: &str, lines: &str) -> String {
    let message = format!(
        "{start}\r\nFrom: \"Jan Park\" <sip:347@secret.example>;tag=a1\r\nTo: <sip:348@secret.example>\r\n\
         Call-ID: c1@192.0.2.7\r\nCSeq: 1 INVITE\r\n{lines}\r\n"
    );
    String::from_utf8_lossy(redactor.message(message.as_bytes())).into_owned()
}

/// The lines after redaction, without those that every message has.
fn line(text: &str) -> String {
    let mut redactor = Redactor::new(Key::new(b"0123456789abcdef"));
    let lines = if text.starts_with("SIP/2.0 ") || text.trim_end().ends_with(" SIP/2.0") {
        String::new()
    } else {
        format!("{text}\r\n")
    };
    let start = if lines.is_empty() { text } else { "INVITE sip:348@secret.example SIP/2.0" };
    let message = redacted(&mut redactor, start, &lines);
    let leak = LeakCheck::new(&redactor).message(message.as_bytes());
    assert_eq!(leak, None, "refused: {text}\n{message}");
    message
}

#[test]
fn nothing_of_a_line_is_left() {
    for (text, gone) in [
        ("Refer-To: <sip:**347@secret.example>", "347"),
        ("Refer-To: <sip:##12@secret.example>", "##12"),
        ("Refer-To: <sip:*347@secret.example>", "347"),
        ("Refer-To: <sip:**1001@secret.example>", "1001"),
        ("Warning: 399 x \"no route to sip:fax@secret.example\"", "fax"),
        ("Warning: 399 x \"sip:347@secret.example not registered\"", "347"),
        ("User-Agent: Asterisk PBX (81.2.69.200)", "81.2.69"),
        ("User-Agent: Asterisk-PBX 81.2.69.200:5060", "81.2.69"),
        ("User-Agent: Yealink SIP-T46S 66.85.0.5 80:5E:C0:12:34:56", "5E:C0"),
        ("Server: Snom D785 80-5e-c0-12-34-56", "5e-c0"),
        ("User-Agent: Yealink zeb01 quack7", "zeb"),
        ("User-Agent: Linphone (Desk 020-7946-0018)", "7946"),
        ("User-Agent: Linphone (Desk 020 7946 0018)", "7946"),
        ("Call-Info: <sip:a@b.example>;lat=51.50735;lon=-0.12776", "1276"),
        ("Call-Info: <sip:a@b.example>;number=\"020-7946-0018\"", "7946"),
        ("Contact: <sip:a@192.0.2.7;pin=882211>", "882211"),
        ("Contact: <sip:a@192.0.2.7>;mac=\"00:15:65:12:34:56\"", "15:65"),
        ("Contact: <sip:a@192.0.2.7;line=9988;mac=80-15-65-12-34-56>", "15-65"),
        ("Refer-To: <tel:+442079460018;ext=991122;isub=774411;postd=pp882211>", "991122"),
        ("Refer-To: <tel:+442079460018;postd=pp882211>", "882211"),
        ("Session-Expires: 1800;cust=02079460018", "946001"),
        ("Retry-After: 3600 (call the office on +442079460018)", "946001"),
        ("Content-Disposition: attachment;filename=\"bill-020-7946-0018.pdf\"", "7946"),
        ("Allow-Events: 020-7946-0018, pin.882211", "882211"),
        ("Date: 442079460018", "946001"),
        ("Via: SIP/2.0/UDP 192.0.2.7;phone=020-7946-0018;i=882211", "7946"),
        ("SIP/2.0 404 Extension 348 not found", "348"),
        ("SIP/2.0 404 Park is away", "Park"),
        ("Reason: SIP;cause=486;text=\"Busy 348\"", "348"),
        ("Reason: SIP;cause=486;text=\"*347 is busy\"", "347"),
        ("Reason: SIP;cause=480;text=\"Jan is away\"", "Jan"),
        ("Reason: SIP;cause=480;text=\"Park is away\"", "Park"),
        ("Contact: \"Service\" <sip:a@192.0.2.7>", "Service"),
        ("Contact: \"Operator\" <sip:operator@192.0.2.7>", "Operator"),
    ] {
        let message = line(text);
        assert!(!message.contains(gone), "{text}\n{message}");
    }
}

#[test]
fn what_says_nothing_about_anyone_stays() {
    for text in [
        "User-Agent: Mitel:5324",
        "User-Agent: Yealink SIP-T46S 66.85.0.5",
        "User-Agent: Grandstream GXP2160 1.0.9.135",
        "User-Agent: Asterisk PBX 1.8.32.3",
        "User-Agent: snomD785/10.1.64.14",
        "Server: Oracle-SBC/9.1.0p9",
        "User-Agent: PolycomSoundPointIP-SPIP_550-UA/4.0.15.1009",
        "Contact: <sip:operator@localhost>",
        "User-Agent: FPBX-14.0.13.34(13.29.2)",
        "User-Agent: PolycomVVX-VVX_400-UA/5.9.0.8973",
        "Session-Expires: 1800;refresher=uac",
        "Retry-After: 120;duration=3600",
        "Content-Disposition: session;handling=required",
        "Reason: Q.850;cause=16;text=\"NORMAL_CLEARING\"",
        "Event: refer;id=2",
        "Subscription-State: active;expires=3600",
        "Accept: application/sdp;q=0.875",
        "SIP/2.0 486 Busy Here",
        "INVITE urn:service:sos SIP/2.0",
    ] {
        let message = line(text);
        assert!(message.contains(text), "{text}\n{message}");
    }
    assert!(line("INVITE urn:service:sos SIP/2.0 ").starts_with("INVITE urn:service:sos SIP/2.0"));
}

#[test]
fn of_a_session_description_only_media_are_left() {
    for (attribute, left) in [
        ("a=cs-correlation:callerid:+442079460018 dtmf:882211", ":redacted"),
        (
            "a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_80 inline:1234567890123456789012345678901234567890",
            "a=acap:redacted",
        ),
        ("a=keywds:020-7946-0018 882211", "a=keywds:redacted"),
        ("a=path:msrp://192.0.2.9:7394/882211;tcp", "a=path:redacted"),
        ("a=tool:02079460018", "a=tool:redacted"),
        ("a=fmtp:96 user=02079460018", "a=fmtp:96 user=0"),
        ("i=call 02079460018", "i=redacted"),
        ("a=fmtp:101 0-15", "a=fmtp:101 0-15"),
        ("a=rtpmap:96 opus/48000/2", "a=rtpmap:96 opus/48000/2"),
    ] {
        let body = format!("Content-Type: application/sdp\r\n\r\nv=0\r\n{attribute}");
        let message = line(&body);
        assert!(message.contains(left), "{attribute}\n{message}");
        assert!(!message.contains("946001") && !message.contains("882211"), "{message}");
    }
}
