//! Which characters the terminal and other readers of our output understand: those of the locale.
//!
//! Must not know: what text is written.

use std::borrow::Cow;
use std::ffi::OsString;

/// The characters that may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// All of Unicode, as UTF-8.
    #[default]
    Utf8,
    /// ASCII only.
    Ascii,
}

impl Charset {
    /// The characters of the locale that these environment variables set; `std::env::var_os` gives those of the process.
    ///
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty decides (POSIX, XBD 8.2). If none is set,
    /// the locale is `C`, whose characters are ASCII.
    pub fn of_variables(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
        let name = locale.to_string_lossy().to_ascii_lowercase();
        if name.contains("utf-8") || name.contains("utf8") { Self::Utf8 } else { Self::Ascii }
    }

    /// Replaces our own symbols (lines, arrows, `×`) by one-cell symbols of this character set. Any other character
    /// that it lacks becomes `?`.
    pub fn sign(self, c: char) -> char {
        match (self, c) {
            (Self::Utf8, _) | (_, '\0'..='\u{7f}') => c,
            (_, '─' | '━' | '═' | '┄' | '‐'..='―') => '-',
            (_, '│' | '┃' | '║' | '├' | '┤' | '▎' | '▏' | '▕') => '|',
            (_, '█' | '▉' | '▊' | '▋' | '▌' | '▍' | '▆' | '▇') => '#',
            (_, '●') => '*',
            (_, '↻') => 'R',
            (_, '✎') => 'N',
            (_, '↳' | '↪') => '\\',
            (_, 'Δ') => 'd',
            (_, '┊' | '┆' | '┇' | '╎' | '▃' | '▄' | '▅') => ':',
            (_, '┼' | '┌' | '┐' | '└' | '┘' | '┬' | '┴' | '╭' | '╮' | '╰' | '╯') => '+',
            (_, '▶' | '▸' | '→' | '›') => '>',
            (_, '◀' | '◂' | '←' | '‹') => '<',
            (_, '▲' | '▴' | '↑') => '^',
            (_, '▼' | '▾' | '↓') => 'v',
            (_, '×') => 'x',
            // Not that of a finding.
            (_, '…') => '_',
            (_, '≈') => '~',
            (_, '·' | '•' | '▁' | '▂') => '.',
            (_, '\u{a0}') => ' ',
            _ => '?',
        }
    }
}

impl Charset {
    /// A text in which no symbol is left that one character cannot replace: `±` is `+-` in ASCII.
    pub fn spelled(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Ascii if text.contains('±') => Cow::Owned(text.replace('±', "+-")),
            _ => Cow::Borrowed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_and_not_empty_decides() {
        for (all, ctype, lang, want) in [
            (None, None, Some("de_DE.UTF-8"), Charset::Utf8),
            (None, None, Some("en_US.utf8"), Charset::Utf8),
            (None, None, Some("C.UTF-8"), Charset::Utf8),
            (None, None, Some("C"), Charset::Ascii),
            (None, None, None, Charset::Ascii),
            (Some("C"), None, Some("de_DE.UTF-8"), Charset::Ascii),
            (Some(""), Some("de_DE.UTF-8"), Some("C"), Charset::Utf8),
            (None, Some("de_DE@euro"), Some("de_DE.UTF-8"), Charset::Ascii),
        ] {
            let variable = |name: &str| match name {
                "LC_ALL" => all.map(OsString::from),
                "LC_CTYPE" => ctype.map(OsString::from),
                _ => lang.map(OsString::from),
            };
            assert_eq!(Charset::of_variables(variable), want, "{all:?} {ctype:?} {lang:?}");
        }
    }

    #[test]
    fn our_symbols_have_ascii_replacements() {
        let text = "├─ INVITE ×3 ─▶│ ┊ ≈ … é";
        let shown = |set: Charset| text.chars().map(|c| set.sign(c)).collect::<String>();
        assert_eq!(shown(Charset::Ascii), "|- INVITE x3 ->| : ~ _ ?");
        assert_eq!(shown(Charset::Utf8), text);
        assert_eq!(Charset::Ascii.spelled("±400 m"), "+-400 m");
        assert_eq!(Charset::Utf8.spelled("±400 m"), "±400 m");
    }
}
