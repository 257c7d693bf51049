//! A certificate and those above it.

use super::{CertificateRule, Rule, RuleScope, Severity};
use crate::inspect::audit::authority::Authority;
use crate::inspect::audit::case::Case;
use crate::inspect::audit::issuers::{Link, NameMatch};
use crate::inspect::audit::report::Verdict;
use crate::inspect::audit::text::{distinguished, moment};
use crate::inspect::audit::walk::{Fault, FaultKind};
use crate::inspect::text::hex;
use crate::inspect::view::CertificateView;
use time::Duration;

/// An authority and what it signs on the same day for the same time end on the same day: that is no fault.
pub(super) const GRACE: Duration = Duration::DAY;

pub(super) static RULES: [CertificateRule; 15] = [
    CertificateRule {
        rule: Rule {
            id: "issuer-missing",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1",
            title: "the certificate of the issuer is not in the set",
            meaning: "Nothing can be said about the chain, and whoever has only these files cannot verify it.",
            remedy: "Name the authority's file too, or give it as trusted. If it is an intermediate, it belongs \
                     into the file of the leaf.",
        },
        check: |case| (!case.is_authority()).then(|| issuer_missing(case)).flatten(),
    },
    CertificateRule {
        rule: Rule {
            id: "root-missing",
            severity: Severity::Info,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1",
            title: "the issuer of an authority is not in the set",
            meaning: "Chains were followed to this authority and no further. So are the files of a web server: the                       root is with the clients.",
            remedy: "Give the root with `-ca-bundle` to have the chains checked to their end.",
        },
        check: |case| case.is_authority().then(|| issuer_missing(case)).flatten(),
    },
    CertificateRule {
        rule: Rule {
            id: "signature-invalid",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1.3",
            title: "the signature does not hold, though the issuer is the right one",
            meaning: "The certificate was changed after it was signed, or damaged. No program takes it.",
            remedy: "Copy the file again from where it was issued, or issue it anew.",
        },
        check: |case| match case.link() {
            Link::Refused { is_identified: true, .. } => {
                Some(format!("the key of its issuer {} did not sign it as it stands", issuer(case)))
            }
            _ => None,
        },
    },
    CertificateRule {
        rule: Rule {
            id: "issuer-key-differs",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1.3",
            title: "an authority of the issuer's name is here, with another key",
            meaning: "The authority was made anew under its old name, or belongs to another cluster. Programs that \
                      trust the authority here refuse the certificate.",
            remedy: "Issue it anew by the authority that is in use, or put the old authority back beside the new \
                     one until all is replaced.",
        },
        check: |case| match case.link() {
            Link::Refused { is_identified: false, is_cut_short, .. } => Some(format!(
                "{} of the name of its issuer, {}, signed it",
                if is_cut_short { "none of the first authorities" } else { "no authority" },
                issuer(case)
            )),
            _ => None,
        },
    },
    CertificateRule {
        rule: Rule {
            id: "signature-unverifiable",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1.3",
            title: "the signature is of an algorithm that cannot be checked here",
            meaning: "Whether the certificate is genuine was not found out. Most TLS programs do not know the \
                      algorithm either.",
            remedy: "Issue it anew with RSA, ECDSA or Ed25519 and SHA-256.",
        },
        check: |case| match case.link() {
            Link::Unverified { .. } => Some(format!(
                "its issuer is {} by name; the signature ({}) was not checked",
                issuer(case),
                case.view.signature_words()
            )),
            _ => None,
        },
    },
    CertificateRule {
        rule: Rule {
            id: "issuer-name-bytes",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.1.2.4",
            title: "the issuer's name is written otherwise than the authority writes it",
            meaning: "OpenSSL compares names without case and string types and finds the authority; Go and Rust \
                      compare bytes and do not.",
            remedy: "Issue it anew with a program that copies the authority's name instead of writing it again.",
        },
        check: |case| match case.link() {
            Link::Signed { name: NameMatch::Folded, .. } => {
                Some(format!("the name of its issuer, {}, is not the bytes of the authority's", issuer(case)))
            }
            _ => None,
        },
    },
    CertificateRule {
        rule: Rule {
            id: "issuer-name-wrong",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1.3",
            title: "the authority whose key signed it has another name",
            meaning: "The authority was renamed with its key kept. No program finds a chain by the new name.",
            remedy: "Issue it anew, or put the authority's certificate of the old name back.",
        },
        check: |case| match case.link() {
            Link::Signed { name: NameMatch::None, .. } => {
                let signer = issuing(case).map_or("", |authority| &authority.subject);
                Some(format!("it names {} as its issuer, and the key of {signer} signed it", issuer(case)))
            }
            _ => None,
        },
    },
    CertificateRule {
        rule: Rule {
            id: "authority-key-identifier-mismatch",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.2.1.1",
            title: "the authority key identifier is not that of the authority that signed it",
            meaning: "OpenSSL takes the identifier at its word, does not try this authority, and refuses the \
                      certificate; Go and Rust try.",
            remedy: "Issue it anew; if the authority was renewed, renew it with the same key identifier and, where \
                     its serial number is named, that too.",
        },
        check: identifier_mismatch,
    },
    CertificateRule {
        rule: Rule {
            id: "issuer-not-authority",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1.4",
            title: "who signed it is no authority",
            meaning: "The signature holds, and every program refuses it: anybody with a certificate could sign \
                      others otherwise.",
            remedy: "Issue it anew by an authority, or make the issuer one.",
        },
        check: |case| {
            let issuer = issuing(case)?;
            (!issuer.is_authority && matches!(case.link(), Link::Signed { .. }))
                .then(|| format!("{} signed it and is no authority", issuer.subject))
        },
    },
    CertificateRule {
        rule: Rule {
            id: "leaf-outlives-issuer",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1.3",
            title: "the certificate outlives its issuer by more than a day",
            meaning: "From the end of the issuer on, programs refuse it, though it says that it is valid.",
            remedy: "Renew the authority in time, or issue for a shorter time.",
        },
        check: |case| {
            let issuer = issuing(case)?;
            let (own, above) = (case.view.not_after?, issuer.view.not_after?);
            (own - above > GRACE).then(|| {
                let name = &issuer.subject;
                format!("it ends on {}, and its issuer {name} on {}", moment(own), moment(above))
            })
        },
    },
    CertificateRule {
        rule: Rule {
            id: "name-constraint-violated",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.2.1.10",
            title: "a name is outside the name constraints of an authority above it",
            meaning: "Every program refuses it, whichever of its names is used.",
            remedy: "Issue it anew with names that the authority may sign, or by another authority.",
        },
        check: |case| {
            let is_own = |fault: &&Fault| fault.kind == FaultKind::NameConstraint && fault.at == case.index;
            case.faults.iter().find(is_own).map(|fault| fault.text.clone())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "path-length-exceeded",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.2.1.9",
            title: "an authority is deeper than the path length of one above it allows",
            meaning: "Every program refuses what this authority signs.",
            remedy: "Let a higher authority sign the leaves, or make the authorities above anew without that limit.",
        },
        check: |case| case.is_authority().then(|| fault(case, FaultKind::PathLength)).flatten(),
    },
    CertificateRule {
        rule: Rule {
            id: "purpose-not-nested",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.2.1.12; CA/B BR, 7.1.2.10.6",
            title: "an authority above it does not allow what it is for",
            meaning: "Go, Rust and OpenSSL take the extended key usage of an authority as a limit for all below \
                      it, and refuse the certificate for that purpose.",
            remedy: "Make the authority anew with all purposes of its leaves, or without an extended key usage.",
        },
        check: |case| fault(case, FaultKind::Purpose),
    },
    CertificateRule {
        rule: Rule {
            id: "chain-broken",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.1",
            title: "the chain does not hold because of an authority above, or of what programs can read",
            meaning: "Programs refuse the certificate, though it breaks no other rule by itself.",
            remedy: "Mend what the message names; then this certificate is good again, or can be issued anew.",
        },
        check: |case| {
            let Verdict::Refused(reason) = &case.verdict else { return None };
            let is_signed =
                matches!(case.link(), Link::Signed { name: NameMatch::Exact | NameMatch::Folded, .. });
            let is_elsewhere = match (case.faults.first(), &case.judgement) {
                (Some(fault), Some(_)) => fault.at != case.index,
                (None, Some(Err(_))) => true,
                _ => false,
            };
            // What no chain shows is not said again of every certificate.
            (is_signed && is_elsewhere).then(|| reason.clone())
        },
    },
    CertificateRule {
        rule: Rule {
            id: "self-signed-leaf",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "practice",
            title: "a certificate that is no authority signed itself",
            meaning: "Nobody can verify it; it can only be trusted one by one, and cannot be revoked.",
            remedy: "Make an authority once and let it sign; or give the certificate as trusted where it is meant so.",
        },
        check: |case| {
            let is_own = case.link() == Link::Own && !case.is_authority();
            (is_own && !case.set.routes.is_anchor(case.index)).then(|| "it signed itself".to_owned())
        },
    },
];

fn issuer(case: &Case<'_>) -> String {
    distinguished(case.view.issuer)
}

/// The certificate that issued it, as the best chain has it.
fn issuing<'s>(case: &Case<'s>) -> Option<&'s Authority<'s>> {
    case.set.authorities.get(case.set.routes.issuer(case.index)?)
}

fn issuer_missing(case: &Case<'_>) -> Option<String> {
    let has_issuer = !case.view.issuer.is_empty() && !case.set.routes.is_anchor(case.index);
    (case.link() == Link::Unknown && has_issuer)
        .then(|| format!("no certificate here has the name of its issuer, {}", issuer(case)))
}

fn fault(case: &Case<'_>, kind: FaultKind) -> Option<String> {
    case.faults.iter().find(|fault| fault.kind == kind).map(|fault| fault.text.clone())
}

/// No certificate of the signing key has the identifier, or the serial number, that the certificate names.
fn identifier_mismatch(case: &Case<'_>) -> Option<String> {
    /// Certificates of one key that are looked at; each is another renewal of an authority.
    const MOST: usize = 16;
    let named = case.view.authority_key_identifier()?;
    let group = match case.link() {
        Link::Own | Link::Signed { name: NameMatch::Exact | NameMatch::Folded, .. } => {
            case.set.index.group(case.set.signer(case.index)?)?
        }
        _ => return None,
    };
    let members = group.members.iter().take(MOST).filter_map(|member| case.set.view(*member));
    let members: Vec<CertificateView<'_>> = members.collect();
    if let Some(identifier) = named.key_identifier {
        let known: Vec<&[u8]> = members.iter().filter_map(CertificateView::subject_key_identifier).collect();
        if !known.is_empty() && !known.contains(&identifier) {
            let other = known.first().copied().unwrap_or_default();
            return Some(format!(
                "it names the key {}, and the authority's is {}",
                hex(identifier),
                hex(other)
            ));
        }
    }
    let serial = named.serial_number?;
    let is_known = members.iter().any(|member| member.serial_number == serial);
    (!is_known).then(|| {
        let other = members.first().map(|member| hex(member.serial_number)).unwrap_or_default();
        format!("it names the authority's certificate {}, and here is {other}", hex(serial))
    })
}
