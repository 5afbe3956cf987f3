//! Every byte of a log is counted once, in whatever chunks the log is read and whatever is before its lines.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::load::decode::sniff::Sniffed;
use crate::store::LogAccount;

const LOG: &str = include_str!("../../../../tests/fixtures/field/log-plain.log");
const FALSE: &str = "recv 5 bytes from udp/[192.0.2.7]:5060 at 14:37:05.523603:\n";

struct Chunks<'a>(&'a [u8], usize);

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.1.min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

/// The account of a log that is read in chunks; none for a dump.
fn account(text: &[u8], chunk: usize) -> Option<LogAccount> {
    let mut sniffed = Sniffed::new(Chunks(text, chunk));
    // A log without entries is an error, and its bytes are counted, too.
    let _ = sniffed.read_to_end(&mut Vec::new());
    sniffed.account().of_file("x")
}

fn each_line(text: &str, of_line: impl Fn(&str) -> String) -> String {
    text.lines().map(|line| of_line(line) + "\n").collect()
}

/// The log, and two more of its own lines, with a header between them that no entry follows.
fn with_false_header() -> String {
    let line = "2026-02-01 14:37:00.000000 99.00% [DEBUG] switch_core.c:1 text\n";
    format!("{LOG}{line}{FALSE}{line}")
}

#[test]
fn a_false_header_is_skipped_with_its_position_and_every_byte_is_counted() {
    let plain = with_false_header();
    let other = "Feb  1 14:37:05 host cron[9]: (root) CMD (true)\n";
    let old = |line: &str| format!("Feb  1 14:37:05 host freeswitch[1]: {line}");
    let json = |line: &str| format!("{{\"log\":{}}}", serde_json::to_string(&format!("{line}\n")).unwrap());
    let entries = account(plain.as_bytes(), 8192).unwrap().entries;
    for (name, text, prefixed) in [
        ("plain", plain.clone(), FALSE.len()),
        ("compose", each_line(&plain, |line| format!("fs_1  | {line}")), FALSE.len() + 8),
        ("syslog", format!("{other}{}{other}", each_line(&plain, old)), FALSE.len() + 36),
        ("JSON", each_line(&plain, json), json(FALSE.trim_end()).len() + 1),
    ] {
        let header = text.find("recv 5 bytes").unwrap();
        let line = text[..header].rfind('\n').unwrap() + 1;
        for chunk in [1, 7, 640, 8192, usize::MAX] {
            let account = account(text.as_bytes(), chunk).unwrap();
            let what = format!("{name} {chunk} {account:?}");
            assert_eq!(account.bytes(), text.len() as u64, "{what}");
            assert_eq!((account.skipped_lines, account.skipped), (1, prefixed as u64), "{what}");
            let skipped = &account.listed[0];
            assert_eq!(
                (skipped.offset, &skipped.text[..]),
                (line as u64, FALSE.trim_end().as_bytes()),
                "{what}"
            );
            assert!(account.entries >= entries && account.others > 0, "{what}");
        }
    }
}

#[test]
fn every_byte_of_the_recorded_logs_is_counted_in_any_chunks() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut count = 0;
    for entry in ["logs", "field"].iter().flat_map(|folder| fixtures.join(folder).read_dir().unwrap()) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.contains(".log") || name.contains("expected") {
            continue;
        }
        let mut text = Vec::new();
        let file = File::open(&path).unwrap();
        if path.extension().is_some_and(|end| end == "xz") {
            xz2::read::XzDecoder::new_multi_decoder(file).read_to_end(&mut text).unwrap();
        } else {
            { file }.read_to_end(&mut text).unwrap();
        }
        let whole = account(&text, usize::MAX).unwrap_or_else(|| panic!("{name} is no log"));
        assert_eq!(whole.bytes(), text.len() as u64, "{name}");
        assert_eq!(account(&text, 997).as_ref(), Some(&whole), "{name}");
        count += 1;
    }
    assert!(count >= 12, "{count}");
}
