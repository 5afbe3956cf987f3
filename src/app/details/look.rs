//! The tabs, and what becomes of their long lines.
//!
//! Must not know: what the tabs hold.

/// The tabs of the details pane, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// Start line and header fields, aligned and expanded.
    #[default]
    Headers,
    /// The body, explained or pretty-printed.
    Body,
    /// The tree of MIME parts.
    Parts,
    /// The exact bytes.
    Raw,
}

impl Tab {
    /// All tabs from left to right.
    pub const ALL: [Self; 4] = [Self::Headers, Self::Body, Self::Parts, Self::Raw];

    /// What is written on the tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Headers => "Headers",
            Self::Body => "Body",
            Self::Parts => "Parts",
            Self::Raw => "Raw",
        }
    }

    /// The tab `steps` to the right, around the end.
    #[must_use]
    pub fn step(self, steps: usize) -> Self {
        Self::ALL[(self as usize + steps) % Self::ALL.len()]
    }
}

/// What becomes of lines that are longer than the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wrap {
    /// They are broken into rows.
    #[default]
    Rows,
    /// They are scrolled sideways.
    Sideways,
}

impl Wrap {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Rows => Self::Sideways,
            Self::Sideways => Self::Rows,
        }
    }
}
