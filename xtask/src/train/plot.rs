//! Plots, as small SVG files that need nothing to be looked at.

use super::outcome::Reliability;
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::path::Path;

const SIDE: f64 = 320.0;
const MARGIN: f64 = 48.0;
const COLORS: [&str; 2] = ["#1f77b4", "#d95f02"];

/// A square plot of values from 0 to 1.
pub(super) struct Plot {
    body: String,
    lines: usize,
}

fn x(value: f64) -> f64 {
    MARGIN + value * SIDE
}

fn y(value: f64) -> f64 {
    MARGIN / 2.0 + (1.0 - value) * SIDE
}

impl Plot {
    fn new(across: &str, up: &str) -> Self {
        let mut body = String::new();
        for step in 0..=5 {
            let value = f64::from(step) / 5.0;
            let (at_x, at_y, low, left) = (x(value), y(value), y(0.0), x(0.0));
            let _ = write!(
                body,
                "<path d='M{at_x} {low}V{}M{left} {at_y}H{}' stroke='#ddd'/>\n<text x='{at_x}' y='{}' \
                 text-anchor='middle'>{value:.1}</text><text x='{}' y='{}' text-anchor='end'>{value:.1}</text>\n",
                y(1.0),
                x(1.0),
                low + 16.0,
                left - 6.0,
                at_y + 4.0,
            );
        }
        let _ = writeln!(
            body,
            "<text x='{}' y='{}' text-anchor='middle'>{across}</text><text transform='translate(14 {}) rotate(-90)' \
             text-anchor='middle'>{up}</text>",
            x(0.5),
            y(0.0) + 34.0,
            y(0.5),
        );
        Self { body, lines: 0 }
    }

    fn line(&mut self, name: &str, points: &[(f64, f64)]) {
        let color = COLORS[self.lines % COLORS.len()];
        let path: Vec<String> = points.iter().map(|(a, b)| format!("{:.1},{:.1}", x(*a), y(*b))).collect();
        let _ = writeln!(
            self.body,
            "<polyline points='{}' fill='none' stroke='{color}' stroke-width='2'/><text x='{}' y='{}' \
             fill='{color}'>{name}</text>",
            path.join(" "),
            x(0.05),
            y(0.95) + 16.0 * self.lines as f64,
        );
        self.lines += 1;
    }

    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let (width, height) = (MARGIN * 1.5 + SIDE, MARGIN * 1.5 + SIDE);
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' \
             font-family='sans-serif' font-size='12'>\n<rect width='100%' height='100%' fill='#fff'/>\n{}</svg>\n",
            self.body
        );
        std::fs::write(file, svg).with_context(|| format!("writing {}", file.display()))
    }
}

/// What was said against what was so.
pub(super) fn calibration(of: &[(&str, &Reliability)]) -> Plot {
    let mut plot = Plot::new("said", "so");
    let _ = writeln!(
        plot.body,
        "<path d='M{} {}L{} {}' stroke='#999' stroke-dasharray='4'/>",
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0)
    );
    for (name, reliability) in of {
        plot.line(name, &reliability.points().iter().map(|(said, so, _)| (*said, *so)).collect::<Vec<_>>());
    }
    plot
}

/// What `--min-confidence` leaves: precision, and the share of the right places that stays.
pub(super) fn thresholds(of: &Reliability) -> Plot {
    let mut plot = Plot::new("--min-confidence", "share");
    let all = of.thresholds();
    plot.line("precision", &all.iter().map(|(least, _, precision)| (*least, *precision)).collect::<Vec<_>>());
    plot.line("right places kept", &all.iter().map(|(least, kept, _)| (*least, *kept)).collect::<Vec<_>>());
    plot
}
