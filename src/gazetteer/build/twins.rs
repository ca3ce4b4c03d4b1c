//! Places that are one under two records: a city and the division or district that is called after it.

use super::places::{Places, Record};
use crate::gazetteer::{Level, NameKind};

/// A division's point is this near to that of the city it is called after.
const NEAR_KM: f64 = 40.0;
/// Names that more places bear are not searched: they are no names of divisions, and pairs are many.
const MOST_BEARERS: usize = 100;

/// For every place, by its final number, that of its twin and one; 0 when it has none.
pub(super) struct Twins<'a> {
    places: &'a Places,
    order: &'a [u32],
    of: Vec<u32>,
}

impl<'a> Twins<'a> {
    /// `order` has the places by their final numbers.
    pub(super) fn new(places: &'a Places, order: &'a [u32]) -> Self {
        Self { places, order, of: vec![0; order.len()] }
    }

    /// Takes the bearers of one name, best known first.
    pub(super) fn take(&mut self, bearers: &[(u32, NameKind)]) {
        if bearers.len() < 2 || bearers.len() > MOST_BEARERS {
            return;
        }
        let named = |is_wanted: fn(Level) -> bool| -> Vec<u32> {
            let own = |kind: NameKind| matches!(kind, NameKind::Official | NameKind::Alternate | NameKind::Variant);
            let all = bearers.iter().filter(|(_, kind)| own(*kind)).map(|(number, _)| *number);
            all.filter(|&number| is_wanted(self.record(number).feature.level())).collect()
        };
        let divisions = named(|level| matches!(level, Level::Admin1 | Level::Admin2));
        if divisions.is_empty() {
            return;
        }
        let cities = named(|level| level == Level::City);
        // The best known of the cities comes first.
        let city_of = |division: u32| cities.iter().copied().find(|&city| self.is_near(city, division));
        let pairs: Vec<(u32, u32)> =
            divisions.iter().filter_map(|&division| Some((city_of(division)?, division))).collect();
        for (city, division) in pairs {
            self.link(city, division);
            self.link(division, city);
        }
    }

    /// The twins, by final number.
    pub(super) fn into_numbers(self) -> Vec<u32> {
        self.of
    }

    /// The best known of several twins stays.
    fn link(&mut self, from: u32, to: u32) {
        if let Some(twin) = self.of.get_mut(from as usize)
            && (*twin == 0 || *twin > to + 1)
        {
            *twin = to + 1;
        }
    }

    fn record(&self, number: u32) -> &'a Record {
        &self.places.records()[self.order[number as usize] as usize]
    }

    fn is_near(&self, city: u32, division: u32) -> bool {
        const DEGREE_KM: f64 = 111.2;
        let (a, b) = (self.record(city), self.record(division));
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        let north = degrees(a.latitude) - degrees(b.latitude);
        if a.country != b.country || (north * DEGREE_KM).abs() > NEAR_KM {
            return false;
        }
        // The shorter way around the globe.
        let east = (degrees(a.longitude) - degrees(b.longitude) + 540.0).rem_euclid(360.0) - 180.0;
        let shrink = degrees(a.latitude).to_radians().cos();
        (north * DEGREE_KM).hypot(east * shrink * DEGREE_KM) <= NEAR_KM
    }
}

#[cfg(test)]
mod tests {
    use crate::gazetteer::Gazetteer;
    use crate::gazetteer::build::{Builder, PlaceInput};

    #[test]
    fn a_city_and_its_district_are_linked() {
        let mut builder = Builder::default();
        let place = |id, name: &str, feature: &str, population, latitude, country: &str| PlaceInput {
            population,
            latitude,
            longitude: 39.0,
            country: country.into(),
            ..PlaceInput::geonames(id, name, feature)
        };
        builder.add_place(place(1, "Raqqa", "P.PPLA", 177_636, 35.95, "SY"));
        builder.add_place(place(2, "Raqqa District", "A.ADM2", 500_000, 36.1, "SY"));
        builder.add_place(place(3, "Raqqa", "P.PPL", 40, 35.9, "SY"));
        builder.add_place(place(4, "Raqqa", "P.PPL", 900_000, 30.0, "SY"));
        builder.add_place(place(5, "Raqqa", "P.PPL", 1_000_000, 35.95, "IQ"));
        let gazetteer = Gazetteer::from_bytes(&builder.finish().unwrap()).unwrap();
        let twin = |id: u32| {
            let mut places = gazetteer.places();
            let place = places.find(|p| p.id().to_string() == format!("geonames:{id}")).unwrap();
            place.twin().map(|twin| twin.id().to_string())
        };
        assert_eq!(twin(1).as_deref(), Some("geonames:2"));
        assert_eq!(twin(2).as_deref(), Some("geonames:1"));
        assert!(twin(3).is_none() && twin(4).is_none() && twin(5).is_none());
    }
}
