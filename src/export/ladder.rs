//! A ladder as plain text, one line per arrow.
//!
//! Must not know: how it is laid out, the screen, where the text is written.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::styled_write::Style;
use crate::base::escape::escape;
use crate::ladder::{Head, Ladder};
use crate::store::MessageIdx;
use crate::style::Role;

/// Writes a ladder as text. `notes` maps rows to what their own text adds, such as `SDP PCMU, hold` or
/// `Q.850 17 user busy`; a row without one shows what the index knows.
///
/// ```text
///        198.51.100.9:5060       internal
/// 06:00:00.019608 ├─ INVITE (SDP PCMU) ─▶│
///      +0.003095 │◀──── 100 Trying ─────┤
/// ```
pub fn write_ladder<S: BuildHasher>(
    out: &mut Vec<u8>,
    ladder: &Ladder,
    notes: &HashMap<MessageIdx, String, S>,
) {
    ladder.append_to(out, notes);
}

/// Writes what is above a ladder: the verdict, what each leg says about itself, and what is wrong.
pub fn write_head(out: &mut Vec<u8>, head: &Head, style: Style) {
    let mut line = |role: Role, pieces: &[&str]| {
        style.styled(out, role, |out| pieces.iter().for_each(|text| out.extend_from_slice(text.as_bytes())));
        out.push(b'\n');
    };
    if !head.verdict.is_empty() {
        let is_failure = head.state.is_some_and(crate::calls::State::is_failure);
        let role = if is_failure { Role::Failure } else { Role::Plain };
        line(role, &[&head.verdict]);
    }
    for facts in &head.facts {
        line(Role::Dim, &[&facts.peer, "  ", &facts.outcome, "  ", &facts.text]);
    }
    for finding in &head.findings {
        line(Role::Error, &["! ", &escape(finding.text.as_bytes()), " (", finding.rule.rfc, ")"]);
    }
}
