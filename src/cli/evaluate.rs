//! `mentionmap evaluate`.

use super::arguments::Evaluate;
use super::{Outcome, leaning_mapper};
use crate::error::Result;
use crate::evaluate::{
    Document, Figures, FocusScore, Predicted, Prf, Score, article, match_spans, predicted, read_gold,
};
use crate::gazetteer::Gazetteer;
use crate::weigh::{ArticleMap, Keep};
use std::io::Write;

pub(super) fn run(arguments: &Evaluate) -> Result<Outcome> {
    let gazetteer = Gazetteer::named(&arguments.gazetteer.gazetteer)?;
    let keep = Keep { roles: arguments.roles.clone(), min_confidence: 0.0 };
    let mut mapper = leaning_mapper(&gazetteer, &arguments.leaning)?.keep(keep);
    let mut out = std::io::stdout().lock();
    let mut pooled = (Score::default(), FocusScore::default());
    let mut all = serde_json::Map::new();
    for path in &arguments.gold {
        let (mut score, mut focus) = (Score::default(), FocusScore::default());
        let mut errors = Errors::new(arguments.errors);
        for document in read_gold(path)? {
            let map = mapper.map(article(&document, arguments.given_mentions));
            let predicted = predicted(&map, &gazetteer);
            score.add(&document.toponyms, &predicted, arguments.all_types);
            focus.add(&document, &map);
            errors.focus(&document, &map);
            errors.add(&document, &predicted, arguments.all_types);
        }
        pooled.0.merge(&score);
        pooled.1.merge(&focus);
        let name = path.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        if arguments.json {
            all.insert(name, record(&score, &focus)?);
        } else {
            print(&mut out, &name, &score.figures(), &focus)?;
            for line in errors.lines {
                writeln!(out, "{line}")?;
            }
        }
    }
    if arguments.json {
        all.insert("pooled".into(), record(&pooled.0, &pooled.1)?);
        writeln!(out, "{}", serde_json::Value::Object(all))?;
    } else if arguments.gold.len() > 1 {
        print(&mut out, "pooled", &pooled.0.figures(), &pooled.1)?;
    }
    Ok(Outcome::Done)
}

/// All figures; those of focus where documents say theirs.
fn record(score: &Score, focus: &FocusScore) -> Result<serde_json::Value> {
    let mut record = serde_json::to_value(score.figures()).map_err(std::io::Error::from)?;
    if let Some(share) = focus.share() {
        record["focus"] = serde_json::json!({"documents": focus.documents, "country_right": share});
    }
    Ok(record)
}

fn print(out: &mut impl Write, name: &str, f: &Figures, focus: &FocusScore) -> Result<()> {
    let prf = |p: &Prf| format!("precision {:.3}  recall {:.3}  f1 {:.3}", p.precision, p.recall, p.f1);
    let r = &f.resolution;
    let number = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), |x| format!("{x:.3}"));
    writeln!(out, "{name}: documents {}  gold {}  predicted {}", f.documents, f.gold, f.predicted)?;
    writeln!(out, "  recognition_exact    {}", prf(&f.recognition_exact))?;
    writeln!(out, "  recognition_overlap  {}", prf(&f.recognition_overlap))?;
    writeln!(out, "  end_to_end           {}", prf(&f.end_to_end))?;
    writeln!(
        out,
        "  resolution           located {}  placed_right {:.3}  placed_right_of_recognised {:.3}  within161_of_recognised {:.3}  median_km {}  mean_km {}  auc {}",
        r.located,
        r.placed_right,
        r.placed_right_of_recognised,
        r.within161_of_recognised,
        number(r.median_km),
        number(r.mean_km),
        number(r.auc)
    )?;
    if let Some(share) = focus.share() {
        writeln!(out, "  focus                documents {}  country_right {share:.3}", focus.documents)?;
    }
    Ok(())
}

/// The first errors of each kind.
struct Errors {
    most: usize,
    counts: [usize; 4],
    lines: Vec<String>,
}

impl Errors {
    fn new(most: usize) -> Self {
        Self { most, counts: [0; 4], lines: Vec::new() }
    }

    fn add(&mut self, document: &Document, predicted: &[Predicted], all_types: bool) {
        if self.most == 0 {
            return;
        }
        let text: Vec<char> = document.text.chars().collect();
        let around = |start: usize, end: usize| -> String {
            text[start.saturating_sub(30)..(end + 30).min(text.len())]
                .iter()
                .map(|c| if c.is_whitespace() { ' ' } else { *c })
                .collect()
        };
        let pairs = match_spans(&document.toponyms, predicted);
        for (i, toponym) in document.toponyms.iter().enumerate().filter(|(_, t)| all_types || !t.is_soft()) {
            let answer = pairs.iter().find(|(g, ..)| *g == i).map(|(_, j, _)| &predicted[*j]);
            let context = around(toponym.start, toponym.end);
            match answer {
                None => self.put(0, format!("missed\t{}\t{}\t{context}", document.id, toponym.name)),
                Some(p) => {
                    if let Some((lat, lon)) = toponym.lat.zip(toponym.lon) {
                        let km = p.point.map(|(north, east)| {
                            use geo::{Distance, Haversine, Point};
                            Haversine.distance(Point::new(lon, lat), Point::new(east, north)) / 1000.0
                        });
                        let id = p.place_id.clone().unwrap_or_default();
                        let same = toponym.geonameid.is_some_and(|g| id == format!("geonames:{g}"));
                        if !same && km.is_none_or(|km| km > toponym.tol_km.unwrap_or(161.0)) {
                            self.put(
                                1,
                                format!(
                                    "wrong place\t{}\t{}\t{id}\t{}\t{context}",
                                    document.id,
                                    toponym.name,
                                    km.map_or_else(|| "none".into(), |km| format!("{km:.0} km"))
                                ),
                            );
                        }
                    }
                }
            }
        }
        for (j, p) in predicted.iter().enumerate() {
            if !pairs.iter().any(|(_, other, _)| *other == j) {
                self.put(
                    2,
                    format!(
                        "spurious\t{}\t{}\t{}",
                        document.id,
                        text[p.start..p.end].iter().collect::<String>(),
                        around(p.start, p.end)
                    ),
                );
            }
        }
    }

    fn focus(&mut self, document: &Document, map: &ArticleMap) {
        let Some(gold) = document.focus_country.as_ref().filter(|_| self.most > 0) else { return };
        let country = map.focus.as_ref().map_or("none", |focus| focus.country.as_str());
        if country != gold {
            self.put(3, format!("wrong focus\t{}\t{gold}\t{country}", document.id));
        }
    }

    fn put(&mut self, kind: usize, line: String) {
        self.counts[kind] += 1;
        if self.counts[kind] <= self.most {
            self.lines.push(line);
        }
    }
}
