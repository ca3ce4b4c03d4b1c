//! A mention of a place.

use crate::gazetteer::{Level, Name};
use crate::read::Field;
use serde::{Deserialize, Serialize};

/// In which role a place name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// For the place itself, or for who acts there ("Washington agreed").
    Place,
    /// Inside the name of an organization ("Paris Police Department").
    Organization,
    /// For its people or as an adjective ("Syrian", "US troops").
    Demonym,
}

impl Role {
    /// As the output names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Organization => "organization",
            Self::Demonym => "demonym",
        }
    }
}

/// How a mention hangs together with the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It does not.
    None,
    /// "X, Y": Y may contain X, or both are in a list.
    Comma,
    /// "X and Y", "X or Y", "X/Y", "X-Y": two of a kind.
    And,
    /// "X in Y", "X (Y)", "X of Y": Y may contain X.
    In,
    /// "Y's X": the first may contain the next.
    Possessive,
}

/// A name in an article that means a place, before it is said which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mention {
    /// The part of the article.
    pub field: Field,
    /// First byte of it in that part.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// How the name is used.
    pub role: Role,
    /// How likely it is that this is a mention at all, from 0 to 1.
    pub probability: f32,
    /// The name, as the gazetteer knows it.
    pub name: Name,
    /// The text has almost this name: it was found by its spelling, as a last resort.
    pub misspelled: bool,
    /// The level that the words around it say it has ("Henry County", "province of", "river").
    pub cue: Option<Level>,
    /// "the" stands right before it.
    pub after_article: bool,
    /// How it hangs together with the next mention.
    pub link: Link,
    /// To be output; otherwise it is context for others.
    pub wanted: bool,
    /// The article brought it along, and by its form it is a street, a building or the like: it lies where the article
    /// is, whatever the gazetteer knows of it.
    pub local: bool,
}
