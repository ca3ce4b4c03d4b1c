//! Reading an fst without trusting it.
//!
//! The fst crate builds the maps from names to postings, and from words to what is known of them. Its reader takes its
//! bytes at their word and panics where they are damaged. A gazetteer is not read as a whole when it is opened, so a
//! flipped bit may come to light only now: here every read has its bounds checked, and damage means that a name is not
//! there, or means another. Nodes refer to earlier ones only, which is checked too, so that every walk ends.
//!
//! The format is that of fst 0.4 (version 3): a node is read backwards from its address, that of its last byte.

use fst::Automaton;

/// The version of the fst crate's format.
const FORMAT: u64 = 3;
/// Version and type before the nodes; the number of keys, the root's address and a checksum after them.
const BEFORE: usize = 16;
const AFTER: usize = 20;
/// Nodes with more transitions have an index from bytes to transitions.
const INDEXED: usize = 32;
/// Keys are not longer: names have at most 65,535 bytes, and words fewer.
const LONGEST: usize = 1 << 16;

/// The bytes that a node's first byte can name, most frequent first, as fst has them.
const COMMON: &[u8; 63] = b"te/oasripcnw.hlm-du012g=:bf3y5&_4v9678k%?xCDASFIBEjPTzRNM+LOqHG";

/// A map from keys to numbers.
#[derive(Clone)]
pub(super) struct Trie<D> {
    data: D,
    root: usize,
}

/// A node, taken apart.
#[derive(Clone, Copy)]
struct Node {
    address: usize,
    /// What the node adds to the value of a key that ends here; none when none does.
    value: Option<u64>,
    transitions: Transitions,
}

#[derive(Clone, Copy)]
enum Transitions {
    One(Transition),
    Many(Many),
}

/// Where the transitions of a node lie. Positions are those of the first byte of each list; lists run backwards.
#[derive(Clone, Copy, Default)]
struct Many {
    count: usize,
    index: Option<usize>,
    inputs: usize,
    targets: usize,
    target_size: usize,
    outputs: usize,
    output_size: usize,
    /// Targets count backwards from here; here is the value of a key that ends.
    end: usize,
    is_final: bool,
}

#[derive(Clone, Copy)]
struct Transition {
    input: u8,
    output: u64,
    target: usize,
}

/// Little-endian; nothing when it lies outside or is too wide.
#[inline]
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    match size {
        0 => Some(0),
        1 => bytes.get(at).map(|&b| u64::from(b)),
        2..=8 => match bytes.get(at..)?.first_chunk() {
            Some(eight) => Some(u64::from_le_bytes(*eight) & (u64::MAX >> (64 - 8 * size))),
            None => Some(bytes.get(at..at.checked_add(size)?)?.iter().rev().fold(0, |sum, &b| sum << 8 | u64::from(b))),
        },
        _ => None,
    }
}

/// A target from its distance; 0 is the empty final node.
fn target(end: usize, distance: u64) -> Option<usize> {
    if distance == 0 { Some(0) } else { end.checked_sub(usize::try_from(distance).ok()?) }
}

impl Node {
    #[inline]
    fn read(bytes: &[u8], address: usize) -> Option<Self> {
        if address == 0 {
            return Some(Self { address, value: Some(0), transitions: Transitions::Many(Many::default()) });
        }
        let state = *bytes.get(address)?;
        let low = usize::from(state & 0x3F);
        if state >= 0x80 {
            let (input, at) = match low.checked_sub(1) {
                Some(common) => (*COMMON.get(common)?, address),
                None => (*bytes.get(address.checked_sub(1)?)?, address - 1),
            };
            let (output, target) = if state >= 0xC0 {
                (0, at.checked_sub(1)?)
            } else {
                let sizes = *bytes.get(at.checked_sub(1)?)?;
                let (target_size, output_size) = (usize::from(sizes >> 4), usize::from(sizes & 0xF));
                let target_at = at.checked_sub(1 + target_size)?;
                let output_at = target_at.checked_sub(output_size)?;
                (number(bytes, output_at, output_size)?, target(output_at, number(bytes, target_at, target_size)?)?)
            };
            return Some(Self {
                address,
                value: None,
                transitions: Transitions::One(Transition { input, output, target }),
            });
        }
        let many = Many::read(bytes, address, state)?;
        let value = if many.is_final { Some(number(bytes, many.end, many.output_size)?) } else { None };
        Some(Self { address, value, transitions: Transitions::Many(many) })
    }

    fn count(&self) -> usize {
        match self.transitions {
            Transitions::One(_) => 1,
            Transitions::Many(many) => many.count,
        }
    }

    /// A transition by its rank among the sorted inputs.
    #[inline]
    fn transition(&self, bytes: &[u8], i: usize) -> Option<Transition> {
        let found = match self.transitions {
            Transitions::One(only) => (i == 0).then_some(only)?,
            Transitions::Many(many) => many.transition(bytes, many.count.checked_sub(i + 1)?)?,
        };
        (found.target < self.address).then_some(found)
    }

    /// The transition of the node at an address with this input: the same as reading the node and seeking among its
    /// transitions, without what nobody asks for.
    #[inline]
    fn follow(bytes: &[u8], address: usize, input: u8) -> Option<Transition> {
        let state = *bytes.get(address).filter(|_| address != 0)?;
        let low = usize::from(state & 0x3F);
        if state >= 0x80 {
            // Most nodes have one transition, most often with another input.
            let common = low.checked_sub(1).map(|common| COMMON.get(common).copied());
            if common.is_some_and(|common| common != Some(input)) {
                return None;
            }
            let Transitions::One(only) = Self::read(bytes, address)?.transitions else { return None };
            return (only.input == input && only.target < address).then_some(only);
        }
        let many = Many::read(bytes, address, state)?;
        let from_end = match many.index {
            Some(index) => many.count.checked_sub(1 + usize::from(*bytes.get(index + usize::from(input))?))?,
            None => position(bytes.get(many.inputs..many.inputs + many.count)?, input)?,
        };
        many.transition(bytes, from_end).filter(|found| found.target < address)
    }
}

impl Many {
    /// Of the node at an address, which starts with this byte. From the back to the front: sizes, an index, inputs, targets,
    /// outputs, the value of a key that ends here.
    #[inline]
    fn read(bytes: &[u8], address: usize, state: u8) -> Option<Self> {
        let (count, at) = match usize::from(state & 0x3F) {
            0 => match *bytes.get(address.checked_sub(1)?)? {
                1 => (256, address - 1),
                n => (usize::from(n), address - 1),
            },
            n => (n, address),
        };
        let sizes = *bytes.get(at.checked_sub(1)?)?;
        let (target_size, output_size) = (usize::from(sizes >> 4), usize::from(sizes & 0xF));
        let (is_indexed, is_final) = (count > INDEXED, state & 0x40 != 0);
        let index_size = if is_indexed { 256 } else { 0 };
        if 1 + index_size + count * (1 + target_size + output_size) + output_size > at {
            return None;
        }
        let after_inputs = at - 1 - index_size;
        let inputs = after_inputs - count;
        let targets = inputs - count * target_size;
        let outputs = targets - count * output_size;
        let end = if is_final { outputs - output_size } else { outputs };
        let index = is_indexed.then_some(after_inputs);
        Some(Self { count, index, inputs, targets, target_size, outputs, output_size, end, is_final })
    }

    /// The transition that is so many before the last.
    #[inline]
    fn transition(&self, bytes: &[u8], from_end: usize) -> Option<Transition> {
        Some(Transition {
            input: *bytes.get(self.inputs + from_end)?,
            output: number(bytes, self.outputs + from_end * self.output_size, self.output_size)?,
            target: target(self.end, number(bytes, self.targets + from_end * self.target_size, self.target_size)?)?,
        })
    }
}

/// Where a byte stands among few others, eight of which are looked at together.
#[inline]
fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let (eights, rest) = bytes.as_chunks();
    for (n, eight) in eights.iter().enumerate() {
        // The lowest byte that is wanted is the lowest whose highest bit is set (Mycroft 1987).
        let other = u64::from_le_bytes(*eight) ^ (u64::from(wanted) * EACH);
        let found = other.wrapping_sub(EACH) & !other & (0x80 * EACH);
        if found != 0 {
            return Some(n * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    Some(eights.len() * 8 + rest.iter().position(|&b| b == wanted)?)
}

impl<D: AsRef<[u8]>> Trie<D> {
    /// Reads where the root is; none when the bytes are no fst.
    pub(super) fn new(data: D) -> Option<Self> {
        let bytes = data.as_ref();
        let nodes_end = bytes.len().checked_sub(AFTER).filter(|&end| end >= BEFORE)?;
        let root = usize::try_from(number(bytes, nodes_end + 8, 8)?).ok()?;
        (number(bytes, 0, 8)? == FORMAT && root < nodes_end).then_some(Self { data, root })
    }

    /// The value of a key.
    pub(super) fn get(&self, key: impl AsRef<[u8]>) -> Option<u64> {
        let mut cursor = Cursor::new(self);
        if cursor.step(key.as_ref()) { cursor.value() } else { None }
    }

    /// Hands over every key with its value, in order.
    pub(super) fn each(&self, mut sink: impl FnMut(&[u8], u64)) {
        self.search(&fst::automaton::AlwaysMatch, |key, value, ()| sink(key, value));
    }

    /// Hands over every key that the automaton accepts, with its value and the automaton's state, in order.
    pub(super) fn search<A: Automaton>(&self, automaton: &A, mut sink: impl FnMut(&[u8], u64, &A::State)) {
        let bytes = self.data.as_ref();
        let mut key: Vec<u8> = Vec::new();
        let mut stack = Vec::new();
        let mut next = Node::read(bytes, self.root).map(|root| (root, 0u64, automaton.start()));
        loop {
            if let Some((node, output, state)) = next.take() {
                if let Some(value) = node.value
                    && automaton.is_match(&state)
                {
                    sink(&key, output.wrapping_add(value), &state);
                }
                stack.push((node, output, state, 0));
            }
            let Some((node, output, state, i)) = stack.last_mut() else { return };
            if *i >= node.count() || key.len() >= LONGEST {
                stack.pop();
                key.pop();
                continue;
            }
            let transition = node.transition(bytes, *i);
            *i += 1;
            let Some(Transition { input, output: more, target }) = transition else { continue };
            let state = automaton.accept(state, input);
            if automaton.can_match(&state)
                && let Some(node) = Node::read(bytes, target)
            {
                key.push(input);
                next = Some((node, output.wrapping_add(more), state));
            }
        }
    }
}

/// A position among the keys of a trie.
pub(super) struct Cursor<'g, D> {
    trie: &'g Trie<D>,
    address: usize,
    output: u64,
}

/// Where a cursor stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    address: usize,
    output: u64,
}

// Derived, these would ask the same of `D`.
impl<D> Clone for Cursor<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<D> Copy for Cursor<'_, D> {}

impl<'g, D: AsRef<[u8]>> Cursor<'g, D> {
    pub(super) fn new(trie: &'g Trie<D>) -> Self {
        Self { trie, address: trie.root, output: 0 }
    }

    pub(super) fn position(&self) -> Position {
        Position { address: self.address, output: self.output }
    }

    /// Goes to where a cursor of the same trie stood.
    pub(super) fn at(self, position: Position) -> Self {
        Self { trie: self.trie, address: position.address, output: position.output }
    }

    /// Takes bytes; false when nothing goes on so, and then the position stays where it was.
    pub(super) fn step(&mut self, key: &[u8]) -> bool {
        let bytes = self.trie.data.as_ref();
        let (mut address, mut output) = (self.address, self.output);
        for &b in key {
            let Some(found) = Node::follow(bytes, address, b) else { return false };
            address = found.target;
            output = output.wrapping_add(found.output);
        }
        (self.address, self.output) = (address, output);
        true
    }

    /// Hands over every byte with which something goes on, in order, and where it leads.
    pub(super) fn each_next(&self, mut sink: impl FnMut(u8, Self)) {
        let bytes = self.trie.data.as_ref();
        let Some(node) = Node::read(bytes, self.address) else { return };
        for Transition { input, output, target } in (0..node.count()).filter_map(|i| node.transition(bytes, i)) {
            sink(input, Self { trie: self.trie, address: target, output: self.output.wrapping_add(output) });
        }
    }

    /// The value of what ends here, if something does.
    pub(super) fn value(&self) -> Option<u64> {
        let node = Node::read(self.trie.data.as_ref(), self.address)?;
        Some(self.output.wrapping_add(node.value?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn build(map: &BTreeMap<Vec<u8>, u64>) -> Vec<u8> {
        let mut builder = fst::MapBuilder::memory();
        for (key, &value) in map {
            builder.insert(key, value).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn maps() -> impl Strategy<Value = BTreeMap<Vec<u8>, u64>> {
        let key = prop_oneof![prop::collection::vec(any::<u8>(), 0..4), "[a-e ]{0,9}".prop_map(String::into_bytes)];
        prop::collection::btree_map(key, prop_oneof![0..9u64, any::<u64>()], 0..400)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn reads_what_fst_writes(map in maps(), absent in prop::collection::vec(any::<u8>(), 0..4)) {
            let trie = Trie::new(build(&map)).unwrap();
            let mut found = BTreeMap::new();
            let mut order = Vec::new();
            trie.each(|key, value| {
                found.insert(key.to_vec(), value);
                order.push(key.to_vec());
            });
            prop_assert_eq!(&found, &map);
            prop_assert!(order.is_sorted() && order.len() == map.len());
            prop_assert_eq!(trie.get(&absent), map.get(&absent).copied());
            let mut firsts = Vec::new();
            Cursor::new(&trie).each_next(|byte, next| firsts.push((byte, next.value())));
            let mut starts: Vec<u8> = map.keys().filter_map(|key| key.first().copied()).collect();
            starts.dedup();
            prop_assert_eq!(firsts, starts.iter().map(|&b| (b, map.get(&vec![b]).copied())).collect::<Vec<_>>());
            for (key, &value) in &map {
                prop_assert_eq!(trie.get(key), Some(value));
            }
        }

        #[test]
        fn survives_damage(map in maps(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..9)) {
            let mut bytes = build(&map);
            for (at, value) in damage {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Some(trie) = Trie::new(bytes) {
                for key in map.keys() {
                    trie.get(key);
                }
            }
        }
    }
}
