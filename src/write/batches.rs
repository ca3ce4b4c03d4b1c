//! Features as Arrow record batches, for programs that take these from memory.

use super::LayerInfo;
use super::columns::{Cells, Points};
use super::values::At;
use crate::error::{Error, Result};
use arrow::array::{RecordBatch, StructArray};
use arrow::datatypes::{DataType, Field, Fields, Schema as ArrowSchema, SchemaRef};
use geojson::Feature;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// The coordinates as [GeoArrow](https://geoarrow.org/extension-types) names them: longitude and latitude of WGS 84.
const CRS: &str = r#"{"crs":"OGC:CRS84","crs_type":"authority_code"}"#;

/// Gathers features, and gives them as record batches: the columns of GeoParquet, and `geometry`, a point of GeoArrow's
/// type `geoarrow.point`, whose `x` is the longitude and whose `y` is the latitude, in degrees.
///
/// ```
/// use mentionmap::write::{Batches, Features, LayerInfo, Per, Schema};
/// use mentionmap::{Article, Gazetteer, Mapper};
/// let world = Gazetteer::world()?;
/// let map = Mapper::new(world.clone()).map(Article::new("1", "Rain fell in Lyon, France."));
/// let mut batches = Batches::new(&LayerInfo::new(&world, Schema::of(Per::Article, false)));
/// Features::new(world, false).of_article(&map).iter().for_each(|feature| batches.add(feature));
/// let batch = batches.take()?;
/// assert_eq!(batch.num_rows(), 2);
/// assert_eq!(batch.schema_ref().fields()[0].name(), "id");
/// # Ok::<(), mentionmap::Error>(())
/// ```
pub struct Batches {
    schema: SchemaRef,
    cells: Cells,
    points: Points,
}

impl Batches {
    /// For features of the layer's table; what the layer says of itself is the schema's metadata.
    pub fn new(info: &LayerInfo) -> Self {
        let cells = Cells::new(&info.schema);
        let said = info.facts().map(|(key, text)| (format!("mentionmap:{key}"), text.to_owned()));
        let schema = ArrowSchema::new(fields(&cells)).with_metadata(said);
        Self { schema: Arc::new(schema), cells, points: Points::default() }
    }

    /// The schema of its batches.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// How many features have been gathered.
    pub fn rows(&self) -> usize {
        self.cells.rows()
    }

    /// Adds a feature.
    pub fn add(&mut self, feature: &Feature) {
        self.cells.add(feature);
        self.points.add(At::of(feature));
    }

    /// Adds a row for an article that could not be mapped: all but its identity is null.
    pub fn add_failed(&mut self, article: &str) {
        self.cells.add_text("article", article);
        self.points.add(None);
    }

    /// The features gathered so far, as a batch; then there are none.
    ///
    /// # Errors
    /// When there is more text in a column than a batch can hold, 2 GB.
    pub fn take(&mut self) -> Result<RecordBatch> {
        let mut arrays = self.cells.take();
        let (x, y, placed) = self.points.take();
        let other = |e| Error::from(io::Error::other(e));
        arrays.push(Arc::new(StructArray::try_new(coordinates(), vec![x, y], Some(placed)).map_err(other)?));
        RecordBatch::try_new(self.schema(), arrays).map_err(other)
    }
}

impl std::fmt::Debug for Batches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batches").field("rows", &self.rows()).finish_non_exhaustive()
    }
}

fn coordinates() -> Fields {
    ["x", "y"].map(|name| Field::new(name, DataType::Float64, false)).to_vec().into()
}

fn fields(cells: &Cells) -> Vec<Field> {
    let mut fields = cells.fields();
    let typed = [("ARROW:extension:name", "geoarrow.point"), ("ARROW:extension:metadata", CRS)];
    let metadata: HashMap<_, _> = typed.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    fields.push(Field::new("geometry", DataType::Struct(coordinates()), true).with_metadata(metadata));
    fields
}
