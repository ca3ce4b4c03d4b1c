//! Words that are not places, or not only.

use super::World;
use crate::packages;
use anyhow::{Context, Result};
use mentionmap::gazetteer::WordFlags;
use std::path::Path;

/// The lists under data/lexicon, one word a line, `#` starts a comment.
const LISTS: &[(&str, WordFlags)] = &[
    ("given_names.txt", WordFlags::GIVEN_NAME),
    ("ambiguous_given_names.txt", WordFlags::AMBIGUOUS_GIVEN_NAME),
    ("titles.txt", WordFlags::TITLE),
    ("speech_verbs.txt", WordFlags::SPEECH_VERB),
    ("organization_heads.txt", WordFlags::ORGANIZATION_HEAD),
    ("organization_openers.txt", WordFlags::ORGANIZATION_OPENER),
    ("team_names.txt", WordFlags::TEAM),
    ("street_words.txt", WordFlags::STREET),
    ("calendar_words.txt", WordFlags::CALENDAR),
    ("never_alone.txt", WordFlags::NEVER_ALONE),
    ("public_figures.txt", WordFlags::SURNAME),
    ("public_figures.txt", WordFlags::FREQUENT_SURNAME),
    ("brands.txt", WordFlags::BRAND),
];

pub(super) fn add(world: &mut World, packages_folder: &Path, folder: &Path) -> Result<()> {
    for (file, flags) in LISTS {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for line in text.lines() {
            world.builder.add_word(line.split('#').next().unwrap_or_default().trim(), *flags);
        }
    }
    cues(world, folder)?;
    names(world, packages_folder)?;
    words(world, packages_folder)
}

/// Cues that follow a name and are more than a preposition.
fn cues(world: &mut World, folder: &Path) -> Result<()> {
    let path = folder.join("place_cues.txt");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let c: Vec<&str> = line.split('\t').collect();
        if c.len() == 3 && c[1] == "after" {
            world.builder.add_word(c[0], WordFlags::PLACE_CUE);
        }
    }
    Ok(())
}

/// The census's names: name, frequency in percent, cumulative frequency, rank. A name that the lists call a place
/// first stays ambiguous.
fn names(world: &mut World, packages_folder: &Path) -> Result<()> {
    for (path, content) in
        packages::CENSUS_NAMES.files(packages_folder, &["dist.all.last", "dist.female.first", "dist.male.first"])?
    {
        for line in std::str::from_utf8(&content)?.lines() {
            let c: Vec<&str> = line.split_whitespace().collect();
            let [name, percent, _, rank] = c[..] else { continue };
            let (percent, rank): (f32, u32) = (percent.parse()?, rank.parse()?);
            if path.contains("dist.all") {
                if percent >= 0.001 {
                    world.builder.add_word(name, WordFlags::SURNAME);
                }
                if rank <= 1000 {
                    world.builder.add_word(name, WordFlags::FREQUENT_SURNAME);
                }
            } else if rank <= 1500 {
                world.builder.add_word(name, WordFlags::GIVEN_NAME);
            }
        }
    }
    Ok(())
}

/// SCOWL's lower-case words: its levels go from the commonest (10) to the rarest (70).
fn words(world: &mut World, packages_folder: &Path) -> Result<()> {
    for (path, content) in
        packages::WORDS.files(packages_folder, &["-10.json", "-20.json", "-35.json", "-40.json", "-50.json"])?
    {
        let list: Vec<String> = serde_json::from_slice(&content).with_context(|| path.clone())?;
        let frequent = path.contains("-10.") || path.contains("-20.");
        for word in list.iter().filter(|w| w.chars().all(char::is_lowercase)) {
            world.builder.add_word(word, WordFlags::COMMON);
            if frequent {
                world.builder.add_word(word, WordFlags::FREQUENT);
            }
        }
    }
    Ok(())
}
