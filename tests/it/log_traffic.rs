//! Random logs in which a random prefix begins, ends and changes: what was logged comes out, or an error says that it did not.
//!
//! Must not know: single prefixes and cases of the format; those are tests beside the code.

use std::fmt::Write as _;
use std::io::{Read, Write as _};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use sofiatui::load::InputSpec;
use sofiatui::message::MessageReader;

const DASHES: &str = "------------------------------------------------------------------------";

/// What is before each line of a piece of a log.
#[derive(Debug, Clone)]
enum Before {
    Nothing,
    Prefix(String),
    /// The number of the line, with this many digits, and a text.
    Number(usize, String),
    Json,
}

impl Before {
    fn line(&self, nth: usize, line: &str) -> String {
        match self {
            Self::Nothing => line.to_owned(),
            Self::Prefix(prefix) => format!("{prefix}{line}"),
            Self::Number(width, sign) => format!("{nth:width$}{sign}{line}"),
            Self::Json => serde_json::json!({"log": format!("{line}\n"), "stream": "stdout"}).to_string(),
        }
    }
}

fn before() -> impl Strategy<Value = Before> {
    let names = "[a-z]{1,8}(-[0-9])?";
    let signs = select(vec![" | ", ": ", "> ", "\t", "] "]);
    prop_oneof![
        2 => Just(Before::Nothing),
        3 => (names, signs.clone()).prop_map(|(name, sign)| Before::Prefix(name + sign)),
        1 => "(> ){1,3}|# |// | {1,8}|Feb  1 14:37:05 host fs\\[12\\]: ".prop_map(Before::Prefix),
        1 => (1..8_usize, signs).prop_map(|(width, sign)| Before::Number(width, sign.to_owned())),
        1 => Just(Before::Json),
    ]
}

/// A message whose line ends are CRLF.
fn message() -> impl Strategy<Value = String> {
    let method = select(vec!["INVITE", "NOTIFY", "MESSAGE", "BYE"]);
    let fields = vec("X-[A-Z]{1,6}: [a-zA-Z0-9 ;=<>@\"#|-]{0,60}[a-z]", 0..6);
    let body = vec("[a-z]=[a-zA-Z0-9 /.]{0,50}[a-z]", 0..8);
    (method, fields, body, any::<u32>()).prop_map(|(method, fields, body, id)| {
        let body: String = body.into_iter().map(|line| line + "\r\n").collect();
        let fields: String = fields.into_iter().map(|field| field + "\r\n").collect();
        let len = body.len();
        format!("{method} sip:{id}@b SIP/2.0\r\nCall-ID: {id}\r\n{fields}Content-Length: {len}\r\n\r\n{body}")
    })
}

/// Pieces of a log: what is before the lines, and the messages with a number of other lines before each.
type Piece = (Before, Vec<(usize, String)>);

fn log_of(pieces: &[Piece]) -> String {
    let mut log = String::new();
    let mut nth = 0;
    for (before, messages) in pieces {
        for (others, message) in messages {
            let mut text = "2026-02-01 14:37:05.523600 98.93% [INFO] x.c:1 text\n".repeat(*others);
            let len = message.len();
            let _ =
                writeln!(text, "recv {len} bytes from udp/[192.0.2.7]:5060 at 14:37:05.523603:\n{DASHES}");
            text += &message.replace("\r\n", "\n");
            for line in text.lines().chain([""]) {
                nth += 1;
                log += &before.line(nth, line);
                log.push('\n');
            }
        }
    }
    log
}

/// The messages in a log, and the error at its end.
fn read(log: &str) -> (Vec<String>, Option<String>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(log.as_bytes()).unwrap();
    let mut input = InputSpec::file(file.path()).open().remove(0).unwrap();
    let mut dump = Vec::new();
    let error = input.reader.read_to_end(&mut dump).err().map(|error| error.to_string());
    let mut reader = MessageReader::new(&dump[..]);
    let mut found = Vec::new();
    while let Some(message) = reader.next_message().unwrap() {
        found.push(String::from_utf8_lossy(message.content).into_owned());
    }
    for account in input.provenance.logs() {
        assert_eq!(account.bytes(), log.len() as u64);
    }
    (found, error)
}

/// `SOFIATUI_SEED`, where CI sets a new one for each run, or else always the same.
fn config() -> ProptestConfig {
    let seed = std::env::var("SOFIATUI_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(4475);
    println!("random logs of SOFIATUI_SEED={seed}");
    ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_logged_message_comes_out_whatever_is_before_its_lines(
        pieces in vec((before(), vec((0..4_usize, message()), 1..5)), 1..6)
    ) {
        let expected: Vec<&String> =
            pieces.iter().flat_map(|(_, messages)| messages).map(|(_, message)| message).collect();
        let log = log_of(&pieces);
        let (found, error) = read(&log);
        prop_assert_eq!(error, None, "{}", log);
        prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{}", log);
    }
}
