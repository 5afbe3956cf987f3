//! Made-up traffic of any size, the same on every machine: keep-alive OPTIONS, registrations, and calls through a
//! back-to-back user agent, over UDP, TCP and TLS, as a profile with its dump on would have written it.

use std::fmt::Write as _;

/// Bytes of one read from a stream.
const READ_LEN: usize = 1440;
/// Connections of each transport.
const PEERS: u64 = 60;
const TRANSPORTS: [&str; 3] = ["udp", "tcp", "tls"];
const AGENTS: [&str; 4] = [
    "FreeSWITCH-mod_sofia/1.10.12-release~64bit",
    "Yealink SIP-T46S 66.86.0.15",
    "baresip v3.12.1",
    "Cisco/IOS",
];

/// A dump of at least `len` bytes. The same `seed` gives the same bytes.
pub(crate) fn dump(len: usize, seed: u64) -> Vec<u8> {
    let mut dump =
        Dump { out: Vec::with_capacity(len + (64 << 10)), micros: 6 * 3_600_000_000, numbers: seed };
    dump.out.extend_from_slice(b"dump started at Sun Feb  1 06:00:00 2026\n\n\n");
    while dump.out.len() < len {
        match dump.below(100) {
            0..70 => dump.options(),
            70..78 => dump.register(),
            _ => dump.call(),
        }
        dump.micros += 100 + dump.below(20_000);
    }
    dump.out
}

/// One dialog as both sides of it see it.
struct Dialog {
    transport: &'static str,
    peer: String,
    call_id: String,
    from: String,
    to: String,
    cseq: u64,
    agent: &'static str,
    /// The word of frames that carry the caller's requests.
    forth: &'static str,
}

/// The dump so far, its clock, and where its random numbers stand.
struct Dump {
    out: Vec<u8>,
    micros: u64,
    numbers: u64,
}

impl Dump {
    fn below(&mut self, limit: u64) -> u64 {
        self.numbers =
            self.numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.numbers >> 33) % limit
    }

    fn dialog(&mut self, user: &str, forth: &'static str) -> Dialog {
        let transport = TRANSPORTS[self.below(3) as usize];
        let host = self.below(PEERS);
        let peer = match (transport, host % 3) {
            ("udp", 0) => format!("[2001:db8:10:14::{host:x}]:5060"),
            ("udp", _) => format!("[198.51.100.{host}]:5060"),
            (_, 0) => format!("[2001:db8:10:14::{host:x}]:{}", 20_000 + host * 577),
            (_, _) => format!("[198.51.100.{host}]:{}", 20_000 + host * 577),
        };
        let (a, b, tag) = (self.below(1 << 31), self.below(1 << 31), self.below(1 << 31));
        Dialog {
            transport,
            peer,
            call_id: format!("{a:08x}-{:04x}-123d-{:04x}-{b:012x}", self.below(1 << 16), self.below(1 << 16)),
            from: format!("\"{user}\" <sip:{user}@203.0.113.5>;tag={tag:x}"),
            to: format!("<sip:{}@pbx.example>", 1000 + self.below(1000)),
            cseq: 1 + self.below(1 << 27),
            agent: AGENTS[self.below(4) as usize],
            forth,
        }
    }

    fn options(&mut self) {
        let forth = if self.below(2) == 0 { "recv" } else { "sent" };
        let dialog = self.dialog("ping", forth);
        self.say(&dialog, "OPTIONS sip:ping@203.0.113.5 SIP/2.0", "OPTIONS", "", b"");
        self.say(&dialog, "SIP/2.0 200 OK", "OPTIONS", "Accept: application/sdp\r\n", b"");
    }

    fn register(&mut self) {
        let mut dialog = self.dialog("1583", "recv");
        let nonce = self.below(1 << 31);
        let challenge = format!(
            "WWW-Authenticate: Digest realm=\"pbx.example\", nonce=\"{nonce:x}\", algorithm=MD5, qop=\"auth\"\r\n"
        );
        let answer = format!(
            "Authorization: Digest username=\"1583\", realm=\"pbx.example\", nonce=\"{nonce:x}\", uri=\"sip:pbx.example\", \
             response=\"6629fae49393a05397450978507c4ef1\", algorithm=MD5, cnonce=\"0a4f113b\", qop=auth, nc=00000001\r\n"
        );
        self.say(&dialog, "REGISTER sip:pbx.example SIP/2.0", "REGISTER", "Expires: 300\r\n", b"");
        self.say(&dialog, "SIP/2.0 401 Unauthorized", "REGISTER", &challenge, b"");
        dialog.cseq += 1;
        self.say(&dialog, "REGISTER sip:pbx.example SIP/2.0", "REGISTER", &answer, b"");
        self.say(&dialog, "SIP/2.0 200 OK", "REGISTER", "Expires: 300\r\n", b"");
    }

    fn call(&mut self) {
        let caller = format!("+1555{:07}", self.below(10_000_000));
        let mut legs = [self.dialog(&caller, "recv"), self.dialog(&caller, "sent")];
        for leg in &legs {
            let (content_type, body) = self.offer();
            self.say(leg, "INVITE sip:1688@pbx.example SIP/2.0", "INVITE", content_type, &body);
            self.say(leg, "SIP/2.0 100 Trying", "INVITE", "", b"");
        }
        for leg in legs.iter().rev() {
            self.say(leg, "SIP/2.0 180 Ringing", "INVITE", "", b"");
        }
        let busy = self.below(8) == 0;
        self.micros += 1_000_000 + self.below(8_000_000);
        for leg in legs.iter().rev() {
            if busy {
                self.say(leg, "SIP/2.0 486 Busy Here", "INVITE", "", b"");
            } else {
                let sdp = self.sdp();
                self.say(leg, "SIP/2.0 200 OK", "INVITE", "Content-Type: application/sdp\r\n", &sdp);
            }
            self.say(leg, "ACK sip:1688@pbx.example SIP/2.0", "ACK", "", b"");
        }
        if busy {
            return;
        }
        self.micros += 1_000_000 + self.below(30_000_000);
        for leg in &mut legs {
            leg.cseq += 1;
            self.say(leg, "BYE sip:1688@pbx.example SIP/2.0", "BYE", "", b"");
            self.say(leg, "SIP/2.0 200 OK", "BYE", "", b"");
        }
    }

    /// What an INVITE carries: mostly a session description, sometimes the place of the caller too.
    fn offer(&mut self) -> (&'static str, Vec<u8>) {
        let sdp = self.sdp();
        if self.below(10) > 2 {
            return ("Content-Type: application/sdp\r\n", sdp);
        }
        let mut pidf = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<location-info>");
        for n in 0..5 + self.below(100) {
            let _ = write!(pidf, "<ca:A{n}>{:016x}</ca:A{n}>\r\n", self.below(1 << 31));
        }
        let body = [
            b"--bnd\r\nContent-Type: application/sdp\r\n\r\n",
            &sdp[..],
            b"\r\n--bnd\r\nContent-Type: application/pidf+xml\r\nContent-ID: <loc@psap.example>\r\n\r\n",
            pidf.as_bytes(),
            b"</location-info>\r\n--bnd--\r\n",
        ];
        (
            "Content-Type: multipart/mixed;boundary=bnd\r\nGeolocation: <cid:loc@psap.example>\r\n",
            body.concat(),
        )
    }

    fn sdp(&mut self) -> Vec<u8> {
        let (id, port) = (self.below(1 << 31), 16_384 + 2 * self.below(8192));
        format!(
            "v=0\r\no=FreeSWITCH {id} {} IN IP4 203.0.113.5\r\ns=FreeSWITCH\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n\
             m=audio {port} RTP/AVP 0 8 9 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
             a=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\n",
            id + 1
        )
        .into_bytes()
    }

    /// One message: one frame on UDP or when sent, the reads of a stream when received.
    fn say(&mut self, dialog: &Dialog, start: &str, method: &str, extra: &str, body: &[u8]) {
        let is_response = start.starts_with("SIP/2.0 ");
        let to_tag = if is_response { ";tag=9eB41v" } else { "" };
        let mut message = format!(
            "{start}\r\nVia: SIP/2.0/{} 203.0.113.5:5060;rport;branch=z9hG4bK{:x}\r\nMax-Forwards: 70\r\nFrom: {}\r\n\
             To: {}{to_tag}\r\nCall-ID: {}\r\nCSeq: {} {method}\r\nContact: <sip:mod_sofia@203.0.113.5:5060;transport={}>\r\n\
             User-Agent: {}\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY\r\n\
             Supported: timer, path, replaces\r\n{extra}Content-Length: {}\r\n\r\n",
            dialog.transport.to_uppercase(), dialog.cseq * 31, dialog.from, dialog.to, dialog.call_id, dialog.cseq,
            dialog.transport, dialog.agent, body.len(),
        )
        .into_bytes();
        message.extend_from_slice(body);
        let way = match (dialog.forth, is_response) {
            ("recv", false) | ("sent", true) => ("recv", "from"),
            _ => ("sent", "to"),
        };
        self.micros += 20 + self.below(4000);
        let most = if dialog.transport == "udp" || way.0 == "sent" { message.len() } else { READ_LEN };
        for read in message.chunks(most) {
            self.frame(way, dialog, read);
            self.micros += 1 + self.below(60);
        }
    }

    fn frame(&mut self, (way, peer): (&str, &str), dialog: &Dialog, content: &[u8]) {
        let (secs, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        let (hour, min, sec) = (secs / 3600 % 24, secs / 60 % 60, secs % 60);
        let header = format!(
            "{way} {} bytes {peer} {}/{} at {hour:02}:{min:02}:{sec:02}.{micros:06}:\n",
            content.len(),
            dialog.transport,
            dialog.peer
        );
        self.out.extend_from_slice(header.as_bytes());
        self.out.extend_from_slice(content);
        self.out.extend_from_slice(b"\x0b\n");
    }
}
