//! What FreeSWITCH changed from one leg to another: INVITE beside INVITE, 18x beside 18x, and so on; or two
//! messages that the user marked.
//!
//! Must not know: how messages are compared, drawing.

pub mod compare_texts;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::app::command::Command;
use crate::app::event::{Effect, Event, Generation, Mouse, MouseAction};
use crate::app::keymap::Context;
use crate::app::overlays::CopyWhat;
use crate::app::parts::TextView;
use crate::app::session::Session;
use crate::app::targets::Target;
use crate::base::time_of_day;
use crate::calls::{Calls, LegIdx, Step, StepKind, steps};
use crate::diff::{Change, Comparison, Entry, Section};
use crate::ladder::{Member, address_of, members_of, name_of};
use crate::store::{MessageIdx, MessageText, Snapshot};

use compare_texts::CompareTexts;

use super::{Host, Outcome, Screen, ScreenState, command_line};

/// State of the screen.
#[derive(Debug, Clone, Default)]
pub struct DiffScreen {
    /// The pairs of legs that can be compared.
    pub pairs: Vec<LegPair>,
    /// The pair that is compared.
    pub pair: usize,
    /// The messages that correspond.
    pub steps: Vec<Step>,
    /// Those that are compared.
    pub step: usize,
    /// Whether what is the same is shown.
    pub shown: Shown,
    /// The result, when the texts have arrived and both messages are there.
    pub comparison: Option<Arc<Comparison>>,
    /// How far it is scrolled, in lines of [`DiffScreen::lines`].
    pub view: TextView,
    /// The messages that are compared, or that were: both texts are there.
    compared: Option<Step>,
    /// The number of the newest request to compare.
    comparing: Generation,
    /// Why a text cannot be read.
    pub unreadable: bool,
    texts: HashMap<MessageIdx, Arc<MessageText>>,
    generation: Generation,
    /// The number of messages when the steps were looked for.
    seen: usize,
}

/// Two legs, and their names on the ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegPair {
    /// The legs, the earlier one first.
    pub legs: [LegIdx; 2],
    /// Their letters.
    pub names: [String; 2],
}

/// What is shown of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// What changed, and how much did not.
    #[default]
    Changes,
    /// Everything.
    Everything,
}

/// A line of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffLine<'a> {
    /// The heading of a section.
    Heading(&'a Section),
    /// An entry.
    Entry(&'a Entry),
    /// How many entries of the section are the same, and not shown.
    Hidden(usize),
}

/// One of the two messages, as the head names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The letter of its leg; `1` and `2` of messages that were marked.
    pub name: String,
    /// `received INVITE from 198.51.100.13:5060`; that there is no message, if so.
    pub text: String,
    /// When it was sent; empty without a message.
    pub time: String,
    /// Its Call-ID.
    pub call_id: Vec<u8>,
}

impl DiffScreen {
    /// Opens the comparison of a leg with the one that it is paired with, at the step of `message`.
    pub(in crate::app) fn open(session: &Session, leg: LegIdx, message: Option<MessageIdx>) -> Outcome {
        let pairs = leg_pairs(session, leg);
        let own = pairs.iter().position(|pair| pair.legs[1] == leg);
        let Some(pair) = own.or_else(|| pairs.iter().position(|pair| pair.legs[0] == leg)) else {
            return Outcome::Failed("this call has one leg: there is nothing to compare".to_owned());
        };
        let mut screen = Self { pairs, pair, ..Self::default() };
        screen.find_steps(&session.snapshot);
        let of_message = |step: &Step| step.messages().any(|known| Some(known) == message);
        screen.step = screen.steps.iter().position(of_message).unwrap_or_default();
        Outcome::Push(Screen::Diff(Box::new(screen)))
    }

    /// The comparison of two messages that the user marked.
    pub(in crate::app) fn of_marked(session: &Session, one: MessageIdx, other: MessageIdx) -> Self {
        Self { steps: vec![Step::of_marked(&session.snapshot, one, other)], ..Self::default() }
    }

    /// The messages that are compared.
    pub fn current(&self) -> Option<Step> {
        self.steps.get(self.step).copied()
    }

    /// The lines of the comparison.
    pub fn lines(&self) -> Vec<DiffLine<'_>> {
        let sections = self.comparison.iter().flat_map(|comparison| &comparison.sections);
        let mut lines = Vec::new();
        for section in sections {
            lines.push(DiffLine::Heading(section));
            let is_shown = |entry: &&Entry| self.shown == Shown::Everything || entry.change != Change::Same;
            lines.extend(section.entries.iter().filter(is_shown).map(DiffLine::Entry));
            let same = section.count(Change::Same);
            if self.shown == Shown::Changes && same > 0 {
                lines.push(DiffLine::Hidden(same));
            }
        }
        lines
    }

    /// Left and right message in words.
    pub fn sides(&self, snapshot: &Snapshot) -> Option<[Side; 2]> {
        let step = self.current()?;
        Some([self.side(snapshot, step.left, "1"), self.side(snapshot, step.right, "2")])
    }

    fn side(
        &self,
        snapshot: &Snapshot,
        (leg, message): (Option<LegIdx>, Option<MessageIdx>),
        number: &str,
    ) -> Side {
        let pair = self.pairs.get(self.pair);
        let name = pair.and_then(|pair| {
            let at = pair.legs.iter().position(|known| Some(*known) == leg)?;
            Some(pair.names[at].clone())
        });
        let name = name.unwrap_or_else(|| number.to_owned());
        let Some(row) = message.and_then(|message| snapshot.row(message)) else {
            return Side {
                name,
                text: "no such message".to_owned(),
                time: String::new(),
                call_id: Vec::new(),
            };
        };
        let (verb, preposition) = match row.row.direction() {
            crate::base::Direction::Recv => ("received", "from"),
            crate::base::Direction::Sent => ("sent", "to"),
        };
        let text = format!("{verb} {} {preposition} {}", what(snapshot, message), address_of(&row));
        Side { name, text, time: time_of_day(row.row.time), call_id: row.call_id().to_vec() }
    }

    /// What the tab of a step says: `INVITE`, `180`, `180 / 183`, `486`, `BYE`.
    pub fn step_title(&self, snapshot: &Snapshot, step: &Step) -> String {
        if step.kind == StepKind::Marked {
            return "marked messages".to_owned();
        }
        let [left, right] = [step.left.1, step.right.1].map(|message| short(snapshot, message));
        if left == right { left } else { format!("{left} / {right}") }
    }

    fn find_steps(&mut self, snapshot: &Snapshot) {
        let Some((calls, pair)) = Calls::of(snapshot).zip(self.pairs.get(self.pair)) else { return };
        let before = self.current();
        let [a, b] = pair.legs;
        self.steps = steps(snapshot, calls, a, b);
        let at = |is_it: &dyn Fn(&Step, &Step) -> bool| {
            before.and_then(|before| self.steps.iter().position(|step| is_it(step, &before)))
        };
        // Its second message may have arrived since; of another pair the same stage is shown.
        let has_message =
            |step: &Step, old: &Step| step.messages().any(|one| old.messages().any(|m| m == one));
        let same = at(&|step, old| step.kind == old.kind && has_message(step, old));
        self.step = same.or_else(|| at(&|step, old| step.kind == old.kind)).unwrap_or_default();
        self.seen = snapshot.len();
    }

    /// Requests a comparison, unless these messages are compared already.
    fn compare(&mut self, host: &mut Host<'_>) {
        let step = self.current();
        if step.is_some() && self.compared == step {
            return;
        }
        let texts = step.and_then(|step| {
            let text = |message: Option<MessageIdx>| Some(Arc::clone(self.texts.get(&message?)?));
            Some([text(step.left.1)?, text(step.right.1)?])
        });
        self.comparison = None;
        self.compared = step.filter(|_| texts.is_some());
        self.comparing = host.session.new_generation();
        let job = |texts| Effect::Compare(CompareTexts { generation: self.comparing, texts });
        host.effects.extend(texts.map(job));
    }

    /// Requests the texts of all steps that are not there.
    fn request_texts(&mut self, host: &mut Host<'_>) {
        let messages = self.steps.iter().flat_map(Step::messages);
        let missing: Vec<_> = messages.filter(|message| !self.texts.contains_key(message)).collect();
        if !missing.is_empty() {
            self.generation = host.session.new_generation();
            host.effects.push(Effect::LoadTexts(self.generation, missing));
        }
    }

    fn go_to_step(&mut self, step: usize, host: &mut Host<'_>) {
        self.step = step;
        self.view = TextView::default();
        self.compare(host);
    }

    fn step_by(&mut self, steps: isize, host: &mut Host<'_>) {
        let len = self.steps.len() as isize;
        if len > 0 {
            self.go_to_step((self.step as isize + steps).rem_euclid(len) as usize, host);
        }
    }

    fn pair_by(&mut self, steps: isize, host: &mut Host<'_>) -> Outcome {
        if self.pairs.len() < 2 {
            let why = if self.pairs.is_empty() {
                "two marked messages are compared: there is no other pair"
            } else {
                "there is no other pair of legs"
            };
            return Outcome::Failed(why.to_owned());
        }
        self.pair = (self.pair as isize + steps).rem_euclid(self.pairs.len() as isize) as usize;
        self.find_steps(&host.session.snapshot);
        self.request_texts(host);
        self.go_to_step(self.step, host);
        Outcome::Done
    }

    /// What is shown, as text below the names of the messages.
    fn text(&self, session: &Session) -> Option<String> {
        let comparison = self.comparison.as_ref()?;
        let mut out = String::new();
        for side in self.sides(&session.snapshot)? {
            let call_id = crate::base::escape::escape(&side.call_id).into_owned();
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{} {} {}  Call-ID {call_id}", side.name, side.time, side.text);
        }
        out.push('\n');
        out.push_str(&match self.shown {
            Shown::Changes => comparison.changes().text(),
            Shown::Everything => comparison.text(),
        });
        Some(out)
    }
}

/// The pairs of the call that a leg belongs to, offered ones included.
fn leg_pairs(session: &Session, leg: LegIdx) -> Vec<LegPair> {
    let Some(calls) = Calls::of(&session.snapshot) else { return Vec::new() };
    let Some(call_id) = calls.leg(leg).map(|leg| leg.call_id) else { return Vec::new() };
    let members = members_of(calls, call_id, &session.links);
    let name = |leg| name_of(&members, leg).unwrap_or_default();
    let pair = |member: &Member| {
        let legs = [member.leg.min(member.with?), member.leg.max(member.with?)];
        Some(LegPair { legs, names: legs.map(name) })
    };
    members.iter().filter_map(pair).collect()
}

/// `INVITE`, `180 Ringing`.
fn what(snapshot: &Snapshot, message: Option<MessageIdx>) -> String {
    let Some(row) = message.and_then(|message| snapshot.row(message)) else { return String::new() };
    let what = crate::base::escape::escape(row.what());
    if row.row.status > 0 { format!("{} {what}", row.row.status) } else { what.into_owned() }
}

/// `INVITE`, `180`, `none`.
fn short(snapshot: &Snapshot, message: Option<MessageIdx>) -> String {
    match message.and_then(|message| snapshot.row(message)) {
        None => "none".to_owned(),
        Some(row) if row.row.status > 0 => row.row.status.to_string(),
        Some(_) => what(snapshot, message),
    }
}

impl ScreenState for DiffScreen {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Diff]
    }

    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match command {
            Command::Go(motion) => self.view.go(motion, host.targets.details),
            Command::NextStep => self.step_by(1, host),
            Command::PreviousStep => self.step_by(-1, host),
            Command::NextPair => return self.pair_by(1, host),
            Command::PreviousPair => return self.pair_by(-1, host),
            Command::ShowSame => {
                self.shown = if self.shown == Shown::Changes { Shown::Everything } else { Shown::Changes };
                self.view = TextView::default();
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) -> Outcome {
        match (mouse.action, mouse.target) {
            (MouseAction::Click, Some(Target::Step(step))) if step < self.steps.len() => {
                self.go_to_step(step, host);
            }
            (MouseAction::Wheel(lines), _) => self.view.wheel(lines, host.targets.details),
            _ => {}
        }
        Outcome::Done
    }

    fn event(&mut self, event: &Event, host: &mut Host<'_>) {
        match event {
            Event::Loaded(_) | Event::Reloaded(_) => {
                if let Event::Reloaded(_) = event {
                    self.texts.clear();
                    self.compared = None;
                }
                if self.seen != host.session.snapshot.len() {
                    self.find_steps(&host.session.snapshot);
                }
                self.request_texts(host);
                self.compare(host);
            }
            Event::Texts(generation, texts) if *generation == self.generation => {
                self.unreadable = texts.is_empty();
                self.texts.extend(texts.iter().map(|(row, text)| (*row, Arc::clone(text))));
                self.compare(host);
            }
            Event::Compared(generation, comparison) if *generation == self.comparing => {
                self.comparison = Some(Arc::clone(comparison));
            }
            _ => {}
        }
    }

    fn offers(&self, command: Command, _: &Session) -> bool {
        match command {
            Command::NextStep => self.steps.len() > 1,
            Command::NextPair => self.pairs.len() > 1,
            _ => true,
        }
    }

    fn opened(&mut self, host: &mut Host<'_>) {
        self.request_texts(host);
    }

    fn selected(&self, _: &Session) -> Option<MessageIdx> {
        self.current()?.messages().next()
    }

    fn copied(&self, what: CopyWhat, session: &Session) -> Option<Vec<u8>> {
        match what {
            CopyWhat::Comparison => self.text(session).map(String::into_bytes),
            CopyWhat::Command => command_line::of_these(self.current()?.messages(), &session.snapshot),
            _ => None,
        }
    }
}
