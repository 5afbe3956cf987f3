//! The terminal for ratatui, without queries: the response to a query would go to the thread that reads keys.
//!
//! ratatui's `Terminal::clear` and `resize` ask for the cursor position, wait for the response among the user's input,
//! and fail after two seconds. This backend remembers the cursor position.
//!
//! Must not know: what is drawn.

use std::io::{self, BufWriter};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::screen_output::ScreenOutput;

/// Bytes of output that are collected before they are written.
const BUFFER: usize = 1 << 16;

/// A terminal that is never queried.
#[derive(Debug)]
pub(super) struct SilentBackend {
    inner: CrosstermBackend<BufWriter<ScreenOutput>>,
    cursor: Position,
}

impl SilentBackend {
    /// # Errors
    /// If there is no terminal.
    pub(super) fn new() -> io::Result<Self> {
        let out = BufWriter::with_capacity(BUFFER, ScreenOutput::open()?);
        Ok(Self { inner: CrosstermBackend::new(out), cursor: Position::ORIGIN })
    }
}

impl io::Write for SilentBackend {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::Write::flush(&mut self.inner)
    }
}

impl Backend for SilentBackend {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        self.inner.set_cursor_position(self.cursor)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}
