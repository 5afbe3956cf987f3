//! Rotation sets as they are on disks: in any order, compressed or not, cut, replayed, with holes.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use sofiatui::Gap;
use sofiatui::load::{Follow, InputSpec, Loader};
use sofiatui::store::{Flags, Snapshot, TextReader};

use crate::dumps::Numbers;
use crate::follow::{Folder, frame};
use crate::support::fixture;

/// A frame at a time of the day.
fn frame_at(call_id: &str, stamp: &str) -> Vec<u8> {
    let frame = String::from_utf8(frame(call_id)).unwrap();
    frame.replace("06:00:00.019608", stamp).into_bytes()
}

fn xz(text: &[u8]) -> Vec<u8> {
    let mut encoder = xz2::write::XzEncoder::new(Vec::new(), 0);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gz(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Runs the program in the folder.
fn run(folder: &Folder, args: &[&str]) -> Output {
    crate::support::program().args(args).current_dir(folder.path("")).env("TZ", "UTC").output().unwrap()
}

/// The Call-IDs that a run prints, in their order, what it complains of, and its status.
fn call_ids(folder: &Folder, args: &[&str]) -> (String, String, i32) {
    let output = run(folder, args);
    let text = String::from_utf8(output.stdout).unwrap();
    let ids: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().last()).collect();
    (ids.join(" "), String::from_utf8(output.stderr).unwrap(), output.status.code().unwrap())
}

/// What the browser loads of these files.
fn load(paths: &[PathBuf]) -> Arc<Snapshot> {
    let (send, snapshots) = channel();
    let _loader = Loader::start(InputSpec::of_names(paths), Follow::default(), 0, move |snapshot| {
        drop(send.send(snapshot));
    });
    snapshots.into_iter().find(|snapshot: &Arc<Snapshot>| snapshot.progress.done).unwrap()
}

/// The Call-ID, the file and the exact bytes of each message.
fn messages(snapshot: &Snapshot) -> Vec<(String, String, Vec<u8>)> {
    let mut reader = TextReader::default();
    let text = |row| snapshot.text(&mut reader, row).unwrap().bytes;
    let mut texts: Vec<Vec<u8>> = (0..snapshot.len() as u32).map(text).collect();
    let named = |row: sofiatui::store::RowRef<'_>| {
        let file = Path::new(row.file_name()).file_name().unwrap().to_str().unwrap().to_owned();
        (
            String::from_utf8_lossy(row.call_id()).into_owned(),
            file,
            std::mem::take(&mut texts[row.index as usize]),
        )
    };
    snapshot.rows_from(0).map(named).collect()
}

#[test]
fn a_set_is_read_oldest_first_in_any_given_order_compressed_or_not() {
    let folder = Folder::new();
    folder.append("x.dump.10.gz", &gz(&frame("n0")));
    folder.append("x.dump.9", &xz(&[frame("n1"), frame("n2")].concat()));
    for n in 3..=10 {
        folder.append(&format!("x.dump.{}", 11 - n), &frame(&format!("n{n}")));
    }
    folder.append("x.dump", &frame("n11"));
    folder.append("y.dump", &frame("other"));
    written_at(&folder, 0);
    let want = (0..=11).map(|n| format!("n{n}")).collect::<Vec<_>>().join(" ");
    let mut names: Vec<String> = (1..=10).map(|n| format!("x.dump.{n}")).collect();
    names[9] = "x.dump.10.gz".to_owned();
    names.push("x.dump".to_owned());
    names.push("y.dump".to_owned());
    for turn in 0..names.len() {
        names.rotate_left(1);
        let args: Vec<&str> = names.iter().map(String::as_str).collect();
        // Sets come in the order in which they were named first.
        let want = if args[0] == "y.dump" { format!("other {want}") } else { format!("{want} other") };
        assert_eq!(call_ids(&folder, &args), (want, String::new(), 0), "{turn}");
    }
}

/// Says of all files of the folder that they were written to last so many seconds after 03:30.
fn written_at(folder: &Folder, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_750_200 + seconds);
    for entry in fs::read_dir(folder.path("")).unwrap() {
        File::options().append(true).open(entry.unwrap().path()).unwrap().set_modified(time).unwrap();
    }
}

#[test]
fn equal_times_keep_the_order_given_whenever_files_were_written_and_compressed_or_not() {
    let folder = Folder::new();
    folder.append("x.dump.gz", &gz(&frame("packed")));
    folder.append("y.dump", &frame("plain"));
    for seconds in (0..1800).step_by(45) {
        written_at(&folder, seconds);
        let seen = call_ids(&folder, &["x.dump.gz", "y.dump"]).0
            + " "
            + &call_ids(&folder, &["y.dump", "x.dump.gz"]).0;
        assert_eq!(seen, "packed plain plain packed", "{seconds}");
    }
}

#[test]
fn a_file_that_is_cut_while_it_is_printed_is_reported_with_what_is_lost() {
    let folder = Folder::new();
    let text = frame("one").repeat(20_000);
    folder.append("x.dump", &text);
    folder.append("y.dump", &frame("two"));
    let mut child = crate::support::program()
        .args(["--no-merge", "--raw", "x.dump", "y.dump"])
        .current_dir(folder.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for the reader of the pipe then.
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 1]).unwrap();
    File::options().write(true).open(folder.path("x.dump")).unwrap().set_len(0).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("sofiatui: x.dump: breaks off after "), "{said}");
    assert!(said.ends_with(" bytes could not be read\n") && said.lines().count() == 1, "{said}");
    assert!(output.stdout.ends_with(&frame("two")));
    assert_eq!(output.status.code(), Some(2));
}

/// Many profiles, some of them compressed, and a program that may open few files.
fn with_few_descriptors(args: &str) -> (Folder, Command) {
    let folder = Folder::new();
    for n in 0..300 {
        let text =
            [frame_at(&format!("a{n}"), "06:00:00.000000"), frame_at(&format!("b{n}"), "07:00:00.000000")];
        match n % 10 {
            0 => folder.append(&format!("p{n}.dump.xz"), &xz(&text.concat())),
            1 => {
                folder.append(&format!("p{n}.dump.1"), &text[0]);
                folder.append(&format!("p{n}.dump"), &text[1]);
            }
            _ => folder.append(&format!("p{n}.dump"), &text.concat()),
        }
    }
    // All were written at 08:00, whatever time it is now: the times of day are of the same day.
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_770_019_200);
    for entry in fs::read_dir(folder.path("")).unwrap() {
        let file = File::options().append(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(written).unwrap();
    }
    let mut command = crate::support::shell();
    command.env("TZ", "UTC");
    command.args(["-c", &format!("ulimit -n 64; exec \"$0\" {args}"), env!("CARGO_BIN_EXE_sofiatui")]);
    command.current_dir(folder.path("")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    (folder, command)
}

#[test]
fn hundreds_of_profiles_are_merged_with_few_descriptors() {
    let (_folder, mut command) = with_few_descriptors("--summary .");
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!((text.lines().count(), String::from_utf8(output.stderr).unwrap().as_str()), (600, ""));
    let early = |line: &&str| line.contains("06:00:00");
    assert_eq!(text.lines().take_while(early).count(), 300);
}

#[test]
fn hundreds_of_profiles_are_followed_with_few_descriptors() {
    let (folder, mut command) = with_few_descriptors("--follow --summary .");
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.by_ref().take(600).flatten().count(), 600);
    // One that was closed meanwhile, and one that was renamed then.
    folder.append("p2.dump", &frame("more"));
    assert!(lines.next().unwrap().unwrap().ends_with("more"));
    folder.rename("p3.dump", "p3.dump.1");
    folder.append("p3.dump", &frame("again"));
    assert!(lines.next().unwrap().unwrap().ends_with("again"));
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.lines().all(|line| line.contains("is compressed; it is read once")), "{said}");
}

#[test]
fn files_with_dates_or_without_order_in_their_names_are_sorted() {
    let folder = Folder::new();
    for (name, text) in [
        ("x.dump-20260201.xz", xz(&frame("n0"))),
        ("x.dump-20260202", frame("n1")),
        ("x.dump", frame("n2")),
        ("y.dump.old", frame_at("m0", "2026-02-01 06:00:00.000000")),
        ("y.dump.saved.gz", gz(&frame_at("m1", "2026-02-02 06:00:00.000000"))),
        ("y.dump", frame_at("m2", "2026-02-03 06:00:00.000000")),
    ] {
        folder.append(name, &text);
    }
    let names = [
        "--no-merge",
        "x.dump",
        "x.dump-20260202",
        "x.dump-20260201.xz",
        "y.dump",
        "y.dump.saved.gz",
        "y.dump.old",
    ];
    assert_eq!(call_ids(&folder, &names).0, "n0 n1 n2 m0 m1 m2");
}

#[test]
fn the_newest_file_may_be_empty_just_after_a_rotation() {
    let folder = Folder::new();
    let cut = frame("n1");
    folder.append("x.dump.1", &[&frame("n0"), &cut[..100]].concat());
    folder.append("x.dump", b"");
    let names = ["x.dump", "x.dump.1"];
    assert_eq!(call_ids(&folder, &names), ("n0 -".into(), String::new(), 0));
    let snapshot = load(&names.map(|name| folder.path(name)));
    assert_eq!((snapshot.len(), &snapshot.progress.errors), (2, &Vec::new()));
    // And in the middle.
    fs::write(folder.path("x.dump"), &cut[100..]).unwrap();
    folder.rename("x.dump.1", "x.dump.2");
    folder.append("x.dump.1", b"");
    assert_eq!(call_ids(&folder, &["x.dump", "x.dump.1", "x.dump.2"]), ("n0 n1".into(), String::new(), 0));
}

#[test]
fn a_file_that_is_being_compressed_is_read_once() {
    let folder = Folder::new();
    let older: Vec<u8> = (0..50).flat_map(|n| frame(&format!("n{n}"))).collect();
    folder.append("x.dump.1", &older);
    // The archive is not whole yet.
    let packed = gz(&older);
    folder.append("x.dump.1.gz", &packed[..packed.len() - 20]);
    folder.append("x.dump", &frame("last"));
    let want = (0..50).map(|n| format!("n{n}")).chain(["last".to_owned()]).collect::<Vec<_>>().join(" ");
    for names in [["x.dump", "x.dump.1", "x.dump.1.gz"], ["x.dump.1.gz", "x.dump.1", "x.dump"]] {
        assert_eq!(call_ids(&folder, &names), (want.clone(), String::new(), 0));
    }
}

/// The files of the real set, oldest first: the end of each cuts a frame that the next one goes on with.
fn real_set() -> Vec<Vec<u8>> {
    let unpack = |nth: usize| {
        let path = fixture(&format!("sets/cut-by-copytruncate/{nth}.xz"));
        let mut text = Vec::new();
        xz2::read::XzDecoder::new(File::open(path).unwrap()).read_to_end(&mut text).unwrap();
        text
    };
    (0..=6).rev().map(unpack).collect()
}

#[test]
fn frames_that_copytruncate_cut_are_joined() {
    let files = real_set();
    let folder = Folder::new();
    for (nth, text) in files.iter().enumerate() {
        // Every second one is compressed.
        let name = if nth == 6 { "internal.dump".to_owned() } else { format!("internal.dump.{}", 6 - nth) };
        folder.append(&name, &if nth % 2 == 0 { xz(text) } else { text.clone() });
    }
    let mut names = vec!["internal.dump".to_owned()];
    names.extend((1..=6).map(|n| format!("internal.dump.{n}")));
    let args: Vec<&str> = names.iter().map(String::as_str).collect();
    let whole = files.concat();
    assert!(run(&folder, &[&["--frames"], &args[..]].concat()).stdout == whole, "the set is the text");
    let stats = run(&folder, &[&["--stats", "--json", "--all-methods"], &args[..]].concat()).stdout;
    let stats: Value = serde_json::from_slice(&stats).unwrap();
    assert_eq!(
        (&stats["frames"], &stats["skipped_bytes"], &stats["bytes"]),
        (&18.into(), &0.into(), &whole.len().into())
    );
    // The browser reads the same, and finds each text at its position.
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.path(name)).collect();
    let snapshot = load(&paths);
    assert_eq!((snapshot.sources.len(), &snapshot.progress.errors), (1, &Vec::new()));
    let mut reader = sofiatui::MessageReader::new(&whole[..]);
    for (call_id, file, text) in messages(&snapshot) {
        let message = reader.next_message().unwrap().unwrap();
        assert!(message.content == text, "{call_id} in {file}");
    }
    assert!(reader.next_message().unwrap().is_none());
}

#[test]
fn bytes_that_a_rotation_wrote_twice_are_read_once_and_counted() {
    let folder = Folder::new();
    // No two frames have the same microsecond.
    let frame = |id: &str| frame_at(id, &format!("06:00:00.00000{}", &id[1..]));
    let cut = frame("n2");
    folder.append("x.dump.1", &[frame("n0"), frame("n1"), cut[..100].to_vec()].concat());
    let head = [&frame("n1")[..], &cut, &frame("n3")].concat();
    folder.append("x.dump", &head);
    assert_eq!(call_ids(&folder, &["x.dump", "x.dump.1"]), ("n0 n1 n2 n3".into(), String::new(), 0));
    let output = run(&folder, &["--stats", "--json", "--unparsed", "x.dump", "x.dump.1"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
    let again = frame("n1").len() + 100;
    assert_eq!(stats["skipped_bytes"], again);
    assert_eq!(stderr, format!("x.dump: 0-{again} ({again} bytes): replayed frame\n"));
    assert_eq!(stats["unparsed"][0]["reason"], "replayed frame");
    assert_eq!(stats["unparsed"][0]["file"], "x.dump");
    // In the browser, too, and texts are read back from behind what was replayed.
    let snapshot = load(&[folder.path("x.dump"), folder.path("x.dump.1")]);
    let found: String = messages(&snapshot).iter().fold(String::new(), |mut all, (id, file, text)| {
        let whole = frame(id).windows(text.len()).any(|part| part == text);
        write!(all, "{id} {file} {whole}, ").unwrap();
        all
    });
    assert_eq!(found, "n0 x.dump.1 true, n1 x.dump.1 true, n2 x.dump.1 true, n3 x.dump true, ");
}

#[test]
fn gaps_are_marked_and_nothing_is_joined_across_them() {
    let tcp = |id: &str| {
        let frame = frame_at(id, &format!("06:00:0{}.000000", &id[1..]));
        String::from_utf8(frame).unwrap().replace("udp/", "tcp/").into_bytes()
    };
    for (what, files, want, complaint) in [
        (
            "lost between copy and truncation",
            [
                ("x.dump.1", [tcp("n0"), tcp("n1")[..100].to_vec()].concat()),
                ("x.dump", [&tcp("n2")[150..], &tcp("n3")].concat()),
            ],
            "n0 - n3",
            "bytes are missing between the end of x.dump.1 and its beginning",
        ),
        (
            "a file of the set is missing",
            [("x.dump.3", tcp("n0")), ("x.dump.1", tcp("n3"))],
            "n0 n3",
            "files are missing between x.dump.3 and this one",
        ),
    ] {
        let folder = Folder::new();
        let names = files.each_ref().map(|(name, _)| *name);
        for (name, text) in &files {
            folder.append(name, text);
        }
        let (ids, complaints, status) = call_ids(&folder, &names);
        assert_eq!((ids.as_str(), status), (want, 0), "{what}");
        assert!(complaints.contains(complaint), "{what}: {complaints}");
        let snapshot = load(&names.map(|name| folder.path(name)));
        assert!(snapshot.progress.errors[0].contains(complaint.split("x.dump").next().unwrap()));
        let marked: Vec<_> = snapshot
            .rows_from(0)
            .filter(|row| row.row.flags.has(Flags::AFTER_GAP))
            .map(|row| String::from_utf8_lossy(row.call_id()).into_owned())
            .collect();
        assert_eq!(marked, ["n3"], "{what}");
    }
}

#[test]
fn a_truncated_archive_in_a_set_gives_its_decodable_part_and_is_reported() {
    let folder = Folder::new();
    let many: Vec<u8> = (0..3000).flat_map(|n| frame(&format!("n{n}"))).collect();
    let packed = gz(&many);
    folder.append("x.dump.1", &packed[..packed.len() / 2]);
    folder.append("x.dump", &frame("last"));
    let (ids, complaints, status) = call_ids(&folder, &["x.dump", "x.dump.1"]);
    assert_eq!(status, 2);
    assert!(ids.starts_with("n0 n1 n2 ") && ids.ends_with(" last"), "{}", &ids[ids.len() - 100..]);
    let (_, rest) = complaints.split_once("x.dump.1: breaks off after ").unwrap();
    let offset: usize = rest.split(' ').next().unwrap().parse().unwrap();
    assert!(offset > many.len() / 3, "{complaints}");
    // All messages up to there, the last one cut.
    let ends = (0..).scan(0, |end, n| {
        *end += frame(&format!("n{n}")).len();
        Some(*end)
    });
    let whole = ends.take_while(|end| *end <= offset).count();
    let printed = ids.split(' ').filter(|id| id.starts_with('n')).count();
    assert!((whole..=whole + 1).contains(&printed), "{printed} {whole}");
}

#[test]
fn a_file_that_is_renamed_before_it_is_read_is_still_read() {
    let folder = Folder::new();
    folder.append("x.dump.1", &frame("n0"));
    folder.append("x.dump", &frame("n1"));
    let inputs = InputSpec::of_names(&[folder.path("x.dump"), folder.path("x.dump.1")]);
    folder.rename("x.dump.1", "x.dump.2");
    folder.rename("x.dump", "x.dump.1");
    folder.append("x.dump", &frame("n2"));
    let (send, snapshots) = channel();
    let _loader = Loader::start(inputs, Follow::default(), 0, move |snapshot| drop(send.send(snapshot)));
    let snapshot = snapshots.into_iter().find(|s: &Arc<Snapshot>| s.progress.done).unwrap();
    let ids: Vec<_> = messages(&snapshot).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, ["n0", "n1"]);
}

#[test]
fn files_outside_the_time_range_are_not_read() {
    let folder = Folder::new();
    // A broken archive complains when it is read.
    let many: Vec<u8> =
        (0..3000).flat_map(|n| frame_at(&format!("n{n}"), "2026-02-01 06:00:00.000000")).collect();
    let packed = gz(&many);
    folder.append("x.dump.2", &packed[..packed.len() / 2]);
    let second =
        ["06", "12"].map(|hour| frame_at("second", &format!("2026-02-02 {hour}:00:00.000000"))).concat();
    folder.append("x.dump.1", &second);
    folder.append("x.dump", &frame_at("third", "2026-02-03 06:00:00.000000"));
    let names = ["x.dump", "x.dump.1", "x.dump.2"];
    let with = |args: &[&'static str]| call_ids(&folder, &[args, &names].concat());
    assert_eq!(with(&["--since", "2026-02-02 08:00"]), ("second third".into(), String::new(), 0));
    assert_eq!(
        with(&["--since", "2026-02-02 08:00", "--until", "2026-02-02"]),
        ("second".into(), String::new(), 0)
    );
    assert_eq!(with(&["--since", "2026-02-03 05:00"]), ("third".into(), String::new(), 0));
    // The beginning of a dialog may be anywhere.
    assert_eq!(with(&["-D", "--since", "2026-02-02 08:00"]).2, 2);
    assert_eq!(with(&["--since", "2026-02-01 05:00"]).2, 2);
}

#[test]
fn dates_continue_across_midnight_new_year_and_files() {
    let folder = Folder::new();
    let marker = b"dump started at Thu Dec 31 23:59:57 2026\n\n\n".to_vec();
    let frames = [frame_at("n0", "23:59:58.000000"), frame_at("n1", "00:00:01.000000")].concat();
    folder.append("x.dump.1", &[marker, frames].concat());
    folder.append("x.dump", &[frame_at("n2", "00:00:02.000000"), frame_at("n3", "12:00:00.000000")].concat());
    folder.append("y.dump", &frame_at("other", "2027-01-01 00:00:01.500000"));
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600 + 12 * 3600);
    File::options().append(true).open(folder.path("x.dump")).unwrap().set_modified(written).unwrap();
    let with = |args: &[&'static str]| call_ids(&folder, &[args, &["x.dump", "x.dump.1"]].concat()).0;
    for (args, want) in [
        (&["--since", "23:59:58"][..], "n0 n1 n2 n3"),
        (&["--since", "00:00:02"], "n2 n3"),
        (&["--until", "00:00:01"], "n0 n1"),
        (&["--since", "23:59", "--until", "00:00:01"], "n0 n1"),
        (&["--since", "2027-01-01"], "n1 n2 n3"),
        (&["--until", "2026-12-31"], "n0"),
        (&["--since", "2027-01-01 00:00:02", "--until", "2027-01-01 11:00"], "n2"),
    ] {
        assert_eq!(with(args), want, "{args:?}");
    }
    let output = run(&folder, &["--json", "x.dump", "x.dump.1"]).stdout;
    let dates = output.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(|line| {
        let object: Value = serde_json::from_slice(line).unwrap();
        format!("{} {}", object["date"].as_str().unwrap(), object["date_inferred"])
    });
    let new_year = "2027-01-01 true".to_owned();
    assert_eq!(
        dates.collect::<Vec<_>>(),
        ["2026-12-31 true".to_owned(), new_year.clone(), new_year.clone(), new_year]
    );
    // Profiles are merged by these times, dated stamps and others.
    let snapshot = load(&["x.dump", "x.dump.1", "y.dump"].map(|name| folder.path(name)));
    let ids: Vec<_> = messages(&snapshot).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, ["n0", "n1", "other", "n2", "n3"]);
}

#[test]
fn each_message_has_its_file_name_and_offset() {
    let folder = Folder::new();
    folder.append("x.dump.1", &[frame("n0"), frame("n1")].concat());
    folder.append("x.dump", &frame("n2"));
    let len = frame("n0").len();
    let output = run(&folder, &["--json", "x.dump", "x.dump.1"]).stdout;
    let places: Vec<_> = output
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            let object: Value = serde_json::from_slice(line).unwrap();
            (object["file"].as_str().unwrap().to_owned(), object["offset"].as_u64().unwrap() as usize)
        })
        .collect();
    assert_eq!(places, [("x.dump.1".into(), 0), ("x.dump.1".into(), len), ("x.dump".into(), 0)]);
    let filtered = |filter| call_ids(&folder, &["-f", filter, "x.dump", "x.dump.1"]).0;
    assert_eq!((filtered("file=x.dump").as_str(), filtered("file:dump.1").as_str()), ("n2", "n0 n1"));
    assert_eq!(filtered("profile=x"), "n0 n1 n2");
    // A missing file is reported, and the others are read.
    for (missing, want) in [("x.dump.1", "n2"), ("x.dump", "")] {
        fs::remove_file(folder.path(missing)).unwrap();
        let (ids, complaints, status) = call_ids(&folder, &["x.dump", "x.dump.1"]);
        assert_eq!((ids.as_str(), status), (want, 2), "{missing}");
        assert!(complaints.contains(&format!("{missing}: no such file")), "{complaints}");
    }
    folder.append("x.dump.1", &frame("n0"));
    let snapshot = load(&["x.dump", "x.dump.1"].map(|name| folder.path(name)));
    assert_eq!(snapshot.len(), 1);
    assert!(snapshot.progress.errors[0].ends_with("x.dump: no such file"));
}

/// What is read of these files as a set, and whether a gap was seen.
fn read_set(folder: &Folder, files: &[&[u8]]) -> (Vec<u8>, bool) {
    let names: Vec<_> = (0..files.len()).rev().map(|n| folder.path(&format!("x.dump.{}", n + 1))).collect();
    for (name, text) in names.iter().zip(files) {
        fs::write(name, text).unwrap();
    }
    let mut input = InputSpec::of_names(&names).remove(0).open().remove(0).unwrap();
    let (mut out, mut buffer, mut gap) = (Vec::new(), vec![0; 70_000], false);
    loop {
        match input.reader.read(&mut buffer) {
            Ok(0) => return (out, gap),
            Ok(read) => out.extend_from_slice(&buffer[..read]),
            Err(error) if Gap::is(&error) => gap = true,
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn real_dumps_are_read_whole_with_any_cut_and_any_repetition() {
    let folder = Folder::new();
    let mut numbers = Numbers(7);
    for name in [
        "midnight.dump",
        "multipart-in-many-reads.dump",
        "tcp-cuts-and-keepalives.dump",
        "torture-messages-and-hostile-bodies.dump",
        "websocket.dump",
        "restart-in-the-middle.dump",
    ] {
        let dump = fs::read(fixture(&format!("real/{name}"))).unwrap();
        let first_frame = dump.iter().position(|b| *b == 0x0b).unwrap() + 2;
        for turn in 0..100 {
            let cut = first_frame + numbers.below(dump.len() - first_frame);
            let next = cut + numbers.below(dump.len() - cut + 1);
            // Now and then some of the first file is repeated in the second, as a collapse leaves it.
            // In a body that says the same again and again no one can distinguish them.
            let is_told = !name.starts_with("torture") && dump[cut - 40..cut] != [b'z'; 40];
            let again = if turn % 3 == 0 && is_told { 64 + numbers.below(4032) } else { 0 };
            let from = cut.saturating_sub(again);
            let (text, gap) = read_set(&folder, &[&dump[..cut], &dump[from..next], &dump[next..]]);
            assert!(text == dump && !gap, "{name}: {from} {cut} {next}, gap {gap}, {} bytes", text.len());
        }
    }
}
