//! Findings as rules make them, before the report numbers and sorts them.

use super::material::{Content, Material};
use super::report::Where;
use super::rule::Rule;
use crate::inspect::evidence::Place;
use crate::inspect::text::hex;
use crate::keys::sha256;
use crate::quote::cut;
use std::borrow::Cow;

/// Places that one finding names; a certificate that is everywhere is found in its own row.
const MOST_PLACES: usize = 16;

/// Letters of a message; what is longer was made to be.
pub(super) const MOST_LETTERS: usize = 2000;

/// What a finding is about: the index in the material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Certificate(u32),
    Source(u32),
}

/// A breach of a rule.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) rule: &'static Rule,
    pub(super) about: About,
    pub(super) message: String,
    pub(super) places: Vec<Where>,
    pub(super) fingerprint: String,
}

/// The findings of one rule.
#[derive(Debug)]
pub(super) struct Findings<'m> {
    pub(super) material: &'m Material,
    pub(super) rule: &'static Rule,
    pub(super) drafts: Vec<Draft>,
}

impl<'m> Findings<'m> {
    pub(super) fn new(material: &'m Material, rule: &'static Rule) -> Self {
        Self { material, rule, drafts: Vec::new() }
    }

    /// Something about a certificate, wherever it is.
    pub(super) fn certificate(&mut self, index: u32, message: String) {
        self.certificate_with(index, message, &[]);
    }

    /// As [`Self::certificate`]; `discriminator` tells several findings of the rule about it apart.
    pub(super) fn certificate_with(&mut self, index: u32, message: String, discriminator: &[u8]) {
        let Some(certificate) = self.material.certificate(index) else { return };
        // An authority that is only trusted is not what was asked about.
        if certificate.places.is_empty() {
            return;
        }
        let places = places(self.material, &certificate.places);
        let identity = &certificate.facts.fingerprint;
        self.add(About::Certificate(index), message, places, identity, discriminator);
    }

    /// Something about a certificate in one of its places.
    pub(super) fn certificate_at(&mut self, index: u32, content: &Content, message: String) {
        let Some(certificate) = self.material.certificate(index) else { return };
        let place = self.material.place(content);
        let name = self.material.stable_name(content.source);
        let identity = &certificate.facts.fingerprint;
        self.add(About::Certificate(index), message, vec![place], identity, name.as_bytes());
    }

    /// Something about an object that is no certificate.
    pub(super) fn object(&mut self, content: &Content, message: String) {
        self.at(content.source, &content.place, message);
    }

    /// Something in a source.
    pub(super) fn at(&mut self, source: u32, place: &Place, message: String) {
        // Lines move when somebody writes a comment; the number of a section stays.
        let discriminator = match place {
            Place::Whole => String::new(),
            Place::Item(at) | Place::Section { number: at, .. } => at.to_string(),
            Place::Member { path, number, .. } => format!("{path} {number}"),
        };
        let place = self.material.place_of(source, place);
        self.source_at(source, message, vec![place], discriminator.as_bytes());
    }

    /// Something about a file or a server as a whole.
    pub(super) fn source(&mut self, source: u32, message: String, discriminator: &[u8]) {
        let place = Where { source, detail: Default::default(), line: None };
        self.source_at(source, message, vec![place], discriminator);
    }

    fn source_at(&mut self, source: u32, message: String, places: Vec<Where>, discriminator: &[u8]) {
        let name = self.material.stable_name(source);
        self.add(About::Source(source), message, places, name.as_bytes(), discriminator);
    }

    fn add(
        &mut self,
        about: About,
        message: String,
        places: Vec<Where>,
        identity: &[u8],
        discriminator: &[u8],
    ) {
        let fingerprint = fingerprint(self.rule, identity, discriminator);
        let message = match cut(&message, MOST_LETTERS) {
            Cow::Borrowed(_) => message,
            Cow::Owned(beginning) => beginning,
        };
        self.drafts.push(Draft { rule: self.rule, about, message, places, fingerprint });
    }
}

/// The places of a certificate, for a finding.
fn places(material: &Material, contents: &[u32]) -> Vec<Where> {
    let contents = contents.iter().take(MOST_PLACES);
    contents.filter_map(|at| material.contents.get(*at as usize)).map(|at| material.place(at)).collect()
}

/// What stays the same from audit to audit: the rule and what the finding is about, not what it says.
fn fingerprint(rule: &Rule, identity: &[u8], discriminator: &[u8]) -> String {
    let parts = [rule.id.as_bytes(), identity, discriminator];
    let mut whole = Vec::new();
    for part in parts {
        whole.extend((part.len() as u64).to_be_bytes());
        whole.extend(part);
    }
    hex(sha256(&whole).get(..16).unwrap_or_default())
}
