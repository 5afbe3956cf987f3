//! Roles as ratatui's styles, and characters that the terminal can show.
//!
//! Must not know: where anything is on the screen, which colour a role has.

use ratatui::buffer::Buffer;
use ratatui::style::{Color as Ansi, Modifier, Style};

use crate::base::charset::Charset;
use crate::style::{Attributes, Color, Palette, Role};

/// Whether private texts are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Masks {
    /// They are shown.
    #[default]
    Nothing,
    /// They are masked.
    Private,
}

/// How one terminal draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Its colours.
    pub palette: Palette,
    /// Its characters.
    pub charset: Charset,
    /// Whether texts that are private by what they are get masked.
    pub masks: Masks,
}

impl Theme {
    /// The style of a role.
    pub fn role(self, role: Role) -> Style {
        let look = self.palette.look(role);
        // The selected row has one colour throughout: reversing the colours of each cell would make a patchwork of it.
        let style = if role == Role::Selected { Style::reset() } else { Style::new() };
        let style = style.add_modifier(modifier(look.attributes));
        match look.color {
            Some(color) if look.attributes == Attributes::OnColor => style.bg(ansi(color)).fg(Ansi::Black),
            Some(color) => style.fg(ansi(color)),
            None => style,
        }
    }

    /// Replaces the characters that the terminal cannot show.
    pub(super) fn replace_characters(self, buf: &mut Buffer) {
        if self.charset == Charset::Utf8 {
            return;
        }
        for cell in &mut buf.content {
            if let Some(c) = cell.symbol().chars().find(|c| !c.is_ascii()) {
                cell.set_char(self.charset.sign(c));
            }
        }
    }
}

const fn ansi(color: Color) -> Ansi {
    match color {
        Color::Black => Ansi::Black,
        Color::Red => Ansi::Red,
        Color::Green => Ansi::Green,
        Color::Yellow => Ansi::Yellow,
        Color::Blue => Ansi::Blue,
        Color::Magenta => Ansi::Magenta,
        Color::Cyan => Ansi::Cyan,
        Color::Gray => Ansi::Gray,
        Color::DarkGray => Ansi::DarkGray,
        Color::LightRed => Ansi::LightRed,
        Color::LightGreen => Ansi::LightGreen,
        Color::LightYellow => Ansi::LightYellow,
        Color::LightBlue => Ansi::LightBlue,
        Color::LightMagenta => Ansi::LightMagenta,
        Color::LightCyan => Ansi::LightCyan,
        Color::White => Ansi::White,
        Color::Indexed(number) => Ansi::Indexed(number),
        Color::Rgb(r, g, b) => Ansi::Rgb(r, g, b),
    }
}

const fn modifier(attributes: Attributes) -> Modifier {
    match attributes {
        Attributes::Normal | Attributes::OnColor => Modifier::empty(),
        Attributes::Bold => Modifier::BOLD,
        Attributes::Dim => Modifier::DIM,
        Attributes::Italic => Modifier::ITALIC,
        Attributes::BoldUnderlined => Modifier::BOLD.union(Modifier::UNDERLINED),
        Attributes::BoldReversed => Modifier::BOLD.union(Modifier::REVERSED),
    }
}
