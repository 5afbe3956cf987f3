//! The real program, printing: what it writes where, and with which status it leaves.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use sofiatui::escape::escape;
use sofiatui::{FrameReader, MessageReader};

use crate::follow::frame;
use crate::pty::Pty;

fn fixtures() -> PathBuf {
    crate::support::fixtures().join("cli")
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(name)).unwrap()
}

/// Runs the program in the folder of the fixtures with `stdin` piped in.
fn fed(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = crate::support::program()
        .args(args)
        .current_dir(fixtures())
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A program that reads no standard input closes it.
        scope.spawn(move || drop(pipe.write_all(stdin)));
        child.wait_with_output().unwrap()
    })
}

fn run(args: &[&str]) -> Output {
    fed(args, b"")
}

/// Lines of the standard output of a run that is expected to succeed.
fn lines(args: &[&str]) -> Vec<String> {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// What was written, with every byte that is no plain text made visible.
fn visible(bytes: &[u8]) -> String {
    let lines = bytes.split_inclusive(|b| *b == b'\n');
    let shown = lines.map(|line| match line.strip_suffix(b"\n") {
        Some(line) => format!("{}\n", escape(line)),
        None => format!("{}⏎̸\n", escape(line)),
    });
    shown.collect()
}

fn transcript(args: &[&str]) -> String {
    let output = run(args);
    format!(
        "$ sofiatui {}\n{}--- stderr\n{}--- status {}\n",
        args.join(" "),
        visible(&output.stdout),
        visible(&output.stderr),
        output.status.code().unwrap()
    )
}

#[test]
fn every_mode_prints_as_before() {
    for (name, args) in [
        ("summary", &["mixed.dump"][..]),
        ("summary-dated-damaged", &["damaged.dump"]),
        ("full", &["--full", "mixed.dump", "-c", "notify|opt", "--all-methods"]),
        ("headers", &["--headers", "mixed.dump", "-m", "message"]),
        ("body", &["--body", "mixed.dump", "-m", "NOTIFY", "-m", "MESSAGE"]),
        ("raw", &["--raw", "mixed.dump", "-m", "NOTIFY"]),
        ("json", &["--json", "mixed.dump"]),
        ("ladder", &["--ladder", "mixed.dump", "-m", "ACK", "-m", "NOTIFY"]),
        ("stats", &["--stats", "mixed.dump"]),
        ("stats-everything", &["--stats", "--all-methods", "mixed.dump", "damaged.dump"]),
        ("stats-json", &["--stats", "--json", "--all-methods", "mixed.dump", "damaged.dump"]),
        ("stats-json-damaged", &["--stats", "--json", "damaged.dump"]),
        ("unparsed", &["--unparsed", "damaged.dump"]),
        ("unparsed-of-several", &["--unparsed", "mixed.dump", "damaged.dump", "--stats", "--json"]),
        ("log", &["--stats", "--unparsed", "compose.log"]),
        ("coloured", &["--color", "always", "mixed.dump"]),
    ] {
        insta::assert_snapshot!(format!("cli-{name}"), transcript(args));
    }
}

/// A program that reads the output gets the exact bytes.
#[test]
fn a_terminal_shows_bodies_in_utf_8_and_a_pipe_gets_their_bytes() {
    let printed = |args: &[&str]| {
        let output = run(&[args, &["../field/gb28181.dump"]].concat());
        (output.status.code(), output.stdout)
    };
    let has = |text: &[u8], wanted: &[u8]| text.windows(wanted.len()).any(|at| at == wanted);
    for mode in ["--full", "--body"] {
        let (_, shown) = printed(&[mode, "--color", "always"]);
        assert!(has(&shown, "<Name>摄像头一号</Name>\n".as_bytes()), "{mode}");
        let (_, exact) = printed(&[mode]);
        assert!(has(&exact, b"<Name>\xc9\xe3\xcf\xf1\xcd\xb7\xd2\xbb\xba\xc5</Name>\r\n"), "{mode}");
    }
    for (option, text, status) in [
        ("-f", "body~摄像", 0),
        ("-b", "摄", 0),
        ("-g", "头.号", 0),
        ("-g", "号头", 1),
        ("-f", "-body~摄像", 1),
    ] {
        assert_eq!(printed(&[option, text]).0, Some(status), "{option} {text}");
    }
}

#[test]
fn what_is_wrong_is_said_in_a_line_with_its_place_and_status_2() {
    for (name, args) in [
        ("no-dump", &["no-dump.txt"][..]),
        ("empty", &["empty.dump"]),
        ("gone", &["gone.dump"]),
        ("directory", &["no-traces"]),
        ("readable-files-are-printed", &["gone.dump", "mixed.dump", "no-dump.txt", "-m", "BYE"]),
        ("regex", &["-c", "a(b", "mixed.dump"]),
        ("filter", &["-f", "bye form:1583", "mixed.dump"]),
        ("header", &["-H", "From", "mixed.dump"]),
        ("time", &["--since", "25:00", "mixed.dump"]),
        ("method", &["-m", "IN VITE", "mixed.dump"]),
        ("local", &["--pcap", "-", "--local", "pbx", "mixed.dump"]),
        ("pcap-file", &["--pcap", "no-such-folder/x.pcap", "mixed.dump"]),
        ("two-modes", &["--full", "--stats", "mixed.dump"]),
        ("direction", &["-d", "up", "mixed.dump"]),
    ] {
        let text = transcript(args);
        assert!(text.ends_with("status 2\n"), "{text}");
        insta::assert_snapshot!(format!("cli-wrong-{name}"), text);
    }
}

#[cfg(unix)]
#[test]
fn a_dump_with_converted_line_ends_is_recognised() {
    let marker = b"dump started at Mon Nov 23 04:09:00 2026\n\n\n".to_vec();
    for text in [frame("one"), marker.clone(), [marker, frame("one"), frame("two")].concat()] {
        let converted = text.iter().flat_map(|b| if *b == b'\n' { b"\r\n".to_vec() } else { vec![*b] });
        let output = fed(&["-"], &converted.collect::<Vec<_>>());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("looks like a dump with converted line ends"), "{said}");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn blank_lines_alone_are_no_dump_but_a_marker_is_one_that_was_just_opened() {
    let marker = "dump started at Mon Nov 23 04:09:00 2026\n\n\n";
    for (text, said, status) in [
        ("\n", "sofiatui: -: is not a mod_sofia dump: no frame in its one byte\n", 2),
        ("\n\r\n", "sofiatui: -: is not a mod_sofia dump: no frame in its 3 bytes\n", 2),
        (marker, "", 1),
        (&marker.repeat(2), "", 1),
    ] {
        let output = fed(&["-"], text.as_bytes());
        assert_eq!(String::from_utf8(output.stderr).unwrap(), said, "{text:?}");
        assert_eq!(output.status.code(), Some(status), "{text:?}");
    }
}

#[test]
fn a_file_without_read_permission_is_named() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret.dump");
    std::fs::write(&path, fixture("mixed.dump")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let program = dir.path().join("sofiatui");
    std::fs::copy(env!("CARGO_BIN_EXE_sofiatui"), &program).unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = crate::support::isolated(Command::new(&program));
    if std::fs::metadata(&path).unwrap().uid() == 0 {
        // The superuser may read everything: someone else tries.
        command.uid(65_534);
    }
    let output = command.arg("--no-config").arg(&path).current_dir("/").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("secret.dump: permission denied"));
}

/// The third word of each summary line on, which names the messages of the fixture well enough.
fn chosen(args: &[&str]) -> Vec<String> {
    let mut all = vec!["mixed.dump"];
    all.extend(args);
    let what = |line: String| line.splitn(4, ' ').nth(3).unwrap().to_owned();
    let mut messages: Vec<_> = lines(&all).into_iter().map(what).collect();
    for message in &mut messages {
        let keep = message.find('@').unwrap_or(message.len());
        message.truncate(keep);
    }
    messages
}

#[test]
fn options_select_messages() {
    let invite = ["INVITE 3eae0032", "100 Trying 3eae0032", "200 OK 3eae0032"];
    let bye = ["BYE 3eae0032", "200 OK 3eae0032"];
    let options = ["OPTIONS opt-1", "200 OK opt-1"];
    let notify = ["NOTIFY notify-9", "200 OK notify-9"];
    let table: &[(&[&str], Vec<&str>)] = &[
        (&["-m", "INVITE"], invite.to_vec()),
        (&["-m", "invite", "-m", "BYE"], [&invite[..], &bye].concat()),
        (&["-m", "OPTIONS"], options.to_vec()),
        (&["-x", "INVITE", "-x", "ACK", "-x", "MESSAGE", "-c", "@198"], bye.to_vec()),
        (&["-c", "^opt", "--all-methods"], options.to_vec()),
        (&["-c", "NOTIFY", "-i"], notify.to_vec()),
        (&["-d", "sent", "-m", "BYE"], vec!["200 OK 3eae0032"]),
        (&["-a", r"2001:db8::7\]:40312", "-d", "recv"], vec!["NOTIFY notify-9", "MESSAGE multi-2"]),
        (&["-H", "Event=Abandoned"], vec!["NOTIFY notify-9"]),
        (&["-H", "f=1583", "-H", "CSeq=^2 "], bye.to_vec()),
        (&["-g", "m=audio 4000"], vec!["INVITE 3eae0032", "200 OK 3eae0032", "MESSAGE multi-2"]),
        (&["-g", "M=AUDIO", "-i", "-d", "sent"], vec!["200 OK 3eae0032"]),
        (&["-b", "café \"7\""], vec!["NOTIFY notify-9"]),
        (&["-b", "^second"], vec!["MESSAGE multi-2"]),
        (&["-f", "status:1xx or method:ack"], vec!["100 Trying 3eae0032", "ACK 3eae0032"]),
        (&["-f", "-method:INVITE", "-f", "-status:200", "-c", "^3eae"], vec!["ACK 3eae0032", "BYE 3eae0032"]),
        (&["-b", "--b1"], vec!["MESSAGE multi-2"]),
        (&["--since", "06:00:00.013"], bye.to_vec()),
        (&["--until", "06:00:00.002", "-d", "recv"], vec!["INVITE 3eae0032"]),
        (&["-D", "-b", "incident"], notify.to_vec()),
        (&["-D", "-m", "ACK"], [&invite[..], &["ACK 3eae0032"], &bye].concat()),
        (&["-f", "is:malformed -is:request -is:response"], vec!["(no SIP) no SIP here\0\u{1} -"]),
    ];
    for (args, want) in table {
        assert_eq!(&chosen(args), want, "{args:?}");
    }
}

#[test]
fn options_requests_are_hidden_unless_requested() {
    for (args, there) in [
        (&[][..], false),
        (&["--all-methods"], true),
        (&["-m", "OPTIONS"], true),
        (&["-f", "method:options"], true),
        (&["-g", "pbx"], false),
    ] {
        assert_eq!(chosen(args).iter().any(|line| line.starts_with("OPTIONS")), there, "{args:?}");
    }
}

#[test]
fn nothing_that_matches_is_status_1_and_no_word() {
    for (args, status) in [
        (&["-m", "PUBLISH", "mixed.dump"][..], 1),
        (&["--json", "-c", "nobody", "mixed.dump"], 1),
        (&["--stats", "-c", "nobody", "mixed.dump"], 1),
        (&["just-opened.dump"], 1),
        (&["--stats", "just-opened.dump"], 0),
        (&["mixed.dump"], 0),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(status), "{args:?}");
        assert!(output.stderr.is_empty(), "{args:?}: {output:?}");
    }
}

#[test]
fn standard_input_is_read_like_a_file() {
    let dump = fixture("mixed.dump");
    for args in [&[][..], &["--full", "--all-methods"], &["--raw"], &["-D", "-m", "ACK"], &["--stats"]] {
        let of_file = run(&[args, &["mixed.dump"]].concat());
        let piped = fed(args, &dump);
        let dashed = fed(&[args, &["-"]].concat(), &dump);
        assert_eq!(piped, dashed, "{args:?}");
        let named = String::from_utf8_lossy(&piped.stdout).replace("file        -", "file        mixed.dump");
        assert_eq!(named.as_bytes(), String::from_utf8_lossy(&of_file.stdout).as_bytes(), "{args:?}");
    }
}

#[test]
fn raw_output_is_a_dump_of_the_same_messages() {
    let dump = fixture("mixed.dump");
    let output = run(&["--raw", "--all-methods", "mixed.dump"]);
    let (mut want, mut got) = (MessageReader::new(&dump[..]), MessageReader::new(&output.stdout[..]));
    while let Some(message) = want.next_message().unwrap() {
        let again = got.next_message().unwrap().unwrap();
        assert_eq!(again.content, message.content);
        assert_eq!(
            (again.direction, again.transport, again.address, again.timestamp),
            (message.direction, message.transport, message.address, message.timestamp)
        );
    }
    assert!(got.next_message().unwrap().is_none());
    assert_eq!(got.parse_stats().bytes_skipped(), 0);
}

#[test]
fn frames_of_an_undamaged_dump_equal_the_dump() {
    let dump = fixture("mixed.dump");
    assert_eq!(run(&["--frames", "mixed.dump"]).stdout, dump);
    assert_eq!(fed(&["--frames"], &dump).stdout, dump);
    assert_eq!(run(&["--frames", "-f", "n>0", "--all-methods", "just-opened.dump"]).stdout, b"");
    // A file that is named twice is read once.
    let both = run(&["--frames", "mixed.dump", "just-opened.dump", "./mixed.dump"]).stdout;
    assert!(both == [&dump[..], &fixture("just-opened.dump")].concat());
}

#[test]
fn frames_of_a_damaged_dump_omit_bytes_outside_frames() {
    let dump = fixture("damaged.dump");
    assert_eq!(run(&["--frames", "damaged.dump"]).stdout, [&dump[90..391], &dump[431..]].concat());
}

#[test]
fn selected_frames_contain_matching_messages_and_come_once() {
    let dump = fixture("mixed.dump");
    let mut reader = FrameReader::new(&dump[..]);
    let mut frames = Vec::new();
    while let Some(frame) = reader.next_frame().unwrap() {
        frames.push([frame.header, frame.content, b"\x0b\n"].concat());
    }
    // The NOTIFY begins in frame 6 and ends in frame 8, which also contains the next message.
    for (args, numbers) in [
        (&["-c", "notify"][..], &[6, 8, 9][..]),
        (&["-c", "multi"], &[8]),
        (&["-c", "notify|multi"], &[6, 8, 9]),
        (&["-D", "-b", "incident"], &[6, 8, 9]),
        (&["-D", "-m", "ACK"], &[0, 1, 4, 5, 12, 13]),
        (&["-f", "no SIP here"], &[7]),
    ] {
        let want: Vec<u8> = numbers.iter().flat_map(|number: &usize| frames[*number].clone()).collect();
        let got = run(&[&["--frames", "mixed.dump"], args].concat()).stdout;
        assert_eq!(visible(&got), visible(&want), "{args:?}");
    }
}

#[test]
fn json_contains_the_messages_without_loss() {
    let dump = fixture("mixed.dump");
    let mut messages = MessageReader::new(&dump[..]);
    for line in lines(&["--json", "--all-methods", "mixed.dump"]) {
        let json: Value = serde_json::from_str(&line).unwrap();
        let message = messages.next_message().unwrap().unwrap();
        assert_eq!(json["offset"], message.offset);
        assert_eq!(json["bytes"], message.content.len());
        assert_eq!(json["time"], message.timestamp.to_string());
        let body = json["body"].as_str().unwrap();
        assert!(message.content.ends_with(body.as_bytes()), "{body:?}");
        let lossy = std::str::from_utf8(message.content).is_err();
        assert_eq!(json.get("lossy"), lossy.then_some(&Value::Bool(true)));
    }
    assert!(messages.next_message().unwrap().is_none());
}

#[test]
fn a_closed_output_pipe_is_not_an_error() {
    // The kernel's buffer of the pipe is filled long before the end.
    let dump = fixture("mixed.dump").repeat(2000);
    let mut child = crate::support::program()
        .args(["--full", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut pipe = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || drop(pipe.write_all(&dump)));
        child.wait_with_output().unwrap()
    });
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{output:?}");
}

#[test]
fn control_bytes_of_a_trace_are_escaped_on_a_terminal() {
    let mut pty =
        Pty::sofiatui(&["--full", "--color", "never", "-c", "evil", "tests/fixtures/cli/mixed.dump"]);
    assert!(pty.end().success());
    assert!(!pty.raw.contains(&0x1b), "{}", visible(&pty.raw));
    assert!(String::from_utf8_lossy(&pty.raw).contains(r"\x1b]0;title\x07 text"));
}

#[test]
fn a_terminal_gets_frames_escaped_and_no_libpcap_file() {
    let dump = "tests/fixtures/cli/mixed.dump";
    for mode in ["--raw", "--frames"] {
        let mut pty = Pty::sofiatui(&[mode, "-c", "evil", dump]);
        assert!(pty.end().success());
        let text = String::from_utf8_lossy(&pty.raw);
        assert!(!text.contains('\x1b') && text.contains(r"\x1b]0;title\x07 text"), "{text}");
    }
    let mut pty = Pty::sofiatui(&["--pcap", "-", dump]);
    assert_eq!(pty.end().exit_code(), 2);
    assert!(String::from_utf8_lossy(&pty.raw).contains("--pcap: a terminal cannot show"));
}

/// What tshark reads of the libpcap file: source, destination, ports, time, method or status code of each packet.
#[test]
fn tshark_reads_the_messages_where_it_is_installed() {
    let pcap =
        run(&["--pcap", "-", "-m", "INVITE", "-m", "NOTIFY", "--local", "203.0.113.5", "mixed.dump"]).stdout;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.pcap");
    std::fs::write(&path, pcap).unwrap();
    let fields = ["frame.time_epoch", "ip.src", "ip.dst", "ipv6.src", "sip.Method", "sip.Status-Code"];
    let mut tshark = Command::new("tshark");
    tshark
        .args(["-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-T", "fields", "-r"])
        .arg(&path);
    for field in fields {
        tshark.args(["-e", field]);
    }
    let output = match tshark.output() {
        Ok(output) => output,
        Err(error) => {
            return crate::tools::tool_is_missing(
                "tshark_reads_the_messages",
                &format_args!("tshark: {error}"),
            );
        }
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let want = [
        ["198.51.100.9", "203.0.113.5", "", "INVITE", ""],
        ["203.0.113.5", "198.51.100.9", "", "", "100"],
        ["203.0.113.5", "198.51.100.9", "", "", "200"],
        ["", "", "2001:db8::7", "NOTIFY", ""],
        ["", "", "2001:db8::1", "", "200"],
    ];
    let times: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert!(
        times.iter().zip([1, 2, 5, 7, 10]).all(|(t, ms)| t.starts_with(&format!("1769925600.{ms:03}"))),
        "{times:?}"
    );
    assert_eq!(rows.iter().map(|row| &row[1..]).collect::<Vec<_>>(), want);
}

#[test]
fn the_built_in_sample_is_printed() {
    let stats: Value =
        serde_json::from_str(&lines(&["--demo", "--stats", "--json", "--all-methods"])[0]).unwrap();
    assert_eq!(stats["files"].as_array().unwrap().len(), 3);
    assert_eq!(stats["skipped_bytes"], 0);
    assert_eq!(
        (&stats["frames"], &stats["messages"], &stats["call_ids"]),
        (&383.into(), &379.into(), &61.into())
    );
    assert_eq!(stats["losses"], Value::Array(Vec::new()));
    let peers = stats["peers"].as_object().unwrap().values().map(|count| count.as_u64().unwrap());
    assert_eq!(peers.sum::<u64>(), 379);
}

#[test]
fn help_and_version_are_printed() {
    let short = lines(&["-h"]).join("\n");
    let long = lines(&["--help"]).join("\n");
    assert!(long.len() > 2 * short.len());
    for text in [&short, &long] {
        assert!(text.contains("Usage: sofiatui [OPTIONS] [FILE]...") && text.contains("Examples:"), "{text}");
    }
    assert!(long.contains("Exit status:"), "{long}");
    assert_eq!(lines(&["--version"]), [format!("sofiatui {}", env!("CARGO_PKG_VERSION"))]);
}

#[test]
fn a_text_that_cannot_be_written_is_status_2() {
    for args in [&["--help"][..], &["-h"], &["--version"], &["--man"], &["--completions", "bash"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let status = crate::support::program().args(args).stdout(full).output().unwrap();
        assert_eq!(status.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&status.stderr).contains("standard output"), "{args:?}");
    }
}

#[test]
fn a_standard_output_that_is_not_open_for_writing_is_status_2_in_every_mode() {
    let file = fixtures().join("mixed.dump");
    for mode in [
        "--summary",
        "--full",
        "--headers",
        "--body",
        "--json",
        "--raw",
        "--frames",
        "--stats",
        "--stats --json",
        "--ladder",
        "--calls",
        "--calls --json",
        "--legs --ladder",
        "--pcap -",
        "--help",
        "-h",
        "--version",
        "--print-config",
    ] {
        let mut command = crate::support::program();
        command.args(mode.split(' ')).arg(&file).stdout(std::fs::File::open("/dev/null").unwrap());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.starts_with("sofiatui: standard output: "), "{mode}: {said}");
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{mode}: {said}");
    }
}

#[test]
fn no_file_takes_the_number_of_a_closed_standard_stream() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x.dump"), fixture("mixed.dump")).unwrap();
    let run = |args: &str| {
        let mut shell = crate::support::shell();
        let script = format!("\"$0\" {args}");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_sofiatui")]).current_dir(dir.path()).status().unwrap()
    };
    assert!(run("--pcap open.pcap x.dump").success());
    assert!(run("--pcap closed.pcap x.dump <&- >&- 2>&-").success());
    assert_eq!(run("--pcap no.pcap x.dump missing.dump <&- >&- 2>&-").code(), Some(2));
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert_eq!(read("closed.pcap"), read("open.pcap"));
    assert_eq!(read("no.pcap"), read("open.pcap"));
    assert_eq!(read("x.dump"), fixture("mixed.dump"));
}

#[test]
fn completions_and_man_page_are_printed() {
    for (args, start) in [
        (["--completions", "bash"].as_slice(), "_sofiatui() {"),
        (&["--completions", "zsh"], "#compdef sofiatui"),
        (&["--completions", "fish"], "complete -c sofiatui"),
        (&["--man"], ".TH SOFIATUI 1"),
    ] {
        assert!(lines(args).iter().any(|line| line.starts_with(start)), "{args:?}");
    }
    let output = run(&["--man", "mixed.dump"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn a_directory_is_printed_profile_by_profile_in_the_order_of_their_names() {
    let dir = tempfile::tempdir().unwrap();
    let (mixed, opened) = (fixture("mixed.dump"), fixture("just-opened.dump"));
    let files = [
        ("external.dump", &mixed),
        ("internal/internal.dump.1", &mixed),
        ("internal/internal.dump", &mixed),
        ("esinet/esinet.dump", &opened),
        ("notes.txt", &b"nothing\n".to_vec()),
    ];
    for (name, bytes) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let named = ["esinet/esinet.dump", "external.dump", "internal/internal.dump.1", "internal/internal.dump"];
    for mode in ["--frames", "--summary", "--stats"] {
        let one_by_one: Vec<String> = std::iter::once(mode.to_owned()).chain(named.map(path)).collect();
        let want = run(&one_by_one.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(run(&[mode, dir.path().to_str().unwrap()]), want, "{mode}");
        assert!(want.status.success() && want.stdout.len() > 100, "{mode}");
    }
}
