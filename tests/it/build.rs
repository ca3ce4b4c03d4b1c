//! `gazetteer build`: what comes out of a small dump, and what becomes of bad ones.

use assert_cmd::Command;
use mentionmap::Gazetteer;
use std::fs;
use std::path::Path;

const PLACES: &str = "\
163843\tSyria\tSyria\t\t35\t38.5\tA\tPCLI\tSY\t\t\t\t\t\t22000000\t\t\t\t2024-01-01
172957\tAr-Raqqah Governorate\tAr-Raqqah Governorate\t\t36\t39\tA\tADM1\tSY\t\t04\t\t\t\t900000\t\t\t\t2024-01-02
172955\tAr Raqqah\tAr Raqqah\tDAM,Raqa\t35.95283\t39.00788\tP\tPPLA\tSY\t\t04\t\t\t\t177636\t\t\t\t2024-01-01
99999990\tLittle Raqqah\tLittle Raqqah\t\t35.9\t39.1\tP\tPPL\tSY\t\t\t\t\t\t12\t\t\t\t2024-01-01
2988507\tParis\tParis\t\t48.85341\t2.3488\tP\tPPLC\tFR\t\t11\t\t\t\t2138551\t\t\t\t2024-01-01
";
const NAMES: &str = "\
1\t172955\tde\tRakka am Euphrat\t\t\t\t\t\t
2\t172955\tlink\thttps://en.wikipedia.org/wiki/Raqqa\t\t\t\t\t\t
3\t172955\tiata\tRQA\t\t\t\t\t\t
4\t163843\tabbr\tS.A.R.\t\t\t\t\t\t
5\t172955\tabbr\tA.R.\t\t\t\t\t\t
";
const HIERARCHY: &str = "163843\t172957\tADM\n172957\t99999990\n";

fn write(folder: &Path) {
    fs::write(folder.join("places.txt"), PLACES).unwrap();
    fs::write(folder.join("names.txt"), NAMES).unwrap();
    fs::write(folder.join("hierarchy.txt"), HIERARCHY).unwrap();
}

fn build(folder: &Path, more: &[&str]) -> assert_cmd::assert::Assert {
    Command::new(env!("CARGO_BIN_EXE_mentionmap"))
        .current_dir(folder)
        .args(["gazetteer", "build", "places.txt", "-o", "out.mentionmap", "--alternate-names", "names.txt"])
        .args(["--hierarchy", "hierarchy.txt"])
        .args(more)
        .assert()
}

#[test]
fn a_dump_on_top_of_the_world() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let told = build(folder.path(), &[]).success();
    let told = String::from_utf8(told.get_output().stderr.clone()).unwrap();
    assert!(told.contains(" places, ") && told.contains("hash"), "{told}");
    let first = fs::read(folder.path().join("out.mentionmap")).unwrap();
    build(folder.path(), &["--quiet"]).success().stderr("");
    assert_eq!(fs::read(folder.path().join("out.mentionmap")).unwrap(), first, "the same input gives the same bytes");

    let gazetteer = Gazetteer::open(folder.path().join("out.mentionmap")).unwrap();
    let first = |name: &str| gazetteer.lookup(name).next().map(|(place, _)| place.id().to_string());
    // From the dump, from its names, from the world: a demonym, a curated place.
    assert!(gazetteer.lookup("Raqa").any(|(place, _)| place.id().to_string() == "geonames:172955"));
    assert_eq!(first("Rakka am Euphrat").as_deref(), Some("geonames:172955"));
    assert_eq!(first("S.A.R.").as_deref(), Some("geonames:163843"));
    assert_eq!(first("Syrians").as_deref(), Some("geonames:163843"));
    assert!(first("Syrian Desert").is_some());
    // Airport codes and abbreviations of towns are no names.
    assert!(gazetteer.lookup("RQA").next().is_none() && gazetteer.lookup("A.R.").next().is_none());
    // The hierarchy says where a place without codes lies.
    let (little, _) = gazetteer.lookup("Little Raqqah").next().unwrap();
    assert_eq!(little.admin1().unwrap().id().to_string(), "geonames:172957");
    // What the dump lacks in the countries that it has places of, with the divisions around it; nothing elsewhere.
    let lyon = gazetteer.lookup("Lyon").map(|(place, _)| place).find(|place| place.country() == "FR").unwrap();
    assert_eq!(lyon.admin1().unwrap().id().to_string(), "geonames:11071625");
    let mut found = gazetteer.lookup("Deir ez-Zor").map(|(place, _)| place);
    let deir_ezzor = found.find(|place| place.id().to_string() == "geonames:170794").unwrap();
    assert_eq!(deir_ezzor.admin1().unwrap().id().to_string(), "geonames:170792");
    assert!(!gazetteer.lookup("Chicago").any(|(place, _)| place.feature().class() == 'P'));
    assert!(gazetteer.meta().attribution().contains("GeoNames"));
    assert!(!gazetteer.word("police").is_unknown());
}

#[test]
fn what_is_carried_over_from_the_world() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let syrian: Vec<&str> = PLACES.lines().filter(|line| line.contains("\tSY\t")).collect();
    let border =
        "99999991\tLittle Malikiyah\tLittle Malikiyah\t\t37.18\t42.14\tP\tPPL\tSY\t\t02\t\t\t\t900\t\t\t\t2024-01-01";
    fs::write(folder.path().join("places.txt"), format!("{}\n{border}\n", syrian.join("\n"))).unwrap();
    let has = |gazetteer: &Gazetteer, id: &str| gazetteer.places().any(|place| place.id().to_string() == id);
    // A country, a region, a sea, a river and mountains that articles of any country speak of; a camp and an oil field
    // of this one, and a crossing at its border.
    let wanted = [
        "geonames:2017370",
        "geonames:6269133",
        "geonames:363196",
        "custom:danube",
        "custom:andes",
        "custom:al-hol-camp",
        "custom:al-omar-oil-field",
        "custom:fishkhabur-semalka-crossing",
    ];
    // A base, a village, an island, an airport and a crossing of others, and a town.
    let unwanted = [
        "custom:pine-gap",
        "custom:nir-oz",
        "custom:long-island",
        "custom:airport-cph",
        "custom:rafah-crossing",
        "geonames:2996944",
    ];
    let world = Gazetteer::world().unwrap();
    for id in wanted.iter().chain(&unwanted) {
        assert!(has(&world, id), "{id} is no place of the world");
    }
    let carried_over = |more: &[&str]| {
        build(folder.path(), more).success();
        let gazetteer = Gazetteer::open(folder.path().join("out.mentionmap")).unwrap();
        [&wanted[..], &unwanted].map(|ids| ids.iter().filter(|id| has(&gazetteer, id)).copied().collect::<Vec<_>>())
    };
    assert_eq!(carried_over(&[]), [&wanted[..], &[]]);
    assert_eq!(carried_over(&["--country", "SY"]), [&wanted[..], &[]]);
    assert_eq!(carried_over(&["--country", "sy,dk"]), [&wanted[..], &["custom:airport-cph"]]);
    assert_eq!(carried_over(&["--class", "A,P"]), [&wanted[..1], &[]]);
    assert_eq!(carried_over(&["--no-world"]), [Vec::<&str>::new(), Vec::new()]);
}

#[test]
fn a_name_that_geonames_gives_to_the_wrong_place_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let governorate = "170792\tDeir ez-Zor\tDeir ez-Zor\tEuphrates,Dayr az Zawr\t35.2\t40.3\tA\tADM1\tSY\t\t07\t\t\t\t1239000\t\t\t\t2024-01-01\n";
    fs::write(folder.path().join("places.txt"), format!("{PLACES}{governorate}")).unwrap();
    fs::write(folder.path().join("names.txt"), "1\t170792\ten\tThe Euphrates\t\t\t\t\t\t\n").unwrap();
    let meant = |name: &str| {
        let gazetteer = Gazetteer::open(folder.path().join("out.mentionmap")).unwrap();
        gazetteer.lookup(name).map(|(place, _)| place.id().to_string()).collect::<Vec<_>>()
    };
    build(folder.path(), &[]).success();
    assert_eq!(meant("Euphrates"), ["custom:euphrates"]);
    assert_eq!(meant("Dayr az Zawr")[0], "geonames:170792");
    // Without the built-in gazetteer the dump stands as it is.
    build(folder.path(), &["--no-world"]).success();
    assert_eq!(meant("Euphrates"), ["geonames:170792"]);
}

#[test]
fn filters() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    build(folder.path(), &["--no-world", "--country", "sy", "--class", "A,P", "--min-population", "1000"]).success();
    let gazetteer = Gazetteer::open(folder.path().join("out.mentionmap")).unwrap();
    let ids: Vec<String> = gazetteer.places().map(|p| p.id().to_string()).collect();
    assert_eq!(ids, ["geonames:163843", "geonames:172957", "geonames:172955"]);
    build(folder.path(), &["--no-world", "--country", "XX"]).code(2);
}

#[test]
fn what_is_no_dump_is_told() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    build(folder.path(), &["--no-world"]).success();
    let told = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mentionmap"));
        let run = command.current_dir(folder.path()).args(["gazetteer", "build"]).args(arguments).assert().code(2);
        String::from_utf8(run.get_output().stderr.clone()).unwrap()
    };
    for (arguments, message) in [
        (
            &["out.mentionmap", "-o", "o"][..],
            "out.mentionmap: a gazetteer that is built already; use it with --gazetteer",
        ),
        (
            &["names.txt", "-o", "o"],
            "names.txt:1: 19 tab-separated columns are expected, as in allCountries.txt, not 10",
        ),
        (&["places.txt", "-o", "no/o"], "no/o: its folder does not exist"),
        (&["places.txt", "-o", "o", "--country", "Syria"], "give a code of two letters, such as SY"),
        (&["places.txt", "-o", "o", "--class", "A,Q"], "a feature class is one of A, H, L, P, R, S, T, U, V"),
        (&["places.txt", "-o", "o", "--countries", "SY,FR"], "--country for codes of countries"),
    ] {
        let told = told(arguments);
        assert!(told.contains(message), "{arguments:?}: {told}");
        assert!(!folder.path().join("o").exists());
    }
}

#[test]
fn a_bad_row_is_named_or_counted_and_nothing_is_left_half_written() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    fs::write(folder.path().join("places.txt"), format!("{PLACES}7\tNowhere\n")).unwrap();
    let told = build(folder.path(), &[]).code(2);
    let told = String::from_utf8(told.get_output().stderr.clone()).unwrap();
    assert!(
        told.contains("places.txt:6: 19 tab-separated columns are expected, as in allCountries.txt, not 2"),
        "{told}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    let told = build(folder.path(), &["--no-world", "--skip-bad-rows"]).success();
    let told = String::from_utf8(told.get_output().stderr.clone()).unwrap();
    assert!(told.contains("1 bad row skipped"), "{told}");
}

#[test]
fn small_tables_make_divisions_of_their_cities() {
    let folder = tempfile::tempdir().unwrap();
    let paris = PLACES.lines().last().unwrap();
    fs::write(folder.path().join("FR.txt"), paris).unwrap();
    fs::write(folder.path().join("admin1.txt"), "FR.11\tÎle-de-France\tIle-de-France\t3012874\n").unwrap();
    let country =
        "#ISO\nFR\tFRA\t250\tFR\tFrance\tParis\t547030\t66987244\tEU\t.fr\tEUR\tEuro\t33\t\t\tfr\t3017382\tCH,DE\t\n";
    fs::write(folder.path().join("countries.txt"), country).unwrap();
    Command::new(env!("CARGO_BIN_EXE_mentionmap"))
        .current_dir(folder.path())
        .args(["gazetteer", "build", "FR.txt", "-o", "fr.mentionmap", "--no-world", "--admin1", "admin1.txt"])
        .args(["--countries", "countries.txt"])
        .assert()
        .success();
    let gazetteer = Gazetteer::open(folder.path().join("fr.mentionmap")).unwrap();
    let (paris, _) = gazetteer.lookup("Paris").next().unwrap();
    assert_eq!(paris.admin1().unwrap().name(), "Île-de-France");
    let france = paris.country_place().unwrap();
    assert!((france.radius_km() - 417.3).abs() < 0.5, "{}", france.radius_km());
}
