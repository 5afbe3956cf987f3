//! The standard output, which may not be open for writing.
//!
//! One that is closed when the program begins cannot be told from /dev/null: the runtime of Rust opens that in its place, so
//! that no file gets its number.
//!
//! Must not know: what is printed.

use std::fs::File;
use std::io::{self, StdoutLock, Write};
use std::os::fd::AsFd;

/// The standard output, to write to.
///
/// # Errors
/// If it is not open for writing: `io::Stdout` would take everything without an error.
pub(super) fn stdout() -> io::Result<StdoutLock<'static>> {
    let out = io::stdout().lock();
    // A write of no bytes fails as every other one would.
    let _ = File::from(out.as_fd().try_clone_to_owned()?).write(&[])?;
    Ok(out)
}
