//! What people read on standard error.

use std::fmt::Display;
use std::io::Write;

/// One line on standard error; when that is closed there is nobody to tell.
fn line(line: std::fmt::Arguments<'_>) {
    _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Something that failed.
pub(super) fn error(error: &dyn Display) {
    line(format_args!("mentionmap: {error}"));
}

/// Something worth knowing.
pub(super) fn note(message: &str) {
    line(format_args!("{message}"));
}

/// "1 article", "2 articles"; thousands set apart by commas.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// "1,234,567": thousands set apart by commas.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts_as_people_write_them() {
        assert_eq!(super::count(1, "place", "places"), "1 place");
        assert_eq!(super::count(1_234_567, "place", "places"), "1,234,567 places");
    }
}
