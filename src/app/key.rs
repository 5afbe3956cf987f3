//! What a keyboard and a mouse can do.
//!
//! Must not know: what it means, the terminal's own key codes.

/// A key with its modifiers folded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, upper case where Shift made it so.
    Char(char),
    /// Control and a letter, lower case.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 12.
    F(u8),
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Click,
    /// The wheel turned by this number of lines, down if positive.
    Wheel(isize),
    /// The left button is held and the mouse moved.
    Drag,
    /// The left button went up.
    Release,
}
