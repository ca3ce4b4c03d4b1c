//! Points as people write them.

use geo::Point;

/// A part of a written point.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Number(f64),
    /// N, S, E or W.
    Side(char),
    /// A comma or semicolon.
    Separator,
}

/// Reads latitude and longitude, in degrees with decimals, or in degrees, minutes and seconds: `35.95,39.01`,
/// `35.95 N 39.01 E`, `35°57′10″N, 39°0′36″E`. The latitude comes first, unless letters say otherwise.
pub(super) fn parse(text: &str) -> Result<Point, String> {
    let wrong =
        || format!("{text}: give latitude and longitude in degrees, such as 35.95,39.01 or \"35.95 N 39.01 E\"");
    let parts = parts(text).ok_or_else(wrong)?;
    let (first, second) = halves(&parts).ok_or_else(wrong)?;
    let (first, second) = (angle(first).ok_or_else(wrong)?, angle(second).ok_or_else(wrong)?);
    let (latitude, longitude) = match (first.1, second.1) {
        (Some('E' | 'W'), Some('N' | 'S')) => (second.0, first.0),
        (None | Some('N' | 'S'), None | Some('E' | 'W')) => (first.0, second.0),
        _ => return Err(wrong()),
    };
    if !(-90.0..=90.0).contains(&latitude) {
        return Err(format!("latitude {latitude} is not between -90 and 90; the latitude comes first"));
    }
    if !(-360.0..=360.0).contains(&longitude) {
        return Err(format!("longitude {longitude} is not between -180 and 180"));
    }
    Ok(Point::new(longitude, latitude))
}

fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii_digit() || matches!(c, '+' | '-' | '−' | '.') {
            let digits = &rest[if c == '−' { c.len_utf8() } else { usize::from(matches!(c, '+' | '-')) }..];
            let length = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
            let number: f64 = digits[..length].parse().ok()?;
            parts.push(Part::Number(if matches!(c, '-' | '−') { -number } else { number }));
            rest.len() - digits.len() + length
        } else {
            match c.to_ascii_uppercase() {
                side @ ('N' | 'S' | 'E' | 'W') => parts.push(Part::Side(side)),
                ',' | ';' => parts.push(Part::Separator),
                '°' | 'º' | '\'' | '′' | '’' | '"' | '″' | '”' => {}
                c if c.is_whitespace() => {}
                _ => return None,
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    Some(parts)
}

/// Latitude and longitude are set apart by a separator, else by a letter, else each has half of the numbers.
fn halves(parts: &[Part]) -> Option<(&[Part], &[Part])> {
    if let Some(at) = parts.iter().position(|part| *part == Part::Separator) {
        return Some((&parts[..at], &parts[at + 1..]));
    }
    let side = |part: &Part| matches!(part, Part::Side(_));
    match parts.iter().position(side) {
        Some(0) => {
            let at = 1 + parts[1..].iter().position(side)?;
            Some(parts.split_at(at))
        }
        Some(at) => Some(parts.split_at(at + 1)),
        None if parts.len().is_multiple_of(2) => Some(parts.split_at(parts.len() / 2)),
        None => None,
    }
}

/// Degrees, and the letter if there is one.
fn angle(parts: &[Part]) -> Option<(f64, Option<char>)> {
    let (side, numbers) = match parts {
        [Part::Side(side), numbers @ ..] | [numbers @ .., Part::Side(side)] => (Some(*side), numbers),
        numbers => (None, numbers),
    };
    let mut degrees = 0.0;
    for (part, unit) in numbers.iter().zip([1.0, 60.0, 3600.0]) {
        let Part::Number(number) = part else { return None };
        // Minutes and seconds count away from zero, and a letter says what the sign would say.
        if unit > 1.0 && !(0.0..60.0).contains(number) || side.is_some() && number.is_sign_negative() {
            return None;
        }
        degrees += number.abs() / unit;
    }
    let first = numbers.first().filter(|_| numbers.len() <= 3)?;
    let negative = matches!(first, Part::Number(number) if number.is_sign_negative());
    Some((if negative || matches!(side, Some('S' | 'W')) { -degrees } else { degrees }, side))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        for (text, latitude, longitude) in [
            ("35.95,39.01", 35.95, 39.01),
            ("35.95, 39.01", 35.95, 39.01),
            ("-33.9 18.4", -33.9, 18.4),
            ("−33.9 −70.5", -33.9, -70.5),
            ("35.95 N 39.01 E", 35.95, 39.01),
            ("35.95N, 39.01W", 35.95, -39.01),
            ("N 35.95 E 39.01", 35.95, 39.01),
            ("39.01 e; 35.95 s", -35.95, 39.01),
            ("35°57′N 39°1′30″E", 35.95, 39.025),
            ("-0 30 39 15", -0.5, 39.25),
            ("90 -180", 90.0, -180.0),
        ] {
            let point = parse(text).unwrap();
            assert!((point.y() - latitude).abs() < 1e-9 && (point.x() - longitude).abs() < 1e-9, "{text}: {point:?}");
        }
    }

    #[test]
    fn what_is_no_point() {
        for text in [
            "",
            "35.95",
            "Raqqa",
            "91,0",
            "0,400",
            "1 2 3",
            "35.95 N 39.01 N",
            "-3 N 4 E",
            "1.2.3,4",
            "1,2,3",
            "- -",
            "1 61 2 3",
            "NaN,1",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
