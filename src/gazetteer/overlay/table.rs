//! Rows of a table: commas, semicolons or tabs, whichever its first line has most of.

use super::row::{Cell, Column, Row};
use super::{Lines, Problem};

/// Reads the rows below the line of column names; `check` says what is wrong with those names, given as found and as
/// understood.
pub(super) fn rows(
    text: &str,
    check: impl Fn(&csv::StringRecord, &[Option<Column>]) -> Result<(), Vec<Problem>>,
) -> Result<Vec<Row>, Vec<Problem>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let broken = |e: &csv::Error| {
        let at = e.position().map_or(0, |p| p.byte() as usize);
        vec![Problem::of_row(Lines::new(text.as_bytes()).line(start(text, at)), e.to_string())]
    };
    let header = reader.headers().map_err(|e| broken(&e))?.clone();
    let columns: Vec<Option<Column>> = header.iter().map(Column::of_header).collect();
    check(&header, &columns)?;
    let mut lines = Lines::new(text.as_bytes());
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| broken(&e))?;
        let line = lines.line(start(text, record.position().map_or(0, |p| p.byte() as usize)));
        if record.iter().all(str::is_empty) {
            continue;
        }
        let extra = record.iter().skip(header.len()).any(|cell| !cell.is_empty());
        if extra || record.len() < header.len() {
            problems.push(Problem::of_row(
                line,
                format!(
                    "{} fields where the first line has {}; put a field that contains the delimiter in double quotes",
                    record.len(),
                    header.len()
                ),
            ));
            continue;
        }
        let cells = columns.iter().zip(&header).zip(&record).filter_map(|((column, header), text)| {
            column.map(|column| Cell { column, header: header.to_owned(), text: text.to_owned() })
        });
        rows.push(Row::new(line, cells.collect()));
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Without a name, and without a place for it, every single row would be bad.
pub(super) fn check(header: &csv::StringRecord, columns: &[Option<Column>]) -> Result<(), Vec<Problem>> {
    let has = |wanted: &[Column]| columns.iter().flatten().any(|column| wanted.contains(column));
    let found = || header.iter().collect::<Vec<_>>().join(", ");
    let message = if !has(&[Column::Name]) {
        format!("no column of names; call one \"name\" in the first line, which has: {}", found())
    } else if !has(&[Column::Latitude, Column::Id, Column::Kind, Column::Action]) {
        format!(
            "no coordinates; call two columns \"latitude\" and \"longitude\" in the first line, which has: {}",
            found()
        )
    } else {
        return Ok(());
    };
    Err(vec![Problem::of_row(1, message)])
}

fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let count = |delimiter: u8| {
        let mut quoted = false;
        let outside = |b: &u8| {
            quoted ^= *b == b'"';
            !quoted && *b == delimiter
        };
        first.as_bytes().iter().copied().filter(outside).count()
    };
    // Of equals the last is taken: the comma.
    [b'\t', b';', b','].into_iter().max_by_key(|&d| count(d)).unwrap_or(b',')
}

/// Where a record starts: empty lines before it belong to it as far as the reader is concerned.
fn start(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_lines() {
        for text in [
            "name,lat,lon\n\n\"Al,\nHol\",1,2\r\n\r\nRaqqa,3,4\n",
            "name;lat;lon\n\n\"Al,\nHol\";1;2\r\n\r\nRaqqa;3;4\n",
            "\"name\"\tlat\tlon\n\n\"Al,\nHol\"\t1\t2\r\n\r\nRaqqa\t3\t4\n",
        ] {
            let rows = rows(text, check).unwrap();
            let found: Vec<_> = rows.iter().map(|r| (r.line, r.get(Column::Name).unwrap().text.as_str())).collect();
            assert_eq!(found, [(3, "Al,\nHol"), (6, "Raqqa")], "{text}");
        }
    }

    #[test]
    fn shape() {
        let problems = rows("name,lat,lon\nAl,Hol,1,2\nHol,1\n", check).unwrap_err();
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 3]);
        assert!(rows("a,b\n1,2\n", check).unwrap_err()[0].message.contains("no column of names"));
        assert!(rows("name,b\n1,2\n", check).unwrap_err()[0].message.contains("no coordinates"));
    }
}
