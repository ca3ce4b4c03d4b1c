//! Tables for people: columns aligned as a terminal shows them.

use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// To which side the cells of a column keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table that is collected first and written as wide as its widest cells.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Align>,
    /// The headings, then the rows.
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings; one that starts with `>` heads a column of numbers, which keep to the right.
    pub(super) fn new(headings: &[&str]) -> Self {
        let columns = headings.iter().map(|h| if h.starts_with('>') { Align::Right } else { Align::Left }).collect();
        Self { columns, rows: vec![headings.iter().map(|h| h.trim_start_matches('>').to_owned()).collect()] }
    }

    /// Adds a row of as many cells as there are headings.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // A line break or tab in a name would break the row, an escape sequence would do worse.
        let cells = cells.into_iter().map(|cell| cell.replace(char::is_control, " "));
        self.rows.push(cells.collect());
    }

    /// Writes the headings and the rows.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|i| self.rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.width()).max().unwrap_or(0))
            .collect();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, width), align) in row.iter().zip(&widths).zip(&self.columns) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                let padding = " ".repeat(width.saturating_sub(cell.width()));
                match align {
                    Align::Left => line.extend([cell, padding.as_str()]),
                    Align::Right => line.extend([padding.as_str(), cell]),
                }
            }
            writeln!(to, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Rounded to so many decimals, for JSON.
pub(super) fn rounded(number: f64, decimals: i32) -> f64 {
    let factor = 10f64.powi(decimals);
    (number * factor).round() / factor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_as_shown() {
        let mut table = Table::new(&["place", ">km", "is"]);
        for (place, km) in [("Łódź", "1.5"), ("北京", "12.0"), ("Ra\u{301}k\tka", "0.1")] {
            table.row([place.to_owned(), km.to_owned(), "x".to_owned()]);
        }
        let mut bytes = Vec::new();
        table.write(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text, "place     km  is\nŁódź     1.5  x\n北京    12.0  x\nRa\u{301}k ka   0.1  x\n",
            "the combining accent takes no room, a Han character two columns"
        );
    }

    #[test]
    fn numbers() {
        assert_eq!(rounded(35.952_834, 4), 35.9528);
    }
}
