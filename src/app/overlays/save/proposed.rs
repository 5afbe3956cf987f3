//! The name that is proposed for a file: `call-1013-to-0013-060012`.
//!
//! Must not know: files, keys, formats.

use std::path::Path;

use crate::app::saving::Redaction;
use crate::app::session::Session;
use crate::base::time_of_day;
use crate::calls::{Calls, Handle, LegRef};
use crate::export::format::Format;
use crate::store::{MessageIdx, Snapshot};

use super::choices::{Choice, What};

/// Characters of a user in a name.
const MOST_USER: usize = 24;

/// The name for what is chosen, without an extension.
pub(super) fn name(choice: &Choice, session: &Session, redaction: Redaction) -> String {
    let is_open = redaction == Redaction::Off && !session.privacy.is_masked();
    let snapshot = &session.snapshot;
    match choice.what {
        What::Message => numbered("message", choice.message, snapshot),
        What::Marked => format!("marked-{}-messages", choice.count),
        What::Leg => of_call("leg", choice, (&session.snapshot, is_open)),
        What::Call => of_call("call", choice, (&session.snapshot, is_open)),
        What::Incident => of_call("incident", choice, (&session.snapshot, is_open)),
        What::Shown => format!("{}-messages", profile(snapshot)),
        What::Calls => format!("{}-calls", profile(snapshot)),
    }
}

/// The same name with the extension of a format, where it has the one of another format.
pub(super) fn with_extension(name: &str, format: Format) -> String {
    let path = Path::new(name);
    match Format::of_path(path) {
        Some(known) if known != format => path.with_extension(format.name()).to_string_lossy().into_owned(),
        _ => name.to_owned(),
    }
}

/// `call-1013-to-0013-060012`; where numbers must not be seen, `call-55-060012` by its first message.
fn of_call(word: &str, choice: &Choice, (snapshot, is_open): (&Snapshot, bool)) -> String {
    let calls = Calls::of(snapshot);
    match (choice.handle, calls) {
        (Some(Handle::Leg(leg)), Some(calls)) => {
            let named = if choice.what == What::Leg { leg } else { calls.joins().call_of(leg) };
            let leg = calls.leg_ref(snapshot, named);
            let first = leg.as_ref().map(|leg| leg.leg.first).or(choice.message);
            match leg.as_ref().and_then(parties_of).filter(|_| is_open) {
                Some(parties) => {
                    format!(
                        "{word}-{parties}-{}",
                        first.map(|first| clock_of(first, snapshot)).unwrap_or_default()
                    )
                }
                None => numbered(word, first, snapshot),
            }
        }
        (Some(Handle::Dialog(dialog)), Some(calls)) => {
            let known = calls.dialog(dialog);
            let word = known.map_or(word, |known| known.kind().as_str());
            numbered(word, known.map(|known| known.first).or(choice.message), snapshot)
        }
        _ => numbered("call-id", choice.message, snapshot),
    }
}

/// `register-1-055331`, by a message.
fn numbered(word: &str, message: Option<MessageIdx>, snapshot: &Snapshot) -> String {
    let number = message.unwrap_or_default();
    format!("{word}-{}-{}", number + 1, clock_of(number, snapshot))
}

/// `060012`, when a message came or went.
fn clock_of(message: MessageIdx, snapshot: &Snapshot) -> String {
    snapshot.row(message).map(|row| clock(row.row.time)).unwrap_or_default()
}

/// `1013-to-0013`; `None` if one of them is not a usual user.
fn parties_of(leg: &LegRef<'_>) -> Option<String> {
    let (from, to) = (tame(leg.from()), tame(leg.to()));
    (!from.is_empty() && !to.is_empty()).then(|| format!("{from}-to-{to}"))
}

/// The characters of a user that are usual in names of files: whoever sends a message chooses its user.
fn tame(user: &[u8]) -> String {
    let text = String::from_utf8_lossy(user);
    let is_usual = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '_' | '-');
    text.chars().filter(is_usual).take(MOST_USER).collect::<String>().trim_matches('-').to_owned()
}

/// `060012`.
fn clock(micros: i64) -> String {
    time_of_day(micros).chars().take(8).filter(|c| *c != ':').collect()
}

/// The only profile, or how many there are.
fn profile(snapshot: &Snapshot) -> String {
    match &snapshot.sources[..] {
        [source] => Some(tame(source.profile.as_bytes())).filter(|name| !name.is_empty()),
        _ => None,
    }
    .unwrap_or_else(|| "sip".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tame_and_extensions_follow_the_format() {
        for (user, want) in [
            ("1013", "1013"),
            ("+12025550123", "+12025550123"),
            ("../../etc/passwd", "etcpasswd"),
            ("-rf", "rf"),
            ("a\u{1b}[2Jb c", "a2Jbc"),
            ("\u{202e}", ""),
        ] {
            assert_eq!(tame(user.as_bytes()), want);
        }
        for (name, want) in [
            ("a.dump", "a.pcap"),
            ("~/x/a.b", "~/x/a.b"),
            ("a", "a"),
            ("a.pcap", "a.pcap"),
            ("a.cap", "a.cap"),
        ] {
            assert_eq!(with_extension(name, Format::Pcap), want);
        }
        assert_eq!(clock(21_612_345_678), "060012");
    }
}
