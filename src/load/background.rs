//! Work in the background gives way to whoever waits for the screen.
//!
//! Must not know: what the work is.

/// How much less of a busy processor such work gets than the thread that draws.
#[cfg(target_os = "linux")]
const LESS: i32 = 5;

/// Lowers the priority of the calling thread, and of the threads that it starts.
///
/// Two threads that load keep two cores busy: without this, a key waits until one of them has used its time. Elsewhere than on Linux
/// a priority is that of the whole process, and stays as it is.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    // A thread that may not change its priority keeps it.
    let _ = rustix::process::nice(LESS);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_and_those_that_it_starts_give_way_alone() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let before = priority();
        let lowered = std::thread::spawn(move || {
            give_way();
            (priority(), std::thread::spawn(priority).join().unwrap())
        });
        let least = (before + LESS).min(19);
        assert_eq!(lowered.join().unwrap(), (least, least));
        assert_eq!(priority(), before);
    }
}
