//! What the browser would have nothing to show of: told in the shell, as when printing.
//!
//! Must not know: the browser, what is in a message.

use std::fs;
use std::io::Read;

use crate::base::escape::escape;
use crate::frame::FrameReader;
use crate::load::{InputSpec, Note};

use super::run::trouble;

/// A text whose first frame is not in so many bytes is shown as it is loaded.
const HEAD: u64 = 8 << 20;

/// Why none of these inputs can be shown, a line each; nothing where one may be, or where only reading it all would tell.
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

/// What is wrong with an input of which nothing can be shown.
fn problems(input: &InputSpec) -> Vec<String> {
    // Bytes of a pipe that were looked at are gone.
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
    fn only_what_shows_nothing_at_all_is_refused() {
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
