//! A ladder as plain text, one line per arrow.
//!
//! Must not know: how it is laid out, the screen, where the text is written.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::io::{self, Write};

use crate::ladder::Ladder;
use crate::store::MessageIdx;

/// Writes a ladder as text. `notes` maps rows to what their own text adds, such as `SDP PCMU, hold` or
/// `Q.850 17 user busy`; a row without one shows what the index knows.
///
/// ```text
///        198.51.100.9:5060       internal
/// 06:00:00.019608 ├─ INVITE (SDP PCMU) ─▶│
///      +0.003095 │◀──── 100 Trying ─────┤
/// ```
///
/// # Errors
/// Errors of `out`.
pub fn write_ladder<W: Write, S: BuildHasher>(
    out: &mut W,
    ladder: &Ladder,
    notes: &HashMap<MessageIdx, String, S>,
) -> io::Result<()> {
    for line in ladder.text_lines(notes) {
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
