//! Everything that a key or a click can ask for.
//!
//! Must not know: which key it is, which screen answers it.

use crate::store::MessageIdx;

use super::columns::CallColumn;
use super::details::Tab;
use super::parts::Motion;
use super::row_part::{Keep, RowPart};
use super::section::Section;

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Move in what has the focus.
    Go(Motion),
    /// Open what is selected.
    Open,
    /// Go back, one step.
    Back,
    /// Leave the screen; leave the program from the home screen.
    Quit,
    /// Leave the program from any screen.
    Leave,
    /// Leave the program; nothing is picked.
    Exit,
    /// Show the ladder of the selected message's Call-ID.
    Ladder,
    /// Show the calls.
    Calls,
    /// Go back to the messages.
    Messages,
    /// Open the message that proves the verdict.
    Proof,
    /// Go to the next problem.
    NextProblem,
    /// List what belongs to one incident together, or not.
    GroupByIncident,
    /// Go to the previous problem.
    PreviousProblem,
    /// Show by which columns the calls can be sorted.
    Sort,
    /// Sort the calls by a column; the other way round where they are.
    SortBy(CallColumn),
    /// Show the legs of a call.
    Expand,
    /// Hide them.
    Collapse,
    /// Show the statistics.
    Statistics,
    /// Show a section of the statistics.
    Section(Section),
    /// Select the interval before.
    Earlier,
    /// Select the interval after.
    Later,
    /// Begin to select a range of times, or drop it.
    SelectTimes,
    /// Add what is selected, or its negation, to the filter.
    Narrow(Keep),
    /// Edit the filter.
    Filter,
    /// Remove the filter.
    ClearFilter,
    /// Show what can be copied.
    Copy,
    /// Move the focus between list and details.
    Focus,
    /// Maximise the focused pane, or restore it.
    Zoom,
    /// Search in the details.
    Find,
    /// Go to the next match of the search in the details.
    NextMatch,
    /// Go to the previous match.
    PreviousMatch,
    /// Show the next message in the details.
    NextMessage,
    /// Show the previous message in the details.
    PreviousMessage,
    /// Choose a tab.
    Show(Tab),
    /// Choose the next tab.
    NextTab,
    /// Choose the previous tab.
    PreviousTab,
    /// Choose the next body part.
    NextPart,
    /// Choose the previous body part.
    PreviousPart,
    /// Explained bodies, or exact bytes.
    Pretty,
    /// Long lines in rows, or sideways.
    Wrap,
    /// Hex, or text.
    Hex,
    /// The next time format.
    Time,
    /// Enlarge the list.
    Grow,
    /// Enlarge the details.
    Shrink,
    /// Show or hide retransmissions.
    Retransmissions,
    /// Show the other legs of the call, or only those of the Call-ID.
    Legs,
    /// Draw time to scale, or pauses in words.
    ToScale,
    /// Choose the columns of the list.
    Columns,
    /// Show what of the selected row can be taken out of the list by the filter.
    WithoutRow,
    /// Show what of the selected row can become a term of the filter.
    FromRow,
    /// Add a term of the selected row to the filter.
    FilterBy(RowPart, Keep),
    /// Show what can be shown alone.
    Only,
    /// Show the transaction of the selected message alone, or everything again.
    Transaction,
    /// One column for each host, or for each of its addresses.
    Hosts,
    /// Join a leg that is offered.
    Join,
    /// Take a leg out of the call.
    TakeOut,
    /// Show what FreeSWITCH changed from one leg to the other, or what differs between two marked messages.
    Compare,
    /// Compare the next messages of the two legs.
    NextStep,
    /// Compare the previous messages of the two legs.
    PreviousStep,
    /// Compare the next pair of legs.
    NextPair,
    /// Compare the previous pair of legs.
    PreviousPair,
    /// Show or hide what is the same in both messages.
    ShowSame,
    /// Scroll left: a wide ladder, long lines of the details.
    ScrollLeft,
    /// Scroll right.
    ScrollRight,
    /// Follow growing inputs, or stop following.
    Follow,
    /// Mark what is selected, or unmark it.
    Mark,
    /// Write a note on the selected message or call.
    Note,
    /// Show what can be saved.
    Save,
    /// Go to the next mark.
    NextMark,
    /// Go to the previous mark.
    PreviousMark,
    /// Remove all marks.
    ClearMarks,
    /// Mark all profiles, or none.
    MarkAll,
    /// Edit the time range.
    TimeRange,
    /// Choose another profile.
    Profiles,
    /// Show the palette of all commands.
    Palette,
    /// Go to a message of the list, by its 0-based number.
    GoTo(MessageIdx),
    /// Show the help.
    Help,
    /// Return the mouse to the terminal, or take it again.
    Mouse,
    /// Mask numbers, names and addresses on the screen, or show them again.
    Mask,
    /// Suspend the program.
    Suspend,
    /// Redraw the screen.
    Redraw,
}

impl Command {
    /// Whether it is about the selected row: after a changed filter, it waits for the list.
    pub(super) const fn acts_on_row(self) -> bool {
        matches!(
            self,
            Self::Go(_)
                | Self::Open
                | Self::Ladder
                | Self::Calls
                | Self::Messages
                | Self::Proof
                | Self::NextProblem
                | Self::PreviousProblem
                | Self::Expand
                | Self::Collapse
                | Self::Earlier
                | Self::Later
                | Self::SelectTimes
                | Self::Narrow(_)
                | Self::Copy
                | Self::Compare
                | Self::FromRow
                | Self::WithoutRow
                | Self::FilterBy(..)
                | Self::Mark
                | Self::NextMark
                | Self::PreviousMark
                | Self::Note
                | Self::Save
                | Self::NextMessage
                | Self::PreviousMessage
        )
    }

    /// Its name in a configuration: `ladder`, `go-page-up`, `show-headers`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            match c {
                '(' => name.push('-'),
                c if c.is_ascii_uppercase() => {
                    if !name.is_empty() && !name.ends_with('-') {
                        name.push('-');
                    }
                    name.push(c.to_ascii_lowercase());
                }
                c if c.is_ascii_alphanumeric() => name.push(c),
                _ => {}
            }
        }
        name
    }
}
