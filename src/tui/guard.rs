//! Takes over the terminal and restores it on every exit.
//!
//! Must not know: what is drawn.

use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};

use super::screen_output::ScreenOutput;
use crate::app::parts::Mouse;

/// Whether the terminal is taken over: restoring it twice would scroll the user's screen.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Saves the title of the window, and restores the saved one (XTWINOPS of xterm; other terminals ignore it).
const SAVE_TITLE: Print<&str> = Print("\x1b[22;2t");
const RESTORE_TITLE: Print<&str> = Print("\x1b[23;2t");

/// The terminal in raw mode on its alternate screen, until this is dropped.
#[derive(Debug)]
pub struct Guard {
    mouse: bool,
    /// The title of the window, safe for a terminal.
    title: String,
}

impl Guard {
    /// Takes over the terminal. From now on a panic restores it before it is reported.
    pub fn take(mouse: bool, title: String) -> io::Result<Self> {
        HOOK.call_once(|| {
            let report = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                restore();
                report(info);
            }));
        });
        let guard = Self { mouse, title };
        guard.retake()?;
        Ok(guard)
    }

    /// Takes over the terminal again after [`restore`].
    pub fn retake(&self) -> io::Result<()> {
        let was_taken = TAKEN.swap(true, Ordering::SeqCst);
        let mut out = ScreenOutput::open()?;
        enable_raw_mode()?;
        if !was_taken {
            queue!(out, SAVE_TITLE)?;
        }
        execute!(
            out,
            Print(format!("\x1b]2;{}\x07", self.title)),
            EnterAlternateScreen,
            EnableBracketedPaste
        )?;
        if self.mouse {
            execute!(out, EnableMouseCapture)?;
        }
        Ok(())
    }

    /// Takes the mouse, or returns it to the terminal.
    pub fn give_mouse(&mut self, owner: Mouse) -> io::Result<()> {
        self.mouse = owner == Mouse::Browser;
        let mut out = ScreenOutput::open()?;
        if self.mouse { execute!(out, EnableMouseCapture) } else { execute!(out, DisableMouseCapture) }
    }

    /// Takes over the terminal again after another program may have changed its modes.
    pub fn retake_changed(&self) -> io::Result<()> {
        // crossterm sets no modes that it believes to be set.
        disable_raw_mode()?;
        self.retake()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Restores the terminal: mouse, paste, screen, cursor, modes. Does nothing if it is not taken over.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // If the terminal is gone, no report is possible and nothing can be restored.
    if let Ok(mut out) = ScreenOutput::open() {
        let _ = queue!(
            out,
            DisableMouseCapture,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show,
            RESTORE_TITLE
        );
        let _ = out.flush();
    }
    let _ = disable_raw_mode();
}
