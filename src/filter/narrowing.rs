//! Whether one filter can only match what another one matches, so that only those messages need to be looked at.
//!
//! Must not know: messages, rows, how a match is decided.

use super::Filter;
use super::expr::{Expr, Term};

impl Filter {
    /// Whether every message that this filter matches is certain to match `wider`. `false` means that it is not known.
    ///
    /// ```
    /// use sofiatui::filter::Filter;
    /// let filter = |text| Filter::parse(text).unwrap();
    /// assert!(filter("method:invite alice").narrows(&filter("ali")));
    /// assert!(!filter("method:invite or alice").narrows(&filter("method:invite")));
    /// ```
    pub fn narrows(&self, wider: &Self) -> bool {
        let own = terms(self.expr());
        terms(wider.expr()).iter().all(|wanted| own.iter().any(|term| implies(term, wanted)))
    }
}

/// What must all hold.
fn terms(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::All => &[],
        Expr::And(all) => all,
        one => std::slice::from_ref(one),
    }
}

/// Whether a message for which `term` holds is certain to be one for which `wanted` holds.
fn implies(term: &Expr, wanted: &Expr) -> bool {
    match (term, wanted) {
        _ if term == wanted => true,
        (Expr::Term(Term::Word(longer)), Expr::Term(Term::Word(shorter))) => contains(longer, shorter),
        _ => false,
    }
}

/// Whether a text that contains `longer` also contains `shorter`, each by smart case. Beyond ASCII the case of a letter may change
/// its length: there it is not known.
fn contains(longer: &str, shorter: &str) -> bool {
    let ignores_case = !shorter.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_ascii = longer.is_ascii() && shorter.is_ascii();
    is_ascii && (longer.contains(shorter) || ignores_case && longer.to_ascii_lowercase().contains(shorter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_narrows_another_where_each_of_its_terms_still_holds() {
        for (narrow, wide, expected) in [
            ("method:invite status:486", "method:invite", true),
            ("status:486 method:invite", "method:invite status:486", true),
            ("method:invite", "method:invite status:486", false),
            ("method:invite", "method:bye", false),
            ("anything", "", true),
            ("", "anything", false),
            ("-method:options alice", "-method:options", true),
            ("alice", "ali", true),
            ("Alice", "ali", true),
            ("Alice", "Ali", true),
            ("alice", "Ali", false),
            ("ali", "alice", false),
            ("\"to alice\"", "alice", true),
            ("ÄB", "äb", false),
            ("-alice", "-ali", false),
            ("alice or bob", "alice", false),
            ("(alice or bob) method:bye", "alice or bob", true),
            ("from:15831", "from:1583", false),
            ("status>=500", "status>=400", false),
        ] {
            let filter = |text| Filter::parse(text).unwrap();
            assert_eq!(filter(narrow).narrows(&filter(wide)), expected, "{narrow:?} within {wide:?}");
        }
    }
}
