//! The examples of the library run.

use crate::support::{collection, root};

#[path = "../../examples/build_gazetteer.rs"]
mod build_gazetteer;
#[path = "../../examples/map_text.rs"]
mod map_text;
#[path = "../../examples/own_weights.rs"]
mod own_weights;
#[path = "../../examples/stream_json_lines.rs"]
mod stream_json_lines;

#[test]
fn map_text_runs() {
    map_text::main().unwrap();
}

#[test]
fn build_gazetteer_runs() {
    build_gazetteer::main().unwrap();
}

#[test]
fn own_weights_runs() {
    own_weights::main().unwrap();
}

#[test]
fn stream_json_lines_runs() {
    // Tests run in the root of the package, where the example expects to be run.
    assert_eq!(std::env::current_dir().unwrap().canonicalize().unwrap(), root().canonicalize().unwrap());
    let mut out = Vec::new();
    stream_json_lines::run(&mut out).unwrap();
    assert!(collection(std::str::from_utf8(&out).unwrap()).features.len() > 10);
    stream_json_lines::main().unwrap();
}
