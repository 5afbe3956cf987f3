//! What must hold for any bytes that are read as a log, whatever is before its lines.

use std::io::{Read, Write};

use sofiatui::load::InputSpec;

/// The first bytes of compressed texts: what is counted then are not these bytes.
const COMPRESSED: [&[u8]; 4] = [b"\xfd7zXZ", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh"];

/// Reading ends, and each byte of a log is counted once.
pub(crate) fn check(data: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(data).expect("room for it");
    let opened = InputSpec::file(file.path()).open();
    let Some(Ok(mut input)) = opened.into_iter().next() else { return };
    // What cannot be read is an error at the end.
    let _ = input.reader.read_to_end(&mut Vec::new());
    if COMPRESSED.iter().any(|magic| data.starts_with(magic)) {
        return;
    }
    for log in input.provenance.logs() {
        assert_eq!(log.bytes(), data.len() as u64, "{log:?}");
    }
}
