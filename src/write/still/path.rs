//! Paths of SVG, as short as the eye allows.

use super::frame::At;
use std::fmt::Write as _;

/// Adds lines or rings to a path's data, in tenths of a pixel; points nearer than `near` to the one before are left
/// out.
pub(super) fn add_path(data: &mut String, line: &[At], near: f64, is_closed: bool) {
    let tenth = |at: At| at.map(|v| (v.clamp(-1e5, 1e5) * 10.0).round() as i64);
    let near = (near * 10.0) as i64;
    let mut kept: Vec<[i64; 2]> = Vec::new();
    for (i, &at) in line.iter().enumerate() {
        let at = tenth(at);
        let is_last = i + 1 == line.len() && !is_closed;
        let moved = kept.last().is_none_or(|p| (p[0] - at[0]).abs().max((p[1] - at[1]).abs()) >= near.max(1));
        if moved || is_last {
            kept.push(at);
        }
    }
    if kept.len() < if is_closed { 3 } else { 2 } {
        return;
    }
    let number = |v: i64| if v % 10 == 0 { format!("{}", v / 10) } else { format!("{:.1}", v as f64 / 10.0) };
    _ = write!(data, "M{},{}l", number(kept[0][0]), number(kept[0][1]));
    for (i, pair) in kept.windows(2).enumerate() {
        let [x, y] = [pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]];
        let space = if i == 0 || x < 0 { "" } else { " " };
        let comma = if y < 0 { "" } else { "," };
        _ = write!(data, "{space}{}{comma}{}", number(x), number(y));
    }
    if is_closed {
        data.push('z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short() {
        let mut data = String::new();
        add_path(&mut data, &[[1.0, 2.0], [1.04, 2.0], [3.5, 1.0], [2.0, 4.0]], 0.5, true);
        assert_eq!(data, "M1,2l2.5-1-1.5,3z");
    }
}
