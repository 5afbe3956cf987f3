//! Expressions written and parsed again; arbitrary texts.

use proptest::prelude::*;

use super::super::expr::{Expr, FieldTerm, Is, Term, Value};
use super::super::facts::Flag;
use super::super::field::{Field, Op};
use super::super::pattern::{Case, Pattern};
use super::super::value::{Moment, Status};
use super::super::{Filter, parse};
use crate::base::{Direction, Transport};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9@.:-]{1,12}",
        "[ -~é\\\\\"()/\n\t]{0,12}",
        Just("or".to_owned()),
        Just("not".to_owned()),
        Just("from:x".to_owned()),
        Just("-x".to_owned()),
        Just("/x".to_owned()),
        Just("sip:a@b".to_owned()),
    ]
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let source = prop_oneof![text(), r"[a-c/\\.*|()\[\] ]{0,8}"];
    (source, prop_oneof![Just(Case::Exact), Just(Case::Any)])
        .prop_filter_map("no regex", |(source, case)| Pattern::new(&source, case).ok())
}

fn field_term() -> impl Strategy<Value = FieldTerm> {
    let order =
        prop::sample::select(vec![Op::Has, Op::Equals, Op::Differs, Op::Greater, Op::AtLeast, Op::Less]);
    let texts = prop::sample::select(vec![
        Field::Method,
        Field::CallId,
        Field::From,
        Field::Addr,
        Field::Header,
        Field::Json,
        Field::Body,
    ]);
    let equal = || prop::sample::select(vec![Op::Has, Op::Equals, Op::Differs]);
    let moments = prop::sample::select(vec!["06:00", "2026-11-23 06:00:01.5", "2026-11-23"]);
    prop_oneof![
        (texts.clone(), equal(), text()).prop_map(|(f, op, t)| (f, op, Value::Text(t))),
        (texts, pattern()).prop_map(|(f, p)| (f, Op::Matches, Value::Pattern(p))),
        equal().prop_map(|op| (Field::Dir, op, Value::Direction(Direction::Sent))),
        equal().prop_map(|op| (Field::Transport, op, Value::Transport(Transport::Wss))),
        (order.clone(), 1_u8..=6).prop_map(|(op, c)| (Field::Status, op, Value::Status(Status::Class(c)))),
        (order.clone(), 0_u16..700).prop_map(|(op, c)| (Field::Status, op, Value::Status(Status::Code(c)))),
        (order.clone(), any::<u64>()).prop_map(|(op, n)| (Field::Size, op, Value::Number(n))),
        (order, moments).prop_map(|(op, m)| (Field::Time, op, Value::Moment(Moment::parse(m).unwrap()))),
    ]
    .prop_map(|(field, op, value)| {
        let key = if field.name().ends_with('.') { "X-Key" } else { "" };
        FieldTerm { field, key: key.to_owned(), op, value }
    })
}

fn expr() -> impl Strategy<Value = Expr> {
    let term = prop_oneof![
        text().prop_map(Term::Word),
        pattern().prop_map(Term::Regex),
        prop::sample::select(Flag::ALL.to_vec()).prop_map(|f| Term::Is(Is::Flag(f))),
        field_term().prop_map(Term::Field),
    ];
    term.prop_map(Expr::Term).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Or),
            inner.prop_map(|e| Expr::Not(Box::new(e))),
        ]
    })
}

proptest! {
    #[test]
    fn an_expression_printed_and_parsed_is_the_same(expr in expr()) {
        let text = expr.to_string();
        let parsed = parse::parse(&text);
        prop_assert_eq!(parsed.as_ref(), Ok(&expr), "{}", text);
    }

    #[test]
    fn any_text_is_an_expression_or_an_error_with_a_position_in_it(text in "\\PC{0,40}") {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.column));
            prop_assert_eq!(error.caret(&text).lines().count(), 2);
        }
    }

    #[test]
    fn pieces_of_the_language_in_any_order_do_not_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "\"", "/", "\\", "(", ")", "-", "not", "or", "and", " ", ":", "=", "~", ">", "from", "status", "is",
            "header.", "4xx", "time", "06:00", "i", "é",
        ]), 0..12)
    ) {
        let text = pieces.concat();
        if let Ok(filter) = Filter::parse(&text) {
            let spelled = filter.expr().to_string();
            prop_assert_eq!(Filter::parse(&spelled), Ok(filter), "{} as {}", text, spelled);
        }
    }
}

#[test]
fn only_texts_that_need_quotes_get_them() {
    for (text, spelled) in [
        ("a AND b", "a b"),
        ("a || b", "a or b"),
        ("not a", "-a"),
        ("\"plain\"", "plain"),
        ("\"or\"", "\"or\""),
        ("\"from:x\"", "\"from:x\""),
        ("sip:1688@pbx", "sip:1688@pbx"),
        ("from:\"a b\"", "from:\"a b\""),
        ("from==x", "from=x"),
        ("body~\"m=audio \\d\"", "body~\"m=audio \\\\d\""),
        ("body~/a b/i", "body~/a b/i"),
        ("(a b) or (c (d or e))", "a b or c (d or e)"),
        ("Method:Invite", "method:Invite"),
        ("size>64k", "size>64000"),
        ("time>\"2026-11-23 06:00\"", "time>2026-11-23T06:00"),
        ("foo(bar)", "\"foo(bar)\""),
    ] {
        assert_eq!(Filter::parse(text).unwrap().expr().to_string(), spelled, "{text}");
    }
}

#[test]
fn filters_and_matchers_can_be_sent_to_other_threads() {
    fn sent<T: Send>() {}
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Filter>();
    sent::<super::super::Matcher>();
}

#[test]
fn combined_and_negated_filters_have_the_expected_spelling() {
    let parse = |text| Filter::parse(text).unwrap();
    for (filter, text) in [
        (parse("a or b").and(parse("c")), "(a or b) c"),
        (parse("a b").and(parse("c d")), "a b c d"),
        (parse(" ").and(parse(" a  b ")), "a  b"),
        (parse("a b").negated(), "-(a b)"),
        (parse("-a").negated(), "a"),
        (Filter::all().negated(), ""),
    ] {
        assert_eq!(filter.text(), text);
    }
    assert!(parse("  ").is_all() && !parse("a").is_all());
}
