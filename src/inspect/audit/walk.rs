//! A chain gone through link by link, for the reason in plain words why it does not hold (RFC 5280 section 6.1).

use super::authority::{Authorities, Authority};
use super::constraints::ConstrainedNames;
use super::facts::{is_early, is_over, unknown_critical_extension};
use super::text::{ANY_PURPOSE, moment, purpose};
use super::weak::weak_signature;
use crate::inspect::view::CertificateView;
use std::cell::OnceCell;
use time::OffsetDateTime;

/// What is against a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// An end, or a start to come.
    Age,
    /// An issuer that is no authority, or may not sign certificates.
    Authority,
    /// A critical extension that is not known.
    Critical,
    /// An issuer's name that is written otherwise, or is another name.
    Name,
    /// A name outside an authority's name constraints.
    NameConstraint,
    /// More authorities than a path length allows.
    PathLength,
    /// A purpose that an authority excludes.
    Purpose,
    /// A signature that holds, and that programs refuse all the same.
    Weak,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// The certificate that has it.
    pub(super) at: u32,
    /// In one clause.
    pub(super) text: String,
}

/// The chain of one certificate.
pub(super) struct Walk<'w> {
    pub(super) authorities: &'w Authorities<'w>,
    pub(super) now: OffsetDateTime,
    pub(super) certificate: u32,
    pub(super) view: &'w CertificateView<'w>,
    /// The certificates above it, its issuer first.
    pub(super) chain: &'w [u32],
    /// True where the last one is trusted.
    pub(super) ends_at_anchor: bool,
}

impl Walk<'_> {
    /// All faults, those nearest to the certificate first.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.of_itself(&mut faults);
        let names = OnceCell::new();
        let mut child = self.view;
        let mut child_at = self.certificate;
        let own_signature = weak_signature(self.view);
        let mut child_signature = &own_signature;
        // Authorities between the certificate and the issuer in hand, those that only renew themselves left out.
        let mut between = u32::from(self.view.is_authority() && !self.view.is_self_issued());
        for (position, at) in self.chain.iter().enumerate() {
            let Some(issuer) = self.authorities.get(*at) else { break };
            let who = match position {
                0 => format!("its issuer {}", issuer.name),
                _ => format!("the authority {} above it", issuer.name),
            };
            let mut add = |kind, at, text| faults.push(Fault { kind, at, text });
            if child.issuer != issuer.view.subject {
                let text = format!("the name of {who} is not written as the certificate below has it");
                add(FaultKind::Name, child_at, text);
            }
            if let Some(words) = child_signature {
                let text = match position {
                    0 => format!("its signature holds, and {words}"),
                    _ => format!("the signature of {} holds, and {words}", self.name(child_at)),
                };
                add(FaultKind::Weak, child_at, text);
            }
            if let Some(words) = &issuer.weak_key {
                add(FaultKind::Weak, *at, format!("{who} signs with {words}"));
            }
            self.of_issuer(issuer, *at, &who, &mut add);
            if issuer.path_len.is_some_and(|limit| between > limit) {
                let limit = issuer.path_len.unwrap_or_default();
                let text = format!("{who} allows {limit} authorities below it, and there are {between}");
                add(FaultKind::PathLength, *at, text);
            }
            if issuer.has_unreadable_constraints() {
                let text = format!("{who} has name constraints that cannot be read");
                add(FaultKind::NameConstraint, *at, text);
            } else if let Some(constraints) = issuer.constraints() {
                let names = names.get_or_init(|| ConstrainedNames::new(self.view));
                if let Some(words) = constraints.forbid(names, None) {
                    add(FaultKind::NameConstraint, self.certificate, format!("{who} {words}"));
                }
                let between = self.chain.iter().take(position).filter(|below| self.is_constrained(**below));
                for below in between {
                    if let Some(words) = self.authorities.forbid(*at, *below) {
                        add(FaultKind::NameConstraint, *below, format!("{who} {words}"));
                    }
                }
            }
            if let Some(words) = self.excluded_purpose(issuer) {
                add(FaultKind::Purpose, self.certificate, format!("{who} {words}"));
            }
            between += u32::from(!issuer.view.is_self_issued());
            (child, child_at, child_signature) = (&issuer.view, *at, &issuer.weak_signature);
        }
        faults
    }

    /// True for an authority whose names constraints are about: not for one that only renews itself.
    fn is_constrained(&self, at: u32) -> bool {
        self.authorities.get(at).is_some_and(|authority| !authority.view.is_self_issued())
    }

    fn name(&self, at: u32) -> &str {
        self.authorities.get(at).map_or("", |authority| &authority.name)
    }

    fn of_itself(&self, faults: &mut Vec<Fault>) {
        let mut add = |kind, text| faults.push(Fault { kind, at: self.certificate, text });
        if let Some(words) = age(self.view, self.now) {
            add(FaultKind::Age, format!("it {words}"));
        }
        if let Some(extension) = unknown_critical_extension(self.view) {
            add(FaultKind::Critical, format!("its extension {} is critical and not known", extension.name()));
        }
    }

    fn of_issuer(
        &self,
        issuer: &Authority<'_>,
        at: u32,
        who: &str,
        add: &mut impl FnMut(FaultKind, u32, String),
    ) {
        if let Some(words) = age(&issuer.view, self.now) {
            add(FaultKind::Age, at, format!("{who} {words}"));
        }
        if !issuer.is_authority {
            add(FaultKind::Authority, at, format!("{who} is no authority"));
        } else if !issuer.may_sign {
            let text = format!("the key usage of {who} does not allow signing certificates");
            add(FaultKind::Authority, at, text);
        }
        // What an anchor carries is for those who trust it to know.
        let is_anchor = self.ends_at_anchor && self.chain.last() == Some(&at);
        if let Some(extension) = issuer.unknown_critical.as_ref().filter(|_| !is_anchor) {
            let text = format!("the extension {extension} of {who} is critical and not known");
            add(FaultKind::Critical, at, text);
        }
    }

    fn excluded_purpose(&self, issuer: &Authority<'_>) -> Option<String> {
        let allowed = issuer.purposes.as_ref()?;
        if self.view.is_authority() || allowed.contains(&ANY_PURPOSE) {
            return None;
        }
        let needed = self.view.extended_key_usage()?;
        let excluded = needed.iter().find(|oid| **oid != ANY_PURPOSE && !allowed.contains(*oid))?;
        Some(format!("does not allow {}, which it is for", purpose(excluded)))
    }
}

impl FaultKind {
    /// True for what another chain from the same certificate may not have.
    pub(super) fn depends_on_chain(self) -> bool {
        matches!(self, Self::NameConstraint | Self::PathLength | Self::Purpose)
    }
}

/// In words that follow a certificate.
fn age(view: &CertificateView<'_>, now: OffsetDateTime) -> Option<String> {
    match (view.not_before, view.not_after) {
        (_, Some(end)) if is_over(view, now) => Some(format!("expired on {}", moment(end))),
        (Some(start), _) if is_early(view, now) => Some(format!("is not valid before {}", moment(start))),
        (None, _) | (_, None) => Some("has a validity that cannot be read".to_owned()),
        _ => None,
    }
}
