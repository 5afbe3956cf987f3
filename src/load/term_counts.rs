//! Counts how many messages match each term of a filter that together match none.
//!
//! Must not know: who wants to know it, what is shown.

use std::time::{Duration, Instant};

use crate::filter::{Filter, Matcher, Verdict};
use crate::store::{Snapshot, TermCounts, WindowReader};

/// Then the counts are lower limits.
const LONGEST: Duration = Duration::from_secs(3);
/// Messages between two looks at the clock.
const BATCH: u32 = 4096;

/// Counts the messages that match each term, and those that match all but one. `None` if it is replaced by a newer request.
pub fn count_terms(
    filter: &Filter,
    snapshot: &Snapshot,
    is_replaced: &dyn Fn() -> bool,
) -> Option<TermCounts> {
    let terms = filter.terms();
    let mut matchers: Vec<Matcher> = terms.iter().map(Matcher::new).collect();
    let mut counts = TermCounts { is_complete: true, ..TermCounts::default() };
    let (mut alone, mut without) = (vec![0; terms.len()], vec![0; terms.len()]);
    let (mut reader, began) = (WindowReader::default(), Instant::now());
    for row in snapshot.rows_from(0) {
        let mut missing = None;
        let mut misses = 0;
        for (at, matcher) in matchers.iter_mut().enumerate() {
            let is_match = match matcher.facts(&row) {
                Verdict::Yes => true,
                Verdict::No => false,
                Verdict::NeedsBytes => {
                    reader.message(snapshot, row.index).is_ok_and(|bytes| matcher.message(&row, bytes))
                }
            };
            alone[at] += u64::from(is_match);
            if !is_match {
                misses += 1;
                missing = Some(at);
            }
        }
        if let (1, Some(at)) = (misses, missing) {
            without[at] += 1;
        }
        if row.index % BATCH == 0 {
            if is_replaced() {
                return None;
            }
            if began.elapsed() > LONGEST {
                counts.is_complete = false;
                break;
            }
        }
    }
    let texts = || terms.iter().map(|term| term.text().to_owned());
    counts.alone = texts().zip(alone).collect();
    counts.without = texts().zip(without).filter(|(_, count)| *count > 0).collect();
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Follow, InputSpec, Loader};

    #[test]
    fn each_term_is_counted_alone_and_left_out_once() {
        let (sender, snapshots) = std::sync::mpsc::channel();
        let publish = move |snapshot| drop(sender.send(snapshot));
        let _loader = Loader::start(vec![InputSpec::Demo], Follow::default(), usize::MAX, publish);
        let snapshot: std::sync::Arc<Snapshot> =
            snapshots.iter().find(|s: &std::sync::Arc<Snapshot>| s.progress.done).unwrap();
        let filter = Filter::parse("method:register status:486 \"sip:\"").unwrap();
        let counts = count_terms(&filter, &snapshot, &|| false).unwrap();
        let texts =
            |list: &[(String, u64)]| list.iter().map(|(text, n)| format!("{text} {n}")).collect::<Vec<_>>();
        let alone = texts(&counts.alone);
        assert!(alone[0].starts_with("method:register ") && alone[1].starts_with("status:486 "), "{alone:?}");
        assert!(counts.is_complete && counts.alone.iter().all(|(_, n)| *n > 0));
        let without: Vec<&str> = counts.without.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(without, ["method:register", "status:486"]);
        assert!(count_terms(&filter, &snapshot, &|| true).is_none());
    }
}
