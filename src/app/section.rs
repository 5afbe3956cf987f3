//! The sections of the statistics.
//!
//! Must not know: what is counted in them, drawing.

/// A section of the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Section {
    /// Messages over time.
    Time,
    /// Calls by state and cause.
    #[default]
    Calls,
    /// Methods.
    Methods,
    /// Status codes.
    Codes,
    /// Peers and their response times.
    Peers,
    /// User-Agents.
    Agents,
    /// Who registers.
    Phones,
    /// What of the inputs was read.
    Input,
}

impl Section {
    /// All of them, in the order of their keys.
    pub const ALL: [Self; 8] = [
        Self::Time,
        Self::Calls,
        Self::Methods,
        Self::Codes,
        Self::Peers,
        Self::Agents,
        Self::Phones,
        Self::Input,
    ];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Calls => "Calls",
            Self::Methods => "Methods",
            Self::Codes => "Codes",
            Self::Peers => "Peers",
            Self::Agents => "Agents",
            Self::Phones => "Phones",
            Self::Input => "Input",
        }
    }

    /// The section that many steps to the right.
    #[must_use]
    pub fn step(self, steps: usize) -> Self {
        Self::ALL[(self as usize + steps) % Self::ALL.len()]
    }
}
