//! Telephone numbers and extensions. A number keeps its length, what is dialled before it and its country; no pseudonym can be
//! dialled:
//!
//! - The last seven digits of every number begin with 0 or 1 afterwards, but not with 00: no exchange of the North American
//!   plan begins so, neither in a local nor in a long number. They depend on the last seven digits alone, so that a number is
//!   found again with another prefix.
//! - An area code of the North American plan becomes N9X. These are reserved for longer numbers, and assigned nowhere.
//! - Elsewhere, the national number begins with 0 after the country code, which no plan allows, and then with 28, 83, 84 or 89
//!   where it is long enough: after a trunk 0, that is an unassigned country code. The last ten digits depend on the last ten
//!   alone, so that a number is found again with a prefix that is not recognised.
//!
//! Numbers of up to six digits are permuted among those of the same length. Emergency and service numbers stay: `911`, `112`,
//! `211` … `811`, `*98`; they belong to no one, and rules depend on them.
//!
//! Must not know: users, URIs, fields.

use super::key::Key;
use super::secrets::{Kind, Secrets};

const NUMBER: u8 = 1;
const AREA: u8 = 2;
const EXTENSION: u8 = 3;
/// The digits that numbers are compared by.
const LAST: usize = 7;
/// The digits before them that depend on the last ten alone.
const FRONT: usize = 3;
/// What no national number begins with; after a trunk 0, country codes that are not assigned.
const UNASSIGNED: [&[u8]; 4] = [b"028", b"083", b"084", b"089"];
/// The longest number that is taken for one (E.164 has 15 digits, and a prefix may precede them).
pub(super) const MOST_DIGITS: usize = 24;

/// Country codes of two digits (E.164). Those of one digit are 1 and 7; all others have three.
const TWO_DIGITS: [u8; 41] = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58,
    60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93,
];

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// Ten digits of the North American plan.
    NorthAmerican,
    /// Any other.
    Other,
}

/// Whether a number of up to six digits is a service that is the same everywhere: it stays. So do single digits.
pub(super) fn is_service(digits: &[u8]) -> bool {
    const SERVICES: [&[u8]; 17] = [
        b"106", b"113", b"114", b"115", b"192", b"197", b"000", b"110", b"112", b"118", b"119", b"933",
        b"988", b"999", b"1911", b"9911", b"9112",
    ];
    match digits {
        [] | [_] | [b'2'..=b'9', b'1', b'1'] => true,
        _ => SERVICES.contains(&digits),
    }
}

/// The digits that replace `digits`, all of which are digits, after a `+` if `is_international`.
pub(super) fn number(secrets: &mut Secrets, digits: &[u8], form: Form) -> Vec<u8> {
    let digits = &digits[..digits.len().min(MOST_DIGITS)];
    if digits.len() < LAST {
        return extension(secrets, digits);
    }
    let (prefix, plan) = prefix(digits, form);
    let significant = &digits[prefix..];
    let found = if let Some(known) = secrets.known(Kind::Number, significant) {
        known.to_vec()
    } else {
        let pseudonym = significant_number(secrets, significant, plan);
        secrets.keep(Kind::Number, significant, &pseudonym);
        pseudonym
    };
    [&digits[..prefix], &found].concat()
}

/// Whether a `+` precedes the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `+` precedes them.
    International,
    /// Nothing does.
    Bare,
}

/// The length of what stays at the start of a number, and the plan of the rest, which has seven digits at least.
fn prefix(digits: &[u8], form: Form) -> (usize, Plan) {
    let country = |from: usize| {
        let code = from + country_code_len(&digits[from..]);
        let is_american = digits[from] == b'1' && digits.len() == code + 10;
        (code.min(digits.len() - LAST), if is_american { Plan::NorthAmerican } else { Plan::Other })
    };
    let (len, north_american) = (digits.len(), is_north_american(&digits[digits.len().saturating_sub(10)..]));
    match digits {
        _ if form == Form::International => country(0),
        // An exchange's prefix may precede one for international calls: 00…, 900…, 011…, 9011….
        [b'0', b'0', b'1'..=b'9', ..] if len >= 10 => country(2),
        [b'0', b'1', b'1', b'1'..=b'9', ..] | [b'1'..=b'9', b'0', b'0', b'1'..=b'9', ..] if len >= 12 => {
            country(3)
        }
        [b'1'..=b'9', b'0', b'1', b'1', b'1'..=b'9', ..] if len >= 13 => country(4),
        // The trunk prefix of Russia and Kazakhstan.
        [b'8', b'3' | b'4' | b'7' | b'8' | b'9', ..] if len == 11 => (1, Plan::Other),
        [b'0', ..] if len > LAST => (1, Plan::Other),
        _ if north_american && (len == 10 || is_prefix_of_america(&digits[..len - 10])) => {
            (len - 10, Plan::NorthAmerican)
        }
        // A national number without its trunk prefix: no country code is 1 before nine digits.
        [b'1', ..] if len == 10 => (0, Plan::Other),
        // A country code without its `+`.
        _ if len >= 10 => country(0),
        _ => (0, Plan::Other),
    }
}

/// What may precede ten digits of the North American plan: a country code, a prefix of an exchange, both.
fn is_prefix_of_america(prefix: &[u8]) -> bool {
    matches!(prefix, [b'1' | b'9'] | [b'2'..=b'9', b'1'])
}

fn country_code_len(digits: &[u8]) -> usize {
    match digits {
        [b'1' | b'7', ..] => 1,
        [a @ b'0'..=b'9', b @ b'0'..=b'9', ..] if TWO_DIGITS.contains(&((a - b'0') * 10 + (b - b'0'))) => 2,
        _ => 3,
    }
}

/// Whether ten digits are a number of the North American plan: area code and exchange begin with 2 to 9.
fn is_north_american(digits: &[u8]) -> bool {
    let is_first = |b: u8| (b'2'..=b'9').contains(&b);
    digits.len() == 10 && is_first(digits[0]) && is_first(digits[3])
}

/// The pseudonym of a number without its prefix.
fn significant_number(secrets: &mut Secrets, digits: &[u8], plan: Plan) -> Vec<u8> {
    let key = secrets.key.clone();
    let (front, last) = digits.split_at(digits.len() - LAST);
    let last = last_digits(secrets, last);
    if front.is_empty() {
        return last;
    }
    if plan == Plan::Other && front.len() >= FRONT {
        return long_number(secrets, digits, &last);
    }
    // Another number with the same last digits may have the same front: then the next one is taken.
    let candidate = |attempt: u8| [&front_digits(&key, digits, plan, attempt)[..], &last].concat();
    secrets.free((0..64).map(candidate))
}

/// The pseudonym of ten digits and more. The last ten depend on the last ten alone: a prefix that is not recognised as one changes
/// only the digits before them.
fn long_number(secrets: &mut Secrets, digits: &[u8], last: &[u8]) -> Vec<u8> {
    let key = secrets.key.clone();
    let (head, end) = digits.split_at(digits.len() - LAST - FRONT);
    let end = secrets.part(AREA, end, |key, text| {
        let unassigned = UNASSIGNED[usize::from(key.bytes(AREA, text).0[0] % 4)];
        [unassigned, last].concat()
    });
    if head.is_empty() {
        return end;
    }
    let candidate = |attempt: u8| {
        let bytes = key.bytes(AREA, &[digits, &[attempt]].concat()).0;
        let other = (1..head.len()).map(|at| b'0' + bytes[at % 32] % 10);
        std::iter::once(b'0').chain(other).chain(end.iter().copied()).collect()
    };
    secrets.free((0..64).map(candidate))
}

/// What replaces the last seven digits: 0100000 to 1999999.
fn last_digits(secrets: &mut Secrets, last: &[u8]) -> Vec<u8> {
    secrets.part(NUMBER, last, |key, text| {
        format!("{:07}", key.bytes(NUMBER, text).number() % 1_900_000 + 100_000).into_bytes()
    })
}

fn front_digits(key: &Key, digits: &[u8], plan: Plan, attempt: u8) -> Vec<u8> {
    let front = digits.len() - LAST;
    let bytes = key.bytes(AREA, &[digits, &[attempt]].concat()).0;
    let digit = |at: usize| b'0' + bytes[at] % 10;
    if plan == Plan::NorthAmerican {
        return vec![b'2' + bytes[0] % 8, b'9', digit(1)];
    }
    if front == 1 { b"0".to_vec() } else { b"08".to_vec() }
}

/// What replaces a number of up to six digits.
fn extension(secrets: &mut Secrets, digits: &[u8]) -> Vec<u8> {
    if is_service(digits) {
        return digits.to_vec();
    }
    if let Some(known) = secrets.known(Kind::Extension, digits) {
        return known.to_vec();
    }
    let mut found = digits.to_vec();
    // The permutation of all numbers of this length is followed until it leads to one that may replace this: a permutation, too.
    while {
        found = permuted(&secrets.key, &found);
        is_service(&found) || (found[0] == b'0') != (digits[0] == b'0')
    } {}
    secrets.keep(Kind::Extension, digits, &found);
    found
}

/// A permutation of the numbers with as many digits: a Feistel network, walked until the result has no more digits.
fn permuted(key: &Key, digits: &[u8]) -> Vec<u8> {
    const ROUNDS: u8 = 8;
    let most = 10_u32.pow(digits.len() as u32);
    let half_bits = (32 - (most - 1).leading_zeros()).div_ceil(2);
    let mask = (1_u32 << half_bits) - 1;
    let mut value = digits.iter().fold(0, |value, &b| value * 10 + u32::from(b - b'0'));
    loop {
        let (mut left, mut right) = (value >> half_bits, value & mask);
        for round in 0..ROUNDS {
            let [a, b, c, d] = right.to_be_bytes();
            let bits = key.bytes(EXTENSION, &[digits.len() as u8, round, a, b, c, d]).number() as u32;
            (left, right) = (right, left ^ (bits & mask));
        }
        value = left << half_bits | right;
        if value < most {
            return format!("{value:0len$}", len = digits.len()).into_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn secrets() -> Secrets {
        Secrets::new(Key::new(b"test"))
    }

    fn written(secrets: &mut Secrets, text: &str) -> String {
        let (form, digits) = match text.strip_prefix('+') {
            Some(digits) => (Form::International, digits),
            None => (Form::Bare, text),
        };
        String::from_utf8(number(secrets, digits.as_bytes(), form)).unwrap()
    }

    #[test]
    fn a_number_is_the_same_with_every_prefix() {
        let mut secrets = secrets();
        for (spellings, significant) in [
            (
                &[
                    "+12025550185",
                    "12025550185",
                    "2025550185",
                    "01112025550185",
                    "0012025550185",
                    "92025550185",
                    "912025550185",
                ][..],
                10,
            ),
            (&["+493012345678", "00493012345678", "03012345678", "493012345678", "011493012345678"], 10),
            (&["+4930123456", "004930123456", "030123456"], 8),
            (&["5550185", "+12025550185"], 7),
            (
                &[
                    "+441632960961",
                    "00441632960961",
                    "900441632960961",
                    "01632960961",
                    "1632960961",
                    "441632960961",
                ][..],
                10,
            ),
            (&["+79161234567", "89161234567", "79161234567"], 10),
        ] {
            let all: Vec<String> = spellings.iter().map(|text| written(&mut secrets, text)).collect();
            let end = |text: &String| text[text.len() - significant..].to_owned();
            assert!(all.iter().all(|text| end(text) == end(&all[0])), "{all:?}");
            for (text, all) in spellings.iter().zip(&all) {
                let bare = text.trim_start_matches('+');
                assert_eq!(all.len(), bare.len(), "{text}");
                let kept = if significant == 7 { 0 } else { bare.len() - significant };
                assert_eq!(all[..kept], bare[..kept], "{text}");
            }
        }
    }

    #[test]
    fn a_prefix_that_nobody_knows_leaves_the_last_ten_digits() {
        let mut secrets = secrets();
        for (plain, prefixed) in [
            ("+441632960961", "8884441632960961"),
            ("+442079460018", "7731442079460018"),
            ("+442079460018", "442079460018"),
            ("+4915112345678", "77014915112345678"),
        ] {
            let (plain, prefixed) = (written(&mut secrets, plain), written(&mut secrets, prefixed));
            assert!(prefixed.ends_with(&plain[plain.len() - 10..]), "{plain} {prefixed}");
        }
        for service in ["106", "192"] {
            assert_eq!(written(&mut secrets, service), service);
        }
    }

    #[test]
    fn no_pseudonym_can_be_dialled() {
        let mut secrets = secrets();
        for at in 0..2000_u32 {
            let text = format!("+1202555{at:04}");
            let found = written(&mut secrets, &text);
            assert!(found.starts_with('1') && found.as_bytes()[2] == b'9', "{found}");
            assert!(matches!(found.as_bytes()[4], b'0' | b'1'), "{found}");
            let found = written(&mut secrets, &format!("+4420794{at:05}"));
            assert!(found.starts_with("440"), "{found}");
            let found = written(&mut secrets, &format!("0301{at:06}"));
            assert!(
                ["0028", "0083", "0084", "0089"].iter().any(|start| found.starts_with(start))
                    || found.starts_with("008"),
                "{found}"
            );
            let found = written(&mut secrets, &format!("555{at:04}"));
            assert!(matches!(found.as_bytes()[0], b'0' | b'1') && !found.starts_with("00"), "{found}");
        }
    }

    #[test]
    fn no_two_numbers_share_a_pseudonym() {
        let (mut secrets, mut seen) = (secrets(), HashSet::new());
        for area in [202, 203, 212, 312, 415] {
            for at in 0..2000 {
                assert!(seen.insert(written(&mut secrets, &format!("+1{area}555{at:04}"))));
            }
        }
    }

    #[test]
    fn extensions_are_permuted_and_services_stay() {
        let mut secrets = secrets();
        for len in 2..=4 {
            let most = 10_usize.pow(len);
            let all: HashSet<String> = (0..most)
                .map(|at| written(&mut secrets, &format!("{at:0len$}", len = len as usize)))
                .collect();
            assert_eq!(all.len(), most);
        }
        for same in ["911", "112", "411", "933", "999", "7"] {
            assert_eq!(written(&mut secrets, same), same);
        }
        let changed =
            (1000..1100).filter(|at| written(&mut secrets, &at.to_string()) != at.to_string()).count();
        assert!(changed > 95);
    }
}
