//! `mentionmap gazetteer build`.

use crate::cli::Outcome;
use crate::cli::messages::{self, count};
use crate::error::Result;
use crate::gazetteer::Gazetteer;
use crate::gazetteer::build::geonames::{Dump, Filter, Progress, Reader};
use crate::gazetteer::fetch::Scope;
use crate::write::Output;
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time between two lines of progress.
const PAUSE: Duration = Duration::from_secs(3);

/// Compile GeoNames dumps into a gazetteer file.
///
/// Takes the files of <https://download.geonames.org/export/dump/>, plain or packed as .zip, .gz, .xz or .zst. The
/// same files give the same bytes. Large builds keep temporary files in the folder that TMPDIR names.
///
/// What the built-in gazetteer knows beyond the dump is carried over: words that are no places, demonyms, abbreviations,
/// more spellings; countries, regions, seas and rivers of the whole world; and of towns, camps, bases and other spots
/// those in the countries that the dump has places of or that --country names, and at their borders.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Places: allCountries.txt, cities500.txt, SY.txt …
    #[arg(required = true, value_name = "PLACES")]
    places: Vec<PathBuf>,
    /// The gazetteer file to write
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Names in all languages: alternateNamesV2.txt
    #[arg(long, value_name = "FILE")]
    alternate_names: Vec<PathBuf>,
    /// First-order divisions: admin1CodesASCII.txt
    #[arg(long, value_name = "FILE")]
    admin1: Option<PathBuf>,
    /// Second-order divisions: admin2Codes.txt
    #[arg(long, value_name = "FILE")]
    admin2: Option<PathBuf>,
    /// Countries: countryInfo.txt
    #[arg(long, value_name = "FILE", value_parser = file_of_countries)]
    countries: Option<PathBuf>,
    /// Which place lies in which, for places without codes: hierarchy.txt
    #[arg(long, value_name = "FILE")]
    hierarchy: Option<PathBuf>,
    /// Only these feature classes, such as A,P
    #[arg(long, value_delimiter = ',', value_name = "LIST", value_parser = class)]
    class: Vec<String>,
    /// Only places of these countries, such as SY,IQ
    #[arg(long, value_delimiter = ',', value_name = "LIST", value_parser = country)]
    country: Vec<String>,
    /// Leave out towns with fewer inhabitants; other places are not measured by them
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_population: u32,
    /// Do without what the built-in gazetteer knows beyond the dump (see above). Mapping finds less without
    #[arg(long)]
    no_world: bool,
    /// Count rows that cannot be understood instead of stopping at the first
    #[arg(long)]
    skip_bad_rows: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
}

impl Arguments {
    /// What `gazetteer fetch` brought into `folder`.
    pub(super) fn of_fetched(scope: &Scope, folder: &Path, quiet: bool) -> Self {
        let file = |name: &str| Some(folder.join(name));
        Self {
            places: scope.places().iter().map(|name| folder.join(name)).collect(),
            output: folder.join("geonames.mentionmap"),
            alternate_names: scope.alternate_names().iter().map(|name| folder.join(name)).collect(),
            admin1: file("admin1CodesASCII.txt"),
            admin2: file("admin2Codes.txt"),
            countries: file("countryInfo.txt"),
            hierarchy: file("hierarchy.zip"),
            class: Vec::new(),
            country: Vec::new(),
            min_population: 0,
            no_world: false,
            skip_bad_rows: false,
            quiet,
        }
    }

    /// The gazetteer file to write.
    pub(super) fn output(&self) -> &Path {
        &self.output
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let started = Instant::now();
    let mut output = Output::create(Some(&arguments.output))?;
    let dump = Dump {
        places: arguments.places.clone(),
        alternate_names: arguments.alternate_names.clone(),
        admin1: arguments.admin1.clone(),
        admin2: arguments.admin2.clone(),
        countries: arguments.countries.clone(),
        hierarchy: arguments.hierarchy.clone(),
    };
    let filter = Filter {
        classes: arguments.class.clone(),
        countries: arguments.country.clone(),
        min_population: arguments.min_population,
    };
    let world = if arguments.no_world { None } else { Some(Gazetteer::world()?) };
    let reader = Reader::default().filter(filter).skip_bad_rows(arguments.skip_bad_rows).world(world);
    let (mut told, mut bad_rows) = (Instant::now(), 0);
    let builder = reader.read(&dump, |progress| {
        bad_rows = progress.bad_rows;
        if !arguments.quiet && told.elapsed() >= PAUSE {
            told = Instant::now();
            messages::note(&line(progress));
        }
    })?;
    if !arguments.quiet && started.elapsed() >= PAUSE {
        messages::note("compiling");
    }
    let compiled = builder.write_to(&mut output)?;
    output.finish()?;
    if !arguments.quiet {
        let skipped =
            if bad_rows == 0 { String::new() } else { format!("; {} skipped", count(bad_rows, "bad row", "bad rows")) };
        messages::note(&format!(
            "{}, {}, {:.1} MB in {:.1} s{skipped}; hash {}",
            count(compiled.meta.places, "place", "places"),
            count(compiled.meta.names, "name", "names"),
            compiled.bytes as f64 / 1e6,
            started.elapsed().as_secs_f64(),
            compiled.hash
        ));
    }
    Ok(Outcome::Done)
}

fn class(text: &str) -> Result<String, String> {
    super::near::class(text).map(String::from)
}

fn country(text: &str) -> Result<String, String> {
    let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    if is_code { Ok(text.to_ascii_uppercase()) } else { Err("give a code of two letters, such as SY".to_owned()) }
}

/// The option for codes is called almost the same.
fn file_of_countries(text: &str) -> Result<PathBuf, String> {
    let are_codes = text.split(',').all(|code| country(code).is_ok());
    if are_codes && !Path::new(text).exists() {
        return Err("no such file; this is for countryInfo.txt, and --country for codes of countries".to_owned());
    }
    Ok(text.into())
}

fn line(progress: &Progress) -> String {
    format!(
        "{}: {}; {}, {}",
        progress.file.display(),
        count(progress.rows, "row", "rows"),
        count(progress.places, "place", "places"),
        count(progress.names, "spelling", "spellings")
    )
}
