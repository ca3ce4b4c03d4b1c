//! Options from a file and from the environment: `mentionmap.toml`, `MENTIONMAP_*`, and what is in force.

use super::Outcome;
use crate::error::{Error, ErrorKind, Result};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, Command};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The name of the file, which is sought in the working directory and above.
const NAME: &str = "mentionmap.toml";
/// Commands with options that it may set, each in a table of its own.
const COMMANDS: [&str; 2] = ["map", "evaluate"];
/// Options whose values are paths: relative ones start at the file.
const PATHS: [&str; 4] = ["gazetteer", "output", "errors", "urls"];

/// Options by command and long name, with where they come from.
#[derive(Debug, Default)]
pub(super) struct Config {
    file: Option<PathBuf>,
    options: BTreeMap<(&'static str, String), Setting>,
}

#[derive(Debug)]
struct Setting {
    values: Vec<String>,
    from: String,
}

impl Config {
    /// Reads the nearest file, and the environment, which goes before it.
    ///
    /// # Errors
    /// When the file cannot be read or sets what is no option.
    pub(super) fn load(command: &Command) -> Result<Self> {
        let mut config = Self::default();
        let here = std::env::current_dir().unwrap_or_default();
        if let Some(file) = here.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file()) {
            config.read(command, &file, &here).map_err(|e| e.at(&file))?;
            config.file = Some(file);
        }
        for name in COMMANDS {
            for option in options(command, name) {
                let long = option.get_long().unwrap_or_default();
                let variable = format!("MENTIONMAP_{}", long.to_ascii_uppercase().replace('-', "_"));
                let Some(value) = std::env::var(&variable).ok().filter(|value| !value.is_empty()) else { continue };
                let values = if takes_many(option) {
                    value.split(',').map(|v| v.trim().to_owned()).collect()
                } else {
                    vec![value]
                };
                config.options.insert((name, long.to_owned()), Setting { values, from: variable });
            }
        }
        Ok(config)
    }

    fn read(&mut self, command: &Command, file: &Path, here: &Path) -> Result<()> {
        let text = std::fs::read_to_string(file)?;
        let tables: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            let line = e.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count() as u64);
            Error::from(ErrorKind::Table(e.message().to_owned())).on_line(line)
        })?;
        let folder = file.parent().filter(|folder| *folder != here);
        for (table, content) in &tables {
            let Some(name) = COMMANDS.into_iter().find(|name| name == table) else {
                return Err(bad(format!("no table is called `{table}`: options go into [map] and [evaluate]")));
            };
            let Some(content) = content.as_table() else {
                return Err(bad(format!("`{table}` is a table: write [{table}] and its options below")));
            };
            for (key, value) in content {
                let long = key.replace('_', "-");
                let Some(option) = options(command, name).find(|option| option.get_long() == Some(&long)) else {
                    return Err(bad(format!("[{table}] has no option `{key}`; `mentionmap config show` lists them")));
                };
                let mut values = strings(value)
                    .ok_or_else(|| bad(format!("`{key}`: a text, a number, a truth value or a list of them")))?;
                if is_flag(option) && value.as_bool().is_none() {
                    return Err(bad(format!("`{key}` is true or false")));
                }
                if let Some(folder) = folder.filter(|_| PATHS.contains(&long.as_str())) {
                    for value in values.iter_mut().filter(|v| !matches!(v.as_str(), "world" | "-")) {
                        *value = folder.join(&*value).to_string_lossy().into_owned();
                    }
                }
                self.options.insert((name, long), Setting { values, from: file.display().to_string() });
            }
        }
        Ok(())
    }

    /// The command with these settings in place of its defaults.
    pub(super) fn apply(&self, mut command: Command) -> Command {
        for name in COMMANDS {
            command = command.mut_subcommand(name, |subcommand| {
                subcommand.mut_args(|option| {
                    let long = option.get_long().unwrap_or_default().to_owned();
                    match self.options.get(&(name, long)) {
                        // clap keeps defaults for the life of the program; these are few, and made once.
                        Some(setting) => option.default_values(setting.values.iter().map(|v| &*v.clone().leak())),
                        None => option,
                    }
                })
            });
        }
        command
    }

    /// Where settings may come from, for an error about one.
    pub(super) fn sources(&self) -> Option<String> {
        let mut from: Vec<&str> = self.options.values().map(|setting| setting.from.as_str()).collect();
        from.sort_unstable();
        from.dedup();
        (!from.is_empty()).then(|| format!("options also come from {}: see `mentionmap config show`", from.join(", ")))
    }

    /// Prints what is in force, as a file that would set it.
    pub(super) fn show(&self, command: &Command) -> Result<Outcome> {
        let mut text = match &self.file {
            Some(file) => format!("# {}\n", file.display()),
            None => format!("# no {NAME} in this folder or above\n"),
        };
        let mut all = command.clone();
        for name in COMMANDS {
            // Required arguments would be missed; they are no options.
            all = all.mut_subcommand(name, |subcommand| subcommand.mut_args(|arg| arg.required(false)));
        }
        let all = self.apply(all);
        for name in COMMANDS {
            _ = writeln!(text, "\n[{name}]");
            let matches = all.clone().try_get_matches_from(["mentionmap", name]);
            let matches = matches.map_err(|e| bad(e.to_string().trim_end().to_owned()))?;
            let Some(matches) = matches.subcommand_matches(name) else { continue };
            for option in options(command, name) {
                let (id, long) = (option.get_id().as_str(), option.get_long().unwrap_or_default());
                let from = self.options.get(&(name, long.to_owned())).map_or("default", |s| s.from.as_str());
                let values: Vec<String> = matches
                    .get_raw(id)
                    .map(|values| values.map(|v| v.to_string_lossy().into_owned()).collect())
                    .unwrap_or_default();
                match (matches.value_source(id), values.as_slice()) {
                    (None, _) | (_, []) => _ = writeln!(text, "# {long} is not set"),
                    (Some(ValueSource::DefaultValue), values) => {
                        _ = writeln!(text, "{long} = {}  # {from}", written(option, values));
                    }
                    (Some(_), values) => _ = writeln!(text, "{long} = {}", written(option, values)),
                }
            }
        }
        std::io::stdout().lock().write_all(text.as_bytes())?;
        Ok(Outcome::Done)
    }
}

fn bad(message: String) -> Error {
    ErrorKind::Table(message).into()
}

/// The options of a command that have a long name; arguments and help are none.
fn options<'c>(command: &'c Command, name: &str) -> impl Iterator<Item = &'c Arg> {
    let arguments = command.find_subcommand(name).into_iter().flat_map(Command::get_arguments);
    arguments.filter(|a| a.get_long().is_some_and(|long| !matches!(long, "help" | "version")))
}

fn is_flag(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::SetTrue | ArgAction::SetFalse)
}

fn takes_many(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Append) || option.get_value_delimiter().is_some()
}

/// A value, or the values of a list, as they would be typed.
fn strings(value: &toml::Value) -> Option<Vec<String>> {
    Some(match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Integer(number) => vec![number.to_string()],
        toml::Value::Float(number) => vec![number.to_string()],
        toml::Value::Boolean(truth) => vec![truth.to_string()],
        toml::Value::Array(values) => {
            let lists: Option<Vec<Vec<String>>> = values.iter().map(strings).collect();
            lists?.concat()
        }
        _ => return None,
    })
}

fn written(option: &Arg, values: &[String]) -> String {
    let one = |value: &String| match value.parse::<f64>() {
        Ok(_) => value.clone(),
        Err(_) if is_flag(option) => value.clone(),
        Err(_) => toml::Value::String(value.clone()).to_string(),
    };
    if takes_many(option) {
        return format!("[{}]", values.iter().map(one).collect::<Vec<_>>().join(", "));
    }
    values.first().map(one).unwrap_or_default()
}
