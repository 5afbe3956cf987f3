//! FreeSWITCH's commonest causes of a refusal, by the text of its Reason field, as a colleague would say them.
//!
//! Must not know: other rules, drawing.

use super::Trial;
use crate::calls::leg::Side;

/// The text of Reason, the same cause by Q.850 (0 without), and what it means; `{to}` is who was called.
const REFUSALS: [(&str, u8, &str); 11] = [
    ("USER_NOT_REGISTERED", 0, "{to} is not registered"),
    ("SUBSCRIBER_ABSENT", 20, "{to} is absent, probably not registered"),
    ("GATEWAY_DOWN", 0, "the gateway is down"),
    ("NO_ROUTE_DESTINATION", 3, "no route to {to}"),
    ("CALL_REJECTED", 21, "rejected, probably by a rule of the dialplan"),
    ("NORMAL_TEMPORARY_FAILURE", 41, "temporary failure, probably of the line or gateway"),
    ("RECOVERY_ON_TIMER_EXPIRE", 102, "the called side did not respond in time"),
    ("INCOMPATIBLE_DESTINATION", 88, "no common codec, probably"),
    ("MEDIA_TIMEOUT", 0, "no audio arrived"),
    ("ALLOTTED_TIMEOUT", 0, "the time that was allowed is over"),
    ("LOSE_RACE", 0, "another phone was faster"),
];

/// What FreeSWITCH's limit of sessions says in the status line.
const LIMIT: &[u8] = b"Maximum Calls In Progress";

/// What a text of FreeSWITCH's means, where no one who was called is named.
pub(super) fn meaning(text: &[u8]) -> Option<&'static str> {
    let found = REFUSALS.iter().find(|(name, _, meaning)| name.as_bytes() == text && !meaning.contains('{'));
    found.map(|(_, _, meaning)| *meaning)
}

impl Trial<'_> {
    /// Why the call was refused, where FreeSWITCH's own words say it: `1049 is not registered`.
    pub(super) fn refusal(&self) -> Option<String> {
        let leg = self.leg.leg;
        let status = self.leg.snapshot.row(leg.fin)?;
        if status.what() == LIMIT {
            return Some("too many calls at once, more than FreeSWITCH's limit".to_owned());
        }
        let text = self.leg.reason();
        // A number alone says this only of FreeSWITCH itself: gateways mean other things by it.
        let is_ours = |cause: u8| leg.side == Side::A && text.is_empty() && cause != 0 && cause == leg.cause;
        let found = REFUSALS.iter().find(|(name, cause, _)| name.as_bytes() == text || is_ours(*cause));
        found.map(|(_, _, meaning)| meaning.replace("{to}", &self.user()))
    }
}
