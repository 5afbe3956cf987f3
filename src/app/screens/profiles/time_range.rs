//! The time range that is wanted, and the line in which it is typed.
//!
//! Must not know: profiles, drawing.

use crate::app::parts::LineEdit;
use crate::filter::FilterError;
use crate::filter::options::moment;
use crate::filter::time_range::TimeRange;

/// Which of the two times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RangeEnd {
    /// The first time.
    #[default]
    Since,
    /// The last time.
    Until,
}

/// The time range that is wanted, as it was typed; an empty end has no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedRange {
    /// The first time.
    pub since: String,
    /// The last time.
    pub until: String,
}

impl TypedRange {
    /// The range as times, or which end is not a time.
    pub(super) fn window(&self) -> Result<TimeRange, (RangeEnd, FilterError)> {
        let read = |end, text: &str| {
            let text = Some(text.trim()).filter(|text| !text.is_empty());
            text.map(moment).transpose().map_err(|error| (end, error))
        };
        Ok(TimeRange::new(read(RangeEnd::Since, &self.since)?, read(RangeEnd::Until, &self.until)?))
    }

    /// Whether it has no limits.
    pub const fn is_all(&self) -> bool {
        self.since.is_empty() && self.until.is_empty()
    }
}

/// The two times while they are typed.
#[derive(Debug, Clone, Default)]
pub struct TimeRangeEdit {
    /// The first time.
    pub since: LineEdit,
    /// The last time.
    pub until: LineEdit,
    /// Which one gets the keys.
    pub end: RangeEnd,
    /// The error in one of them, from Enter to the next key.
    pub error: Option<(RangeEnd, FilterError)>,
}

impl TimeRangeEdit {
    /// The one that gets the keys.
    pub(super) fn line(&mut self) -> &mut LineEdit {
        match self.end {
            RangeEnd::Since => &mut self.since,
            RangeEnd::Until => &mut self.until,
        }
    }

    pub(super) fn range(&self) -> TypedRange {
        let text = |line: &LineEdit| line.text().split_whitespace().collect::<Vec<_>>().join(" ");
        TypedRange { since: text(&self.since), until: text(&self.until) }
    }
}
