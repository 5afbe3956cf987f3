//! An expression prepared for running: tests in the order of their cost, with memories.
//!
//! Must not know: how expressions are written, where facts come from.

use hashbrown::HashMap;

use crate::base::{Direction, Transport};

use super::column::{Column, ColumnTest, Wanted};
use super::content::{Content, Source};
use super::expr::{Expr, FieldTerm, Is, Term, Value};
use super::facts::{Facts, Flag, Verdict};
use super::field::{Field, Kind, Op};
use super::literal::{RequiredLiteral, required_by_field};
use super::party;
use super::pattern::Case;
use super::search::Search;
use super::value::{Bounds, Times};

/// A node of the tree that is evaluated for each message.
#[derive(Debug, Clone)]
pub(super) enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Test(Test),
}

/// A test with a memory for the texts that were already tested.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Direction(Direction, Wanted),
    Transport(Transport, Wanted),
    Number(Count, Bounds<u64>),
    /// A regex on the digits.
    Digits(Count, Box<Search>),
    Time(Times),
    Is(Is),
    Column(ColumnTest),
    Anywhere(Box<Anywhere>),
    Bytes(Box<BytesTest>),
    /// A number of the call.
    CallNumber(Field, Bounds<u64>),
    /// A text of the call.
    CallText(Field, Box<Search>, Wanted),
    /// A text of the call that has to be found out first, with a memory for the calls that were already tested.
    CallSentence(Box<CallSentence>),
}

/// A test for the verdict on a call or what was found about it.
#[derive(Debug, Clone)]
pub(super) struct CallSentence {
    field: Field,
    search: Search,
    wanted: Wanted,
    /// When the calls were published, and the results for them.
    known: (u64, HashMap<u32, bool>),
}

/// The numbers of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Status,
    Cseq,
    Size,
    Frames,
    Time,
    N,
}

/// The number that a field compares.
const fn count(field: Field) -> Count {
    match field {
        Field::Status => Count::Status,
        Field::Cseq => Count::Cseq,
        Field::Size => Count::Size,
        Field::Frames => Count::Frames,
        Field::Time => Count::Time,
        _ => Count::N,
    }
}

impl Count {
    #[inline]
    fn of<F: Facts>(self, facts: &F) -> Option<u64> {
        match self {
            Self::Status => facts.status().map(u64::from),
            Self::Cseq => Some(facts.cseq_number().into()),
            Self::Size => Some(facts.size()),
            Self::Frames => Some(facts.frames().into()),
            Self::Time => Some(facts.time() as u64),
            Self::N => Some(facts.number()),
        }
    }
}

/// A text or regex anywhere in the message.
#[derive(Debug, Clone)]
pub(super) struct Anywhere {
    search: Search,
    /// Columns whose text is unchanged in the message; tested before the message is read.
    columns: [ColumnTest; 4],
    /// A text may be found in a column; a regex may match the column but not the whole message.
    shortcut: Shortcut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shortcut {
    Columns,
    None,
}

#[derive(Debug, Clone)]
pub(super) struct BytesTest {
    /// What a message must contain to be worth parsing field by field.
    guard: Option<RequiredLiteral>,
    source: Source,
    search: Search,
    wanted: Wanted,
}

impl Node {
    pub(super) fn new(expr: &Expr) -> Self {
        match expr {
            Expr::All => Self::All,
            Expr::And(all) => Self::And(by_cost(all)),
            Expr::Or(all) => Self::Or(by_cost(all)),
            Expr::Not(e) => Self::Not(Box::new(Self::new(e))),
            Expr::Term(term) => Self::Test(Test::new(term)),
            Expr::Named { expr, .. } => Self::new(expr),
        }
    }

    /// The answer of the facts, and of the bytes if they are given. With bytes it is yes or no.
    #[inline]
    pub(super) fn verdict<F: Facts>(&mut self, facts: &F, content: Option<&Content<'_>>) -> Verdict {
        match self {
            Self::All => Verdict::Yes,
            Self::Test(test) => test.verdict(facts, content),
            Self::Not(node) => node.verdict(facts, content).negated(),
            Self::And(all) => {
                let mut least = Verdict::Yes;
                for node in all {
                    least = least.min(node.child(facts, content));
                    if least == Verdict::No {
                        break;
                    }
                }
                least
            }
            Self::Or(all) => {
                let mut most = Verdict::No;
                for node in all {
                    most = most.max(node.child(facts, content));
                    if most == Verdict::Yes {
                        break;
                    }
                }
                most
            }
        }
    }

    /// The same without a call for the usual child, which is a test: this runs for each of millions of rows.
    #[inline]
    fn child<F: Facts>(&mut self, facts: &F, content: Option<&Content<'_>>) -> Verdict {
        match self {
            Self::Test(test) => test.verdict(facts, content),
            other => other.verdict(facts, content),
        }
    }

    /// Whether the facts alone may leave a test open.
    pub(super) fn needs_bytes(&self) -> bool {
        match self {
            Self::All => false,
            Self::And(all) | Self::Or(all) => all.iter().any(Self::needs_bytes),
            Self::Not(node) => node.needs_bytes(),
            Self::Test(test) => match test {
                Test::Anywhere(_) | Test::Bytes(_) => true,
                Test::Is(Is::Flag(flag)) => decided_by_bytes(*flag),
                _ => false,
            },
        }
    }

    /// Whether a term needs facts about whole calls.
    pub(super) fn needs_calls(&self) -> bool {
        match self {
            Self::All => false,
            Self::And(all) | Self::Or(all) => all.iter().any(Self::needs_calls),
            Self::Not(node) => node.needs_calls(),
            Self::Test(Test::Is(Is::Flag(flag))) => flag.is_of_call(),
            Self::Test(test) => {
                matches!(test, Test::CallNumber(..) | Test::CallText(..) | Test::CallSentence(_))
            }
        }
    }

    /// Whether a term needs facts about other messages.
    pub(super) fn needs_others(&self) -> bool {
        match self {
            Self::All => false,
            Self::And(all) | Self::Or(all) => all.iter().any(Self::needs_others),
            Self::Not(node) => node.needs_others(),
            Self::Test(test) => matches!(test, Test::Is(Is::Flag(flag)) if decided_by_others(*flag)),
        }
    }

    /// Whether a term needs the marks of the user.
    pub(super) fn needs_marks(&self) -> bool {
        match self {
            Self::All => false,
            Self::And(all) | Self::Or(all) => all.iter().any(Self::needs_marks),
            Self::Not(node) => node.needs_marks(),
            Self::Test(test) => matches!(test, Test::Is(Is::Flag(Flag::Marked))),
        }
    }

    fn cost(&self) -> u8 {
        match self {
            Self::All => 0,
            Self::And(all) | Self::Or(all) => all.iter().map(Self::cost).max().unwrap_or(0),
            Self::Not(node) => node.cost(),
            Self::Test(test) => test.cost(),
        }
    }
}

fn by_cost(all: &[Expr]) -> Vec<Node> {
    let mut nodes: Vec<Node> = all.iter().map(Node::new).collect();
    nodes.sort_by_key(Node::cost);
    nodes
}

impl Test {
    fn new(term: &Term) -> Self {
        match term {
            Term::Word(word) => Self::anywhere(Search::contains(word), Shortcut::Columns),
            Term::Regex(pattern) => {
                let search = Search::matches(pattern);
                let shortcut =
                    if matches!(search, Search::Pattern(_)) { Shortcut::None } else { Shortcut::Columns };
                Self::anywhere(search, shortcut)
            }
            Term::Is(is) => Self::Is(*is),
            Term::Field(term) => Self::field(term),
        }
    }

    fn anywhere(search: Search, shortcut: Shortcut) -> Self {
        let columns = [Column::CallId, Column::FromText, Column::ToText, Column::Method]
            .map(|column| ColumnTest::new(column, search.clone(), Wanted::Some));
        Self::Anywhere(Box::new(Anywhere { search, columns, shortcut }))
    }

    fn field(term: &FieldTerm) -> Self {
        let op = term.op;
        match (&term.value, term.field) {
            (Value::Direction(direction), _) => Self::Direction(*direction, Wanted::of(op)),
            (Value::Transport(transport), _) => Self::Transport(*transport, Wanted::of(op)),
            (Value::Status(status), _) => Self::Number(Count::Status, status.bounds(op)),
            (Value::Number(n), field) if field.is_of_call() => {
                Self::CallNumber(field, call_bounds(field, op, *n))
            }
            (Value::Number(n), field) => Self::Number(count(field), Bounds::new(op, *n, *n)),
            (Value::Moment(moment), _) => Self::Time(moment.times(op)),
            (Value::Pattern(pattern), field) => Self::text(term, field, Search::matches(pattern)),
            (Value::Text(text), Field::Method) => {
                Self::text(term, Field::Method, Search::equals(text, Case::Any))
            }
            (Value::Text(text), field) if field.info().kind == Kind::Name => {
                Self::text(term, field, Search::equals(text, Case::Any))
            }
            (Value::Text(text), Field::From | Field::To) if !beyond_party(term) => {
                Self::text(term, term.field, party::search(text, op))
            }
            (Value::Text(text), field) if op == Op::Has => Self::text(term, field, Search::contains(text)),
            (Value::Text(text), field) => {
                let case = if field == Field::Type { Case::Any } else { Case::Exact };
                Self::text(term, field, Search::equals(text, case))
            }
        }
    }

    fn text(term: &FieldTerm, field: Field, search: Search) -> Self {
        let wanted = Wanted::of(term.op);
        match target(term, field) {
            Target::Column(column) => Self::Column(ColumnTest::new(column, search, wanted)),
            Target::Digits(what) => Self::Digits(what, Box::new(search)),
            Target::Call if matches!(field, Field::Finding | Field::Verdict) => {
                let known = (0, HashMap::new());
                Self::CallSentence(Box::new(CallSentence { field, search, wanted, known }))
            }
            Target::Call => Self::CallText(field, Box::new(search), wanted),
            Target::Bytes(source) => {
                let guard = required_by_field(term);
                Self::Bytes(Box::new(BytesTest { guard, source, search, wanted }))
            }
        }
    }

    const fn cost(&self) -> u8 {
        match self {
            Self::Direction(..) | Self::Transport(..) | Self::Number(..) => 0,
            Self::Time(..) | Self::Is(_) | Self::Digits(..) => 1,
            Self::Column(_) | Self::CallNumber(..) => 2,
            Self::Anywhere(anywhere) => match anywhere.search {
                Search::Pattern(_) => 4,
                _ => 3,
            },
            Self::CallSentence(_) => 4,
            Self::CallText(..) => 3,
            Self::Bytes(_) => 5,
        }
    }

    #[inline]
    fn verdict<F: Facts>(&mut self, facts: &F, content: Option<&Content<'_>>) -> Verdict {
        match self {
            Self::Direction(direction, wanted) => wanted.holds(facts.direction() == *direction).into(),
            Self::Transport(transport, wanted) => wanted.holds(facts.transport() == *transport).into(),
            Self::Number(what, bounds) => what.of(facts).is_some_and(|v| bounds.holds(v)).into(),
            Self::Digits(what, search) => what.of(facts).is_some_and(|v| passes_digits(search, v)).into(),
            Self::Time(times) => times.holds(facts.time()).into(),
            Self::Is(is) => is_verdict(*is, facts, content),
            Self::Column(test) => test.holds(facts).into(),
            Self::Anywhere(anywhere) => anywhere.verdict(facts, content),
            Self::CallNumber(field, _) | Self::CallText(field, ..) if facts.is_call_field_open(*field) => {
                Verdict::NeedsBytes
            }
            Self::CallNumber(field, bounds) => {
                facts.call_number(*field).is_some_and(|v| bounds.holds(v)).into()
            }
            Self::CallText(field, search, wanted) => passes_call(facts, *field, search, *wanted).into(),
            Self::CallSentence(test) if facts.is_call_field_open(test.field) => Verdict::NeedsBytes,
            Self::CallSentence(test) => test.holds(facts).into(),
            Self::Bytes(test) => content.map_or(Verdict::NeedsBytes, |c| test.holds(c).into()),
        }
    }
}

impl Anywhere {
    #[inline]
    fn verdict<F: Facts>(&mut self, facts: &F, content: Option<&Content<'_>>) -> Verdict {
        match content {
            Some(content) => self.passes(content).into(),
            None if self.shortcut == Shortcut::Columns && self.columns.iter_mut().any(|c| c.holds(facts)) => {
                Verdict::Yes
            }
            None => Verdict::NeedsBytes,
        }
    }
}

impl Anywhere {
    /// Not inlined into the code for every row, like everything that reads text.
    #[inline(never)]
    fn passes(&self, content: &Content<'_>) -> bool {
        content.anywhere(&self.search)
    }
}

impl CallSentence {
    /// Each call is judged once, not for each of its messages.
    #[inline(never)]
    fn holds<F: Facts>(&mut self, facts: &F) -> bool {
        let Self { field, search, wanted, known } = self;
        let passes = || passes_call(facts, *field, search, *wanted);
        let Some((moment, call)) = facts.call_key() else { return passes() };
        if known.0 != moment {
            *known = (moment, HashMap::new());
        }
        *known.1.entry(call).or_insert_with(passes)
    }
}

/// Whether one text of the call passes; if `wanted` negates, whether there is a text and none passes.
#[inline(never)]
fn passes_call<F: Facts>(facts: &F, field: Field, search: &Search, wanted: Wanted) -> bool {
    let mut some = false;
    let passes = facts.call_text(field, &mut |text| {
        some |= !text.is_empty();
        !text.is_empty() && search.passes(text)
    });
    some && wanted.holds(passes)
}

/// The values that a comparison with `n` means: of a time span that is written in seconds the whole second is equal to it.
const fn call_bounds(field: Field, op: Op, n: u64) -> Bounds<u64> {
    let is_span = !matches!(field, Field::Messages | Field::Legs | Field::Pair);
    let is_whole = n.is_multiple_of(1_000_000) && matches!(op, Op::Has | Op::Equals | Op::Differs);
    Bounds::new(op, n, if is_span && is_whole { n + 999_999 } else { n })
}

#[inline(never)]
fn passes_digits(search: &Search, value: u64) -> bool {
    search.passes(value.to_string().as_bytes())
}

impl BytesTest {
    #[inline(never)]
    fn holds(&self, content: &Content<'_>) -> bool {
        if self.guard.as_ref().is_some_and(|guard| !guard.may_stand_in(content.bytes())) {
            return false;
        }
        match self.wanted {
            Wanted::Some => content.any_value(&self.source, |v| self.search.passes(v)),
            Wanted::None => {
                let mut some = false;
                let equal = content.any_value(&self.source, |v| {
                    some = true;
                    self.search.passes(v)
                });
                some && !equal
            }
        }
    }
}

/// Where a field's text is found.
enum Target {
    Column(Column),
    /// A number, in decimal.
    Digits(Count),
    Bytes(Source),
    /// The facts about the call.
    Call,
}

fn target(term: &FieldTerm, field: Field) -> Target {
    let header = |name: &str| Target::Bytes(Source::Header(name.to_owned()));
    match field {
        field if field.is_of_call() => Target::Call,
        Field::Method => Target::Column(Column::Method),
        Field::Reason => Target::Column(Column::Reason),
        Field::Dir => Target::Column(Column::Direction),
        Field::Transport => Target::Column(Column::Transport),
        Field::Addr => Target::Column(Column::Addr),
        Field::CallId => Target::Column(Column::CallId),
        Field::From if beyond_party(term) => header("From"),
        Field::From => Target::Column(Column::From),
        Field::To if beyond_party(term) => header("To"),
        Field::To => Target::Column(Column::To),
        Field::Profile => Target::Column(Column::Profile),
        Field::File => Target::Column(Column::File),
        Field::Cseq => Target::Bytes(Source::Cseq),
        Field::Branch => Target::Bytes(Source::Branch),
        Field::Ua => Target::Bytes(Source::Agent),
        Field::Contact => header("Contact"),
        Field::Uri => Target::Bytes(Source::Uri),
        Field::Header => header(&term.key),
        Field::Body => Target::Bytes(Source::Body),
        Field::Type if matches!(term.op, Op::Equals | Op::Differs) => Target::Bytes(Source::Essence),
        Field::Type => Target::Bytes(Source::Type),
        Field::Sdp => Target::Bytes(Source::Sdp),
        Field::Json => Target::Bytes(Source::Json(term.key.clone())),
        // Status, counts and times; fields of the call were handled above.
        _ => Target::Digits(count(field)),
    }
}

/// Whether a value asks for the parameters of the field too, which the column does not have.
fn beyond_party(term: &FieldTerm) -> bool {
    match &term.value {
        Value::Text(text) => {
            text.contains("tag=") || text.contains(">;") || (term.op != Op::Has && text.contains(['<', '"']))
        }
        Value::Pattern(pattern) => pattern.source().contains("tag"),
        _ => false,
    }
}

/// Whether the bytes decide a flag that the source does not know.
const fn decided_by_bytes(flag: Flag) -> bool {
    matches!(flag, Flag::Malformed | Flag::Multipart | Flag::Keepalive)
}

/// Whether other messages decide a flag that the source does not know.
const fn decided_by_others(flag: Flag) -> bool {
    matches!(flag, Flag::Retransmission | Flag::Unanswered)
}

#[inline]
fn is_verdict<F: Facts>(is: Is, facts: &F, content: Option<&Content<'_>>) -> Verdict {
    match is {
        Is::Request => facts.is_request().into(),
        Is::Response => facts.status().is_some().into(),
        Is::Flag(flag) if flag.is_of_call() && facts.call_flag(flag).is_some() => {
            (facts.call_flag(flag) == Some(true)).into()
        }
        Is::Flag(flag) => match (facts.flags().get(flag), content) {
            (Some(known), _) => known.into(),
            (None, None) if decided_by_bytes(flag) => Verdict::NeedsBytes,
            // The question stays open even with the bytes.
            (None, _) if facts.flags().is_open(flag) => Verdict::NeedsBytes,
            (None, Some(content)) if decided_by_bytes(flag) => seen(flag, content).into(),
            (None, _) => {
                (matches!(flag, Flag::Failed | Flag::Error) && facts.status().is_some_and(is_failure)).into()
            }
        },
    }
}

#[inline(never)]
fn seen(flag: Flag, content: &Content<'_>) -> bool {
    match flag {
        Flag::Malformed => content.is_malformed(),
        Flag::Multipart => content.is_multipart(),
        _ => content.is_keepalive(),
    }
}

/// Whether a status code ends a transaction with a failure. A challenge (RFC 3261 §22) does not: it requests the same
/// request again.
const fn is_failure(code: u16) -> bool {
    code >= 400 && code != 401 && code != 407
}
