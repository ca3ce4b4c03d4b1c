//! Gazetteers: the one inside the program, those of the user, and broken ones.

use crate::support::{collection, mentionmap, mentionmap_in, root, text};
use mentionmap::Gazetteer;
use mentionmap::gazetteer::NameKind;
use mentionmap::gazetteer::build::{Builder, PlaceInput};
use std::fs;

const RAIN: &str = "Rain fell in Latvia on Monday.\n";

/// Two places that the world does not know.
fn small() -> Vec<u8> {
    let mut builder = Builder::default();
    let place = PlaceInput {
        latitude: -12.5,
        longitude: 17.25,
        population: 900,
        ..PlaceInput::custom("nowhere-1", "Xyzzyville", "P.PPL")
    };
    let xyzzyville = builder.add_place(place);
    builder.add_name(xyzzyville, "كسيزيفيل", NameKind::Alternate);
    let place =
        PlaceInput { latitude: -12.0, longitude: 17.5, population: 7000, ..PlaceInput::geonames(7, "Plugh", "P.PPL") };
    builder.add_place(place);
    builder.finish().unwrap()
}

#[test]
fn the_gazetteer_tells_of_itself() {
    let info: serde_json::Value = serde_json::from_str(&mentionmap(&["gazetteer", "info", "--json"]).out).unwrap();
    assert!(info["places"].as_u64().unwrap() > 200_000 && info["names"].as_u64() > info["places"].as_u64());
    assert!(info["sources"].as_array().unwrap().iter().all(|source| !source["license"].as_str().unwrap().is_empty()));
    let layer = collection(&mentionmap_in(&root(), &["map", "-q"], RAIN).out);
    assert_eq!(layer.foreign_members.unwrap()["gazetteer"], info["hash"]);
}

#[test]
fn a_gazetteer_of_the_users_is_used() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.mentionmap"), small()).unwrap();
    let story = "Rain fell in Xyzzyville, in Plugh and in Latvia.";
    let run = mentionmap_in(folder.path(), &["map", "-q", "--gazetteer", "mine.mentionmap"], story);
    let features = run.features();
    assert_eq!(features.iter().map(|f| text(f, "place_id")).collect::<Vec<_>>(), ["custom:nowhere-1", "geonames:7"]);
    let run = mentionmap_in(
        folder.path(),
        &["gazetteer", "lookup", "كسيزيفيل", "--json", "--gazetteer", "mine.mentionmap"],
        "",
    );
    let found: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((found["place_id"].as_str(), found["latitude"].as_f64()), (Some("custom:nowhere-1"), Some(-12.5)));
    let [ours, world] =
        [&["gazetteer", "info", "--gazetteer", "mine.mentionmap"][..], &["gazetteer", "info", "--gazetteer", "world"]]
            .map(|arguments| mentionmap_in(folder.path(), arguments, "").out);
    assert!(ours.starts_with("2 places") && !world.starts_with("2 places"), "{ours}");
}

#[test]
fn building_twice_gives_the_same_bytes() {
    assert!(small() == small());
}

#[test]
fn a_broken_gazetteer_is_refused() {
    let whole = small();
    assert!(Gazetteer::from_bytes(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(Gazetteer::from_bytes(&whole[..length]).is_err(), "cut at {length}");
    }
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0x10;
        assert!(Gazetteer::from_bytes(&broken).is_err(), "byte {at} changed");
    }
    let mut longer = whole.clone();
    longer.extend_from_slice(&[0; 64]);
    assert!(Gazetteer::from_bytes(&longer).is_err(), "something after its end");
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("cut", &whole[..whole.len() / 2]), ("empty", &[][..]), ("text", RAIN.as_bytes())] {
        fs::write(folder.path().join(name), bytes).unwrap();
        let run = mentionmap_in(folder.path(), &["map", "--gazetteer", name, "-o", "map.geojson"], RAIN);
        assert_eq!(run.code, 2, "{name}");
        assert!(run.err.starts_with(&format!("mentionmap: {name}: ")), "{}", run.err);
        assert!(!folder.path().join("map.geojson").exists());
    }
    let error = Gazetteer::open(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with(": a folder, and no gazetteer"), "{error}");
}

#[test]
fn files_of_released_formats() {
    let fixture = |name: &str| root().join("tests/fixtures").join(name);
    let current = Gazetteer::open(fixture("format-3.mentionmap")).unwrap();
    current.verify().unwrap();
    let (raqqa, _) = current.lookup("الرقة").next().unwrap();
    assert_eq!((raqqa.id().to_string().as_str(), raqqa.population()), ("geonames:172955", 177_636));
    // Format 2 was never released.
    let error = Gazetteer::open(fixture("format-2.mentionmap")).unwrap_err().to_string();
    assert!(error.contains("gazetteer format 2 (this program reads 3); build it again"), "{error}");
}

#[test]
fn damage_beyond_the_header_is_found_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.mentionmap");
    // The block of the metadata is checked at once, so the damage must lie in a later one.
    let mut bytes = many();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap();
    assert_eq!(mentionmap(&["gazetteer", "info", "--gazetteer", path]).code, 0);
    let run = mentionmap(&["gazetteer", "info", "--verify", "--gazetteer", path]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("damaged gazetteer (bytes"), "{}", run.err);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn damage_never_panics(damage in proptest::collection::vec((0.0..1.0f64, proptest::num::u8::ANY), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("damaged.mentionmap");
        let mut bytes = many();
        let blocks = (bytes.len() - (1 << 18)) as f64;
        for (at, value) in damage {
            // Behind the first block, which is checked when the file is opened.
            let at = (1 << 18) + 300 + (at * (blocks - 400.0)) as usize;
            bytes[at] = value;
        }
        fs::write(&path, bytes).unwrap();
        // The last bytes of the names say where they begin; damage to those is found here.
        let Ok(damaged) = Gazetteer::open(&path) else { return Ok(()) };
        for place in damaged.places() {
            let parents = (place.admin1(), place.admin2(), place.country_place());
            let _ = format!("{place:?} {parents:?} {}", place.radius_km());
        }
        for id in (1..9000).step_by(7) {
            for (place, _) in damaged.lookup(&format!("Place {id}")) {
                let _ = (place.name().len(), place.distance_km(&place));
            }
        }
        damaged.fuzzy("Place 77", 9);
        damaged.near().nearest(geo::Point::new(3.0, 4.0), 5);
        let _ = damaged.verify();
    }
}

/// More than one block of places and names.
fn many() -> Vec<u8> {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let make = || {
        let mut builder = Builder::default();
        for id in 1..9000 {
            let place =
                PlaceInput { country: "SY".into(), ..PlaceInput::geonames(id, &format!("Place {id}"), "P.PPL") };
            builder.add_place(place);
        }
        builder.finish().unwrap()
    };
    BYTES.get_or_init(make).clone()
}
