//! From mapped articles to a layer and what lies beside it.

use super::arguments::Map;
use super::ids::Ids;
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::weigh::{ArticleMap, Keep, Totals};
use crate::write::{Features, Format, Layer, LayerInfo, More, Output, Per, Row, Scale, Schema, Table, Tally};
use std::io::Write;
use std::path::Path;

/// A layer while it is written.
pub(super) struct Writing<'w> {
    layer: Box<dyn Layer + 'w>,
    per: Per,
    features: Features,
    more: Vec<Table>,
    features_of_more: Features,
    totals: Totals,
    pub(super) tally: Tally,
    pub(super) ids: Ids,
    pub(super) written: u64,
    pub(super) articles: u64,
}

impl<'w> Writing<'w> {
    pub(super) fn new(arguments: &Map, layer: Box<dyn Layer + 'w>, more: Vec<Table>, gazetteer: &Gazetteer) -> Self {
        Self {
            layer,
            per: arguments.per,
            features: Features::new(gazetteer.clone(), arguments.sentences).simplestyle(arguments.simplestyle),
            more,
            features_of_more: Features::new(gazetteer.clone(), true).with_sentence_starts(),
            totals: Totals::default(),
            tally: Tally::default(),
            ids: Ids::default(),
            written: 0,
            articles: 0,
        }
    }

    pub(super) fn add(&mut self, map: &ArticleMap) -> Result<()> {
        self.articles += 1;
        self.ids.add(&map.article.id);
        let Self { layer, features, features_of_more, .. } = self;
        for &table in &self.more {
            match table {
                Table::Mentions => {
                    let mut mentions = features_of_more.each_of_mentions(map);
                    mentions.try_for_each(|feature| layer.write_more(table, &feature))?;
                }
                Table::Articles => layer.write_more(table, &features_of_more.of_whole_article(map))?,
            }
        }
        let mut put = |row: Row<'_>| {
            self.tally.add_row(&row);
            self.written += 1;
            layer.write_row(row)
        };
        match self.per {
            Per::Article => features.rows_of_article(map).try_for_each(&mut put),
            Per::Mention => features.rows_of_mentions(map).try_for_each(&mut put),
            Per::Place => {
                self.totals.add(map);
                Ok(())
            }
        }
    }

    /// Hands on all that was written so far.
    pub(super) fn flush(&mut self) -> Result<()> {
        self.layer.flush()
    }

    /// Writes what is left and closes the layer. Gives what it has no room for, if anything.
    pub(super) fn finish(&mut self) -> Result<Option<String>> {
        for total in std::mem::take(&mut self.totals).finish() {
            let Some(row) = self.features.row_of_total(&total) else { continue };
            self.tally.add_row(&row);
            self.written += 1;
            self.layer.write_row(row)?;
        }
        self.layer.finish()?;
        Ok(self.layer.left_out())
    }
}

/// What a layer says of itself, and the further tables that it gets.
pub(super) fn info(arguments: &Map, format: Format, gazetteer: &Gazetteer) -> Result<(LayerInfo, Vec<Table>)> {
    let more = more(arguments, format)?;
    let flags = [(arguments.sentences, "--sentences"), (arguments.simplestyle, "--simplestyle")];
    let info = LayerInfo {
        options: LayerInfo::options(
            arguments.per,
            &keep(arguments),
            arguments.reading.given_mentions.as_deref(),
            &flags,
        ),
        title: arguments.title.clone(),
        more: more.clone(),
        wkt: arguments.wkt,
        ..LayerInfo::new(gazetteer, schema(arguments))
    };
    Ok((info, more))
}

/// Writes what belongs beside a layer; a pipe or a device has no beside.
pub(super) fn companions(path: &Path, format: Format, info: &LayerInfo, scale: &Scale, styled: bool) -> Result<()> {
    let Some(file) = path.file_name().filter(|_| path.is_file()) else { return Ok(()) };
    for companion in format.companions(info, &file.to_string_lossy(), scale, styled) {
        let beside = path.with_extension(companion.extension);
        let mut output = Output::create(Some(&beside))?;
        output.write_all(companion.text.as_bytes()).map_err(|e| Error::from(e).at(&beside))?;
        output.finish()?;
    }
    Ok(())
}

fn schema(arguments: &Map) -> Schema {
    let schema = Schema::of(arguments.per, arguments.sentences);
    if arguments.simplestyle { schema.simplestyle() } else { schema }
}

/// The further tables that a layer gets: those asked for, and those without which its format is nothing.
fn more(arguments: &Map, format: Format) -> Result<Vec<Table>> {
    let mut asked = Vec::new();
    for &table in &arguments.with {
        if !asked.contains(&table) && (arguments.per != Per::Mention || table != Table::Mentions) {
            asked.push(table);
        }
    }
    match format.more() {
        More::Always(tables) => Ok(tables.to_vec()),
        More::Never if !asked.is_empty() => {
            Err(Error::usage("this format holds one table; leave --with out, or write a GeoPackage (.gpkg)"))
        }
        _ => Ok(asked),
    }
}

/// Which mentions count.
pub(super) fn keep(arguments: &Map) -> Keep {
    Keep { roles: arguments.roles.clone(), min_confidence: arguments.min_confidence }
}
