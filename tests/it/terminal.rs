//! The real program in a real pseudo-terminal: what a user does, from start to end.

use portable_pty::CommandBuilder;
use sofiatui::tui::guard::Guard;
use sofiatui::{ParsedMessageIterator, SipMessageType};

use crate::pty::Pty;

/// The SDP of the first INVITE of the built-in sample, read by the library.
fn first_invite() -> sofiatui::ParsedSipMessage {
    let mut inputs = sofiatui::load::input::demo();
    let internal = inputs.swap_remove(0).unwrap();
    ParsedMessageIterator::new(internal.reader)
        .map(Result::unwrap)
        .find(|m| matches!(&m.message_type, SipMessageType::Request { method, .. } if method == "INVITE"))
        .unwrap()
}

#[test]
fn a_session_from_the_list_to_the_copied_sdp_works() {
    let invite = first_invite();
    let call_id = invite.call_id().unwrap();
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded().until(&["sofiatui", "REGISTER", "Headers"]);
    // The list narrows at each key.
    pty.keys("/method:inv").until(&["method:inv"]);
    pty.keys("ite").gone("REGISTER sip:").until(&["method:invite"]);
    pty.keys(&format!(" call-id:{call_id}")).until(&[call_id, "6 of 379"]);
    pty.keys("\r").until(&["ladder"]);
    pty.keys("g").keys("ys").until(&["sent SDP"]);
    assert_eq!(String::from_utf8_lossy(&pty.copies()[0]), String::from_utf8_lossy(&invite.body));
    // The ladder, and back to the same place.
    let before = pty.text();
    pty.keys("d").until(&["internal", "├"]);
    pty.keys("d").gone("├");
    let lines = |text: &str| text.lines().take(10).map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&pty.text()), lines(&before));
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    assert!(pty.is_restored());
}

#[test]
fn each_copy_is_exact() {
    let invite = first_invite();
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded().keys(&format!("/call-id:{} method:invite is:request\r", invite.call_id().unwrap()));
    pty.until(&["2 of 379"]).keys("g");
    pty.keys("yc").until(&["sent Call-ID"]).keys("yb").until(&["sent body"]);
    pty.keys("ym").until(&["sent message"]).keys("yp").until(&["sent sdp part"]);
    let copies = pty.copies();
    assert_eq!(copies[0], invite.call_id().unwrap().as_bytes());
    assert_eq!(copies[1], invite.body);
    assert!(copies[2].starts_with(b"INVITE ") && copies[2].ends_with(&invite.body));
    assert_eq!(copies[3], invite.body);
}

#[test]
fn the_copied_filter_command_prints_what_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let dump = dir.path().join("it's a.dump");
    let mut text = Vec::new();
    let mut demo = sofiatui::load::input::demo().swap_remove(0).unwrap();
    std::io::Read::read_to_end(&mut demo.reader, &mut text).unwrap();
    std::fs::write(&dump, text).unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_sofiatui")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    for (keys, seen, lines, words) in [
        ("/method:options or \"it's\" or status:4xx\r", "43 of 271", 43, "--all-methods -f"),
        // A heading and two calls.
        ("c/state:busy\r", "2 shown", 3, "--calls --all-methods -f state:busy"),
    ] {
        let mut pty = Pty::sofiatui(&[dump.to_str().unwrap()]);
        pty.loaded().keys(keys).until(&[seen]);
        pty.keys("yf").until(&["sent command"]);
        let command = String::from_utf8(pty.copies().remove(0)).unwrap();
        assert!(command.contains(words), "{command}");
        let mut shell = crate::support::shell();
        let printed = shell.args(["-c", &command]).env("PATH", &path).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&printed.stdout).lines().count(), lines, "{command}");
    }
}

#[test]
fn the_terminal_is_restored_after_every_signal() {
    for (name, number) in [
        ("TERM", "Terminated"),
        ("INT", "Interrupt"),
        ("HUP", "Hangup"),
        ("QUIT", "Quit"),
        ("USR1", "User defined signal 1"),
        ("USR2", "User defined signal 2"),
        ("ALRM", "Alarm clock"),
    ] {
        let mut pty = Pty::sofiatui(&["--demo"]);
        pty.loaded().signal(name);
        let status = pty.end();
        assert!(pty.is_restored(), "{name}");
        assert!(!status.success(), "{name}: {status:?}");
        assert_eq!(status.signal(), Some(number), "{name}");
    }
}

#[test]
fn a_closed_window_ends_the_program_like_sighup() {
    for keys in ["", "/from:x", "d"] {
        let mut pty = Pty::sofiatui(&["--demo"]);
        pty.loaded().keys(keys);
        let status = pty.close_window();
        assert_eq!(status.signal(), Some("Hangup"), "{keys:?}: {status:?}");
    }
}

/// There is no SIGHUP where the terminal is not the controlling one.
#[cfg(target_os = "linux")]
#[test]
fn a_closed_window_ends_the_program_without_a_signal_too() {
    let dir = tempfile::tempdir().unwrap();
    let status = dir.path().join("status");
    let mut shell = CommandBuilder::new("sh");
    let program = env!("CARGO_BIN_EXE_sofiatui");
    shell.args(["-c", &format!("trap '' HUP; setsid {program} --demo; echo $? > {}", status.display())]);
    let mut pty = Pty::start(shell);
    pty.until(&["379 messages"]);
    pty.close_window();
    // 128 and the number of SIGHUP.
    assert_eq!(std::fs::read_to_string(status).unwrap(), "129\n");
}

#[test]
fn what_cannot_be_shown_is_told_in_the_shell() {
    let dir = tempfile::tempdir().unwrap();
    let noise = dir.path().join("noise.dump");
    std::fs::write(&noise, vec![b'x'; 5000]).unwrap();
    let gone = dir.path().join("gone.dump");
    for (paths, said) in [(vec![&noise], "is not a mod_sofia dump"), (vec![&gone, &noise], "no such file")] {
        let mut pty = Pty::sofiatui(&paths.iter().map(|path| path.to_str().unwrap()).collect::<Vec<_>>());
        let status = pty.end();
        assert_eq!(status.exit_code(), 2, "{said}");
        assert!(pty.text().replace('\n', "").contains(said), "{}", pty.text());
        assert!(!String::from_utf8_lossy(&pty.raw).contains("\x1b[?1049h"), "the screen was taken");
    }
}

#[test]
fn control_c_quits_everywhere() {
    for keys in ["", "/from:x", "?", "d", "y"] {
        let mut pty = Pty::sofiatui(&["--demo"]);
        pty.loaded().keys(keys).keys("\x03");
        assert_eq!(pty.end().exit_code(), 0, "{keys:?}");
        assert!(pty.is_restored(), "{keys:?}");
    }
}

#[test]
fn the_terminal_is_restored_after_a_panic_and_the_report_is_readable() {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", "terminal::panic_in_raw_mode", "--ignored", "--nocapture"]);
    let mut pty = Pty::start(command);
    let status = pty.end();
    assert!(!status.success());
    assert!(pty.is_restored());
    assert!(pty.text().contains("the report"), "{}", pty.text());
}

#[test]
#[ignore = "run in a pseudo-terminal by the test above"]
fn panic_in_raw_mode() {
    let _guard = Guard::take(true, String::new()).unwrap();
    panic!("the report");
}

#[test]
fn a_resize_at_any_moment_is_handled() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded();
    for (cols, rows) in [(160, 45), (80, 24), (20, 5), (10, 3), (200, 60)] {
        pty.resize(cols, rows);
    }
    pty.loaded().until(&["Via  ", "quit"]).keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn the_mouse_selects_rows_and_tabs_and_scrolls() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded().until(&["Raw"]);
    let screen = pty.text();
    let (row, line) = screen.lines().enumerate().find(|(_, l)| l.contains(" Raw ")).unwrap();
    let column = line.chars().count() - line.split(" Raw ").last().unwrap().chars().count() - 2;
    pty.keys(&format!("\x1b[<0;{};{}M\x1b[<0;{};{}m", column, row + 1, column, row + 1));
    pty.until(&["frame 1 of 1"]);
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn an_unreadable_file_is_a_banner_and_the_others_load() {
    let dir = tempfile::tempdir().unwrap();
    let noise = dir.path().join("noise.dump");
    std::fs::write(&noise, vec![b'x'; 5000]).unwrap();
    let fixture = dir.path().join("good.dump");
    let mut text = Vec::new();
    let mut demo = sofiatui::load::input::demo().swap_remove(0).unwrap();
    std::io::Read::read_to_end(&mut demo.reader, &mut text).unwrap();
    std::fs::write(&fixture, text).unwrap();
    let mut pty = Pty::sofiatui(&[noise.to_str().unwrap(), fixture.to_str().unwrap()]);
    pty.loaded().until(&["is not a mod_sofia dump", "REGISTER"]).keys("q");
    pty.end();
}

#[test]
fn redraw_sends_no_query_to_a_terminal_that_does_not_answer() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded().until(&["379 messages", "Headers"]);
    let lines = |pty: &Pty| pty.text().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    let before = lines(&pty);
    for _ in 0..3 {
        pty.keys("\x0c").until_written("\x1b[2J").loaded().until(&["Headers", "quit"]);
    }
    assert_eq!(lines(&pty), before);
    pty.resize(90, 30).until_written("\x1b[2J").loaded().resize(100, 30).until_written("\x1b[2J");
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    assert!(!String::from_utf8_lossy(&pty.raw).contains("\x1b[6n"), "a query of the cursor's position");
}

#[test]
fn a_key_that_arrives_with_another_size_counts() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded();
    // Not Esc: with the next key it would be an Alt key.
    for round in 0..40 {
        pty.resize(90 + round % 2 * 10, 30).keys("?").until(&["Help"]).resize(95, 30).keys("?").gone("Help");
    }
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn a_long_paste_arrives_whole() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    let text = format!("{}end", "a".repeat(5000));
    pty.loaded().keys("/").keys(&format!("\x1b[200~{text}\x1b[201~")).until(&["aend"]);
    pty.keys("\x03");
    assert_eq!(pty.end().exit_code(), 0);
}

/// An interactive shell that waits for a command.
fn shell() -> Pty {
    let mut shell = CommandBuilder::new("sh");
    shell.arg("-i");
    shell.env("PS1", "$ ");
    shell.env("ENV", "");
    let mut pty = Pty::start(shell);
    pty.until(&["$ "]);
    pty
}

#[test]
fn suspend_also_stops_the_writer_of_standard_input() {
    let dir = tempfile::tempdir().unwrap();
    let dump = dir.path().join("x.dump");
    let mut demo = sofiatui::load::input::demo().swap_remove(0).unwrap();
    std::io::copy(&mut demo.reader, &mut std::fs::File::create(&dump).unwrap()).unwrap();
    let mut pty = shell();
    let program = env!("CARGO_BIN_EXE_sofiatui");
    // The feeder still runs when the program is stopped.
    pty.keys(&format!("(cat {}; sleep 30) | {program} -\r", dump.display()));
    pty.until(&["REGISTER", "Headers"]).keys("\x1a").until(&["Stopped"]);
    pty.keys("echo back-$((1+1))\r").until(&["back-2"]);
    pty.keys("fg\r").until(&["REGISTER", "Headers", "quit"]).keys("q").gone("Headers");
    pty.restored();
}

/// A shell in which the browser runs, and the browser's process.
fn shell_with_browser() -> (Pty, String) {
    let mut pty = shell();
    let program = env!("CARGO_BIN_EXE_sofiatui");
    pty.keys(&format!("{program} --demo\r")).until(&["REGISTER", "Headers"]);
    let children = std::process::Command::new("pgrep").args(["-P", &pty.pid().to_string()]).output().unwrap();
    let browser = String::from_utf8(children.stdout).unwrap().trim().to_owned();
    (pty, browser)
}

fn send(signal: &str, process: &str) {
    assert!(std::process::Command::new("kill").args(["-s", signal, process]).status().unwrap().success());
}

#[test]
fn a_program_that_is_stopped_by_a_signal_restores_the_terminal_and_continues() {
    let (mut pty, browser) = shell_with_browser();
    for round in 0..2 {
        send("TSTP", &browser);
        // What the shell wrote in the round before is still on its screen.
        pty.gone("REGISTER").until(&["Stopped"]);
        pty.keys(&format!("clear; stty -a; echo round-$(({round}+10))\r"));
        pty.until(&[" icanon", " echo ", &format!("round-{}", round + 10)]);
        pty.restored();
        pty.keys("fg\r").until(&["REGISTER", "Headers", "quit"]);
    }
    pty.keys("q").gone("Headers");
    pty.restored();
}

#[test]
fn a_program_that_was_stopped_without_notice_draws_everything_again() {
    let (mut pty, browser) = shell_with_browser();
    for (round, name) in ["STOP", "TTIN", "TTOU"].into_iter().enumerate() {
        send(name, &browser);
        pty.until(&["Stopped"]);
        // The shell may not have set the modes that it needs, so this line ends with a line feed.
        pty.keys(&format!("stty sane; clear; echo round-$(({round}+10))\n"));
        pty.until(&[&format!("round-{}", round + 10)]).gone("Headers");
        pty.keys("fg\r").until(&["REGISTER", "Headers", "quit"]).gone("round-");
        // In raw mode a key needs no line feed.
        pty.keys("?").until(&["Help"]).keys("\x1b").gone("Help").until(&["Headers"]);
    }
    pty.keys("q").gone("Headers");
    pty.restored();
}

#[test]
fn without_a_shell_that_could_continue_it_the_program_is_not_stopped() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    // Keys count from when the terminal is the program's again: before, the terminal itself would take Ctrl-Z.
    let again = "\x1b[?1049h";
    pty.loaded().signal("TSTP").until_written(again);
    pty.keys("?").until(&["Help"]).keys("\x1b").gone("Help");
    pty.keys("\x1a").until_written(again).keys("?").until(&["Help"]).keys("\x1b").gone("Help").keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    assert!(pty.is_restored());
}

#[test]
fn the_title_of_the_window_names_what_is_open_and_is_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let dump = dir.path().join("a\u{1b}]2;b\u{7}.dump");
    std::fs::write(&dump, std::fs::read(crate::support::fixture("screens/mixed.dump")).unwrap()).unwrap();
    let mut pty = Pty::sofiatui(&[dump.to_str().unwrap(), "--no-session"]);
    pty.loaded().keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    let written = String::from_utf8_lossy(&pty.raw).into_owned();
    let title = written.split("\x1b[22;2t\x1b]2;").nth(1).unwrap().split('\x07').next().unwrap();
    assert!(title.starts_with("sofiatui a") && title.contains(".dump"), "{title:?}");
    assert!(!title.contains(char::is_control), "{title:?}");
    assert_eq!((written.matches("\x1b[22;2t").count(), written.matches("\x1b[23;2t").count()), (1, 1));
}

#[test]
fn control_z_suspends_on_every_screen_and_while_a_line_is_edited() {
    use sofiatui::app::{Effect, Event, Key};
    let snapshot = crate::support::loaded(vec![sofiatui::load::InputSpec::Demo]);
    for keys in
        ["", "/", ":", "N", "?", "y", "f", "c", "c/", "co", "cd", "cdN", "d", "s", "s/", "<F10>", "<Tab>/"]
    {
        let mut browser = crate::support::Browser::new(20, 5, sofiatui::store::Snapshot::clone(&snapshot));
        browser.keys(keys);
        let effects = browser.app.update(Event::Key(Key::Ctrl('z')));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Suspend)), "{keys}");
        for (columns, rows) in [(20, 5), (21, 6), (10, 3), (200, 60), (20, 5)] {
            browser.resize(columns, rows);
        }
    }
}
