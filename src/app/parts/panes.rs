//! A list and the details of its selected message beside or below it: focus, zoom, border, and what keys and mouse do in the
//! details.
//!
//! Must not know: what is listed.

use crate::app::Notice;
use crate::app::command::Command;
use crate::app::details::{Look, Tab, Wrap};
use crate::app::event::{Mouse, MouseAction};
use crate::app::keymap::Context;
use crate::app::screens::{Host, Outcome};
use crate::app::targets::{Area, Target};

use super::Side;

/// How far one key moves the border, in percent.
const SPLIT_STEP: i16 = 5;

/// Which pane gets the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The list.
    #[default]
    List,
    /// The details.
    Details,
}

/// The two panes of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panes {
    /// Which one gets the keys.
    pub focus: Focus,
    /// Only the focused pane is shown.
    pub zoomed: bool,
    /// The border is being dragged.
    pub dragging: bool,
}

impl Panes {
    /// Shows the details alone.
    pub(in crate::app) fn open(&mut self) {
        (self.focus, self.zoomed) = (Focus::Details, true);
    }

    /// Shows both panes, with the focus on the list.
    pub(in crate::app) fn close(&mut self) {
        (self.focus, self.zoomed) = (Focus::List, false);
    }

    /// Whether the details are shown alone and have the focus.
    pub(in crate::app) fn is_open(self) -> bool {
        self.zoomed && self.focus == Focus::Details
    }

    /// The context of the details while they have the focus.
    pub(in crate::app) fn focused_context(self) -> Option<Context> {
        (self.focus == Focus::Details).then_some(Context::Details)
    }

    /// Does what a command means for the panes and the details.
    pub(in crate::app) fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        let in_details = self.focus == Focus::Details;
        let details = &mut host.session.details;
        match command {
            Command::Go(motion) if in_details => match details.step_field(motion, host.targets.details) {
                Some(says) => *host.notice = Some(Notice::Done(says)),
                None => details.view.go(motion, host.targets.details),
            },
            Command::Narrow(_) if in_details && details.field().is_none() => {
                match details.choose_field(host.targets.details) {
                    Ok(says) => *host.notice = Some(Notice::Done(says)),
                    Err(why) => return Outcome::Failed(why),
                }
            }
            Command::Back if in_details && details.drop_field() => {}
            Command::Open if in_details && details.open() => {}
            Command::Back if in_details && details.search.take().is_some() => {}
            Command::Back if details.back() => {}
            Command::Back if self.zoomed || in_details => self.close(),
            Command::Quit if self.is_open() => self.close(),
            Command::Find if in_details => details.edit_search(),
            Command::NextMatch | Command::PreviousMatch => {
                let step = if command == Command::NextMatch { 1 } else { -1 };
                return details.step_match(step, host.targets.details).map_or(Outcome::Done, Outcome::Failed);
            }
            Command::Focus if in_details => {
                details.drop_field();
                self.focus = Focus::List;
            }
            Command::Focus => self.focus = Focus::Details,
            Command::Zoom => self.zoomed = !self.zoomed,
            Command::Show(tab) if details.tab == tab && details.view.top == 0 => {
                return Outcome::Failed(format!("{} is shown already", tab.title()));
            }
            Command::Show(tab) => details.choose(tab),
            Command::NextTab => details.choose(details.tab.step(1)),
            Command::PreviousTab => details.choose(details.tab.step(Tab::ALL.len() - 1)),
            Command::NextPart => details.step_part(1),
            Command::PreviousPart => details.step_part(-1),
            Command::Pretty => {
                details.change_look(|look| Look { pretty: !look.pretty, ..look });
                let says = if details.look.pretty { "bodies are explained" } else { "bodies: exact bytes" };
                *host.notice = Some(Notice::Done(says.to_owned()));
            }
            Command::Wrap => {
                details.toggle_wrap();
                let says = match details.wrap {
                    Wrap::Rows => "long lines are broken into rows",
                    Wrap::Sideways => "each line is on one row: H and L scroll",
                };
                *host.notice = Some(Notice::Done(says.to_owned()));
            }
            Command::ScrollLeft | Command::ScrollRight if in_details => {
                if details.wrap == Wrap::Rows {
                    return Outcome::Failed(
                        "long lines are broken into rows: W shows each on one row".to_owned(),
                    );
                }
                let side = if command == Command::ScrollLeft { Side::Left } else { Side::Right };
                details.view.sideways(side, host.targets.details);
            }
            Command::Hex if details.tab != Tab::Raw => {
                return Outcome::Failed("x shows raw bytes in hex: 4 shows the raw bytes first".to_owned());
            }
            Command::Hex => details.change_look(|look| Look { hex: !look.hex, ..look }),
            Command::Grow | Command::Shrink if self.zoomed => {
                return Outcome::Failed("one pane is maximised: z shows both".to_owned());
            }
            Command::Grow => host.prefs.set_split(host.prefs.split.saturating_add_signed(SPLIT_STEP)),
            Command::Shrink => host.prefs.set_split(host.prefs.split.saturating_add_signed(-SPLIT_STEP)),
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    /// Does what the mouse means for the border and the details; clicks elsewhere in the panes give the focus to the list.
    pub(in crate::app) fn mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) -> Outcome {
        let details = &mut host.session.details;
        match (mouse.action, mouse.target) {
            (MouseAction::Drag, _) if self.dragging => {
                let percent =
                    dragged(host.targets.area(Target::Panes), host.targets.area(Target::Border), mouse);
                host.prefs.set_split(percent);
            }
            (MouseAction::Release, _) => self.dragging = false,
            (MouseAction::Click, Some(Target::Border)) => self.dragging = true,
            (MouseAction::Click, Some(Target::Tab(tab))) => details.choose(tab),
            (MouseAction::Click, Some(Target::Part(part))) => {
                details.choose_part(part);
                self.focus = Focus::Details;
            }
            (MouseAction::Click, Some(Target::Link(part))) => {
                details.open_part(part);
                self.focus = Focus::Details;
            }
            (MouseAction::Click, Some(Target::Details)) => self.focus = Focus::Details,
            (MouseAction::Click, Some(Target::Row(_) | Target::Rows)) => {
                self.focus = Focus::List;
                return Outcome::Ignored;
            }
            (MouseAction::Wheel(lines), Some(Target::Details | Target::Part(_) | Target::Link(_))) => {
                details.view.wheel(lines, host.targets.details);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }
}

/// The list's share when the border is dragged to a cell. Beside the list the border is a column, below it a row. Rounding up
/// brings it back under the pointer where the drawing rounds down.
fn dragged(panes: Area, border: Area, mouse: &Mouse) -> u16 {
    let (offset, room) = if border.height > 1 {
        (mouse.x.saturating_sub(panes.x), panes.width)
    } else {
        (mouse.y.saturating_sub(panes.y), panes.height)
    };
    (u32::from(offset) * 100).div_ceil(u32::from(room.max(1))).min(100) as u16
}
