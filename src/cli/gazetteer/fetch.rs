//! `mentionmap gazetteer fetch`.

use super::build;
use crate::cli::{Outcome, messages};
use crate::error::{Error, Result};
use crate::gazetteer::fetch::{Event, FetchOptions, FetchedFile, Fetcher, GEONAMES, LICENSE, Retry, Scope};
use clap::Args;
use indicatif::{DecimalBytes, HumanDuration, ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Without a terminal a line this often says how far a file is.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Bring the files of GeoNames over the network.
///
/// The gazetteer inside the program needs no network; this is for every village of some countries, or of the world.
/// What was received before a break is kept: run the command again to go on. A file that has not changed since is not
/// sent again. Prints the SHA-256 and the path of each file, as sha256sum does, and notes them in fetched.json.
/// GeoNames is licensed under CC BY 4.0. Proxies are taken from the environment (`HTTPS_PROXY` and its like).
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Countries, by their two-letter codes, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "CODES", required_unless_present = "all", conflicts_with = "all")]
    country: Vec<String>,
    /// The whole world, about 600 MB
    #[arg(long)]
    all: bool,
    /// Where the files go
    #[arg(long, value_name = "DIR", default_value = "geonames")]
    folder: PathBuf,
    /// Another server with the same files
    #[arg(long, value_name = "URL", default_value = GEONAMES)]
    mirror: String,
    /// Attempts that may follow the first without getting any further
    #[arg(long, value_name = "N", default_value_t = Retry::default().attempts)]
    retries: u32,
    /// Give an attempt up when nothing comes for so long, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Stop after downloading, and say how to build a gazetteer; otherwise DIR/geonames.mentionmap is built
    #[arg(long)]
    download_only: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let scope = if arguments.all { Scope::all() } else { Scope::countries(&arguments.country)? };
    let options = FetchOptions {
        folder: arguments.folder.clone(),
        mirror: arguments.mirror.clone(),
        stall_timeout: Duration::from_secs(arguments.timeout),
        retry: Retry { attempts: arguments.retries, ..Retry::default() },
        ..FetchOptions::default()
    };
    let mut progress = Progress::new(arguments.quiet);
    let fetched = Fetcher::new(options)?.fetch(&scope, &mut |event| progress.show(event));
    progress.end();
    let fetched = fetched?;
    if !arguments.quiet {
        report(&fetched)?;
        messages::note(&format!("The data: {LICENSE}."));
        if arguments.download_only {
            messages::note(&format!("To build a gazetteer of it:\n  {}", build_command(&scope, &arguments.folder)));
        }
    }
    if arguments.download_only {
        return Ok(Outcome::Done);
    }
    let build = build::Arguments::of_fetched(&scope, &arguments.folder, arguments.quiet);
    let outcome = build::run(&build)?;
    if !arguments.quiet {
        let path = build.output().display().to_string();
        messages::note(&format!("To map with it:\n  mentionmap map --gazetteer {} ARTICLES", quoted(&path)));
    }
    Ok(outcome)
}

/// The command line that builds a gazetteer from the files in `folder`.
fn build_command(scope: &Scope, folder: &Path) -> String {
    let mut command = "mentionmap gazetteer build".to_owned();
    let mut add = |option: &str, name: &str| {
        let path = folder.join(name);
        _ = write!(command, "{option} {}", quoted(&path.to_string_lossy()));
    };
    for name in scope.places() {
        add("", &name);
    }
    for name in scope.alternate_names() {
        add(" --alternate-names", &name);
    }
    add(" --admin1", "admin1CodesASCII.txt");
    add(" --admin2", "admin2Codes.txt");
    add(" --countries", "countryInfo.txt");
    add(" --hierarchy", "hierarchy.zip");
    add(" -o", "geonames.mentionmap");
    command
}

/// A word as a POSIX shell takes it literally.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@:,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// SHA-256 and path of each file, as `sha256sum --check` reads them.
fn report(files: &[FetchedFile]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for file in files {
        writeln!(out, "{}  {}", file.sha256, file.path.display())?;
    }
    out.flush().map_err(Error::from)
}

/// Shows how far it is: a bar on a terminal, now and then a line elsewhere.
#[derive(Debug)]
struct Progress {
    quiet: bool,
    bar: Option<ProgressBar>,
    /// When this attempt began.
    began: Instant,
    /// When the last line was written.
    shown: Instant,
}

impl Progress {
    fn new(quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(ProgressBar::no_length);
        let now = Instant::now();
        Self { quiet, bar, began: now, shown: now }
    }

    fn show(&mut self, event: Event<'_>) {
        if self.quiet {
            return;
        }
        match event {
            Event::Starting { file, number, of } => {
                self.began = Instant::now();
                if let Some(bar) = &self.bar {
                    bar.set_style(style(false));
                    bar.reset();
                    bar.set_message(format!("{number}/{of} {file}"));
                }
            }
            Event::Receiving { file, resumed, received, total } => self.received(file, resumed, received, total),
            Event::Retrying { file, reason, pause } => {
                self.say(&format!("{file}: {reason}; again in {}", HumanDuration(pause)));
            }
            Event::Verifying { .. } => {}
            Event::Finished(file) => {
                let what = if file.unchanged { "unchanged" } else { "fetched" };
                self.say(&format!("{}: {what}, {}", file.name, DecimalBytes(file.size)));
            }
        }
    }

    fn received(&mut self, file: &str, resumed: u64, received: u64, total: Option<u64>) {
        let now = Instant::now();
        if received == resumed {
            // An attempt begins: its rate is that of what comes from now on.
            (self.began, self.shown) = (now, now);
        }
        if let Some(bar) = &self.bar {
            if received == resumed {
                bar.set_style(style(total.is_some()));
                bar.reset();
                bar.set_position(received);
                bar.reset_eta();
                if let Some(total) = total {
                    bar.set_length(total);
                }
            } else {
                bar.set_position(received);
            }
        } else if now - self.shown >= LINE_EVERY {
            self.shown = now;
            messages::note(&line(file, received - resumed, received, total, now - self.began));
        }
    }

    fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| messages::note(message)),
            None => messages::note(message),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How far a file is, in a line: "SY.zip: 1.50 MB of 6.00 MB, 500.00 kB/s, 9 seconds left".
fn line(file: &str, new: u64, received: u64, total: Option<u64>, elapsed: Duration) -> String {
    let mut line = format!("{file}: {}", DecimalBytes(received));
    if let Some(total) = total {
        _ = write!(line, " of {}", DecimalBytes(total));
    }
    let rate = new as f64 / elapsed.as_secs_f64().max(0.001);
    _ = write!(line, ", {}/s", DecimalBytes(rate as u64));
    if let Some(total) = total.filter(|_| rate >= 1.0) {
        let left = Duration::from_secs((total.saturating_sub(received) as f64 / rate).round() as u64);
        _ = write!(line, ", {} left", HumanDuration(left));
    }
    line
}

fn style(sized: bool) -> ProgressStyle {
    let template = if sized {
        "{msg} {wide_bar} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}"
    } else {
        "{msg} {decimal_bytes} {decimal_bytes_per_sec}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_bytes_rate_and_what_is_left() {
        let text = line("SY.zip", 1_000_000, 1_500_000, Some(6_000_000), Duration::from_secs(2));
        assert_eq!(text, "SY.zip: 1.50 MB of 6.00 MB, 500.00 kB/s, 9 seconds left");
        assert_eq!(line("SY.zip", 0, 0, None, Duration::ZERO), "SY.zip: 0 B, 0 B/s");
    }

    #[test]
    fn the_command_to_build_names_every_file() {
        let scope = Scope::countries(["SY"]).unwrap();
        assert_eq!(
            build_command(&scope, Path::new("my geo")),
            "mentionmap gazetteer build 'my geo/SY.zip' --alternate-names 'my geo/alternatenames/SY.zip' \
             --admin1 'my geo/admin1CodesASCII.txt' --admin2 'my geo/admin2Codes.txt' \
             --countries 'my geo/countryInfo.txt' --hierarchy 'my geo/hierarchy.zip' \
             -o 'my geo/geonames.mentionmap'"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn bars_have_valid_templates() {
        for sized in [false, true] {
            let bar = ProgressBar::hidden();
            bar.set_style(style(sized));
            bar.tick();
        }
    }
}
