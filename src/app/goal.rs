//! Which message a number or a time means.
//!
//! Must not know: who asks, what is shown.

use crate::filter::time_range::{moment, until};
use crate::store::{DAY, MessageIdx, Snapshot};

use super::moment::exact;

/// What a typed text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Goal {
    /// This message.
    Message(MessageIdx),
    /// There is none so far behind: the last one instead, and what the user is told.
    Last(MessageIdx, String),
    /// A message, but there is none.
    Nothing,
}

/// The message that a text means: `4711` by its number, `06:00:12.5` the first one from that time on, `+10s` that long after
/// the selected one. `None` if it is neither.
pub(in crate::app) fn goal(text: &str, selected: Option<MessageIdx>, snapshot: &Snapshot) -> Option<Goal> {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    let last = (snapshot.len() as MessageIdx).checked_sub(1);
    let Some(last) = last else { return is_goal(text, &digits).then_some(Goal::Nothing) };
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        let number = digits.parse::<MessageIdx>().unwrap_or(MessageIdx::MAX).saturating_sub(1);
        if number > last {
            return Some(Goal::Last(
                last,
                format!("there is no message {digits}: the last one is {}", last + 1),
            ));
        }
        return Some(Goal::Message(number));
    }
    if !is_goal(text, &digits) {
        return None;
    }
    let now = snapshot.row(selected.unwrap_or(0)).map(|row| row.row.time);
    let since = now.and_then(|now| moment(&exact(snapshot, now)).ok());
    let time = until(text, since.as_ref()).ok()?;
    let day = now.map_or(0, |now| now.div_euclid(DAY));
    let time = if time.has_date() { time } else { time.on_day(day) };
    let message = first_from(snapshot, time.first());
    if message > last {
        return Some(Goal::Last(last, format!("no message is from {text} on: the last one is {}", last + 1)));
    }
    Some(Goal::Message(message))
}

/// Whether a text is a number, or may be a time.
fn is_goal(text: &str, digits: &str) -> bool {
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number || text.starts_with('+') || text.contains(':')
}

/// The first message that is not before a time. Messages are nearly in the order of their times.
fn first_from(snapshot: &Snapshot, time: i64) -> MessageIdx {
    let (mut low, mut high) = (0, snapshot.len() as MessageIdx);
    while low < high {
        let middle = low + (high - low) / 2;
        if snapshot.row(middle).is_some_and(|row| row.row.time < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
