//! Reads a message's header fields, and has its body read, into [`Signals`] while the text is at hand.
//!
//! Must not know: legs, rows, what the signals mean together.

use crate::base::Direction;
use crate::base::bytes::{decimal, is_blank, trim, trim_end};
use crate::message::MessageRef;
use crate::sip::{Address, IndexFields, OtherField, Reason, StartLine, user_of};

use super::bindings::{Binding, seconds};
use super::challenge;
use super::evidence::Kind;
use super::hash::{Number, call_id_hash, hash, wide_hash};
use super::header::Field;
use super::method::Method;
use super::note::Noted;
use super::parts;
use super::session_timer::SessionTimer;
use super::signals::{Later, Said, Signals, starts_with};

impl Signals {
    /// Records `message`, whose `head` and `fields` were read before, without its body, unless that is long: `read_body` has to
    /// follow, perhaps on another thread.
    pub(crate) fn read_head(
        &mut self,
        message: &MessageRef<'_>,
        head: &IndexFields<'_>,
        fields: &[OtherField],
    ) {
        self.clear();
        self.marker = *message.marker;
        self.sent = message.direction == Direction::Sent;
        self.from_tag = tag(head.from);
        self.to_tag = tag(head.to);
        let (method, status, uri) = match head.start_line {
            Some(StartLine::Request { method, uri }) => (method, 0, uri),
            Some(StartLine::Status { code, .. }) => (head.cseq_method, code, &b""[..]),
            None => return,
        };
        self.method = Method::read(method);
        if self.method == Method::Invite && status == 0 {
            self.request_uri(uri, head);
        }
        if is_telling(self.method, status) {
            self.fields(message.content, fields, status);
        }
        let body = message.content.get(head.body_offset..).unwrap_or_default();
        if head.content_type.is_empty() || body.len() > Later::MOST {
            self.body(body, head.content_type, status);
        } else {
            self.later.keep(body, head.content_type, status);
        }
    }

    /// Reads the body that `read_head` left.
    pub(crate) fn read_body(&mut self) {
        let mut later = std::mem::take(&mut self.later);
        if let Some((body, content_type, status)) = later.body() {
            self.body(body, content_type, status);
        }
        later.clear();
        self.later = later;
    }

    pub(super) fn body(&mut self, body: &[u8], content_type: &[u8], status: u16) {
        if !content_type.is_empty() {
            parts::read(self, body, content_type);
        }
        // A response may repeat what the request named.
        if status == 0 && !self.carried.is_empty() {
            self.missing_parts(body);
        }
    }

    fn fields(&mut self, content: &[u8], fields: &[OtherField], status: u16) {
        let has_rules = !self.rules.is_empty();
        for field in fields {
            let text = |from: u32, to: u32| content.get(from as usize..to as usize).unwrap_or_default();
            // The colon is what precedes the value.
            let mut name = text(field.name, field.value.saturating_sub(1));
            if name.last().is_some_and(|&b| is_blank(b)) {
                name = trim_end(name);
            }
            let value = || trim(text(field.value, field.end));
            if let Some(kind) = Field::of(name).filter(|field| self.looks_at(*field)) {
                self.field(kind, name, value(), status);
            }
            if has_rules && self.rules.joins_by(name) {
                self.rule(name, value());
            }
        }
    }

    /// Of a MESSAGE only what authenticates it is of interest.
    fn looks_at(&self, field: Field) -> bool {
        self.method != Method::Message || matches!(field, Field::Challenge | Field::Authorization)
    }

    fn request_uri(&mut self, uri: &[u8], head: &IndexFields<'_>) {
        self.mark(Kind::Own, call_id_hash(head.call_id));
        self.number(Kind::Callee, user_of(uri));
        self.number(Kind::From, user_of(head.from));
        self.number(Kind::To, user_of(head.to));
        if let Some(name) = Address::parse(head.from).display_name() {
            self.mark(Kind::DisplayName, wide_hash(&[&name]));
        }
        self.mark(Kind::Branch, wide_hash(&[head.branch]));
        if starts_with(uri, b"urn:service:sos") || starts_with(user_of(head.to), b"service:sos") {
            self.said.add(Said::EMERGENCY);
        }
    }

    fn number(&mut self, kind: Kind, user: &[u8]) {
        self.mark(kind, Number::read(user).packed());
    }

    fn field(&mut self, field: Field, name: &[u8], value: &[u8], status: u16) {
        match field {
            Field::Identity => Address::list(value).for_each(|one| self.number(Kind::Identity, one.user())),
            Field::Diversion => Address::list(value).for_each(|one| self.number(Kind::Diverted, one.user())),
            Field::MaxForwards => self.max_forwards(value),
            Field::Reason => self.reason(value),
            Field::Contact => self.contact(value, status),
            Field::Extension => self.extension(name, value),
            Field::CallIdReference => self.mark(Kind::CallId, call_id_hash(value)),
            Field::SessionId => self.session_id(value),
            Field::SessionExpires => self.session_timer = Some(SessionTimer::read(value)),
            Field::ChargingVector => {
                let icid = value.split(|&b| b == b';').map(trim).find_map(|p| p.strip_prefix(b"icid-value="));
                if let Some(icid) = icid {
                    self.mark(Kind::ChargingVector, wide_hash(&[icid]));
                }
            }
            Field::CallInfo => self.call_info(value),
            Field::Geolocation => self.geolocation(value),
            Field::Replaces => self.replaces(value),
            Field::ReferTo => self.refer_to(value),
            Field::ReferredBy => self.number(Kind::ReferredBy, user_of(value)),
            Field::Expires => self.expires = self.expires.or(seconds(value)),
            Field::Challenge => self.challenge(value),
            Field::Authorization => self.authorization(value),
            Field::SubscriptionState => self.subscription_state(value),
            Field::Event if starts_with(value, b"refer") => self.said.add(Said::REFER_EVENT),
            Field::RSeq => self.rseq = decimal(value).unwrap_or_default() as u32,
            Field::Require if is_option(value, b"100rel") => self.said.add(Said::RELIABLE),
            Field::Warning if self.reason.is_empty() => {
                self.reason.extend_from_slice(value.splitn(3, |&b| b == b' ').nth(2).unwrap_or_default());
            }
            Field::Event | Field::Require | Field::Warning => {}
        }
    }

    fn session_id(&mut self, value: &[u8]) {
        let mut words = value.split(|&b| b == b';').map(trim);
        self.mark(Kind::SessionId, wide_hash(&[words.next().unwrap_or_default()]));
        // Who does not know the other end's identifier yet writes zeros (RFC 7989 §5).
        let remote = words.find_map(|word| word.strip_prefix(b"remote="));
        if let Some(remote) = remote.filter(|remote| remote.iter().any(|&b| b != b'0')) {
            self.mark(Kind::SessionId, wide_hash(&[remote]));
        }
    }

    fn max_forwards(&mut self, value: &[u8]) {
        self.max_forwards = decimal(value).and_then(|n| u8::try_from(n).ok());
        if self.method == Method::Invite {
            self.mark(Kind::MaxForwards, self.max_forwards.map_or(0, |n| u64::from(n) + 1));
        }
    }

    fn reason(&mut self, value: &[u8]) {
        for reason in Reason::list(value) {
            let cause = reason.cause().unwrap_or_default();
            if reason.protocol.eq_ignore_ascii_case(b"Q.850") {
                self.cause = u8::try_from(cause).unwrap_or_default();
            } else if reason.protocol.eq_ignore_ascii_case(b"SIP") {
                self.reported = u16::try_from(cause).unwrap_or_default();
                if cause == 200 {
                    self.mark(Kind::Elsewhere, 1);
                }
            }
            if let Some(text) = reason.text().filter(|text| !text.is_empty()) {
                self.reason.clear();
                self.reason.extend_from_slice(&text);
            }
        }
    }

    fn contact(&mut self, value: &[u8], status: u16) {
        match self.method {
            Method::Invite if (300..400).contains(&status) => {
                self.refer_to.clear();
                let first = Address::list(value).next();
                self.refer_to.extend_from_slice(first.map_or(&b""[..], |first| first.uri));
            }
            Method::Invite if self.sent || status >= 300 => {}
            Method::Invite => self.target(value),
            Method::Register if value == b"*" => self.said.add(Said::ALL_CONTACTS),
            Method::Register => {
                self.bindings.extend(Address::list(value).map(|one| Binding::read(&one)));
            }
            _ => {}
        }
    }

    /// State, `expires` and `reason` (RFC 6665 §8.2.3).
    fn subscription_state(&mut self, value: &[u8]) {
        let mut words = value.split(|&b| b == b';').map(trim);
        let state = words.next().unwrap_or_default();
        let states =
            [(&b"terminated"[..], Said::TERMINATED), (b"pending", Said::PENDING), (b"active", Said::ACTIVE)];
        for (_, said) in states.iter().filter(|(word, _)| state.eq_ignore_ascii_case(word)) {
            self.said.add(*said);
        }
        for word in words {
            if starts_with(word, b"expires=") {
                self.expires = seconds(trim(&word[8..])).or(self.expires);
            } else if starts_with(word, b"reason=") {
                self.reason.clear();
                self.reason.extend_from_slice(trim(&word[7..]));
            }
        }
    }

    /// Where the peer wants the requests of the dialog.
    fn target(&mut self, value: &[u8]) {
        let Some(uri) = Address::list(value).next().and_then(|first| first.parsed_uri()) else { return };
        let host = uri.host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(uri.host);
        self.contact = std::str::from_utf8(host).ok().and_then(|host| host.parse().ok());
    }

    /// A field that joins legs because the user says so: by equal values, or by naming a Call-ID.
    fn rule(&mut self, name: &[u8], value: &[u8]) {
        self.mark(Kind::Rule, wide_hash(&[&name.to_ascii_lowercase(), value]));
        self.mark(Kind::CallId, call_id_hash(value));
    }

    fn extension(&mut self, name: &[u8], value: &[u8]) {
        let mut lower = [0_u8; 48];
        let kept = name.len().min(lower.len());
        lower[..kept].copy_from_slice(&name[..kept]);
        lower.make_ascii_lowercase();
        self.mark(Kind::Extension, wide_hash(&[&lower[..kept], value]));
        self.mark(Kind::CallId, call_id_hash(value));
    }

    fn call_info(&mut self, value: &[u8]) {
        for item in crate::sip::List::new(value) {
            let uri = Address::parse(item).uri;
            self.mark(Kind::CallInfo, wide_hash(&[uri]));
            self.incident(uri);
            self.carry(Noted::CallInfo, uri);
        }
    }

    fn geolocation(&mut self, value: &[u8]) {
        for item in crate::sip::List::new(value) {
            self.carry(Noted::Geolocation, Address::parse(item).uri);
        }
    }

    /// The parts that `cid:` names (RFC 2392) and that the body does not have, at whatever depth.
    fn missing_parts(&mut self, body: &[u8]) {
        let is_missing = |uri: &[u8]| {
            let name = uri.strip_prefix(b"cid:").map(crate::sip::percent_decode)?;
            memchr::memmem::find(body, &[b"<", &*name, b">"].concat()).is_none().then_some(())
        };
        let missing: Vec<_> = self.carried.iter().filter(|(_, uri)| is_missing(uri).is_some()).collect();
        let missing: Vec<_> = missing.into_iter().map(|(_, uri)| (Noted::MissingPart, uri.clone())).collect();
        self.carried.extend(missing);
    }

    fn replaces(&mut self, value: &[u8]) {
        self.said.add(Said::REPLACES);
        self.mark(Kind::Replaces, call_id_hash(trim(before(value, b';'))));
    }

    fn refer_to(&mut self, value: &[u8]) {
        let uri = Address::parse(value).uri;
        self.number(Kind::ReferTo, user_of(uri));
        self.refer_to.clear();
        self.refer_to.extend_from_slice(user_of(uri));
        if let Some(at) = memchr::memmem::find(uri, b"Replaces=") {
            let escaped = uri[at + 9..].split(|&b| b == b'&').next().unwrap_or_default();
            self.replaces(&crate::sip::percent_decode(escaped));
        }
    }

    fn challenge(&mut self, value: &[u8]) {
        self.protections.extend(challenge::read(value));
        let stale = memchr::memmem::find(value, b"stale=").map(|at| &value[at + 6..]);
        if stale.is_some_and(|text| starts_with(text.strip_prefix(b"\"").unwrap_or(text), b"true")) {
            self.said.add(Said::STALE);
        }
    }

    fn authorization(&mut self, value: &[u8]) {
        self.said.add(Said::DIGEST);
        self.protections.extend(challenge::read(value));
        if let Some(at) = memchr::memmem::find(value, b"username=\"") {
            let text = &value[at + 10..];
            self.user.clear();
            self.user.extend_from_slice(before(text, b'"'));
        }
    }
}

/// Whether more than the tags of such a message is looked at.
fn is_telling(method: Method, status: u16) -> bool {
    match method {
        Method::Ack | Method::Prack | Method::Other | Method::Options => false,
        Method::Cancel => status == 0,
        Method::Message | Method::Info | Method::Publish | Method::Bye => matches!(status, 0 | 401 | 407),
        Method::Invite => status != 100,
        _ => !(100..200).contains(&status),
    }
}

/// Hash of the tag of a From or To value; 0 without.
fn tag(value: &[u8]) -> u32 {
    // Nearly every value ends with `>;tag=`, the tag, and nothing else.
    let is_end = |b: u8| b <= b' ' || b == b';';
    if let Some(at) = memchr::memrchr(b'>', value)
        && let Some(tag) = value[at + 1..].strip_prefix(b";tag=")
        && !tag.iter().fold(false, |found, &b| found | is_end(b))
    {
        return hash(&[tag]);
    }
    // Parameters of the field follow the last `>`, and a quoted display name precedes it.
    let params = value.iter().rposition(|&b| b == b'>').map_or(value, |at| &value[at..]);
    let mut rest = params;
    while let Some(at) = rest.iter().position(|&b| b == b';') {
        rest = &rest[at + 1..];
        if starts_with(rest, b"tag=") {
            let tag = &rest[4..];
            let end = tag.iter().position(|&b| is_end(b)).unwrap_or(tag.len());
            return hash(&[&tag[..end]]);
        }
    }
    0
}

/// Whether a list of option tags has this one.
fn is_option(value: &[u8], option: &[u8]) -> bool {
    value.split(|&b| b == b',').any(|tag| trim(tag).eq_ignore_ascii_case(option))
}

fn before(text: &[u8], byte: u8) -> &[u8] {
    text.split(|&b| b == byte).next().unwrap_or_default()
}
