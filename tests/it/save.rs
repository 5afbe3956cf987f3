//! `--save`: what is printed goes to a file, in the format of its extension; the file is complete or not there.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use sofiatui::app::columns;
use sofiatui::export::csv;

use crate::support::{fixture, isolated, program};

/// Runs the program in a folder.
fn run(dir: &Path, args: &[&str]) -> Output {
    program().current_dir(dir).args(args).output().unwrap()
}

/// What a run prints on the standard output.
fn printed(dir: &Path, args: &[&str]) -> Vec<u8> {
    let output = run(dir, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn names(dir: &Path) -> Vec<String> {
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(name).collect();
    names.sort();
    names
}

#[test]
fn a_file_has_what_the_same_options_print() {
    let dir = tempfile::tempdir().unwrap();
    for (file, options, printing) in [
        ("x.dump", &[][..], &["--raw"][..]),
        ("x.dump", &["--frames", "--all-methods"], &["--frames", "--all-methods"]),
        ("x.pcap", &["--local", "203.0.113.5"], &["--pcap", "-", "--local", "203.0.113.5"]),
        ("x.cap", &["-m", "INVITE", "-D"], &["--pcap", "-", "-m", "INVITE", "-D"]),
        ("x.txt", &[], &["--full"]),
        ("x.txt", &["--ladder", "--legs"], &["--ladder", "--legs"]),
        ("x.text", &["--stats", "--calls"], &["--stats", "--calls"]),
        ("x.txt", &["--calls", "-f", "state:busy"], &["--calls", "-f", "state:busy"]),
        ("x.jsonl", &["-f", "status:486"], &["--json", "-f", "status:486"]),
        ("x.json", &["--stats"], &["--json", "--stats"]),
        ("x.JSON", &["--calls"], &["--json", "--calls"]),
        ("x", &["--format", "json", "--calls"], &["--json", "--calls"]),
        ("x.dump", &["--format", "txt", "--headers"], &["--headers"]),
    ] {
        let args = [&["--demo", "--save", file][..], options].concat();
        assert_eq!(printed(dir.path(), &args), b"", "{args:?}");
        let path = dir.path().join(file);
        let want = printed(dir.path(), &[&["--demo"][..], printing].concat());
        assert!(fs::read(&path).unwrap() == want, "{args:?}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{args:?}");
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(names(dir.path()), [""; 0]);
}

#[test]
fn a_saved_dump_has_the_same_messages() {
    let dir = tempfile::tempdir().unwrap();
    for name in
        ["cli/mixed.dump", "real/multipart-in-many-reads.dump", "real/midnight.dump", "messages/no-sip.dump"]
    {
        let path = fixture(name);
        let input = path.to_str().unwrap();
        let saved = dir.path().join("saved.dump");
        printed(dir.path(), &["--all-methods", "--save", "saved.dump", "--force", input]);
        let json = |file: &str| {
            let text = String::from_utf8(printed(dir.path(), &["--all-methods", "--json", file])).unwrap();
            let lines = text.lines().map(|line| {
                let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
                // The frames are others.
                for key in ["file", "offset", "frames", "date", "date_inferred"] {
                    value.as_object_mut().unwrap().remove(key);
                }
                value
            });
            lines.collect::<Vec<_>>()
        };
        assert!(json(input) == json(saved.to_str().unwrap()), "{name}");
    }
}

#[test]
fn tables_have_the_columns_of_the_list_and_every_message() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(csv::USUAL.to_vec(), columns::usual_names());
    let table = |args: &[&str]| {
        let all = [&["--demo", "--save", "-", "--format", "csv"][..], args].concat();
        String::from_utf8(printed(dir.path(), &all)).unwrap()
    };
    let messages =
        table(&["-f", "status:486", "--columns", "n,time,message,from,to,state,pdd,header.Reason"]);
    assert_eq!(
        messages.lines().take(2).collect::<Vec<_>>(),
        [
            "n,time,message,from,to,state,pdd,header.Reason",
            "105,05:53:48.992535,486 Busy Here,+12025550100,13035550126,busy,0.994777,",
        ]
    );
    assert_eq!(table(&[]).lines().count(), 1 + table_len(dir.path(), &["--json"]));
    assert_eq!(table(&["--calls"]).lines().count(), 17);
    let calls = table(&["--calls", "-f", "status:486", "--columns", "from,to,state,ring,why"]);
    assert_eq!(calls.lines().next(), Some("from,to,state,ring,why"));
    let registrations = table(&["--calls", "-f", "kind:register"]);
    assert!(registrations.starts_with("start,kind,user,peer,state,details\n"), "{registrations}");
    let of_calls = table(&["-f", "status:486", "-D"]);
    assert_eq!(of_calls.lines().count(), 1 + table_len(dir.path(), &["--json", "-f", "status:486", "-D"]));
    let of_legs = table(&["-f", "status:486", "--legs"]);
    assert_eq!(of_legs.lines().count(), 1 + table_len(dir.path(), &["--json", "-f", "status:486", "--legs"]));
}

/// How many lines a run prints.
fn table_len(dir: &Path, args: &[&str]) -> usize {
    String::from_utf8(printed(dir, &[&["--demo"][..], args].concat())).unwrap().lines().count()
}

#[test]
fn what_cannot_be_saved_is_refused_with_a_reason_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::copy(fixture("cli/mixed.dump"), path("in.dump")).unwrap();
    symlink("in.dump", path("link.dump")).unwrap();
    fs::hard_link(path("in.dump"), path("hard.dump")).unwrap();
    fs::write(path("old.txt"), "old").unwrap();
    fs::create_dir(path("folder.txt")).unwrap();
    fs::create_dir(path("closed")).unwrap();
    fs::set_permissions(path("closed"), fs::Permissions::from_mode(0o500)).unwrap();
    let before = (names(dir.path()), fs::read(path("in.dump")).unwrap());
    for (options, want) in [
        (&["--save", "x.foo"][..], "--save x.foo: no format has this extension"),
        (&["--save", "x"], "--save x: no format has this extension"),
        (&["--save", "-"], "--save -: no format has this extension"),
        (&["--save", "old.txt"], "old.txt: already exists (--force replaces it)"),
        (&["--save", "old.txt", "--calls"], "old.txt: already exists (--force replaces it)"),
        (&["--save", "old.txt", "--ladder", "--legs"], "old.txt: already exists (--force replaces it)"),
        (&["--save", "old.txt", "--format", "csv"], "old.txt: already exists (--force replaces it)"),
        (&["--save", "folder.txt", "--force"], "folder.txt: is a directory"),
        (&["--save", "none/x.txt"], "none/x.txt: the folder does not exist"),
        (&["--save", "none/x.csv"], "none/x.csv: the folder does not exist"),
        (&["--save", "in.dump", "--force"], "in.dump: the output is also an input: in.dump"),
        (&["--save", "link.dump", "--force"], "link.dump: the output is also an input: in.dump"),
        (&["--save", "hard.dump", "--force"], "hard.dump: the output is also an input: in.dump"),
        (
            &["--save", "in.dump", "--format", "csv", "--force"],
            "in.dump: the output is also an input: in.dump",
        ),
        (&["--save", "x.csv", "--full"], "a .csv file contains messages or calls"),
        (&["--save", "x.dump", "--json"], "a .dump file contains messages as frames"),
        (&["--save", "x.pcap", "--ladder"], "a .pcap file contains messages as packets"),
        (&["--save", "x.jsonl", "--columns", "n"], "--columns: means nothing for a .jsonl file"),
        (&["--save", "x.txt", "--local", "192.0.2.1"], "--local: means nothing for a .txt file"),
        (&["--save", "x.csv", "--columns", "nonsense"], "--columns: no column 'nonsense'"),
        (&["--save", "x.csv", "--follow"], "--follow: a .csv file is written when everything was read"),
        (&["--save", "x.txt", "--format", "foo"], "invalid value 'foo'"),
        (&["--format", "csv"], "--save <FILE>"),
        (&["--columns", "n"], "required arguments"),
    ] {
        let output = run(dir.path(), &[options, &["in.dump"]].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{options:?}: {said}");
        assert!(said.contains(want) && output.stdout.is_empty(), "{options:?}: {said}");
    }
    let nothing = run(dir.path(), &["--save", "x.csv", "-f", "from:nobody", "in.dump"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert_eq!((names(dir.path()), fs::read(path("in.dump")).unwrap()), before);
    assert_eq!(fs::read(path("old.txt")).unwrap(), b"old");
    // Root may write everywhere.
    if fs::write(path("closed/probe"), "").is_err() {
        let output = run(dir.path(), &["--save", "closed/x.txt", "in.dump"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains("closed/x.txt: permission denied"),
            "{said}"
        );
    }
}

#[test]
fn a_full_disk_is_reported_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["x.txt", "x.csv", "x.jsonl"] {
        // A limit on the size of files takes the place of a full disk; the signal about it is ignored.
        let script = format!(
            "trap '' XFSZ; ulimit -f 8; exec '{}' --demo --save {name}",
            env!("CARGO_BIN_EXE_sofiatui")
        );
        let mut shell = isolated(Command::new("bash"));
        let output = shell.args(["-c", &script]).current_dir(dir.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(&format!("{name}: File too large")), "{said}");
        assert_eq!((output.status.code(), names(dir.path())), (Some(2), Vec::new()), "{name}");
    }
    for format in ["txt", "csv"] {
        let output = run(dir.path(), &["--demo", "--save", "/dev/full", "--format", format]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains("/dev/full: no space left on the disk"),
            "{said}"
        );
    }
}

/// What tshark reads of a pcapng file: the verdict is at the packet that proves it, each profile is an interface, and the same
/// packets are in a libpcap file.
#[test]
fn tshark_reads_the_comments_and_the_packets_where_it_is_installed() {
    let dir = tempfile::tempdir().unwrap();
    for file in ["x.pcapng", "x.pcap"] {
        printed(dir.path(), &["--demo", "-f", "n=105", "--legs", "--all-methods", "--save", file]);
    }
    let read = |file: &str, fields: &[&str]| {
        let mut tshark = Command::new("tshark");
        tshark.args(["-o", "udp.check_checksum:TRUE", "-T", "fields", "-r", file]).current_dir(dir.path());
        for field in fields {
            tshark.args(["-e", field]);
        }
        tshark.output().map(|output| String::from_utf8(output.stdout).unwrap())
    };
    let packets = ["frame.time_epoch", "ip.src", "ip.dst", "sip.Method", "sip.Status-Code"];
    let pcapng = match read("x.pcapng", &packets) {
        Ok(text) => text,
        Err(error) => {
            return crate::tools::tool_is_missing(
                "tshark_reads_the_comments",
                &format_args!("tshark: {error}"),
            );
        }
    };
    assert_eq!(pcapng.lines().count(), 11);
    assert_eq!(pcapng, read("x.pcap", &packets).unwrap());
    let comments = read("x.pcapng", &["frame.comment", "frame.interface_name", "sip.Status-Code"]).unwrap();
    let with_comment: Vec<&str> = comments.lines().filter(|line| !line.starts_with('\t')).collect();
    assert_eq!(
        with_comment,
        ["verdict: busy: 192.0.2.21 answered 486 Busy Here after 1.0 s; passed on to 1013\texternal\t486"]
    );
}
