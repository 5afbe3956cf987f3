//! Writes the dump of a trace that is told line by line.
//!
//! Must not know: legs, pairs.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The dialog of a leg so far.
#[derive(Default)]
struct Dialog {
    /// The users of From and To.
    ends: [String; 2],
    is_sent: bool,
    requests: u32,
    /// The method of the last request.
    method: String,
}

/// One line of a trace.
struct Step<'t> {
    leg: &'t str,
    is_sent: bool,
    what: &'t str,
    numbers: &'t [&'t str],
    fields: Vec<&'t str>,
    body: &'t str,
}

/// The lines of a trace.
pub(super) fn lines(trace: &str) -> impl Iterator<Item = &str> {
    trace.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The leg that a line is about.
pub(super) fn leg_of(line: &str) -> &str {
    line.split_whitespace().nth(1).unwrap()
}

/// The dump that one of two FreeSWITCH hosts wrote.
pub(super) fn dump(trace: &str, is_second: bool) -> String {
    let (mut legs, mut dump) = (BTreeMap::<&str, Dialog>::new(), String::new());
    for line in lines(trace).filter(|line| leg_of(line).starts_with(char::is_uppercase) == is_second) {
        let (line, body) = line.split_once(" || ").unwrap_or((line, ""));
        let mut fields = line.split(" | ");
        let words: Vec<&str> = fields.next().unwrap().split_whitespace().collect();
        let [millis, leg, way, what, numbers @ ..] = &words[..] else { panic!("{line}") };
        let step = Step { leg, is_sent: *way == "<", what, numbers, fields: fields.collect(), body };
        let content = message(&step, legs.entry(leg).or_default());
        let peer = 1 + leg.bytes().map(u32::from).sum::<u32>() % 250;
        let (way, at) = if step.is_sent { ("sent", "to") } else { ("recv", "from") };
        let (secs, millis, len) = (millis.len().saturating_sub(3), format!("{millis:0>4}"), content.len());
        let secs = if secs == 0 { "0" } else { &millis[..secs] };
        let millis = &millis[millis.len() - 3..];
        write!(
            dump,
            "{way} {len} bytes {at} udp/[192.0.2.{peer}]:5060 at 06:00:{secs:0>2}.{millis}000:\n{content}\x0b\n"
        )
        .unwrap();
    }
    dump
}

fn message(step: &Step<'_>, dialog: &mut Dialog) -> String {
    let Step { is_sent, what, .. } = *step;
    let is_response = what.bytes().all(|b| b.is_ascii_digit());
    if let ("INVITE", [from, to]) = (what, step.numbers) {
        (dialog.ends, dialog.is_sent) = ([(*from).to_owned(), (*to).to_owned()], is_sent);
    }
    if !is_response {
        what.clone_into(&mut dialog.method);
        dialog.requests += 1;
    }
    let start = if is_response {
        format!("SIP/2.0 {what} Text")
    } else {
        format!("{what} sip:{}@192.0.2.9 SIP/2.0", dialog.ends[1])
    };
    let fields: String = step.fields.iter().flat_map(|field| [field, "\r\n"]).collect();
    let body = step.body.replace('~', "\r\n");
    let head = head(step, dialog, is_response);
    format!("{start}\r\n{head}{fields}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The fields that say which dialog and transaction it is.
fn head(step: &Step<'_>, dialog: &Dialog, is_response: bool) -> String {
    let (call_id, other) = step.leg.split_once('/').unwrap_or((step.leg, ""));
    let leg = if other == "h" { call_id } else { step.leg }.to_lowercase();
    let (call_id, method) = (call_id.to_lowercase(), &dialog.method);
    let [from, to] = &dialog.ends;
    let is_first = !step.numbers.is_empty() || matches!(step.what, "CANCEL" | "100");
    let tag = if is_first { String::new() } else { format!(";tag=t{leg}") };
    let mut ends = [format!("<sip:{from}@x>;tag=f{leg}"), format!("<sip:{to}@x>{tag}")];
    // A request of the one who was called, or a response to it.
    if (step.is_sent == dialog.is_sent) == is_response {
        ends.reverse();
    }
    let [from, to] = ends;
    let number = if matches!(&method[..], "INVITE" | "CANCEL" | "ACK") { 1 } else { dialog.requests };
    format!(
        "Via: SIP/2.0/UDP h;branch=z9{leg}{method}\r\nFrom: {from}\r\nTo: {to}\r\nCall-ID: {call_id}@h\r\n\
         CSeq: {number} {method}\r\n"
    )
}
