//! What is unusual in a call: failures, requests without a response, final responses without an ACK, and late
//! responses.
//!
//! Must not know: columns, labels.

use std::fmt::{self, Write as _};

use crate::base::small_map::SmallMap;
use crate::store::{Flags, Row, RowRef, Transaction};

use super::time;

/// SIP's timer T1 (RFC 3261 §17.1.1.1), in microseconds: without a response by then, the request is retransmitted.
const T1_MICROS: i64 = 500_000;

/// Something unusual about a message. Displays as the remark beside its arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mark {
    /// A final error: 4xx, 5xx or 6xx, except a challenge that was followed by a new request.
    Failed,
    /// A request without any response although it had the time to get one.
    NoResponse,
    /// A request with provisional responses only although it had the time to get a final one.
    NoFinalResponse,
    /// A final response to an INVITE without an ACK, which had the time to come.
    NoAck,
    /// The trace ends before the response or the ACK had the time to come.
    TraceEnds,
    /// A response that came this many microseconds after its request, more than T1: the first one to an INVITE, the
    /// final one to any other request.
    Late(i64),
    /// A 2xx to an INVITE that had been cancelled before.
    AfterCancel,
    /// A line before its body cannot be parsed.
    Malformed,
    /// Bytes of it are missing from the dump, or from the datagram.
    Incomplete,
    /// What a rule found about the leg or dialog, by the rule's name.
    Found(&'static str),
}

impl Mark {
    /// The mark of a rule that found something; `None` if the arrow shows that already.
    pub(super) fn of_rule(rule: &'static str, marks: &[Self]) -> Option<Self> {
        let is_said = match rule {
            // The number of transmissions is in the label.
            "retransmitted" => true,
            "unanswered" | "bye-unanswered" => {
                let says = |mark: &Self| matches!(mark, Self::NoResponse | Self::NoFinalResponse);
                marks.iter().any(says)
            }
            "no-ack" => marks.contains(&Self::NoAck),
            "late-final" => marks.iter().any(|mark| matches!(mark, Self::Late(_))),
            "cancel-crossed-answer" => marks.contains(&Self::AfterCancel),
            _ => marks.contains(&Self::Found(rule)),
        };
        (!is_said).then_some(Self::Found(rule))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed => f.write_str("failed"),
            Self::NoResponse => f.write_str("no answer"),
            Self::NoFinalResponse => f.write_str("no final answer"),
            Self::NoAck => f.write_str("no ACK"),
            Self::TraceEnds => f.write_str("the trace ends"),
            Self::Late(micros) => write!(f, "late: {}", time::pause(*micros)),
            Self::AfterCancel => f.write_str("after CANCEL"),
            Self::Malformed => f.write_str("malformed"),
            Self::Incomplete => f.write_str("incomplete"),
            Self::Found(rule) => rule.chars().try_for_each(|c| f.write_char(if c == '-' { ' ' } else { c })),
        }
    }
}

/// The marks of each message. That the trace ends is marked only if `complete` says that nothing can follow.
pub(super) fn of(messages: &[RowRef<'_>], complete: bool) -> Vec<Vec<Mark>> {
    let mut transactions = Transactions::default();
    let steps: Vec<Step<'_>> = messages.iter().map(|message| Step::of(message, &mut transactions)).collect();
    let transactions = transactions.count;
    let mut marks: Vec<Vec<Mark>> = messages.iter().map(|message| damage(message.row.flags)).collect();
    Backward::new(transactions).mark(&steps, &mut marks, complete);
    Forward::new(transactions).mark(&steps, &mut marks);
    marks
}

fn damage(flags: Flags) -> Vec<Mark> {
    if !flags.has(Flags::SIP) {
        return Vec::new();
    }
    let damages = [(Flags::MALFORMED, Mark::Malformed), (Flags::INCOMPLETE, Mark::Incomplete)];
    damages.into_iter().filter(|(flag, _)| flags.has(*flag)).map(|(_, mark)| mark).collect()
}

/// The direction of a transaction's request, on one profile.
type Way = (u16, bool);

/// Numbers of transactions.
#[derive(Default)]
struct Transactions {
    numbers: SmallMap<Transaction, usize>,
    count: usize,
}

impl Transactions {
    fn number(&mut self, transaction: Transaction) -> usize {
        let number = *self.numbers.get_or_insert(transaction, self.count);
        self.count = self.count.max(number + 1);
        number
    }
}

/// A message as a step of its transaction.
struct Step<'a> {
    way: Way,
    /// The transaction's number, counted from 0.
    transaction: usize,
    cseq: u32,
    /// The To tag of a response or an ACK, as the row keeps it.
    tag: u16,
    method: &'a [u8],
    method_number: u32,
    status: u16,
    time: i64,
    is_request: bool,
    resent: bool,
    /// The message itself.
    message: RowRef<'a>,
}

impl<'a> Step<'a> {
    fn of(message: &RowRef<'a>, transactions: &mut Transactions) -> Self {
        let row = message.row;
        let name = row.transaction();
        let way = name.0;
        let transaction = transactions.number(name);
        Self {
            way,
            transaction,
            cseq: row.cseq,
            tag: row.to_tag,
            method: message.method(),
            method_number: row.method,
            status: row.status,
            time: row.time,
            is_request: row.is_request(),
            resent: row.flags.has(Flags::RETRANSMISSION),
            message: *message,
        }
    }

    /// What its mark is that something never came: `missing`, unless the trace ends before it had the time.
    fn missing(&self, missing: Mark, complete: bool) -> Option<Mark> {
        if self.message.waited().is_unanswered() {
            return Some(missing);
        }
        complete.then_some(Mark::TraceEnds)
    }

    fn is(&self, method: &str) -> bool {
        self.method == method.as_bytes()
    }

    fn is_final(&self) -> bool {
        self.status >= 200
    }
}

/// The responses to a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Answer {
    #[default]
    Nothing,
    Provisional,
    Final,
}

/// Goes from the last message to the first: the later messages are known.
struct Backward {
    /// By transaction.
    answers: Vec<Answer>,
    /// By the `CSeq` numbers of ACKs: the To tags of the responses that they acknowledge.
    acks: SmallMap<(Way, u32), Vec<u16>>,
    /// The highest `CSeq` number of a method.
    requests: SmallMap<(Way, u32), u32>,
}

impl Backward {
    fn new(transactions: usize) -> Self {
        let answers = vec![Answer::default(); transactions];
        Self { answers, acks: SmallMap::default(), requests: SmallMap::default() }
    }

    fn mark(&mut self, steps: &[Step<'_>], marks: &mut [Vec<Mark>], complete: bool) {
        for (step, marks) in steps.iter().zip(marks).rev() {
            if step.is_request {
                let missing = self.request(step).filter(|_| !step.resent);
                marks.extend(missing.and_then(|missing| step.missing(missing, complete)));
                self.note_request(step);
            } else if step.status > 0 {
                self.response(step, complete, marks);
            }
        }
    }

    fn request(&self, step: &Step<'_>) -> Option<Mark> {
        match self.answers.get(step.transaction)? {
            _ if step.is("ACK") => None,
            Answer::Nothing => Some(Mark::NoResponse),
            Answer::Provisional => Some(Mark::NoFinalResponse),
            Answer::Final => None,
        }
    }

    fn note_request(&mut self, step: &Step<'_>) {
        if step.is("ACK") {
            self.acks.get_or_insert((step.way, step.cseq), Vec::new()).push(step.tag);
        }
        let highest = self.requests.get_or_insert((step.way, step.method_number), 0);
        *highest = step.cseq.max(*highest);
    }

    /// Each dialog of a fork has its own ACK (RFC 3261 §13.2.2.4). If either has no tag, the `CSeq` number decides.
    fn is_acknowledged(&self, step: &Step<'_>) -> bool {
        let tags = self.acks.get(&(step.way, step.cseq));
        let is_same = |tag: u16| tag == step.tag || tag == Row::NO_TAG || step.tag == Row::NO_TAG;
        tags.is_some_and(|tags| tags.iter().any(|tag| is_same(*tag)))
    }

    fn response(&mut self, step: &Step<'_>, complete: bool, marks: &mut Vec<Mark>) {
        let challenge = matches!(step.status, 401 | 407);
        let again = || self.requests.get(&(step.way, step.method_number));
        if step.status >= 400 && !(challenge && again().is_some_and(|cseq| *cseq > step.cseq)) {
            marks.push(Mark::Failed);
        }
        let wants_ack = step.is("INVITE") && step.is_final() && !step.resent;
        if wants_ack && !self.is_acknowledged(step) {
            marks.extend(step.missing(Mark::NoAck, complete));
        }
        if let Some(answer) = self.answers.get_mut(step.transaction) {
            *answer = (*answer).max(if step.is_final() { Answer::Final } else { Answer::Provisional });
        }
    }
}

/// Goes from the first message to the last: the earlier messages are known.
struct Forward {
    /// By transaction: when its request was first sent, and whether it was answered since.
    sent: Vec<Option<(i64, bool)>>,
    /// `CSeq` numbers of INVITEs that were cancelled.
    cancelled: SmallMap<(Way, u32), ()>,
}

impl Forward {
    fn new(transactions: usize) -> Self {
        Self { sent: vec![None; transactions], cancelled: SmallMap::default() }
    }

    fn mark(&mut self, steps: &[Step<'_>], marks: &mut [Vec<Mark>]) {
        for (step, marks) in steps.iter().zip(marks) {
            if step.is_request {
                if let Some(sent) = self.sent.get_mut(step.transaction) {
                    sent.get_or_insert((step.time, false));
                }
                if step.is("CANCEL") {
                    self.cancelled.get_or_insert((step.way, step.cseq), ());
                }
                continue;
            }
            // A CANCEL or a slow method may get a provisional response, which stops nothing.
            if step.status > 0 && (step.is("INVITE") || step.is_final()) {
                marks.extend(self.lateness(step));
            }
            let accepted = step.is("INVITE") && matches!(step.status, 200..=299) && !step.resent;
            if accepted && self.cancelled.contains(&(step.way, step.cseq)) {
                marks.push(Mark::AfterCancel);
            }
        }
    }

    fn lateness(&mut self, step: &Step<'_>) -> Option<Mark> {
        let (sent, answered) = self.sent.get_mut(step.transaction)?.as_mut()?;
        let waited = step.time - *sent;
        let first = !std::mem::replace(answered, true);
        (first && waited > T1_MICROS).then_some(Mark::Late(waited))
    }
}
