//! Copies: inside tmux to its buffer, on a local display to the system's clipboard, else to the terminal by OSC 52; to
//! a file if none of them is possible.
//!
//! Must not know: what is copied.

use std::env;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;

use crate::base::number::grouped;
use crate::config::ClipboardTarget;

/// Upper limit of bytes that terminals accept by OSC 52: hterm and others stop at 100,000 characters of base64.
const OSC52_MOST: usize = 74_994;

/// The clipboard target, and the clipboard that must exist as long as the text can be pasted.
pub(super) struct Clipboard {
    target: ClipboardTarget,
    /// X11 asks the owner for the text when it is pasted.
    native: Option<arboard::Clipboard>,
    files: usize,
}

/// The result of a copy.
pub(super) struct Copied {
    /// What the drawing thread must write to the terminal: no other thread may write there.
    pub(super) sequence: Option<Vec<u8>>,
    /// The sentence about the copy: what, how much and where to, or why not.
    pub(super) result: Result<String, String>,
}

impl Clipboard {
    pub(super) fn new(target: ClipboardTarget) -> Self {
        Self { target, native: None, files: 0 }
    }

    /// Copies to the first target that works.
    pub(super) fn copy(&mut self, what: &str, bytes: &[u8]) -> Copied {
        use ClipboardTarget::{Auto, File, Native, Osc52, Tmux};
        let targets: &[ClipboardTarget] = match self.target {
            Auto if in_tmux() => &[Tmux, Osc52, File],
            Auto if local_display() => &[Native, Osc52, File],
            Auto => &[Osc52, File],
            ref chosen => &[*chosen, File],
        };
        let unit = if bytes.len() == 1 { "byte" } else { "bytes" };
        let size = format!("{} {unit}", grouped(bytes.len() as u64));
        let mut why = String::new();
        for target in targets {
            match self.copy_to(*target, bytes) {
                Ok((verb, place, sequence)) => {
                    return Copied {
                        sequence,
                        result: Ok(format!("{verb} {what}, {size}, to {place}{why}")),
                    };
                }
                Err(error) => why = format!(" (not to {}: {error})", name(*target)),
            }
        }
        Copied { sequence: None, result: Err(format!("{what} not copied{why}")) }
    }

    /// Copies to one target; returns the verb and the target for the message, and the bytes for the terminal.
    fn copy_to(
        &mut self,
        target: ClipboardTarget,
        bytes: &[u8],
    ) -> io::Result<(&str, String, Option<Vec<u8>>)> {
        let place = name(target).to_owned();
        Ok(match target {
            ClipboardTarget::Tmux => ("copied", tmux(bytes).map(|()| place)?, None),
            ClipboardTarget::Native => ("copied", self.native(bytes).map(|()| place)?, None),
            ClipboardTarget::Osc52 => ("sent", place, Some(osc52(bytes)?)),
            ClipboardTarget::Auto | ClipboardTarget::File => {
                let path = self.file(bytes)?;
                ("wrote", format!("the file {}", path.display()), None)
            }
        })
    }

    fn native(&mut self, bytes: &[u8]) -> io::Result<()> {
        let text = std::str::from_utf8(bytes).map_err(|_| io::Error::other("the bytes are not UTF-8"))?;
        if self.native.is_none() {
            self.native = Some(arboard::Clipboard::new().map_err(io::Error::other)?);
        }
        match &mut self.native {
            Some(clipboard) => clipboard.set_text(text).map_err(io::Error::other),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Writes a new file that only its owner can read: a trace contains phone numbers and addresses.
    fn file(&mut self, bytes: &[u8]) -> io::Result<PathBuf> {
        let dirs = directories(env::var_os("XDG_RUNTIME_DIR"), env::temp_dir());
        let mut result = Err(io::ErrorKind::NotFound.into());
        for dir in dirs {
            result = self.file_in(&dir, bytes);
            if result.is_ok() {
                break;
            }
        }
        result
    }

    fn file_in(&mut self, dir: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
        loop {
            self.files += 1;
            let path = dir.join(format!("sofiatui-copy-{}-{}", std::process::id(), self.files));
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(file) => return write_or_remove(file, &path, bytes).map(|()| path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The directories that are tried in order. `XDG_RUNTIME_DIR` is unset, empty or another user's after `sudo` and `su`;
/// the XDG Base Directory Specification requires an absolute path. `TMPDIR` is not better off.
fn directories(runtime: Option<OsString>, temp: PathBuf) -> Vec<PathBuf> {
    let chosen = runtime.map(PathBuf::from).into_iter().chain([temp]).filter(|dir| dir.is_absolute());
    let mut dirs: Vec<PathBuf> = chosen.chain([PathBuf::from("/tmp")]).collect();
    dirs.dedup();
    dirs
}

/// Writes everything, or removes the file.
fn write_or_remove(mut file: impl Write, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = file.write_all(bytes).and_then(|()| file.flush());
    if written.is_err() {
        // The error that is reported is the first one.
        let _ = fs::remove_file(path);
    }
    written
}

const fn name(target: ClipboardTarget) -> &'static str {
    match target {
        ClipboardTarget::Auto | ClipboardTarget::File => "a file",
        ClipboardTarget::Native => "the clipboard",
        ClipboardTarget::Tmux => "tmux's buffer",
        ClipboardTarget::Osc52 => "the terminal (OSC 52)",
    }
}

fn in_tmux() -> bool {
    env::var_os("TMUX").is_some_and(|v| !v.is_empty())
}

/// A display of this machine: over SSH, a forwarded display would be the wrong clipboard, or none.
fn local_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|v| !v.is_empty());
    (set("DISPLAY") || set("WAYLAND_DISPLAY")) && !set("SSH_CONNECTION") && !set("SSH_TTY")
}

/// The escape sequence.
fn osc52(bytes: &[u8]) -> io::Result<Vec<u8>> {
    if bytes.len() > OSC52_MOST {
        return Err(io::Error::other(format!("terminals take at most {OSC52_MOST} bytes")));
    }
    let mut sequence = Vec::new();
    queue!(sequence, CopyToClipboard::to_clipboard_from(bytes))?;
    Ok(sequence)
}

fn tmux(bytes: &[u8]) -> io::Result<()> {
    let mut child = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(bytes)?;
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("tmux load-buffer failed")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_to_the_runtime_directory_else_to_the_temporary_one() {
        for (runtime, temp, want) in [
            (None, "/tmp", vec!["/tmp"]),
            (Some(""), "/tmp", vec!["/tmp"]),
            (Some("run/user"), "/var/tmp", vec!["/var/tmp", "/tmp"]),
            (Some("/run/user/0"), "/tmp", vec!["/run/user/0", "/tmp"]),
            (None, "", vec!["/tmp"]),
            (Some(""), "here", vec!["/tmp"]),
        ] {
            let dirs = directories(runtime.map(OsString::from), temp.into());
            let want: Vec<PathBuf> = want.into_iter().map(PathBuf::from).collect();
            assert_eq!(dirs, want, "{runtime:?} {temp:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_written_whole_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("copy");
        fs::write(&path, "").unwrap();
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let error = write_or_remove(full, &path, b"text").unwrap_err();
        assert_eq!((error.kind(), path.exists()), (io::ErrorKind::StorageFull, false));
        fs::write(&path, "").unwrap();
        write_or_remove(fs::File::create(&path).unwrap(), &path, b"text").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"text");
    }
}
