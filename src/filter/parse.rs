//! Parses the text of an expression.
//!
//! ```text
//! any    = all *( "or" all )
//! all    = 1*( [ "and" ] one )
//! one    = ( "not" / "-" / "!" ) one / "(" any ")" / regex / string / comparison / word
//! ```
//!
//! Must not know: rows, messages, how a term is tested.

use super::closed_words::{self, closed_words};
use super::error::{FilterError, FilterErrorKind};
use super::expr::{Expr, FieldTerm, Is, Term, Value};
use super::field::{Field, Kind, Op};
use super::names::Names;
use super::pattern::{Case, Pattern};
use super::scan::{Piece, Scanner};
use super::suggest::{suggest, unknown};
use super::value::{self, Moment, Status};

/// The limit for nested parentheses and negations.
const MAX_DEPTH: usize = 100;

/// Parses a whole expression; blanks alone are [`Expr::All`].
pub(super) fn parse(text: &str) -> Result<Expr, FilterError> {
    parse_with(text, &Names::default())
}

/// The same with names that the user defined.
pub(super) fn parse_with(text: &str, names: &Names) -> Result<Expr, FilterError> {
    let mut parser = Parser { scan: Scanner::new(text), depth: 0, names };
    parser.scan.skip_blanks();
    if parser.scan.rest().is_empty() {
        return Ok(Expr::All);
    }
    let expr = parser.any("a term")?;
    // Only a closing parenthesis without an opening one ends an expression early.
    if parser.scan.rest().is_empty() {
        Ok(expr)
    } else {
        Err(parser.scan.expected("the end: no '(' is open"))
    }
}

struct Parser<'a> {
    scan: Scanner<'a>,
    depth: usize,
    names: &'a Names,
}

impl Parser<'_> {
    fn any(&mut self, wanted: &'static str) -> Result<Expr, FilterError> {
        let mut all = vec![self.all(wanted)?];
        while self.scan.keyword(&["or", "OR", "||"]) {
            all.push(self.all("a term after 'or'")?);
        }
        Ok(Expr::any(all))
    }

    fn all(&mut self, wanted: &'static str) -> Result<Expr, FilterError> {
        self.scan.skip_blanks();
        let mut all = vec![self.one(wanted)?];
        loop {
            self.scan.skip_blanks();
            let place = self.scan.at;
            if matches!(self.scan.peek(), None | Some(')')) {
                break;
            }
            if self.scan.keyword(&["or", "OR", "||"]) {
                self.scan.at = place;
                break;
            }
            let written = self.scan.keyword(&["and", "AND", "&&"]);
            self.scan.skip_blanks();
            all.push(self.one(if written { "a term after 'and'" } else { "a term" })?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::And(all) })
    }

    fn one(&mut self, wanted: &'static str) -> Result<Expr, FilterError> {
        let place = self.scan.at;
        if self.scan.keyword(&["or", "OR", "||", "and", "AND", "&&"]) {
            self.scan.at = place;
            return Err(self.scan.expected(wanted));
        }
        if self.scan.keyword(&["not", "NOT"]) {
            self.scan.skip_blanks();
            return self.deeper(|p| p.one("a term after 'not'")).map(|e| Expr::Not(Box::new(e)));
        }
        match self.scan.peek() {
            None | Some(')') => Err(self.scan.expected(wanted)),
            Some('-' | '!') => {
                self.scan.bump();
                if self.scan.peek().is_none_or(char::is_whitespace) {
                    return Err(self.scan.expected("a term right after the '-'"));
                }
                self.deeper(|p| p.one("a term after '-'")).map(|e| Expr::Not(Box::new(e)))
            }
            Some('(') => self.group(),
            Some('@') => self.name(),
            Some(_) => {
                let rest = self.scan.rest();
                let term = self.term()?;
                let text = &rest[..rest.len() - self.scan.rest().len()];
                Ok(self.names.meaning(term, text))
            }
        }
    }

    /// `@failed`: a filter by its name, or else a text.
    fn name(&mut self) -> Result<Expr, FilterError> {
        let start = self.scan.at;
        let text = self.scan.bare().text;
        match self.names.filter(&text[1..]).map_err(|kind| self.scan.error(start, kind))? {
            Some(expr) => Ok(Expr::Named { text, expr: Box::new(expr) }),
            None => Ok(self.names.meaning(Term::Word(text.clone()), &text)),
        }
    }

    fn group(&mut self) -> Result<Expr, FilterError> {
        self.scan.bump();
        let inner = self.deeper(|p| p.any("a term"))?;
        self.scan.eat(')').map_err(|()| self.scan.expected("')'"))?;
        Ok(inner)
    }

    fn deeper(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Expr, FilterError>,
    ) -> Result<Expr, FilterError> {
        if self.depth == MAX_DEPTH {
            return Err(self.scan.error(self.scan.at, FilterErrorKind::TooDeep));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn term(&mut self) -> Result<Term, FilterError> {
        match self.scan.peek() {
            Some('"') => Ok(Term::Word(self.scan.quoted()?.text)),
            Some('/') => {
                let (piece, case) = self.scan.regex()?;
                self.pattern(&piece, case).map(Term::Regex)
            }
            _ => match self.scan.comparison() {
                Some((name, op)) => self.comparison(name, op),
                None => Ok(Term::Word(self.scan.bare().text)),
            },
        }
    }

    fn comparison(&mut self, name: &str, op: Op) -> Result<Term, FilterError> {
        let start = self.scan.at;
        let is = name.eq_ignore_ascii_case("is");
        let named = Field::named(name);
        if named.is_none() && !is {
            return Err(self.scan.error(start, unknown(name)));
        }
        self.scan.at += name.len();
        let operator_at = self.scan.at;
        self.scan.at += op.as_str().len();
        if op == Op::Equals {
            // Programmers often write `==`.
            let _ = self.scan.eat('=');
        }
        let Some((field, key)) = named else {
            return self.is(op, operator_at);
        };
        field.check(op).map_err(|kind| self.scan.error(operator_at, kind))?;
        let value = self.value(field, op)?;
        Ok(Term::Field(FieldTerm { field, key: key.to_owned(), op, value }))
    }

    fn is(&mut self, op: Op, operator_at: usize) -> Result<Term, FilterError> {
        if !matches!(op, Op::Has | Op::Equals) {
            let kind = FilterErrorKind::Operator { field: "is", expected: "':'" };
            return Err(self.scan.error(operator_at, kind));
        }
        let start = self.scan.at;
        let piece = self.piece("a word such as 'request'")?;
        Is::all().find(|is| is.as_str().eq_ignore_ascii_case(&piece.text)).map(Term::Is).ok_or_else(|| {
            let expected = "request, response, retransmission, incomplete, malformed, keepalive, multipart, \
                            unanswered, failed, error, answered, held, transferred, emergency or marked";
            self.unknown_word(start, piece.text, expected, Is::all().map(Is::as_str))
        })
    }

    /// The text after an operator, quoted or bare.
    fn piece(&mut self, wanted: &'static str) -> Result<Piece, FilterError> {
        if self.scan.peek() == Some('"') {
            return self.scan.quoted();
        }
        let piece = self.scan.bare();
        if piece.text.is_empty() { Err(self.scan.expected(wanted)) } else { Ok(piece) }
    }

    fn value(&mut self, field: Field, op: Op) -> Result<Value, FilterError> {
        let start = self.scan.at;
        if op == Op::Matches {
            let (piece, case) = match self.scan.peek() {
                Some('/') => self.scan.regex()?,
                _ => (self.piece("a regex")?, Case::Exact),
            };
            return self.pattern(&piece, case).map(Value::Pattern);
        }
        let kind = field.info().kind;
        if self.scan.peek() == Some('(') {
            return Err(self.scan.expected("a value: quote one that begins with '('"));
        }
        let text = self.piece(wanted(field, kind))?.text;
        if !closed_words::is_possible(field, op, &text) {
            let words = closed_words(field).unwrap_or_default().iter().copied();
            return Err(self.unknown_word(start, text, closed_words::expected(field), words));
        }
        let read = match kind {
            Kind::Text | Kind::Name => Some(Value::Text(text)),
            Kind::Duration => value::duration(&text).map(|micros| Value::Number(micros as u64)),
            Kind::Word if field == Field::Method => Some(Value::Text(text)),
            Kind::Word => return self.word(start, field, text),
            Kind::Status => Status::parse(&text).map(Value::Status),
            Kind::Number => value::number(&text).map(Value::Number),
            Kind::Size => value::size(&text).map(Value::Number),
            Kind::Cseq => cseq(op, text),
            Kind::Time => Moment::parse(&text).map(Value::Moment),
        };
        read.ok_or_else(|| self.scan.error(start, FilterErrorKind::Expected(wanted(field, kind))))
    }

    /// A direction or a transport.
    fn word(&self, start: usize, field: Field, text: String) -> Result<Value, FilterError> {
        if field == Field::Dir {
            let names = crate::base::Direction::Recv.as_str();
            return text.parse().map(Value::Direction).map_err(|_| {
                let names = [names, crate::base::Direction::Sent.as_str()];
                self.unknown_word(start, text, "recv or sent", names.into_iter())
            });
        }
        text.parse().map(Value::Transport).map_err(|_| {
            let names = crate::base::Transport::ALL.into_iter().map(crate::base::Transport::as_str);
            self.unknown_word(start, text, "udp, tcp, tls, sctp, ws or wss", names)
        })
    }

    fn unknown_word(
        &self,
        start: usize,
        word: String,
        expected: &'static str,
        names: impl Iterator<Item = &'static str>,
    ) -> FilterError {
        let suggestion = suggest(&word.to_ascii_lowercase(), names);
        self.scan.error(start, FilterErrorKind::UnknownWord { word, expected, suggestion })
    }

    fn pattern(&self, piece: &Piece, case: Case) -> Result<Pattern, FilterError> {
        Pattern::new(&piece.text, case)
            .map_err(|bad| self.scan.error(piece.place(bad.at.unwrap_or(0)), bad.kind))
    }
}

/// A sequence number, or text of the header field if the operator compares text.
fn cseq(op: Op, text: String) -> Option<Value> {
    match value::number(&text) {
        Some(n) => Some(Value::Number(n)),
        None if matches!(op, Op::Has | Op::Equals | Op::Differs) => Some(Value::Text(text)),
        None => None,
    }
}

/// What is expected after the operator.
const fn wanted(field: Field, kind: Kind) -> &'static str {
    match (field, kind) {
        (Field::Method, _) => "a method such as 'INVITE'",
        (Field::Dir, _) => "recv or sent",
        (Field::Transport, _) => "udp, tcp, tls, sctp, ws or wss",
        (_, Kind::Status) => "a status code, or a class from 1xx to 6xx",
        (_, Kind::Number | Kind::Cseq) => "a number",
        (_, Kind::Size) => "a number of bytes such as 1500, 64k or 2M",
        (_, Kind::Time) => "a time such as 06:00, 06:00:05.5 or 2026-02-01T06:00",
        (_, Kind::Duration) => "a time span such as 2, 1.5, 500ms, 2s or 3min",
        (_, Kind::Text | Kind::Word | Kind::Name) => "a value",
    }
}
