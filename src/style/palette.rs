//! How roles look: colours of the terminal's own 16, and attributes.
//!
//! Only colours that can be read on dark and on light backgrounds are used: yellow and cyan are weak on white, blue is weak on
//! black. Green is the weakest of them on white: it is never bold, which many terminals make bright, and never the colour of a
//! sentence. Each colour has one meaning; magenta is only INVITE. Letters of legs are black on a colour, which any may be.
//!
//! Must not know: ratatui, crossterm.

use super::Role;

/// The colours in use, by their ANSI names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Color {
    /// Failures and warnings; what was dropped.
    Red,
    /// Success; what was added.
    Green,
    /// INVITE.
    Magenta,
    /// Names, addresses, other requests, what is in progress; what was rewritten.
    LightBlue,
    /// Only behind the letter of a leg.
    Cyan,
    /// Only behind the letter of a leg.
    Yellow,
}

impl Color {
    /// The parameter of the escape sequence that selects it (SGR).
    const fn parameter(self) -> u8 {
        match self {
            Self::Red => 31,
            Self::Green => 32,
            Self::Magenta => 35,
            Self::LightBlue => 94,
            Self::Cyan => 36,
            Self::Yellow => 33,
        }
    }
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Look {
    /// Its colour; none for the terminal's own.
    pub color: Option<Color>,
    /// Its attributes.
    pub attributes: Attributes,
}

/// The attributes of a text, as they are combined here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Attributes {
    /// None.
    #[default]
    Normal,
    /// Bold.
    Bold,
    /// Dim.
    Dim,
    /// Italic.
    Italic,
    /// Bold and underlined.
    BoldUnderlined,
    /// Bold, with foreground and background swapped.
    BoldReversed,
    /// Black, with the colour as the background.
    OnColor,
}

impl Attributes {
    /// The parameters of the escape sequence that selects them (SGR).
    const fn parameters(self) -> &'static [u8] {
        match self {
            Self::Normal => &[],
            Self::Bold => &[1],
            Self::Dim => &[2],
            Self::Italic => &[3],
            Self::BoldUnderlined => &[1, 4],
            Self::BoldReversed => &[1, 7],
            Self::OnColor => &[30],
        }
    }
}

impl Look {
    const fn of(color: Color, attributes: Attributes) -> Self {
        Self { color: Some(color), attributes }
    }

    const fn without_color(attributes: Attributes) -> Self {
        Self { color: None, attributes }
    }

    /// Appends the escape sequence that selects it (SGR); nothing for ordinary text.
    pub fn write_sequence(self, out: &mut Vec<u8>) {
        // The parameter of a background is greater by 10.
        let background = if self.attributes == Attributes::OnColor { 10 } else { 0 };
        let color = self.color.map(|color| color.parameter() + background);
        let parameters = self.attributes.parameters().iter().copied().chain(color);
        for (number, parameter) in parameters.enumerate() {
            out.extend_from_slice(if number == 0 { b"\x1b[" } else { b";" });
            if parameter >= 100 {
                out.push(b'1');
            }
            if parameter >= 10 {
                out.push(b'0' + parameter / 10 % 10);
            }
            out.push(b'0' + parameter % 10);
        }
        if color.is_some() || self.attributes != Attributes::Normal {
            out.push(b'm');
        }
    }
}

/// The looks of one terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// Bold, dim, underlined and reversed text alone (`NO_COLOR`).
    #[default]
    Plain,
    /// The 16 colours that every terminal has.
    Ansi,
}

impl Palette {
    /// How a role looks.
    pub const fn look(self, role: Role) -> Look {
        let look = colored(role);
        match self {
            Self::Ansi => look,
            Self::Plain if matches!(look.attributes, Attributes::OnColor) => {
                Look::without_color(Attributes::BoldReversed)
            }
            Self::Plain => Look::without_color(look.attributes),
        }
    }
}

const fn colored(role: Role) -> Look {
    use Attributes::{Bold, BoldReversed, BoldUnderlined, Dim, Italic, Normal, OnColor};
    match role {
        Role::Plain => Look::without_color(Normal),
        Role::Dim | Role::KeepAlive | Role::Challenge => Look::without_color(Dim),
        Role::Strong | Role::Heading | Role::User => Look::without_color(Bold),
        Role::Selected => Look::without_color(BoldReversed),
        Role::Request | Role::Host | Role::Id | Role::Provisional => Look::of(Color::LightBlue, Normal),
        Role::Label | Role::Accent | Role::CallEnd | Role::Redirection | Role::Rewritten => {
            Look::of(Color::LightBlue, Bold)
        }
        Role::Note => Look::of(Color::LightBlue, Italic),
        Role::Success | Role::Added | Role::Done => Look::of(Color::Green, Normal),
        Role::Invite => Look::of(Color::Magenta, Bold),
        Role::Warning | Role::Dropped => Look::of(Color::Red, Normal),
        Role::LegName(leg) => Look::of(leg_color(leg), OnColor),
        Role::LegLine(leg) => leg_line(leg),
        Role::Changed => Look::without_color(BoldUnderlined),
        Role::Failure | Role::Error => Look::of(Color::Red, Bold),
        Role::ErrorPosition => Look::of(Color::Red, BoldUnderlined),
    }
}

/// The colours of legs, which repeat.
const fn leg_color(leg: u8) -> Color {
    match leg % 4 {
        0 => Color::LightBlue,
        1 => Color::Green,
        2 => Color::Cyan,
        _ => Color::Yellow,
    }
}

/// The same for lines, where the colour can be read on every background.
const fn leg_line(leg: u8) -> Look {
    match leg_color(leg) {
        Color::Cyan | Color::Yellow => Look::without_color(Attributes::Dim),
        color => Look::of(color, Attributes::Normal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 32] = [
        Role::Plain,
        Role::Dim,
        Role::Strong,
        Role::Heading,
        Role::Label,
        Role::User,
        Role::Host,
        Role::Id,
        Role::Note,
        Role::Invite,
        Role::CallEnd,
        Role::KeepAlive,
        Role::Request,
        Role::Provisional,
        Role::Success,
        Role::Redirection,
        Role::Challenge,
        Role::Failure,
        Role::Accent,
        Role::Done,
        Role::Warning,
        Role::Error,
        Role::ErrorPosition,
        Role::Added,
        Role::Dropped,
        Role::Rewritten,
        Role::Changed,
        Role::LegName(1),
        Role::LegName(3),
        Role::LegLine(1),
        Role::LegLine(3),
        Role::Selected,
    ];

    #[test]
    fn without_colour_there_is_none() {
        assert!(ROLES.iter().all(|role| Palette::Plain.look(*role).color.is_none()));
    }

    #[test]
    fn magenta_is_only_invite_and_green_is_never_bold() {
        for role in ROLES {
            let look = Palette::Ansi.look(role);
            assert_eq!(look.color == Some(Color::Magenta), role == Role::Invite, "{role:?}");
            let is_background = look.attributes == Attributes::OnColor;
            let is_normal = look.attributes == Attributes::Normal;
            assert!(look.color != Some(Color::Green) || is_normal || is_background, "{role:?}");
            let is_weak = matches!(look.color, Some(Color::Cyan | Color::Yellow));
            assert!(!is_weak || is_background, "{role:?}");
        }
    }

    #[test]
    fn a_challenge_is_no_failure() {
        for (code, role) in [(100, Role::Provisional), (200, Role::Success), (302, Role::Redirection)] {
            assert_eq!(Role::of_status(code), role);
        }
        for (code, role) in [(401, Role::Challenge), (407, Role::Challenge), (404, Role::Failure)] {
            assert_eq!(Role::of_status(code), role);
        }
    }

    #[test]
    fn sequences_are_those_of_the_looks() {
        for (role, sequence) in [
            (Role::Plain, ""),
            (Role::Strong, "\x1b[1m"),
            (Role::Invite, "\x1b[1;35m"),
            (Role::LegName(0), "\x1b[30;104m"),
            (Role::LegName(1), "\x1b[30;42m"),
        ] {
            let mut out = Vec::new();
            Palette::Ansi.look(role).write_sequence(&mut out);
            assert_eq!(String::from_utf8(out).unwrap(), sequence);
        }
    }
}
