//! `--follow`: reads inputs as they grow, until Ctrl-C, and prints each message as soon as it is complete.
//!
//! Must not know: what is printed, what a rotation does.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::load::{FileSet, Follow, InputError, InputSpec, Newcomers, Problem, Watch};

use super::merge::Merge;
use super::outputs;
use super::plan::{Order, Plan};
use super::run::{Run, Stream};

impl Run<'_> {
    /// Prints the matching messages of all inputs as they arrive, until following ends: merged by time, or one input
    /// after the other. Profiles that appear in directories are added. The error is the output's.
    pub(super) fn follow(&mut self, plan: &Plan, order: Order) -> io::Result<()> {
        self.followed = true;
        let (follow, mut watch) = (Follow::on().with_output(plan.stdout_file), Watch::default());
        watch.files(plan.inputs.iter().filter_map(InputSpec::files).map(FileSet::newest));
        let bell = watch.bell();
        end_with_signals(follow.clone(), move || bell.ring(), self.hidden_name());
        let mut newcomers = Newcomers::new(&plan.dirs, &plan.inputs);
        let mut inputs = plan.inputs.clone();
        let (mut streams, mut merge) = (Vec::new(), Merge::default());
        loop {
            for opened in inputs.iter().flat_map(|input| input.open_growing(&follow, &watch.bell())) {
                match (opened, order) {
                    (Ok(input), Order::ByTime) => merge.add(self.begin(input)),
                    (Ok(input), Order::AsGiven) => streams.push(self.begin(input)),
                    // It was created just now: its files are added below.
                    (Err(error), _) if is_new_directory(&error, &plan.dirs) => {}
                    (Err(error), _) => self.complain(&error),
                }
            }
            streams = self.go_on_with_all(streams)?;
            self.go_on_merged(&mut merge)?;
            if streams.is_empty() && merge.is_over() && (newcomers.is_none() || follow.is_ended()) {
                return Ok(());
            }
            self.caught_up()?;
            watch.wait();
            let named = self.print.file.as_deref();
            inputs = newcomers.look(|path| outputs::is_output(path, plan.stdout_file, named));
        }
    }

    /// Reads all streams to their present ends; returns those that may grow.
    fn go_on_with_all(&mut self, streams: Vec<Stream>) -> io::Result<Vec<Stream>> {
        let mut open = Vec::with_capacity(streams.len());
        for mut stream in streams {
            let stopped = self.go_on(&mut stream)?;
            self.report_notes(&stream);
            match stopped {
                Some(pause) if pause.is_pause() => open.push(stream),
                stopped => self.end(stream.close(stopped))?,
            }
        }
        Ok(open)
    }
}

/// Whether the input is a directory that did not exist when its name was read.
fn is_new_directory(error: &InputError, dirs: &[PathBuf]) -> bool {
    matches!(error.problem, Problem::Directory) && dirs.iter().any(|dir| dir.to_string_lossy() == *error.file)
}

/// The first signal ends the following, and rings: the rest is printed, and the counts too. The second signal ends the
/// program.
pub(super) fn end_with_signals(follow: Follow, ring: impl Fn() + Send + 'static, hidden: Option<PathBuf>) {
    // Without handlers the first signal ends the program.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    thread::spawn(move || {
        for signal in signals.forever() {
            if follow.is_ended() {
                // An output that is not complete is removed; it may have its final name by now.
                let _ = hidden.as_deref().map(fs::remove_file);
                // If this fails, the next signal ends the program.
                let _ = emulate_default_handler(signal);
            }
            follow.end();
            ring();
        }
    });
}
