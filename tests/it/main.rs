//! Tests of the whole: gold cases, the command line, the contracts of the output, odd input, other programs.

// Tests may fail by panicking, and say on standard error what they skip.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod bad_input;
mod batches;
mod browser;
mod build;
mod cases;
mod command_line;
mod config;
mod contract;
mod damage;
mod evaluate;
mod examples;
mod explain;
mod extremes;
mod fetch;
mod fixtures;
mod formats;
mod gazetteer;
mod gazetteer_commands;
mod gdal;
mod hazards;
mod homes;
mod layers;
mod merge;
mod overlay;
mod page;
mod properties;
mod qgis;
mod seed;
mod snapshots;
mod spellings;
mod still;
mod support;
#[cfg(feature = "full")]
mod tiles;
mod web;
