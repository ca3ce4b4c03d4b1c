//! Gold documents word by word, with all that the gazetteer says of each word: what a tagger over all words, the judge's
//! rival, is trained on (`benches/rival/crf.py`).

use super::corpus::Corpus;
use anyhow::{Context as _, Result};
use mentionmap::evaluate::article;
use mentionmap::find::{Example, feature_names};
use mentionmap::text::{CodePoints, Tokens};
use mentionmap::{Field, Finder};
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// Facts of the strongest candidate that a word lies in; they are rounded, since the tagger knows no numbers.
const FACTS: [&str; 6] = ["points", "population", "postings", "level", "kind", "words"];

/// Writes a file a corpus, a document a line.
pub(super) fn write(corpora: &[Corpus], folder: &Path, finder: &mut Finder) -> Result<()> {
    let names = feature_names();
    let column = |name: &str| names.iter().position(|n| n == name).with_context(|| format!("no feature {name}"));
    let facts = FACTS.iter().map(|name| Ok((*name, column(name)?))).collect::<Result<Vec<_>>>()?;
    let points = column("points")?;
    for corpus in corpora {
        let file = folder.join(format!("{}.jsonl", corpus.name));
        let mut to = BufWriter::new(File::create(&file).with_context(|| format!("writing {}", file.display()))?);
        for page in &corpus.pages {
            let text = &page.document.text;
            let mut examples: Vec<Example> = finder.examples(&article(&page.document, false));
            examples.retain(|e| e.field == Field::Text);
            examples.sort_by(|a, b| b.features[points].total_cmp(&a.features[points]));
            let mut at = CodePoints::new(text);
            let gold = page.document.toponyms.iter().map(|t| [at.byte(t.start), at.byte(t.end)]).collect::<Vec<_>>();
            let mut tokens = Tokens::default();
            tokens.split(text);
            let word = |token: &mentionmap::text::Token| {
                let (start, end) = (token.start as usize, token.end as usize);
                let within = examples.iter().find(|e| e.span.start <= start && end <= e.span.end);
                let of = |(name, column): &(&str, usize), e: &Example| format!("{name}={:.0}", e.features[*column]);
                let mut known: Vec<String> = within.iter().flat_map(|e| facts.iter().map(|f| of(f, e))).collect();
                known.extend(within.map(|e| format!("first={}", e.span.start == start)));
                json!({ "start": start, "end": end, "word": tokens.normal(token), "casing": token.casing as u8,
                        "gap": token.gap as u8, "known": known })
            };
            let words: Vec<_> = tokens.as_slice().iter().map(word).collect();
            writeln!(to, "{}", json!({ "words": words, "gold": gold }))?;
        }
        to.flush()?;
    }
    Ok(())
}
