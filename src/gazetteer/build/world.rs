//! What a dump does not know, taken over from another gazetteer.

use super::geonames::Filter;
use super::{Builder, PlaceInput};
use crate::error::Result;
use crate::gazetteer::{Gazetteer, Level, Place, PlaceId};
use std::collections::HashMap;

/// Adds to `builder`, whose GeoNames places `by_id` knows, what `world` knows beyond.
pub(super) fn carry_over(
    builder: &mut Builder,
    world: &Gazetteer,
    by_id: &HashMap<u32, u32>,
    filter: &Filter,
) -> Result<()> {
    world.verify()?;
    let mut here: Vec<Option<u32>> = Vec::with_capacity(world.meta().places as usize);
    for place in world.places() {
        let known = match place.id() {
            PlaceId::GeoNames(id) => by_id.get(&id).copied(),
            PlaceId::Custom(_) => None,
        };
        here.push(match known {
            Some(index) => {
                let record = builder.places.record_mut(index);
                // The world's radii of cities follow from its population figures; the dump's are as good.
                if place.radius_km() > 0.0 && place.feature().level() != Level::City {
                    record.radius = (place.radius_km() * 10.0).round() as u16;
                }
                record.population = if record.population == 0 { place.population() } else { record.population };
                Some(index)
            }
            None if is_wanted(&place, filter) => Some(builder.places.add(&input(&place))?),
            None => None,
        });
    }
    let mut result = Ok(());
    world.each_name(|key, name| {
        for posting in world.postings(name) {
            if let Some(&Some(index)) = here.get(posting.place as usize)
                && result.is_ok()
            {
                result = builder.names.add(key, index, posting.kind);
            }
        }
    });
    result?;
    world.each_word(|word, flags| builder.add_word(word, flags));
    for source in &world.meta().sources {
        builder.add_source(source.clone());
    }
    Ok(())
}

/// Whether a place that the dump lacks is taken over: what is no town and no division, so that its absence is the
/// dump's gap rather than a choice.
fn is_wanted(place: &Place<'_>, filter: &Filter) -> bool {
    let level = place.feature().level();
    let class = place.feature().class().to_string();
    let is_custom = matches!(place.id(), PlaceId::Custom(_));
    (is_custom || !matches!(level, Level::City | Level::Admin1 | Level::Admin2 | Level::Spot))
        // A curated village is there because it is in the news, however small it is.
        && filter.admits(&class, place.country(), u32::MAX)
}

fn input(place: &Place<'_>) -> PlaceInput {
    let (geonames, custom) = match place.id() {
        PlaceId::GeoNames(id) => (id, None),
        PlaceId::Custom(id) => (0, Some(id.to_owned())),
    };
    PlaceInput {
        geonames,
        custom,
        name: place.name().to_owned(),
        feature: place.feature(),
        latitude: place.latitude(),
        longitude: place.longitude(),
        population: place.population(),
        radius_km: place.radius_km(),
        country: place.country().to_owned(),
        admin1: String::new(),
        admin2: String::new(),
    }
}
