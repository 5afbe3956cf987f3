//! Sorting by texts that many calls share: each different text is compared once.
//!
//! Must not know: calls, columns.

use hashbrown::HashMap;

/// Texts that items have, each kept once.
#[derive(Debug, Default)]
pub(super) struct Texts<T> {
    texts: Vec<T>,
    /// By item: its text.
    numbers: Vec<u32>,
}

impl<T: AsRef<[u8]> + Clone> Texts<T> {
    /// The texts of items that know their texts by numbers, which are dense.
    pub(super) fn numbered(items: impl Iterator<Item = (u32, T)>) -> Self {
        let mut texts = Self { texts: Vec::new(), numbers: Vec::new() };
        let mut places: Vec<u32> = Vec::new();
        for (number, text) in items {
            let number = number as usize;
            if places.len() <= number {
                places.resize(number + 1, u32::MAX);
            }
            if places[number] == u32::MAX {
                places[number] = texts.texts.len() as u32;
                texts.texts.push(text);
            }
            texts.numbers.push(places[number]);
        }
        texts
    }

    /// By item: the rank of its text.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<(u64, &[u8], usize)> =
            self.texts.iter().enumerate().map(|(number, text)| beginning(text.as_ref(), number)).collect();
        order.sort_unstable();
        let mut ranks = vec![0_u32; order.len()];
        let (mut rank, mut last) = (0, None);
        for (_, text, number) in order {
            rank += u32::from(last.is_some_and(|last| last != text));
            (ranks[number], last) = (rank, Some(text));
        }
        self.numbers.iter().map(|number| ranks[*number as usize]).collect()
    }

    /// Sorts `items`, whose texts these are; those with the same text stay in their order.
    pub(super) fn sort<I: Copy>(&self, items: &mut [I]) {
        let mut places: Vec<(u32, u32)> = self.ranks().into_iter().zip(0..).collect();
        places.sort_unstable();
        let old = items.to_vec();
        for (item, (_, place)) in items.iter_mut().zip(places) {
            *item = old[place as usize];
        }
    }
}

impl Texts<String> {
    /// The texts of items.
    pub(super) fn of(items: impl Iterator<Item = String>) -> Self {
        let mut known: HashMap<String, u32> = HashMap::new();
        let numbers = items.map(|text| {
            let next = known.len() as u32;
            *known.entry(text).or_insert(next)
        });
        let numbers = numbers.collect();
        let mut texts = vec![String::new(); known.len()];
        for (text, number) in known {
            texts[number as usize] = text;
        }
        Self { texts, numbers }
    }
}

/// Compares like the text itself, and mostly without looking at it: by its first bytes as a number.
fn beginning(text: &[u8], number: usize) -> (u64, &[u8], usize) {
    let mut first = [0; 8];
    let len = text.len().min(first.len());
    first[..len].copy_from_slice(&text[..len]);
    (u64::from_be_bytes(first), text, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_sorted_as_by_their_texts_and_equals_keep_their_order() {
        let texts = ["busy: b", "answered", "", "busy: a", "answered", "busy", "busy: b\0", "answered"];
        let mut wanted: Vec<usize> = (0..texts.len()).collect();
        wanted.sort_by_key(|at| texts[*at]);
        let mut items: Vec<usize> = (0..texts.len()).collect();
        Texts::of(texts.iter().map(|text| (*text).to_owned())).sort(&mut items);
        assert_eq!(items, wanted);
        // Two numbers may have one text.
        let numbered = [7, 3, 0, 4, 2, 5, 6, 3].into_iter().zip(texts);
        items = (0..texts.len()).collect();
        Texts::numbered(numbered).sort(&mut items);
        assert_eq!(items, wanted);
    }
}
