//! Checks before the browser starts whether there is anything to show; otherwise the errors are printed in the shell.
//!
//! Must not know: the browser, what is in a message.

use std::fs;
use std::io::Read;

use crate::base::escape::escape;
use crate::frame::FrameReader;
use crate::load::{InputSpec, Note};

use super::run::trouble;

/// Bytes that are searched for the first frame. If it is not there, the input is opened in the browser anyway.
const HEAD: u64 = 8 << 20;

/// Why none of these inputs can be shown, one line each; empty if one of them can be shown or must be read to know.
pub(super) fn all(inputs: &[InputSpec]) -> Vec<String> {
    let mut said = Vec::new();
    for input in inputs {
        match problems(input) {
            problems if problems.is_empty() => return Vec::new(),
            problems => said.extend(problems),
        }
    }
    said
}

/// The errors of an input that has nothing to show.
fn problems(input: &InputSpec) -> Vec<String> {
    // Reading from a pipe would lose the bytes.
    let may_be_opened = |path| fs::metadata(path).map_or(true, |meta| meta.is_file());
    if !input.files().is_some_and(|set| set.files().all(may_be_opened)) {
        return Vec::new();
    }
    let mut said = Vec::new();
    for opened in input.open() {
        let input = match opened {
            Ok(input) => input,
            Err(error) => {
                said.push(error.to_string());
                continue;
            }
        };
        let mut frames = FrameReader::new(input.reader.take(HEAD));
        let broken = match frames.next_frame() {
            Ok(Some(_)) => return Vec::new(),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if frames.stats().bytes_read() >= HEAD {
            return Vec::new();
        }
        let notes = input.provenance.take_notes().into_iter();
        said.extend(notes.filter(Note::is_complaint).map(|note| note.to_string()));
        let trouble = trouble(frames.stats(), broken, input.provenance.has_failed());
        said.extend(trouble.map(|trouble| format!("{}: {trouble}", escape(input.source.file.as_bytes()))));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn an_input_is_refused_only_if_it_has_nothing_to_show() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let frame = b"recv 3 bytes from udp/[192.0.2.7]:5060 at 06:00:00.000001:\nx\r\n\x0b\n";
        let good = file("good.dump", frame);
        let (empty, noise) = (file("empty.dump", b""), file("noise.dump", &[b'x'; 5000]));
        let late = file("late.dump", &vec![b'x'; HEAD as usize + 1]);
        let gone = dir.path().join("gone.dump");
        for (names, want) in [
            (vec![&gone], 1),
            (vec![&empty], 1),
            (vec![&noise], 1),
            (vec![&gone, &empty, &noise], 3),
            (vec![&good], 0),
            (vec![&gone, &good], 0),
            (vec![&late], 0),
        ] {
            let paths: Vec<PathBuf> = names.into_iter().cloned().collect();
            let said = all(&InputSpec::of_names(&paths));
            assert_eq!(said.len(), want, "{paths:?}: {said:?}");
        }
        assert!(all(&[InputSpec::Stdin]).is_empty() && all(&[InputSpec::Demo]).is_empty());
    }
}
