//! Looks as a configuration file writes them: `"magenta bold"`, `"#ff8700"`, `"208 dim"`, `"on-green"`.
//!
//! Must not know: which role has which look.

use crate::style::{Attributes, Color, Look};

/// What a look can be, for messages.
pub(super) const EXPECTED: &str =
    "a look such as \"light-blue bold\", \"#ff8700\", \"208 dim\" or \"bold reversed\"";

const COLORS: [(&str, Color); 16] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("gray", Color::Gray),
    ("dark-gray", Color::DarkGray),
    ("light-red", Color::LightRed),
    ("light-green", Color::LightGreen),
    ("light-yellow", Color::LightYellow),
    ("light-blue", Color::LightBlue),
    ("light-magenta", Color::LightMagenta),
    ("light-cyan", Color::LightCyan),
    ("white", Color::White),
];

const ATTRIBUTES: [(&str, Attributes); 6] = [
    ("bold", Attributes::Bold),
    ("dim", Attributes::Dim),
    ("italic", Attributes::Italic),
    ("bold underlined", Attributes::BoldUnderlined),
    ("bold reversed", Attributes::BoldReversed),
    ("background", Attributes::OnColor),
];

/// Reads a look; `None` if it is not one.
pub(super) fn parse(text: &str) -> Option<Look> {
    let mut look = Look::default();
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        match color(word) {
            Some(color) if look.color.is_none() => look.color = Some(color),
            Some(_) => return None,
            None => words.push(word),
        }
    }
    words.sort_unstable();
    let words = words.join(" ");
    look.attributes = match ATTRIBUTES.iter().find(|(name, _)| *name == words) {
        Some((_, attributes)) => *attributes,
        None if words.is_empty() => Attributes::Normal,
        None => return None,
    };
    // A background needs a colour.
    (look.color.is_some() || look.attributes != Attributes::OnColor).then_some(look)
}

fn color(word: &str) -> Option<Color> {
    if let Some(hex) = word.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii()) {
        let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        return Some(Color::Rgb(part(0)?, part(2)?, part(4)?));
    }
    let named = COLORS.iter().find(|(name, _)| *name == word).map(|(_, color)| *color);
    named.or_else(|| word.parse().ok().map(Color::Indexed))
}

/// Writes a look as [`parse`] reads it.
pub(super) fn spell(look: Look) -> String {
    let color = look.color.map(|color| match color {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        Color::Indexed(number) => number.to_string(),
        named => COLORS
            .iter()
            .find(|(_, color)| *color == named)
            .map_or(String::new(), |(name, _)| (*name).to_owned()),
    });
    let attributes = ATTRIBUTES.iter().find(|(_, attributes)| *attributes == look.attributes);
    let words = color.into_iter().chain(attributes.map(|(name, _)| (*name).to_owned()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_read_and_written() {
        for text in [
            "",
            "magenta bold",
            "#ff8700",
            "208 dim",
            "bold reversed",
            "light-blue italic",
            "green background",
        ] {
            let look = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(spell(look), text);
        }
        assert_eq!(parse("reversed  bold"), parse("bold reversed"));
        for text in ["pink", "red blue", "300", "#ff87", "background", "#é0ff0"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
