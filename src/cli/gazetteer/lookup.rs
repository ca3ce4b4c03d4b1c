//! `mentionmap gazetteer lookup`.

use super::describe;
use crate::cli::arguments::GazetteerChoice;
use crate::cli::table::Table;
use crate::cli::{Outcome, messages};
use crate::error::Result;
use crate::gazetteer::{Found, Gazetteer, NameKind};
use crate::write::place_record;
use clap::Args;
use std::collections::HashSet;
use std::io::Write;

/// How many close names are looked at.
const MOST: usize = 100;
/// How many are proposed when nothing is found.
const PROPOSED: usize = 5;

/// Every place that bears a name.
///
/// Shows each with how the name belongs to it (official, alternate, variant by rule, abbreviation, demonym) and the
/// normal form that matched. Exit code 1 when no place bears the name; names spelled like it are then proposed.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The name, in any spelling
    #[arg(allow_hyphen_values = true)]
    name: String,
    /// Show the places of names that are spelled almost like this one too, with the number of letters that differ
    #[arg(long)]
    fuzzy: bool,
    #[command(flatten)]
    gazetteer: GazetteerChoice,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let gazetteer = Gazetteer::named(&arguments.gazetteer.gazetteer)?;
    let name = &arguments.name;
    let found = gazetteer.search(name, arguments.fuzzy);
    if found.is_empty() {
        messages::error(&format_args!("no place is called {name}{}", proposal(&gazetteer, name)));
        return Ok(Outcome::SomeFailed);
    }
    write(&found, arguments)?;
    Ok(Outcome::Done)
}

fn write(found: &[Found<'_>], arguments: &Arguments) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if arguments.json {
        for Found { place, kind, key, distance } in found {
            let mut record = place_record(place);
            record.insert("name_kind".into(), kind.as_str().into());
            record.insert("matched".into(), key.as_str().into());
            if arguments.fuzzy {
                record.insert("distance".into(), (*distance).into());
            }
            writeln!(out, "{}", serde_json::Value::from(record))?;
        }
        return Ok(());
    }
    let mut headings = describe::COLUMNS.to_vec();
    headings.extend(["name is", "matched"]);
    if arguments.fuzzy {
        headings.push(">edits");
    }
    let mut table = Table::new(&headings);
    for Found { place, kind, key, distance } in found {
        let mut cells = describe::cells(place).to_vec();
        cells.extend([kind.as_str().to_owned(), key.clone()]);
        if arguments.fuzzy {
            cells.push(distance.to_string());
        }
        table.row(cells);
    }
    table.write(&mut out)?;
    Ok(())
}

/// "; did you mean Mosul (IQ) or Mossel Bay (ZA)?", or nothing.
fn proposal(gazetteer: &Gazetteer, name: &str) -> String {
    let mut proposed: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for close in gazetteer.fuzzy(name, MOST) {
        let best = gazetteer.places_of(&close).find(|(_, kind)| *kind <= NameKind::Variant);
        let Some((place, kind)) = best.filter(|(place, _)| seen.insert(place.index())) else { continue };
        proposed.push(match (kind, place.country()) {
            (NameKind::Official, "") => place.name().to_owned(),
            (NameKind::Official, country) => format!("{} ({country})", place.name()),
            // What a place is called otherwise is known in its normal form only.
            (_, "") => format!("{} ({})", close.key, place.name()),
            (_, country) => format!("{} ({}, {country})", close.key, place.name()),
        });
        if proposed.len() == PROPOSED {
            break;
        }
    }
    match proposed.split_last() {
        None => String::new(),
        Some((last, [])) => format!("; did you mean {last}?"),
        Some((last, rest)) => format!("; did you mean {} or {last}?", rest.join(", ")),
    }
}
