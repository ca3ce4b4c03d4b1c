//! Reads a layer, feature by feature, whatever its size.

use crate::error::{Error, Result};
use crate::write::LayerInfo;
use geojson::Feature;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// What a layer says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) attribution: String,
    pub(crate) license: String,
    /// The hash of the gazetteer.
    pub(crate) gazetteer: String,
    /// The options that shaped it.
    pub(crate) options: String,
}

impl Facts {
    /// The facts that `of` knows by the keys that all formats have for them; nothing when it knows none.
    pub(super) fn gather(of: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let known = LayerInfo::default().facts().into_iter().any(|(key, _)| of(key).is_some());
        let fact = |key: &str| of(key).unwrap_or_default();
        known.then(|| Self {
            attribution: fact("attribution"),
            license: fact("license"),
            gazetteer: fact("gazetteer"),
            options: fact("options"),
        })
    }
}

/// What takes up the parts of a layer.
pub(crate) trait Sink {
    /// A feature.
    fn feature(&mut self, feature: Feature) -> Result<()>;

    /// What the layer says of itself, before its features or after them.
    fn facts(&mut self, facts: Facts) -> Result<()>;
}

/// Hands over the features of a layer: GeoJSON, a sequence of features, or GeoParquet, told apart by their content.
///
/// # Errors
/// When it cannot be read or is cut off, and what `sink` fails with. Some of its features have been handed over then.
pub(crate) fn read(path: &Path, sink: &mut dyn Sink) -> Result<()> {
    let mut read = || -> Result<()> {
        if path == Path::new("-") {
            return json(io::stdin().lock(), sink);
        }
        let mut file = File::open(path)?;
        let mut head = [0; 4];
        let is_parquet = file.read_exact(&mut head).is_ok() && head == *b"PAR1";
        let file = File::open(path)?;
        if is_parquet { parquet(&file, sink) } else { json(file, sink) }
    };
    read().map_err(|e| e.at(if path == Path::new("-") { Path::new("standard input") } else { path }))
}

#[cfg(feature = "full")]
use super::columns::read as parquet;

#[cfg(not(feature = "full"))]
fn parquet(_: &File, _: &mut dyn Sink) -> Result<()> {
    Err(Error::usage("GeoParquet is left out of this build; make one with `cargo install --features full`"))
}

/// GeoJSON objects one after the other: features, or collections of them.
fn json(from: impl Read, sink: &mut dyn Sink) -> Result<()> {
    let mut failed = None;
    let mut objects = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, WithoutSeparators(from)));
    while objects.end().is_err() {
        let object = Object { sink, failed: &mut failed }.deserialize(&mut objects);
        if let Some(error) = failed {
            return Err(error);
        }
        if let Err(error) = object {
            return Err(match error.classify() {
                serde_json::error::Category::Io => io::Error::from(error).into(),
                serde_json::error::Category::Eof => {
                    Error::format("is cut off within a feature; the run that wrote it did not finish")
                }
                _ => Error::json(&error).on_line(error.line() as u64),
            });
        }
    }
    Ok(())
}

/// The record separators of text sequences as white space; within JSON they do not stand as they are.
struct WithoutSeparators<R>(R);

impl<R: Read> Read for WithoutSeparators<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(bytes)?;
        bytes[..read].iter_mut().filter(|byte| **byte == 0x1E).for_each(|byte| *byte = b' ');
        Ok(read)
    }
}

/// A feature, or a collection whose features are handed over as they come.
struct Object<'s> {
    sink: &'s mut dyn Sink,
    /// What the sink failed with: serde's errors have no room for it.
    failed: &'s mut Option<Error>,
}

impl Object<'_> {
    /// Hands over what a collection says of itself; false when it says nothing.
    fn tell<E: serde::de::Error>(
        members: &Map<String, Value>,
        sink: &mut dyn Sink,
        failed: &mut Option<Error>,
    ) -> Result<bool, E> {
        let text = |key: &str| members.get(key).and_then(Value::as_str).map(str::to_owned);
        match Facts::gather(text) {
            Some(facts) => Self::keep(failed, sink.facts(facts)).map(|()| true),
            None => Ok(false),
        }
    }

    /// Keeps what the sink failed with, and has the reading end.
    fn keep<E: serde::de::Error>(failed: &mut Option<Error>, result: Result<()>) -> Result<(), E> {
        result.map_err(|error| {
            *failed = Some(error);
            E::custom("not taken")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut others: Map<String, Value> = Map::new();
        let (mut is_collection, mut told) = (false, false);
        while let Some(name) = members.next_key::<String>()? {
            if name == "features" {
                is_collection = true;
                // As we write it, a collection says what it is before its features.
                told = Self::tell(&others, self.sink, self.failed)?;
                members.next_value_seed(Features { sink: &mut *self.sink, failed: &mut *self.failed })?;
            } else {
                others.insert(name, members.next_value()?);
            }
        }
        if is_collection {
            if !told {
                Self::tell(&others, self.sink, self.failed)?;
            }
            return Ok(());
        }
        let feature = serde_json::from_value(Value::Object(others)).map_err(A::Error::custom)?;
        Self::keep(self.failed, self.sink.feature(feature))
    }
}

struct Features<'s> {
    sink: &'s mut dyn Sink,
    failed: &'s mut Option<Error>,
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut features: A) -> Result<(), A::Error> {
        while let Some(feature) = features.next_element::<Feature>()? {
            Object::keep(self.failed, self.sink.feature(feature))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct All {
        features: Vec<Feature>,
        facts: Option<Facts>,
    }

    impl Sink for All {
        fn feature(&mut self, feature: Feature) -> Result<()> {
            self.features.push(feature);
            Ok(())
        }

        fn facts(&mut self, facts: Facts) -> Result<()> {
            self.facts = Some(facts);
            Ok(())
        }
    }

    const FEATURE: &str = r#"{"type":"Feature","geometry":null,"id":"a","properties":{"weight":0.5}}"#;

    #[test]
    fn reads_collections_and_sequences_alike() {
        let collection = format!(r#"{{"type":"FeatureCollection","gazetteer":"h","features":[{FEATURE}, {FEATURE}]}}"#);
        for text in
            [collection.clone(), format!("{FEATURE}\n{FEATURE}\n"), format!("\u{1E}{FEATURE}\n\u{1E}{FEATURE}\n")]
        {
            let mut all = All::default();
            json(text.as_bytes(), &mut all).unwrap();
            assert_eq!(all.features.len(), 2);
            assert_eq!(all.features[1], FEATURE.parse().unwrap());
            assert_eq!(all.facts.map(|f| f.gazetteer), text.contains("\"h\"").then(|| "h".into()));
            let error = json(&text.as_bytes()[..text.len() - 4], &mut All::default()).unwrap_err();
            assert!(error.to_string().contains("is cut off"), "{error}");
        }
        let error = json(&b"{}\n[1]"[..], &mut All::default()).unwrap_err();
        assert!(!error.to_string().is_empty());
    }
}
