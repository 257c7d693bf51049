//! Chains of an audit: who issued what, and whether the chain holds, with webpki as the judge.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

mod audit_support;

use audit_support::{
    Authority, Scene, Shape, bit_string, boolean, element, extension, fired, integer, key, name, oid, rsa,
    sequence, tls, utc,
};
use certmint::inspect::audit::{AuditedCertificate, Chain, Report, UseProfile, Verdict};
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey, SignatureAlgorithm};
use std::rc::Rc;

fn leaf(name: &str) -> Shape {
    Shape::leaf(&format!("CN={name}"), &["node.example.com"])
}

fn find<'r>(report: &'r Report, name: &str) -> &'r AuditedCertificate {
    let found: Vec<&AuditedCertificate> =
        report.certificates.iter().filter(|certificate| certificate.name == name).collect();
    assert_eq!(found.len(), 1, "{name}: {}", report.certificates.len());
    found[0]
}

fn refusal<'r>(report: &'r Report, name: &str) -> &'r str {
    match &find(report, name).verdict {
        Verdict::Refused(reason) => reason,
        other => panic!("{name}: {other:?}"),
    }
}

fn issuer<'r>(report: &'r Report, name: &str) -> Option<&'r str> {
    let issuer = find(report, name).issued_by?;
    Some(&report.certificates[usize::try_from(issuer).unwrap()].name)
}

fn files(ders: &[&[u8]]) -> Report {
    Scene::new().certificates("all.pem", ders).audit()
}

#[test]
fn trusts_what_leads_to_a_root_in_the_set_and_nothing_else() {
    let root = Authority::root("CN=root");
    let intermediate = Authority::below("CN=intermediate", &root);
    let der = intermediate.sign(leaf("leaf"));
    let report = files(&[&der, &intermediate.der, &root.der]);
    assert_eq!(find(&report, "root").verdict, Verdict::Anchor);
    assert_eq!(find(&report, "intermediate").verdict, Verdict::Trusted);
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
    assert_eq!(issuer(&report, "leaf"), Some("intermediate"));
    assert_eq!(issuer(&report, "intermediate"), Some("root"));
    assert_eq!(issuer(&report, "root"), None);

    let report = files(&[&der, &intermediate.der]);
    let missing = "the authority \"intermediate\" above it was issued by \"CN=root\", of which there is no \
                   certificate here";
    assert_eq!(refusal(&report, "leaf"), missing);
    let missing = "it was issued by \"CN=root\", of which there is no certificate here";
    assert_eq!(refusal(&report, "intermediate"), missing);

    // The caller's trust is as good as the set's, and what is only trusted is not reported.
    let scene = Scene::new().certificates("all.pem", &[&der, &intermediate.der]);
    let report = scene.clone().trusting(&root.der).audit();
    assert_eq!(report.certificates.len(), 2);
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
    assert_eq!(issuer(&report, "intermediate"), None);
    let report = scene.trusting(&intermediate.der).audit();
    assert_eq!(find(&report, "intermediate").verdict, Verdict::Anchor);
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
}

#[test]
fn verifies_every_kind_of_signature_that_tls_programs_take() {
    let of = |algorithm| -> audit_support::Key { Rc::new(PrivateKey::generate(algorithm).unwrap()) };
    for key in [
        of(KeyAlgorithm::Ecdsa(Curve::P256)),
        of(KeyAlgorithm::Ecdsa(Curve::P384)),
        of(KeyAlgorithm::Ecdsa(Curve::P521)),
        of(KeyAlgorithm::Ed25519),
        of(KeyAlgorithm::Rsa { bits: 2048 }),
        of(KeyAlgorithm::Rsa { bits: 3072 }),
        of(KeyAlgorithm::Rsa { bits: 4096 }),
    ] {
        let words = key.algorithm().to_string();
        let root = Authority::shaped(Shape::authority("CN=root"), None, key);
        let report = files(&[&root.sign(leaf("leaf")), &root.der]);
        assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted, "{words}");
        let report = files(&[&root.sign(Shape { is_broken: true, ..leaf("leaf") }), &root.der]);
        assert_eq!(
            refusal(&report, "leaf"),
            "its issuer \"CN=root\" did not sign it as it stands",
            "{words}"
        );
    }
}

#[test]
fn says_why_a_chain_does_not_hold() {
    let root = Authority::root("CN=root");
    let constraints = |domain: &str| {
        sequence(&[element(0xa1, &[sequence(&[element(0x82, &[domain.as_bytes().to_vec()])])])])
    };
    let authority = || Shape::authority("CN=intermediate");
    for (shape, reason) in [
        (
            Shape { not_after: utc("260101000000Z"), ..authority() },
            "its issuer \"intermediate\" expired on 2026-01-01T00:00:00Z",
        ),
        (
            authority().valid("260201000000Z", "300101000000Z"),
            "its issuer \"intermediate\" is not valid before 2026-02-01T00:00:00Z",
        ),
        (authority().with("2.5.29.19", true, &sequence(&[])), "its issuer \"intermediate\" is no authority"),
        (
            authority().with("1.2.3.4", true, &[5, 0]),
            "the extension 1.2.3.4 of its issuer \"intermediate\" is critical and not known",
        ),
        (
            authority().with("2.5.29.30", true, &constraints("example.com")),
            "its issuer \"intermediate\" excludes example.com, and with it \"node.example.com\"",
        ),
        (
            authority().with("2.5.29.37", false, &tls(&[2])),
            "its issuer \"intermediate\" does not allow serverAuth, which it is for",
        ),
        // webpki does not look at these, and others do.
        (
            authority().with("2.5.29.15", true, &[3, 2, 1, 2]),
            "the key usage of its issuer \"intermediate\" does not allow signing certificates; rustls-webpki does \
             not ask for this and takes it",
        ),
    ] {
        let intermediate = Authority::shaped(shape, Some(&root), key());
        let der = intermediate.sign(leaf("leaf"));
        let report = files(&[&der, &intermediate.der, &root.der]);
        assert_eq!(refusal(&report, "leaf"), reason);
    }
}

#[test]
fn refuses_what_an_expired_root_signed_though_webpki_does_not_look() {
    let root = Shape { not_after: utc("260101000000Z"), ..Shape::authority("CN=root") };
    let root = Authority::shaped(root, None, key());
    let report = files(&[&root.sign(leaf("leaf")), &root.der]);
    assert_eq!(refusal(&report, "root"), "it expired on 2026-01-01T00:00:00Z");
    let reason = "its issuer \"root\" expired on 2026-01-01T00:00:00Z; rustls-webpki does not ask for this and \
                  takes it";
    assert_eq!(refusal(&report, "leaf"), reason);
}

#[test]
fn tells_weak_signatures_from_wrong_ones() {
    let sha1 = Authority::shaped(Shape::authority("CN=root"), None, rsa(2048, SignatureAlgorithm::RsaSha1));
    let report = files(&[&sha1.sign(leaf("leaf")), &sha1.der]);
    assert_eq!(refusal(&report, "leaf"), "its signature holds, and programs refuse it because of its SHA-1");
    let small =
        Authority::shaped(Shape::authority("CN=root"), None, rsa(1024, SignatureAlgorithm::RsaSha256));
    let report = files(&[&small.sign(leaf("leaf")), &small.der]);
    let reason = "its issuer \"root\" signs with an RSA key of 1024 bits, which programs refuse";
    assert_eq!(refusal(&report, "leaf"), reason);
    let report = files(&[&small.sign(Shape { is_broken: true, ..leaf("leaf") }), &small.der]);
    assert_eq!(refusal(&report, "leaf"), "its issuer \"CN=root\" did not sign it as it stands");
}

#[test]
fn says_so_where_webpki_alone_refuses() {
    let root = Authority::root("CN=root");
    let der = root.sign(Shape { unique: element(0x81, &[vec![0, 1]]), ..leaf("leaf") });
    let report = files(&[&der, &root.der]);
    let reason = refusal(&report, "leaf");
    assert!(reason.starts_with("rustls-webpki refuses it: "), "{reason}");
    assert!(reason.ends_with("; nothing else is known against the chain"), "{reason}");
    // More intermediates than webpki follows.
    let mut authorities = vec![root];
    for number in 0..8 {
        let below = Authority::below(&format!("CN=authority {number}"), authorities.last().unwrap());
        authorities.push(below);
    }
    let der = authorities.last().unwrap().sign(leaf("leaf"));
    let mut ders: Vec<&[u8]> = authorities.iter().map(|authority| authority.der.as_slice()).collect();
    ders.push(&der);
    let report = files(&ders);
    assert_eq!(
        refusal(&report, "leaf"),
        "rustls-webpki refuses it: the chain is too long; nothing else is known against the chain"
    );
}

#[test]
fn tells_the_authority_of_before_from_the_new_one_of_its_name() {
    let (old, new) = (Authority::root("CN=root"), Authority::root("CN=root"));
    let (before, after) = (old.sign(leaf("before")), new.sign(leaf("after")));
    // Both are there: each leaf finds its own.
    let report = files(&[&old.der, &new.der, &before, &after]);
    assert_eq!(find(&report, "before").verdict, Verdict::Trusted);
    assert_eq!(find(&report, "after").verdict, Verdict::Trusted);
    assert_ne!(find(&report, "before").issued_by, find(&report, "after").issued_by);
    // Without key identifiers the signature alone decides.
    let (before, after) = (old.sign_raw(leaf("before")), new.sign_raw(leaf("after")));
    let report = files(&[&old.der, &new.der, &before, &after]);
    assert_eq!(find(&report, "before").verdict, Verdict::Trusted);
    assert_eq!(find(&report, "after").verdict, Verdict::Trusted);
    // The old one is gone.
    let report = files(&[&new.der, &before, &after]);
    let reason = "it was issued by an authority called \"CN=root\", with another key than the one here";
    assert_eq!(refusal(&report, "before"), reason);
    assert_eq!(find(&report, "after").verdict, Verdict::Trusted);
}

#[test]
fn takes_of_several_certificates_of_an_authority_the_one_that_is_good() {
    let shared = key();
    let expired = Shape::authority("CN=root").valid("200101000000Z", "250101000000Z");
    let expired = Authority::shaped(expired, None, Rc::clone(&shared));
    let renewed = Authority::shaped(Shape::authority("CN=root"), None, Rc::clone(&shared));
    let der = expired.sign(leaf("leaf"));
    let report = files(&[&expired.der, &der, &renewed.der]);
    let leaf_row = find(&report, "leaf");
    assert_eq!(leaf_row.verdict, Verdict::Trusted);
    let issued_by = &report.certificates[usize::try_from(leaf_row.issued_by.unwrap()).unwrap()];
    assert_eq!(issued_by.verdict, Verdict::Anchor);
    // One signature each: both certificates have the same key.
    assert_eq!(report.signature_checks, 3);
}

#[test]
fn takes_another_way_up_where_a_constraint_closes_the_best() {
    let (one, two) = (Authority::root("CN=one"), Authority::root("CN=two"));
    let shared = key();
    let base = sequence(&[element(0x82, &[b"example.org".to_vec()])]);
    let closed = Shape::authority("CN=intermediate").valid("250101000000Z", "360101000000Z").with(
        "2.5.29.30",
        true,
        &sequence(&[element(0xa0, &[base])]),
    );
    let closed = Authority::shaped(closed, Some(&one), Rc::clone(&shared));
    let open = Authority::shaped(Shape::authority("CN=intermediate"), Some(&two), shared);
    let der = open.sign(leaf("leaf"));
    let report = files(&[&one.der, &two.der, &closed.der, &open.der, &der]);
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
    assert!(!fired(&report).contains("name-constraint-violated"));
}

#[test]
fn ends_where_authorities_sign_one_another() {
    // Two authorities, neither of which signed itself, each certified by the other.
    let (a, b) = (key(), key());
    let alpha = Authority { name: name("CN=alpha"), key: Rc::clone(&a), der: Vec::new() };
    let beta = Authority { name: name("CN=beta"), key: Rc::clone(&b), der: Vec::new() };
    let alpha_by_beta = Authority::shaped(Shape::authority("CN=alpha"), Some(&beta), a);
    let beta_by_alpha = Authority::shaped(Shape::authority("CN=beta"), Some(&alpha), b);
    let der = alpha_by_beta.sign(leaf("leaf"));
    let report = files(&[&alpha_by_beta.der, &beta_by_alpha.der, &der]);
    let reason = refusal(&report, "leaf");
    assert!(reason.contains("is not trusted, and who issued it leads in a circle"), "{reason}");
    let issuers = report.certificates.iter().filter(|certificate| certificate.issued_by.is_some()).count();
    assert_eq!((issuers, report.chains.len()), (2, 1));
    // With a root that certifies one of them there is a way up.
    let root = Authority::root("CN=root");
    let alpha_by_root =
        Authority::shaped(Shape::authority("CN=alpha"), Some(&root), alpha_by_beta.key.clone());
    let report = files(&[&alpha_by_beta.der, &beta_by_alpha.der, &der, &alpha_by_root.der, &root.der]);
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
    assert_eq!(report.chains.len(), 1);
}

#[test]
fn builds_trees_of_who_issued_whom_by_what_ends_first() {
    let root = Authority::root("CN=root");
    let intermediate = Authority::below("CN=intermediate", &root);
    let late = root.sign(Shape { not_after: utc("271130000000Z"), ..leaf("late") });
    let early = root.sign(leaf("early"));
    let deep = intermediate.sign(leaf("deep"));
    let stranger = Authority::root("CN=absent").sign(leaf("stranger"));
    let report = files(&[&late, &root.der, &deep, &intermediate.der, &early, &stranger]);
    fn text(report: &Report, chain: &Chain) -> String {
        let name = &report.certificates[usize::try_from(chain.certificate).unwrap()].name;
        let below: Vec<String> = chain.issued.iter().map(|chain| text(report, chain)).collect();
        if below.is_empty() { name.clone() } else { format!("{name}({})", below.join(" ")) }
    }
    let trees: Vec<String> = report.chains.iter().map(|chain| text(&report, chain)).collect();
    assert_eq!(trees, ["stranger", "root(early late intermediate(deep))"]);
}

#[test]
fn judges_certificates_with_odd_extensions_without_failing() {
    let root = Authority::root("CN=root");
    for shape in [
        leaf("leaf").with("2.5.29.37", false, &[0x30, 0]),
        leaf("leaf").with("2.5.29.37", false, &sequence(&[audit_support::oid("2.5.29.37.0")])),
        leaf("leaf").with("2.5.29.19", true, &sequence(&[boolean(false), integer(&[1, 0, 0])])),
        leaf("leaf").also("1.2.3.4", false, &extension("1.2.3", false, &[])),
        Shape { subject: vec![0x30, 0x80], ..leaf("leaf") },
        Shape { spki: vec![0x30, 0], ..leaf("leaf") },
        Shape { not_after: vec![0x17, 0], ..leaf("leaf") },
        Shape { serial: Vec::new(), ..leaf("leaf") },
    ] {
        let report = files(&[&root.sign_raw(shape), &root.der]);
        assert_eq!(report.certificates.len(), 2);
    }
}

#[test]
fn checks_no_signature_twice_and_few_for_many_of_one_name() {
    // 5,000 leaves of one subject, each below one of many authorities of one name without key identifiers.
    let authorities: Vec<Authority> = (0..40)
        .map(|_| Authority::shaped(Shape::authority("CN=root").without("2.5.29.14"), None, key()))
        .collect();
    let mut ders: Vec<Vec<u8>> = authorities.iter().map(|authority| authority.der.clone()).collect();
    let shape = leaf("leaf");
    for number in 0..5000u32 {
        let authority = &authorities[usize::try_from(number % 40).unwrap()];
        let shape = Shape { serial: [&[1, 1, 1, 1][..], &number.to_be_bytes()].concat(), ..shape.clone() };
        ders.push(authority.sign_raw(shape));
    }
    let ders: Vec<&[u8]> = ders.iter().map(Vec::as_slice).collect();
    let report = files(&ders);
    assert_eq!(report.certificates.len(), 5040);
    // At most 16 tries for a leaf.
    assert!(report.signature_checks <= 40 + 5000 * 16, "{}", report.signature_checks);

    // With key identifiers each needs one.
    let authorities: Vec<Authority> = (0..40).map(|_| Authority::root("CN=root")).collect();
    let mut ders: Vec<Vec<u8>> = authorities.iter().map(|authority| authority.der.clone()).collect();
    for number in 0..400u32 {
        let authority = &authorities[usize::try_from(number % 40).unwrap()];
        let shape = Shape { serial: [&[1, 1, 1, 1][..], &number.to_be_bytes()].concat(), ..shape.clone() };
        ders.push(authority.sign(shape));
    }
    let ders: Vec<&[u8]> = ders.iter().map(Vec::as_slice).collect();
    let report = files(&ders);
    assert_eq!(report.signature_checks, 440);
    let trusted = |certificate: &&AuditedCertificate| certificate.verdict == Verdict::Trusted;
    assert_eq!(report.certificates.iter().filter(trusted).count(), 400);
}

#[test]
fn a_chain_of_very_many_authorities_costs_no_more_than_its_length() {
    let mut ders = Vec::new();
    let mut above = Authority::root("CN=root");
    ders.push(above.der.clone());
    for number in 0..3000 {
        above = Authority::below(&format!("CN=authority {number}"), &above);
        ders.push(above.der.clone());
    }
    ders.push(above.sign(leaf("leaf")));
    let ders: Vec<&[u8]> = ders.iter().map(Vec::as_slice).collect();
    let report = files(&ders);
    assert_eq!(report.signature_checks, 3002);
    assert_eq!(refusal(&report, "leaf"), "its chain is longer than anybody follows");
    fn depth(chain: &Chain) -> usize {
        1 + chain.issued.iter().map(depth).max().unwrap_or_default()
    }
    let deepest = report.chains.iter().map(depth).max().unwrap();
    assert!(deepest <= 64, "{deepest}");
    fn count(chain: &Chain) -> usize {
        1 + chain.issued.iter().map(count).sum::<usize>()
    }
    assert_eq!(report.chains.iter().map(count).sum::<usize>(), 3002);
}

#[test]
fn an_end_at_the_last_moment_that_there_is_stops_nothing() {
    let never = |text: &str| element(0x18, &[text.as_bytes().to_vec()]);
    let endless = |shape: Shape| Shape { not_after: never("99991231235959Z"), ..shape };
    let root = Authority::shaped(endless(Shape::authority("CN=root")), None, key());
    let intermediate = Authority::shaped(endless(Shape::authority("CN=intermediate")), Some(&root), key());
    let der = intermediate.sign(endless(leaf("leaf")));
    let short = intermediate.sign(leaf("short"));
    // West of Greenwich this is a moment of the year 10000.
    let west = never("99991231235959-0100");
    let late = intermediate.sign(Shape { not_before: west.clone(), not_after: west, ..leaf("late") });
    let scene = Scene::new().certificates("all.pem", &[&der, &short, &late, &intermediate.der, &root.der]);
    let report = scene.for_use(UseProfile::Web).audit();
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
    assert_eq!(find(&report, "short").verdict, Verdict::Trusted);
    assert!(refusal(&report, "late").contains("is not valid before 9999-12-31T23:59:59-01:00"));
    let found = fired(&report);
    assert!(!found.contains("leaf-outlives-issuer"), "{found:?}");
    assert!(!found.contains("authority-ends-first"), "{found:?}");
}

/// An algorithm that nobody knows.
fn unknown_algorithm() -> Option<Vec<u8>> {
    Some(sequence(&[oid("1.3.6.1.4.1.99999.1")]))
}

#[test]
fn a_chain_is_not_trusted_over_a_signature_that_was_not_checked() {
    let root = Authority::root("CN=root");
    // Anybody can write the root's name into a certificate.
    let forged = Shape { algorithm: unknown_algorithm(), is_broken: true, ..Shape::authority("CN=forged") };
    let forged = Authority::shaped(forged, Some(&root), key());
    let below = Authority::below("CN=below", &forged);
    let der = below.sign(leaf("leaf"));
    let report = files(&[&der, &below.der, &forged.der, &root.der]);
    let reason =
        "the signature of the authority \"forged\" above it cannot be checked here: Unknown Signature";
    assert_eq!(refusal(&report, "leaf"), reason);
    assert_eq!(refusal(&report, "below"), reason);
    assert_eq!(refusal(&report, "forged"), "the signature of it cannot be checked here: Unknown Signature");
    // Whoever trusts it knows why.
    let scene = Scene::new().certificates("all.pem", &[&der, &below.der, &forged.der, &root.der]);
    let report = scene.trusting(&forged.der).audit();
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
}

#[test]
fn a_key_too_large_to_be_checked_makes_nothing_trusted() {
    // The modulus has 8200 bits; nobody here checks with it.
    let modulus = integer(&[&[0, 0xff][..], &[0x55; 1023], &[1]].concat());
    let large = sequence(&[modulus, integer(&[1, 0, 1])]);
    let spki = sequence(&[sequence(&[oid("1.2.840.113549.1.1.1"), vec![5, 0]]), bit_string(&large)]);
    let sha256_with_rsa = Some(sequence(&[oid("1.2.840.113549.1.1.11"), vec![5, 0]]));
    let any = key();
    let root = Shape { algorithm: sha256_with_rsa.clone(), ..Shape::authority("CN=root") }.spki(&spki);
    let root = root.sealed(&name("CN=root"), &*any);
    let signing = key();
    let forged = Shape { algorithm: sha256_with_rsa, ..Shape::authority("CN=forged") }.key(&*signing);
    let forged =
        Authority { name: name("CN=forged"), der: forged.sealed(&name("CN=root"), &*any), key: signing };
    let report = files(&[&forged.sign(leaf("leaf")), &forged.der, &root]);
    assert_eq!(find(&report, "root").verdict, Verdict::Anchor);
    assert!(
        refusal(&report, "leaf").starts_with("the signature of the authority \"forged\" above it cannot")
    );
    assert!(refusal(&report, "forged").contains("cannot be checked here"));
}

#[test]
fn of_two_certificates_of_an_authority_the_one_whose_signature_was_checked_counts() {
    let root = Authority::root("CN=root");
    let good = Authority::below("CN=intermediate", &root);
    // It looks better, as it lasts longer.
    let forged = Shape {
        algorithm: unknown_algorithm(),
        not_after: utc("400101000000Z"),
        serial: vec![9],
        ..Shape::authority("CN=intermediate")
    };
    let forged = root.sign(forged.key(&*good.key));
    let report = files(&[&good.sign(leaf("leaf")), &forged, &good.der, &root.der]);
    assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
}

/// Name constraints that permit one name, written as it is.
fn permitting(base: Vec<u8>) -> Vec<u8> {
    sequence(&[element(0xa0, &[sequence(&[base])])])
}

fn directory(text: &str) -> Vec<u8> {
    element(0xa4, &[name(text)])
}

/// A leaf below an authority with name constraints.
fn constrained(constraints: &[u8], leaf: Shape) -> Report {
    let root = Authority::root("CN=root");
    let shape = Shape::authority("O=Acme, CN=intermediate").with("2.5.29.30", true, constraints);
    let intermediate = Authority::shaped(shape, Some(&root), key());
    files(&[&intermediate.sign(leaf), &intermediate.der, &root.der])
}

#[test]
fn name_constraints_hold_for_the_authorities_between_too() {
    let root = Authority::root("CN=root");
    let upper =
        Shape::authority("O=Acme, CN=upper").with("2.5.29.30", true, &permitting(directory("O=Acme")));
    let upper = Authority::shaped(upper, Some(&root), key());
    let inside = Authority::below("O=Acme, CN=inside", &upper);
    let outside = Authority::below("O=Other, CN=outside", &upper);
    let good = inside.sign(Shape { subject: name("O=Acme, CN=good"), ..leaf("good") });
    let bad = outside.sign(Shape { subject: name("O=Acme, CN=bad"), ..leaf("bad") });
    let report = files(&[&good, &bad, &inside.der, &outside.der, &upper.der, &root.der]);
    assert_eq!(find(&report, "inside").verdict, Verdict::Trusted);
    let reason = "its issuer \"upper\" does not permit its subject";
    assert_eq!(refusal(&report, "outside"), reason);
    let reason = "the authority \"upper\" above it does not permit the subject of \"outside\"";
    assert!(refusal(&report, "bad").starts_with(reason), "{}", refusal(&report, "bad"));
    // That the authority between breaks the rule is said of it alone.
    let said = |name: &str| -> Vec<&str> {
        let findings = find(&report, name).findings.iter();
        findings.map(|at| report.findings[usize::try_from(*at).unwrap()].rule.id).collect()
    };
    assert!(said("outside").contains(&"name-constraint-violated"), "{:?}", said("outside"));
    assert!(said("bad").contains(&"chain-broken"), "{:?}", said("bad"));
    assert!(!said("bad").contains(&"name-constraint-violated"), "{:?}", said("bad"));
}

#[test]
fn an_authority_that_renews_itself_is_free_of_name_constraints() {
    // RFC 5280, 6.1.3 (b) and (c), and 4.2.1.10.
    let root = Authority::root("CN=root");
    let upper = Shape::authority("CN=upper").with("2.5.29.30", true, &permitting(directory("O=Acme")));
    let upper = Authority::shaped(upper, Some(&root), key());
    let renewed = Authority::below("CN=upper", &upper);
    let der = renewed.sign(Shape { subject: name("O=Acme, CN=leaf"), ..leaf("leaf") });
    let report = files(&[&der, &renewed.der, &upper.der, &root.der]);
    let of_upper = "does not permit the subject of";
    let is_said = report.certificates.iter().any(|certificate| match &certificate.verdict {
        Verdict::Refused(reason) => reason.contains(of_upper),
        _ => false,
    });
    assert!(!is_said, "{:#?}", report.certificates);
}

#[test]
fn name_constraints_are_about_every_name_that_a_certificate_has() {
    let dns = |text: &str| element(0x82, &[text.as_bytes().to_vec()]);
    let mail = element(0x81, &[b"example.com".to_vec()]);
    let address = |text: &str| {
        sequence(&[
            element(
                0x31,
                &[sequence(&[oid("1.2.840.113549.1.9.1"), element(0x16, &[text.as_bytes().to_vec()])])],
            ),
            element(0x31, &[sequence(&[oid("2.5.4.3"), element(0x13, &[b"leaf".to_vec()])])]),
        ])
    };
    let bare = |text: &str| Shape { subject: address(text), ..Shape::leaf("CN=leaf", &[]) };
    let acme = || Shape { subject: name("O=Acme, CN=leaf"), ..leaf("leaf") };
    let not_text = sequence(&[element(0x31, &[sequence(&[oid("2.5.4.10"), element(0x14, &[vec![0xe9]])])])]);
    for (constraints, shape, reason) in [
        (
            permitting(directory("O=Acme")),
            acme().names(&[dns("a"), directory("O=Other, CN=leaf")]),
            "does not permit a directory name among its names",
        ),
        (
            sequence(&[element(0xa1, &[sequence(&[directory("O=Other")])])]),
            acme().names(&[dns("a"), directory("O=UTF8:OTHER, CN=leaf")]),
            "excludes a directory name among its names",
        ),
        (permitting(mail.clone()), bare("a@example.org"), "does not permit \"a@example.org\""),
        (
            permitting(element(0x88, &[vec![42, 3]])),
            acme().names(&[element(0x88, &[vec![42, 4]])]),
            "of a kind",
        ),
        // What cannot be read may be anything.
        (
            permitting(dns("example.com")),
            acme().with("2.5.29.17", false, &[5, 0]),
            "its names cannot be read",
        ),
        (
            permitting(dns("example.com")),
            acme().names(&[element(0x82, &[vec![0xff]])]),
            "its names cannot be",
        ),
        (
            permitting(directory("O=Acme")),
            acme().names(&[element(0xa4, &[vec![5, 0]])]),
            "its names cannot be",
        ),
        (
            permitting(directory("O=Acme")),
            Shape { subject: not_text, ..leaf("") },
            "its names cannot be read",
        ),
        (sequence(&[element(0xa0, &[vec![5, 0]])]), acme(), "has name constraints that cannot be read"),
        (
            permitting(element(0x87, &[vec![10, 0, 0, 0, 255, 0, 255, 0]])),
            acme(),
            "constraints that cannot be",
        ),
    ] {
        let report = constrained(&constraints, shape);
        let leaf = report.certificates.iter().find(|one| !one.role.is_authority()).unwrap();
        let Verdict::Refused(found) = &leaf.verdict else { panic!("{reason}: {:?}", leaf.verdict) };
        assert!(
            found.starts_with("its issuer \"intermediate\" ") && found.contains(reason),
            "{reason}: {found}"
        );
    }
    // With alternative names, or inside, no address of the subject is outside.
    for shape in [bare("a@example.com"), bare("a@example.org").names(&[dns("a")])] {
        let report = constrained(&permitting(mail.clone()), shape);
        assert_eq!(find(&report, "leaf").verdict, Verdict::Trusted);
    }
}

#[test]
fn a_large_certificate_is_called_large_and_not_malformed() {
    let root = Authority::root("CN=root");
    let hosts: Vec<String> = (0..6000).map(|at| format!("node-{at}.example.com")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let report = files(&[&root.sign(Shape::leaf("CN=leaf", &hosts)), &root.der]);
    let reason = "rustls-webpki refuses it: the certificate is larger than 64 KiB";
    assert!(refusal(&report, "leaf").starts_with(reason), "{}", refusal(&report, "leaf"));
}

#[test]
fn so_many_name_constraints_that_comparing_takes_long_are_a_fault() {
    let permitted = |base: &dyn Fn(usize) -> Vec<u8>| {
        let bases: Vec<Vec<u8>> = (0..10_000).map(|at| sequence(&[base(at)])).collect();
        sequence(&[element(0xa0, &bases)])
    };
    let of_names = permitted(&|at| element(0x82, &[format!("{at}.example.com").into_bytes()]));
    let of_directories = permitted(&|at| directory(&format!("O=Acme, CN={at}")));
    let names = [element(0x82, &[b"1.example.com".to_vec()]), element(0x82, &[b"2.example.com".to_vec()])];
    let shape = Shape { subject: name("O=Acme, CN=1"), ..leaf("1") }.names(&names);
    for constraints in [of_names, of_directories] {
        let report = constrained(&constraints, shape.clone());
        assert!(
            refusal(&report, "1").contains("has too many name constraints to be compared with its names"),
            "{}",
            refusal(&report, "1")
        );
    }
}
