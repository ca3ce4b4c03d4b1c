//! GeoPackage 1.3: one `SQLite` file of tables with a spatial index, metadata and, for QGIS, their styles.

use super::envelope::Envelope;
use super::schema::{Column, Kind, Schema, Table};
use super::style::{self, Scale};
use super::values::{At, ID, Value, value};
use super::xml::escaped;
use super::{Layer, LayerInfo, WGS84};
use crate::error::Result;
use crate::text::date;
use geojson::Feature;
use geozero::{CoordDimensions, ToWkb};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params, params_from_iter};
use std::fmt::Write as _;
use std::io::{self, Write};
use tempfile::NamedTempFile;

/// The moment of all changes: that of the run would make equal input give unequal files.
const CHANGED: &str = "1970-01-01T00:00:00.000Z";

/// Writes a GeoPackage: into a temporary file, since `SQLite` wants to go back and forth, and from there to where the
/// layer goes.
#[derive(Debug)]
pub struct GeoPackage<W> {
    to: W,
    info: LayerInfo,
    database: Connection,
    file: NamedTempFile,
    main: Contents,
    more: Vec<(Table, Contents)>,
}

/// A table while it is filled.
#[derive(Debug)]
struct Contents {
    schema: Schema,
    columns: Vec<Column>,
    insert: String,
    rows: i64,
    envelope: Envelope,
    scale: Scale,
}

impl<W: Write> GeoPackage<W> {
    /// Writes to `to`, at the end.
    ///
    /// # Errors
    /// When there is no room for a temporary file.
    pub fn new(to: W, info: LayerInfo) -> Result<Self> {
        let file = NamedTempFile::new()?;
        let database = Connection::open(file.path()).map_err(io)?;
        // Nobody else reads it, and a run that breaks off leaves nothing: no journal is needed.
        database
            .execute_batch(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
                 PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300; PRAGMA cache_size = -16000; BEGIN;",
            )
            .and_then(|()| database.execute_batch(FRAME))
            .map_err(io)?;
        database
            .execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, ?1, NULL)", [WGS84])
            .map_err(io)?;
        let main = Contents::create(&database, info.schema.clone()).map_err(io)?;
        let more = info
            .more
            .iter()
            .map(|&table| Ok((table, Contents::create(&database, info.schema_of(table))?)))
            .collect::<rusqlite::Result<_>>()
            .map_err(io)?;
        Ok(Self { to, info, database, file, main, more })
    }
}

impl<W: Write> Layer for GeoPackage<W> {
    fn write(&mut self, feature: &Feature) -> Result<()> {
        self.main.add(&self.database, feature).map_err(io)
    }

    fn write_more(&mut self, table: Table, feature: &Feature) -> Result<()> {
        let contents = self.more.iter_mut().find(|(t, _)| *t == table);
        contents.map_or(Ok(()), |(_, contents)| contents.add(&self.database, feature).map_err(io))
    }

    fn finish(&mut self) -> Result<()> {
        for contents in std::iter::once(&self.main).chain(self.more.iter().map(|(_, contents)| contents)) {
            contents.finish(&self.database, &self.info).map_err(io)?;
        }
        metadata(&self.database, &self.info).map_err(io)?;
        self.database.execute_batch("COMMIT").map_err(io)?;
        io::copy(&mut self.file.reopen()?, &mut self.to)?;
        Ok(self.to.flush()?)
    }
}

fn io(error: rusqlite::Error) -> crate::Error {
    io::Error::other(error).into()
}

impl Contents {
    fn create(database: &Connection, schema: Schema) -> rusqlite::Result<Self> {
        let name = schema.name;
        let columns: Vec<Column> = std::iter::once(ID).chain(schema.columns.iter().copied()).collect();
        let mut create = format!("CREATE TABLE \"{name}\" (\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL");
        if schema.points {
            create.push_str(", \"geom\" POINT");
        }
        for column in &columns {
            let kind = match column.kind {
                Kind::Text => "TEXT",
                Kind::Integer => "INTEGER",
                Kind::Flag => "BOOLEAN",
                Kind::Real => "REAL",
                Kind::Date => "DATETIME",
            };
            _ = write!(create, ", \"{}\" {kind}", column.name);
        }
        database.execute_batch(&(create + ")"))?;
        let mut names = vec!["\"fid\"".to_owned()];
        if schema.points {
            names.push("\"geom\"".into());
            database.execute_batch(&format!(
                "CREATE VIRTUAL TABLE \"rtree_{name}_geom\" USING rtree(id, minx, maxx, miny, maxy)"
            ))?;
        }
        names.extend(columns.iter().map(|column| format!("\"{}\"", column.name)));
        let places = vec!["?"; names.len()].join(", ");
        let insert = format!("INSERT INTO \"{name}\" ({}) VALUES ({places})", names.join(", "));
        Ok(Self { schema, columns, insert, rows: 0, envelope: Envelope::default(), scale: Scale::default() })
    }

    fn add(&mut self, database: &Connection, feature: &Feature) -> rusqlite::Result<()> {
        self.rows += 1;
        self.scale.add(feature);
        let mut cells = vec![Cell::Value(Value::Integer(self.rows))];
        if self.schema.points {
            cells.push(Cell::Point(None));
            if let Some(at) = At::of(feature) {
                self.envelope.add(at);
                cells[1] = Cell::Point(Some(at));
                let index = format!("INSERT INTO \"rtree_{}_geom\" VALUES (?1, ?2, ?2, ?3, ?3)", self.schema.name);
                database.prepare_cached(&index)?.execute(params![self.rows, at.x, at.y])?;
            }
        }
        cells.extend(self.columns.iter().map(|column| Cell::Value(value(feature, column))));
        database.prepare_cached(&self.insert)?.execute(params_from_iter(cells))?;
        Ok(())
    }

    /// Registers the table, with its extent, index and style.
    fn finish(&self, database: &Connection, info: &LayerInfo) -> rusqlite::Result<()> {
        let name = self.schema.name;
        let [west, south, east, north] = self.envelope.flat().map_or([None; 4], |edges| edges.map(Some));
        let (kind, srs) = if self.schema.points { ("features", Some(4326)) } else { ("attributes", None) };
        database.execute(
            "INSERT INTO gpkg_contents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![name, kind, name, info.attribution, CHANGED, west, south, east, north, srs],
        )?;
        database.execute("INSERT INTO gpkg_ogr_contents VALUES (?1, ?2)", params![name, self.rows])?;
        if !self.schema.points {
            return Ok(());
        }
        database.execute("INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'POINT', 4326, 0, 0)", [name])?;
        database.execute(
            "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
            [name],
        )?;
        database.execute_batch(&triggers(name))?;
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)
             VALUES ('', '', ?1, 'geom', 'mentionmap', ?2, '', 1, 'circles by weight, colored by kind, labelled', '', NULL, ?3)",
            params![name, style::qml(&self.schema, &self.scale), CHANGED],
        )?;
        Ok(())
    }
}

/// A cell on its way into a row.
enum Cell<'f> {
    Value(Value<'f>),
    Point(Option<At>),
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Value(Value::Text(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Value(Value::Integer(number)) => (*number).into(),
            Self::Value(Value::Real(number)) => (*number).into(),
            Self::Value(Value::Moment(moment)) => date::iso_millis(*moment).into(),
            Self::Value(Value::Null) | Self::Point(None) => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Point(Some(at)) => at
                .to_gpkg_wkb(CoordDimensions::xy(), Some(4326), Vec::new())
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?
                .into(),
        })
    }
}

/// Source, license, hash and options, in the form that GDAL and QGIS show.
fn metadata(database: &Connection, info: &LayerInfo) -> rusqlite::Result<()> {
    let mut xml = String::from("<GDALMultiDomainMetadata><Metadata>");
    for (key, text) in info.facts() {
        _ = write!(xml, "<MDI key=\"{key}\">{}</MDI>", escaped(text));
    }
    xml.push_str("</Metadata></GDALMultiDomainMetadata>");
    database.execute("INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'http://gdal.org', 'text/xml', ?1)", [xml])?;
    database.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?1, 1, NULL)",
        [CHANGED],
    )?;
    Ok(())
}

/// The tables that every GeoPackage has, those of the extensions used here, and `layer_styles` as QGIS makes it.
const FRAME: &str = "
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system');
INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_ogr_contents (table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_extensions VALUES ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec120/#extension_metadata', 'read-write');
INSERT INTO gpkg_extensions VALUES ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec120/#extension_metadata', 'read-write');
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER, timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id), CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP);
INSERT INTO gpkg_contents VALUES ('layer_styles', 'attributes', 'layer_styles', '', '1970-01-01T00:00:00.000Z', NULL, NULL, NULL, NULL, NULL);
";

/// The triggers that keep the spatial index when somebody edits the table: the specification's own.
fn triggers(name: &str) -> String {
    let (table, index) = (format!("\"{name}\""), format!("\"rtree_{name}_geom\""));
    let row = "VALUES (NEW.\"fid\", ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"), ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\"))";
    let (full, empty) = (
        "(NEW.\"geom\" NOT NULL AND NOT ST_IsEmpty(NEW.\"geom\"))",
        "(NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))",
    );
    let mut sql = String::new();
    for (suffix, when, what) in [
        ("insert", format!("AFTER INSERT ON {table} WHEN {full}"), format!("INSERT OR REPLACE INTO {index} {row};")),
        (
            "update1",
            format!("AFTER UPDATE OF \"geom\" ON {table} WHEN OLD.\"fid\" = NEW.\"fid\" AND {full}"),
            format!("INSERT OR REPLACE INTO {index} {row};"),
        ),
        (
            "update2",
            format!("AFTER UPDATE OF \"geom\" ON {table} WHEN OLD.\"fid\" = NEW.\"fid\" AND {empty}"),
            format!("DELETE FROM {index} WHERE id = OLD.\"fid\";"),
        ),
        (
            "update3",
            format!("AFTER UPDATE ON {table} WHEN OLD.\"fid\" != NEW.\"fid\" AND {full}"),
            format!("DELETE FROM {index} WHERE id = OLD.\"fid\"; INSERT OR REPLACE INTO {index} {row};"),
        ),
        (
            "update4",
            format!("AFTER UPDATE ON {table} WHEN OLD.\"fid\" != NEW.\"fid\" AND {empty}"),
            format!("DELETE FROM {index} WHERE id IN (OLD.\"fid\", NEW.\"fid\");"),
        ),
        (
            "delete",
            format!("AFTER DELETE ON {table} WHEN OLD.\"geom\" NOT NULL"),
            format!("DELETE FROM {index} WHERE id = OLD.\"fid\";"),
        ),
    ] {
        _ = writeln!(sql, "CREATE TRIGGER \"rtree_{name}_geom_{suffix}\" {when} BEGIN {what} END;");
    }
    sql
}
