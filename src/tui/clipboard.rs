//! Copies: inside tmux its buffer, on a local display the system's clipboard, else OSC 52 to the
//! terminal; a file for what none of them carries.
//!
//! Must not know: what is copied.

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;

use crate::base::number::grouped;
use crate::config::ClipboardTarget;

/// Bytes that terminals take by OSC 52: hterm and others stop at 100,000 characters of base64.
const OSC52_MOST: usize = 74_994;

/// Where copies go, with what must live as long as they can be pasted.
pub(super) struct Clipboard {
    target: ClipboardTarget,
    /// X11 asks the owner for the text when it is pasted.
    native: Option<arboard::Clipboard>,
    files: usize,
}

/// The result of a copy.
pub(super) struct Copied {
    /// What the drawing thread must write to the terminal for it: no other thread may write there.
    pub(super) sequence: Option<Vec<u8>>,
    /// What was copied, how much and where to, or why not.
    pub(super) told: Result<String, String>,
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
        let size = grouped(bytes.len() as u64);
        let mut why = String::new();
        for target in targets {
            match self.copy_to(*target, bytes) {
                Ok((verb, place, sequence)) => {
                    return Copied { sequence, told: Ok(format!("{verb} {what}, {size} bytes, to {place}{why}")) };
                }
                Err(error) => why = format!(" (not to {}: {error})", name(*target)),
            }
        }
        Copied { sequence: None, told: Err(format!("{what} not copied{why}")) }
    }

    /// What is known to have happened, where to, and what the terminal must be sent.
    fn copy_to(&mut self, target: ClipboardTarget, bytes: &[u8]) -> io::Result<(&str, String, Option<Vec<u8>>)> {
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

    /// Writes a new file that no one else may read: a trace contains people's numbers and addresses.
    fn file(&mut self, bytes: &[u8]) -> io::Result<PathBuf> {
        // `sudo` and `su` leave the variable empty, or a directory of another user in it.
        let runtime = env::var_os("XDG_RUNTIME_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        match runtime.map(|dir| self.file_in(&dir, bytes)) {
            Some(Ok(path)) => Ok(path),
            _ => self.file_in(&env::temp_dir(), bytes),
        }
    }

    fn file_in(&mut self, dir: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
        loop {
            self.files += 1;
            let path = dir.join(format!("sofiatui-copy-{}-{}", std::process::id(), self.files));
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(mut file) => {
                    if let Err(error) = file.write_all(bytes) {
                        // Nothing is left behind, for example on a full disk.
                        let _ = std::fs::remove_file(&path);
                        return Err(error);
                    }
                    return Ok(path);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
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

/// A display of this machine: over SSH a forwarded one would reach the wrong clipboard, or none.
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
