//! The pictures of the README: what a terminal shows of the real program on the built-in sample, or on a directory of it, as SVG.
//!
//! `SOFIATUI_PICTURES=1 cargo test --test it pictures` writes them; without that, the test fails where they are out of date.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use portable_pty::CommandBuilder;

use crate::pty::Pty;

/// Pixels of a cell.
const CELL: (u32, u32) = (9, 19);
/// Pixels around the screen.
const MARGIN: u32 = 10;
const BACKGROUND: &str = "#1b1d22";
const FOREGROUND: &str = "#d6d8dc";
/// The 16 colours of a terminal, dark ones first.
const COLOURS: [&str; 16] = [
    "#1b1d22", "#e06c6c", "#8cc265", "#d7a04a", "#6ca6f0", "#c678dd", "#56b6c2", "#c8ccd4", "#7d8590",
    "#ff7b7b", "#a5e075", "#f0c674", "#82b7ff", "#de9bf0", "#6fd3e0", "#ffffff",
];

/// When the files of the directory were written, after 1970: as those of the fixtures, no time zone explains it.
const WRITTEN: Duration = Duration::from_secs(1_795_522_207);

/// What is pressed, and what must then be on the screen.
type Steps = &'static [(&'static str, &'static [&'static str])];

/// The pictures: the name, the size of the terminal, and the steps that lead there.
const PICTURES: [(&str, (u16, u16), Steps); 5] = [
    ("profiles", (120, 20), &[("g ", &["● ", "Enter opens"]), (" ", &["2 profiles: "])]),
    ("messages", (120, 34), &[("/method:invite\r", &["164 of 379", "Headers"]), ("g", &["CSeq"])]),
    ("calls", (120, 34), &[("c", &["16 calls"]), ("e", &["▸  7", "Call 7"])]),
    (
        "ladder",
        (120, 34),
        &[("c", &["16 calls"]), ("e", &["Call 7"]), ("d", &["├", "486", "SDP PCMU"]), ("jj", &["CSeq"])],
    ),
    ("statistics", (120, 34), &[("s", &["357 messages, 14 failed"])]),
];

#[test]
fn the_pictures_of_the_readme_show_the_program_as_it_is() {
    let writes = std::env::var_os("SOFIATUI_PICTURES").is_some();
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for (name, size, steps) in PICTURES {
        let picture = svg(&if name == "profiles" { directory(size, steps) } else { screen(size, steps) });
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/{name}.svg"));
        if writes {
            fs::write(&path, &picture).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == picture, "assets/{name}.svg is out of date: SOFIATUI_PICTURES=1 writes it");
        assert!(readme.contains(&format!("assets/{name}.svg")), "the README shows no {name}");
    }
}

/// The program after these steps.
fn screen((columns, rows): (u16, u16), steps: Steps) -> Pty {
    let mut pty = Pty::sofiatui(&["--demo", "--no-session", "--no-config"]);
    pty.resize(columns, rows).loaded().until(&["Headers", "quit"]);
    for (keys, seen) in steps {
        pty.keys(keys).until(seen);
    }
    // What arrives later, as the texts of a ladder, is there when the help was shown and closed again.
    pty.keys("?").until(&["Help"]).keys("\x1b").gone("─ Help").drawn();
    pty
}

/// The program after these steps, in a directory of the sample's profiles.
fn directory((columns, rows): (u16, u16), steps: Steps) -> Pty {
    let dir = tempfile::tempdir().unwrap();
    let traces = dir.path().join("sip_traces");
    fs::create_dir(&traces).unwrap();
    for input in sofiatui::load::input::demo() {
        let mut input = input.unwrap();
        let mut file = fs::File::create(traces.join(format!("{}.dump", input.source.profile))).unwrap();
        std::io::copy(&mut input.reader, &mut file).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + WRITTEN).unwrap();
    }
    let mut shell = CommandBuilder::new("sh");
    let program = env!("CARGO_BIN_EXE_sofiatui");
    shell.args([
        "-c",
        &format!("cd '{}' && '{program}' --no-session --no-config sip_traces", dir.path().display()),
    ]);
    let mut pty = Pty::start(shell);
    pty.resize(columns, rows).until(&["3 profiles", "Enter opens"]).gone("…");
    for (keys, seen) in steps {
        pty.keys(keys).until(seen);
    }
    pty.drawn();
    pty
}

/// How a cell looks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    fill: String,
    back: String,
    bold: bool,
    dim: bool,
    underlined: bool,
}

impl Look {
    fn of(cell: &vt100::Cell) -> Self {
        let (fill, back) = (colour(cell.fgcolor(), FOREGROUND), colour(cell.bgcolor(), BACKGROUND));
        let (fill, back) = if cell.inverse() { (back, fill) } else { (fill, back) };
        Self { fill, back, bold: cell.bold(), dim: cell.dim(), underlined: cell.underline() }
    }
}

fn colour(colour: vt100::Color, usual: &str) -> String {
    match colour {
        vt100::Color::Default => usual.to_owned(),
        vt100::Color::Idx(number @ 0..16) => COLOURS[usize::from(number)].to_owned(),
        vt100::Color::Idx(number @ 232..) => {
            let level = 8 + 10 * (u32::from(number) - 232);
            format!("#{level:02x}{level:02x}{level:02x}")
        }
        vt100::Color::Idx(number) => {
            let level = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
            let n = number - 16;
            format!("#{:02x}{:02x}{:02x}", level(n / 36), level(n / 6 % 6), level(n % 6))
        }
        vt100::Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

/// The screen as a picture: for each run of cells that look the same, a rectangle and a text.
fn svg(pty: &Pty) -> String {
    let screen = pty.screen();
    let (rows, columns) = screen.size();
    let size = (u32::from(columns) * CELL.0 + 2 * MARGIN, u32::from(rows) * CELL.1 + 2 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"15\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{BACKGROUND}\"/>\n",
        size.0, size.1
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            column = run(&mut out, screen, (row, column));
        }
    }
    out + "</svg>\n"
}

/// Appends the run of cells that begins at a cell; returns the column after it.
fn run(out: &mut String, screen: &vt100::Screen, (row, first): (u16, u16)) -> u16 {
    let Some(look) = screen.cell(row, first).map(Look::of) else { return first + 1 };
    let (mut text, mut end) = (String::new(), first);
    while let Some(cell) = screen.cell(row, end).filter(|cell| Look::of(cell) == look) {
        text.push_str(if cell.has_contents() { cell.contents() } else { " " });
        end += 1;
    }
    let (x, y) = (MARGIN + u32::from(first) * CELL.0, MARGIN + u32::from(row) * CELL.1);
    let width = u32::from(end - first) * CELL.0;
    if look.back != BACKGROUND {
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" fill=\"{}\"/>",
            CELL.1, look.back
        );
    }
    let shown = text.trim_end();
    if !shown.trim().is_empty() {
        let blanks = shown.chars().take_while(|c| *c == ' ').count();
        let (x, cells) = (x + blanks as u32 * CELL.0, shown.chars().count() - blanks);
        let shown = shown.trim_start().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{}\" fill=\"{}\"{}{}{} textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" \
             xml:space=\"preserve\">{shown}</text>",
            y + 15,
            look.fill,
            if look.bold { " font-weight=\"bold\"" } else { "" },
            if look.dim { " opacity=\"0.65\"" } else { "" },
            if look.underlined { " text-decoration=\"underline\"" } else { "" },
            cells as u32 * CELL.0,
        );
    }
    end
}
