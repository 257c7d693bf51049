//! The report: everything numbered and in order.

use super::case::Case;
use super::finding::{About, Draft};
use super::material::number;
use super::objects;
use super::report::{AuditedCertificate, Chain, Finding, Report, Subject};
use super::set::Set;
use crate::inspect::text::hex;
use crate::inspect::view::name_text;
use std::cmp::Reverse;

/// The row of a certificate; what only the whole report knows is added by [`report`].
pub(super) fn row(case: Case<'_>) -> AuditedCertificate {
    let facts = &case.certificate.facts;
    let material = case.set.material;
    let contents = case.certificate.places.iter().filter_map(|at| material.contents.get(*at as usize));
    AuditedCertificate {
        name: case.view.display_name(),
        role: facts.role,
        subject: name_text(case.view.subject),
        issuer: name_text(case.view.issuer),
        serial_number: hex(case.view.serial_number),
        not_before: facts.not_before,
        not_after: facts.not_after,
        fingerprint: facts.fingerprint,
        key: case.key.words(),
        has_private_key: case.set.has_private_key(facts.key),
        issued_by: case.set.routes.issuer(case.index),
        places: contents.map(|content| material.place(content)).collect(),
        findings: Vec::new(),
        verdict: case.verdict,
    }
}

/// Sorts rows and drafts, and makes one thing of them.
pub(super) fn report(
    set: &Set<'_>,
    mut rows: Vec<(u32, AuditedCertificate)>,
    mut drafts: Vec<Draft>,
    signature_checks: u64,
) -> Report {
    // What ends first stands first; what has no end that can be read before all.
    rows.sort_by(|(_, one), (_, next)| {
        (one.not_after, &one.name, one.fingerprint).cmp(&(next.not_after, &next.name, next.fingerprint))
    });
    let material = set.material;
    let mut positions: Vec<Option<u32>> = vec![None; material.certificates.len()];
    for (position, (index, _)) in (0u32..).zip(&rows) {
        if let Some(place) = positions.get_mut(*index as usize) {
            *place = Some(position);
        }
    }
    let position = |index: u32| positions.get(index as usize).copied().flatten();
    let mut certificates: Vec<AuditedCertificate> = rows.into_iter().map(|(_, row)| row).collect();
    for certificate in &mut certificates {
        certificate.issued_by = certificate.issued_by.and_then(position);
    }

    let subject = |draft: &Draft| match draft.about {
        About::Certificate(index) => position(index).map(Subject::Certificate),
        About::Source(source) => Some(Subject::Source(source)),
    };
    let name = |draft: &Draft| match subject(draft) {
        Some(Subject::Certificate(at)) => {
            certificates.get(at as usize).map_or("", |certificate| &*certificate.name)
        }
        Some(Subject::Source(source)) => material.source(source).map_or("", |source| &*source.name),
        None => "",
    };
    drafts.sort_by(|one, next| {
        let of_rule = |draft: &Draft| (Reverse(draft.rule.severity), draft.rule.id);
        let order = of_rule(one).cmp(&of_rule(next)).then_with(|| name(one).cmp(name(next)));
        order
            .then_with(|| one.fingerprint.cmp(&next.fingerprint))
            .then_with(|| one.message.cmp(&next.message))
    });
    // Two lists may revoke one certificate: that is said once.
    drafts.dedup_by(|next, one| next.fingerprint == one.fingerprint);
    let mut findings = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Some(subject) = subject(&draft) else { continue };
        if let Subject::Certificate(at) = subject
            && let Some(certificate) = certificates.get_mut(at as usize)
        {
            certificate.findings.push(number(findings.len()));
        }
        findings.push(Finding {
            rule: draft.rule,
            subject,
            message: draft.message,
            places: draft.places,
            fingerprint: draft.fingerprint,
        });
    }
    Report {
        now: set.options.now,
        within: set.options.within,
        sources: material.sources.clone(),
        chains: chains(&certificates),
        objects: objects::all(material, &certificates, position),
        certificates,
        findings,
        suppressed: Vec::new(),
        unreadable: material.unreadable.clone(),
        private_keys: number(material.private_keys.len()),
        certificate_lists: number(material.lists.len()),
        certificate_requests: number(material.requests.len()),
        public_keys: number(material.public_keys.len()),
        signature_checks,
    }
}

/// Levels of a tree; what is deeper begins a tree of its own, so that nobody who walks a tree runs out of stack.
const MOST_LEVELS: u32 = 64;

/// The trees of who issued whom, built from the leaves up.
fn chains(certificates: &[AuditedCertificate]) -> Vec<Chain> {
    let issuer = |at: u32| certificates.get(at as usize).and_then(|certificate| certificate.issued_by);
    let mut waiting = vec![0u32; certificates.len()];
    for issuer in certificates.iter().filter_map(|certificate| certificate.issued_by) {
        if let Some(waiting) = waiting.get_mut(issuer as usize) {
            *waiting += 1;
        }
    }
    // Every certificate after all that it issued.
    let mut order: Vec<u32> =
        (0u32..).zip(&waiting).filter(|(_, waiting)| **waiting == 0).map(|(at, _)| at).collect();
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        if let Some(issuer) = issuer(at)
            && let Some(waiting) = waiting.get_mut(issuer as usize)
        {
            *waiting -= 1;
            if *waiting == 0 {
                order.push(issuer);
            }
        }
    }
    let mut levels = vec![0u32; certificates.len()];
    for at in order.iter().rev() {
        let above = issuer(*at).and_then(|issuer| levels.get(issuer as usize)).map_or(0, |level| level + 1);
        if let Some(level) = levels.get_mut(*at as usize) {
            *level = above % MOST_LEVELS;
        }
    }
    let mut issued: Vec<Vec<Chain>> = certificates.iter().map(|_| Vec::new()).collect();
    let mut roots = Vec::new();
    for at in order {
        let mut below = issued.get_mut(at as usize).map(std::mem::take).unwrap_or_default();
        below.sort_by_key(|chain| chain.certificate);
        let is_root = levels.get(at as usize) == Some(&0);
        let place = issuer(at).filter(|_| !is_root).and_then(|issuer| issued.get_mut(issuer as usize));
        place.unwrap_or(&mut roots).push(Chain { certificate: at, issued: below });
    }
    roots.sort_by_key(|chain| chain.certificate);
    roots
}
