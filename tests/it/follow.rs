//! The real program on files that grow while it reads: really written, renamed, copied and truncated.

use crate::tools::{skipped, tool_is_missing};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Tests fail if an expected result takes longer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A frame with a message of this Call-ID.
pub(crate) fn frame(call_id: &str) -> Vec<u8> {
    let message = format!(
        "MESSAGE sip:b@example.com SIP/2.0\r\nCall-ID: {call_id}\r\nCSeq: 1 MESSAGE\r\n\
         From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nContent-Length: 2\r\n\r\nok"
    );
    let header = format!("recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n", message.len());
    [header.as_bytes(), message.as_bytes(), b"\x0b\n"].concat()
}

/// A folder in which files are written and rotated.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn append(&self, name: &str, text: &[u8]) {
        let mut file = OpenOptions::new().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(text).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }
}

/// What a program writes to one of its ends.
pub(crate) struct Heard {
    pieces: Receiver<Vec<u8>>,
    text: String,
}

impl Heard {
    fn new(mut end: impl Read + Send + 'static) -> Self {
        let (sender, pieces) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = end.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { pieces, text: String::new() }
    }

    /// Waits until all of `wanted` came.
    pub(crate) fn until(&mut self, wanted: &[&str]) {
        let end = Instant::now() + TIMEOUT;
        while !wanted.iter().all(|w| self.text.contains(w)) {
            let Ok(bytes) = self.pieces.recv_timeout(end.saturating_duration_since(Instant::now())) else {
                panic!("timed out waiting for {wanted:?}; what came:\n{}", self.text);
            };
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// Waits for the end.
    fn all(&mut self) -> String {
        while let Ok(bytes) = self.pieces.recv_timeout(TIMEOUT) {
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
        std::mem::take(&mut self.text)
    }
}

/// The program, following files of a folder.
pub(crate) struct Following {
    pub(crate) child: Child,
    output: Heard,
    pub(crate) complaints: Heard,
}

impl Following {
    pub(crate) fn start(folder: &Folder, args: &[&str]) -> Self {
        Self::start_with(folder, args, Stdio::piped())
    }

    /// With this standard output, which is read here only if it is a pipe.
    pub(crate) fn start_with(folder: &Folder, args: &[&str], output: Stdio) -> Self {
        let mut child = crate::support::program()
            .arg("--follow")
            .args(args)
            .current_dir(folder.0.path())
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let complaints = Heard::new(child.stderr.take().unwrap());
        let output = child.stdout.take().map_or_else(|| Heard::new(io::empty()), Heard::new);
        Self { child, output, complaints }
    }

    /// Waits until the output has all of `wanted`.
    pub(crate) fn until(&mut self, wanted: &[&str]) {
        self.output.until(wanted);
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Sends SIGINT, and waits for the end: the whole output, what was complained of, the status.
    pub(crate) fn interrupt(mut self) -> (String, String, ExitStatus) {
        self.signal("INT");
        (self.output.all(), self.complaints.all(), self.child.wait().unwrap())
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind.
        let _ = self.child.kill();
    }
}

/// The Call-IDs of a summary.
pub(crate) fn call_ids(summary: &str) -> Vec<&str> {
    summary.lines().filter_map(|line| line.split_whitespace().last()).collect()
}

#[test]
fn messages_are_printed_when_they_are_complete_and_ctrl_c_ends_with_success() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("first"));
    let mut program = Following::start(&folder, &["x.dump"]);
    program.until(&["first\n"]);
    let second = frame("second");
    let (head, rest) = second.split_at(second.len() / 2);
    folder.append("x.dump", head);
    folder.append("y.dump", b"somebody else writes");
    folder.append("x.dump", rest);
    program.until(&["second\n"]);
    folder.append("x.dump", &frame("third"));
    program.until(&["third\n"]);
    let (output, complaints, status) = program.interrupt();
    assert_eq!(call_ids(&output), ["first", "second", "third"]);
    assert_eq!((complaints.as_str(), status.code()), ("", Some(0)));
}

#[test]
fn profiles_that_appear_in_a_followed_directory_are_added_and_the_output_is_not() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("first"));
    let output = folder.path("output.dump");
    let mut child = crate::support::program()
        .args(["--follow", "--raw", "."])
        .current_dir(folder.path(""))
        .stdin(Stdio::null())
        .stdout(File::create(&output).unwrap())
        .spawn()
        .unwrap();
    let until = |wanted: &str| {
        let end = Instant::now() + TIMEOUT;
        while !fs::read_to_string(&output).unwrap().contains(wanted) {
            assert!(Instant::now() < end, "timed out waiting for {wanted}");
            thread::sleep(Duration::from_millis(20));
        }
    };
    until("first");
    folder.append("later.dump", &frame("second"));
    folder.append("unnamed", &frame("third"));
    until("second");
    until("third");
    // What is rotated is no newcomer.
    folder.rename("later.dump", "later.dump.1");
    folder.append("later.dump", &frame("fourth"));
    until("fourth");
    fs::create_dir(folder.path("deeper")).unwrap();
    folder.append("deeper/y.dump", &frame("fifth"));
    until("fifth");
    child.kill().unwrap();
    child.wait().unwrap();
    let text = fs::read_to_string(&output).unwrap();
    assert_eq!(text.matches("Call-ID").count(), 5, "{text}");
}

#[test]
fn a_directory_without_traces_is_followed() {
    let folder = Folder::new();
    let mut program = Following::start(&folder, &["."]);
    folder.append("x.dump", &frame("one"));
    program.until(&["one"]);
    let (_, complaints, status) = program.interrupt();
    assert_eq!((complaints.as_str(), status.code()), ("", Some(0)));
}

#[test]
fn every_mode_follows() {
    for (args, wanted) in [
        (&["--full"][..], "Call-ID: one"),
        (&["--headers"], "Call-ID: one"),
        (&["--body", "-m", "MESSAGE"], "ok"),
        (&["--raw"], "Call-ID: one"),
        (&["--frames"], "Call-ID: one"),
        (&["--frames", "-m", "MESSAGE"], "Call-ID: one"),
        (&["--json"], r#""call_id":"one""#),
        (&["-D", "-g", "one"], "one"),
    ] {
        let folder = Folder::new();
        let mut program = Following::start(&folder, &[args, &["x.dump"]].concat());
        folder.append("x.dump", &frame("one"));
        program.until(&[wanted]);
        assert!(program.interrupt().2.success(), "{args:?}");
    }
}

#[test]
fn statistics_ladders_and_calls_are_printed_at_the_end() {
    for (mode, wanted) in [
        (&["--stats"][..], "MESSAGE"),
        (&["--stats", "--calls"], "\ncalls\n"),
        (&["--ladder"], "MESSAGE"),
        (&["--calls", "-f", "kind:message"], "message"),
        (&["--calls", "--json", "-f", "kind:message"], r#""kind":"message""#),
    ] {
        let folder = Folder::new();
        folder.append("x.dump", &frame("one"));
        let mut program = Following::start(&folder, &[mode, &["--unparsed", "x.dump", "-"]].concat());
        // The other input ends, and what was skipped in it is reported: by then the file was read.
        let mut pipe = program.child.stdin.take().unwrap();
        pipe.write_all(&[b"noise\n".to_vec(), frame("two")].concat()).unwrap();
        drop(pipe);
        program.complaints.until(&["6 bytes"]);
        let (output, _, status) = program.interrupt();
        assert!(output.contains(wanted), "{output}");
        assert_eq!(status.code(), Some(0), "{mode:?}");
    }
}

#[test]
fn a_truncation_without_a_copy_is_reported() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("before"));
    let mut program = Following::start(&folder, &["x.dump"]);
    program.until(&["before\n"]);
    File::options().write(true).open(folder.path("x.dump")).unwrap().set_len(0).unwrap();
    folder.append("x.dump", &frame("after"));
    program.until(&["after\n"]);
    let (_, complaints, status) = program.interrupt();
    assert!(complaints.starts_with("sofiatui: x.dump: was truncated after "), "{complaints}");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn files_created_later_are_read_and_several_files_are_followed() {
    let folder = Folder::new();
    let mut program = Following::start(&folder, &["--json", "a.dump", "b.dump"]);
    folder.append("b.dump", &frame("b1"));
    program.until(&[r#""file":"b.dump""#, r#""call_id":"b1""#]);
    folder.append("a.dump", &frame("a1"));
    program.until(&[r#""file":"a.dump""#, r#""call_id":"a1""#]);
    folder.append("b.dump", &frame("b2"));
    program.until(&[r#""call_id":"b2""#]);
    let (output, complaints, _) = program.interrupt();
    assert_eq!((output.lines().count(), complaints.as_str()), (3, ""));
}

#[test]
fn the_older_files_of_a_set_come_first_and_the_newest_is_followed() {
    let folder = Folder::new();
    let cut = frame("n1");
    folder.append("x.dump.1", &[&frame("n0"), &cut[..100]].concat());
    folder.append("x.dump", &[&cut[100..], &frame("n2")].concat());
    let mut program = Following::start(&folder, &["x.dump", "x.dump.1"]);
    program.until(&["n2\n"]);
    // A rotation renames both.
    folder.rename("x.dump.1", "x.dump.2");
    folder.rename("x.dump", "x.dump.1");
    folder.append("x.dump.1", &frame("n3"));
    program.until(&["n3\n"]);
    folder.append("x.dump", &frame("n4"));
    program.until(&["n4\n"]);
    let (output, complaints, status) = program.interrupt();
    assert_eq!(call_ids(&output), ["n0", "n1", "n2", "n3", "n4"]);
    assert_eq!((complaints.as_str(), status.code()), ("", Some(0)));
}

#[test]
fn a_collapsed_file_is_followed() {
    let folder = Folder::new();
    let many: Vec<u8> = (0..100).flat_map(|n| frame(&format!("n{n:03}"))).collect();
    folder.append("x.dump", &many);
    let mut program = Following::start(&folder, &["x.dump"]);
    program.until(&["n099\n"]);
    // As `fallocate --collapse-range` does, where the file system knows it: whole blocks are taken from the head.
    let collapsed = Command::new("fallocate")
        .args(["--collapse-range", "--offset", "0", "--length", "4096"])
        .arg(folder.path("x.dump"))
        .status();
    match collapsed {
        Ok(status) if status.success() => {}
        // The follower's own tests do the same without it.
        Ok(_) => return skipped("a_collapsed_file_is_followed", &"this file system cannot collapse files"),
        Err(error) => {
            return tool_is_missing("a_collapsed_file_is_followed", &format_args!("fallocate: {error}"));
        }
    }
    folder.append("x.dump", &frame("n100"));
    program.until(&["n100\n"]);
    let (output, complaints, _) = program.interrupt();
    let wanted: Vec<String> = (0..=100).map(|n| format!("n{n:03}")).collect();
    assert_eq!((call_ids(&output), complaints.as_str()), (wanted.iter().map(String::as_str).collect(), ""));
}

#[test]
fn rotation_loses_and_repeats_no_message() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("n0"));
    let mut program = Following::start(&folder, &["x.dump"]);
    program.until(&["n0\n"]);
    // Renamed, while the old file is still written to, in the middle of a frame.
    let cut = frame("n1");
    folder.append("x.dump", &cut[..100]);
    folder.rename("x.dump", "x.dump.1");
    folder.append("x.dump.1", &cut[100..]);
    folder.append("x.dump.1", &frame("n2"));
    program.until(&["n2\n"]);
    folder.append(
        "x.dump",
        &[b"dump started at Mon Nov 23 04:09:00 2026\n\n\n".to_vec(), frame("n3")].concat(),
    );
    program.until(&["n3\n"]);
    // Copied and truncated, with bytes that may not have been read yet, in the middle of a frame.
    let cut = frame("n5");
    folder.append("x.dump", &[&frame("n4"), &cut[..100]].concat());
    fs::copy(folder.path("x.dump"), folder.path("x.dump.2")).unwrap();
    File::options().write(true).open(folder.path("x.dump")).unwrap().set_len(0).unwrap();
    folder.append("x.dump", &cut[100..]);
    program.until(&["n4\n", "n5\n"]);
    let (output, complaints, _) = program.interrupt();
    let wanted: Vec<String> = (0..=5).map(|n| format!("n{n}")).collect();
    assert_eq!(call_ids(&output), wanted);
    assert_eq!(complaints, "");
}

/// What a FreeSWITCH that was killed and started again leaves in its dump, by Call-ID.
fn killed_and_restarted() -> Vec<u8> {
    let marker = b"dump started at Mon Nov 23 04:09:00 2026\n\n\n".to_vec();
    [frame("one"), frame("two")[..150].to_vec(), marker, frame("three")].concat()
}

#[test]
fn messages_after_a_cut_frame_are_printed_in_every_mode() {
    for mode in [&["--full"][..], &["--frames"], &["--frames", "-m", "MESSAGE"], &["-D", "-g", "one|three"]] {
        let folder = Folder::new();
        let mut program = Following::start(&folder, &[mode, &["x.dump"]].concat());
        folder.append("x.dump", &killed_and_restarted());
        program.until(&["one", "three"]);
        folder.append("x.dump", &frame("four"));
        let (output, complaints, _) = program.interrupt();
        assert!(
            output.matches("three").count() == 1 && complaints.is_empty(),
            "{mode:?} {output} {complaints}"
        );
    }
}

#[test]
fn messages_after_a_first_frame_that_is_cut_are_printed() {
    let folder = Folder::new();
    folder.append("first-cut.dump", &[&frame("one")[..150], &frame("two")].concat());
    let mut program = Following::start(&folder, &["first-cut.dump"]);
    program.until(&["two\n"]);
    folder.append("first-cut.dump", &frame("three"));
    program.until(&["three\n"]);
    let (output, _, status) = program.interrupt();
    assert_eq!((&call_ids(&output)[..], status.code()), (&["one", "two", "three"][..], Some(0)));
}

#[test]
fn messages_after_a_cut_frame_are_read_from_pipes_and_ctrl_c_prints_the_rest() {
    for named in [false, true] {
        let folder = Folder::new();
        let path = folder.path("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let mut program = Following::start(&folder, &[if named { "pipe" } else { "-" }]);
        let mut pipe: Box<dyn Write> = if named {
            Box::new(OpenOptions::new().write(true).open(&path).unwrap())
        } else {
            Box::new(program.child.stdin.take().unwrap())
        };
        pipe.write_all(&killed_and_restarted()).unwrap();
        program.until(&["three\n"]);
        pipe.write_all(&frame("four")[..200]).unwrap();
        pipe.write_all(b"").unwrap();
        let (output, _, status) = program.interrupt();
        let call_ids = call_ids(&output);
        assert_eq!((&call_ids[..3], status.code()), (&["one", "two", "three"][..], Some(0)), "{named}");
        // What was read of the fourth until then comes at the end, and nothing comes twice.
        assert!(call_ids[3..].is_empty() || call_ids[3..] == ["four"], "{call_ids:?}");
    }
}

#[test]
fn a_compressed_file_is_read_once_with_a_notice() {
    let folder = Folder::new();
    folder.append("x.dump.zst", &zstd::encode_all(&frame("one")[..], 1).unwrap());
    folder.append("y.dump", &frame("two"));
    let mut program = Following::start(&folder, &["x.dump.zst", "y.dump"]);
    program.until(&["one\n", "two\n"]);
    let (_, complaints, status) = program.interrupt();
    assert_eq!(complaints, "sofiatui: x.dump.zst: is compressed; it is read once and not followed\n");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn profiles_of_one_file_write_on_into_the_renamed_one_and_nothing_is_lost() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("a0"));
    let mut program = Following::start(&folder, &["x.dump"]);
    program.until(&["a0\n"]);
    folder.rename("x.dump", "x.dump.1");
    folder.append(
        "x.dump",
        &[b"dump started at Mon Nov 23 04:09:00 2026\n\n\n".to_vec(), frame("b0")].concat(),
    );
    program.until(&["b0\n"]);
    for (name, call_id) in [("x.dump.1", "a1"), ("x.dump", "b1"), ("x.dump.1", "a2")] {
        folder.append(name, &frame(call_id));
        program.until(&[&format!("{call_id}\n")]);
    }
    let (output, complaints, _) = program.interrupt();
    assert_eq!((call_ids(&output), complaints.as_str()), (vec!["a0", "b0", "a1", "b1", "a2"], ""));
}

#[test]
fn ctrl_c_ends_the_program_while_a_named_pipe_has_no_writer() {
    let folder = Folder::new();
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    folder.append("x.dump", &frame("one"));
    let mut program = Following::start(&folder, &["pipe", "x.dump"]);
    program.until(&["one\n"]);
    assert_eq!(program.interrupt().2.code(), Some(0));
}

/// How a rotation takes the text away.
#[derive(Debug, Clone, Copy)]
enum Rotation {
    /// The writer goes on in the renamed file for a while.
    Rename,
    /// A copy is made, and the file is cut.
    CopyTruncate,
    /// The file is removed while it is open.
    Remove,
}

/// Writes frames with these numbers, and rotates in the middle of one of them.
fn write_and_rotate(folder: &Path, numbers: std::ops::Range<usize>, rotation: Rotation) {
    let path = folder.join("x.dump");
    let open = || OpenOptions::new().append(true).create(true).open(&path).unwrap();
    let mut file = open();
    let middle = usize::midpoint(numbers.start, numbers.end);
    for number in numbers {
        let frame = frame(&format!("n{number}"));
        let (head, rest) = frame.split_at(if number == middle { 50 } else { 0 });
        file.write_all(head).unwrap();
        let rotated = folder.join(format!("x.dump.{number}"));
        match rotation {
            _ if number != middle => {}
            Rotation::Rename => fs::rename(&path, &rotated).unwrap(),
            Rotation::Remove => fs::remove_file(&path).unwrap(),
            Rotation::CopyTruncate => {
                fs::copy(&path, &rotated).unwrap();
                file.set_len(0).unwrap();
            }
        }
        file.write_all(rest).unwrap();
        // FreeSWITCH opens the new file some time later.
        if number == middle + 20 && !matches!(rotation, Rotation::CopyTruncate) {
            file = open();
        }
    }
}

#[test]
fn rotation_during_writing_loses_no_message() {
    let folder = Folder::new();
    let mut program = Following::start(&folder, &["x.dump"]);
    folder.append("x.dump", &frame("n0"));
    program.until(&["n0\n"]);
    let kinds = [Rotation::Rename, Rotation::CopyTruncate, Rotation::Remove];
    let mut count = 1;
    for rotation in kinds.into_iter().cycle().take(9) {
        let dir = folder.path("");
        let writer = thread::spawn(move || write_and_rotate(&dir, count..count + 100, rotation));
        count += 100;
        program.until(&[&format!("n{}\n", count - 1)]);
        writer.join().unwrap();
    }
    let (output, complaints, _) = program.interrupt();
    let wanted: Vec<String> = (0..count).map(|number| format!("n{number}")).collect();
    assert_eq!(call_ids(&output), wanted);
    assert_eq!(complaints, "");
}

#[test]
fn unanswered_requests_are_printed_when_certain_and_the_rest_at_the_end() {
    let message = |what: &str, call_id: &str, stamp: &str| {
        let (start_line, direction) = match what.split_once(' ') {
            Some((code, _)) => (format!("SIP/2.0 {code} OK"), "recv"),
            None => (format!("{what} sip:b@example.com SIP/2.0"), "sent"),
        };
        let method = what.rsplit(' ').next().unwrap_or_default();
        let way = if direction == "recv" { "from" } else { "to" };
        let text = format!(
            "{start_line}\r\nVia: SIP/2.0/UDP h;branch=z{call_id}\r\nCall-ID: {call_id}\r\nCSeq: 1 {method}\r\n\
             From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>;tag=2\r\nContent-Length: 0\r\n\r\n"
        );
        format!(
            "{direction} {} bytes {way} udp/[192.0.2.7]:5060 at 06:00:{stamp}.000000:\n{text}\x0b\n",
            text.len()
        )
    };
    let folder = Folder::new();
    let mut program =
        Following::start(&folder, &["--all-methods", "-f", "is:unanswered or method:bye", "x.dump"]);
    let add = |text: String| folder.append("x.dump", text.as_bytes());
    add(message("OPTIONS", "silent", "00") + &message("OPTIONS", "answered", "00"));
    add(message("200 OPTIONS", "answered", "01") + &message("BYE", "first", "02"));
    // Nobody waits for what is open.
    program.until(&["BYE first\n"]);
    add(message("BYE", "second", "33"));
    program.until(&["BYE second\n"]);
    add(message("INVITE", "rings", "34")
        + &message("180 INVITE", "rings", "35")
        + &["34", "35", "36"].map(|second| message("INVITE", "resent", second)).concat()
        + &message("BYE", "third", "36"));
    program.until(&["BYE third\n"]);
    let (output, _, status) = program.interrupt();
    let call_ids: Vec<_> = output.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!(call_ids, ["first", "silent", "second", "third", "resent", "resent", "resent"]);
    assert_eq!(status.code(), Some(0));
}
