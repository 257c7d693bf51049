//! The report of an audit: order, places, fingerprints, the same for any number of threads.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod audit_support;

use audit_support::support::der::items;
use audit_support::{Authority, Scene, Shape, key, name, object, utc};
use certmint::inspect::audit::{Severity, Subject, UseProfile, Verdict};
use certmint::inspect::evidence::{Container, Place, Unreadable};

fn leaf(name: &str) -> Shape {
    Shape::leaf(&format!("CN={name}"), &["node.example.com"])
}

/// A set with findings of every severity.
fn faulty() -> Scene {
    let root = Authority::root("CN=root");
    let mut scene = Scene::new().certificates("ca.pem", &[&root.der]);
    for number in 0..200 {
        let shape = match number % 5 {
            0 => leaf(&format!("{number}")).valid("250101000000Z", "260101000000Z"),
            1 => leaf(&format!("{number}")).without("2.5.29.17"),
            2 => leaf(&format!("{number}")).without("2.5.29.37"),
            3 => leaf(&format!("{number}")).valid("250201000000Z", "260120000000Z"),
            _ => leaf(&format!("{number}")),
        };
        let key = key();
        let der = root.sign(shape.key(&*key));
        scene = scene.certificates(&format!("{number}.pem"), &[&der]);
        scene = scene.file_with_mode(
            &format!("{number}-key.pem"),
            0o600 | (number % 8),
            vec![object::key(&*key)],
        );
    }
    scene
}

#[test]
fn is_the_same_for_any_number_of_threads() {
    let mut scene = faulty();
    let one = scene.audit();
    for threads in [0, 2, 5] {
        scene.options.threads = threads;
        let other = scene.audit();
        assert_eq!(one.findings, other.findings);
        assert_eq!(one.chains, other.chains);
        assert_eq!(format!("{:?}", one.certificates), format!("{:?}", other.certificates));
        assert_eq!(one.signature_checks, other.signature_checks);
    }
}

#[test]
fn stands_in_order_and_points_to_one_another() {
    let report = faulty().audit();
    let ends: Vec<_> = report.certificates.iter().map(|certificate| certificate.not_after).collect();
    assert!(ends.is_sorted());
    let order: Vec<_> = report
        .findings
        .iter()
        .map(|finding| (std::cmp::Reverse(finding.rule.severity), finding.rule.id))
        .collect();
    assert!(order.is_sorted());
    let counts = report.counts();
    assert!(counts.iter().all(|(_, count)| *count > 0), "{counts:?}");
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), report.findings.len());
    assert_eq!(counts[3].0, Severity::Critical);
    for (at, certificate) in (0u32..).zip(&report.certificates) {
        for finding in &certificate.findings {
            let finding = &report.findings[usize::try_from(*finding).unwrap()];
            assert_eq!(finding.subject, Subject::Certificate(at));
            assert_eq!(finding.places, certificate.places);
        }
    }
    let listed: usize = report.certificates.iter().map(|certificate| certificate.findings.len()).sum();
    let about = report.findings.iter().filter(|finding| matches!(finding.subject, Subject::Certificate(_)));
    assert_eq!(listed, about.count());
    let mut fingerprints: Vec<&str> =
        report.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    assert!(
        fingerprints.iter().all(|one| one.len() == 32 && one.bytes().all(|digit| digit.is_ascii_hexdigit()))
    );
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), report.findings.len());
    assert_eq!((report.private_keys, report.certificate_lists, report.certificate_requests), (200, 0, 0));
    assert!(report.certificates.iter().filter(|certificate| certificate.has_private_key).count() == 200);
}

#[test]
fn unreadable_validity_stands_first() {
    let root = Authority::root("CN=root");
    let early = root.sign(leaf("early"));
    let broken = root.sign(Shape { not_after: utc("never"), ..leaf("broken") });
    let report = Scene::new().certificates("all.pem", &[&root.der, &early, &broken]).audit();
    let names: Vec<&str> = report.certificates.iter().map(|certificate| certificate.name.as_str()).collect();
    assert_eq!(names, ["broken", "early", "root"]);
}

#[test]
fn one_certificate_in_many_places_is_one() {
    let root = Authority::root("CN=root");
    let mut scene = Scene::new()
        .certificates("ca.pem", &[&root.der])
        .certificates("bundle.pem", &[&root.der, &Authority::root("CN=other").der])
        .document(
            "config",
            Container::Kubeconfig,
            vec![("clusters[0].cluster.certificate-authority-data", object::certificate(&root.der))],
        );
    scene.evidence.unreadable.push(Unreadable { name: "secret".into(), reason: "permission denied".into() });
    let report = scene.audit();
    assert_eq!(report.certificates.len(), 2);
    let certificate = report.certificates.iter().find(|certificate| certificate.name == "root").unwrap();
    let places: Vec<(&str, &str, Option<u32>)> = certificate
        .places
        .iter()
        .map(|place| {
            let name = &*report.sources[usize::try_from(place.source).unwrap()].name;
            (name, &*place.detail, place.line)
        })
        .collect();
    assert_eq!(
        places,
        [
            ("ca.pem", "", Some(1)),
            ("bundle.pem", "section 1, line 1", Some(1)),
            ("config", "clusters[0].cluster.certificate-authority-data", Some(2)),
        ]
    );
    assert_eq!(report.unreadable.len(), 1);
}

#[test]
fn fingerprints_stay_when_time_passes_and_files_move() {
    let root = Authority::root("CN=root");
    let der = root.sign(leaf("node").valid("250101000000Z", "260105000000Z"));
    let scene = |file: &str| Scene::new().certificates("ca.pem", &[&root.der]).certificates(file, &[&der]);
    let expired = |scene: &Scene| {
        let report = scene.audit();
        let found = report.findings.iter().find(|finding| finding.rule.id == "expired").unwrap();
        (found.fingerprint.clone(), found.message.clone())
    };
    let now = expired(&scene("node.pem"));
    let mut later = scene("elsewhere/node.pem");
    later.options.now += time::Duration::days(5);
    let later = expired(&later);
    assert_eq!(now.0, later.0);
    assert_ne!(now.1, later.1);
    // Another certificate is another finding.
    let other = root.sign(leaf("node").valid("250101000000Z", "260105000000Z"));
    let other = Scene::new().certificates("ca.pem", &[&root.der]).certificates("node.pem", &[&other]);
    assert_ne!(expired(&other).0, now.0);
}

#[test]
fn objects_of_no_source_are_left_out() {
    let root = Authority::root("CN=root");
    let mut scene = Scene::new().certificates("ca.pem", &[&root.der]);
    scene.evidence.objects[0].source = 7;
    let report = scene.audit();
    assert!(report.certificates.is_empty() && report.findings.is_empty());
    scene.evidence.objects[0].source = 0;
    scene.evidence.objects[0].place = Place::Whole;
    assert_eq!(scene.audit().certificates.len(), 1);
}

#[test]
fn says_nothing_of_nothing() {
    let report = Scene::new().audit();
    assert!(report.certificates.is_empty() && report.findings.is_empty() && report.chains.is_empty());
}

#[test]
fn survives_damaged_certificates_of_every_kind() {
    let root = Authority::root("CN=root");
    let der = root.sign(leaf("node"));
    for length in 0..der.len() {
        let report = Scene::new().certificates("ca.pem", &[&root.der, &der[..length]]).audit();
        assert_eq!(report.certificates.len(), 2);
        assert!(report.findings.iter().any(|finding| finding.rule.id == "certificate-malformed"));
    }
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 0x55;
        let report = Scene::new().certificates("ca.pem", &[&root.der, &changed]).audit();
        assert_eq!(report.certificates.len(), 2);
        assert!(!report.findings.is_empty(), "octet {at} changed, and nothing said");
    }
}

#[test]
fn a_long_name_is_not_copied_into_what_is_said_of_others() {
    let long = format!("CN={}", "x".repeat(200_000));
    let root = Shape::authority(&long).valid("250101000000Z", "260101000000Z");
    let root = Authority::shaped(root, None, key());
    // The leaves name another issuer, so that they are small; key identifiers lead to the root.
    let leaves: Vec<Vec<u8>> = (0..100)
        .map(|at| root.sign(Shape { issuer: Some(name("CN=short")), ..leaf(&format!("leaf {at}")) }))
        .collect();
    let ders: Vec<&[u8]> = leaves.iter().map(Vec::as_slice).chain([&*root.der]).collect();
    let report = Scene::new().certificates("all.pem", &ders).audit();
    let of_findings: usize = report.findings.iter().map(|finding| finding.message.len()).sum();
    let refused = |verdict: &Verdict| match verdict {
        Verdict::Refused(reason) => reason.len(),
        Verdict::Trusted | Verdict::Anchor => 0,
    };
    let of_verdicts: usize = report.certificates.iter().map(|one| refused(&one.verdict)).sum();
    assert!(report.findings.len() > 200);
    assert!(of_findings < 1000 * report.findings.len(), "{of_findings}");
    assert!(of_verdicts < 100_000, "{of_verdicts}");
    let root = report.certificates.iter().find(|one| one.name.len() == 200_000);
    assert!(root.is_some(), "its own row has the whole name");
}

/// A certificate with another length in front: longer than there is, or the indefinite one of BER with its end.
fn with_lengths(der: &[u8]) -> [Vec<u8>; 2] {
    assert_eq!(der[1], 0x82);
    [[&[0x30, 0x82, 0xff, 0xff], &der[4..]].concat(), [&[0x30, 0x80], &der[4..], &[0, 0]].concat()]
}

#[test]
fn a_damaged_certificate_is_known_by_what_can_be_read_of_it_and_trusted_by_nobody() {
    let root = Authority::root("CN=root");
    let der = root.sign(leaf("node"));
    let mut damaged = vec![der[..der.len() - 20].to_vec()];
    damaged.extend(with_lengths(&der));
    for damaged in damaged {
        let report = Scene::new().certificates("all.pem", &[&damaged, &root.der]).audit();
        let node = report.certificates.iter().find(|one| one.name == "node").unwrap();
        assert!(node.not_after.is_some() && node.issuer == "CN=root", "{node:?}");
        let Verdict::Refused(reason) = &node.verdict else { panic!("{:?}", node.verdict) };
        assert_eq!(reason, "its issuer \"CN=root\" did not sign it as it stands");
    }
    for damaged in with_lengths(&root.der) {
        let report = Scene::new().certificates("all.pem", &[&der, &damaged]).audit();
        assert!(
            report.certificates.iter().all(|one| matches!(one.verdict, Verdict::Refused(_))),
            "{report:?}"
        );
    }
    // Of some nothing can be read, and nothing is made up.
    let report = Scene::new().certificates("all.pem", &[&[0x30, 0x82, 9]]).audit();
    let [nothing] = report.certificates.as_slice() else { panic!("{report:?}") };
    assert_eq!((&*nothing.name, &nothing.verdict), ("", &Verdict::Refused("it cannot be read".to_owned())));
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["certificate-malformed"]);
}

#[test]
fn what_stood_behind_the_end_of_half_a_certificate_is_not_missed() {
    let root = Authority::root("CN=root");
    let der = root.sign(leaf("node"));
    let body = 4 + items(&der)[0].open()[0].whole.len();
    for length in 60..body {
        let scene = Scene::new().certificates("ca.pem", &[&root.der]).for_use(UseProfile::Web);
        let report = scene.certificates("half.crt", &[&der[..length]]).audit();
        let found: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
        assert_eq!(found, ["certificate-malformed"], "{length}");
    }
}
