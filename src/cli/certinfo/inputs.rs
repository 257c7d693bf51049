//! Where certificates come from: files of any size and kind, folders, standard input, servers.

use super::blocks::{BLOCK, Blocks};
use super::describe::{Described, Format, Known, Other, Spot, Task};
use super::workers;
use crate::cli::input::INPUT_LIMIT;
use crate::cli::streams::Output;
use crate::cli::{Context, password, tls_probe};
use crate::inspect;
use crate::inspect::details::{Match, Origin};
use crate::inspect::evidence::{Container, Evidence, Object, Place};
use crate::inspect::read::{Contents, GatherOptions, ReadOptions, SecretBytes, has_boundary_at_line_start};
use crate::output::certificate::{Look, object_row, write_object_text, write_table};
use crate::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;
use time::OffsetDateTime;

/// Faults of one input beyond this number are counted only.
const MOST_FAULTS: usize = 20;

/// Whence certificates come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A file or folder, or `-` for standard input.
    Path(String),
    /// A server, as `HOST[:PORT]`.
    Server(String),
}

/// The results of all inputs on their way out.
pub(super) struct Run<'f> {
    pub(super) format: &'f Format,
    pub(super) look: Look,
    pub(super) now: OffsetDateTime,
    pub(super) read: ReadOptions,
    /// Rows wait for the widest.
    pub(super) rows: Vec<Vec<String>>,
    /// What could not be read so far.
    pub(super) faults: u64,
    /// What is no certificate waits for all certificates, to tell what belongs to what.
    pub(super) others: Vec<Other>,
    pub(super) known: Vec<Known>,
}

/// What became of one input.
#[derive(Default)]
struct Tally {
    certificates: u64,
    faults: Vec<String>,
    more_faults: u64,
}

impl Tally {
    fn add(&mut self, described: &mut Described) {
        self.certificates += described.certificates;
        for fault in described.faults.drain(..) {
            if self.faults.len() < MOST_FAULTS {
                self.faults.push(fault);
            } else {
                self.more_faults += 1;
            }
        }
    }
}

impl Run<'_> {
    /// Describes the certificates of one input.
    ///
    /// # Errors
    ///
    /// Where nothing of the input could be read; what is wrong with parts of it is told and counted.
    pub(super) fn input(
        &mut self,
        context: &mut Context<'_>,
        input: &Input,
        patience: Duration,
    ) -> Result<()> {
        match input {
            Input::Server(target) => {
                let answer = tls_probe::ask(context, target, patience)?;
                let objects = answer.certificates().map(|der| Object::Certificate(der.as_ref().into()));
                let objects: Vec<_> = (0..).map(Place::Item).zip(objects).collect();
                let tally = self.objects(context, target, &objects)?;
                self.tell(context, target, tally)
            }
            Input::Path(path) if path != "-" && Path::new(path).is_dir() => self.folder(context, path),
            Input::Path(path) => self.file(context, path),
        }
    }

    fn file(&mut self, context: &mut Context<'_>, path: &str) -> Result<()> {
        let mut tally = Tally::default();
        let (stdin, output) = context.streams().input_and_output();
        let mut file;
        let (name, length, input): (_, _, &mut (dyn Read + Send)) = if path == "-" {
            ("/dev/stdin", BLOCK as u64, stdin)
        } else {
            // The file may belong to a set that a kill left half replaced.
            crate::output::finish_interrupted(Path::new(path));
            file = File::open(path).map_err(|error| Error::io("open", path, &error))?;
            (path, file.metadata().map_or(0, |metadata| metadata.len()), &mut file)
        };
        let failed = |error| Error::io("read", name, &error);
        let mut start = SecretBytes::new();
        start.read(input, BLOCK as u64, length.min(BLOCK as u64)).map_err(failed)?;
        if is_pem(&start) {
            self.sections(output, path, Blocks::new(start, input, name), &mut tally)?;
        } else {
            start.read(input, INPUT_LIMIT, length.saturating_sub(BLOCK as u64)).map_err(failed)?;
            if start.len() as u64 > INPUT_LIMIT {
                let words = format!("read {name}: more than 64 MiB without a PEM section near its beginning");
                return Err(Error::new(ErrorKind::Io, words));
            }
            let contents = Contents::read(&start, &self.read);
            tally = self.objects(context, path, &contents.objects)?;
            tally.faults.extend(contents.fault.as_deref().map(String::from));
            if tally.certificates == 0 && tally.faults.is_empty() {
                return Err(names_only(&contents).unwrap_or_else(|| nothing_in(&start)));
            }
        }
        self.tell(context, path, tally)
    }

    /// Describes a PEM file block by block.
    fn sections(
        &mut self,
        output: &mut Output<'_>,
        name: &str,
        mut blocks: Blocks<'_>,
        tally: &mut Tally,
    ) -> Result<()> {
        let task = Task { format: self.format, look: self.look, now: self.now, name, read: &self.read };
        let (rows, others, known) = (&mut self.rows, &mut self.others, &mut self.known);
        let mut instead = None;
        let result = workers::run(&mut blocks, &|block, into| task.block(block, into), &mut |described| {
            instead = instead.take().or_else(|| described.instead.take());
            tally.add(described);
            rows.append(&mut described.rows);
            others.append(&mut described.others);
            known.append(&mut described.known);
            output.write(&described.text)?;
            if output.is_closed() { Err(Error::of(ErrorKind::Io)) } else { Ok(()) }
        });
        match result {
            // Whoever read the output has read enough.
            Err(_) if output.is_closed() => Ok(()),
            Err(error) => Err(error),
            Ok(()) if tally.certificates == 0 && tally.faults.is_empty() => {
                Err(instead.unwrap_or_else(|| nothing_in(&[])))
            }
            Ok(()) => Ok(()),
        }
    }

    fn folder(&mut self, context: &mut Context<'_>, path: &str) -> Result<()> {
        let options = GatherOptions { read: self.read.clone(), ..GatherOptions::default() };
        let mut evidence = Evidence::default();
        evidence.gather(&[path], &options, &mut |_| {});
        let mut certificates = 0;
        let is_whole = evidence.unreadable.is_empty();
        let mut objects = evidence.objects.into_iter().peekable();
        while let Some(first) = objects.next() {
            let source = first.source;
            let mut of_source = vec![(first.place, first.object)];
            while let Some(next) = objects.next_if(|next| next.source == source) {
                of_source.push((next.place, next.object));
            }
            let index = usize::try_from(source).unwrap_or(usize::MAX);
            let name = evidence.sources.get(index).map_or(path, |source| &source.name);
            let tally = self.objects(context, name, &of_source)?;
            certificates += tally.certificates;
            self.tell(context, name, tally)?;
        }
        for unreadable in evidence.unreadable {
            let tally = Tally { faults: vec![unreadable.reason.into()], ..Tally::default() };
            self.tell(context, &unreadable.name, tally)?;
        }
        if certificates == 0 && is_whole {
            return Err(Error::of(ErrorKind::CertificateRead).explain("no certificate is below this folder"));
        }
        Ok(())
    }

    /// Describes the certificates among objects of one source.
    fn objects(
        &mut self,
        context: &mut Context<'_>,
        name: &str,
        objects: &[(Place, Object)],
    ) -> Result<Tally> {
        let task = Task { format: self.format, look: self.look, now: self.now, name, read: &self.read };
        let mut tally = Tally::default();
        let mut described = Described::default();
        for (place, object) in objects {
            let spot = Spot::of(place);
            match object {
                Object::Certificate(der) => task.certificate(der, spot, &mut described),
                Object::Damaged { label, fault } => {
                    described.faults.push(spot.fault(&format!("{label}: {fault}")));
                }
                object => task.other(object, spot, &mut described),
            }
            tally.add(&mut described);
            self.rows.append(&mut described.rows);
            self.others.append(&mut described.others);
            self.known.append(&mut described.known);
            context.write_out(&described.text)?;
            described.clear();
        }
        Ok(tally)
    }

    /// Tells what could not be read of an input.
    fn tell(&mut self, context: &mut Context<'_>, name: &str, tally: Tally) -> Result<()> {
        let name = crate::cli::request::input_name(name);
        for fault in &tally.faults {
            let error = Error::of(ErrorKind::CertificateParse).explain(fault.as_str()).in_file(&name);
            context.explain(&error);
        }
        if tally.more_faults > 0 {
            let words = format!("{} further parts of it cannot be read", tally.more_faults);
            context.explain(&Error::of(ErrorKind::CertificateParse).explain(words).in_file(&name));
        }
        self.faults += tally.faults.len() as u64 + tally.more_faults;
        Ok(())
    }

    /// Writes what waited for the last certificate.
    pub(super) fn finish(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.write_others(context)?;
        if let Format::Table(fields) = self.format {
            let mut text = String::new();
            write_table(&mut text, fields, &self.rows, &self.look);
            context.write_out(text)?;
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Describes what is no certificate, with what belongs to it.
    fn write_others(&mut self, context: &mut Context<'_>) -> Result<()> {
        let others = std::mem::take(&mut self.others);
        let mut by_key: HashMap<[u8; 32], Vec<Match>> = HashMap::new();
        let mut by_name: HashMap<&str, Vec<Match>> = HashMap::new();
        let add = |list: &mut Vec<Match>, found: Match| {
            if list.len() < MOST_MATCHES && !list.contains(&found) {
                list.push(found);
            }
        };
        let wants_names = others.iter().any(|other| other.details.list.is_some());
        for one in &self.known {
            let found = || Match { kind: "certificate", name: one.name.clone(), source: one.source.clone() };
            add(by_key.entry(one.key_sha256).or_default(), found());
            if wants_names {
                add(by_name.entry(&one.subject).or_default(), found());
            }
        }
        let match_of = |other: &Other| Match {
            kind: other.details.kind.name(),
            name: other.details.title().to_owned(),
            source: other.source.clone(),
        };
        for other in &others {
            if let Some(key) = &other.details.key {
                add(by_key.entry(key.sha256).or_default(), match_of(other));
            }
        }
        let mut text = String::new();
        for other in &others {
            let own = match_of(other);
            let same_key = other.details.key.as_ref().and_then(|key| by_key.get(&key.sha256));
            let issuers = other.details.list.as_ref().and(other.details.name.as_deref());
            let issuers = issuers.and_then(|name| by_name.get(name));
            let all = same_key.into_iter().chain(issuers).flatten().filter(|found| **found != own);
            let matches: Vec<Match> = all.cloned().collect();
            let some = |number| Some(number).filter(|number| *number > 0);
            let origin = Origin {
                name: &other.source,
                position: some(other.position),
                line: some(other.line),
                member: other.member.as_deref(),
            };
            match self.format {
                Format::Json => {}
                Format::JsonLines => other.details.write_json(&mut text, &origin, &matches),
                Format::Table(fields) => self.rows.push(object_row(&other.details, &origin, fields)),
                Format::Text => {
                    write_object_text(&mut text, &other.details, &origin, &matches, &self.look);
                }
            }
            context.write_out(&text)?;
            text.clear();
        }
        Ok(())
    }
}

/// As many things that belong to one are told.
const MOST_MATCHES: usize = 16;

/// The passwords for encrypted containers.
pub(super) fn read_options(context: &mut Context<'_>) -> Result<ReadOptions> {
    Ok(ReadOptions { passwords: password::of_inputs(context)?.into_iter().collect() })
}

/// True for text with a PEM section that starts at the start of a line; in YAML they are indented.
fn is_pem(start: &[u8]) -> bool {
    let is_binary = matches!(start, [0x30, 0x80..=0xff, ..] | [0xfe, 0xed, ..]);
    !is_binary && has_boundary_at_line_start(start)
}

/// What is told of a kubeconfig that holds no certificate, but names files.
fn names_only(contents: &Contents) -> Option<Error> {
    if contents.container != Some(Container::Kubeconfig) || contents.references.is_empty() {
        return None;
    }
    let mut paths: Vec<&str> = contents.references.iter().map(|reference| reference.path.as_str()).collect();
    paths.truncate(3);
    let words = format!("a kubeconfig without certificates of its own: it names {}", paths.join(", "));
    Some(Error::of(ErrorKind::CertificateRead).explain(words).hint("give the files that it names"))
}

/// What a file without certificates holds instead.
pub(super) fn nothing_in(input: &[u8]) -> Error {
    match inspect::read_certificate_pem(input) {
        Err(error) => error,
        Ok(_) => Error::of(ErrorKind::CertificateDecode),
    }
}
