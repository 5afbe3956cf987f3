//! Redaction of random traffic: known secrets at random places in random spellings are gone, the structure is the same, and
//! nothing that is in a message makes it panic.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::{select, subsequence};
use sofiatui::export::redact::{Key, LeakCheck, Redactor};
use sofiatui::sip::{Message, StartLine};

/// What must not be left.
#[derive(Debug, Clone)]
struct Secrets {
    /// Ten digits of the North American plan.
    number: String,
    name: String,
    user: String,
    label: String,
    address: String,
    token: String,
}

fn secrets() -> impl Strategy<Value = Secrets> {
    (
        "[2-9][0-8][0-9][2-9][0-9]{6}",
        "Qz[a-z]{8}",
        "uq[a-z]{7}",
        "zq[a-z]{9}",
        "8\\.[0-9]{1,2}\\.1[0-9]{2}\\.[1-9][0-9]",
        "Tk[a-z0-9]{14}",
    )
        .prop_map(|(number, name, user, label, address, token)| Secrets {
            number,
            name,
            user,
            label,
            address,
            token,
        })
}

/// A way of writing the number.
fn spelling() -> impl Strategy<Value = &'static str> {
    select(vec!["+1N", "1N", "N", "001N", "0111N", "9N", "91N", "%2B1N", "+1-D", "D", "1.P", "(A) R"])
}

/// Lines of a head; `NUM`, `NAME`, `USER`, `HOST`, `ADDR` and `TOK` are secrets.
const LINES: [&str; 36] = [
    "Via: SIP/2.0/UDP ADDR:5060;branch=z9hG4bKTOK;received=ADDR;rport=5060",
    "From: \"NAME\" <sip:NUM@HOST>;tag=TOK",
    "t: NAME <sip:USER@ADDR:5070>;tag=TOK",
    "Contact: <sip:USER@ADDR;transport=tcp>;+sip.instance=\"<urn:uuid:TOK>\";expires=60, \"NAME\" <tel:NUM>",
    "Call-ID: TOK@HOST",
    "In-Reply-To: TOK@ADDR, TOK",
    "P-Asserted-Identity: \"NAME\" <sip:NUM@HOST;user=phone>, <tel:NUM;phone-context=HOST>",
    "Remote-Party-ID: \"NUM\" <sip:NUM@ADDR>;party=calling;screen=yes",
    "Diversion: <sip:NUM@HOST>;reason=unconditional;counter=1",
    "History-Info: <sip:USER@HOST?Reason=SIP%3Bcause%3D302>;index=1",
    "Refer-To: <sip:USER@HOST?Replaces=TOK%40HOST%3Bto-tag%3DTOK%3Bfrom-tag%3DTOK>",
    "r: <sip:USER:TOK@HOST?Subject=NAME&X-Y=TOK>",
    "Referred-By: <sip:USER@HOST>",
    "Replaces: TOK@HOST;to-tag=TOK;from-tag=TOK",
    "Record-Route: <sip:ADDR;lr;ftag=TOK>, <sip:HOST;lr>",
    "Route: <sip:USER@HOST;lr;fs_path=sip%3AUSER%40ADDR>",
    "Authorization: Digest username=\"USER\", realm=\"HOST\", nonce=\"TOK\", uri=\"sip:HOST\", response=\"TOK\", opaque=\"TOK\"",
    "Proxy-Authorization: Basic TOK==",
    "WWW-Authenticate: Digest realm=\"NAME\", nonce=\"TOK\", domain=\"sip:HOST\"",
    "Warning: 399 HOST \"NAME is not at ADDR, NUM\"",
    "Reason: Q.850;cause=17;text=\"NAME\"",
    "User-Agent: NAME TOK",
    "Server: Yealink SIP-T46S TOK NAME",
    "Subject: NAME calls NUM",
    "Organization: NAME",
    "Identity: TOK;info=<https://HOST/TOK>",
    "Call-Info: <https://HOST/NAME.jpg>;purpose=icon, <urn:emergency:uid:callid:TOK:HOST>",
    "Geolocation: <cid:TOK@HOST>, <https://USER@HOST/TOK>",
    "P-Charging-Vector: icid-value=TOK;icid-generated-at=ADDR;orig-ioi=HOST",
    "Session-ID: TOK;remote=TOK",
    "X-TOK: NAME",
    "X-Customer: NAME; TOK",
    "X-Number: NUM",
    "X-Host: ADDR",
    "NAME is no header field, TOK",
    "Event: dialog;id=TOK",
];

const BODIES: [(&str, &str); 7] = [
    ("", ""),
    ("text/plain", "NAME wants NUM at ADDR"),
    (
        "application/sdp",
        "v=0\r\no=USER 1 2 IN IP4 ADDR\r\ns=NAME\r\ni=NAME\r\ne=USER@HOST\r\np=NUM\r\nc=IN IP4 ADDR/127\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\n\
         a=candidate:1 1 udp 1 ADDR 4 typ srflx raddr ADDR rport 4\r\na=rtcp:5 IN IP4 ADDR\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:TOK\r\n\
         a=ice-ufrag:TOK\r\na=ice-pwd:TOK\r\na=ssrc:77 cname:TOK\r\na=TOK:NAME\r\na=fmtp:101 NAME=TOK\r\nTOK\r\n",
    ),
    (
        "application/x+json",
        "{\"invite\": \"INVITE sip:USER@HOST SIP/2.0\\r\\nFrom: \\\"NAME\\\" <sip:NUM@HOST>\\r\\nCall-ID: TOK@HOST\\r\\n\\r\\n\", \"TOK\": \"NAME\"}",
    ),
    (
        "multipart/mixed;boundary=TOK",
        "NAME\r\n--TOK\r\nContent-Type: application/pidf+xml\r\nContent-ID: <TOK@HOST>\r\nX-TOK: NAME\r\n\r\n<a entity=\"pres:NUM@HOST\">NAME</a>\r\n--TOK--\r\nNAME",
    ),
    ("message/sipfrag", "SIP/2.0 486 NAME\r\nContact: <sip:USER@ADDR>\r\n"),
    (
        "application/simple-message-summary",
        "Messages-Waiting: yes\r\nMessage-Account: sip:USER@HOST\r\nX-TOK: NAME\r\n",
    ),
];

impl Secrets {
    fn written(&self, text: &str, spelling: &str) -> String {
        let (area, exchange, line) = (&self.number[..3], &self.number[3..6], &self.number[6..]);
        let number = match spelling {
            "(A) R" => format!("({area}) {exchange}-{line}"),
            "1.P" => format!("1.{area}.{exchange}.{line}"),
            other => other.replace('N', &self.number).replace('D', &format!("{area}-{exchange}-{line}")),
        };
        // A blank can be in a display name, not in a URI.
        let in_uri = number.replace([' ', '(', ')'], "");
        text.replace("sip:NUM", &format!("sip:{in_uri}"))
            .replace("tel:NUM", &format!("tel:{in_uri}"))
            .replace("pres:NUM", &format!("pres:{in_uri}"))
            .replace("NUM", &number)
            .replace("NAME", &self.name)
            .replace("USER", &self.user)
            .replace("HOST", &format!("sip.{}.example", self.label))
            .replace("ADDR", &self.address)
            .replace("TOK", &self.token)
    }

    /// What of them is left in a text.
    fn left(&self, text: &[u8]) -> Option<String> {
        let lower = String::from_utf8_lossy(text).to_ascii_lowercase();
        let all = [&self.name, &self.user, &self.label, &self.address, &self.token];
        let found = all.into_iter().find(|secret| lower.contains(&secret.to_ascii_lowercase()));
        let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
        let number = lower.lines().any(|line| digits(line).contains(&self.number));
        found.cloned().or(number.then(|| self.number.clone()))
    }
}

/// A message with secrets.
fn message(start: &str, lines: &[&str], body: (&str, &str), write: impl Fn(&str) -> String) -> Vec<u8> {
    let content = write(body.1);
    let mut head = vec![write(start)];
    head.extend(lines.iter().map(|line| write(line)));
    head.extend((!body.0.is_empty()).then(|| format!("Content-Type: {}", write(body.0))));
    head.extend(["CSeq: 7 INVITE".to_owned(), format!("Content-Length: {}", content.len())]);
    format!("{}\r\n\r\n{content}", head.join("\r\n")).into_bytes()
}

/// What redaction must leave as it is.
fn structure(bytes: &[u8]) -> (String, usize, usize, Option<bool>, Vec<usize>) {
    let message = Message::parse(bytes);
    let start = match message.start_line() {
        Some(StartLine::Request { method, .. }) => String::from_utf8_lossy(method).into_owned(),
        Some(StartLine::Status { code, .. }) => code.to_string(),
        None => String::new(),
    };
    let declared = message
        .header("Content-Length")
        .map(|field| field.value == message.body().len().to_string().as_bytes());
    let parts = message.parts().iter().map(|part| part.headers().count()).collect();
    (start, message.headers().count(), message.head_lines().count(), declared, parts)
}

proptest! {
    #[test]
    fn no_secret_is_left_and_the_structure_is_the_same(
        secrets in secrets(),
        spelling in spelling(),
        start in select(vec!["INVITE sip:NUM@HOST SIP/2.0", "MESSAGE sip:USER@ADDR:5060 SIP/2.0", "INVITE tel:NUM SIP/2.0", "SIP/2.0 404 NAME not found"]),
        lines in subsequence(LINES.to_vec(), 1..LINES.len()),
        body in select(BODIES.to_vec()),
    ) {
        let original = message(start, &lines, body, |text| secrets.written(text, spelling));
        let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
        let redacted = redactor.message(&original).to_vec();
        prop_assert_eq!(secrets.left(&redacted), None, "{}\n{}", String::from_utf8_lossy(&original), String::from_utf8_lossy(&redacted));
        prop_assert_eq!(structure(&redacted), structure(&original), "{}", String::from_utf8_lossy(&redacted));
        let mut check = LeakCheck::new(&redactor);
        prop_assert_eq!(check.message(&redacted), None, "{}", String::from_utf8_lossy(&redacted));
        // Redacting again gives the same, whatever was kept of the first time.
        prop_assert!(redactor.message(&original) == redacted);
    }

    #[test]
    fn an_original_is_found(secrets in secrets(), spelling in spelling(), line in select(LINES[..9].to_vec())) {
        let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
        let original = message("INVITE sip:NUM@HOST SIP/2.0", &LINES, BODIES[2], |text| secrets.written(text, spelling));
        redactor.message(&original);
        let leaking = secrets.written(line, spelling);
        prop_assert!(LeakCheck::new(&redactor).message(leaking.as_bytes()).is_some(), "{leaking}");
    }

    #[test]
    fn hostile_bytes_do_no_harm(
        pieces in vec(select(LINES.to_vec()), 0..8),
        noise in vec(any::<u8>(), 0..200),
        cuts in vec(any::<u16>(), 0..6),
        body in select(BODIES.to_vec()),
    ) {
        let mut bytes = message("INVITE sip:NUM@HOST SIP/2.0", &pieces, body, str::to_owned);
        for cut in cuts {
            let at = usize::from(cut) % bytes.len();
            bytes.splice(at..at, noise.iter().copied());
            let at = usize::from(cut / 7) % bytes.len();
            bytes.splice(at..(at + 5).min(bytes.len()), []);
        }
        let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
        let redacted = redactor.message(&bytes).to_vec();
        let is_sip = |bytes: &[u8]| Message::parse(bytes).is_sip();
        prop_assert_eq!(is_sip(&redacted), is_sip(&bytes), "{:?}", String::from_utf8_lossy(&redacted));
        LeakCheck::new(&redactor).message(&bytes);
    }
}

#[test]
fn long_runs_and_deep_nesting_are_no_problem() {
    const LONG: usize = 60_000;
    let fragment = "SIP/2.0 200 OK\r\nContent-Type: message/sipfrag\r\n\r\n".repeat(LONG / 48);
    for (line, body) in [
        (format!("Refer-To: <{}>", "sip:a?From=".repeat(LONG / 11)), ""),
        (format!("Call-ID: {}", "@".repeat(LONG)), ""),
        (format!("From: <sip:{}@h>", "*".repeat(LONG)), ""),
        (format!("From: <sip:{}@h>", "%".repeat(LONG)), ""),
        (format!("From: <sip:{}1@h>", "gw+".repeat(LONG / 3)), ""),
        (format!("Contact: <sip:{}>", "[".repeat(LONG)), ""),
        (format!("Subject: {}", ":".repeat(LONG)), ""),
        (format!("Warning: 399 h \"{}\"", "1 ".repeat(LONG / 2)), ""),
        (format!("Allow: {}", "1:".repeat(LONG / 2)), ""),
        ("Content-Type: message/sipfrag".to_owned(), fragment.as_str()),
    ] {
        let bytes = format!("INVITE sip:a@b SIP/2.0\r\n{line}\r\n\r\n{body}").into_bytes();
        let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
        let redacted = redactor.message(&bytes).to_vec();
        assert!(Message::parse(&redacted).is_sip(), "{}", &line[..20]);
        LeakCheck::new(&redactor).message(&redacted);
    }
}
