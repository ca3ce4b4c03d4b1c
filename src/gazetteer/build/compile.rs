//! From collected places and names to sections.

use super::Builder;
use super::extent::typical_radius_km;
use super::places::{Places, Record, Text};
use super::twins::Twins;
use super::written::NO_COUNTRIES;
use crate::error::{Error, Result};
use crate::gazetteer::format::{
    self, CountryRecord, POSTING_KIND_SHIFT, POSTING_LAST, POSTING_PLACE, PlaceRecord, Spool, spool,
};
use crate::gazetteer::index::{Meta, gate_bit};
use crate::gazetteer::{Feature, Level, NameKind};
use std::collections::HashMap;
use std::io::{BufWriter, Write};

/// Names that more places bear than this keep the best known only: nobody can tell the 300th San José from the rest.
const MAX_POSTINGS: usize = 250;
/// The size of the largest gate, in 64-bit words.
const LARGEST_GATE: usize = 1 << 18;

/// What a compiled gazetteer came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compiled {
    /// What it says about itself.
    pub meta: Meta,
    /// Its hash, as [`crate::Gazetteer::hash`] gives it.
    pub hash: String,
    /// Its size in bytes.
    pub bytes: u64,
}

pub(super) fn compile(builder: Builder, out: &mut dyn Write) -> Result<Compiled> {
    let Builder { places, names, words, sources, withdrawn, failed } = builder;
    if let Some(error) = failed {
        return Err(error);
    }
    if places.len() > POSTING_PLACE as usize {
        return Err(Error::gazetteer(format!(
            "too many places: {} (the format numbers {POSTING_PLACE})",
            places.len()
        )));
    }
    let order = order(&places);
    let mut number = vec![0u32; order.len()];
    for (to, &from) in order.iter().enumerate() {
        number[from as usize] = to as u32;
    }
    let count_of_places = places.len() as u64;
    let mut twins = Twins::new(&places, &order);
    let mut postings = BufWriter::new(spool());
    let mut map = fst::MapBuilder::new(BufWriter::new(spool())).map_err(fst_error)?;
    let mut gate = vec![0u64; LARGEST_GATE];
    let (mut count, mut borne, mut written) = (0u64, 0usize, 0u64);
    names.merge(
        |place| number[place as usize],
        |key, bearers| {
            if let Some(places) = withdrawn.get(key) {
                let is_withdrawn = |kind| matches!(kind, NameKind::Alternate | NameKind::Variant);
                bearers.retain(|&(n, kind)| !is_withdrawn(kind) || !places.contains(&order[n as usize]));
                if bearers.is_empty() {
                    return Ok(());
                }
            }
            keep_most_trusted(bearers);
            drop_shadows(bearers, &places, &order);
            twins.take(bearers);
            map.insert(key, written).map_err(fst_error)?;
            let first = key.split(|&b| b == b' ').next().and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
            let bit = gate_bit(first, gate.len());
            gate[bit / 64] |= 1 << (bit % 64);
            count += 1;
            borne += bearers.len();
            // Places are numbered by prominence, so the order of a name's places is the order of their numbers.
            let kept = bearers.len().min(MAX_POSTINGS);
            for (i, &(place, kind)) in bearers[..kept].iter().enumerate() {
                let last = if i + 1 == kept { POSTING_LAST } else { 0 };
                postings.write_all(&(place | (kind as u32) << POSTING_KIND_SHIFT | last).to_le_bytes())?;
            }
            written += kept as u64;
            Ok(())
        },
    )?;
    let twins = twins.into_numbers();
    let (records, strings, countries) = records(&places, &order, &twins)?;
    let mut word_map = fst::MapBuilder::new(BufWriter::new(spool())).map_err(fst_error)?;
    for (word, flags) in &words {
        word_map.insert(word, flags.bits()).map_err(fst_error)?;
    }
    let meta = Meta { places: count_of_places, names: count, sources };
    let mut sections = [
        written_spool(&serde_json::to_vec(&meta).map_err(|e| Error::gazetteer(e.to_string()))?)?,
        records,
        written_spool(&strings)?,
        unbuffered(postings)?,
        unbuffered(map.into_inner().map_err(fst_error)?)?,
        written_spool(bytemuck::cast_slice(&folded(gate, borne)))?,
        unbuffered(word_map.into_inner().map_err(fst_error)?)?,
        written_spool(bytemuck::cast_slice(&countries))?,
    ];
    let (hash, bytes) = format::write(&mut sections, out)?;
    Ok(Compiled { meta, hash: format!("{hash:032x}"), bytes })
}

#[allow(clippy::needless_pass_by_value)] // It is used in map_err.
fn fst_error(error: fst::Error) -> Error {
    match error {
        fst::Error::Io(error) => error.into(),
        fst::Error::Fst(error) => Error::gazetteer(format!("index: {error}")),
    }
}

fn unbuffered(buffer: BufWriter<Spool>) -> Result<Spool> {
    buffer.into_inner().map_err(|e| e.into_error().into())
}

fn written_spool(bytes: &[u8]) -> Result<Spool> {
    let mut to = spool();
    to.write_all(bytes)?;
    Ok(to)
}

/// One posting for each name and place: the most trusted kind sorts first and stays. A demonym may be a name too:
/// "Polen" is German for Poland and for the Poles.
fn keep_most_trusted(bearers: &mut Vec<(u32, NameKind)>) {
    bearers.dedup_by(|b, a| a.0 == b.0 && (a.1 == NameKind::Demonym || b.1 != NameKind::Demonym));
}

/// A country's name does not mean a disputed territory or a state of the past that bears it too, nor another entry of
/// the same country.
fn drop_shadows(bearers: &mut Vec<(u32, NameKind)>, places: &Places, order: &[u32]) {
    let record = |number: u32| &places.records()[order[number as usize] as usize];
    let is_country = |&(number, _): &(u32, NameKind)| is_living_country(record(number).feature);
    if bearers.len() > 1 && bearers.iter().any(is_country) {
        bearers.retain(|bearer| is_country(bearer) || !NO_COUNTRIES.contains(&places.code(record(bearer.0).country)));
        let mut seen: Vec<(u32, u32)> = Vec::new();
        bearers.retain(|bearer| {
            if !is_country(bearer) {
                return true;
            }
            let country = record(bearer.0).country;
            let first = seen.iter().find(|(code, _)| *code == country).map(|&(_, number)| number);
            seen.push((country, first.unwrap_or(bearer.0)));
            country == 0 || first.is_none_or(|number| number == bearer.0)
        });
    }
}

fn is_living_country(feature: Feature) -> bool {
    feature.level() == Level::Country && feature.code() != "PCLH"
}

/// In tenths of a km.
fn typical_radius(place: &Record) -> u16 {
    (typical_radius_km(place.feature, place.population) * 10.0).round() as u16
}

/// The gate for that many postings. A smaller gate takes fewer bits of the hash, so the halves of a larger one laid
/// over each other are it.
fn folded(mut gate: Vec<u64>, postings: usize) -> Vec<u64> {
    let size = (postings / 8).next_power_of_two().clamp(16, LARGEST_GATE);
    while gate.len() > size {
        let upper = gate.split_off(gate.len() / 2);
        for (low, high) in gate.iter_mut().zip(upper) {
            *low |= high;
        }
    }
    gate
}

/// The places by prominence: countries, regions, first-order divisions, then by population, then by id.
fn order(places: &Places) -> Vec<u32> {
    let rank = |feature: Feature| match feature.level() {
        Level::Country if is_living_country(feature) => 0u64,
        Level::Country | Level::Region => 1,
        Level::Admin1 => 2,
        _ => 3,
    };
    let all = places.records();
    let mut order: Vec<(u64, u32)> =
        all.iter().zip(0..).map(|(p, i)| (rank(p.feature) << 32 | u64::from(!p.population), i)).collect();
    order.sort_unstable_by(|&(a, i), &(b, j)| {
        let (p, q) = (&all[i as usize], &all[j as usize]);
        a.cmp(&b)
            .then_with(|| p.geonames.cmp(&q.geonames))
            .then_with(|| places.custom(p).cmp(&places.custom(q)))
            .then(i.cmp(&j))
    });
    order.into_iter().map(|(_, i)| i).collect()
}

type Sections = (Spool, Vec<u8>, Vec<CountryRecord>);

fn records(places: &Places, order: &[u32], twins: &[u32]) -> Result<Sections> {
    let sorted = || order.iter().map(|&i| &places.records()[i as usize]);
    let mut admin1: HashMap<(u32, u32), u32> = HashMap::new();
    let mut admin2: HashMap<(u32, u32, u32), u32> = HashMap::new();
    let mut countries = Vec::new();
    // Of several entries of a division or country the most prominent, which comes first, is its place.
    for (p, number) in sorted().zip(1u32..) {
        match (p.feature.level(), p.feature.code()) {
            (Level::Admin1, _) => _ = admin1.entry((p.country, p.admin1)).or_insert(number),
            (_, "ADM2") => _ = admin2.entry((p.country, p.admin1, p.admin2)).or_insert(number),
            (Level::Country, code) if code != "PCLH" => {
                if let &[a, b] = places.code(p.country).as_bytes() {
                    countries.push(CountryRecord { code: [a, b, 0, 0], place: number - 1 });
                }
            }
            _ => {}
        }
    }
    countries.sort_by_key(|c| c.code);
    countries.dedup_by_key(|c| c.code);
    let mut strings = Strings::default();
    let mut out = BufWriter::new(spool());
    for (p, number) in sorted().zip(1u32..) {
        let parent = |n: Option<&u32>| n.copied().filter(|&n| n != number).unwrap_or(0);
        let custom = places.custom(p);
        let record = PlaceRecord {
            id: custom.map_or(Ok(p.geonames), |id| strings.add(id))?,
            name: strings.add(places.name(p))?,
            latitude: p.latitude,
            longitude: p.longitude,
            population: p.population,
            admin1: if p.feature.level() == Level::Admin1 || p.admin1 == 0 {
                0
            } else {
                parent(admin1.get(&(p.country, p.admin1)))
            },
            admin2: if p.admin2 == 0 { 0 } else { parent(admin2.get(&(p.country, p.admin1, p.admin2))) },
            feature: p.feature,
            twin: twins.get(number as usize - 1).copied().unwrap_or(0),
            radius: if p.radius == 0 { typical_radius(p) } else { p.radius },
            country: places.code(p.country).as_bytes().try_into().unwrap_or_default(),
            custom: u8::from(custom.is_some()),
            reserved: [0; 3],
        };
        out.write_all(bytemuck::bytes_of(&record))?;
    }
    Ok((unbuffered(out)?, strings.text.bytes, countries))
}

/// Strings, each kept once unless two of them share a hash.
#[derive(Default)]
struct Strings {
    text: Text,
    known: HashMap<u64, u32>,
}

impl Strings {
    fn add(&mut self, text: &str) -> Result<u32> {
        let hash = xxhash_rust::xxh3::xxh3_64(text.as_bytes());
        if let Some(&at) = self.known.get(&hash)
            && self.text.get(at) == text
        {
            return Ok(at);
        }
        let at = self.text.add(text)?;
        self.known.insert(hash, at);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::Gazetteer;
    use crate::gazetteer::build::PlaceInput;

    #[test]
    fn hierarchy_and_order() {
        let mut builder = Builder::default();
        let city = |id, name: &str, population, admin1: &str, country: &str| PlaceInput {
            population,
            admin1: admin1.into(),
            country: country.into(),
            ..PlaceInput::geonames(id, name, "P.PPL")
        };
        builder.add_place(city(2, "Paris", 24_000, "TX", "US"));
        builder.add_place(city(1, "Paris", 2_100_000, "11", "FR"));
        builder.add_place(PlaceInput {
            country: "US".into(),
            admin1: "TX".into(),
            ..PlaceInput::geonames(3, "Texas", "A.ADM1")
        });
        builder.add_place(PlaceInput { country: "US".into(), ..PlaceInput::geonames(4, "United States", "A.PCLI") });
        let gazetteer = Gazetteer::from_bytes(&builder.finish().unwrap()).unwrap();
        let found: Vec<_> = gazetteer.lookup("PARIS").map(|(p, _)| p.country()).collect();
        assert_eq!(found, ["FR", "US"]);
        let (texan, _) = gazetteer.lookup("paris").nth(1).unwrap();
        assert_eq!(texan.admin1().unwrap().name(), "Texas");
        assert_eq!(texan.country_place().unwrap().name(), "United States");
        assert!(texan.lies_in(&texan.admin1().unwrap()));
        assert!(gazetteer.may_start("paris") && gazetteer.lookup("Lima").next().is_none());
    }
}
