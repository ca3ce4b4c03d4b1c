//! Many inputs into one layer or many, in order, on all threads.

use super::arguments::Map;
use super::failures::Failures;
use super::journal::Journal;
use super::ledger::Ledger;
use super::map::Target;
use super::messages;
use super::progress::Progress;
use super::summary::Summary;
use super::writing::{self, Writing};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::mapper::Mapper;
use crate::read::{ReadOptions, records_from};
use crate::write::{Format, Layer, LayerInfo, Output, layer, layer_again};
use std::cell::RefCell;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread::available_parallelism;

/// A run of `mentionmap map`.
pub(super) struct Batch<'a> {
    pub(super) arguments: &'a Map,
    pub(super) gazetteer: Gazetteer,
    pub(super) failures: Failures,
    pub(super) summary: Summary,
    pub(super) progress: Progress,
    /// What a stopped run of one layer goes on from.
    pub(super) journal: Option<Journal>,
    /// What was mapped before, an output for each input.
    pub(super) ledger: Option<Ledger>,
}

impl Batch<'_> {
    /// Maps the inputs of each target into its layer. Threads work on what comes next whatever layer it goes to.
    pub(super) fn convert(
        &mut self,
        mut targets: Vec<Target>,
        reading: ReadOptions,
        mapper: &mut Mapper,
    ) -> Result<()> {
        let Some(first) = targets.first() else { return Ok(()) };
        let mut current = self.open(first)?;
        let mut at = 0;
        let threads = self.arguments.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
        let start = self.journal.as_ref().map_or((0, 0), Journal::position);
        let owners: Vec<usize> =
            targets.iter().enumerate().flat_map(|(i, target)| std::iter::repeat_n(i, target.inputs.len())).collect();
        let inputs = targets.iter_mut().flat_map(|target| std::mem::take(&mut target.inputs)).collect();
        mapper.map_records(records_from(inputs, reading, start), threads, |(input, record), mapped| {
            while at < owners[input] {
                at += 1;
                let next = self.open(&targets[at])?;
                self.close(std::mem::replace(&mut current, next))?;
            }
            match mapped {
                Ok(map) => {
                    self.summary.add(&map);
                    current.writing.add(&map).map_err(|e| e.at(&current.name))?;
                }
                Err(error) => {
                    current.failed |= !error.is_skipped();
                    self.failures.add(&error, &mut self.summary, &self.progress)?;
                }
            }
            if let Some(journal) = self.journal.as_mut().filter(|journal| journal.is_due()) {
                current.writing.flush()?;
                let written = current.output.borrow_mut().sync()?;
                self.summary.features += std::mem::take(&mut current.writing.written);
                let errors = self.failures.sync()?;
                journal.save((input, record + 1), written, errors, &self.summary, &current.writing.tally)?;
            }
            self.progress.note(&self.summary);
            Ok(())
        })?;
        self.close(current)?;
        // Inputs without a single record have a layer too.
        for target in &targets[at + 1..] {
            let empty = self.open(target)?;
            self.close(empty)?;
        }
        Ok(())
    }

    fn open(&self, target: &Target) -> Result<Open> {
        let name = target.path.clone().unwrap_or_else(|| "standard output".into());
        let (info, more) = writing::info(self.arguments, target.format, &self.gazetteer).map_err(|e| e.at(&name))?;
        let kept = self.journal.as_ref().map_or(0, Journal::written);
        let output = match (&target.path, &self.journal) {
            (Some(path), Some(_)) => Output::resume(path, kept)?,
            (path, _) => {
                if let Some(folder) = path.as_deref().and_then(Path::parent).filter(|_| self.arguments.per_input) {
                    std::fs::create_dir_all(folder).map_err(|e| Error::from(e).at(folder))?;
                }
                Output::create(path.as_deref())?
            }
        };
        let output = Rc::new(RefCell::new(output));
        let shared = Shared(Rc::clone(&output));
        let before = self.journal.as_ref().filter(|_| kept > 0).map(Journal::tally);
        let layer: Box<dyn Layer> = match before {
            Some(written) => layer_again(target.format, shared, info.clone(), written),
            None => layer(target.format, shared, info.clone()),
        }
        .map_err(|e| e.at(&name))?;
        let mut writing = Writing::new(self.arguments, layer, more, &self.gazetteer);
        writing.tally = before.cloned().unwrap_or_default();
        Ok(Open { writing, output, path: target.path.clone(), name, format: target.format, info, failed: false })
    }

    fn close(&mut self, mut open: Open) -> Result<()> {
        let left_out = open.writing.finish().map_err(|e| e.at(&open.name))?;
        let Open { writing, output, path, name, format, info, failed } = open;
        self.summary.features += writing.written;
        if let Some(repeated) = writing.ids.tell().filter(|_| !self.arguments.quiet) {
            self.progress.aside(|| messages::note(&repeated));
        }
        if let Some(left_out) = left_out.filter(|_| !self.arguments.quiet) {
            self.progress.aside(|| messages::note(&format!("{}: {left_out}", name.display())));
        }
        let (tally, articles) = (writing.tally.clone(), writing.articles);
        drop(writing);
        let Some(output) = Rc::into_inner(output).map(RefCell::into_inner) else {
            return Err(Error::from(io::Error::other("the layer is still in use")).at(&name));
        };
        // An input of which nothing could be read has no layer of its own.
        if self.arguments.per_input && failed && articles == 0 {
            return Ok(());
        }
        if let Some(journal) = self.journal.take() {
            journal.remove()?;
        }
        output.finish().map_err(|e| e.at(&name))?;
        self.summary.outputs += 1;
        if let Some(path) = &path {
            writing::companions(path, format, &info, tally.scale(), self.arguments.style)?;
        }
        match (&mut self.ledger, path) {
            (Some(ledger), Some(path)) if !failed => ledger.done(&path),
            _ => Ok(()),
        }
    }
}

/// A layer that is being written, and where it goes.
struct Open {
    writing: Writing<'static>,
    output: Rc<RefCell<Output>>,
    path: Option<PathBuf>,
    /// For messages.
    name: PathBuf,
    format: Format,
    info: LayerInfo,
    failed: bool,
}

/// An output that a layer writes to while others ask how long it is.
pub(super) struct Shared(pub(super) Rc<RefCell<Output>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}
