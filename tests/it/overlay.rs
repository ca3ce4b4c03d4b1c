//! The user's own places, pinned names and silenced names, from the file to the map.

use crate::support::{Run, mentionmap, mentionmap_in, root, text};
use mentionmap::Gazetteer;
use std::path::Path;
use tempfile::TempDir;

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// The ids of the places that a text is mapped to with these gazetteers.
fn mapped(folder: &Path, gazetteers: &[&str], article: &str) -> Vec<String> {
    let mut arguments = vec!["map", "-q"];
    arguments.extend(gazetteers.iter().flat_map(|g| ["--gazetteer", g]));
    let run = mentionmap_in(folder, &arguments, article);
    run.features().iter().map(|feature| text(feature, "place_id").to_owned()).collect()
}

fn lookup(folder: &Path, gazetteer: &str, name: &str) -> Vec<serde_json::Value> {
    let run = mentionmap_in(folder, &["gazetteer", "lookup", name, "--json", "--gazetteer", gazetteer], "");
    assert_eq!(run.code, 0, "{}", run.err);
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn info(folder: &Path, gazetteers: &[&str]) -> serde_json::Value {
    let mut arguments = vec!["gazetteer", "info", "--json"];
    arguments.extend(gazetteers.iter().flat_map(|g| ["--gazetteer", g]));
    let Run { code, out, err } = mentionmap_in(folder, &arguments, "");
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

const ARTICLE: &str = "Families left Umm Zarqun on Monday, residents in Umm Zarqun said. They reached Raqqa, in Syria.";

#[test]
fn own_village() {
    let folder = folder(&[(
        "mine.csv",
        "name,lat,lon,aliases,country,kind\nUmm Zarqun,35.02,40.45,Um Zarkoon|أم زرقون,Syria,village\n",
    )]);
    let without = mapped(folder.path(), &["world"], ARTICLE);
    assert!(!without.iter().any(|id| id.starts_with("custom:umm")), "{without:?}");
    let with = mapped(folder.path(), &["world", "mine.csv"], ARTICLE);
    assert!(with.contains(&"custom:umm-zarqun".to_owned()), "{with:?}");
    assert_eq!(with.len(), without.len() + 1, "{with:?} {without:?}");
    // The world is the base when none is named.
    for name in ["umm zarqun", "UM ZARKOON", "أم زرقون"] {
        let found = lookup(folder.path(), "mine.csv", name);
        assert_eq!((&found[0]["place_id"], &found[0]["country"]), (&"custom:umm-zarqun".into(), &"SY".into()));
        assert_eq!(found[0]["feature"], "P.PPL");
    }
}

#[test]
fn own_places_come_before_their_namesakes() {
    let folder = folder(&[("mine.csv", "name;latitude;longitude;cc;id\nParis;43,5;5,5;FR;my-paris\n")]);
    let found = lookup(folder.path(), "mine.csv", "Paris");
    assert_eq!(found[0]["place_id"], "custom:my-paris");
    assert!(found.iter().any(|place| place["place_id"] == "geonames:2988507"), "the capital is still there");
    // A row beside its namesake is a place of its own.
    let world = Gazetteer::world().unwrap();
    let (raqqa, _) = world.lookup("Raqqa").next().unwrap();
    let table = format!("name,lat,lon\nRaqqa,{},{}\n", raqqa.latitude() + 0.001, raqqa.longitude());
    let beside = folder.path().join("beside.csv");
    std::fs::write(&beside, table).unwrap();
    let both = world.clone().with_overlay(&[beside]).unwrap();
    assert_eq!(both.lookup("Raqqa").count(), world.lookup("Raqqa").count() + 1);
}

#[test]
fn pinned_name() {
    let folder = folder(&[("mine.csv", "name,place_id\nSpringfield,geonames:4409896\n")]);
    let found = lookup(folder.path(), "mine.csv", "Springfield");
    let ids: Vec<_> = found.iter().map(|place| place["place_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["geonames:4409896"]);
    assert_eq!(found[0]["admin1"], "Missouri");
    let with =
        mapped(folder.path(), &["mine.csv"], "The mayor of Springfield spoke in Springfield, and Boston listened.");
    assert!(with.contains(&"geonames:4409896".to_owned()), "{with:?}");
}

#[test]
fn pins_to_own_places() {
    let folder = folder(&[(
        "mine.csv",
        "name,lat,lon,id\nOld Mill,40,-100,the-mill\nSpringfield,41,-101,\nThe Mill,,,custom:the-mill\nSpringfield,,,custom:springfield\n",
    )]);
    for (name, id) in [("The Mill", "custom:the-mill"), ("Springfield", "custom:springfield")] {
        let found = lookup(folder.path(), "mine.csv", name);
        assert_eq!((found.len(), &found[0]["place_id"]), (1, &id.into()));
    }
}

#[test]
fn silenced_name() {
    let folder = folder(&[("mine.csv", "name,kind\nRaqqa,silence\n")]);
    let article = "Aid reached Raqqa and Deir ez-Zor, in Syria.";
    let (without, with) = (mapped(folder.path(), &["world"], article), mapped(folder.path(), &["mine.csv"], article));
    assert_eq!((without.len(), with.len()), (3, 2), "{without:?} {with:?}");
    let run = mentionmap_in(folder.path(), &["gazetteer", "lookup", "Raqqa", "--gazetteer", "mine.csv"], "");
    assert_eq!(run.code, 1, "{}", run.out);
}

#[test]
fn geojson_and_table_together() {
    let geojson = r#"{"type": "FeatureCollection", "features": [
      {"type": "Feature", "geometry": {"type": "Point", "coordinates": [42.0753, 36.8767]},
       "properties": {"name": "Roj Displacement Site", "kind": "S.CMPRF", "country": "SY", "id": "roj", "aliases": ["مخيم روج"]}},
      {"type": "Feature", "geometry": null, "properties": {"name": "Springfield", "place_id": "geonames:4409896"}}]}"#;
    let table = "name\tlat\tlon\tcountry\nUmm Zarqun\t35.02\t40.45\tSY\n";
    let folder = folder(&[("a.geojson", geojson), ("b.tsv", table)]);
    let gazetteers = ["world", "a.geojson", "b.tsv"];
    let article = "From Umm Zarqun they came to the Roj Displacement Site in Syria.";
    let ids = mapped(folder.path(), &gazetteers, article);
    for id in ["custom:umm-zarqun", "custom:roj"] {
        assert!(ids.contains(&id.to_owned()), "{id}: {ids:?}");
    }
    let (all, world) = (info(folder.path(), &gazetteers), info(folder.path(), &["world"]));
    assert_eq!(all["places"].as_u64(), world["places"].as_u64().map(|places| places + 2));
    assert_eq!(all["sources"].as_array().map(Vec::len), world["sources"].as_array().map(|sources| sources.len() + 2));
    let hashes = [&all["hash"], &world["hash"], &info(folder.path(), &["a.geojson"])["hash"]];
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
}

#[test]
fn divisions_of_the_base() {
    let folder = folder(&[("mine.csv", "name,lat,lon,country,admin1\nUmm Zarqun,35.02,40.45,,Deir ez-Zor\n")]);
    let gazetteer = Gazetteer::world().unwrap().with_overlay(&[folder.path().join("mine.csv")]).unwrap();
    let (place, _) = gazetteer.lookup("Umm Zarqun").next().unwrap();
    let admin1 = place.admin1().unwrap();
    assert!(place.lies_in(&admin1) && place.lies_in(&place.country_place().unwrap()));
    assert_eq!((place.country(), admin1.country()), ("SY", "SY"));
    assert_eq!(gazetteer.places().last().unwrap().index(), place.index());
    assert!(gazetteer.with_overlay(&[folder.path().join("mine.csv")]).is_err(), "one overlay, not two");
}

#[test]
fn without_places_the_gazetteer_answers_as_before() {
    let folder = folder(&[("mine.csv", "name,kind\nZzyzzyxw,silence\n")]);
    let articles = root().join("examples/articles").display().to_string();
    let run = |gazetteer: &str| {
        let run =
            mentionmap_in(folder.path(), &["map", "-q", &articles, "--per", "mention", "--gazetteer", gazetteer], "");
        run.features().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(run("world"), run("mine.csv"));
}

#[test]
fn bad_rows_are_told_at_once() {
    let table = "\
name,lat,lon,country,kind,id,population,note
Umm Zarqun,95.2,40.45,SY,village,,,
,35,40,SY,village,,,
Roj,36.9,,Syrria,encampment,,many,
Springfield,,,,,geonames:1,,
Springfield,,,,,,,
Fine,1,2,SY,village,osm:12,,
Fine,1,2,SY
";
    let run = |content: &str| {
        let folder = folder(&[("mine.csv", content)]);
        let run = mentionmap_in(folder.path(), &["gazetteer", "info", "--gazetteer", "mine.csv"], "");
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        run.err
    };
    // Rows of the wrong length first: their columns say nothing.
    assert_eq!(
        run(table),
        "mentionmap: mine.csv:8: 4 fields where the first line has 8; put a field that contains the delimiter in double \
         quotes\n"
    );
    assert_eq!(
        run(table.strip_suffix("Fine,1,2,SY\n").unwrap()),
        "\
mentionmap: mine.csv: 8 problems, nothing is read before they are mended
  line 2: column lat: \"95.2\" is no latitude; give degrees north from -90 to 90, as 36.385
  line 3: column name: is empty; every row needs a name
  line 4: column longitude: is empty; give degrees east from -180 to 180, as 36.385
  line 4: column kind: \"encampment\" is no kind; give a GeoNames code such as P.PPL or S.CMPRF, or a word such as city, village, camp, river, mountain, region, base
  line 4: column population: \"many\" is no number of inhabitants; give a whole number, as 12000
  line 4: column country: \"Syrria\" is no country of the gazetteer; give its ISO 3166 code of two letters, as SY
  line 6: neither coordinates nor a place_id; give latitude and longitude for a place of your own, a place_id such as geonames:4409896 to pin the name, or the kind silence
  line 7: column id: \"osm:12\" is no id; give geonames:NUMBER, custom:ID or an ID without a colon
"
    );
    let rows = (0..25).fold(String::new(), |rows, i| rows + &format!("Place {i},north,2\n"));
    let told = run(&format!("name,lat,lon\n{rows}"));
    assert_eq!(told.lines().count(), 22);
    assert!(told.ends_with("  and 5 more\n"), "{told}");
}

#[test]
fn rows_that_contradict_each_other() {
    let table = "\
name,lat,lon,kind,place_id
Roj,36.9,42.1,,roj
Roj camp,36.9,42.1,,roj
Hamlet,1,2,,geonames:2988507
Springfield,,,,geonames:1
Raqqa,,,silence,
Raqqa,,,,geonames:2988507
Quiet,1,2,,
Quiet,,,silence,
";
    let folder = folder(&[("mine.csv", table)]);
    let run = mentionmap_in(folder.path(), &["gazetteer", "info", "--gazetteer", "mine.csv"], "");
    assert_eq!(
        run.err,
        "\
mentionmap: mine.csv: 5 problems, nothing is read before they are mended
  line 3: column place_id: custom:roj is the id of line 2 too; give another
  line 4: column place_id: geonames:2988507 is in the base gazetteer; leave out the coordinates to pin the name to it, or give another id
  line 5: column place_id: there is no place geonames:1; find the id of one with `mentionmap gazetteer lookup \"Springfield\"`
  line 7: column name: \"Raqqa\" is silenced on line 6; keep one of the two
  line 8: column name: \"Quiet\" is silenced on line 9; to keep only this place, pin the name to custom:quiet there
"
    );
}

#[test]
fn two_bases_are_bad_usage() {
    let run = mentionmap(&["gazetteer", "info", "--gazetteer", "world", "--gazetteer", "other.mentionmap"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("one base at a time"), "{}", run.err);
}

#[test]
fn the_example() {
    let file = root().join("examples/my-places.csv");
    let gazetteer = Gazetteer::world().unwrap().with_overlay(&[file]).unwrap();
    let of = |name: &str| gazetteer.lookup(name).map(|(place, _)| place.id().to_string()).collect::<Vec<_>>();
    assert_eq!(of("Roj camp")[0], "custom:camp-roj");
    assert_eq!((of("Springfield"), of("Reading")), (vec!["geonames:4409896".to_owned()], vec![]));
}
