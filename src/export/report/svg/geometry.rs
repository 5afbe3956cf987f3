//! Where the columns and rows of a drawn ladder are, in pixels.
//!
//! ```text
//! 05:53:48.014447 +0.000000 │ label ────▶ │   ! remark
//! └ TIMES ────────────────┘ └ columns ──┘   └ remarks
//! ```
//!
//! Must not know: elements, colours.

use crate::calls::LegIdx;
use crate::export::sheet::Sheet;
use crate::ladder::{Arrow, Column, width_of};

/// Cells of the longest label, remark and title that are drawn whole.
pub(super) const LABEL_MOST: usize = 44;
pub(super) const REMARK_MOST: usize = 56;
pub(super) const TITLE_MOST: usize = 32;
/// Cells of the two columns of times.
const TIMES: usize = 28;
/// Around a label: the blank on both sides, and the arrow's head.
const AROUND_LABEL: usize = 5;
/// Pixels of a row.
pub(super) const ROW_HEIGHT: i32 = 28;
/// Pixels of the row of titles.
pub(super) const TITLE_HEIGHT: i32 = 26;

/// Pixels of so many cells of the font: the widest usual one has 0.605 of its 12 pixels.
pub(super) const fn px(cells: usize) -> i32 {
    (cells as i32 * 73 + 9) / 10
}

/// The positions of what a ladder has beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Geometry {
    /// The lifelines of the columns.
    pub(super) columns: Vec<i32>,
    /// Where times end.
    pub(super) times: i32,
    /// Where remarks begin.
    pub(super) remarks: i32,
    /// The width of all.
    pub(super) width: i32,
}

/// A row of the drawing, with its arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// The pause before the arrow.
    Gap(usize),
    /// The arrow.
    Arrow(usize),
}

impl Geometry {
    /// The positions for a ladder.
    pub(super) fn of(sheet: &Sheet) -> Self {
        let ladder = &sheet.ladder;
        let spans = spans(sheet);
        let title = |column: Option<&Column>| column.map_or(0, title_width);
        let mut x = px(TIMES) + px(title(ladder.columns.first()) / 2).max(px(2)) + px(1);
        let mut columns = vec![x];
        for cells in &spans {
            x += px(*cells);
            columns.push(x);
        }
        let remark = ladder.arrows.iter().map(|arrow| width_of(&arrow.remark()).min(REMARK_MOST)).max();
        let remarks = x + px(2);
        let last_title = x + px(title(ladder.columns.last()).div_ceil(2));
        let width = last_title.max(remarks + px(remark.unwrap_or_default())) + px(1);
        Self { columns, times: px(TIMES - 1), remarks, width }
    }

    /// The lifeline of a column.
    pub(super) fn x(&self, column: usize) -> i32 {
        self.columns.get(column).copied().unwrap_or_default()
    }
}

/// The rows of these arrows.
pub(super) fn rows(sheet: &Sheet, arrows: std::ops::Range<usize>) -> impl Iterator<Item = Row> {
    arrows.flat_map(|number| {
        let is_gap = sheet.ladder.arrows.get(number).is_some_and(|arrow| arrow.gap);
        is_gap.then_some(Row::Gap(number)).into_iter().chain([Row::Arrow(number)])
    })
}

/// The label of an arrow, with what its text adds.
pub(super) fn label<'a>(sheet: &Sheet, arrow: &'a Arrow) -> std::borrow::Cow<'a, str> {
    arrow.label_with(sheet.labels.get(&arrow.row).map(String::as_str))
}

/// Cells of a title, as it is drawn.
pub(super) fn title_width(column: &Column) -> usize {
    let names: usize = column.legs.iter().take(NAMES_MOST).map(|name| name.text.len() + 1).sum();
    let more = if column.legs.len() > NAMES_MOST { 2 } else { 0 };
    names + more + width_of(&column.title).min(TITLE_MOST)
}

/// Letters of legs in one title; the others are in its tooltip.
pub(super) const NAMES_MOST: usize = 6;

/// Cells between each column and the next one.
fn spans(sheet: &Sheet) -> Vec<usize> {
    let columns = &sheet.ladder.columns;
    let titles =
        columns.windows(2).map(|pair| (title_width(&pair[0]) + title_width(&pair[1])).div_ceil(2) + 2);
    let mut spans: Vec<usize> = titles.collect();
    let is_ours = |column: usize| columns.get(column).is_some_and(|column| column.ours);
    let is_between_ours = |span: usize| is_ours(span) && is_ours(span + 1);
    for arrow in &sheet.ladder.arrows {
        let (left, right) = (arrow.from.min(arrow.to), arrow.from.max(arrow.to));
        let needs = width_of(&label(sheet, arrow)).min(LABEL_MOST) + AROUND_LABEL;
        let has: usize = spans.get(left..right).unwrap_or_default().iter().sum();
        // A label gets room where its arrow leaves our columns, unless there is no such place.
        let carriers: Vec<usize> = (left..right).filter(|span| !is_between_ours(*span)).collect();
        let carriers = if carriers.is_empty() { (left..right).collect() } else { carriers };
        let missing = needs.saturating_sub(has).div_ceil(carriers.len().max(1));
        for span in carriers {
            if let Some(cells) = spans.get_mut(span) {
                *cells += missing;
            }
        }
    }
    spans
}

/// A text in at most so many cells: with its beginning and `…`. Whether all of it is there.
pub(super) fn shortened(text: &str, most: usize) -> (&str, bool) {
    if width_of(text) <= most {
        return (text, true);
    }
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += width_of(c.encode_utf8(&mut [0; 4]));
        used >= most
    });
    (end.map_or(text, |(at, _)| text[..at].trim_end()), false)
}

/// A text as lines of at most so many cells, broken between words; a word that is longer is broken.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let Some(line) = lines.last_mut() else { return lines };
            let blank = usize::from(!line.is_empty());
            if width_of(line) + blank + width_of(word) <= most {
                line.push_str(if blank > 0 { " " } else { "" });
                line.push_str(word);
                break;
            }
            if blank > 0 {
                lines.push(String::new());
                continue;
            }
            let head = shortened(word, most.max(3)).0;
            line.push_str(head);
            word = &word[head.len()..];
            lines.push(String::new());
        }
    }
    lines
}

/// Positions of legs are small numbers.
pub(super) const fn leg_class(number: LegIdx) -> u32 {
    number % 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_in_long_ones() {
        for (text, most, expected) in [
            ("one two three", 8, &["one two", "three"][..]),
            ("a abcdefghij b", 6, &["a", "abcde", "fghij", "b"]),
            ("", 5, &[""]),
        ] {
            assert_eq!(wrapped(text, most), expected);
        }
    }

    #[test]
    fn long_texts_are_shortened_by_cells() {
        for (text, most, expected) in [
            ("INVITE", 6, ("INVITE", true)),
            ("INVITE", 5, ("INVI", false)),
            ("a b c", 3, ("a", false)),
            ("漢字漢字", 5, ("漢字", false)),
            ("", 0, ("", true)),
        ] {
            assert_eq!(shortened(text, most), expected);
        }
    }
}
