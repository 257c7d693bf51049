//! The result of an audit, as values; formats and exit codes are made from it elsewhere.

use super::rule::{Rule, Severity};
use crate::inspect::details::ObjectDetails;
use crate::inspect::evidence::{Source, Unreadable};
use crate::inspect::view::Role;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// What is asked of an audit; [`Self::new`] makes one, and the fields are there to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditOptions {
    /// The moment the question is about.
    pub now: OffsetDateTime,
    /// Certificates that end within this time are said to expire soon.
    pub within: Duration,
    /// Uses whose own rules are asked too.
    pub uses: Vec<UseProfile>,
    /// Names and addresses that servers are known by, for the profiles of use; may be empty.
    pub hosts: Vec<String>,
    /// The DER of authorities that are trusted beside the self-signed ones in the set.
    pub trusted: Vec<Vec<u8>>,
    /// The folder in which relative names of files start; absolute names below it count as relative ones in
    /// [`Finding::fingerprint`]. It may be empty.
    pub folder: String,
    /// How many threads work on it; the report is the same for any number. 0 counts as 1.
    pub threads: usize,
}

impl AuditOptions {
    /// What is asked of an audit when nothing is said: an end within 30 days is soon, no uses, one thread.
    #[must_use]
    pub const fn new(now: OffsetDateTime) -> Self {
        Self {
            now,
            within: Duration::days(30),
            uses: Vec::new(),
            hosts: Vec::new(),
            trusted: Vec::new(),
            folder: String::new(),
            threads: 1,
        }
    }
}

/// A use with rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UseProfile {
    /// An etcd cluster.
    Etcd,
    /// A Kubernetes control plane as kubeadm lays it out.
    Kubernetes,
    /// Public web servers, by the CA/Browser Forum's baseline requirements.
    Web,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Where {
    /// The index in [`Report::sources`].
    pub source: u32,
    /// Where in it, for people: empty for the whole, else such as `section 2, line 31` or
    /// `users[0].user.client-certificate-data`.
    pub detail: Arc<str>,
    /// The line, counted from 1, where there is one.
    pub line: Option<u32>,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An index in [`Report::certificates`].
    Certificate(u32),
    /// An object other than a certificate, or a file: its source, an index in [`Report::sources`].
    Source(u32),
}

/// A breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What it is about.
    pub subject: Subject,
    /// What is wrong with just this one, in a sentence without a full stop, names and numbers included.
    pub message: String,
    /// Where to look.
    pub places: Vec<Where>,
    /// The same for the same fault at another time: for baselines. 32 hexadecimal digits of the SHA-256 hash over
    /// the rule's id, what the finding is about, and what tells several findings of one rule about it apart. What
    /// is about a certificate goes by the certificate's fingerprint, wherever its file is; what is about a file, or
    /// about a certificate in one of its places, goes by the name of the file too, however that is spelled.
    pub fingerprint: String,
}

/// A finding that somebody chose not to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding as the rule made it.
    pub finding: Finding,
    /// Why it is left out, for people: `in the baseline`.
    pub reason: String,
}

/// Whether a chain to a trusted authority holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds: names, signatures, times, constraints.
    Trusted,
    /// It leads to no trusted authority, or breaks on the way: why, in one clause.
    Refused(String),
    /// It is itself a trusted authority.
    Anchor,
}

/// One certificate of the set; the same certificate in several places is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedCertificate {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The subject on one line.
    pub subject: String,
    /// The issuer's name on one line.
    pub issuer: String,
    /// The serial number in hexadecimal.
    pub serial_number: String,
    /// The first moment of validity; `None` if it cannot be read.
    pub not_before: Option<OffsetDateTime>,
    /// The last moment of validity; `None` if it cannot be read.
    pub not_after: Option<OffsetDateTime>,
    /// The SHA-256 hash of the DER.
    pub fingerprint: [u8; 32],
    /// The key for people, `ECDSA P-256`.
    pub key: String,
    /// True where its private key is in the set.
    pub has_private_key: bool,
    /// The certificate that issued it: an index in [`Report::certificates`]; `None` for roots and strangers.
    pub issued_by: Option<u32>,
    /// Whether its chain holds.
    pub verdict: Verdict,
    /// Every place it is in.
    pub places: Vec<Where>,
    /// Its findings: indices in [`Report::findings`].
    pub findings: Vec<u32>,
}

/// One object of the set that is no certificate: a private or public key, a request, a revocation list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedObject {
    /// What it says.
    pub details: ObjectDetails,
    /// Where it is.
    pub place: Where,
    /// The certificates of the same key, or for a list those with the name of its issuer: indices in
    /// [`Report::certificates`], no more than 16.
    pub certificates: Vec<u32>,
}

/// A certificate with all that it issued, for the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// An index in [`Report::certificates`].
    pub certificate: u32,
    /// What it issued, by what ends first.
    pub issued: Vec<Chain>,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The moment the question was about.
    pub now: OffsetDateTime,
    /// The time within which an end is near.
    pub within: Duration,
    /// The files, servers and streams.
    pub sources: Vec<Source>,
    /// The certificates, those that end first in front.
    pub certificates: Vec<AuditedCertificate>,
    /// The findings, the gravest first.
    pub findings: Vec<Finding>,
    /// Findings that were left out on request, in the order of [`Self::findings`]; the rules leave none out.
    pub suppressed: Vec<Suppressed>,
    /// The trees of who issued whom, one for each certificate without an issuer in the set.
    pub chains: Vec<Chain>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// How many private keys there are.
    pub private_keys: u32,
    /// How many revocation lists there are.
    pub certificate_lists: u32,
    /// How many certificate signing requests there are.
    pub certificate_requests: u32,
    /// How many public keys there are outside of certificates and requests.
    pub public_keys: u32,
    /// The keys, requests and revocation lists, in the order they were met.
    pub objects: Vec<AuditedObject>,
    /// How many signatures of certificates were checked; none is checked twice with the same key.
    pub signature_checks: u64,
}

impl Report {
    /// The report of an audit that found nothing at all, to be filled.
    #[must_use]
    pub const fn new(now: OffsetDateTime, within: Duration) -> Self {
        Self {
            now,
            within,
            sources: Vec::new(),
            certificates: Vec::new(),
            findings: Vec::new(),
            suppressed: Vec::new(),
            chains: Vec::new(),
            unreadable: Vec::new(),
            private_keys: 0,
            certificate_lists: 0,
            certificate_requests: 0,
            public_keys: 0,
            objects: Vec::new(),
            signature_checks: 0,
        }
    }

    /// Moves the findings for which `reason` gives one to [`Self::suppressed`]; certificates forget them.
    pub fn suppress(&mut self, mut reason: impl FnMut(&Finding) -> Option<String>) {
        let mut kept = Vec::with_capacity(self.findings.len());
        // The new index of each finding, `None` for those left out.
        let mut moved: Vec<Option<u32>> = Vec::with_capacity(self.findings.len());
        for finding in std::mem::take(&mut self.findings) {
            match reason(&finding) {
                Some(reason) => {
                    moved.push(None);
                    self.suppressed.push(Suppressed { finding, reason });
                }
                None => {
                    moved.push(u32::try_from(kept.len()).ok());
                    kept.push(finding);
                }
            }
        }
        self.findings = kept;
        let now_at = |old: &u32| moved.get(usize::try_from(*old).ok()?).copied().flatten();
        for certificate in &mut self.certificates {
            certificate.findings = certificate.findings.iter().filter_map(now_at).collect();
        }
    }

    /// How many findings are of each severity, the least grave first.
    #[must_use]
    pub fn counts(&self) -> [(Severity, usize); 4] {
        Severity::ALL.map(|severity| {
            (severity, self.findings.iter().filter(|finding| finding.rule.severity == severity).count())
        })
    }
}
