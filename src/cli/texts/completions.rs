//! What shells need to complete the options.
//!
//! Must not know: what the options mean.

use std::fmt::Write as _;

use clap::{Command, ValueEnum};

use super::{Opt, Value, options};

/// A shell whose completions are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shell {
    /// bash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
}

/// The text that `shell` is to read.
pub(in crate::cli) fn completions(command: &Command, shell: Shell) -> String {
    let (name, options) = (command.get_name(), options(command));
    match shell {
        Shell::Bash => bash(name, &options),
        Shell::Zsh => zsh(name, &options),
        Shell::Fish => fish(name, &options),
    }
}

// Writing to a String cannot fail, here and below.

fn bash(name: &str, options: &[Opt]) -> String {
    let mut text = format!(
        "_{name}() {{\n    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}\n    \
         COMPREPLY=()\n    case $prev in\n"
    );
    for option in options {
        let short = option.short.map(|short| format!("-{short}|")).unwrap_or_default();
        let action = match &option.value {
            Value::None => continue,
            Value::Words(words) => {
                format!("COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return", words.join(" "))
            }
            Value::File => "COMPREPLY=($(compgen -f -- \"$cur\")); return".to_owned(),
            Value::Any => "compopt +o default; return".to_owned(),
        };
        let _ = writeln!(text, "        {short}--{}) {action} ;;", option.long);
    }
    let longs: Vec<_> = options.iter().map(|option| format!("--{}", option.long)).collect();
    let _ = write!(
        text,
        "    esac\n    if [[ $cur == -* ]]; then\n        COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n    fi\n}}\n\
         complete -o default -F _{name} {name}\n",
        longs.join(" ")
    );
    text
}

fn zsh(name: &str, options: &[Opt]) -> String {
    let mut text = format!("#compdef {name}\n\n_arguments -s -S \\\n");
    for option in options {
        let help = quoted(&option.help, &['[', ']', ':']);
        let action = match &option.value {
            Value::None => String::new(),
            Value::Words(words) => format!(":{}:({})", zsh_name(option), words.join(" ")),
            Value::File => format!(":{}:_files", zsh_name(option)),
            Value::Any => format!(":{}: ", zsh_name(option)),
        };
        let star = if option.repeats { "*" } else { "" };
        let _ = match option.short {
            Some(short) if option.repeats => {
                writeln!(text, "    '{star}'{{-{short},--{}}}'[{help}]{action}' \\", option.long)
            }
            Some(short) => {
                let long = &option.long;
                writeln!(text, "    '(-{short} --{long})'{{-{short},--{long}}}'[{help}]{action}' \\")
            }
            None => writeln!(text, "    '{star}--{}[{help}]{action}' \\", option.long),
        };
    }
    text.push_str("    '*:file:_files'\n");
    text
}

fn zsh_name(option: &Opt) -> String {
    quoted(&option.value_name, &[':'])
}

fn fish(name: &str, options: &[Opt]) -> String {
    let mut text = String::new();
    for option in options {
        let short = option.short.map(|short| format!(" -s {short}")).unwrap_or_default();
        let value = match &option.value {
            Value::None => String::new(),
            Value::Words(words) => format!(" -x -a '{}'", words.join(" ")),
            Value::File => " -r -F".to_owned(),
            Value::Any => " -x".to_owned(),
        };
        let help = option.help.replace('\\', "\\\\").replace('\'', "\\'");
        let _ = writeln!(text, "complete -c {name}{short} -l {}{value} -d '{help}'", option.long);
    }
    text
}

/// A text between single quotes of zsh, with a backslash before each of these characters.
fn quoted(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\'' {
            out.push_str("'\\''");
            continue;
        }
        if special.contains(&c) || c == '\\' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
