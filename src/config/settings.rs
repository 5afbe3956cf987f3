//! The settings that a configuration file holds. A setting that the file does not name is `None` or empty.
//!
//! Must not know: how a file is written, the command line.

use crate::style::{Look, Role};

use super::{ClipboardTarget, ColorWhen, ThemeName, TimeFormat};

/// The messages that the browser hides at first.
pub const START_FILTER: &str = "-method:options";

/// Where something is in a file. Lines and columns are 1-based; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A text and where its value begins.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    /// The text.
    pub text: String,
    /// Where it is.
    pub at: Position,
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Placed {}

/// Other keys for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySetting {
    /// Where they work.
    pub context: String,
    /// The command.
    pub command: String,
    /// The keys, in their usual spelling.
    pub keys: Vec<String>,
}

/// What a configuration file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The browser's first filter; empty for none.
    pub filter: Option<Placed>,
    /// The columns of messages, in their order.
    pub columns: Vec<String>,
    /// The columns of `--calls`.
    pub call_columns: Vec<Placed>,
    /// How times are shown.
    pub time: Option<TimeFormat>,
    /// Colours and attributes.
    pub theme: Option<ThemeName>,
    /// When colours are used.
    pub color: Option<ColorWhen>,
    /// Whether only ASCII is drawn.
    pub ascii: Option<bool>,
    /// Whether the mouse is used.
    pub mouse: Option<bool>,
    /// Where copied text goes.
    pub clipboard: Option<ClipboardTarget>,
    /// Whether history, marks and positions are kept.
    pub session: Option<bool>,
    /// Header fields that join legs.
    pub leg_headers: Vec<String>,
    /// Addresses or profiles, and their names.
    pub aliases: Vec<(String, String)>,
    /// Named filters.
    pub filters: Vec<(String, Placed)>,
    /// Other looks of roles.
    pub colors: Vec<(Role, Look)>,
    /// Other keys.
    pub keys: Vec<KeySetting>,
}
