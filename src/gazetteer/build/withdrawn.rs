//! Names that GeoNames gives a place although they are another's: "Euphrates" for the governorate on the river.

/// The rows with which the built-in gazetteer is made.
const TABLE: &str = include_str!("../../../data/curated/withdrawn.csv");

/// GeoNames ids, each with a name that does not mean its place.
pub(super) fn withdrawn() -> impl Iterator<Item = (u32, String)> {
    let rows = csv::Reader::from_reader(TABLE.as_bytes()).into_records();
    rows.filter_map(|row| {
        let row = row.ok()?;
        let id = row.get(0)?.strip_prefix("geonames:")?.parse().ok()?;
        Some((id, row.get(1)?.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::{Gazetteer, NameKind, PlaceId};
    use std::collections::HashSet;

    #[test]
    fn every_row_counts_once() {
        let rows: Vec<(u32, String)> = withdrawn().collect();
        assert_eq!(rows.len(), TABLE.lines().count() - 1);
        assert_eq!(rows.iter().collect::<HashSet<_>>().len(), rows.len());
    }

    #[test]
    fn the_world_has_none_of_them() {
        let world = Gazetteer::world().unwrap();
        for (id, name) in withdrawn() {
            let mut found = world.lookup(&name);
            assert!(
                !found.any(|(place, kind)| place.id() == PlaceId::GeoNames(id) && kind <= NameKind::Variant),
                "{name} means geonames:{id}"
            );
        }
    }
}
