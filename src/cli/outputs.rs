//! Checks that no output is also an input: such an input is refused or left out, as in `cat` and `grep`.
//!
//! Must not know: what is read or written.

use std::fs::{self, File};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use crate::base::escape::escape;
use crate::export::file::{full_name, identity, identity_of, same_among};
use crate::load::InputSpec;
use crate::load::sets::is_rotated;

/// Device and inode of a file.
pub(super) type FileId = (u64, u64);

/// The file behind a stream of this process, if it is a file.
pub(super) fn of_stream(stream: &impl AsFd) -> Option<FileId> {
    let file = stream.as_fd().try_clone_to_owned().map(File::from);
    // A named pipe can be both ends of a coprocess: only redirections to regular files are compared.
    file.and_then(|file| file.metadata()).ok().filter(fs::Metadata::is_file).as_ref().and_then(identity)
}

/// The bytes that a stream of this process has in its file; 0 if it is not a file.
pub(super) fn len_of_stream(stream: &impl AsFd) -> u64 {
    let file = stream.as_fd().try_clone_to_owned().map(File::from);
    file.and_then(|file| file.metadata()).ok().filter(fs::Metadata::is_file).map_or(0, |meta| meta.len())
}

/// The name of the input that is the same file as `output`, if there is one.
pub(super) fn input_that_is(output: &Path, inputs: &[InputSpec], stdin: Option<FileId>) -> Option<PathBuf> {
    let id = identity_of(output);
    inputs.iter().find_map(|input| match input {
        InputSpec::Files(set) => same_among(output, set.files()).map(Path::to_owned),
        InputSpec::Stdin => (id.is_some() && stdin == id).then(|| PathBuf::from("-")),
        InputSpec::Demo | InputSpec::Made(_) => None,
    })
}

/// The name of the input that `output`, an existing file, is a rotated file of, or the other way round: it is a trace of the
/// same profile, whether it is read or not.
pub(super) fn input_rotated_to(output: &Path, inputs: &[InputSpec]) -> Option<PathBuf> {
    let output = full_name(output).filter(|path| path.exists())?;
    inputs.iter().find_map(|input| match input {
        InputSpec::Files(set) => {
            let is_same_set = |path: &&Path| full_name(path).is_some_and(|path| is_rotated(&path, &output));
            set.files().find(is_same_set).map(Path::to_owned)
        }
        InputSpec::Stdin | InputSpec::Demo | InputSpec::Made(_) => None,
    })
}

/// Whether a file is the output: the standard output, or the named file.
pub(super) fn is_output(path: &Path, stdout: Option<FileId>, named: Option<&Path>) -> bool {
    let id = identity_of(path);
    (id.is_some() && id == stdout) || named.is_some_and(|named| full_name(named) == full_name(path))
}

/// Removes the target of the standard output from the inputs; returns the remaining inputs and messages about the
/// removed ones.
pub(super) fn without_stdout(
    inputs: Vec<InputSpec>,
    stdout: Option<FileId>,
    stdin: Option<FileId>,
) -> (Vec<InputSpec>, Vec<String>) {
    let Some(stdout) = stdout else { return (inputs, Vec::new()) };
    let mut said = Vec::new();
    let mut say = |name: &Path| {
        said.push(format!("{}: input is also the output", escape(name.as_os_str().as_encoded_bytes())));
    };
    let mut kept = Vec::new();
    for input in inputs {
        match input {
            InputSpec::Stdin if stdin == Some(stdout) => say(Path::new("standard input")),
            InputSpec::Files(set) => {
                let (set, outputs) = set.without(|path| identity_of(path) == Some(stdout));
                for path in &outputs {
                    say(path);
                }
                kept.extend(set.map(InputSpec::Files));
            }
            other => kept.push(other),
        }
    }
    (kept, said)
}
