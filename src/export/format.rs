//! The formats of saved files: their names, and the extensions that mean them.
//!
//! Must not know: how a format is written, options, screens.

use std::path::Path;

/// The format of a saved file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Frames of a dump, one for each message.
    #[default]
    Dump,
    /// A libpcap file.
    Pcap,
    /// A pcapng file, with comments.
    Pcapng,
    /// Text: whole messages, unless an output mode says otherwise.
    Text,
    /// JSON, one object per line.
    Json,
    /// A table: of the messages, or of the calls.
    Csv,
    /// Calls as Markdown, with their ladders as Mermaid diagrams.
    Markdown,
    /// The ladders of calls as a drawing.
    Svg,
    /// Calls with all of their messages as one page.
    Html,
}

/// What a file has a row, an object or a line for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// The messages.
    #[default]
    Messages,
    /// Their calls; other dialogs if they belong to no call.
    Calls,
}

/// What is known of a format.
struct Known {
    format: Format,
    /// Its name for `--format`; also its usual extension.
    name: &'static str,
    /// Other extensions that mean it.
    others: &'static [&'static str],
    /// What it is, for lists of formats.
    help: &'static str,
}

const fn known(
    format: Format,
    name: &'static str,
    others: &'static [&'static str],
    help: &'static str,
) -> Known {
    Known { format, name, others, help }
}

/// All formats in the order in which they are offered.
const FORMATS: &[Known] = &[
    known(Format::Dump, "dump", &[], "dump: opens in sofiatui"),
    known(Format::Pcap, "pcap", &["cap"], "pcap: for Wireshark, with generated packet headers"),
    known(
        Format::Pcapng,
        "pcapng",
        &["ntar"],
        "pcapng: the same with verdicts, findings and notes as comments",
    ),
    known(Format::Text, "txt", &["text"], "text: messages with time, direction and peer"),
    known(Format::Json, "jsonl", &["json", "ndjson"], "JSON lines: one object each"),
    known(Format::Csv, "csv", &[], "CSV: a table, the columns of the list"),
    known(Format::Markdown, "md", &["markdown"], "Markdown: legs and ladder of each call, for a ticket"),
    known(Format::Svg, "svg", &[], "SVG: the ladder of each call, drawn"),
    known(Format::Html, "html", &["htm"], "HTML: a report of each call with all messages"),
];

impl Format {
    /// All of them in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|known| known.format)
    }

    fn known(self) -> &'static Known {
        // Each format has a row; a test checks that.
        FORMATS.iter().find(|known| known.format == self).unwrap_or(&FORMATS[0])
    }

    /// Whether it is about calls: their legs, each with all of its messages.
    pub const fn is_report(self) -> bool {
        matches!(self, Self::Markdown | Self::Svg | Self::Html)
    }

    /// Its name, which is also its usual extension: `pcap`.
    pub fn name(self) -> &'static str {
        self.known().name
    }

    /// Other extensions that mean it.
    pub fn others(self) -> &'static [&'static str] {
        self.known().others
    }

    /// What it is, in a few words.
    pub fn help(self) -> &'static str {
        self.known().help
    }

    /// Whether a file of this format can have these rows.
    pub fn has(self, rows: Rows) -> bool {
        rows == Rows::Messages || self.is_report() || matches!(self, Self::Text | Self::Json | Self::Csv)
    }

    /// Whether notes on messages have a place in it.
    pub fn has_notes(self) -> bool {
        self.is_report() || matches!(self, Self::Pcapng | Self::Text | Self::Json)
    }

    /// The format with this name or extension, in upper or lower case.
    pub fn named(name: &str) -> Option<Self> {
        let is_named = |known: &&Known| {
            std::iter::once(&known.name).chain(known.others).any(|known| known.eq_ignore_ascii_case(name))
        };
        FORMATS.iter().find(is_named).map(|known| known.format)
    }

    /// The format that the extension of a file means.
    ///
    /// ```
    /// use sofiatui::export::Format;
    /// assert_eq!(Format::of_path("call.PCAP".as_ref()), Some(Format::Pcap));
    /// assert_eq!(Format::of_path("call".as_ref()), None);
    /// ```
    pub fn of_path(path: &Path) -> Option<Self> {
        Self::named(path.extension()?.to_str()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_found_by_its_names() {
        for format in Format::all() {
            assert_eq!(Format::named(format.name()), Some(format));
            for other in format.known().others {
                assert_eq!(Format::of_path(format!("a.b/c.{other}").as_ref()), Some(format));
            }
        }
        for path in ["", "pcap", ".csv", "x.", "x.pcap.gz", "x.csv/y"] {
            assert_eq!(Format::of_path(path.as_ref()), None, "{path}");
        }
    }
}
