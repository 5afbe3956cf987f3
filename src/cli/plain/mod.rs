//! `--plain`: one line after another, for screen readers and limited terminals. A line is typed, and its answer is printed
//! below it: no other screen, no cursor movement, no colours.
//!
//! Must not know: how messages, calls and ladders are printed.

mod command;

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use crate::base::number::grouped;
use crate::calls::{Calls, Chosen, calls_of};
use crate::export::summary;
use crate::export::text::{self, Shown};
use crate::filter::Filter;
use crate::load::InputSpec;
use crate::store::{Matching, MessageIdx, Snapshot, TextReader};

use super::by_hand::ByHand;
use super::plan::{Plan, Print};
use super::problem::Problem;
use super::{FAILURE, SUCCESS, calls, legs, problem, stored};
use command::{Command, HELP};

/// Messages that are listed at once.
const PAGE: usize = 20;

/// Answers one line after another, until the end of the lines.
pub fn run(plan: &Plan, print: &Print) -> ExitCode {
    let Some(snapshot) = calls::index(plan) else { return ExitCode::from(FAILURE) };
    plan.refused.iter().chain(&snapshot.progress.errors).for_each(problem::say);
    if snapshot.is_empty() && !snapshot.progress.errors.is_empty() {
        return ExitCode::from(FAILURE);
    }
    let result = lines(plan).and_then(|lines| {
        let mut reading =
            Reading { plan, print, snapshot, rows: Vec::new(), shown: 0, filter: Filter::all() };
        reading.select(plan.filter.clone())?;
        reading.page(0)?;
        reading.answer(lines)
    });
    ExitCode::from(match result {
        // The reader of the pipe has enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            problem::say(&error);
            FAILURE
        }
        _ => SUCCESS,
    })
}

/// Where lines are typed: the standard input, or the terminal if that is the trace.
fn lines(plan: &Plan) -> io::Result<Box<dyn BufRead>> {
    if plan.inputs.contains(&InputSpec::Stdin) {
        return Ok(Box::new(BufReader::new(File::open("/dev/tty")?)));
    }
    Ok(Box::new(io::stdin().lock()))
}

/// What is read, and how far.
struct Reading<'a> {
    plan: &'a Plan,
    print: &'a Print,
    snapshot: Arc<Snapshot>,
    filter: Filter,
    /// The messages that match.
    rows: Vec<MessageIdx>,
    /// The position of the first listed message among them.
    shown: usize,
}

impl Reading<'_> {
    fn answer(&mut self, mut lines: Box<dyn BufRead>) -> io::Result<()> {
        let mut line = String::new();
        loop {
            if io::stdin().is_terminal() {
                say("command or filter (help lists the commands): ")?;
            }
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match Command::of(&line) {
                Command::Quit => return Ok(()),
                Command::Help => help()?,
                Command::Next if self.shown + PAGE >= self.rows.len() => say("no further message\n")?,
                Command::Next => self.page(self.shown + PAGE)?,
                Command::Previous if self.shown == 0 => say("no message before these\n")?,
                Command::Previous => self.page(self.shown.saturating_sub(PAGE))?,
                Command::First => self.page(0)?,
                Command::Last => self.page(self.rows.len().saturating_sub(PAGE))?,
                Command::Show(number) => self.show(number)?,
                Command::Calls => self.calls()?,
                Command::Call(number) => self.of_call(number, Drawn::Lines)?,
                Command::Ladder(number) => self.of_call(number, Drawn::Ladder)?,
                Command::Filter(expression) => match Filter::parse_with(expression, &self.plan.names) {
                    Ok(filter) if filter.needs_marks() => say(&format!("{}\n", Problem::Marks))?,
                    Ok(filter) => {
                        self.select(filter)?;
                        self.page(0)?;
                    }
                    Err(error) => say(&format!("not a filter: {error}\n"))?,
                },
                Command::Wrong(why) => say(&format!("{why}\n"))?,
            }
        }
    }

    /// Finds the messages that match, and says how many there are.
    fn select(&mut self, filter: Filter) -> io::Result<()> {
        let mut matching = Matching::new(&filter);
        let rows = self.snapshot.rows_from(0).filter(|row| matching.matches(row));
        self.rows = rows.map(|row| row.index).collect();
        self.filter = filter;
        let (found, all) = (grouped(self.rows.len() as u64), grouped(self.snapshot.len() as u64));
        match self.filter.text() {
            "" => say(&format!("{all} messages\n")),
            text => say(&format!("{found} of {all} messages match {}\n", self.clean(text))),
        }
    }

    /// A text of the user or the trace, safe for a terminal.
    fn clean(&self, text: &str) -> String {
        let mut out = Vec::new();
        self.print.style.inline(&mut out, text.as_bytes());
        String::from_utf8_lossy(&out).into_owned()
    }

    /// Lists messages from a position on.
    fn page(&mut self, from: usize) -> io::Result<()> {
        self.shown = from;
        let to = (from + PAGE).min(self.rows.len());
        let mut out = Vec::new();
        self.list(&mut out, self.rows.get(from..to).unwrap_or_default());
        put(&out)?;
        if to < self.rows.len() || from > 0 {
            let (first, last, all) = (from as u64 + 1, to as u64, self.rows.len() as u64);
            say(&format!("{} to {} of {}\n", grouped(first), grouped(last), grouped(all)))?;
        }
        Ok(())
    }

    /// Appends a line for each message, which begins with its number.
    fn list(&self, out: &mut Vec<u8>, messages: &[MessageIdx]) {
        let (mut reader, style) = (TextReader::default(), self.print.style);
        for message in messages {
            out.extend_from_slice(format!("{} ", message + 1).as_bytes());
            let written = stored::with_facts(&self.snapshot, *message, &mut reader, |facts| {
                summary::line(out, style, &facts.entry, facts.start_line(), facts.peek().call_id);
            });
            if let Err(error) = written {
                out.extend_from_slice(format!("cannot be read: {error}\n").as_bytes());
            }
        }
    }

    /// Prints a message in full.
    fn show(&self, number: u64) -> io::Result<()> {
        let Some(message) = self.message(number) else { return self.no_message(number) };
        let (mut out, mut reader, style) = (Vec::new(), TextReader::default(), self.print.style);
        let written = stored::with_facts(&self.snapshot, message, &mut reader, |facts| {
            text::message(&mut out, style, Shown::Whole, &facts.entry, facts.head());
        });
        match written {
            Ok(()) => put(&out),
            Err(error) => say(&format!("message {number} cannot be read: {error}\n")),
        }
    }

    fn message(&self, number: u64) -> Option<MessageIdx> {
        let message = MessageIdx::try_from(number.checked_sub(1)?).ok()?;
        self.snapshot.row(message).map(|row| row.index)
    }

    fn no_message(&self, number: u64) -> io::Result<()> {
        say(&format!("there is no message {number}: the last one is {}\n", self.snapshot.len()))
    }

    /// Prints a line for each call with a matching message: the number of its first message, when, who, and the verdict.
    fn calls(&self) -> io::Result<()> {
        let Some(calls) = Calls::of(&self.snapshot) else { return Ok(()) };
        let mut chosen = Chosen::default();
        for row in self.rows.iter().filter_map(|message| self.snapshot.row(*message)) {
            chosen.add(calls, row.row);
        }
        let mut count = 0;
        for call in calls_of(calls, &self.snapshot, |leg| chosen.has_leg(leg)) {
            let leg = call.legs.main();
            let time = crate::base::time_of_day(leg.start());
            let (from, to) = (String::from_utf8_lossy(leg.from()), String::from_utf8_lossy(leg.to()));
            let line = format!("{} {time} {from} to {to}: {}", leg.leg.first + 1, call.legs.verdict().text);
            say(&format!("{}\n", self.clean(&line)))?;
            count += 1;
        }
        say(&format!("{count} {}\n", if count == 1 { "call" } else { "calls" }))
    }

    /// Prints the call of a message.
    fn of_call(&self, number: u64, drawn: Drawn) -> io::Result<()> {
        let Some(message) = self.message(number) else { return self.no_message(number) };
        let call = self.snapshot.row(message).map_or(0, |row| row.row.call);
        let (Some(calls), 1..) = (Calls::of(&self.snapshot), call) else {
            return say("this message has no Call-ID: it belongs to no call\n");
        };
        let links = ByHand::of(self.plan).links(&self.snapshot);
        let context = (&*self.snapshot, calls, self.print);
        let mut out = Vec::new();
        match drawn {
            Drawn::Ladder => out = legs::drawn(context, &links, [call]),
            Drawn::Lines => {
                let messages = legs::write_call(&mut out, context, (call, &links));
                self.list(&mut out, &messages);
            }
        }
        put(&out)
    }
}

/// How a call is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawn {
    Ladder,
    Lines,
}

fn help() -> io::Result<()> {
    HELP.iter().try_for_each(|(command, what)| say(&format!("{command}: {what}\n")))
}

fn say(text: &str) -> io::Result<()> {
    put(text.as_bytes())
}

fn put(bytes: &[u8]) -> io::Result<()> {
    let mut out = super::stdout::stdout()?;
    out.write_all(bytes)?;
    out.flush()
}
