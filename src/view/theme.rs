//! How meaning looks: roles, methods and status codes as styles of the 16 ANSI colours.
//!
//! The colours are the terminal's own, so they fit dark and light backgrounds alike; black, white
//! and bright yellow are never used as text, since one of the two backgrounds would swallow them;
//! nor is bold yellow, which many terminals make bright.
//! Without colour everything is told by bold, dim, underlined and reversed text.
//!
//! Must not know: where anything stands on the screen.

use ratatui::style::{Color, Modifier, Style};

use crate::app::paper::Role;

/// The styles of one terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Whether colours may be used.
    pub color: bool,
}

impl Theme {
    /// A theme with colours, or one of bold, dim and reversed text alone (`NO_COLOR`).
    pub const fn new(color: bool) -> Self {
        Self { color }
    }

    /// The style of a piece of prepared text.
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Plain => Style::new(),
            Role::Dim => self.dim(),
            Role::Label => self.colored(Color::LightBlue, Modifier::empty()),
            Role::Request => self.colored(Color::Magenta, Modifier::BOLD),
            Role::Status(class) => self.status(u16::from(class) * 100),
            Role::Host => self.colored(Color::Cyan, Modifier::empty()),
            Role::Id => self.colored(Color::Magenta, Modifier::empty()),
            Role::Note => self.colored(Color::Green, Modifier::ITALIC),
            Role::Error => self.error(),
            Role::User | Role::Heading => self.strong(),
            Role::Selected => self.selected(),
        }
    }

    /// The style of a request by its method: what begins and ends calls stands out, what is about
    /// presence and registrations is calm, keep-alive traffic steps back.
    pub fn method(&self, method: &[u8]) -> Style {
        match method {
            b"INVITE" => self.colored(Color::Magenta, Modifier::BOLD),
            b"BYE" | b"CANCEL" => self.colored(Color::Yellow, Modifier::empty()),
            b"ACK" | b"PRACK" | b"UPDATE" | b"INFO" | b"REFER" => {
                self.colored(Color::Magenta, Modifier::empty())
            }
            b"REGISTER" | b"SUBSCRIBE" | b"NOTIFY" | b"PUBLISH" | b"MESSAGE" => {
                self.colored(Color::LightBlue, Modifier::empty())
            }
            b"OPTIONS" => self.dim(),
            _ => Style::new(),
        }
    }

    /// The style of a response by its status code. A challenge (401, 407) is a refusal that belongs
    /// to the ordinary course of things: red like the others, but not bold.
    pub fn status(&self, code: u16) -> Style {
        match code / 100 {
            0 | 1 => self.colored(Color::Cyan, Modifier::empty()),
            2 => self.colored(Color::Green, Modifier::empty()),
            3 => self.colored(Color::Yellow, Modifier::empty()),
            _ if matches!(code, 401 | 407) => self.colored(Color::Red, Modifier::empty()),
            _ => self.colored(Color::Red, Modifier::BOLD),
        }
    }

    /// The selected row of the pane that has the focus. It has one colour throughout: reversing
    /// the colours of each cell would make a patchwork of it.
    pub const fn selected(&self) -> Style {
        Style::reset().add_modifier(Modifier::REVERSED).add_modifier(Modifier::BOLD)
    }

    /// The mark at the edge of rows that belong to the selected call.
    pub fn mark(&self) -> Style {
        self.colored(Color::Magenta, Modifier::BOLD)
    }

    /// What matters less.
    pub const fn dim(&self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What matters more.
    pub const fn strong(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The program's name, the focused pane's border.
    pub fn accent(&self) -> Style {
        self.colored(Color::Cyan, Modifier::BOLD)
    }

    /// What went well.
    pub fn good(&self) -> Style {
        self.colored(Color::Green, Modifier::BOLD)
    }

    /// What is not as it should be, but no failure.
    pub fn warning(&self) -> Style {
        self.colored(Color::Yellow, Modifier::empty())
    }

    /// What is wrong.
    pub fn error(&self) -> Style {
        self.colored(Color::Red, Modifier::BOLD)
    }

    /// The place in an expression that is wrong.
    pub fn error_place(&self) -> Style {
        self.error().add_modifier(Modifier::UNDERLINED)
    }

    fn colored(&self, color: Color, modifier: Modifier) -> Style {
        let style = Style::new().add_modifier(modifier);
        if self.color { style.fg(color) } else { style }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_there_is_none() {
        let plain = Theme::new(false);
        let roles =
            [Role::Label, Role::Request, Role::Status(4), Role::Host, Role::Id, Role::Note, Role::Error];
        let mut styles: Vec<Style> = roles.map(|r| plain.role(r)).to_vec();
        styles.extend([plain.method(b"BYE"), plain.status(200), plain.mark(), plain.accent(), plain.error()]);
        for style in styles {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }

    #[test]
    fn no_text_is_black_white_or_bright_yellow() {
        let theme = Theme::new(true);
        let methods =
            [&b"INVITE"[..], b"BYE", b"ACK", b"REGISTER", b"OPTIONS", b"FOO"].map(|m| theme.method(m));
        let statuses = [100, 200, 302, 401, 404, 503, 603].map(|s| theme.status(s));
        for style in methods.iter().chain(&statuses) {
            let fg = style.fg.unwrap_or(Color::Red);
            assert!(![Color::Black, Color::White, Color::LightYellow, Color::DarkGray].contains(&fg));
        }
    }
}
