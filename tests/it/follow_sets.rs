//! The real program on followed sets: several rotations at once, renamed files that grow, directories and pipes that
//! come and go.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::process::{Command, Stdio};

use crate::follow::{Folder, Following, call_ids, frame};

/// What FreeSWITCH writes into a file that it opens.
const MARKER: &[u8] = b"dump started at Mon Nov 23 04:09:00 2026\n\n\n";

/// Renames as logrotate does: the highest number is the oldest file.
fn rotate(folder: &Folder) {
    for number in (1..20).rev().filter(|number| folder.path(&format!("x.dump.{number}")).exists()) {
        folder.rename(&format!("x.dump.{number}"), &format!("x.dump.{}", number + 1));
    }
    folder.rename("x.dump", "x.dump.1");
    folder.append("x.dump", MARKER);
}

#[test]
fn several_rotations_while_the_program_is_stopped_lose_no_message() {
    for rotations in [2, 4, 10] {
        let folder = Folder::new();
        folder.append("x.dump", &frame("n0"));
        let mut program = Following::start(&folder, &["x.dump"]);
        program.until(&["n0\n"]);
        program.signal("STOP");
        for nth in 1..=rotations {
            folder.append("x.dump", &frame(&format!("n{nth}")));
            rotate(&folder);
        }
        folder.append("x.dump", &frame("last"));
        program.signal("CONT");
        program.until(&["last\n"]);
        let (output, complaints, status) = program.interrupt();
        let mut wanted: Vec<String> = (0..=rotations).map(|nth| format!("n{nth}")).collect();
        wanted.push("last".to_owned());
        assert_eq!(
            (call_ids(&output), complaints.as_str()),
            (wanted.iter().map(String::as_str).collect(), "")
        );
        assert_eq!(status.code(), Some(0));
    }
}

#[test]
fn a_renamed_file_that_exists_at_the_start_and_grows_is_followed() {
    for names in [&["x.dump.1", "x.dump"][..], &["."]] {
        let folder = Folder::new();
        folder.append("x.dump.1", &frame("n1"));
        folder.append("x.dump", &[MARKER, &frame("n2")].concat());
        let mut program = Following::start(&folder, names);
        program.until(&["n1\n", "n2\n"]);
        for (name, call_id) in [("x.dump.1", "n3"), ("x.dump", "n4"), ("x.dump.1", "n5")] {
            folder.append(name, &frame(call_id));
            program.until(&[&format!("{call_id}\n")]);
        }
        rotate(&folder);
        for (name, call_id) in [("x.dump.2", "n6"), ("x.dump", "n7"), ("x.dump.1", "n8")] {
            folder.append(name, &frame(call_id));
            program.until(&[&format!("{call_id}\n")]);
        }
        let (output, complaints, _) = program.interrupt();
        let wanted = vec!["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"];
        let printed: Vec<&str> = call_ids(&output).iter().map(|id| id.trim()).collect();
        assert_eq!((printed, complaints.as_str()), (wanted, ""), "{names:?}");
    }
}

#[test]
fn a_named_pipe_is_followed_through_several_writers() {
    let folder = Folder::new();
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    let mut program = Following::start(&folder, &["pipe"]);
    for call_id in ["one", "two", "three"] {
        let mut pipe = OpenOptions::new().write(true).open(folder.path("pipe")).unwrap();
        pipe.write_all(&frame(call_id)).unwrap();
        drop(pipe);
        program.until(&[&format!("{call_id}\n")]);
    }
    let (output, complaints, status) = program.interrupt();
    assert_eq!((call_ids(&output), complaints.as_str()), (vec!["one", "two", "three"], ""));
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_directory_that_is_created_later_is_followed() {
    let folder = Folder::new();
    let mut program = Following::start(&folder, &["later"]);
    fs::create_dir(folder.path("later")).unwrap();
    folder.append("later/x.dump", &frame("one"));
    program.until(&["one\n"]);
    folder.append("later/x.dump", &frame("two"));
    program.until(&["two\n"]);
    let (_, complaints, status) = program.interrupt();
    assert_eq!((complaints.as_str(), status.code()), ("", Some(0)));
}

#[test]
fn an_output_that_gets_the_followed_name_is_not_read() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("one"));
    let output = File::create(folder.path("out.dump")).unwrap();
    let mut program = Following::start_with(&folder, &["--frames", "x.dump"], Stdio::from(output));
    // The first frame is in the output before that gets the name of the input.
    while fs::read(folder.path("out.dump")).unwrap() != frame("one") {
        assert!(program.child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    folder.rename("out.dump", "x.dump");
    program.complaints.until(&["x.dump: input is also the output\n"]);
    folder.rename("x.dump", "out.dump");
    folder.append("x.dump", &frame("two"));
    while fs::read(folder.path("out.dump")).unwrap() != [frame("one"), frame("two")].concat() {
        assert!(program.child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let (_, _, status) = program.interrupt();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_cut_archive_is_printed_alike_from_a_file_and_from_standard_input() {
    let text: Vec<u8> =
        (0..400).flat_map(|nth| frame(&format!("{nth}-{}", nth * nth * 7919 % 10_007))).collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&text).unwrap();
    let mut xz = xz2::write::XzEncoder::new(Vec::new(), 0);
    xz.write_all(&text).unwrap();
    for packed in [gz.finish().unwrap(), xz.finish().unwrap()] {
        let folder = Folder::new();
        folder.append("cut", &packed[..packed.len() * 3 / 4]);
        let run = |name: &str, input: Stdio| {
            crate::support::program()
                .args(["--full", "--all-methods", name])
                .current_dir(folder.path(""))
                .stdin(input)
                .output()
                .unwrap()
        };
        let named = run("cut", Stdio::null());
        let redirected = run("-", Stdio::from(File::open(folder.path("cut")).unwrap()));
        assert!(named.stdout.len() > 10_000);
        assert_eq!(String::from_utf8_lossy(&redirected.stdout), String::from_utf8_lossy(&named.stdout));
        assert_eq!((redirected.status.code(), named.status.code()), (Some(2), Some(2)));
    }
}
