//! From collected places and names to sections.

use super::{Builder, PlaceInput};
use crate::error::{Error, Result};
use crate::gazetteer::format::{CountryRecord, POSTING_KIND_SHIFT, POSTING_LAST, POSTING_PLACE, PlaceRecord, assemble};
use crate::gazetteer::index::{Meta, gate_bit};
use crate::gazetteer::{Level, NameKind};
use std::collections::HashMap;

/// Names that more places bear than this keep the best known only: nobody can tell the 300th San José from the rest.
const MAX_POSTINGS: usize = 250;

pub(super) fn compile(builder: Builder) -> Result<Vec<u8>> {
    let Builder { mut places, mut names, words, sources } = builder;
    if places.len() > POSTING_PLACE as usize {
        return Err(Error::gazetteer(format!(
            "too many places: {} (the format numbers {POSTING_PLACE})",
            places.len()
        )));
    }
    sort_places(&mut places, &mut names);
    let (records, strings, countries) = records(&places)?;
    // One posting for each name and place: the most trusted kind sorts first and stays. A demonym may be a name too:
    // "Polen" is German for Poland and for the Poles.
    names.sort_unstable();
    names.dedup_by(|b, a| a.0 == b.0 && a.1 == b.1 && (a.2 == NameKind::Demonym || b.2 != NameKind::Demonym));
    let mut postings: Vec<u32> = Vec::with_capacity(names.len());
    let mut map = fst::MapBuilder::memory();
    let mut gate = vec![0u64; (names.len() / 8).next_power_of_two().clamp(16, 1 << 18)];
    let mut count = 0u64;
    for group in names.chunk_by(|a, b| a.0 == b.0) {
        let key = &group[0].0;
        map.insert(key, postings.len() as u64).map_err(|e| Error::gazetteer(format!("names: {e}")))?;
        let first = key.split(' ').next().unwrap_or(key);
        let bit = gate_bit(first, gate.len());
        gate[bit / 64] |= 1 << (bit % 64);
        // Places are numbered by prominence, so the order of a name's places is the order of their numbers.
        postings.extend(
            group.iter().take(MAX_POSTINGS).map(|&(_, place, kind)| place | (kind as u32) << POSTING_KIND_SHIFT),
        );
        if let Some(last) = postings.last_mut() {
            *last |= POSTING_LAST;
        }
        count += 1;
    }
    let mut word_map = fst::MapBuilder::memory();
    for (word, flags) in &words {
        word_map.insert(word, flags.bits()).map_err(|e| Error::gazetteer(format!("words: {e}")))?;
    }
    let meta = Meta { places: places.len() as u64, names: count, sources };
    let meta = serde_json::to_vec(&meta).map_err(|e| Error::gazetteer(e.to_string()))?;
    let finish = |map: fst::MapBuilder<Vec<u8>>| map.into_inner().map_err(|e| Error::gazetteer(e.to_string()));
    Ok(assemble(&[
        meta,
        bytemuck::cast_slice(&records).to_vec(),
        strings,
        bytemuck::cast_slice(&postings).to_vec(),
        finish(map)?,
        bytemuck::cast_slice(&gate).to_vec(),
        finish(word_map)?,
        bytemuck::cast_slice(&countries).to_vec(),
    ]))
}

/// Numbers the places by prominence: countries and regions, then by population, then by id.
fn sort_places(places: &mut Vec<PlaceInput>, names: &mut [(String, u32, NameKind)]) {
    let rank = |p: &PlaceInput| match p.feature.level() {
        Level::Country | Level::Region => 0,
        Level::Admin1 => 1,
        _ => 2,
    };
    let mut order: Vec<u32> = (0..places.len() as u32).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&places[a as usize], &places[b as usize]);
        rank(a)
            .cmp(&rank(b))
            .then(b.population.cmp(&a.population))
            .then(a.geonames.cmp(&b.geonames))
            .then(a.custom.cmp(&b.custom))
    });
    let mut new = vec![0u32; places.len()];
    for (to, &from) in order.iter().enumerate() {
        new[from as usize] = to as u32;
    }
    let mut old: Vec<Option<PlaceInput>> = std::mem::take(places).into_iter().map(Some).collect();
    places.extend(order.iter().filter_map(|&from| old[from as usize].take()));
    for (_, place, _) in names {
        *place = new[*place as usize];
    }
}

type Sections = (Vec<PlaceRecord>, Vec<u8>, Vec<CountryRecord>);

fn records(places: &[PlaceInput]) -> Result<Sections> {
    let mut strings = Strings::default();
    let mut admin1: HashMap<(&str, &str), u32> = HashMap::new();
    let mut admin2: HashMap<(&str, &str, &str), u32> = HashMap::new();
    let mut countries = Vec::new();
    for (i, p) in places.iter().enumerate().rev() {
        let number = i as u32 + 1;
        match (p.feature.level(), p.feature.code()) {
            (Level::Admin1, _) => _ = admin1.insert((&p.country, &p.admin1), number),
            (_, "ADM2") => _ = admin2.insert((&p.country, &p.admin1, &p.admin2), number),
            (Level::Country, code) if code != "PCLH" && p.country.len() == 2 => {
                let code = [p.country.as_bytes()[0], p.country.as_bytes()[1], 0, 0];
                countries.push(CountryRecord { code, place: i as u32 });
            }
            _ => {}
        }
    }
    // Of several entries of a country the most prominent, which was pushed last, is its place.
    countries.reverse();
    countries.sort_by_key(|c| c.code);
    countries.dedup_by_key(|c| c.code);
    let mut records = Vec::with_capacity(places.len());
    for (i, p) in places.iter().enumerate() {
        let level = p.feature.level();
        let number = i as u32 + 1;
        let parent = |n: Option<&u32>| n.copied().filter(|&n| n != number).unwrap_or(0);
        let mut country = [0; 2];
        if p.country.len() == 2 {
            country.copy_from_slice(p.country.as_bytes());
        }
        records.push(PlaceRecord {
            id: match &p.custom {
                Some(id) => strings.add(id)?,
                None => p.geonames,
            },
            name: strings.add(&p.name)?,
            latitude: (p.latitude * 1e6).round() as i32,
            longitude: (p.longitude * 1e6).round() as i32,
            population: p.population,
            admin1: if level == Level::Admin1 || p.admin1.is_empty() {
                0
            } else {
                parent(admin1.get(&(p.country.as_str(), p.admin1.as_str())))
            },
            admin2: if p.admin2.is_empty() {
                0
            } else {
                parent(admin2.get(&(p.country.as_str(), p.admin1.as_str(), p.admin2.as_str())))
            },
            feature: p.feature,
            radius: (p.radius_km * 10.0).round() as u16,
            country,
            custom: u8::from(p.custom.is_some()),
            reserved: [0; 3],
        });
    }
    Ok((records, strings.bytes, countries))
}

/// Strings, each kept once.
#[derive(Default)]
struct Strings {
    bytes: Vec<u8>,
    known: HashMap<String, u32>,
}

impl Strings {
    fn add(&mut self, text: &str) -> Result<u32> {
        if let Some(&at) = self.known.get(text) {
            return Ok(at);
        }
        let at = u32::try_from(self.bytes.len()).map_err(|_| Error::gazetteer("more than 4 GiB of names"))?;
        let len = u16::try_from(text.len()).map_err(|_| Error::gazetteer(format!("a name of {} bytes", text.len())))?;
        self.bytes.extend(len.to_le_bytes());
        self.bytes.extend(text.as_bytes());
        self.known.insert(text.to_owned(), at);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::Gazetteer;

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
