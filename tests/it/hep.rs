//! The real program sends HEP3 to receivers on this machine: one of ours, which takes packets apart, and sngrep.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::follow::{Folder, Following, frame};
use crate::support::{fixture, program};
use crate::tools::tool_is_missing;

/// The longest wait for what must come.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// `HH:MM:SS.uuuuuu` in microseconds.
fn time_of_day(text: &str) -> i64 {
    let (clock, micros) = text.split_once('.').unwrap();
    let seconds = clock.split(':').fold(0, |sum, part| sum * 60 + part.parse::<i64>().unwrap());
    seconds * 1_000_000 + micros.parse::<i64>().unwrap()
}

/// A line of tshark: the time of the day in microseconds, and the addresses.
fn row_of(line: &str) -> String {
    let (time, rest) = line.split_once('\t').unwrap();
    let (seconds, nanos) = time.split_once('.').unwrap();
    let micros = seconds.parse::<i64>().unwrap() * 1_000_000 + nanos.parse::<i64>().unwrap() / 1000;
    format!("{}\t{rest}", micros.rem_euclid(DAY))
}

/// A packet, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Packet {
    chunks: BTreeMap<u16, Vec<u8>>,
}

impl Packet {
    /// Takes the first packet of `bytes` apart; returns its length, too.
    fn first(bytes: &[u8]) -> Option<(Self, usize)> {
        let head = bytes.get(..6)?;
        assert_eq!(&head[..4], b"HEP3");
        let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
        let (mut rest, mut chunks) = (bytes.get(6..length)?, BTreeMap::new());
        while !rest.is_empty() {
            let number = |at: usize| u16::from_be_bytes([rest[at], rest[at + 1]]);
            let (vendor, kind, length) = (number(0), number(2), usize::from(number(4)));
            assert_eq!(vendor, 0);
            assert_eq!(chunks.insert(kind, rest[6..length].to_vec()), None, "chunk {kind} comes twice");
            rest = &rest[length..];
        }
        Some((Self { chunks }, length))
    }

    fn text(&self, kind: u16) -> String {
        String::from_utf8_lossy(self.chunks.get(&kind).map_or(b"", Vec::as_slice)).into_owned()
    }

    fn number(&self, kind: u16) -> u64 {
        self.chunks[&kind].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    fn address(&self, [v4, v6, port]: [u16; 3]) -> SocketAddr {
        let ip = match self.number(1) {
            2 => IpAddr::from(<[u8; 4]>::try_from(self.chunks[&v4].as_slice()).unwrap()),
            10 => IpAddr::from(<[u8; 16]>::try_from(self.chunks[&v6].as_slice()).unwrap()),
            family => panic!("family {family}"),
        };
        SocketAddr::new(ip, self.number(port) as u16)
    }

    fn from(&self) -> SocketAddr {
        self.address([3, 5, 7])
    }

    fn to(&self) -> SocketAddr {
        self.address([4, 6, 8])
    }

    fn micros(&self) -> i64 {
        (self.number(9) * 1_000_000 + self.number(10)) as i64
    }

    fn message(&self) -> String {
        self.text(15)
    }

    fn call_id(&self) -> String {
        let message = self.message();
        let line = message.lines().find(|line| line.to_ascii_lowercase().starts_with("call-id:"));
        line.map_or_else(String::new, |line| line[8..].trim().to_owned())
    }
}

/// Receives datagrams.
struct Receiver(UdpSocket);

impl Receiver {
    fn new() -> Self {
        Self::at(0)
    }

    fn at(port: u16) -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", port)).unwrap();
        socket.set_read_timeout(Some(TIMEOUT)).unwrap();
        Self(socket)
    }

    fn target(&self) -> String {
        format!("udp:{}", self.0.local_addr().unwrap())
    }

    fn next(&self) -> Packet {
        let mut bytes = vec![0; 1 << 16];
        let length = self.0.recv(&mut bytes).unwrap();
        let (packet, used) = Packet::first(&bytes[..length]).unwrap();
        assert_eq!(used, length);
        packet
    }

    /// Runs the program, and returns what arrived by the time that it ended.
    fn run(&self, args: &[&str]) -> (Output, Vec<Packet>) {
        // Few enough that the socket's buffer never overflows between two reads.
        let target = self.target();
        let mut child = program()
            .env("TZ", "UTC")
            .args(["--hep", &target, "--hep-rate", "3000"])
            .args(args)
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut packets = Vec::new();
        self.0.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let mut bytes = vec![0; 1 << 16];
        loop {
            let is_over = child.try_wait().unwrap().is_some();
            while let Ok(length) = self.0.recv(&mut bytes) {
                packets.push(Packet::first(&bytes[..length]).unwrap().0);
            }
            if is_over {
                break;
            }
        }
        self.0.set_read_timeout(Some(TIMEOUT)).unwrap();
        (child.wait_with_output().unwrap(), packets)
    }
}

fn json(args: &[&str]) -> Vec<Value> {
    let output = program().arg("--json").args(args).output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn legs() -> Vec<String> {
    let names = ["internal", "external", "esinet"];
    names.map(|name| fixture(&format!("legs/{name}.dump.xz")).to_string_lossy().into_owned()).to_vec()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn count_order_addresses_times_and_texts_are_those_of_json() {
    let receiver = Receiver::new();
    let files = legs();
    let mut args: Vec<&str> = files.iter().map(String::as_str).collect();
    args.push("--all-methods");
    let messages = json(&args);
    args.extend(["--hep-id", "77", "--hep-node", "fs1"]);
    let (output, packets) = receiver.run(&args);
    assert_eq!((packets.len(), output.status.code()), (messages.len(), Some(0)), "{}", said(&output));
    assert!(messages.len() > 500);
    for (packet, message) in packets.iter().zip(&messages) {
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        // The dump says only the time of the day.
        assert_eq!(packet.micros().rem_euclid(DAY), time_of_day(&text("time")));
        let peer = if text("direction") == "recv" { packet.from() } else { packet.to() };
        assert_eq!(format!("[{}]:{}", peer.ip(), peer.port()), text("address"));
        assert_eq!(packet.call_id(), text("call_id"));
        assert_eq!(packet.number(2), if text("transport") == "udp" { 17 } else { 6 });
        let kind = [packet.number(11), packet.number(12)];
        assert_eq!((kind, packet.text(19).as_str()), ([1, 77], "fs1"));
        let start = match &message["request"] {
            Value::Object(request) => format!(
                "{} {} SIP/2.0",
                request["method"].as_str().unwrap(),
                request["uri"].as_str().unwrap()
            ),
            _ => format!(
                "SIP/2.0 {} {}",
                message["response"]["status"],
                message["response"]["reason"].as_str().unwrap()
            ),
        };
        assert_eq!(packet.message().lines().next(), Some(start.as_str()));
        assert_eq!(packet.chunks[&15].len() as u64, message["bytes"].as_u64().unwrap());
    }
}

#[test]
fn all_legs_of_a_call_have_the_correlation_id_of_its_first_leg() {
    let receiver = Receiver::new();
    let files = legs();
    let args: Vec<&str> = files.iter().map(String::as_str).collect();
    let (_, packets) = receiver.run(&args);
    let mut by_call_id: HashMap<String, HashSet<String>> = HashMap::new();
    for packet in &packets {
        by_call_id.entry(packet.call_id()).or_default().insert(packet.text(17));
    }
    let calls = json(&[&args[..], &["--calls"]].concat());
    let mut joined = 0;
    for call in calls.iter().filter(|call| call.get("legs").is_some()) {
        let ids: Vec<&str> =
            call["legs"].as_array().unwrap().iter().map(|leg| leg["call_id"].as_str().unwrap()).collect();
        for id in &ids {
            assert_eq!(by_call_id[*id], HashSet::from([ids[0].to_owned()]), "{id}");
        }
        joined += usize::from(ids.len() > 1);
    }
    assert!(joined > 30, "{joined}");
    // What belongs to no call has its own Call-ID.
    let (_, packets) = receiver.run(&["--demo", "-m", "REGISTER"]);
    let register = &packets[0];
    assert_eq!(register.text(17), register.call_id());
}

#[test]
fn tcp_carries_one_packet_after_the_other() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("tcp:{}", listener.local_addr().unwrap());
    let receiving = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        listener.accept().unwrap().0.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let some = ["--demo", "-D", "-H", "To=1012"];
    let output = program().args(some).args(["--hep", &target]).output().unwrap();
    let bytes = receiving.join().unwrap();
    let mut rest = bytes.as_slice();
    let mut packets = 0;
    while let Some((_, length)) = Packet::first(rest) {
        packets += 1;
        rest = &rest[length..];
    }
    let lines = program().args(some).output().unwrap().stdout;
    let lines = String::from_utf8(lines).unwrap().lines().count();
    assert_eq!((rest.len(), packets), (0, lines));
    assert!(packets > 10 && said(&output).starts_with(&format!("sofiatui: {packets} messages sent to tcp:")));
}

#[test]
fn our_address_can_be_named_and_is_found_otherwise() {
    let receiver = Receiver::new();
    let (_, packets) = receiver.run(&["--demo", "-m", "REGISTER"]);
    assert!(
        packets.iter().all(|packet| [packet.from(), packet.to()]
            .iter()
            .any(|one| one.ip().to_string() == "203.0.113.5"))
    );
    let (_, packets) = receiver.run(&["--demo", "-m", "REGISTER", "--local", "203.0.113.99:5099"]);
    let ours: SocketAddr = "203.0.113.99:5099".parse().unwrap();
    assert!(!packets.is_empty() && packets.iter().all(|packet| [packet.from(), packet.to()].contains(&ours)));
}

#[test]
fn times_are_read_in_the_time_zone_that_tz_names() {
    let receiver = Receiver::new();
    let path = fixture("real-calls/busy.dump");
    let mut micros = Vec::new();
    for zone in ["UTC", "XYZ-2"] {
        let target = receiver.target();
        let output = program().env("TZ", zone).arg("--hep").arg(&target).arg(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        micros.push(receiver.next().micros());
        let sent: usize = said(&output).split_whitespace().nth(1).unwrap().parse().unwrap();
        (1..sent).for_each(|_| drop(receiver.next()));
    }
    // The file says only the time of the day; its date is found in the same way in both runs.
    assert_eq!((micros[0] - micros[1]).rem_euclid(86_400_000_000), 2 * 3_600_000_000);
}

#[test]
fn a_message_over_64_kib_is_reported_and_the_others_are_sent() {
    let folder = Folder::new();
    let long = String::from_utf8(frame("long")).unwrap();
    let body = "x".repeat(70_000);
    let (head, _) = long.split_once("\r\n\r\n").unwrap();
    let message =
        format!("{}\r\n\r\n{body}", head.split_once('\n').unwrap().1.replace("Length: 2", "Length: 70000"));
    let header = format!("recv {} bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n", message.len());
    folder.append("x.dump", &frame("first"));
    folder.append("x.dump", &[header.as_bytes(), message.as_bytes(), b"\x0b\n"].concat());
    folder.append("x.dump", &frame("last"));
    let receiver = Receiver::new();
    let path = folder.path("x.dump").to_string_lossy().into_owned();
    let (output, packets) = receiver.run(&[&path]);
    let ids: Vec<String> = packets.iter().map(Packet::call_id).collect();
    assert_eq!((ids, output.status.code()), (vec!["first".to_owned(), "last".to_owned()], Some(2)));
    let at = frame("first").len() + header.len();
    let wanted = format!(":{at}: not sent: a message of {} bytes", message.len());
    assert!(said(&output).contains(&wanted), "{}", said(&output));
}

#[test]
fn a_receiver_that_is_not_there_is_an_error() {
    let gone = Receiver::new().target();
    for target in [gone.clone(), gone.replace("udp", "tcp"), "udp:nosuch.invalid:9060".to_owned()] {
        let output = program().args(["--demo", "--hep", &target]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{target}");
        let said = said(&output);
        assert!(said.contains(&format!("--hep {target}: ")) && said.contains("0 messages sent"), "{said}");
    }
    let output = program().args(["--demo", "--hep", "homer"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--hep: expected udp:HOST:PORT"), "{}", said(&output));
}

#[test]
fn another_run_goes_on_where_the_last_one_ended_also_after_rotation() {
    let folder = Folder::new();
    let (receiver, record) = (Receiver::new(), folder.path("record").to_string_lossy().into_owned());
    let files =
        ["x.dump", "x.dump.1", "x.dump.2.gz"].map(|name| folder.path(name).to_string_lossy().into_owned());
    let run = |files: &[&str]| {
        let (output, packets) = receiver.run(&[files, &["--hep-resume", &record][..]].concat());
        let ids: Vec<String> = packets.iter().map(Packet::call_id).collect();
        (ids.join(" "), said(&output))
    };
    folder.append("x.dump", &[frame("1"), frame("2")].concat());
    assert_eq!(run(&[&files[0]]).0, "1 2");
    folder.append("x.dump", &frame("3"));
    let (ids, said) = run(&[&files[0]]);
    assert_eq!(ids, "3");
    assert!(said.contains("1 message sent to") && said.contains("(2 were dealt with before)"), "{said}");
    folder.append("x.dump", &frame("4"));
    folder.rename("x.dump", "x.dump.1");
    folder.append("x.dump", &frame("5"));
    assert_eq!(run(&[&files[0], &files[1]]).0, "4 5");
    compress(&folder.path("x.dump.1"), Path::new(&files[2]));
    fs::remove_file(folder.path("x.dump.1")).unwrap();
    folder.append("x.dump", &frame("6"));
    assert_eq!(run(&[&files[0], &files[2]]).0, "6");
    assert_eq!(run(&[&files[0], &files[2]]).0, "");
    // Another file is not taken for a record.
    fs::write(folder.path("record"), "notes of my own\n").unwrap();
    let (ids, said) = run(&[&files[0]]);
    assert!(ids.is_empty() && said.contains("is not a file of --hep-resume"), "{said}");
    assert_eq!(fs::read_to_string(folder.path("record")).unwrap(), "notes of my own\n");
}

fn compress(from: &Path, to: &Path) {
    let mut encoder =
        flate2::write::GzEncoder::new(fs::File::create(to).unwrap(), flate2::Compression::fast());
    encoder.write_all(&fs::read(from).unwrap()).unwrap();
    encoder.finish().unwrap();
}

#[test]
fn what_is_followed_is_sent_as_it_happens_and_a_receiver_that_was_away_gets_all() {
    let folder = Folder::new();
    folder.append("x.dump", &[frame("1"), frame("2")].concat());
    // A free port on which nobody listens yet.
    let port = Receiver::new().0.local_addr().unwrap().port();
    let target = format!("udp:127.0.0.1:{port}");
    let record = folder.path("record").to_string_lossy().into_owned();
    let args = ["x.dump", "--hep", &target, "--hep-resume", &record];
    let mut program = Following::start(&folder, &args);
    program.complaints.until(&["2 messages wait; the receiver is tried every second"]);
    folder.append("x.dump", &frame("3"));
    let receiver = Receiver::at(port);
    assert_eq!([(); 3].map(|()| receiver.next().call_id()), ["1", "2", "3"]);
    program.complaints.until(&["the receiver is there again"]);
    // Rotation while it runs.
    folder.rename("x.dump", "x.dump.1");
    let begin = Instant::now();
    folder.append("x.dump", &frame("4"));
    assert_eq!(receiver.next().call_id(), "4");
    assert!(begin.elapsed() < Duration::from_secs(5));
    let (_, complaints, status) = program.interrupt();
    assert!(complaints.contains("4 messages sent to udp:127.0.0.1:"), "{complaints}");
    assert_eq!(status.code(), Some(0));
    // Another run sends only what is new.
    folder.append("x.dump", &frame("5"));
    let program = Following::start(&folder, &args);
    assert_eq!(receiver.next().call_id(), "5");
    let (_, complaints, _) = program.interrupt();
    assert!(complaints.contains("1 message sent"), "{complaints}");
}

#[test]
fn sngrep_receives_every_message_with_its_time_and_addresses() {
    let name = "sngrep_receives_every_message";
    if let Err(error) = Command::new("sngrep").arg("--version").output() {
        return tool_is_missing(name, &format_args!("sngrep: {error}"));
    }
    if let Err(error) = Command::new("tshark").arg("--version").output() {
        return tool_is_missing(name, &format_args!("tshark: {error}"));
    }
    let folder = Folder::new();
    let pcap = folder.path("received.pcap");
    let port = Receiver::new().0.local_addr().unwrap().port();
    let mut sngrep = Command::new("sngrep")
        .args(["-N", "-q", "-L", &format!("udp:127.0.0.1:{port}"), "-O"])
        .arg(&pcap)
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let target = format!("udp:127.0.0.1:{port}");
    // The HEP receiver of sngrep takes no IPv6 addresses.
    let some = ["--demo", "-f", "-addr:2001"];
    let send = || {
        let mut send = program();
        send.env("TZ", "UTC").args(some).args(["--hep", &target, "--hep-rate", "1000"]).output().unwrap()
    };
    let end = Instant::now() + TIMEOUT;
    // It listens a moment after it starts: until then nothing is sent.
    let output = loop {
        let output = send();
        if output.status.success() || Instant::now() > end {
            break output;
        }
    };
    let messages = json(&some);
    assert!(said(&output).contains(&format!("{} messages sent", messages.len())), "{}", said(&output));
    let fields = ["frame.time_epoch", "ip.src", "ip.dst"];
    let rows = loop {
        let mut tshark = Command::new("tshark");
        tshark.args(["-T", "fields", "-r"]).arg(&pcap);
        for field in fields {
            tshark.args(["-e", field]);
        }
        let text = String::from_utf8(tshark.output().unwrap().stdout).unwrap();
        let rows: Vec<String> = text.lines().map(row_of).collect();
        // It writes what it received a moment later.
        if rows.len() >= messages.len() || Instant::now() > end {
            break rows;
        }
    };
    let _ = sngrep.kill();
    let _ = sngrep.wait();
    let want: Vec<String> = messages
        .iter()
        .map(|message| {
            let micros = time_of_day(message["time"].as_str().unwrap());
            let peer = message["address"].as_str().unwrap();
            let peer = peer[1..].split(']').next().unwrap();
            let [from, to] = match message["direction"].as_str() {
                Some("recv") => [peer, "203.0.113.5"],
                _ => ["203.0.113.5", peer],
            };
            format!("{micros}\t{from}\t{to}")
        })
        .collect();
    assert_eq!(rows.len(), want.len());
    let differs = rows.iter().zip(&want).find(|(row, want)| row != want);
    assert_eq!(differs, None);
}
