//! The names of an article, each with the places that it may mean.

use super::evidence::{Evidence, Points};
use super::leaning::Leaning;
use super::nearby::{is_local, on_sphere};
use crate::find::{Mention, Role};
use crate::gazetteer::{Gazetteer, Level, Name, NameKind, Place};
use crate::model::power;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// The most places that are considered for one name; they come best known first.
const MOST: usize = 60;

/// A name's places are one spot (a town, its district, its camp) when they are few and near each other.
const SPOT_PLACES: usize = 6;
const SPOT_KM: f64 = 100.0;

/// Places of a name within this distance are one spot under two records, such as a city and its district.
const TWIN_KM: f64 = 30.0;

/// A division is called after a city that has this share of its people.
const CITY_SHARE: f64 = 0.1;

/// A place that a name may mean.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'g> {
    pub(super) place: Place<'g>,
    pub(super) spot: Spot,
    /// Its country and the first-order division that it is or lies in, by the numbers that regions have in the article.
    pub(super) regions: [Option<u32>; 2],
    /// How the name belongs to it.
    pub(super) kind: NameKind,
    /// Another candidate is in the same spot, such as a city's district.
    pub(super) is_twin: bool,
    /// Points of the evidence that holds wherever the name occurs, and of what the article leans towards.
    pub(super) prior: f32,
    /// The evidence that holds wherever the name occurs.
    pub(super) evidence: Arc<[(Evidence, f32)]>,
    /// What speaks for it from outside the article.
    pub(super) leaning: Vec<(Evidence, f32)>,
}

/// Where a place is, as context asks for it again and again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) level: Level,
    /// The two letters of its country.
    pub(super) country: Option<u16>,
    /// Its country, as another place.
    pub(super) country_place: Option<u32>,
    /// The first-order division that it is or lies in.
    pub(super) division: Option<u32>,
    /// The first-order division that it lies in.
    pub(super) admin1: Option<u32>,
    /// Its point on the unit sphere.
    pub(super) on_sphere: [f64; 3],
    /// It is small enough that nearness to it tells something.
    pub(super) is_local: bool,
    /// The power of ten of its radius in km.
    pub(super) reach: f32,
}

impl Spot {
    fn of(place: &Place<'_>) -> Self {
        let level = place.feature().level();
        let admin1 = place.admin1().map(|a| a.index());
        Self {
            level,
            country: match *place.country().as_bytes() {
                [a, b] => Some(u16::from_be_bytes([a, b])),
                _ => None,
            },
            country_place: place.country_place().map(|c| c.index()).filter(|&c| c != place.index()),
            division: if level == Level::Admin1 { Some(place.index()) } else { admin1 },
            admin1,
            on_sphere: on_sphere(place),
            is_local: is_local(place),
            reach: power(place.radius_km()),
        }
    }
}

/// A name of the article, used as a demonym or not.
#[derive(Clone, Debug)]
pub(super) struct Sense<'g> {
    pub(super) candidates: Vec<Candidate<'g>>,
    /// How often the article has it.
    pub(super) count: u32,
}

/// The distinct names of an article.
#[derive(Clone, Debug)]
pub(super) struct Senses<'g> {
    pub(super) all: Vec<Sense<'g>>,
    /// The sense of each mention.
    pub(super) of_mention: Vec<usize>,
    /// The number of the first candidate of each sense among all candidates; at last, how many there are.
    begins: Vec<usize>,
    /// How many regions the article's candidates are or lie in.
    pub(super) regions: usize,
    /// The article is a part of one with very many names.
    pub(super) is_part: bool,
}

/// Numbers for the regions of an article, so that what is summed by region lies in lists.
#[derive(Default)]
struct Regions {
    countries: FxHashMap<u16, u32>,
    divisions: FxHashMap<u32, u32>,
}

impl Regions {
    fn len(&self) -> usize {
        self.countries.len() + self.divisions.len()
    }

    fn of(&mut self, spot: &Spot) -> [Option<u32>; 2] {
        let next = self.len() as u32;
        let country = spot.country.map(|country| *self.countries.entry(country).or_insert(next));
        let next = self.len() as u32;
        let division = spot.division.map(|division| *self.divisions.entry(division).or_insert(next));
        [country, division]
    }
}

/// A candidate as it is wherever the name occurs.
#[derive(Debug)]
struct Fixed {
    place: u32,
    spot: Spot,
    kind: NameKind,
    is_twin: bool,
    points: f32,
    evidence: Arc<[(Evidence, f32)]>,
}

/// Names of an article that room is made for at once.
const ROOM: usize = 64;

/// Names that are remembered; with more, all are forgotten before the next article.
const REMEMBERED: usize = 1 << 13;

/// The candidates of each name, by the role in which it is used.
type OfNames = FxHashMap<(Name, Role), Arc<[Fixed]>>;

/// The candidates of names that have occurred, from article to article. Each resolver has its own.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<OfNames>);

impl Clone for Memory {
    /// An empty one: threads do not wait for each other.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<'g> Senses<'g> {
    pub(super) fn of(
        gazetteer: &'g Gazetteer,
        mentions: &[Mention],
        points: &Points,
        leaning: &Leaning<'_>,
        memory: &Memory,
    ) -> Self {
        let mut memory = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() > REMEMBERED {
            memory.clear();
        }
        let room = mentions.len().min(ROOM);
        let mut known: FxHashMap<(Name, Role), usize> = FxHashMap::with_capacity_and_hasher(room, FxBuildHasher);
        let mut senses: Vec<Sense<'g>> = Vec::new();
        let mut regions = Regions::default();
        let of_mention = mentions
            .iter()
            .map(|m| {
                let at = *known.entry((m.name, m.role)).or_insert_with(|| {
                    let fixed =
                        memory.entry((m.name, m.role)).or_insert_with(|| fixed(gazetteer, m.name, m.role, points));
                    let candidates =
                        fixed.iter().filter_map(|fixed| candidate(gazetteer, fixed, points, leaning, &mut regions));
                    let candidates = candidates.collect();
                    senses.push(Sense { candidates, count: 0 });
                    senses.len() - 1
                });
                senses[at].count += 1;
                at
            })
            .collect();
        let mut begins = vec![0];
        begins.extend(senses.iter().scan(0, |all, sense| {
            *all += sense.candidates.len();
            Some(*all)
        }));
        Self { all: senses, of_mention, begins, regions: regions.len(), is_part: false }
    }

    /// The numbers of a sense's candidates among all.
    pub(super) fn numbers(&self, sense: usize) -> Range<usize> {
        self.begins[sense]..self.begins[sense + 1]
    }

    /// How many candidates there are.
    pub(super) fn count(&self) -> usize {
        self.begins.last().copied().unwrap_or(0)
    }

    /// Every candidate with its sense, by its number.
    pub(super) fn each(&self) -> impl Iterator<Item = (usize, &Candidate<'g>)> {
        self.all.iter().enumerate().flat_map(|(number, sense)| sense.candidates.iter().map(move |c| (number, c)))
    }
}

/// A candidate in an article that leans so.
fn candidate<'g>(
    gazetteer: &'g Gazetteer,
    fixed: &Fixed,
    points: &Points,
    leaning: &Leaning<'_>,
    regions: &mut Regions,
) -> Option<Candidate<'g>> {
    let place = gazetteer.place(fixed.place)?;
    let leaning = leaning.evidence(&place);
    let prior = fixed.points + points.sum(&leaning);
    let Fixed { spot, kind, is_twin, ref evidence, .. } = *fixed;
    let regions = regions.of(&spot);
    Some(Candidate { place, spot, regions, kind, is_twin, prior, evidence: Arc::clone(evidence), leaning })
}

fn fixed(gazetteer: &Gazetteer, name: Name, role: Role, points: &Points) -> Arc<[Fixed]> {
    let wanted = |kind: NameKind| match role {
        Role::Demonym => matches!(kind, NameKind::Demonym | NameKind::Abbreviation),
        Role::Place => kind != NameKind::Demonym,
        Role::Organization => true,
    };
    let all = || gazetteer.postings(name).take(MOST);
    // A name that is used in a role that the gazetteer does not know it in is still that name.
    let any = all().any(|p| wanted(p.kind));
    let postings: Vec<_> = all().filter(|p| !any || wanted(p.kind)).collect();
    let places: Vec<(Place<'_>, NameKind)> =
        postings.iter().filter_map(|p| Some((gazetteer.place(p.place)?, p.kind))).collect();
    let most = places.iter().map(|(p, _)| p.population()).max().unwrap_or(0);
    let one_spot = places.len() <= SPOT_PLACES
        && places
            .split_first()
            .is_some_and(|((first, _), rest)| rest.iter().all(|(p, _)| p.distance_km(first) < SPOT_KM));
    let cities: Vec<Place<'_>> =
        places.iter().map(|(p, _)| *p).filter(|p| p.feature().level() == Level::City).collect();
    places
        .iter()
        .map(|&(place, kind)| {
            let mut evidence = of_place(&place, kind, most);
            if one_spot {
                evidence.push((Evidence::OneSpot, 1.0));
            }
            if gazetteer.prefers(name, place.index()) {
                evidence.push((Evidence::Own, 1.0));
            }
            let mut within = cities.iter().filter(|city| city.lies_in(&place));
            if within.any(|city| f64::from(city.population()) > CITY_SHARE * f64::from(place.population()))
                && is_division(&place)
            {
                evidence.push((Evidence::CalledAfterCity, 1.0));
            }
            let is_twin = places.iter().any(|(other, _)| is_twin(&place, other));
            let points = points.sum(&evidence);
            Fixed { place: place.index(), spot: Spot::of(&place), kind, is_twin, points, evidence: evidence.into() }
        })
        .collect()
}

/// Whether two places are one spot under two records; the latitudes are asked first, because that is cheap.
fn is_twin(place: &Place<'_>, other: &Place<'_>) -> bool {
    const DEGREE_KM: f64 = 111.0;
    place.index() != other.index()
        && (place.latitude() - other.latitude()).abs() * DEGREE_KM < TWIN_KM
        && place.distance_km(other) < TWIN_KM
}

fn is_division(place: &Place<'_>) -> bool {
    matches!(place.feature().level(), Level::Admin1 | Level::Admin2)
}

fn of_place(place: &Place<'_>, kind: NameKind, most: u32) -> Vec<(Evidence, f32)> {
    let mut found = vec![(Evidence::Population, power(place.population() as f32) / 10.0)];
    let mut put = |evidence: Evidence| found.push((evidence, 1.0));
    if place.population() == most && most > 0 {
        put(Evidence::First);
    }
    match place.feature().level() {
        Level::Country => put(Evidence::Country),
        Level::Admin1 => put(Evidence::Admin1),
        Level::Admin2 => put(Evidence::Admin2),
        Level::Region => put(Evidence::Region),
        Level::Water | Level::Land => put(Evidence::Landmark),
        Level::Spot => put(Evidence::Spot),
        Level::City => {}
    }
    let is_wide = place.radius_km() >= 1000.0;
    if is_wide && matches!(place.feature().level(), Level::Region | Level::Water) {
        put(Evidence::WorldScale);
    }
    match place.feature().code() {
        "PPLC" => put(Evidence::Capital),
        "PPLA" => put(Evidence::Seat),
        "PPLX" => put(Evidence::Section),
        _ => {}
    }
    match kind {
        NameKind::Alternate => put(Evidence::Alternate),
        NameKind::Variant => put(Evidence::Variant),
        NameKind::Abbreviation => put(Evidence::Abbreviation),
        NameKind::Official | NameKind::Demonym => {}
    }
    found
}
