//! How bodies and bytes are shown.
//!
//! Must not know: what shows them.

/// How bodies and bytes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Bodies are explained and pretty-printed; else their exact bytes, escaped.
    pub pretty: bool,
    /// Raw bytes are shown in hex.
    pub hex: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { pretty: true, hex: false }
    }
}
