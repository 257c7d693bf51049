//! Revocation lists, and what they revoke.

use super::{Rule, RuleScope, SetRule, Severity};
use crate::inspect::audit::material::Content;
use crate::inspect::audit::members::paths;
use crate::inspect::audit::paths::folder;
use crate::inspect::audit::revocation::{ListFacts, Signer};
use crate::inspect::audit::set::Set;
use crate::inspect::audit::text::{distinguished, moment};

pub(super) static RULES: [SetRule; 11] = [
    SetRule {
        rule: Rule {
            id: "crl-malformed",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 5.1",
            title: "a revocation list cannot be read",
            meaning: "Programs refuse everything that the list is about, or act as if nothing was revoked.",
            remedy: "Make the list anew.",
        },
        check: |set, findings| {
            for revocations in set.revocations {
                if let (Err(fault), Some(content)) =
                    (&revocations.list, set.material.contents.get(revocations.content as usize))
                {
                    findings.object(content, fault.clone());
                }
            }
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-stale",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 5.1.2.5",
            title: "a revocation list is out of date",
            meaning: "A newer one should be there since then. Strict programs refuse every certificate of the \
                      issuer; the others do not know what was revoked since.",
            remedy: "Make a new list and hand it out, and do so by a program.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if let Some(end) = list.next_update.filter(|end| *end < set.options.now) {
                    findings.object(content, format!("the next list was due on {}", moment(end)));
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-without-next-update",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5280, 5.1.2.5",
            title: "a revocation list does not say when the next one is due",
            meaning: "Nobody can tell whether it is out of date; some programs refuse it.",
            remedy: "Make lists with an end.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if list.next_update.is_none() {
                    findings.object(content, "it does not say when the next one is due".to_owned());
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-not-yet-valid",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 5.1.2.4",
            title: "a revocation list is of a day to come",
            meaning: "Programs refuse it until then.",
            remedy: "Look at the clocks of this machine and of the one that made it.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if list.this_update > set.options.now {
                    findings.object(content, format!("it is of {}", moment(list.this_update)));
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-unnumbered",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5280, 5.2.3",
            title: "a revocation list has no number",
            meaning: "Of two lists nobody can tell which is newer when their clocks are wrong, and lists of \
                      changes cannot refer to it.",
            remedy: "Make lists with a number that grows; cfssl's `gencrl` writes none.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if !list.has_number {
                    findings.object(content, "it has no CRL number".to_owned());
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-unknown-critical",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 5.2",
            title: "a revocation list has a critical extension that is not known",
            meaning: "Programs must not rely on it, and do as if there was none.",
            remedy: "Make the list anew without the extension.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if list.has_unknown_critical_extension {
                    findings.object(content, "it has a critical extension that is not known".to_owned());
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-signature-invalid",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.3.3",
            title: "a revocation list is not signed by the authority that it names",
            meaning: "Programs refuse it. The list was changed, or the authority has a new key.",
            remedy: "Make the list anew with the authority that is in use.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if list.signer == Signer::Other {
                    let issuer = distinguished(&list.issuer);
                    findings.object(content, format!("no authority called {issuer} here signed it"));
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-signature-unverifiable",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 5280, 6.3.3",
            title: "the signature of a revocation list cannot be checked here",
            meaning: "Whether the list is genuine was not found out, and so what it revokes was not looked at. Most \
                      programs know neither the algorithm nor the kind of key either.",
            remedy: "Make lists with a key of RSA, ECDSA on P-256, P-384 or P-521, or Ed25519, and SHA-256.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if list.signer == Signer::Unverified {
                    let issuer = distinguished(&list.issuer);
                    let why = "its algorithm or the kind of the key is not supported";
                    let message = format!("whether {issuer} signed it cannot be checked here: {why}");
                    findings.object(content, message);
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-signature-sha1",
            severity: Severity::Warning,
            scope: RuleScope::Set,
            citation: "RFC 9155, 2",
            title: "the signature of a revocation list rests on SHA-1",
            meaning: "Collisions of SHA-1 can be bought; programs that are strict about it refuse the list.",
            remedy: "Make the list anew with SHA-256.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                if list.is_sha1 {
                    findings.object(content, "its signature rests on SHA-1".to_owned());
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "crl-issuer-may-not-sign",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 4.2.1.3",
            title: "the key usage of the authority does not allow signing revocation lists",
            meaning: "Go, Rust and OpenSSL refuse its lists, and with them every certificate that is to be checked.",
            remedy: "Make the authority anew with the usage `crl sign`.",
        },
        check: |set, findings| {
            each(set, |list, content| {
                let Signer::Group(group) = list.signer else { return };
                let best = set.index.group(group).and_then(|group| group.members.first());
                let usage = best.and_then(|best| set.view(*best)?.key_usage());
                // Bit 6 of keyUsage is cRLSign.
                if usage.is_some_and(|usage| !usage.has(6)) {
                    let issuer = distinguished(&list.issuer);
                    findings.object(content, format!("the key usage of {issuer} lacks cRLSign"));
                }
            });
        },
    },
    SetRule {
        rule: Rule {
            id: "revoked-in-use",
            severity: Severity::Error,
            scope: RuleScope::Set,
            citation: "RFC 5280, 5.3",
            title: "a revoked certificate is still there",
            meaning: "Whoever looks at the list refuses it. If its key was stolen, whoever does not look is open to \
                      the thief. What an authority keeps as its records, in folders such as `revoked` or \
                      `newcerts`, is in nobody's use.",
            remedy: "Put a new certificate with a new key in its place.",
        },
        check: |set, findings| {
            each(set, |list, _| {
                let in_use = list.revoked.iter().filter(|(at, ..)| !paths(set, *at).all(is_record));
                for (at, revoked_at, reason) in in_use {
                    let reason = reason.name().filter(|_| reason.code() > 0);
                    let reason = reason.map(|name| format!(", {name}")).unwrap_or_default();
                    findings.certificate(*at, format!("it was revoked on {}{reason}", moment(*revoked_at)));
                }
            });
        },
    },
];

/// Whether a file is among the records of an authority: easy-rsa moves there what it revokes, and copies there, as
/// `openssl ca` does, all that it issues.
fn is_record(path: &str) -> bool {
    folder(path).split('/').any(|part| matches!(part, "revoked" | "certs_by_serial" | "newcerts"))
}

/// Goes through the lists that can be read.
fn each<'s>(set: &Set<'s>, mut look: impl FnMut(&ListFacts, &'s Content)) {
    for revocations in set.revocations {
        if let (Ok(list), Some(content)) =
            (&revocations.list, set.material.contents.get(revocations.content as usize))
        {
            look(list, content);
        }
    }
}
