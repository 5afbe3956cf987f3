//! Fulfils the state's wishes.
//!
//! Must not know: why they are wished.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::app::{Effect, Event};
use crate::load::Searcher;
use crate::store::{MessageIdx, MessageText, Snapshot, TextReader};

use super::clipboard::{Clipboard, ClipboardWay};
use super::loading::Loading;
use super::picking::Picking;
use super::wake::Wake;

/// What the loop does next.
pub(super) enum Next {
    Nothing,
    Event(Event),
    Suspend,
    Redraw,
    Quit,
}

/// What is kept to fulfil wishes with.
pub(super) struct Runtime {
    texts: TextReader,
    searcher: Searcher,
    wake: Sender<Wake>,
    clipboard: Clipboard,
    pub(super) loading: Loading,
    pub(super) picking: Picking,
}

impl Runtime {
    pub(super) fn new(way: ClipboardWay, loading: Loading, picking: Picking, wake: Sender<Wake>) -> Self {
        let searcher = start_searcher(&wake);
        Self {
            texts: TextReader::default(),
            searcher,
            wake,
            clipboard: Clipboard::new(way),
            loading,
            picking,
        }
    }

    /// Does what is wished, or says what the loop itself must do.
    pub(super) fn fulfil(&mut self, effect: Effect, snapshot: &Arc<Snapshot>) -> Next {
        match effect {
            Effect::Open { entries, window } => {
                self.loading.open(self.picking.inputs(&entries), window);
                // What readers keep is the text of what was open.
                self.texts = TextReader::default();
                self.searcher = start_searcher(&self.wake);
                Next::Nothing
            }
            Effect::LoadText(row) => Next::Event(Event::Text(row, self.text(snapshot, row).map_err(told))),
            Effect::LoadCall(rows) => {
                let read = |row| Some((row, self.text(snapshot, row).ok()?));
                Next::Event(Event::CallTexts(rows.into_iter().filter_map(read).collect()))
            }
            Effect::Search(search) => {
                self.searcher.search(search);
                Next::Nothing
            }
            Effect::Copy { what, bytes } => Next::Event(Event::Copied(self.clipboard.copy(what, &bytes))),
            Effect::Follow => {
                self.loading.follow(snapshot.len());
                Next::Nothing
            }
            Effect::Unfollow => {
                self.loading.unfollow();
                Next::Nothing
            }
            Effect::Suspend => Next::Suspend,
            Effect::Redraw => Next::Redraw,
            Effect::Quit => Next::Quit,
        }
    }

    fn text(&mut self, snapshot: &Snapshot, row: MessageIdx) -> io::Result<Arc<MessageText>> {
        snapshot.text(&mut self.texts, row).map(Arc::new)
    }
}

fn start_searcher(wake: &Sender<Wake>) -> Searcher {
    let wake = wake.clone();
    Searcher::start(move |found| {
        // The loop may have ended already.
        let _ = wake.send(Wake::Event(Event::Found(found)));
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn told(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "the file is shorter than when it was read: its text is gone".to_owned()
        }
        io::ErrorKind::InvalidData => {
            "the file was truncated or written anew since it was read: other text stands there now".to_owned()
        }
        _ => format!("the text cannot be read back: {error}"),
    }
}
