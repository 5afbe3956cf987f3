//! What is written where: no output is ever an input, and what was there before is lost to no failed run.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn frame(number: usize) -> String {
    let text = format!(
        "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: {number}\r\nCSeq: 1 OPTIONS\r\nX: {}\r\n\r\n",
        "x".repeat(900)
    );
    format!("recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.{number:06}:\n{text}\x0b\n", text.len())
}

/// A folder with two files of a set, links to them, and another file.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let text = |range: std::ops::Range<usize>| range.map(frame).collect::<String>();
    fs::write(dir.path().join("x.dump"), text(100..200)).unwrap();
    fs::write(dir.path().join("x.dump.1"), text(0..100)).unwrap();
    fs::write(dir.path().join("y.dump"), text(200..300)).unwrap();
    fs::hard_link(dir.path().join("x.dump"), dir.path().join("hard.pcap")).unwrap();
    symlink("x.dump.1", dir.path().join("soft.pcap")).unwrap();
    dir
}

fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    let mut all: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    all.sort();
    all
}

fn sorted(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<_> = text.split(|b| *b == b'\n').collect();
    lines.sort_unstable();
    lines
}

fn program(dir: &Path, args: &str) -> Command {
    let mut command = crate::support::program();
    command.args(args.split(' ')).arg("--all-methods").current_dir(dir).stdin(Stdio::null());
    command
}

fn run(dir: &Path, args: &str) -> Output {
    program(dir, args).output().unwrap()
}

#[test]
fn an_input_file_is_never_written() {
    let dir = folder();
    let before = contents(dir.path());
    for args in [
        "--pcap x.dump x.dump",
        "--pcap ./x.dump x.dump",
        "--pcap x.dump .",
        "--pcap hard.pcap x.dump",
        "--pcap soft.pcap x.dump.1",
        "--pcap x.dump.1 x.dump x.dump.1",
        "--pcap x.dump x.dump.1 x.dump",
        "--pcap x.dump --since 2030-01-01 x.dump.1 x.dump",
        "--pcap x.dump y.dump hard.pcap",
        "--pcap new.dump --follow new.dump",
        "--pcap ./new.dump --follow new.dump",
    ] {
        for force in ["", " --force"] {
            let output = run(dir.path(), &format!("{args}{force}"));
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{args}{force}: {said}");
            assert!(said.contains("the output is also an input"), "{args}{force}: {said}");
            assert_eq!(contents(dir.path()), before, "{args}{force}");
        }
    }
    let stdin = File::open(dir.path().join("x.dump")).unwrap();
    let output = program(dir.path(), "--force --pcap hard.pcap -").stdin(stdin).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(contents(dir.path()), before);
}

#[test]
fn a_rotated_file_of_an_input_is_never_replaced() {
    let dir = folder();
    let before = contents(dir.path());
    for args in ["--pcap x.dump.1 x.dump", "--pcap x.dump x.dump.1", "--pcap ./x.dump.1 --follow x.dump"] {
        let output = run(dir.path(), &format!("{args} --force"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args}: {said}");
        assert!(said.contains("the output is a rotated file of an input"), "{args}: {said}");
        assert_eq!(contents(dir.path()), before, "{args}");
    }
    fs::write(dir.path().join("x.dump.pcap"), "").unwrap();
    assert!(run(dir.path(), "--pcap x.dump.pcap x.dump --force").status.success());
}

#[test]
fn the_file_of_standard_output_is_skipped_and_the_others_are_read() {
    let dir = folder();
    let dump = |name: &str| fs::read(dir.path().join(name)).unwrap();
    for (args, stdin, name, want) in [
        ("--frames .", None, "zall.dump", [dump("x.dump.1"), dump("x.dump"), dump("y.dump")].concat()),
        ("--frames y.dump zall.dump", None, "zall.dump", dump("y.dump")),
        ("--frames y.dump ./zall.dump", None, "zall.dump", dump("y.dump")),
        ("--frames y.dump y.dump.1", None, "y.dump.1", dump("y.dump")),
        ("--frames zall.dump", None, "zall.dump", Vec::new()),
        ("--frames -", Some("zall.dump"), "zall.dump", Vec::new()),
        ("--frames zall.dump --follow", None, "zall.dump", Vec::new()),
    ] {
        let path = dir.path().join(name);
        let stdout = OpenOptions::new().write(true).create(true).truncate(true).open(&path).unwrap();
        let mut command = program(dir.path(), args);
        command.stdout(stdout);
        if let Some(stdin) = stdin {
            command.stdin(File::open(dir.path().join(stdin)).unwrap());
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args}: {said}");
        assert!(said.contains(": input is also the output"), "{args}: {said}");
        // Of several names of one file the directory's first one decides where it is printed.
        assert!(sorted(&fs::read(&path).unwrap()) == sorted(&want), "{args}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn appending_to_an_input_terminates() {
    let dir = folder();
    let before = contents(dir.path());
    let stdout = OpenOptions::new().append(true).open(dir.path().join("x.dump")).unwrap();
    let output = program(dir.path(), "--frames x.dump").stdout(stdout).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(contents(dir.path()), before);
}

#[test]
fn an_input_that_is_opened_as_standard_output_is_not_overwritten() {
    let dir = folder();
    let before = contents(dir.path());
    for args in [
        "--pcap - x.dump",
        "--pcap /dev/stdout x.dump",
        "--stats x.dump",
        "--stats .",
        "--pcap - x.dump y.dump",
    ] {
        for append in [false, true] {
            let path = dir.path().join("x.dump");
            let stdout = OpenOptions::new().read(true).write(true).append(append).open(path).unwrap();
            let output = program(dir.path(), args).stdout(stdout).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{args}: {said}");
            assert!(said.contains("input is also the output"), "{args}: {said}");
            assert_eq!(contents(dir.path()), before, "{args}");
        }
    }
}

#[test]
fn devices_may_be_input_and_output() {
    let dir = folder();
    let null = || OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
    let output = program(dir.path(), "--frames y.dump").stdin(null()).stdout(null()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for args in ["--pcap /dev/null y.dump", "--pcap /dev/stdout y.dump", "--pcap - y.dump"] {
        let output = run(dir.path(), args);
        assert_eq!(output.status.code(), Some(0), "{args}: {output:?}");
        assert_eq!(output.stdout.starts_with(&[0xd4, 0xc3, 0xb2, 0xa1]), !args.contains("null"), "{args}");
    }
}

#[test]
fn an_existing_file_is_kept_until_its_replacement_is_complete() {
    let dir = folder();
    fs::write(dir.path().join("p.pcap"), "old").unwrap();
    let before = contents(dir.path());
    for (args, status, word) in [
        ("--pcap p.pcap y.dump", 2, "--force"),
        ("--pcap p.pcap /nonexistent", 2, "p.pcap"),
        ("--pcap p.pcap --force /nonexistent", 2, "/nonexistent"),
        ("--pcap p.pcap --force -c nothing y.dump", 1, ""),
        ("--pcap n.pcap -c nothing y.dump", 1, ""),
        ("--pcap none/n.pcap y.dump", 2, "folder"),
        ("--pcap . y.dump", 2, "directory"),
    ] {
        let output = run(dir.path(), args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{args}: {said}");
        assert!(said.contains(word), "{args}: {said}");
        assert_eq!(contents(dir.path()), before, "{args}");
    }
    let output = run(dir.path(), "--pcap p.pcap --force y.dump");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(fs::read(dir.path().join("p.pcap")).unwrap().len() > 90_000);
    let output = run(dir.path(), "--pcap n.pcap y.dump");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let new = dir.path().join("n.pcap");
    assert_eq!(fs::metadata(&new).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read(new).unwrap(), fs::read(dir.path().join("p.pcap")).unwrap());
    assert_eq!(contents(dir.path()).len(), before.len() + 1);
}

#[test]
fn the_ladder_of_a_call_id_with_thousands_of_peers_has_few_columns_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let text = "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n";
    let frame = |n: usize| {
        let (a, b) = (n / 250, n % 250);
        format!("recv {} bytes from udp/[10.0.{a}.{b}]:5060 at 06:00:00.{n:06}:\n{text}\x0b\n", text.len())
    };
    fs::write(dir.path().join("x.dump"), (0..4000).map(frame).collect::<String>()).unwrap();
    let output = run(dir.path(), "--ladder x.dump");
    assert_eq!(output.status.code(), Some(0));
    let drawn = String::from_utf8(output.stdout).unwrap();
    assert!(drawn.contains("3,976 other peers"), "{}", drawn.lines().nth(1).unwrap_or_default());
    assert_eq!(drawn.lines().filter(|line| line.contains('▶') || line.contains('◀')).count(), 4000);
    assert!(drawn.len() < 16_000_000, "{} bytes", drawn.len());
}

#[test]
fn the_ladder_of_a_call_id_in_hundreds_of_profiles_has_few_columns_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..200).map(|n| format!("p{n}.dump")).collect();
    for name in &names {
        fs::write(dir.path().join(name), frame(7)).unwrap();
    }
    let output = run(dir.path(), &format!("--ladder {}", names.join(" ")));
    assert_eq!(output.status.code(), Some(0));
    let drawn = String::from_utf8(output.stdout).unwrap();
    assert!(drawn.contains("176 other profiles"), "{}", drawn.lines().nth(1).unwrap_or_default());
    assert_eq!(drawn.lines().filter(|line| line.contains('▶') || line.contains('◀')).count(), 200);
}

/// Waits until SIGTERM is caught: following has begun.
#[cfg(target_os = "linux")]
fn wait_for_handlers(pid: u32) {
    let catches = |number: u32| {
        let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let mask = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
        u64::from_str_radix(&mask, 16).unwrap() >> (number - 1) & 1 == 1
    };
    let end = Instant::now() + Duration::from_secs(30);
    while !catches(15) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn following_that_a_hangup_ends_before_the_first_message_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("x.dump"), "").unwrap();
    for (name, number) in [("HUP", 1), ("QUIT", 3), ("USR1", 10), ("USR2", 12), ("ALRM", 14), ("XCPU", 24)] {
        // Whoever runs the tests may ignore SIGHUP (nohup), and so would the program.
        let command = program(dir.path(), "--follow --pcap x.pcap x.dump");
        let mut with_signals = Command::new("env");
        with_signals.arg("--default-signal=HUP,QUIT").arg(command.get_program()).args(command.get_args());
        let mut child = with_signals.current_dir(dir.path()).stdin(Stdio::null()).spawn().unwrap();
        wait_for_handlers(child.id());
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().signal(), Some(number), "{name}");
        assert_eq!(contents(dir.path()), [("x.dump".to_owned(), Vec::new())], "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn following_that_ctrl_c_ends_again_and_again_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    // It takes a while to decompress: the second signal comes before its end.
    let mut part = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    std::io::Write::write_all(&mut part, &vec![b'\n'; 10 << 20]).unwrap();
    fs::write(dir.path().join("x.dump.bz2"), part.finish().unwrap().repeat(500)).unwrap();
    let mut following = program(dir.path(), "--follow --pcap x.pcap x.dump.bz2");
    let mut child = following.stdin(Stdio::null()).spawn().unwrap();
    wait_for_handlers(child.id());
    let pid = child.id().to_string();
    while child.try_wait().unwrap().is_none() {
        Command::new("kill").args(["-s", "INT", &pid]).status().unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["x.dump.bz2"]);
}

#[test]
fn drawings_are_ascii_where_the_locale_has_nothing_else() {
    let folder = crate::support::fixtures().to_owned();
    for args in [
        "--ladder ladder/bye-hours-later.dump",
        "--stats ladder/bye-hours-later.dump",
        "--calls ladder/bye-hours-later.dump",
    ] {
        for (all, lang, is_ascii) in [("C", "de_DE.UTF-8", true), ("", "C", true), ("", "de_DE.UTF-8", false)]
        {
            let mut command = program(&folder, args);
            let output =
                command.env("LC_ALL", all).env_remove("LC_CTYPE").env("LANG", lang).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{args}: {output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(!is_ascii || text.is_ascii(), "{args}: {text}");
            if args.starts_with("--ladder") {
                assert!(text.contains(if is_ascii { "->|" } else { "─▶│" }), "{text}");
            }
        }
    }
}
