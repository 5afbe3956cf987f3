//! Every command of the README's examples runs and says something.

use std::fs;
use std::io::Read;
use std::path::Path;

/// The sample's profiles, plain and once compressed, as the README names them.
fn lay_out(dir: &Path) {
    for input in sofiatui::load::input::demo() {
        let mut input = input.unwrap();
        let mut text = Vec::new();
        input.reader.read_to_end(&mut text).unwrap();
        fs::write(dir.join(input.source.file), text).unwrap();
    }
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    fs::copy(assets.join("internal.dump.xz"), dir.join("internal.dump.1.xz")).unwrap();
    let log = crate::support::fixture("logs/freeswitch.log.xz");
    let mut text = Vec::new();
    xz2::read::XzDecoder::new(fs::File::open(log).unwrap()).read_to_end(&mut text).unwrap();
    fs::write(dir.join("freeswitch.log"), text).unwrap();
}

/// The lines of the README's shell blocks that call the program.
fn commands() -> Vec<String> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).filter(|line| line.contains("sofiatui ")).map(str::to_owned);
    lines.collect()
}

#[test]
fn every_command_of_the_readme_runs() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    let program = Path::new(env!("CARGO_BIN_EXE_sofiatui"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let commands = commands();
    assert!(commands.len() >= 16, "{commands:?}");
    for command in commands {
        assert!(!command.contains("--follow"), "this would never end: {command}");
        let output = crate::support::shell()
            .args(["-c", &command])
            .env("PATH", &path)
            .current_dir(&dir)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // What was redacted is counted there.
        let is_quiet = said.is_empty() != command.contains("--redact");
        assert!(output.status.success() && is_quiet, "{command}: {} {said}", output.status);
        let silent = ["cmp ", "> ", "--pcap", "--save"].iter().any(|mark| command.contains(mark));
        assert_eq!(output.stdout.is_empty(), silent, "{command}");
    }
    for made in ["invites.dump", "invites.pcap", "call.html", "call.dump"] {
        assert!(fs::metadata(dir.path().join(made)).unwrap().len() > 1000, "{made}");
    }
}

#[test]
fn every_filter_of_the_readme_finds_something_in_the_sample() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let table = readme.split("| filter | shows |").nth(1).unwrap().split("\n\n").next().unwrap();
    let cells = table.lines().filter_map(|line| line.split('|').nth(1));
    let filters: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert!(filters.len() > 20, "{filters:?}");
    for filter in filters {
        let found = crate::support::program().args(["--demo", "-f", filter]).output().unwrap();
        assert!(found.status.success(), "{filter} finds nothing");
    }
}
