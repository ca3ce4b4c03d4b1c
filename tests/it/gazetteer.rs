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
}
