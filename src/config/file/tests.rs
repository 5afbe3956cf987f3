//! Tests of reading and writing: what a file may say, and where an error in it is.

use super::*;
use crate::config::Position;
use crate::config::{ClipboardTarget, ColorWhen, ThemeName, TimeFormat, print};

fn known() -> Known {
    let key = |context: &str, command: &str, keys: &[&str]| KnownKey {
        context: context.into(),
        command: command.into(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        help: "what it does",
    };
    Known {
        keys: vec![
            key("messages", "ladder", &["d"]),
            key("messages", "calls", &["c"]),
            key("everywhere", "quit", &["q", "F10"]),
        ],
        key: |key| (key.chars().count() == 1 || key.starts_with('F')).then(|| key.to_owned()),
        columns: vec!["n", "time", "message"],
        is_column: |name| ["n", "time", "message", "cseq"].contains(&name) || name.starts_with("header."),
        call_columns: vec!["start", "why"],
    }
}

const WHOLE: &str = r##"
filter = "-method:options -method:register"
columns = ["time", "header.X-Cid", "message"]
call-columns = ["start"]
time = "first"
theme = "dark"
color = "never"
ascii = true
mouse = false
clipboard = "osc52"
session = false
leg-header = ["X-CID", 'X-Other']

[aliases]
"192.0.2.21" = "carrier2"
"[2001:db8::1]:5060" = "say \"hi\" \\"

[filters]
failed = "is:failed"
mine = "@failed from:1012"

[colors]
invite = "208 bold"
warning = "#ff8700"

[keys.messages]
ladder = "L"
calls = ["C", "F8"]
"##;

#[test]
fn every_setting_is_read() {
    let settings = parse(WHOLE, &known()).unwrap();
    assert_eq!(settings.filter.as_ref().unwrap().text, "-method:options -method:register");
    assert_eq!(settings.columns, ["time", "header.X-Cid", "message"]);
    assert_eq!(settings.time, Some(TimeFormat::SinceFirst));
    assert_eq!(settings.theme, Some(ThemeName::Dark));
    assert_eq!(settings.color, Some(ColorWhen::Never));
    assert_eq!((settings.ascii, settings.mouse, settings.session), (Some(true), Some(false), Some(false)));
    assert_eq!(settings.clipboard, Some(ClipboardTarget::Osc52));
    assert_eq!(settings.leg_headers, ["X-CID", "X-Other"]);
    assert_eq!(settings.aliases[0], ("192.0.2.21".into(), "carrier2".into()));
    assert_eq!(settings.filters[1].1.at, Position { line: 20, column: 8 });
    assert_eq!(settings.colors.len(), 2);
    assert_eq!(settings.keys[1].keys, ["C", "F8"]);
}

#[test]
fn what_is_written_is_read_as_the_same() {
    for text in ["", WHOLE, "[keys.everywhere]\nquit = []"] {
        let settings = parse(text, &known()).unwrap();
        let written = print(&settings, &known());
        let again = parse(&written, &known()).unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_eq!(print(&again, &known()), written);
        assert_eq!(again.aliases, settings.aliases);
        assert_eq!(again.filters, settings.filters);
        assert_eq!(again.colors, settings.colors);
        assert_eq!(again.keys, settings.keys);
        assert_eq!(again.columns, settings.columns);
    }
}

#[test]
fn each_key_is_written() {
    let written = print(&Settings::default(), &known());
    for key in KEYS {
        let starts =
            |line: &str| line.starts_with(&format!("{key} = ")) || line.starts_with(&format!("[{key}"));
        assert!(written.lines().any(starts), "{key}\n{written}");
    }
}

#[test]
fn an_error_has_its_line_and_column() {
    for (text, wanted) in [
        ("\nleg-headers = []", "2:1: unknown key 'leg-headers'; did you mean 'leg-header'?"),
        ("leg-header = 5", "1:14: expected a list of header field names: [\"X-CID\"]"),
        ("leg-header = [\n  \"X-CID\",\n  7]", "3:3: expected a list of header field names: [\"X-CID\"]"),
        ("leg-header = [\"X CID\"]", "1:15: expected a list of header field names: [\"X-CID\"]"),
        ("theme = \"drak\"", "1:9: expected \"auto\", \"dark\", \"light\", \"mono\""),
        ("mouse = \"yes\"", "1:9: expected true or false"),
        ("columns = [\"time\", \"tiem\"]", "1:20: unknown column 'tiem'; did you mean 'time'?"),
        ("call-columns = [\"talk\"]", "1:17: unknown column 'talk'; known: start, why"),
        (
            "[filters]\n\"a b\" = \"bye\"",
            "2:1: 'a b' cannot be the name of a filter: letters, digits, - and _",
        ),
        ("[aliases]\n\"192.0.2.1\" = \"\"", "2:15: expected a name"),
        ("[colors]\ninvit = \"red\"", "2:1: unknown role 'invit'; did you mean 'invite'?"),
        ("[keys.mesages]\nladder = \"L\"", "1:7: unknown table 'mesages'; did you mean 'messages'?"),
        ("[keys.messages]\nlader = \"L\"", "2:1: unknown command 'lader'; did you mean 'ladder'?"),
        ("[keys.messages]\nladder = \"c\"", "2:10: key c is also that of 'calls' in [keys.messages]"),
        (
            "[keys.messages]\nladder = \"X\"\ncalls = [\"F2\", \"X\"]",
            "3:16: key X is also that of 'ladder' in [keys.messages]",
        ),
    ] {
        assert_eq!(parse(text, &known()).unwrap_err().to_string(), wanted, "{text}");
    }
    let swapped = "[keys.messages]\nladder = \"c\"\ncalls = \"d\"";
    assert!(parse(swapped, &known()).is_ok());
    let error = parse("é = \"\nleg-header = [", &known()).unwrap_err();
    assert_eq!(error.at.line, 1, "{error}");
}
