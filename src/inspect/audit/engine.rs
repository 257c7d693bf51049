//! An audit from evidence to report.

use super::assemble;
use super::authority::Authorities;
use super::case::Case;
use super::finding::{Draft, Findings};
use super::material::Material;
use super::report::{AuditOptions, AuditedCertificate, Report, UseProfile};
use super::rule::RuleScope;
use super::rules;
use super::set::{self, Relations, Set};
use super::workers;
use crate::inspect::evidence::Evidence;

/// Finds what is wrong with a set of certificates, keys and revocation lists.
///
/// Who issued what is settled by the signatures; whether the chain of an end entity holds is for rustls-webpki to
/// say, and a walk of our own says why where it does not. Self-signed authorities in the set are trusted, and those
/// of [`AuditOptions::trusted`].
///
/// ```
/// use certmint::inspect::audit::{AuditOptions, Severity, audit};
/// use certmint::inspect::evidence::Evidence;
/// use certmint::inspect::read::{GatherOptions, ReadOptions};
/// use certmint::output::audit::{TextStyle, render_text};
///
/// # let bundle = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
/// # let folder = std::path::Path::new("docs");
/// let mut evidence = Evidence::default();
/// evidence.add_bytes("bundle", None, bundle, &ReadOptions::default());
/// evidence.gather(&[folder], &GatherOptions::default(), &mut |_| ());
/// let report = audit(evidence, &AuditOptions::new(time::OffsetDateTime::now_utc()));
/// for finding in report.findings.iter().filter(|finding| finding.rule.severity >= Severity::Error) {
///     println!("{}: {}; {}", finding.rule.id, finding.message, finding.rule.remedy);
/// }
/// print!("{}", render_text(&report, &TextStyle::default()));
/// # assert_eq!(report.findings[0].rule.id, "object-damaged");
/// ```
#[must_use]
pub fn audit(evidence: Evidence, options: &AuditOptions) -> Report {
    let material = Material::gather(evidence, options);
    let relations = Relations::new(&material, options);
    let authorities = Authorities::new(&material, &relations.routes, relations.groups());
    let set = Set {
        material: &material,
        options,
        index: &relations.index,
        links: &relations.links,
        routes: &relations.routes,
        authorities: &authorities,
        private_keys: &relations.private_keys,
        revocations: &relations.revocations,
        files: set::files(&material),
        of_uses: set::OfUses::default(),
    };
    let certificates: Vec<_> = set.certificates().collect();
    let examined = workers::in_chunks(certificates.len(), options.threads, |range| {
        let chunk = certificates.get(range).unwrap_or_default();
        let mut drafts = Vec::new();
        let rows: Vec<(u32, AuditedCertificate)> = chunk
            .iter()
            .map(|(index, certificate)| {
                let case = Case::new(&set, *index, certificate);
                examine(&case, &mut drafts);
                (*index, assemble::row(case))
            })
            .collect();
        (rows, drafts)
    });
    let mut rows = Vec::with_capacity(certificates.len());
    let mut drafts = Vec::new();
    for (chunk, found) in examined {
        rows.extend(chunk);
        drafts.extend(found);
    }
    for rule in rules::set_rules().filter(|rule| is_asked(rule.rule.scope, options)) {
        let mut findings = Findings::new(&material, &rule.rule);
        (rule.check)(&set, &mut findings);
        drafts.extend(findings.drafts);
    }
    assemble::report(&set, rows, drafts, relations.checks)
}

/// Rules that hold of what breaks off too: the others would miss what stood behind its end.
const OF_WHAT_BREAKS_OFF: [&str; 4] = ["certificate-malformed", "expired", "expires-soon", "not-yet-valid"];

/// The rules about one certificate.
fn examine(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    let is_whole = !case.view.to_be_signed.is_empty();
    for rule in rules::certificate_rules().filter(|rule| is_asked(rule.rule.scope, case.set.options)) {
        if !is_whole && !OF_WHAT_BREAKS_OFF.contains(&rule.rule.id) {
            continue;
        }
        if let Some(message) = (rule.check)(case) {
            let mut findings = Findings::new(case.set.material, &rule.rule);
            findings.certificate(case.index, message);
            drafts.extend(findings.drafts);
        }
    }
}

fn is_asked(scope: RuleScope, options: &AuditOptions) -> bool {
    match scope {
        RuleScope::Certificate | RuleScope::Set => true,
        RuleScope::Etcd => options.uses.contains(&UseProfile::Etcd),
        RuleScope::Kubernetes => options.uses.contains(&UseProfile::Kubernetes),
        RuleScope::Web => options.uses.contains(&UseProfile::Web),
    }
}
