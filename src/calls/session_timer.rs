//! Session-Expires (RFC 4028): after how many seconds without a refresh a session is over, and who refreshes it.
//!
//! Must not know: legs, sentences, which message has it.

use crate::base::bytes::{decimal, trim};

/// Who refreshes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refresher {
    /// It is not said.
    Unknown,
    /// Who sent the request.
    Client,
    /// Who sent the response.
    Server,
}

/// The value of Session-Expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SessionTimer {
    pub(super) secs: u32,
    pub(super) refresher: Refresher,
}

/// A BYE at the end of a timer is sent at most this much too early or too late.
const TOLERANCE: i64 = 1_500_000;
const SECOND: i64 = 1_000_000;

impl SessionTimer {
    pub(super) fn read(value: &[u8]) -> Self {
        let mut words = value.split(|&b| b == b';').map(trim);
        let secs = words.next().and_then(decimal).unwrap_or_default();
        let refresher = words.find_map(|word| match word.to_ascii_lowercase().as_slice() {
            b"refresher=uac" => Some(Refresher::Client),
            b"refresher=uas" => Some(Refresher::Server),
            _ => None,
        });
        let secs = secs.min(u64::from(u32::MAX >> 2)) as u32;
        Self { secs, refresher: refresher.unwrap_or(Refresher::Unknown) }
    }

    /// As the value of a note.
    pub(super) const fn note(self) -> u32 {
        self.secs << 2 | self.refresher as u32
    }

    pub(super) const fn of_note(value: u32) -> Self {
        let refresher = match value & 3 {
            1 => Refresher::Client,
            2 => Refresher::Server,
            _ => Refresher::Unknown,
        };
        Self { secs: value >> 2, refresher }
    }

    /// Whether a session is ended `idle` microseconds after its refresh: at its expiration, or min(32 s, a third) before
    /// (RFC 4028 §10).
    pub(super) fn is_due(self, idle: i64) -> bool {
        let expiry = i64::from(self.secs) * SECOND;
        let before = expiry - (32 * SECOND).min(expiry / 3);
        self.secs > 0 && [expiry, before].iter().any(|due| (idle - due).abs() <= TOLERANCE)
    }

    /// Whether a refresh is overdue: it is sent when half of the time is over.
    pub(super) fn is_overdue(self, idle: i64) -> bool {
        self.secs > 0 && idle >= i64::from(self.secs) * SECOND / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_at_its_expiration_or_a_third_or_32_s_before() {
        let timer = SessionTimer::read(b"1800 ; Refresher=uac");
        assert_eq!((timer.secs, timer.refresher), (1800, Refresher::Client));
        assert_eq!(SessionTimer::of_note(timer.note()), timer);
        for (secs, is_due) in [(1800, true), (1768, true), (1799, true), (1200, false), (1780, false)] {
            assert_eq!(timer.is_due(secs * SECOND), is_due, "{secs}");
        }
        assert!(SessionTimer::read(b"90").is_due(60 * SECOND));
        assert!(!SessionTimer::read(b"x").is_due(0));
    }
}
