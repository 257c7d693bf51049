//! Name constraints beside the names of a certificate below them (RFC 5280 section 4.2.1.10).

use super::hosts::hosts;
use super::text::quote;
use crate::inspect::view::{CertificateView, GeneralName, name_attributes};
use crate::model::{Host, NameConstraints, Violation};
use crate::quote::{NAME_LETTERS, cut};
use crate::x509::extension::{NAME_CONSTRAINTS, SUBJECT_ALT_NAME};
use crate::x509::{DistinguishedName, read_directory_constraints, read_name_constraints};
use der::asn1::ObjectIdentifier;

/// Names times constraints that are compared for one certificate below one authority.
const MOST_COMPARISONS: usize = 1 << 14;

/// A distinguished name as names are compared.
type Folded = Vec<Vec<(ObjectIdentifier, String)>>;

/// A set of kinds of names, one bit for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Kinds(u16);

impl Kinds {
    const EMAIL: Self = Self(1 << 1);
    const DIRECTORY: Self = Self(1 << 4);
    /// Mail addresses, DNS names, directory names, URIs and addresses: those that are compared here.
    const COMPARED: Self = Self(1 << 1 | 1 << 2 | 1 << 4 | 1 << 6 | 1 << 7);

    /// The kind of a name, by the number of its tag.
    fn of(name: &GeneralName<'_>) -> Self {
        let number = match name {
            GeneralName::Other(_) => 0,
            GeneralName::Email(_) => 1,
            GeneralName::Dns(_) => 2,
            GeneralName::Directory(_) => 4,
            GeneralName::Uri(_) => 6,
            GeneralName::Ip(_) => 7,
            GeneralName::RegisteredId(_) => 8,
            GeneralName::Unknown(tag, _) => u32::from(*tag & 0x1f),
        };
        Self(1 << number.min(15))
    }

    fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// The names of one certificate.
#[derive(Debug, Default)]
pub(super) struct ConstrainedNames {
    hosts: Vec<Host>,
    /// The subject, unless it is empty.
    subject: Option<Folded>,
    /// The directory names among the alternative ones.
    directories: Vec<Folded>,
    /// Kinds of which there are names.
    kinds: Kinds,
    /// Kinds of which there may be names that cannot be read.
    unreadable: Kinds,
}

impl ConstrainedNames {
    pub(super) fn new(view: &CertificateView<'_>) -> Self {
        let mut names = Self::default();
        let has_alternatives = view.extension(SUBJECT_ALT_NAME.as_bytes()).is_some();
        match view.subject_alternative_names() {
            Some(alternatives) => names.read(&alternatives),
            None if has_alternatives => names.unreadable = Kinds(u16::MAX),
            None => {}
        }
        match DistinguishedName::from_der(view.subject) {
            Ok(subject) if subject.is_empty() => {}
            Ok(subject) => names.subject = Some(subject.folded()),
            Err(_) => names.unreadable.add(Kinds::DIRECTORY),
        }
        // Certificates of old have their mail address there.
        if !has_alternatives {
            let addresses =
                name_attributes(view.subject).into_iter().filter(|one| one.kind == "emailAddress");
            names.hosts.extend(addresses.map(|one| Host::Email(one.value)));
            if names.subject.is_none() && names.unreadable.meets(Kinds::DIRECTORY) {
                names.unreadable.add(Kinds::EMAIL);
            }
        }
        names
    }

    fn read(&mut self, alternatives: &[GeneralName<'_>]) {
        self.hosts = hosts(alternatives);
        for name in alternatives {
            let kind = Kinds::of(name);
            self.kinds.add(kind);
            let is_readable = match name {
                GeneralName::Dns(octets) | GeneralName::Email(octets) | GeneralName::Uri(octets) => {
                    std::str::from_utf8(octets).is_ok()
                }
                GeneralName::Ip(_) => name.ip().is_some(),
                GeneralName::Directory(der) => match DistinguishedName::from_der(der) {
                    Ok(name) => {
                        self.directories.push(name.folded());
                        true
                    }
                    Err(_) => false,
                },
                GeneralName::Other(_) | GeneralName::RegisteredId(_) | GeneralName::Unknown(..) => true,
            };
            if !is_readable {
                self.unreadable.add(kind);
            }
        }
    }
}

/// The name constraints of one authority.
#[derive(Debug)]
pub(super) struct Constraints {
    hosts: NameConstraints,
    permitted: Vec<Folded>,
    excluded: Vec<Folded>,
    /// Kinds of names that are constrained.
    kinds: Kinds,
    /// The parts of all directory names together.
    directory_parts: usize,
}

impl Constraints {
    /// Those of a certificate that has some; the inner `None` where they cannot be read.
    pub(super) fn of(view: &CertificateView<'_>) -> Option<Option<Self>> {
        let value = view.extension(NAME_CONSTRAINTS.as_bytes())?.value;
        Some(Self::read(view, value))
    }

    fn read(view: &CertificateView<'_>, value: &[u8]) -> Option<Self> {
        let bases = view.name_constraints()?;
        let mut kinds = Kinds::default();
        bases.permitted.iter().chain(&bases.excluded).for_each(|base| kinds.add(Kinds::of(base)));
        let [permitted, excluded] = read_directory_constraints(value)?
            .map(|names| names.iter().map(DistinguishedName::folded).collect::<Vec<_>>());
        let directory_parts = permitted.iter().chain(&excluded).map(|name| name.len().max(1)).sum();
        Some(Self { hosts: read_name_constraints(value)?, permitted, excluded, kinds, directory_parts })
    }

    /// What they have against the names of a certificate below, in words that follow the name of the authority;
    /// `whose` is the certificate's name in quotes, `None` for the one that the sentence is about.
    pub(super) fn forbid(&self, names: &ConstrainedNames, whose: Option<&str>) -> Option<String> {
        let of = |what: &str| match whose {
            None => format!("its {what}"),
            Some(name) => format!("the {what} of {name}"),
        };
        if self.kinds.meets(names.unreadable) {
            return Some(format!("has name constraints, and {} cannot be read", of("names")));
        }
        let is_unknown = self.kinds.0 & names.kinds.0 & !Kinds::COMPARED.0 != 0;
        if is_unknown {
            let names = of("names");
            return Some(format!("constrains names of a kind that is not compared here, among {names} too"));
        }
        let host_constraints = self.hosts.permitted.len().saturating_add(self.hosts.excluded.len());
        let directories = names.directories.len() + usize::from(names.subject.is_some());
        let comparisons = host_constraints.saturating_mul(names.hosts.len());
        let comparisons = comparisons.saturating_add(self.directory_parts.saturating_mul(directories));
        if comparisons > MOST_COMPARISONS {
            return Some(format!("has too many name constraints to be compared with {}", of("names")));
        }
        if let Some(words) = names.subject.as_ref().and_then(|subject| self.against(subject)) {
            return Some(format!("{words} {}", of("subject")));
        }
        if let Some(words) = names.directories.iter().find_map(|name| self.against(name)) {
            return Some(format!("{words} a directory name among {}", of("names")));
        }
        let behind = whose.map(|name| format!(", a name of {name}")).unwrap_or_default();
        names.hosts.iter().find_map(|host| match self.hosts.check(host) {
            Ok(()) => None,
            Err(Violation::Excluded(subtree)) => {
                let subtree = subtree.to_string();
                let subtree = cut(&subtree, NAME_LETTERS);
                Some(format!("excludes {subtree}, and with it {}{behind}", host_text(host)))
            }
            Err(Violation::NotPermitted) => Some(format!("does not permit {}{behind}", host_text(host))),
        })
    }

    fn against(&self, name: &Folded) -> Option<&'static str> {
        let is_below = |base: &Folded| name.starts_with(base);
        if self.excluded.iter().any(is_below) {
            Some("excludes")
        } else if !self.permitted.is_empty() && !self.permitted.iter().any(is_below) {
            Some("does not permit")
        } else {
            None
        }
    }
}

fn host_text(host: &Host) -> String {
    match host {
        Host::Dns(name) | Host::Email(name) | Host::Uri(name) => quote(name),
        Host::Ip(address) => address.to_string(),
    }
}
