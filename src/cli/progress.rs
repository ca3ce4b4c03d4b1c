//! How far a run is: a bar on a terminal, a line every few seconds elsewhere, nothing with `--quiet`.

use super::messages::{self, count, thousands};
use super::summary::{Summary, duration};
use crate::read::{BytesRead, Input};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Write;
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

/// A run that is shorter needs no bar.
const BEFORE_BAR: Duration = Duration::from_millis(800);
/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Watches a run.
pub(super) struct Progress {
    started: Instant,
    told: Instant,
    bytes: BytesRead,
    /// Of all inputs, when all are files.
    total: Option<u64>,
    how: How,
}

enum How {
    Quiet,
    Lines,
    /// A bar, once it is shown.
    Bar(Option<ProgressBar>),
}

impl Progress {
    pub(super) fn new(inputs: &[Input], bytes: BytesRead, quiet: bool) -> Self {
        let size = |input: &Input| match input {
            Input::Path(path) => path.metadata().ok().filter(std::fs::Metadata::is_file).map(|m| m.len()),
            Input::Stdin | Input::Url(_) => None,
        };
        let total = if quiet { None } else { inputs.iter().map(size).sum::<Option<u64>>().filter(|total| *total > 0) };
        let how = match (quiet, stderr().is_terminal()) {
            (true, _) => How::Quiet,
            (false, true) => How::Bar(None),
            (false, false) => How::Lines,
        };
        Self { started: Instant::now(), told: Instant::now(), bytes, total, how }
    }

    /// Takes note of what was done; cheap enough for every article.
    pub(super) fn note(&mut self, summary: &Summary) {
        let now = Instant::now();
        match &mut self.how {
            How::Lines if now - self.told >= BETWEEN_LINES => {
                self.told = now;
                messages::note(&self.line(summary));
            }
            How::Quiet | How::Lines => {}
            How::Bar(_) => {
                if now - self.told < BEFORE_BAR / 8 || now - self.started < BEFORE_BAR {
                    return;
                }
                self.told = now;
                let line = self.line(summary);
                let How::Bar(bar) = &mut self.how else { return };
                let bar = bar.get_or_insert_with(|| shown(self.total));
                bar.set_message(line);
                bar.set_position(self.bytes.get());
            }
        }
    }

    /// "12,000 articles, 800/s, 40 %, 2 min 5 s left"
    fn line(&self, summary: &Summary) -> String {
        let elapsed = self.started.elapsed();
        let rate = summary.articles as f64 / elapsed.as_secs_f64();
        let mut line = format!("{}, {}/s", count(summary.articles, "article", "articles"), thousands(rate as u64));
        let share = self.total.map(|total| self.bytes.get() as f64 / total as f64);
        if let Some(share) = share.filter(|share| (0.001..=1.0).contains(share)) {
            let left = elapsed.mul_f64((1.0 - share) / share);
            _ = write!(line, ", {:.0} %, {} left", share * 100.0, duration(left));
        }
        line
    }

    /// Lets others write to standard error.
    pub(super) fn aside(&self, write: impl FnOnce()) {
        match &self.how {
            How::Bar(Some(bar)) => bar.suspend(write),
            _ => write(),
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let How::Bar(Some(bar)) = &self.how {
            bar.finish_and_clear();
        }
    }
}

fn shown(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = match total {
        Some(_) => "{wide_bar} {msg}",
        None => "{spinner} {bytes} {msg}, {elapsed}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
