//! The terminal that is drawn on: the standard output, or the controlling terminal where that goes elsewhere (`--pick`).
//!
//! Must not know: what is drawn.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Stdout, Write, stdout};

/// The terminal, to write to.
#[derive(Debug)]
pub(super) enum ScreenOutput {
    Stdout(Stdout),
    Terminal(File),
}

impl ScreenOutput {
    /// Opens it.
    ///
    /// # Errors
    /// If there is no terminal.
    pub(super) fn open() -> io::Result<Self> {
        if stdout().is_terminal() {
            return Ok(Self::Stdout(stdout()));
        }
        Ok(Self::Terminal(OpenOptions::new().write(true).open("/dev/tty")?))
    }
}

impl Write for ScreenOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Terminal(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Terminal(out) => out.flush(),
        }
    }
}
