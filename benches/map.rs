//! What mapping costs, stage by stage, on the sample articles: `cargo bench`.

#![allow(missing_docs, clippy::unwrap_used)] // criterion's macros have no docs; a bench that fails may panic.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mentionmap::read::{Input, Inputs, ReadOptions, articles};
use mentionmap::text::Tokens;
use mentionmap::write::{Features, Format, LayerInfo, layer};
use mentionmap::{Article, Finder, Gazetteer, Mapper, Resolver};
use std::hint::black_box;

fn samples() -> Vec<Article> {
    let inputs: Vec<Input> = Inputs::expand(&["examples/articles"]).unwrap().found;
    articles(inputs, ReadOptions::default()).map(|a| a.unwrap()).collect()
}

fn stages(criterion: &mut Criterion) {
    let world = Gazetteer::world().unwrap();
    let samples = samples();
    let bytes: usize = samples.iter().map(|a| a.text.len()).sum();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(bytes as u64));

    group.bench_function("tokenize", |b| {
        let mut tokens = Tokens::default();
        b.iter(|| samples.iter().for_each(|a| tokens.split(black_box(&a.text))));
    });
    let mut finder = Finder::new(world.clone());
    group.bench_function("find", |b| b.iter(|| samples.iter().map(|a| finder.find(a).len()).sum::<usize>()));
    let mentions: Vec<_> = samples.iter().map(|a| finder.find(a)).collect();
    let resolver = Resolver::new(world.clone());
    group.bench_function("resolve", |b| b.iter(|| mentions.iter().map(|m| resolver.resolve(m).len()).sum::<usize>()));
    let mut mapper = Mapper::new(world.clone());
    let maps: Vec<_> = samples.iter().map(|a| mapper.map(a.clone())).collect();
    let features = Features::new(world, false);
    group.bench_function("write", |b| {
        b.iter(|| {
            let mut bytes = Vec::new();
            let mut out = layer(Format::GeoJson, &mut bytes, LayerInfo::default()).unwrap();
            maps.iter().flat_map(|m| features.of_article(m)).for_each(|f| out.write(&f).unwrap());
            out.finish().unwrap();
        });
    });
    group.bench_function("all", |b| {
        b.iter(|| samples.iter().map(|a| mapper.map(a.clone()).places.len()).sum::<usize>());
    });
    group.finish();
}

fn gazetteer(criterion: &mut Criterion) {
    criterion.bench_function("open", |b| b.iter(|| Gazetteer::world().unwrap()));
    let world = Gazetteer::world().unwrap();
    criterion.bench_function("lookup", |b| b.iter(|| world.lookup(black_box("Deir ez-Zor")).count()));
}

criterion_group!(benches, stages, gazetteer);
criterion_main!(benches);
