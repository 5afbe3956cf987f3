//! The characters that a terminal can show.
//!
//! Must not know: what is drawn with them.

/// Which characters may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// All of Unicode, as UTF-8.
    #[default]
    Unicode,
    /// ASCII alone: the locale has no UTF-8, or the user wants it.
    Ascii,
}

/// The signs that the program draws, each with the ASCII character that replaces it.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("─━┄╌", "-"),
    ("│┊▎▏▕", "|"),
    ("├┤┬┴┼┌┐└┘╭╮╰╯", "+"),
    ("▸→▶›", ">"),
    ("←◀‹", "<"),
    ("↑▲", "^"),
    ("↓▼", "v"),
    ("…", "~"),
    ("–−", "-"),
    ("·•", "."),
    ("●", "*"),
    ("≈", "~"),
    ("Δ", "d"),
    ("×", "x"),
    ("↻", "R"),
    ("↪↳", "\\"),
    ("█▉▊▋▌▍║", "#"),
    ("■", "#"),
];

impl Charset {
    /// What is drawn for the text of one cell; `?` for a character that the set does not have.
    pub fn cell(self, symbol: &str) -> Option<&'static str> {
        if self == Self::Unicode || symbol.is_ascii() {
            return None;
        }
        let known = REPLACEMENTS.iter().find(|(signs, _)| signs.contains(symbol));
        Some(known.map_or("?", |(_, ascii)| ascii))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_becomes_one_of_ascii() {
        for (symbol, drawn) in [("a", None), ("▸", Some(">")), ("─", Some("-")), ("é", Some("?")), ("日", Some("?"))]
        {
            assert_eq!(Charset::Ascii.cell(symbol), drawn);
            assert_eq!(Charset::Unicode.cell(symbol), None);
        }
    }
}
