//! Writes the columns that the user chose into the configuration file.
//!
//! Must not know: which columns there are, why they are saved.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::thread;

use crate::app::Event;
use crate::config::with_columns;

use super::loop_event::LoopEvent;

/// The configuration file, if there may be one.
pub(super) struct Configuration {
    pub(super) file: Option<PathBuf>,
    pub(super) sender: Sender<LoopEvent>,
}

impl Configuration {
    /// Writes the columns, on a thread of its own; the loop gets a sentence about it.
    pub(super) fn save_columns(&self, setting: &'static str, names: Vec<String>) {
        let (file, sender) = (self.file.clone(), self.sender.clone());
        thread::spawn(move || {
            let result = match file {
                Some(file) => save(&file, setting, &names)
                    .map(|()| format!("saved the columns in {}", file.display()))
                    .map_err(|error| format!("the columns are not saved: {}: {error}", file.display())),
                None => Err("the columns are not saved: the program uses no configuration file".to_owned()),
            };
            // The loop may have ended already.
            let _ = sender.send(LoopEvent::Event(Event::Copied(result)));
        });
    }
}

fn save(file: &Path, setting: &str, names: &[String]) -> io::Result<()> {
    // A link stays a link.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let text = match fs::read_to_string(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let text =
        with_columns(&text, setting, names).ok_or_else(|| io::Error::other("it is not TOML any more"))?;
    let folder = file.parent().ok_or(ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    if let Ok(meta) = fs::metadata(&file) {
        new.as_file().set_permissions(meta.permissions())?;
    }
    new.persist(&file).map_err(|error| error.error)?;
    Ok(())
}
