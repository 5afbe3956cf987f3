//! The titles above the columns: whole, or shortened to their room.
//!
//! ```text
//! A 198.51.100.13:5060    internal  external    B 192.0.2.21
//! ```
//!
//! Must not know: arrows, colours.

use super::canvas::{Canvas, Ink, width_of};
use super::{Column, LegName};

/// Names of legs in one title; more are left out.
const MOST_NAMES: usize = 3;

/// A title at its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    x: i32,
    names: Vec<LegName>,
    more: bool,
    text: String,
    ours: bool,
}

/// A column that is visible, with its lifeline's cell.
pub(super) type Placed<'a> = (&'a Column, i32);

/// Cells of a whole title.
pub(super) fn title_width(column: &Column) -> usize {
    names_width(column) + width_of(&column.title)
}

/// Cells of the names of legs, and of the blank after them.
fn names_width(column: &Column) -> usize {
    let names: usize = column.legs.iter().take(MOST_NAMES).map(|name| name.text.len()).sum();
    let more = usize::from(column.legs.len() > MOST_NAMES);
    if names > 0 { names + more + 1 } else { 0 }
}

/// The titles of these columns on a line of `width` cells: each above its lifeline, and none over another one.
pub(super) fn place(columns: &[Placed<'_>], width: i32) -> Vec<Title> {
    let mut left = 0;
    let mut titles = Vec::with_capacity(columns.len());
    for (at, (column, x)) in columns.iter().enumerate() {
        let is_last = at + 2 >= columns.len();
        let beyond = if is_last { width } else { i32::MAX };
        let right = columns.get(at + 1).map_or(width, |next| border(left, (column, *x), *next, beyond));
        titles.push(title(column, *x, (left, right)));
        left = right + 1;
    }
    titles
}

/// The cell between two titles: where both are whole, else where both are whole without their ports, else where the name of
/// our profile is, else in proportion to what they need. The first title has the cells from `left` on, the last one those before `end`.
fn border(left: i32, (column, x): Placed<'_>, (next, next_x): Placed<'_>, end: i32) -> i32 {
    let distance = next_x - x;
    let needs = |width_of: fn(&Column) -> usize| {
        let (width, next_width) = (width_of(column) as i32, width_of(next) as i32);
        let need = ((width + 1) / 2).max(width - (x - left));
        (need, (next_width / 2).max(next_width - end.saturating_sub(next_x)))
    };
    for width_of in [title_width, host_width] {
        let (need, next_need) = needs(width_of);
        if need + next_need < distance {
            return x + (need + distance - next_need) / 2;
        }
    }
    // The end of an address says enough; a profile's name is kept whole.
    let (need, next_need) = needs(host_width);
    match (column.ours, next.ours) {
        (true, false) => x + (need + 1).min(distance),
        (false, true) => next_x - (next_need + 1).min(distance),
        _ => x + distance * need / (need + next_need).max(1),
    }
}

/// Cells of a title without the port.
fn host_width(column: &Column) -> usize {
    names_width(column) + width_of(without_port(&column.title))
}

fn title(column: &Column, x: i32, (left, right): (i32, i32)) -> Title {
    let room = (right - left).max(0) as usize;
    let names = names_width(column);
    let text = shortened(&column.title, room.saturating_sub(names));
    let width = (names + width_of(&text)) as i32;
    let x = (x - width / 2).min(right - width).max(left);
    Title {
        x,
        names: column.legs.iter().take(MOST_NAMES).cloned().collect(),
        more: column.legs.len() > MOST_NAMES,
        text,
        ours: column.ours,
    }
}

/// A title in at most `room` cells: without the port, then an IPv6 address without its middle, then its end alone.
fn shortened(title: &str, room: usize) -> String {
    let fits = |text: &str| width_of(text) <= room;
    if fits(title) {
        return title.to_owned();
    }
    let host = without_port(title);
    if fits(host) {
        return host.to_owned();
    }
    let middle = without_middle(host).filter(|text| fits(text));
    if let Some(text) = middle {
        return text;
    }
    // Profiles begin differently, addresses end differently.
    let is_address = title.contains(['.', ':']);
    let keep = room.saturating_sub(1);
    let count = host.chars().count();
    match room {
        0 => String::new(),
        _ if is_address => format!("…{}", host.chars().skip(count.saturating_sub(keep)).collect::<String>()),
        _ => format!("{}…", host.chars().take(keep).collect::<String>()),
    }
}

fn without_port(title: &str) -> &str {
    match title.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) && is_host(host) => host,
        _ => title,
    }
}

fn is_host(text: &str) -> bool {
    text.ends_with(']') || !text.contains(':')
}

/// `[2001:db8:…:20]` of `[2001:db8:10::20]`.
fn without_middle(host: &str) -> Option<String> {
    let bare = host.strip_prefix('[')?.strip_suffix(']')?;
    let (head, last) = bare.rsplit_once(':')?;
    let mut groups = head.split(':');
    Some(format!("{}:{}:…:{last}", groups.next()?, groups.next()?))
}

impl Title {
    /// Draws it.
    pub(super) fn draw<'a>(&'a self, canvas: &mut Canvas<'a>) {
        let mut x = self.x;
        for name in &self.names {
            canvas.put(x, &name.text, Ink::LegName(name.number));
            x += name.text.len() as i32;
        }
        if self.more {
            canvas.put_sign(x, "…", Ink::Title);
            x += 1;
        }
        x += i32::from(!self.names.is_empty());
        canvas.put(x, &self.text, if self.ours { Ink::OurTitle } else { Ink::Title });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_the_port_then_the_middle_then_their_beginning() {
        for (title, room, want) in [
            ("198.51.100.13:5060", 18, "198.51.100.13:5060"),
            ("198.51.100.13:5060", 17, "198.51.100.13"),
            ("198.51.100.13:5060", 9, "…1.100.13"),
            ("[2001:db8:10::20]:24231", 22, "[2001:db8:10::20]"),
            ("[2001:db8:10:1::20]:24231", 16, "2001:db8:…:20"),
            ("[2001:db8:10:1::20]:24231", 6, "…::20]"),
            ("internal-ipv6", 8, "interna…"),
            ("internal", 0, ""),
            ("12 other peers", 5, "12 o…"),
        ] {
            let text = shortened(title, room);
            assert!(width_of(&text) <= room);
            assert_eq!(text, want.to_owned(), "{title} {room}");
        }
    }
}
