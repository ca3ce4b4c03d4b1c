//! What mapping costs, stage by stage: `cargo bench --bench map`. On news of `../shared/text` where that is there, else on
//! the sample articles, which are few and short.
//!
//! `find` is given per byte of text; `find, per byte of LGL` and `resolve, per mention of LGL` likewise, where the gold
//! corpus is there.

#![allow(missing_docs, clippy::unwrap_used)] // criterion's macros have no docs; a bench that fails may panic.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mentionmap::read::{Input, Inputs, ReadOptions, articles};
use mentionmap::text::Tokens;
use mentionmap::write::{Features, Format, LayerInfo, layer};
use mentionmap::{Article, Finder, Gazetteer, Mapper, Resolver};
use std::hint::black_box;
use std::path::Path;

/// Articles that one round maps: enough that what is remembered from article to article shows.
const ARTICLES: usize = 300;

fn read(path: &str) -> Vec<Article> {
    let inputs: Vec<Input> = Inputs::expand(&[path]).unwrap().found;
    articles(inputs, ReadOptions::default()).take(ARTICLES).map(|a| a.unwrap()).collect()
}

fn news() -> Vec<Article> {
    let news = "../shared/text/bbc_news_sport.jsonl.xz";
    read(if Path::new(news).exists() { news } else { "examples/articles" })
}

fn bytes(articles: &[Article]) -> u64 {
    articles.iter().map(|a| a.text.len() as u64).sum()
}

fn stages(criterion: &mut Criterion) {
    let world = Gazetteer::world().unwrap();
    let news = news();
    let mut group = criterion.benchmark_group("stages");
    group.sample_size(10).throughput(Throughput::Bytes(bytes(&news)));
    group.bench_function("tokenize", |b| {
        let mut tokens = Tokens::default();
        b.iter(|| news.iter().for_each(|a| tokens.split(black_box(&a.text))));
    });
    let mut finder = Finder::new(world.clone());
    group.bench_function("match and gather", |b| {
        b.iter(|| news.iter().map(|a| finder.examples(a).len()).sum::<usize>());
    });
    group.bench_function("find", |b| b.iter(|| news.iter().map(|a| finder.find(a).len()).sum::<usize>()));
    let mentions: Vec<_> = news.iter().map(|a| finder.find(a)).collect();
    let resolver = Resolver::new(world.clone()).without_reasons();
    group.bench_function("resolve", |b| b.iter(|| mentions.iter().map(|m| resolver.resolve(m).len()).sum::<usize>()));
    let mut mapper = Mapper::new(world.clone()).without_reasons();
    let maps: Vec<_> = news.iter().map(|a| mapper.map(a.clone())).collect();
    let features = Features::new(world, false);
    group.bench_function("write", |b| {
        b.iter(|| {
            let mut bytes = Vec::new();
            let mut out = layer(Format::GeoJson, &mut bytes, LayerInfo::default()).unwrap();
            maps.iter().flat_map(|m| features.of_article(m)).for_each(|f| out.write(&f).unwrap());
            out.finish().unwrap();
        });
    });
    group.bench_function("all", |b| b.iter(|| news.iter().map(|a| mapper.map(a.clone()).places.len()).sum::<usize>()));
    group.finish();
}

/// The units in which the goals are set: finding by the byte, resolving by the mention.
fn units(criterion: &mut Criterion) {
    let gold = "../shared/eval/dev/lgl.jsonl";
    if !Path::new(gold).exists() {
        return;
    }
    let world = Gazetteer::world().unwrap();
    let pages = read(gold);
    let mut finder = Finder::new(world.clone());
    let resolver = Resolver::new(world).without_reasons();
    let mentions: Vec<_> = pages.iter().map(|a| finder.find(a)).collect();
    let mut group = criterion.benchmark_group("units");
    group.sample_size(10).throughput(Throughput::Bytes(bytes(&pages)));
    group.bench_function("find, per byte of LGL", |b| {
        b.iter(|| pages.iter().map(|a| finder.find(a).len()).sum::<usize>());
    });
    group.throughput(Throughput::Elements(mentions.iter().map(|m| m.len() as u64).sum()));
    group.bench_function("resolve, per mention of LGL", |b| {
        b.iter(|| mentions.iter().map(|m| resolver.resolve(m).len()).sum::<usize>());
    });
    group.finish();
}

fn gazetteer(criterion: &mut Criterion) {
    criterion.bench_function("open", |b| b.iter(|| Gazetteer::world().unwrap()));
    let world = Gazetteer::world().unwrap();
    criterion.bench_function("lookup", |b| b.iter(|| world.lookup(black_box("Deir ez-Zor")).count()));
}

criterion_group!(benches, stages, units, gazetteer);
criterion_main!(benches);
