//! The `PASSporT` of an Identity field (RFC 8224, RFC 8225), decoded: header parameters and claims.
//!
//! Must not know: how fields are laid out; certificates, keys: the signature is not checked.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::sip::List;
use crate::style::styled_text::{Line, Role};

use super::format::{blanks, shown};

/// RFC 7515 §2 leaves the padding out; some software writes it anyway.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The claims that are shown first, in this order (RFC 8225 §5.2, RFC 8588 §4, RFC 8946 §3).
const FIRST_CLAIMS: [&str; 5] = ["attest", "orig", "dest", "div", "iat"];

/// Longer tokens are not decoded: a `PASSporT` has some hundred bytes.
const MAX_TOKEN_BYTES: usize = 64 << 10;

/// What the value of an Identity field says: a line for each header parameter and claim, `column` cells to the right.
pub(super) fn lines(value: &[u8], column: usize) -> Vec<Line> {
    let mut out = Vec::new();
    for item in List::new(value) {
        let token = item.split(|&b| b == b';').next().unwrap_or_default().trim_ascii();
        let mut notes = notes(token);
        out.extend(notes.drain(..).map(|(role, text)| Line::of(Role::Plain, blanks(column)).and(role, text)));
    }
    out
}

fn notes(token: &[u8]) -> Vec<(Role, String)> {
    let mut sections = token.split(|&b| b == b'.');
    let (Some(header), Some(claims), Some(_signature), None) =
        (sections.next(), sections.next(), sections.next(), sections.next())
    else {
        return vec![(Role::Note, "not a PASSporT of RFC 8225".to_owned())];
    };
    if header.is_empty() && claims.is_empty() {
        // RFC 8225 §7: the verifier makes both from the message.
        let text =
            "PASSporT in compact form: header and claims are not in the field. The signature is not checked.";
        return vec![(Role::Note, text.to_owned())];
    }
    let mut out = vec![(Role::Note, "PASSporT. The signature is not checked.".to_owned())];
    section("header", header, &[], &mut out);
    section("claims", claims, &FIRST_CLAIMS, &mut out);
    out
}

/// One section: the members named in `first`, then the others as they are written.
fn section(name: &str, encoded: &[u8], first: &[&str], out: &mut Vec<(Role, String)>) {
    match decode(encoded) {
        Ok(members) => {
            let rank = |key: &str| first.iter().position(|known| *known == key).unwrap_or(first.len());
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by_key(|(key, _)| rank(key));
            out.extend(members.iter().map(|(key, value)| (Role::Note, member(key, value))));
        }
        Err(why) => out.push((Role::Error, format!("▲ the PASSporT's {name}: {why}"))),
    }
}

fn decode(encoded: &[u8]) -> Result<Map<String, Value>, &'static str> {
    if encoded.len() > MAX_TOKEN_BYTES {
        return Err("too long, not decoded");
    }
    let json = BASE64URL.decode(encoded).map_err(|_| "not valid base64url")?;
    match serde_json::from_slice(&json) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err("not a JSON object"),
    }
}

/// `attest  A: full, …`
fn member(key: &str, value: &Value) -> String {
    let text = match (key, value) {
        ("attest", Value::String(level)) => attestation(level),
        ("iat", Value::Number(seconds)) => issued_at(seconds),
        ("orig" | "dest" | "div", Value::Object(identities)) => {
            let each = identities.iter().map(|(kind, value)| format!("{kind} {}", plain(value)));
            each.collect::<Vec<_>>().join(", ")
        }
        _ => plain(value),
    };
    format!("{:<6}  {}", shown(key.as_bytes()), shown(text.as_bytes()))
}

/// A string without its quotes, a list without its brackets, anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// RFC 8588 §4: what the signer says of the caller.
fn attestation(level: &str) -> String {
    let meaning = match level {
        "A" => "full: the caller is known and may use this number",
        "B" => "partial: the caller is known, its right to this number is not",
        "C" => "gateway: only the point of entry into the network is known",
        _ => return level.to_owned(),
    };
    format!("{level} ({meaning})")
}

/// Seconds since 1970 as a time in UTC.
fn issued_at(seconds: &serde_json::Number) -> String {
    let time = seconds.as_i64().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.map_or_else(
        || seconds.to_string(),
        |time| format!("{seconds} ({} UTC)", time.strftime("%Y-%m-%d %H:%M:%S")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2lnbmF0dXJl", BASE64URL.encode(header), BASE64URL.encode(claims))
    }

    fn described(value: &str) -> Vec<String> {
        lines(value.as_bytes(), 0).iter().map(Line::text).collect()
    }

    #[test]
    fn header_and_claims_are_read() {
        let header = r#"{"alg":"ES256","ppt":"div","typ":"passport","x5u":"https://c.example/a.pem"}"#;
        let claims = r#"{"origid":"7","dest":{"tn":["1","2"],"uri":["sip:a@b"]},"iat":1770000000,"orig":{"tn":"3"},"attest":"B","div":{"tn":"4","hi":"1.1"},"x":{"y":[1]},"e":"\u001b[2J"}"#;
        assert_eq!(
            described(&format!("{};info=<https://c.example/a.pem>;alg=ES256;ppt=div", token(header, claims))),
            [
                "PASSporT. The signature is not checked.",
                "alg     ES256",
                "ppt     div",
                "typ     passport",
                "x5u     https://c.example/a.pem",
                "attest  B (partial: the caller is known, its right to this number is not)",
                "orig    tn 3",
                "dest    tn 1, 2, uri sip:a@b",
                "div     tn 4, hi 1.1",
                "iat     1770000000 (2026-02-02 02:40:00 UTC)",
                "origid  7",
                "x       {\"y\":[1]}",
                r"e       \x1b[2J",
            ]
        );
    }

    #[test]
    fn what_cannot_be_decoded_is_named() {
        let padded = format!("{}.{}.x", BASE64URL.encode("{}"), BASE64URL.encode("[1]"));
        for (value, expected) in [
            (
                "..c2ln;info=<https://h/p>",
                &[
                    "PASSporT in compact form: header and claims are not in the field. The signature is not checked.",
                ][..],
            ),
            ("\"old of RFC 4474\"", &["not a PASSporT of RFC 8225"]),
            (
                &padded,
                &["PASSporT. The signature is not checked.", "▲ the PASSporT's claims: not a JSON object"],
            ),
            (
                "e30.*.x",
                &["PASSporT. The signature is not checked.", "▲ the PASSporT's claims: not valid base64url"],
            ),
            ("", &[]),
        ] {
            assert_eq!(described(value), expected, "{value}");
        }
        let long = format!("e30.{}.x", "A".repeat(MAX_TOKEN_BYTES + 1));
        assert_eq!(described(&long)[1], "▲ the PASSporT's claims: too long, not decoded");
    }
}
