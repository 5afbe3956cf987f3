//! Wakes those who wait for files to grow: by notifications of the system, or else by a timer.
//!
//! Must not know: what is in the files, who reads them.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::frame::Idle;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// The longest time between two checks: network file systems send no notifications, a renamed file may be unwatched,
/// and held bytes are released after this idle time.
const POLL: Duration = Idle::SHORT;

/// Wakes a [`Watch`] from any thread.
#[derive(Debug, Clone)]
pub struct Bell(SyncSender<()>);

impl Bell {
    /// Wakes the watch. Several rings before it wakes count as one.
    pub fn ring(&self) {
        // A full channel already holds a ring; a closed one has no receiver.
        let _ = self.0.try_send(());
    }
}

/// Waits for files to change.
#[derive(Debug)]
pub struct Watch {
    bell: Bell,
    rings: Receiver<()>,
    watcher: Option<RecommendedWatcher>,
}

impl Default for Watch {
    fn default() -> Self {
        let (sender, rings) = sync_channel(1);
        Self { bell: Bell(sender), rings, watcher: None }
    }
}

impl Watch {
    /// A bell that wakes this watch.
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }

    /// Starts to watch these files, existing or not, and the files that they are renamed to.
    pub fn files<'a>(&mut self, paths: impl IntoIterator<Item = &'a Path>) {
        let (mut folders, mut names) = (BTreeSet::new(), BTreeSet::new());
        for path in paths {
            folders.insert(folder(path));
            names.extend(path.file_name().map(OsString::from));
        }
        let bell = self.bell();
        let heard = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| matters(&event, &names)) {
                bell.ring();
            }
        };
        // If the system cannot watch, the timer does.
        self.watcher = notify::recommended_watcher(heard).ok();
        if let Some(watcher) = &mut self.watcher {
            for folder in folders {
                let _ = watcher.watch(&folder, RecursiveMode::NonRecursive);
            }
        }
    }

    /// Waits for a ring, at most until the next check is due.
    pub fn wait(&self) {
        let _ = self.rings.recv_timeout(POLL);
    }

    /// Waits for a ring without a time limit.
    pub fn wait_for_ring(&self) {
        let _ = self.rings.recv();
    }
}

/// The folder of a file: only the folder reports files that appear and disappear.
pub(in crate::load) fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Whether one of the files may have changed. Opening and reading, which followers do themselves, are not changes.
fn matters(event: &notify::Event, names: &BTreeSet<OsString>) -> bool {
    let is_change = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_));
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        names.iter().any(|ours| name.starts_with(ours.as_encoded_bytes()))
    };
    is_change && event.paths.iter().any(is_ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Write;

    #[test]
    fn growth_rings_and_reading_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dump");
        let mut watch = Watch::default();
        watch.files([path.as_path()]);
        let mut file = File::create(&path).unwrap();
        file.write_all(b"x").unwrap();
        if watch.watcher.is_some() {
            // Without the timer: only a ring ends this.
            watch.wait_for_ring();
        }
        let names = BTreeSet::from([OsString::from("x.dump")]);
        let event = |kind, name: &str| notify::Event::new(kind).add_path(dir.path().join(name));
        let modified = EventKind::Modify(notify::event::ModifyKind::Any);
        let opened = EventKind::Access(notify::event::AccessKind::Open(notify::event::AccessMode::Any));
        for (kind, name, want) in [
            (modified, "x.dump", true),
            (modified, "x.dump.1", true),
            (modified, "y.dump", false),
            (opened, "x.dump", false),
        ] {
            assert_eq!(matters(&event(kind, name), &names), want, "{kind:?} {name}");
        }
    }

    #[test]
    fn rings_before_the_wait_are_not_lost() {
        let watch = Watch::default();
        watch.bell().ring();
        watch.bell().ring();
        watch.wait_for_ring();
        assert!(watch.rings.try_recv().is_err());
    }
}
