//! What happened to each call, and why: legs, what else Call-IDs are used for, states, findings, verdicts.
//!
//! [`Builder`] is fed with one message after another while they are loaded; [`Calls`] is what everyone else reads, published
//! with the store's snapshot. Times and proofs are numbers of messages in that snapshot.
//!
//! Must not know: drawing, screens, threads.

mod authentication;
mod bindings;
mod builder;
mod call;
mod cause;
mod challenge;
mod chosen;
mod codec;
mod dialog;
mod dialog_facts;
mod evidence;
mod facts;
mod fields;
mod filter;
mod findings;
mod hash;
mod header;
mod join;
mod leg;
mod leg_rules;
mod legs_by_peer;
mod list;
mod media;
mod method;
mod note;
mod parts;
mod progress;
mod register;
mod restart;
mod session;
mod session_timer;
mod signal_batch;
mod signals;
mod state;
mod steps;
mod summary;
mod verdict;
mod working;

pub use builder::Builder;
pub use call::CallRef;
pub use cause::cause_name;
pub use chosen::{CallOf, Chosen, calls_of};
pub use codec::Codecs;
pub use dialog::{Dialog, DialogKind, DialogState};
pub use dialog_facts::DialogRef;
pub use evidence::{Event, Evidence, Kind, Mark};
pub use facts::LegRef;
pub use findings::{Finding, Rule, rules, seconds, span};
pub use hash::{Number, call_id_hash, hash, wide_hash};
pub use join::{Joiner, Joins, Pair};
pub use leg::{End, Leg, LegFlags, LegIdx, NO_MESSAGE, Side};
pub use leg_rules::LegRules;
pub use list::{Calls, Handle};
pub use media::{Flow, Media, Stream};
pub use method::Method;
pub use note::{Note, Noted};
pub use restart::Restart;
pub(crate) use signal_batch::SignalBatch;
pub use signals::{Said, Signals, Values};
pub use state::State;
pub use steps::{Step, StepKind, steps};
pub use summary::{Cause, Durations, FailingUser, Found, Registrations, Summary};
pub use verdict::{Judged, Verdict, verdict_rules};

#[cfg(test)]
mod tests;
