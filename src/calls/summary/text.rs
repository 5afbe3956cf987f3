//! What is said of the counts, for people.
//!
//! Must not know: where it is shown.

use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::calls::cause::cause_name;
use crate::calls::findings::span;

use super::Summary;
use super::durations::Durations;
use super::tallies::{Cause, Found};

impl Summary {
    /// The figures about all calls together, each with its name.
    pub fn figures(&self) -> Vec<(&'static str, String)> {
        if self.calls == 0 {
            return vec![("calls", "0".to_owned())];
        }
        let mut figures =
            vec![("calls", format!("{} of {}", grouped(self.calls), plural(self.legs, "leg", "legs")))];
        if let Some(ratio) = self.answer_seizure_ratio() {
            let (answered, seizures) = (grouped(self.answered), grouped(self.seizures));
            figures.push((
                "answered",
                format!("{answered} of {seizures}: answer-seizure ratio {:.1} %", ratio * 100.0),
            ));
        }
        if let (Some(mean), Some(median)) = (self.talk.mean(), self.talk.percentile(50)) {
            let calls = plural(self.talk.count() as u64, "call", "calls");
            let text = format!("mean {}, median {}, of {calls} that ended", span(mean), span(median));
            figures.push(("talk time", text));
        }
        let delays: [(_, &Durations); 2] =
            [("post-dial delay", &self.post_dial), ("until answered", &self.setup)];
        for (name, durations) in delays {
            if let (Some(median), Some(most)) = (durations.percentile(50), durations.percentile(95)) {
                figures.push((name, format!("median {}, 95 % within {}", span(median), span(most))));
            }
        }
        figures
    }
}

fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

impl Cause {
    /// `busy: 486 Busy Here, Q.850 17 user busy`.
    pub fn text(&self) -> String {
        let (status, phrase) = &self.status;
        let mut what = Vec::new();
        if *status > 0 {
            what.push(format!("{status} {}", escape(phrase.as_bytes())).trim_end().to_owned());
        }
        if self.cause > 0 {
            what.push(format!("Q.850 {} {}", self.cause, cause_name(self.cause)).trim_end().to_owned());
        }
        let colon = if what.is_empty() { "" } else { ": " };
        format!("{}{colon}{}", self.verdict, what.join(", "))
    }
}

impl Found {
    /// The rule, and what it means.
    pub fn text(&self) -> String {
        let note = if self.rule.is_note { " (note)" } else { "" };
        format!("{}: {}{note}", self.rule.name, self.rule.what)
    }
}
