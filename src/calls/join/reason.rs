//! The reasons of a pair in words.
//!
//! Must not know: how evidence is weighed.

use super::signal::{Copied, Item, Signal};
use crate::calls::Number;

/// One reason as it is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reason {
    signal: Signal,
    value: u64,
}

impl Reason {
    pub(super) const fn of(item: &Item) -> Self {
        Self { signal: item.signal, value: item.value }
    }
}

/// The reason as a phrase.
pub(super) fn words(reason: Reason) -> String {
    let Reason { signal, value } = reason;
    let after = millis(value);
    match signal {
        Signal::Start => format!("INVITE {after} after the INVITE"),
        Signal::Trying => format!("INVITE {after} after 100 Trying"),
        Signal::Late => format!("INVITE {after} after A was answered"),
        Signal::Fork => format!("INVITE {after} after that of another leg of the call"),
        Signal::Retry => format!("INVITE {after} after another leg of the call failed"),
        Signal::Ringing => format!("ringing passed on after {after}"),
        Signal::Answer => format!("200 passed on after {after}"),
        Signal::Failure => format!("failure passed on after {after}"),
        Signal::Code => format!("status {value} on both legs"),
        Signal::Cancel => format!("CANCEL passed on after {after}"),
        Signal::Elsewhere => format!("CANCEL {after} after another leg was answered"),
        Signal::Bye => format!("BYE passed on after {after}"),
        Signal::Caller => format!("{} on both legs", number("caller", value)),
        Signal::Callee => format!("{} on both legs", number("callee", value)),
        Signal::Told => format!("{} told to A", number("callee", value)),
        Signal::Hops => "Max-Forwards is one less".to_owned(),
        Signal::Session => "the same media address or session".to_owned(),
        Signal::Extension => "a copied X- header field".to_owned(),
        Signal::Part => copied(value).to_owned(),
        Signal::Named => "a header field names the other Call-ID".to_owned(),
        Signal::Rule => "the same value of a --leg-header field".to_owned(),
        Signal::SameCallId => "the same Call-ID".to_owned(),
        Signal::Refer => format!("INVITE {after} after REFER"),
        Signal::Replaces => "Replaces names a leg of the call".to_owned(),
        Signal::SameMessage => "the same message sent and received".to_owned(),
        Signal::Together => number("both connected at one time with", value),
        Signal::Party => number("told to be connected to", value),
        Signal::Dialed => format!("INVITE {after} after the other leg was answered"),
        Signal::Order | Signal::Against => String::new(),
    }
}

fn copied(value: u64) -> &'static str {
    match Copied::of(value) {
        Copied::Part => "the same body part",
        Copied::SessionId => "the same Session-ID",
        Copied::ChargingVector => "the same icid-value in P-Charging-Vector",
        Copied::Incident => "the same identifier of an emergency call",
        Copied::CallInfo => "the same URI in Call-Info",
    }
}

fn millis(micros: u64) -> String {
    match micros {
        0..10_000 => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
        10_000..10_000_000 => format!("{} ms", micros / 1000),
        _ => format!("{} s", micros / 1_000_000),
    }
}

fn number(who: &str, packed: u64) -> String {
    let number = Number::from_packed(packed);
    if number.is_digits() {
        let width = number.digit_count() as usize;
        format!("{who} {:0width$x}", number.digits())
    } else {
        format!("the same {who}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_phrases() {
        let say = |signal, value| words(Reason { signal, value });
        assert_eq!(say(Signal::Trying, 1_640), "INVITE 1.6 ms after 100 Trying");
        assert_eq!(say(Signal::Answer, 12_345), "200 passed on after 12 ms");
        let told = |user: &[u8]| say(Signal::Told, Number::read(user).packed());
        assert_eq!(told(b"+12025550185"), "callee 12025550185 told to A");
        assert_eq!(told(b"007"), "callee 007 told to A");
        assert_eq!(told(b"alice"), "the same callee told to A");
    }
}
