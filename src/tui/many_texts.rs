//! Makes many texts on all cores.
//!
//! Must not know: what the texts say.

use std::ops::Range;
use std::thread;

/// Fewer texts than this are made at once by one thread: starting another one would take as long.
const FEW: usize = 2048;
/// Threads at most: more of them wait for the memory.
const MOST: usize = 8;

/// The texts with the numbers below `count`, in their order.
pub fn many_texts(count: usize, text: &(dyn Fn(usize) -> String + Sync)) -> Vec<String> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST);
    if count < FEW || threads == 1 {
        return (0..count).map(text).collect();
    }
    let share = count.div_ceil(threads);
    let range = |thread: usize| (thread * share).min(count)..((thread + 1) * share).min(count);
    let make = |range: Range<usize>| range.map(text).collect::<Vec<String>>();
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|thread| scope.spawn(move || make(range(thread)))).collect();
        let mut texts = make(range(0));
        for (thread, other) in (1..).zip(others) {
            // What broke down there breaks down here.
            texts.append(&mut other.join().unwrap_or_else(|_| make(range(thread))));
        }
        texts
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_in_the_order_of_their_numbers_however_many_there_are() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, 5 * FEW + 3] {
            let texts = many_texts(count, &|number| number.to_string());
            assert_eq!(texts, (0..count).map(|number| number.to_string()).collect::<Vec<_>>());
        }
    }
}
