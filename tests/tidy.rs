//! Keeps the house in order: import walls, file headers, sizes, and the README's key table.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Folder of `src/`, what it may import of the crate, and the outside crates that it must not see.
const WALLS: &[(&str, &[&str], &[&str])] = &[
    ("base", &["base"], IO),
    ("style", &["base", "style"], IO),
    ("config", &["base", "style", "config"], &["ratatui", "crossterm", "std::thread"]),
    ("state", &["base", "state"], &["ratatui", "crossterm", "std::thread", "std::env"]),
    ("frame", &["base", "frame"], IO),
    ("sip", &["base", "sip"], IO),
    ("message", &["base", "frame", "message", "sip::framing", "sip::start_line"], IO),
    ("owned", &["base", "frame", "sip", "message", "owned"], IO),
    ("filter", &["base", "sip", "filter"], IO),
    (
        "store",
        &["base", "sip", "message", "filter", "store"],
        &["ratatui", "crossterm", "std::thread", "std::sync::mpsc"],
    ),
    (
        "calls",
        &["base", "sip", "message", "filter", "store", "calls"],
        &["ratatui", "crossterm", "std::thread", "std::fs"],
    ),
    (
        "statistics",
        &["base", "sip", "filter", "store", "calls", "statistics"],
        &["ratatui", "crossterm", "std::thread", "std::fs", "std::time::Instant"],
    ),
    ("ladder", &["base", "state", "sip", "store", "calls", "ladder"], IO),
    ("diff", &["base", "sip", "diff"], IO),
    ("explain", &["base", "sip", "store", "calls", "style", "explain"], IO),
    (
        "load",
        &["base", "frame", "sip", "message", "owned", "filter", "store", "calls", "load"],
        &["ratatui", "crossterm"],
    ),
    (
        "export",
        &[
            "base", "frame", "sip", "message", "owned", "filter", "store", "calls", "ladder", "explain",
            "style", "export",
        ],
        &["ratatui", "crossterm", "std::thread"],
    ),
    (
        "app",
        &[
            "base",
            "sip",
            "filter",
            "store",
            "calls",
            "statistics",
            "ladder",
            "diff",
            "explain",
            "style",
            "config",
            "app",
            "export::format",
        ],
        &["ratatui", "crossterm", "std::thread", "std::fs", "std::sync::Mutex", "std::time::Instant"],
    ),
    (
        "view",
        &[
            "base",
            "sip",
            "filter",
            "store",
            "calls",
            "statistics",
            "ladder",
            "diff",
            "style",
            "app",
            "view",
            "export::format",
        ],
        &["crossterm", "std::thread", "std::fs"],
    ),
    (
        "tui",
        &[
            "base",
            "app",
            "view",
            "load",
            "store",
            "calls",
            "statistics",
            "ladder",
            "export",
            "filter",
            "style",
            "config",
            "state",
            "tui",
        ],
        &[],
    ),
    (
        "cli",
        &[
            "base", "frame", "sip", "message", "owned", "filter", "store", "calls", "ladder", "load",
            "export", "style", "config", "state", "cli",
        ],
        &["ratatui", "crossterm"],
    ),
];

/// What parsers must not see.
const IO: &[&str] = &["ratatui", "crossterm", "std::thread", "std::fs", "std::net", "std::env"];

const MOST_LINES: usize = 600;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if !dir.exists() {
        return found;
    }
    for entry in fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            // The packages under `tests/` build into directories of their own.
            if entry.file_name().is_some_and(|name| name != "target") {
                found.extend(rust_files(&entry));
            }
        } else if entry.extension().is_some_and(|e| e == "rs") {
            found.push(entry);
        }
    }
    found
}

/// The code of a file: without comments, and without its tests, which may look over the walls.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// All paths into the crate: what follows `crate::`, groups taken apart.
fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            paths.extend(group.split(',').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()));
        } else {
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
            paths.push(rest[..end].to_owned());
        }
    }
    paths
}

#[test]
fn every_folder_imports_only_what_it_may() {
    let mut faults = Vec::new();
    for (folder, allowed, forbidden) in WALLS {
        for file in rust_files(&root().join("src").join(folder)) {
            if file.file_name().is_some_and(|n| n == "tests.rs")
                || file.components().any(|c| c.as_os_str() == "tests")
            {
                continue;
            }
            let code = code(&file);
            let inside = |path: &str, wall: &str| {
                path.strip_prefix(wall).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            for path in crate_paths(&code) {
                if !allowed.iter().any(|wall| inside(&path, wall)) {
                    faults.push(format!("{}: crate::{path}", file.display()));
                }
            }
            for name in *forbidden {
                if code.contains(&format!("{name}::")) || code.contains(&format!("use {name};")) {
                    faults.push(format!("{}: {name}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "over the walls:\n{}", faults.join("\n"));
}

#[test]
fn every_folder_is_in_the_import_table() {
    for entry in fs::read_dir(root().join("src")).unwrap().map(|e| e.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(
            !entry.is_dir() || WALLS.iter().any(|(folder, ..)| *folder == name),
            "src/{name} has no walls"
        );
    }
}

#[test]
fn every_file_has_a_header_and_is_small() {
    let mut faults = Vec::new();
    for dir in ["src", "tests"] {
        for file in rust_files(&root().join(dir)) {
            let text = fs::read_to_string(&file).unwrap();
            if !text.starts_with("//!") {
                faults.push(format!("{}: does not begin with //!", file.display()));
            }
            if text.lines().count() > MOST_LINES {
                faults.push(format!("{}: {} lines", file.display(), text.lines().count()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_files_say_what_they_must_not_know() {
    let silent: Vec<String> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|f| f.file_name().is_some_and(|n| n != "tests.rs" && n != "main.rs" && n != "lib.rs"))
        .filter(|f| f.components().all(|c| c.as_os_str() != "tests"))
        .filter(|f| {
            let text = fs::read_to_string(f).unwrap();
            let header: String = text.lines().take_while(|l| l.starts_with("//!")).collect();
            !header.contains("ust not know")
        })
        .map(|f| f.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no word of what they must not know:\n{}", silent.join("\n"));
}

/// What a file of `src/` imports: its module path, and what each name of a `use` refers to.
struct Module {
    path: Vec<String>,
    code: String,
    uses: Vec<(Vec<String>, String)>,
    /// The header says that its data is recursive: the one reason for a cycle.
    is_recursive: bool,
}

/// The modules of `src/` without their tests.
fn modules() -> Vec<Module> {
    let src = root().join("src");
    let is_test = |f: &Path| f.components().any(|c| c.as_os_str() == "tests" || c.as_os_str() == "tests.rs");
    let files = rust_files(&src).into_iter().filter(|f| !is_test(f.strip_prefix(&src).unwrap()));
    files
        .map(|file| {
            let mut path: Vec<String> = file
                .strip_prefix(&src)
                .unwrap()
                .with_extension("")
                .iter()
                .map(|part| part.to_str().unwrap().to_owned())
                .collect();
            path.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
            let code = code(&file);
            let uses = code.split(';').filter_map(|item| {
                let item = item.trim_start_matches(|c: char| c == '}' || c.is_whitespace());
                let (before, tree) = item.rsplit_once("use ")?;
                (before.is_empty()
                    || before.ends_with("pub ")
                    || before.ends_with(") ")
                    || before.ends_with('\n'))
                .then_some(tree)
            });
            let uses = uses.flat_map(|tree| use_tree(tree, &[])).collect();
            let is_recursive =
                fs::read_to_string(&file).unwrap().lines().any(|l| l.starts_with("//! Recursive:"));
            Module { path, code, uses, is_recursive }
        })
        .collect()
}

/// The paths of a `use`, groups taken apart, each with the name that it gets.
fn use_tree(tree: &str, before: &[String]) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    let path = |text: &str| {
        text.split("::").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect::<Vec<_>>()
    };
    if let Some((head, group)) = tree.split_once('{') {
        let before = [before, &path(head)[..]].concat();
        let group = group.trim_end().strip_suffix('}').unwrap_or(group);
        let mut depth = 0;
        let items = group.split(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        return items.filter(|i| !i.trim().is_empty()).flat_map(|i| use_tree(i, &before)).collect();
    }
    let (item, name) = tree.split_once(" as ").unwrap_or((tree, tree.rsplit("::").next().unwrap_or(tree)));
    vec![([before, &path(item)[..]].concat(), name.trim().to_owned())]
}

/// The module in which `path`, seen from the module `from`, is declared; re-exports are followed.
fn declared(
    all: &HashMap<&[String], &Module>,
    from: &[String],
    path: &[String],
    depth: usize,
) -> Option<Vec<String>> {
    let (mut at, mut rest) = (from.to_vec(), path);
    match path.first()?.as_str() {
        "crate" => (at, rest) = (Vec::new(), &path[1..]),
        "self" => rest = &path[1..],
        "super" => {}
        first => {
            all.get(&[from, &[first.to_owned()]].concat()[..])?;
        }
    }
    while let Some((name, after)) = rest.split_first() {
        let child = [&at[..], std::slice::from_ref(name)].concat();
        if name == "super" {
            at.pop();
        } else if all.contains_key(&child[..]) {
            at = child;
        } else {
            let again = all.get(&at[..]).filter(|_| depth < 8).and_then(|module| {
                let mut named = module.uses.iter().filter(|(_, known)| known == name);
                named.find_map(|(path, _)| declared(all, &at, path, depth + 1)).filter(|found| *found != at)
            });
            return again.or(Some(at));
        }
        rest = after;
    }
    Some(at)
}

/// The modules of the same folder of `src/` that a module imports. A `mod.rs` names what its folder offers: its own files
/// do not count.
fn imports(all: &HashMap<&[String], &Module>, module: &Module) -> HashSet<Vec<String>> {
    let inline = module.code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let inline = inline.filter(|p| p.starts_with("super::") || p.starts_with("crate::"));
    let inline = inline.map(|p| p.split("::").filter(|p| !p.is_empty()).map(str::to_owned).collect());
    let paths =
        module.uses.iter().map(|(path, _)| path.clone()).chain(inline.filter(|p: &Vec<String>| p.len() > 1));
    paths
        .filter_map(|path| declared(all, &module.path, &path, 0))
        .filter(|to| *to != module.path && to.first() == module.path.first() && !to.starts_with(&module.path))
        .collect()
}

#[test]
fn the_files_of_a_folder_import_each_other_in_one_direction() {
    let modules = modules();
    let all: HashMap<&[String], &Module> = modules.iter().map(|m| (&m.path[..], m)).collect();
    let edges: HashMap<&[String], HashSet<Vec<String>>> =
        modules.iter().map(|m| (&m.path[..], imports(&all, m))).collect();
    assert!(edges.values().map(HashSet::len).sum::<usize>() > 300, "the imports are not found");
    let mut faults = Vec::new();
    for module in modules.iter().filter(|m| !m.is_recursive) {
        let (mut seen, mut open) = (HashSet::new(), vec![module.path.clone()]);
        while let Some(next) = open.pop() {
            let new = edges.get(&next[..]).into_iter().flatten().filter(|to| !all[&to[..]].is_recursive);
            open.extend(new.filter(|to| seen.insert((*to).clone())).cloned());
        }
        if seen.contains(&module.path) {
            faults.push(module.path.join("::"));
        }
    }
    faults.sort();
    assert!(faults.is_empty(), "these modules import themselves by way of others:\n{}", faults.join("\n"));
}

/// The README's key table is made from the keymap: this prints the table that is wanted.
#[cfg(feature = "tui")]
#[test]
fn the_readme_lists_the_keys_of_the_keymap() {
    use sofiatui::app::keymap::{Context, Keymap};
    use std::fmt::Write as _;
    let mut table = String::new();
    for (place, keys) in sofiatui::app::overlays::help_sections(&Keymap::default(), &Context::ALL) {
        let _ = writeln!(table, "| **{place}** | |");
        for (keys, help) in keys {
            let _ = writeln!(table, "| `{}` | {help} |", keys.replace('|', "\\|"));
        }
    }
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.contains(&table),
        "the README's key table should be:\n| key | what it does |\n| --- | --- |\n{table}"
    );
}
