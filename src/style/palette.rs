//! How roles look: colours of the terminal's own 16, and attributes.
//!
//! Only colours that can be read on dark and on light backgrounds are used: yellow and cyan are weak on white, blue is weak on
//! black. Green is the weakest of them on white: it is never bold, which many terminals make bright, and never the colour of a
//! sentence. Each colour has one meaning; magenta is only INVITE. Letters of legs are black on a colour, which any may be.
//!
//! Must not know: ratatui, crossterm.

use super::Role;

/// A colour: one of the terminal's own 16 by its ANSI name, or what a configuration chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Color {
    /// Black.
    Black,
    /// Failures and warnings; what was dropped.
    Red,
    /// Success; what was added.
    Green,
    /// Behind the letter of a leg; warnings on dark backgrounds.
    Yellow,
    /// What is light blue elsewhere, on light backgrounds.
    Blue,
    /// INVITE.
    Magenta,
    /// Behind the letter of a leg; names on dark backgrounds.
    Cyan,
    /// Light gray.
    Gray,
    /// Dark gray.
    DarkGray,
    /// Light red.
    LightRed,
    /// Light green.
    LightGreen,
    /// Light yellow.
    LightYellow,
    /// Names, addresses, other requests, what is in progress; what was rewritten.
    LightBlue,
    /// Light magenta.
    LightMagenta,
    /// Light cyan.
    LightCyan,
    /// White.
    White,
    /// One of 256 colours.
    Indexed(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

impl Color {
    /// The parameters of the escape sequence that selects it (SGR); `offset` is 10 for a background.
    fn parameters(self, offset: u8) -> Vec<u8> {
        let named = match self {
            Self::Black => 30,
            Self::Red => 31,
            Self::Green => 32,
            Self::Yellow => 33,
            Self::Blue => 34,
            Self::Magenta => 35,
            Self::Cyan => 36,
            Self::Gray => 37,
            Self::DarkGray => 90,
            Self::LightRed => 91,
            Self::LightGreen => 92,
            Self::LightYellow => 93,
            Self::LightBlue => 94,
            Self::LightMagenta => 95,
            Self::LightCyan => 96,
            Self::White => 97,
            Self::Indexed(number) => return vec![38 + offset, 5, number],
            Self::Rgb(r, g, b) => return vec![38 + offset, 2, r, g, b],
        };
        vec![named + offset]
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
        let color = self.color.map(|color| color.parameters(background)).unwrap_or_default();
        let parameters: Vec<u8> = self.attributes.parameters().iter().copied().chain(color).collect();
        for (number, parameter) in parameters.iter().enumerate() {
            out.extend_from_slice(if number == 0 { b"\x1b[" } else { b";" });
            out.extend_from_slice(parameter.to_string().as_bytes());
        }
        if !parameters.is_empty() {
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
    /// The 16 colours that every terminal has, as far as they can be read on every background.
    Ansi,
    /// Colours for dark backgrounds.
    Dark,
    /// Colours for light backgrounds.
    Light,
    /// Looks that the user chose.
    Custom(&'static CustomLooks),
}

/// Looks that the user chose, and the palette of all others. There is one for the life of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomLooks {
    /// The palette of the other roles.
    pub others: Palette,
    /// The looks of some roles.
    pub looks: Vec<(Role, Look)>,
}

impl Palette {
    /// The palette with other looks of some roles. It is kept until the program ends.
    pub fn custom(others: Self, looks: Vec<(Role, Look)>) -> Self {
        Self::Custom(Box::leak(Box::new(CustomLooks { others, looks })))
    }

    /// How a role looks.
    pub fn look(self, role: Role) -> Look {
        let role = if role == Role::Written { Role::Plain } else { role };
        let look = colored(role);
        match self {
            Self::Ansi => look,
            Self::Plain if matches!(look.attributes, Attributes::OnColor) => {
                Look::without_color(Attributes::BoldReversed)
            }
            Self::Plain => Look::without_color(look.attributes),
            Self::Dark => on_dark(role, look),
            Self::Light => on_light(look),
            Self::Custom(custom) => {
                let chosen = custom.looks.iter().find(|(other, _)| *other == role);
                chosen.map_or_else(|| custom.others.look(role), |(_, look)| *look)
            }
        }
    }
}

/// Yellow and cyan can be read on dark backgrounds: warnings are not as red as errors.
const fn on_dark(role: Role, look: Look) -> Look {
    match role {
        Role::Warning => Look::of(Color::Yellow, Attributes::Normal),
        Role::Note => Look::of(Color::Cyan, Attributes::Italic),
        Role::Host | Role::Id => Look::of(Color::Cyan, Attributes::Normal),
        _ => look,
    }
}

/// Blue can be read on light backgrounds better than light blue. Black on blue cannot be read.
fn on_light(look: Look) -> Look {
    match look.color {
        _ if look.attributes == Attributes::OnColor => look,
        Some(Color::LightBlue) => Look { color: Some(Color::Blue), ..look },
        _ => look,
    }
}

const fn colored(role: Role) -> Look {
    use Attributes::{Bold, BoldReversed, BoldUnderlined, Dim, Italic, Normal, OnColor};
    match role {
        Role::Plain | Role::Written => Look::without_color(Normal),
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
    fn letters_of_legs_are_black_on_a_light_colour() {
        for palette in [Palette::Ansi, Palette::Dark, Palette::Light] {
            for leg in 0..4 {
                let look = palette.look(Role::LegName(leg));
                assert_eq!((look.attributes, look.color), (Attributes::OnColor, Some(leg_color(leg))));
                assert_ne!(look.color, Some(Color::Blue));
            }
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
