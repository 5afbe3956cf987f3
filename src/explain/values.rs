//! Paints values of header fields: users, hosts and identifiers are emphasised, parameters are dim.
//!
//! Painting never changes the text: the pieces put together are the escaped value.
//!
//! Must not know: how fields are laid out.

use crate::sip::{Address, CSeq, List, Params, StartLine, Uri, Via};
use crate::style::styled_text::{Role, Span};

use super::format::shown;

/// Fields whose value is an address or a list of them.
const ADDRESSES: [&str; 22] = [
    "From",
    "To",
    "Contact",
    "Route",
    "Record-Route",
    "P-Asserted-Identity",
    "P-Preferred-Identity",
    "Remote-Party-ID",
    "Refer-To",
    "Referred-By",
    "Reply-To",
    "Path",
    "Service-Route",
    "Diversion",
    "History-Info",
    "P-Called-Party-ID",
    "P-Associated-URI",
    "P-Served-User",
    "Call-Info",
    "Alert-Info",
    "Error-Info",
    "Geolocation",
];

/// Fields that say what the software can do, not what happens.
const ABILITIES: [&str; 7] =
    ["Allow", "Allow-Events", "Supported", "Accept", "Accept-Encoding", "Accept-Language", "Max-Forwards"];

/// Fields that name another dialog: a Call-ID, then tags as parameters (RFC 3891, RFC 3911, RFC 4538).
const DIALOGS: [&str; 5] = ["Call-ID", "Replaces", "Join", "Target-Dialog", "In-Reply-To"];

/// Fields with credentials or a challenge.
const DIGESTS: [&str; 4] = ["Authorization", "Proxy-Authorization", "WWW-Authenticate", "Proxy-Authenticate"];

/// Longer values come in one piece: no one reads them for their users and hosts.
const PAINTED_MOST: usize = 16 << 10;

/// The value of the field of that full name, in painted pieces.
pub(super) fn spans(name: &[u8], value: &[u8]) -> Vec<Span> {
    if value.len() > PAINTED_MOST {
        return vec![Span { role: Role::Plain, text: shown(value) }];
    }
    let is_one = |names: &[&str]| names.iter().any(|n| n.as_bytes().eq_ignore_ascii_case(name));
    let mut paint = Paint::new(value);
    if is_one(&ADDRESSES) {
        List::new(value).for_each(|item| paint.address(item));
    } else if is_one(&["Via"]) {
        List::new(value).for_each(|item| paint.via(item));
    } else if is_one(&DIALOGS) {
        List::new(value).for_each(|item| paint.dialog(item));
    } else if is_one(&["CSeq"]) {
        paint.cseq();
    } else if is_one(&DIGESTS) {
        paint.digest();
    } else if is_one(&["Content-Type", "Event", "Subscription-State", "Content-Disposition"]) {
        paint.first_word();
    } else if is_one(&["Identity"]) {
        // The token is decoded below: only the parameters are for reading.
        let end = memchr::memchr(b';', value).unwrap_or(0);
        paint.mark_to(end, value.len(), Role::Plain);
    } else if !is_one(&ABILITIES) {
        paint.mark(value, Role::Plain);
    }
    paint.finish()
}

/// The start line in painted pieces; a line that is none comes plain.
pub(super) fn start_line(line: &[u8], parsed: Option<StartLine<'_>>) -> Vec<Span> {
    let mut paint = Paint::new(line);
    match parsed {
        Some(StartLine::Request { method, uri }) => {
            paint.mark(method, Role::of_method(method));
            paint.uri(uri);
        }
        Some(StartLine::Status { code, reason }) => {
            let digits = line.len() - reason.len();
            let code_at =
                line[..digits].iter().rposition(u8::is_ascii_digit).map_or(0, |last| last.saturating_sub(2));
            let class = Role::of_status(code);
            paint.mark(&line[code_at..], class);
        }
        None => paint.mark(line, Role::Plain),
    }
    paint.finish()
}

/// A text that is painted from left to right; what nothing marks is dim.
struct Paint<'a> {
    text: &'a [u8],
    at: usize,
    spans: Vec<Span>,
}

impl<'a> Paint<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, spans: Vec::new() }
    }

    /// Paints `part`, a slice of the text. What precedes the end of an earlier mark stays as it is.
    fn mark(&mut self, part: &[u8], role: Role) {
        let Some(start) = self.position(part) else { return };
        self.mark_to(start, start + part.len(), role);
    }

    fn mark_to(&mut self, start: usize, end: usize, role: Role) {
        if start < self.at || end <= start {
            return;
        }
        self.push(start, Role::Dim);
        self.push(end, role);
    }

    fn push(&mut self, end: usize, role: Role) {
        if self.at < end {
            self.spans.push(Span { role, text: shown(&self.text[self.at..end]) });
            self.at = end;
        }
    }

    fn finish(mut self) -> Vec<Span> {
        self.push(self.text.len(), Role::Dim);
        self.spans
    }

    /// Where `part` is in the text; `None` where it is no slice of it, as an unescaped copy is not.
    fn position(&self, part: &[u8]) -> Option<usize> {
        let start = part.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        (start + part.len() <= self.text.len()).then_some(start)
    }

    fn address(&mut self, item: &[u8]) {
        let address = Address::parse(item);
        self.mark(address.raw_name, Role::Plain);
        self.uri(address.uri);
        self.params(address.params);
    }

    fn uri(&mut self, text: &[u8]) {
        let Some(uri) = Uri::parse(text) else {
            self.mark(text, Role::Plain);
            return;
        };
        match uri.user {
            Some(user) => self.mark(user, Role::User),
            None if uri.host.is_empty() => self.mark(uri.opaque, Role::User),
            None => {}
        }
        self.host(uri.host);
    }

    /// A host and its port.
    fn host(&mut self, host: &[u8]) {
        let Some(start) = self.position(host).filter(|_| !host.is_empty()) else { return };
        let mut end = start + host.len();
        let rest = &self.text[end..];
        let port = rest.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
        if rest.first() == Some(&b':') && port > 0 {
            end += 1 + port;
        }
        self.mark_to(start, end, Role::Host);
    }

    fn via(&mut self, item: &[u8]) {
        let Some(via) = Via::parse(item) else {
            self.mark(item, Role::Plain);
            return;
        };
        self.mark(via.transport, Role::Plain);
        self.host(via.host);
        self.params(via.params);
    }

    /// Marks what connects messages, and the addresses that a hop saw.
    fn params(&mut self, params: Params<'_>) {
        for param in params.iter() {
            let Some(value) = param.value else { continue };
            let is = |name: &str| param.name.eq_ignore_ascii_case(name.as_bytes());
            if ["tag", "branch", "from-tag", "to-tag", "icid-value"].into_iter().any(is) {
                self.mark(value, Role::Id);
            } else if ["received", "rport", "maddr"].into_iter().any(is) {
                self.mark(value, Role::Host);
            } else if ["purpose", "reason", "expires"].into_iter().any(is) {
                self.mark(value, Role::Plain);
            }
        }
    }

    fn dialog(&mut self, item: &[u8]) {
        let end = memchr::memchr(b';', item).unwrap_or(item.len());
        self.mark(&item[..end], Role::Id);
        self.params(Params::new(&item[end..]));
    }

    fn cseq(&mut self) {
        let text = self.text;
        match CSeq::parse(text) {
            Some(cseq) => {
                let digits = text.len() - cseq.method.len();
                self.mark(&text[..digits], Role::Plain);
                self.mark(cseq.method, Role::of_method(cseq.method));
            }
            None => self.mark(text, Role::Plain),
        }
    }

    fn digest(&mut self) {
        let text = self.text;
        let scheme = memchr::memchr(b' ', text).unwrap_or(text.len());
        self.mark(&text[..scheme], Role::Plain);
        for item in List::new(&text[scheme..]) {
            for param in Params::new(item).iter() {
                let Some(value) = param.value else { continue };
                if param.name.eq_ignore_ascii_case(b"username") {
                    self.mark(value, Role::User);
                } else if param.name.eq_ignore_ascii_case(b"realm") {
                    self.mark(value, Role::Host);
                }
            }
        }
    }

    /// What precedes the parameters.
    fn first_word(&mut self) {
        let end = memchr::memchr(b';', self.text).unwrap_or(self.text.len());
        self.mark_to(0, end, Role::Plain);
        let params = Params::new(&self.text[end..]);
        self.params(params);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces that are neither plain nor dim, each with its role.
    fn described(spans: Vec<Span>) -> String {
        let pieces = spans.into_iter().filter(|span| !matches!(span.role, Role::Plain | Role::Dim));
        pieces.map(|span| format!("{:?}={}", span.role, span.text)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn values_say_who_where_and_what_connects_them() {
        for (name, value, expected) in [
            (
                "From",
                "\"Ann <x>\" <sip:ann@192.0.2.7:5060;lr>;tag=7 ;x=y",
                "User=ann Host=192.0.2.7:5060 Id=7",
            ),
            ("contact", "<sip:a@h>, <sips:[2001:db8::1]:5061>", "User=a Host=h Host=[2001:db8::1]:5061"),
            ("To", "tel:+1555", "User=+1555"),
            ("To", "<urn:service:sos>", "User=service:sos"),
            (
                "Via",
                "SIP/2.0/UDP h:5060;branch=z9;received=192.0.2.1, SIP/2.0/TCP i",
                "Host=h:5060 Id=z9 Host=192.0.2.1 Host=i",
            ),
            ("Call-ID", "a@b", "Id=a@b"),
            ("Replaces", "a@b;to-tag=1;from-tag=2", "Id=a@b Id=1 Id=2"),
            ("CSeq", "1 INVITE", "Invite=INVITE"),
            ("Authorization", "Digest username=\"u\", realm=\"r\", uri=\"sip:x\"", "User=\"u\" Host=\"r\""),
            ("Subject", "sip:a@b", ""),
            ("Identity", "e30.e30.x;info=<https://h>", ""),
            ("Via", "rubbish", ""),
            ("From", "", ""),
        ] {
            let spans = spans(name.as_bytes(), value.as_bytes());
            let text: String = spans.iter().map(|span| span.text.as_ref()).collect();
            assert_eq!(text, value, "painting changes nothing");
            assert_eq!(described(spans), expected, "{name}: {value}");
        }
    }

    #[test]
    fn start_lines_show_method_and_class() {
        for (line, expected) in [
            ("INVITE sip:u@h:5060;x SIP/2.0", "Invite=INVITE User=u Host=h:5060"),
            ("SIP/2.0 486 Busy Here", "Failure=486 Busy Here"),
            ("SIP/2.0 200 ", "Success=200 "),
            ("garbage", ""),
        ] {
            let spans = start_line(line.as_bytes(), crate::sip::start_line::parse(line.as_bytes()));
            assert_eq!(spans.iter().map(|span| span.text.as_ref()).collect::<String>(), line);
            assert_eq!(described(spans), expected);
        }
    }
}
