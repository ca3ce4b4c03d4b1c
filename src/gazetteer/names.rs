//! Names as handles, and the walk through them word by word: the file's names and an overlay's, in step.

use super::index::SectionBytes;
use super::overlay::Handle;
use super::trie::{Cursor, Position, Trie};

/// A name that the gazetteer knows: a handle to the places that bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// Its first posting in the compiled file, or [`ABSENT`].
    base: u32,
    /// Its handle in the overlay, or [`ABSENT`].
    overlay: u32,
}

/// Of a name that a layer does not have.
const ABSENT: u32 = u32::MAX;

impl Name {
    /// A name that no place bears.
    pub const NONE: Self = Self { base: ABSENT, overlay: ABSENT };

    /// Its first posting in the compiled file; beyond all when that does not have it.
    pub(super) fn base(self) -> u32 {
        self.base
    }

    /// What a base without an overlay has.
    pub(super) fn of_base(at: u64) -> Self {
        Self { base: at as u32, overlay: ABSENT }
    }

    /// What the two layers have together: nothing when neither has the name, or when the overlay silences it.
    pub(super) fn of_layers(base: Option<u64>, overlay: Option<u64>) -> Option<Self> {
        let name = match overlay {
            Some(handle) => Self { base: base.map_or(ABSENT, |at| at as u32), overlay: handle as u32 },
            None => Self::of_base(base?),
        };
        (name.overlay == ABSENT || !Handle::from_bits(name.overlay).is_silenced()).then_some(name)
    }

    /// The overlay's handle.
    pub(super) fn handle(self) -> Option<Handle> {
        (self.overlay != ABSENT).then(|| Handle::from_bits(self.overlay))
    }
}

/// A position within the names while words are matched one by one.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'g> {
    base: Cursor<'g, SectionBytes>,
    own: Option<Own<'g>>,
}

/// A position within the names, to go on from later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    base: Position,
    own: Option<(Position, bool, bool)>,
}

/// The position within an overlay's names, in step with the base's.
#[derive(Clone, Copy)]
struct Own<'g> {
    cursor: Cursor<'g, Vec<u8>>,
    goes_on: bool,
    base_goes_on: bool,
}

impl<'g> Walk<'g> {
    pub(super) fn new(base: &'g Trie<SectionBytes>, own: Option<&'g Trie<Vec<u8>>>) -> Self {
        let own = own.map(|names| Own { cursor: Cursor::new(names), goes_on: true, base_goes_on: true });
        Self { base: Cursor::new(base), own }
    }

    /// The position, to be kept.
    pub(crate) fn mark(&self) -> Mark {
        let own = self.own.as_ref().map(|own| (own.cursor.position(), own.goes_on, own.base_goes_on));
        Mark { base: self.base.position(), own }
    }

    /// Goes to a position that a walk through the same names had.
    pub(crate) fn at(mut self, mark: &Mark) -> Self {
        self.base = self.base.at(mark.base);
        if let (Some(own), Some((position, goes_on, base_goes_on))) = (&mut self.own, mark.own) {
            *own = Own { cursor: own.cursor.at(position), goes_on, base_goes_on };
        }
        self
    }

    /// Takes the bytes of a word (or of a space); false when no name goes on so.
    pub(crate) fn step(&mut self, bytes: &[u8]) -> bool {
        match &mut self.own {
            None => self.base.step(bytes),
            Some(own) => {
                own.goes_on = own.goes_on && own.cursor.step(bytes);
                own.base_goes_on = own.base_goes_on && self.base.step(bytes);
                own.goes_on || own.base_goes_on
            }
        }
    }

    /// The name that ends here, if one does.
    pub(crate) fn name(&self) -> Option<Name> {
        match &self.own {
            None => self.base.value().map(Name::of_base),
            Some(own) => Name::of_layers(
                self.base.value().filter(|_| own.base_goes_on),
                own.cursor.value().filter(|_| own.goes_on),
            ),
        }
    }
}
