//! `--follow --hep`: sends messages while the files grow, until Ctrl-C.
//!
//! Must not know: packets, sockets.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::cli::by_hand::ByHand;
use crate::cli::follow::end_with_signals;
use crate::cli::plan::Plan;
use crate::cli::{FAILURE, SUCCESS, problem};
use crate::load::{Follow, Loader};
use crate::store::{Flags, Matching, MessageIdx, Snapshot};

use super::delivery::Delivery;

/// The time that a message waits, so that the legs of its call are joined by then.
const HELD: Duration = Duration::from_millis(400);
/// The time between two looks at what waits.
const LOOK: Duration = Duration::from_millis(50);
/// The time between two attempts to reach a receiver.
const RETRY: Duration = Duration::from_secs(1);
/// Upper limits of the messages that wait for a receiver, and of those that are remembered in order to join legs.
const LIMITS: Limits = Limits { waiting: 1_000_000, remembered: 2_000_000 };

/// Upper limits of messages.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// The oldest ones beyond it are given up.
    waiting: usize,
    /// Beyond it the inputs are read again: the files that were rotated away are not in the index then.
    remembered: usize,
}

/// Sends messages until the following ends; returns the exit status.
pub(super) fn run(plan: &Plan, delivery: Delivery) -> ExitCode {
    let follow = Follow::on().with_output(plan.stdout_file);
    end_with_signals(follow.clone(), || {}, None);
    until_ended(plan, delivery, &follow, LIMITS)
}

fn until_ended(plan: &Plan, delivery: Delivery, follow: &Follow, limits: Limits) -> ExitCode {
    let mut following = Following { plan, delivery, limits, down: None, given_up: 0, complaints: 0 };
    while following.session(follow) == Ended::NotYet {}
    following.end()
}

/// Why a session ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    /// The user ended it, or the inputs have ended.
    Yes,
    /// It remembered too much.
    NotYet,
}

struct Following<'p> {
    plan: &'p Plan,
    delivery: Delivery,
    limits: Limits,
    /// When the receiver is tried again, if it cannot be reached.
    down: Option<Instant>,
    /// Messages that waited too long for the receiver.
    given_up: u64,
    /// Complaints about inputs so far in this session.
    complaints: usize,
}

impl Following<'_> {
    /// Reads the inputs, and sends their messages as they come.
    fn session(&mut self, follow: &Follow) -> Ended {
        let (give, take) = channel();
        let publish = move |snapshot| drop(give.send(snapshot));
        // Its own handle: dropping the loader ends what it follows.
        let session = Follow::on().with_output(self.plan.stdout_file);
        let loader = Loader::start_with(
            self.plan.inputs.clone(),
            session.clone(),
            self.plan.rules.clone(),
            0,
            publish,
        );
        let mut queue = Queue::new(self.plan);
        self.complaints = 0;
        loop {
            let (is_first, is_over) = (queue.snapshot.is_none(), queue.receive(&take));
            if follow.is_ended() && !session.is_ended() {
                session.end();
                loader.follow();
            }
            if let Some(snapshot) = &queue.snapshot {
                if is_first {
                    self.delivery.begin(snapshot);
                }
                let errors = &snapshot.progress.errors;
                errors[self.complaints.min(errors.len())..].iter().for_each(problem::say);
                self.complaints = errors.len();
            }
            self.send(&mut queue, is_over);
            if is_over {
                return Ended::Yes;
            }
            if queue.is_empty() && queue.len() > self.limits.remembered && !session.is_ended() {
                return Ended::NotYet;
            }
        }
    }

    /// Sends what waited long enough, as far as the receiver can be reached.
    fn send(&mut self, queue: &mut Queue, is_over: bool) {
        let Some(snapshot) = queue.snapshot.clone() else { return };
        self.give_up(queue, &snapshot);
        if self.down.is_some_and(|retry| Instant::now() < retry) && !is_over {
            return;
        }
        let end = if is_over { complete(&snapshot) } else { queue.ready() };
        while queue.next < end {
            let Some(row) = snapshot.row(queue.next) else { break };
            match self.delivery.take(&row, |row| queue.matching.matches(row)) {
                Ok(()) => queue.next += 1,
                Err(error) => {
                    self.receiver_is_away(&error, end - queue.next);
                    return self.delivery.record(&snapshot);
                }
            }
            if self.down.take().is_some() {
                problem::say(&format_args!("--hep {}: the receiver is there again", self.delivery.target()));
            }
        }
        self.delivery.record(&snapshot);
    }

    fn receiver_is_away(&mut self, error: &io::Error, waiting: MessageIdx) {
        if self.down.is_none() {
            self.delivery.complain(error);
            problem::say(&format_args!("{waiting} messages wait; the receiver is tried every second"));
        }
        self.down = Some(Instant::now() + RETRY);
    }

    /// Gives up the oldest messages if too many wait.
    fn give_up(&mut self, queue: &mut Queue, snapshot: &Snapshot) {
        if self.down.is_none() {
            return;
        }
        while snapshot.len() - queue.next as usize > self.limits.waiting {
            let Some(row) = snapshot.row(queue.next) else { return };
            let _ = self.delivery.take(&row, |_| false);
            queue.next += 1;
            self.given_up += 1;
        }
    }

    fn end(mut self) -> ExitCode {
        if let Err(error) = self.delivery.finish() {
            self.delivery.complain(&error);
            self.down = Some(Instant::now());
        }
        self.delivery.report();
        if self.given_up > 0 {
            let given_up = self.given_up;
            problem::say(&format_args!(
                "{given_up} messages were not sent: the receiver was away for too long"
            ));
        }
        let is_whole = self.delivery.is_whole() && self.given_up == 0 && self.down.is_none();
        ExitCode::from(if is_whole { SUCCESS } else { FAILURE })
    }
}

/// The number of messages before those at the end that are cut: the rest of them may still be written.
fn complete(snapshot: &Snapshot) -> MessageIdx {
    let is_cut = |index: usize| {
        snapshot.row(index as MessageIdx).is_some_and(|row| row.row.flags.has(Flags::INCOMPLETE))
    };
    let mut end = snapshot.len();
    while end > 0 && is_cut(end - 1) {
        end -= 1;
    }
    end as MessageIdx
}

/// Messages that wait.
struct Queue {
    by_hand: ByHand,
    matching: Matching,
    snapshot: Option<Arc<Snapshot>>,
    /// The first message that was not sent yet.
    next: MessageIdx,
    /// How many messages there were, and when they were seen; the oldest first.
    seen: Vec<(Instant, MessageIdx)>,
}

impl Queue {
    fn new(plan: &Plan) -> Self {
        let (by_hand, matching) = (ByHand::of(plan), Matching::new(&plan.filter));
        Self { by_hand, matching, snapshot: None, next: 0, seen: Vec::new() }
    }

    /// Waits a moment for more messages; returns whether the inputs have ended.
    fn receive(&mut self, snapshots: &Receiver<Arc<Snapshot>>) -> bool {
        let newest = match snapshots.recv_timeout(LOOK) {
            Ok(snapshot) => snapshots.try_iter().last().unwrap_or(snapshot),
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => return true,
        };
        let is_over = newest.progress.done;
        self.seen.push((Instant::now(), newest.len() as MessageIdx));
        self.snapshot = Some(Arc::new(self.by_hand.applied(Arc::unwrap_or_clone(newest))));
        is_over
    }

    /// Messages before this one have waited long enough.
    fn ready(&mut self) -> MessageIdx {
        let waited = self.seen.iter().take_while(|(seen, _)| seen.elapsed() >= HELD).count();
        // Those that are seen first are the ones that waited.
        let ready = waited.checked_sub(1).map_or(self.next, |last| self.seen[last].1);
        self.seen.drain(..waited.saturating_sub(1));
        ready
    }

    fn len(&self) -> usize {
        self.snapshot.as_ref().map_or(0, |snapshot| snapshot.len())
    }

    fn is_empty(&self) -> bool {
        self.next as usize == self.len()
    }
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::thread;

    use super::*;
    use crate::cli::engines::hep::settings::Hep;
    use crate::cli::plan::tests::{PIPES, plan};

    fn message(call_id: u32) -> String {
        let message = format!(
            "OPTIONS sip:b@example.com SIP/2.0\r\nCall-ID: id{call_id:04}\r\nContent-Length: 0\r\n\r\n"
        );
        let header =
            format!("recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.{call_id:06}:\n", message.len());
        format!("{header}{message}\x0b\n")
    }

    /// Reads the Call-ID of each packet, until `count` packets came.
    fn received(socket: &UdpSocket, count: u32) -> Vec<u32> {
        let mut bytes = [0; 2000];
        let mut call_id = || {
            let length = socket.recv(&mut bytes).unwrap();
            let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
            text.split("Call-ID: id").nth(1).unwrap()[..4].parse().unwrap()
        };
        (0..count).map(|_| call_id()).collect()
    }

    fn receiver(address: &str) -> UdpSocket {
        let socket = UdpSocket::bind(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        socket
    }

    /// Follows a file with as many messages as `before`; `meanwhile` can write more.
    fn following(
        limits: Limits,
        address: &str,
        before: u32,
        meanwhile: impl FnOnce(&mut dyn FnMut(u32)),
    ) -> ExitCode {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut write =
            |call_id| io::Write::write_all(&mut file.as_file(), message(call_id).as_bytes()).unwrap();
        (1..=before).for_each(&mut write);
        let words =
            format!("--follow --all-methods --no-session --hep udp:{address} {}", file.path().display());
        let (plan, follow) = (plan(&words, PIPES).unwrap(), Follow::on());
        thread::scope(|scope| {
            let following = scope.spawn(|| {
                let hep: &Hep = plan.hep.as_ref().unwrap();
                until_ended(&plan, Delivery::new(hep).unwrap(), &follow, limits)
            });
            meanwhile(&mut write);
            follow.end();
            following.join().unwrap()
        })
    }

    #[test]
    fn the_index_begins_anew_when_it_is_too_long_and_nothing_is_sent_twice() {
        let socket = receiver("127.0.0.1:0");
        let address = socket.local_addr().unwrap().to_string();
        let limits = Limits { remembered: 5, ..LIMITS };
        let status = following(limits, &address, 7, |write| {
            assert_eq!(received(&socket, 7), [1, 2, 3, 4, 5, 6, 7]);
            write(8);
            assert_eq!(received(&socket, 1), [8]);
            write(9);
            assert_eq!(received(&socket, 1), [9]);
        });
        assert_eq!(status, ExitCode::from(SUCCESS));
        socket.set_nonblocking(true).unwrap();
        assert!(socket.recv(&mut [0]).is_err());
    }

    #[test]
    fn the_oldest_messages_are_given_up_if_too_many_wait_for_the_receiver() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text: String = (1..=10).map(message).collect();
        std::fs::write(file.path(), text).unwrap();
        let words =
            format!("--follow --all-methods --no-session --hep udp:127.0.0.1:9 {}", file.path().display());
        let plan = plan(&words, PIPES).unwrap();
        let delivery = Delivery::new(plan.hep.as_ref().unwrap()).unwrap();
        let limits = Limits { waiting: 3, ..LIMITS };
        let down = Some(Instant::now() + Duration::from_secs(3600));
        let mut following = Following { plan: &plan, delivery, limits, down, given_up: 0, complaints: 0 };
        let mut queue = Queue::new(&plan);
        queue.snapshot = crate::cli::calls::index(&plan);
        following.send(&mut queue, false);
        assert_eq!((queue.next, following.given_up), (7, 7));
        following.send(&mut queue, false);
        assert_eq!((queue.next, following.given_up), (7, 7));
    }
}
