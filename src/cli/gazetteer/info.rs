//! `mentionmap gazetteer info`.

use crate::cli::Outcome;
use crate::cli::arguments::GazetteerChoice;
use crate::cli::messages::thousands;
use crate::cli::table::Table;
use crate::error::Result;
use crate::gazetteer::{Gazetteer, Level, format};
use clap::Args;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// What is in a gazetteer, where it comes from, under which licenses.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    /// Compare the whole file with its hashes first, which takes as long as reading it
    #[arg(long)]
    verify: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What is counted.
#[derive(Default)]
struct Counts {
    classes: BTreeMap<char, u64>,
    levels: BTreeMap<Level, u64>,
    countries: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let gazetteer = Gazetteer::named(&arguments.gazetteer.gazetteer)?;
    if arguments.verify {
        gazetteer.verify()?;
    }
    let counts = Counts::of(&gazetteer);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", counts.record(&gazetteer))?;
    } else {
        counts.tell(&gazetteer, &mut out)?;
    }
    Ok(Outcome::Done)
}

impl Counts {
    fn of(gazetteer: &Gazetteer) -> Self {
        let mut counts = Self::default();
        let mut countries = BTreeSet::new();
        for place in gazetteer.places() {
            *counts.classes.entry(place.feature().class()).or_default() += 1;
            *counts.levels.entry(place.feature().level()).or_default() += 1;
            if !place.country().is_empty() {
                countries.insert(place.country());
            }
        }
        counts.countries = countries.len() as u64;
        counts
    }

    fn record(&self, gazetteer: &Gazetteer) -> Value {
        let meta = gazetteer.meta();
        let classes: Map<String, Value> = self.classes.iter().map(|(class, n)| (class.to_string(), json!(n))).collect();
        let levels: Map<String, Value> = self.levels.iter().map(|(level, n)| (one_word(*level), json!(n))).collect();
        json!({
            "hash": gazetteer.hash(),
            "format": format::VERSION,
            "bytes": gazetteer.size_bytes(),
            "places": meta.places,
            "names": meta.names,
            "countries": self.countries,
            "levels": levels,
            "classes": classes,
            "attribution": meta.attribution(),
            "sources": meta.sources,
        })
    }

    fn tell(&self, gazetteer: &Gazetteer, out: &mut impl Write) -> Result<()> {
        let meta = gazetteer.meta();
        writeln!(
            out,
            "{} places, {} names, {} countries and territories",
            thousands(meta.places),
            thousands(meta.names),
            self.countries
        )?;
        writeln!(
            out,
            "format {}, {:.1} MB, hash {}\n",
            format::VERSION,
            gazetteer.size_bytes() as f64 / 1e6,
            gazetteer.hash()
        )?;
        let mut table = Table::new(&["level", ">places"]);
        for (level, &n) in &self.levels {
            table.row([level_name(*level).to_owned(), thousands(n)]);
        }
        table.write(out)?;
        writeln!(out)?;
        let mut table = Table::new(&["class", "", ">places"]);
        for (class, &n) in &self.classes {
            table.row([class.to_string(), class_name(*class).to_owned(), thousands(n)]);
        }
        table.write(out)?;
        writeln!(out, "\nattribution: {}", meta.attribution())?;
        writeln!(out, "\nsources")?;
        for source in &meta.sources {
            writeln!(out, "  {} {}\n    {}\n    {}", source.name, source.version, source.license, source.url)?;
        }
        Ok(())
    }
}

/// For scripts.
fn one_word(level: Level) -> String {
    format!("{level:?}").to_lowercase()
}

/// For people.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::Region => "continents and regions",
        Level::Country => "countries, dependencies, former states",
        Level::Admin1 => "first-order divisions",
        Level::Admin2 => "smaller divisions",
        Level::City => "cities, towns, villages",
        Level::Water => "water",
        Level::Land => "land forms",
        Level::Spot => "spots",
    }
}

/// The feature classes, as on <https://www.geonames.org/export/codes.html>.
fn class_name(class: char) -> &'static str {
    match class {
        'A' => "country, state, division",
        'H' => "stream, lake, sea",
        'L' => "area, park, region",
        'P' => "populated place",
        'R' => "road, railroad",
        'S' => "spot, building, camp",
        'T' => "mountain, island, desert",
        'U' => "undersea",
        'V' => "forest, heath",
        _ => "other",
    }
}
