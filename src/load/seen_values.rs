//! Counts the values that a field has in a trace, from the index alone.
//!
//! Must not know: who wants to know them, what is shown.

use std::collections::HashMap;

use crate::filter::Field;
use crate::sip::user_of;
use crate::store::{RowRef, Snapshot};

/// Values that are returned, the most frequent first.
const MOST: usize = 200;
/// Messages between two looks for a newer request.
const BATCH: u32 = 1 << 16;

/// The values of a field with the number of their messages, the most frequent first. `None` if the index does not know the field,
/// or if the request is replaced by a newer one.
pub fn seen_values(
    field: Field,
    snapshot: &Snapshot,
    is_replaced: &dyn Fn() -> bool,
) -> Option<Vec<(String, u64)>> {
    let mut counts: Vec<u64> = Vec::new();
    for row in snapshot.rows_from(0) {
        let number = number(field, &row)?;
        if counts.len() <= number {
            counts.resize(number + 1, 0);
        }
        counts[number] += 1;
        if row.index % BATCH == 0 && is_replaced() {
            return None;
        }
    }
    // Several values of From have one user.
    let mut texts: HashMap<String, u64> = HashMap::new();
    for (number, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        *texts.entry(text(field, number, snapshot)).or_default() += count;
    }
    texts.remove("");
    let mut values: Vec<(String, u64)> = texts.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(MOST);
    Some(values)
}

/// The number of the value of a row, 0 if it has none. `None` if rows do not know the field.
fn number(field: Field, row: &RowRef<'_>) -> Option<usize> {
    let number = match field {
        Field::Method => row.row.method,
        Field::Addr => row.row.peer,
        Field::From => row.row.from,
        Field::To => row.row.to,
        Field::Profile => row.row.source.into(),
        Field::Status => row.row.status.into(),
        Field::Reason if row.row.status == 0 => 0,
        Field::Reason => row.row.what,
        _ => return None,
    };
    Some(number as usize)
}

fn text(field: Field, number: usize, snapshot: &Snapshot) -> String {
    let [peers, parties, words] = snapshot.known();
    let of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match field {
        Field::Addr => of(peers.get(number as u32)),
        Field::From | Field::To => of(user_of(parties.get(number as u32))),
        Field::Profile => {
            snapshot.sources.get(number).map_or_else(String::new, |source| source.profile.clone())
        }
        Field::Status if number == 0 => String::new(),
        Field::Status => number.to_string(),
        _ => of(words.get(number as u32)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Follow, InputSpec, Loader};

    #[test]
    fn the_most_frequent_values_come_first() {
        let (sender, snapshots) = std::sync::mpsc::channel();
        let publish = move |snapshot| drop(sender.send(snapshot));
        let _loader = Loader::start(vec![InputSpec::Demo], Follow::default(), usize::MAX, publish);
        let snapshot: std::sync::Arc<Snapshot> =
            snapshots.iter().find(|s: &std::sync::Arc<Snapshot>| s.progress.done).unwrap();
        let of = |field| seen_values(field, &snapshot, &|| false);
        let methods = of(Field::Method).unwrap();
        assert_eq!(methods.iter().map(|(_, count)| count).sum::<u64>(), 379);
        assert_eq!(methods[0], ("INVITE".to_owned(), 164));
        assert!(of(Field::From).unwrap().iter().any(|(user, _)| user == "1012"));
        assert!(of(Field::Profile).unwrap().len() == 3 && of(Field::Status).unwrap()[0].0 == "200");
        assert_eq!(of(Field::Body), None);
    }
}
