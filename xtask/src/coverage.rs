//! How many of the toponyms of gold corpora have a right candidate at all in a gazetteer, and what sort of places lack
//! one.

use crate::world::report;
use anyhow::{Context, Result};
use mentionmap::evaluate::{self, Toponym, read_gold};
use mentionmap::resolve::Outlet;
use mentionmap::text::{CodePoints, name_key};
use mentionmap::{Finder, Gazetteer, Place, Resolver};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The corpora that coverage has targets for, and the shares that are aimed at.
const CORPORA: [(&str, f64); 4] = [("lgl", 0.96), ("gwn", 0.92), ("anc", 0.95), ("tud", 0.85)];
/// An answer is right within so many km.
const RIGHT_KM: f64 = 161.0;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of gold corpora, one JSON Lines file each
    #[arg(long)]
    corpora: PathBuf,
    /// A gazetteer file; the embedded one when none is given
    #[arg(long)]
    gazetteer: Option<PathBuf>,
    /// Prints each toponym that lacks a candidate, as tab-separated values, to this file
    #[arg(long)]
    misses: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Document {
    toponyms: Vec<Gold>,
}

/// A toponym, with the feature code that some corpora give.
#[derive(Deserialize)]
struct Gold {
    #[serde(flatten)]
    toponym: Toponym,
    fcode: Option<String>,
}

#[derive(Default)]
struct Count {
    all: usize,
    /// The name as it is written has a right candidate.
    named: usize,
    /// The longest part of it that is a name has one: what the resolver is offered for a given span.
    reached: usize,
    /// The resolver has one to choose from, in its article: of a street that no gazetteer has, the settlement around.
    offered: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let gazetteer = match &arguments.gazetteer {
        Some(path) => Gazetteer::open(path)?,
        None => Gazetteer::world()?,
    };
    let mut missing = String::from("corpus\tname\tlat\tlon\tgeonameid\tkind\n");
    let mut offers = Offers::new(&gazetteer);
    report("corpus  toponyms  named  aim   reached  offered");
    let mut kinds: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (corpus, aim) in CORPORA {
        let mut count = Count::default();
        let path = arguments.corpora.join(format!("{corpus}.jsonl"));
        let offered = read_gold(&path)?.iter().flat_map(|document| offers.of(document)).collect::<Vec<_>>();
        for (gold, offered) in toponyms(&path)?.into_iter().zip(offered) {
            let (Some(lat), Some(lon)) = (gold.toponym.lat, gold.toponym.lon) else { continue };
            count.all += 1;
            let named = has_right(&gazetteer, &name_key(&gold.toponym.name), &gold.toponym);
            count.named += usize::from(named);
            let reached = named || reaches(&gazetteer, &gold);
            count.reached += usize::from(reached);
            count.offered += usize::from(offered);
            if !named {
                let kind = gold.fcode.clone().or(gold.toponym.kind.clone()).unwrap_or_default();
                let id = gold.toponym.geonameid.map(|id| id.to_string()).unwrap_or_default();
                writeln!(missing, "{corpus}\t{}\t{lat}\t{lon}\t{id}\t{kind}", gold.toponym.name)?;
                *kinds.entry((corpus.to_owned(), sort(&gold.toponym.name, &kind))).or_default() += 1;
            }
        }
        let share = |n: usize| n as f64 / count.all as f64;
        let (named, reached, offered) = (share(count.named), share(count.reached), share(count.offered));
        report(&format!("{corpus:<7} {:>8}  {named:.3}  {aim:.2}  {reached:.3}    {offered:.3}", count.all));
    }
    report("\nmissing, by kind");
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by(|a, b| (&a.0.0, b.1).cmp(&(&b.0.0, a.1)));
    for ((corpus, kind), n) in kinds {
        report(&format!("{corpus:<5} {n:>4}  {kind}"));
    }
    if let Some(path) = &arguments.misses {
        std::fs::write(path, missing).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn toponyms(path: &Path) -> Result<Vec<Gold>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let document: Document = serde_json::from_str(line).with_context(|| format!("{}:{number}", path.display()))?;
        found.extend(document.toponyms);
    }
    Ok(found)
}

fn is_right(place: Place<'_>, gold: &Toponym) -> bool {
    let km = gold.distance_km((place.latitude(), place.longitude()));
    km.is_some_and(|km| km <= gold.tol_km.unwrap_or(RIGHT_KM)) || gold.is_entry(&place.id().to_string())
}

fn has_right(gazetteer: &Gazetteer, key: &str, gold: &Toponym) -> bool {
    let mut places = gazetteer
        .name(key)
        .into_iter()
        .flat_map(|name| gazetteer.postings(name).filter_map(|posting| gazetteer.place(posting.place)));
    places.any(|place| is_right(place, gold))
}

/// What the resolver has to choose from for the toponyms of a document, given their spans.
struct Offers {
    finder: Finder,
    resolver: Resolver,
}

impl Offers {
    fn new(gazetteer: &Gazetteer) -> Self {
        Self { finder: Finder::new(gazetteer.clone()), resolver: Resolver::new(gazetteer.clone()) }
    }

    /// For each toponym of a document, whether a right place is among its candidates.
    fn of(&mut self, document: &evaluate::Document) -> Vec<bool> {
        let article = evaluate::article(document, true);
        let mentions = self.finder.find(&article);
        let mut places: Vec<Vec<u32>> = vec![Vec::new(); mentions.len()];
        for example in self.resolver.examples(Outlet::of(&article), &mentions) {
            places[example.mention].push(example.place);
        }
        for (places, placement) in places.iter_mut().zip(self.resolver.resolve_of(Outlet::of(&article), &mentions)) {
            places.extend(placement.place);
        }
        let mut at = CodePoints::new(&document.text);
        let spans: Vec<_> = document.toponyms.iter().map(|t| at.byte(t.start)..at.byte(t.end)).collect();
        let of_span = |(toponym, span): (&Toponym, std::ops::Range<usize>)| {
            let places = mentions.iter().zip(&places).filter(|(m, _)| m.start == span.start && m.end == span.end);
            let gazetteer = self.resolver.gazetteer();
            let mut places = places.flat_map(|(_, places)| places).filter_map(|place| gazetteer.place(*place));
            places.any(|place| is_right(place, toponym))
        };
        document.toponyms.iter().zip(spans).map(of_span).collect()
    }
}

/// As spans that an article brings are looked up: the longest run of words that is a name, the first of equals.
fn reaches(gazetteer: &Gazetteer, gold: &Gold) -> bool {
    let key = name_key(&gold.toponym.name);
    let words: Vec<&str> = key.split(' ').collect();
    let run = (1..=words.len())
        .rev()
        .find_map(|length| words.windows(length).map(|run| run.join(" ")).find(|run| gazetteer.name(run).is_some()));
    run.is_some_and(|run| has_right(gazetteer, &run, &gold.toponym))
}

/// What sort of place a missing one is: the code or type that the corpus gives, and the last word of a longer name.
fn sort(name: &str, kind: &str) -> String {
    let key = name_key(name);
    match key.rsplit_once(' ') {
        Some((_, last)) => format!("{kind} … {last}"),
        None => format!("{kind} (one word)"),
    }
}
