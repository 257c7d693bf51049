//! What we sign, others read back the same: x509-parser and openssl read random certificates, and openssl and
//! webpki, the verifier of Rust's TLS, accept them, for their hosts, usages and times and for no others.

#![cfg(feature = "aws-lc-rs")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

use certmint::json::GoDuration;
use certmint::model::{CertificateRequest, KeyRequest, NameEntry, SigningConfig, Usage};
use certmint::signer::{Authority, Issuance, LocalSigner};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use webpki::{EndEntityCert, KeyUsage};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};

/// 2026-01-01T00:00:30Z, so that rounding to the minute shows.
const NOW: i64 = 1_767_225_630;

/// The words for bits of the key usage, with their places; written from RFC 5280, not from our source.
const BITS: [(&str, u16); 7] = [
    ("signing", 0),
    ("digital signature", 0),
    ("content commitment", 1),
    ("key encipherment", 2),
    ("data encipherment", 3),
    ("key agreement", 4),
    ("crl sign", 6),
];

/// The words for purposes, with the contents of their object identifiers.
const PURPOSES: [(&str, &str, &[u8]); 7] = [
    ("server auth", "1.3.6.1.5.5.7.3.1", &[43, 6, 1, 5, 5, 7, 3, 1]),
    ("client auth", "1.3.6.1.5.5.7.3.2", &[43, 6, 1, 5, 5, 7, 3, 2]),
    ("code signing", "1.3.6.1.5.5.7.3.3", &[43, 6, 1, 5, 5, 7, 3, 3]),
    ("email protection", "1.3.6.1.5.5.7.3.4", &[43, 6, 1, 5, 5, 7, 3, 4]),
    ("timestamping", "1.3.6.1.5.5.7.3.8", &[43, 6, 1, 5, 5, 7, 3, 8]),
    ("ocsp signing", "1.3.6.1.5.5.7.3.9", &[43, 6, 1, 5, 5, 7, 3, 9]),
    ("netscape sgc", "2.16.840.1.113730.4.1", &[96, 134, 72, 1, 134, 248, 66, 4, 1]),
];

/// Something to issue.
#[derive(Debug, Clone)]
struct Wish {
    common_name: String,
    serial_number: String,
    names: Vec<NameEntry>,
    hosts: Vec<String>,
    bits: Vec<usize>,
    purposes: Vec<usize>,
    minutes: i64,
    key: bool,
    authority_key: bool,
    authority_names: Vec<NameEntry>,
}

/// Printable, Latin, Chinese and beyond the first plane; never blank, so that it is a value.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-z0-9][A-Za-z0-9 .:/?()'-]{0,20}[A-Za-z0-9]",
        1 => "[a-z]{0,3}[*&@_!]{1,3}",
        1 => "[é-ü]{1,8}",
        1 => "[憑證中心]{1,8}",
        1 => "[a-z]{60,90}",
        1 => Just("🔑".to_owned()),
    ]
}

fn entry() -> impl Strategy<Value = NameEntry> {
    let maybe = || prop_oneof![Just(String::new()), value()];
    let email = prop_oneof![3 => Just(String::new()), 1 => "[a-z]{1,8}@[a-z]{1,8}\\.example"];
    (maybe(), maybe(), maybe(), maybe(), maybe(), email).prop_map(|(c, st, l, o, ou, email)| NameEntry {
        country: c,
        province: st,
        locality: l,
        organization: o,
        organizational_unit: ou,
        email,
        ..NameEntry::default()
    })
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z][a-z0-9]{0,10}(\\.[a-z][a-z0-9-]{0,8}[a-z0-9]){0,3}",
        1 => "\\*\\.[a-z]{1,8}\\.example",
        2 => any::<[u8; 4]>().prop_map(|octets| IpAddr::from(octets).to_string()),
        // An address that maps an IPv4 one is written as that; it is not drawn.
        2 => any::<[u8; 16]>().prop_map(|mut octets| {
            octets[0] |= 0x20;
            IpAddr::from(octets).to_string()
        }),
        1 => "[a-z]{1,8}@[a-z]{1,8}\\.example",
        1 => "https://[a-z]{1,8}\\.example/[a-z]{0,8}",
    ]
}

fn wish() -> impl Strategy<Value = Wish> {
    let some = |of: usize| prop::sample::subsequence((0..of).collect::<Vec<_>>(), 0..=of);
    let optional = || prop_oneof![Just(String::new()), value()];
    let names = || prop::collection::vec(entry(), 0..4);
    // From a minute to a century, the short and the long.
    let minutes = prop_oneof![1..3000_i64, 1..52_000_000_i64];
    (
        (optional(), optional(), names(), names()),
        prop::collection::vec(host(), 0..8),
        some(BITS.len()),
        some(PURPOSES.len()),
        minutes,
        any::<(bool, bool)>(),
    )
        .prop_map(|(texts, hosts, mut bits, purposes, minutes, keys)| {
            let (common_name, serial_number, names, authority_names) = texts;
            if bits.is_empty() && purposes.is_empty() {
                bits.push(0);
            }
            let (key, authority_key) = keys;
            Wish {
                common_name,
                serial_number,
                names,
                hosts,
                bits,
                purposes,
                minutes,
                key,
                authority_key,
                authority_names,
            }
        })
}

fn key(ed25519: bool) -> KeyRequest {
    if ed25519 { KeyRequest::ed25519() } else { KeyRequest::ecdsa(256) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn others_read_back_what_was_asked_for(wish in wish()) {
        check(&wish);
    }
}

/// Issues and has it read. A leaf that says something else stops the test.
fn check(wish: &Wish) {
    let moment = |seconds: i64| time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let authority = CertificateRequest {
        common_name: "CA".to_owned(),
        names: wish.authority_names.clone(),
        key: key(wish.authority_key),
        ..CertificateRequest::default()
    };
    let authority = Authority::init(&authority, Issuance::at(moment(NOW)).unwrap()).unwrap();
    let mut config = SigningConfig::built_in();
    let words = wish.bits.iter().map(|bit| BITS[*bit].0);
    let words = words.chain(wish.purposes.iter().map(|purpose| PURPOSES[*purpose].0));
    config.default.usages = words.map(|word| Usage::from_word(word).unwrap()).collect();
    config.default.expiry = GoDuration::from_nanoseconds(wish.minutes * 60_000_000_000);
    let signer = LocalSigner::new(authority.certificate(), authority.key(), config).unwrap();
    let request = CertificateRequest {
        common_name: wish.common_name.clone(),
        serial_number: wish.serial_number.clone(),
        names: wish.names.clone(),
        hosts: wish.hosts.clone(),
        key: key(wish.key),
        ..CertificateRequest::default()
    };
    let issued = signer.generate(&request, "", Issuance::at(moment(NOW)).unwrap()).unwrap();
    let (leaf, above) = (issued.certificate.der(), authority.certificate().der());

    let subject = x509_parser_reads(wish, leaf, above);
    webpki_verifies(wish, leaf, above);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), authority.certificate().to_pem()).unwrap();
    std::fs::write(folder.path().join("leaf.pem"), issued.certificate.to_pem()).unwrap();
    openssl_agrees(folder.path(), wish, &subject, &issued.serial.to_string());
}

/// The attribute sets of the subject that the wish describes: each attribute as identifier and value.
fn expected_subject(wish: &Wish) -> Vec<Vec<(String, String)>> {
    let of = |field: fn(&NameEntry) -> &String| wish.names.iter().map(field).cloned().collect::<Vec<_>>();
    let sets = [
        ("2.5.4.6", of(|name| &name.country)),
        ("2.5.4.8", of(|name| &name.province)),
        ("2.5.4.7", of(|name| &name.locality)),
        ("2.5.4.10", of(|name| &name.organization)),
        ("2.5.4.11", of(|name| &name.organizational_unit)),
        ("2.5.4.3", vec![wish.common_name.clone()]),
        ("2.5.4.5", vec![wish.serial_number.clone()]),
    ];
    let mut subject = Vec::new();
    for (kind, values) in sets {
        let values = values.into_iter().filter(|value| !value.is_empty());
        let mut set: Vec<_> = values.map(|value| (kind.to_owned(), value)).collect();
        set.sort();
        subject.extend((!set.is_empty()).then_some(set));
    }
    let emails = of(|name| &name.email).into_iter().filter(|email| !email.is_empty());
    subject.extend(emails.map(|email| vec![("1.2.840.113549.1.9.1".to_owned(), email)]));
    subject
}

/// x509-parser finds what was asked for. Returns the subject, a line for each set, as the certificate orders it.
fn x509_parser_reads(wish: &Wish, leaf: &[u8], above: &[u8]) -> Vec<String> {
    let (rest, leaf) = X509Certificate::from_der(leaf).unwrap();
    let (_, above) = X509Certificate::from_der(above).unwrap();
    assert!(rest.is_empty());
    assert_eq!(leaf.version().0, 2);
    assert_eq!(leaf.issuer().as_raw(), above.subject().as_raw());
    assert!(leaf.raw_serial().len() <= 20 && leaf.raw_serial()[0] < 0x80);

    let subject = read_subject(&leaf);
    let sorted = subject.iter().cloned().map(|mut set| {
        set.sort();
        set
    });
    assert_eq!(sorted.collect::<Vec<_>>(), expected_subject(wish));

    // Five minutes back, rounded to the minute.
    let start = (NOW - 300 + 30) / 60 * 60;
    assert_eq!(leaf.validity().not_before.timestamp(), start);
    assert_eq!(leaf.validity().not_after.timestamp(), start + wish.minutes * 60);

    let constraints = leaf.basic_constraints().unwrap().expect("basic constraints");
    assert!(constraints.critical && !constraints.value.ca && constraints.value.path_len_constraint.is_none());
    match leaf.key_usage().unwrap() {
        Some(usage) => {
            let expected = wish.bits.iter().fold(0, |flags, bit| flags | 1 << BITS[*bit].1);
            assert_eq!((usage.critical, usage.value.flags), (true, expected));
        }
        None => assert!(wish.bits.is_empty()),
    }
    match leaf.extended_key_usage().unwrap() {
        Some(usage) => {
            let usage = usage.value;
            let known = [
                (usage.server_auth, "1.3.6.1.5.5.7.3.1"),
                (usage.client_auth, "1.3.6.1.5.5.7.3.2"),
                (usage.code_signing, "1.3.6.1.5.5.7.3.3"),
                (usage.email_protection, "1.3.6.1.5.5.7.3.4"),
                (usage.time_stamping, "1.3.6.1.5.5.7.3.8"),
                (usage.ocsp_signing, "1.3.6.1.5.5.7.3.9"),
            ];
            let known = known.into_iter().filter(|(there, _)| *there).map(|(_, id)| id.to_owned());
            let read: BTreeSet<_> = known.chain(usage.other.iter().map(|id| id.to_id_string())).collect();
            let expected = wish.purposes.iter().map(|purpose| PURPOSES[*purpose].1.to_owned());
            assert_eq!(read, expected.collect());
        }
        None => assert!(wish.purposes.is_empty()),
    }
    let names = leaf.subject_alternative_name().unwrap();
    // RFC 5280 section 4.2.1.6: critical where the subject is empty.
    let critical = names.as_ref().map(|names| names.critical);
    assert_eq!(critical, (!wish.hosts.is_empty()).then_some(expected_subject(wish).is_empty()));
    let mut read: Vec<String> =
        names.iter().flat_map(|names| &names.value.general_names).map(shown).collect();
    let mut asked = wish.hosts.clone();
    read.sort();
    asked.sort();
    assert_eq!(read, asked);

    let key_identifier = |certificate: &X509Certificate<'_>| {
        let found =
            certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier.0.to_vec()),
                _ => None,
            });
        found.expect("a subject key identifier")
    };
    let authority = leaf.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(identifier) => identifier.key_identifier.clone(),
        _ => None,
    });
    assert_eq!(authority.expect("an authority key identifier").0, key_identifier(&above));
    let sha1 = aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY,
        &leaf.public_key().subject_public_key.data,
    );
    assert_eq!(key_identifier(&leaf), sha1.as_ref());
    let line = |set: &Vec<(String, String)>| {
        set.iter().map(|(kind, value)| format!("{kind}={value}")).collect::<Vec<_>>().join(" + ")
    };
    subject.iter().map(line).collect()
}

/// The attribute sets of the subject in the certificate's own order.
fn read_subject(leaf: &X509Certificate<'_>) -> Vec<Vec<(String, String)>> {
    let attribute = |one: &x509_parser::prelude::AttributeTypeAndValue<'_>| {
        (one.attr_type().to_id_string(), one.as_str().unwrap().to_owned())
    };
    leaf.subject().iter_rdn().map(|set| set.iter().map(attribute).collect()).collect()
}

/// A name as it was asked for.
fn shown(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(text) | GeneralName::RFC822Name(text) | GeneralName::URI(text) => {
            (*text).to_owned()
        }
        GeneralName::IPAddress(octets) => match <[u8; 4]>::try_from(*octets) {
            Ok(octets) => IpAddr::from(octets).to_string(),
            Err(_) => IpAddr::from(<[u8; 16]>::try_from(*octets).unwrap()).to_string(),
        },
        other => panic!("nobody asked for {other:?}"),
    }
}

/// webpki accepts it for each purpose and host it has and within its time, and for nothing else.
fn webpki_verifies(wish: &Wish, leaf: &[u8], above: &[u8]) {
    let (leaf, above) =
        (rustls_pki_types::CertificateDer::from(leaf), rustls_pki_types::CertificateDer::from(above));
    let anchor = webpki::anchor_from_trusted_cert(&above).unwrap();
    let leaf = EndEntityCert::try_from(&leaf).unwrap();
    let start = (NOW - 300 + 30) / 60 * 60;
    let end = start + wish.minutes * 60;
    let verify = |usage: KeyUsage, seconds: i64| -> Result<(), webpki::Error> {
        let seconds = Duration::from_secs(u64::try_from(seconds).unwrap());
        let time = rustls_pki_types::UnixTime::since_unix_epoch(seconds);
        let algorithms = webpki::ALL_VERIFICATION_ALGS;
        let anchors = std::slice::from_ref(&anchor);
        leaf.verify_for_usage(algorithms, anchors, &[], time, usage, None, None).map(drop)
    };
    let fitting = match wish.purposes.first() {
        Some(first) => KeyUsage::required(PURPOSES[*first].2),
        None => KeyUsage::server_auth(),
    };
    for seconds in [start, end] {
        verify(fitting, seconds).unwrap();
    }
    assert!(matches!(verify(fitting, start - 1), Err(webpki::Error::CertNotValidYet { .. })));
    assert!(matches!(verify(fitting, end + 1), Err(webpki::Error::CertExpired { .. })));
    for (position, (word, _, id)) in PURPOSES.iter().enumerate() {
        let verified = verify(KeyUsage::required(id), start).is_ok();
        assert_eq!(verified, wish.purposes.contains(&position), "{word}");
    }
    for host in wish.hosts.iter().filter(|host| !host.contains(['@', '/'])) {
        let asked = host.replace('*', "any");
        let name = rustls_pki_types::ServerName::try_from(asked.as_str()).unwrap();
        leaf.verify_is_valid_for_subject_name(&name)
            .unwrap_or_else(|error| panic!("{asked}: {error} {:?}", wish.hosts));
    }
    let other = rustls_pki_types::ServerName::try_from("not.among.the.hosts.of.it").unwrap();
    assert!(leaf.verify_is_valid_for_subject_name(&other).is_err());
}

/// openssl verifies it, and reads the same subject, times, serial number and names.
fn openssl_agrees(folder: &Path, wish: &Wish, subject: &[String], serial: &str) {
    let openssl = |arguments: &[&str]| -> String {
        let output = Command::new("openssl").current_dir(folder).args(arguments).output();
        let output =
            output.unwrap_or_else(|error| panic!("openssl is missing ({error}); `make peers` installs it"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "openssl {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    };
    // Without a name of any kind, or as a nameless signer of CRLs, it breaks RFC 5280; cfssl issues it.
    let signs_lists = wish.bits.iter().any(|bit| BITS[*bit].0 == "crl sign");
    let nameless = subject.is_empty() && (wish.hosts.is_empty() || signs_lists);
    let strict = if nameless { "-no_check_time" } else { "-x509_strict" };
    openssl(&["verify", "-no_check_time", strict, "-CAfile", "ca.pem", "leaf.pem"]);
    let read =
        openssl(&["x509", "-in", "leaf.pem", "-noout", "-subject", "-nameopt", "oid,sep_multiline,utf8"]);
    let lines: Vec<&str> = read.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, subject);
    let read = openssl(&["x509", "-in", "leaf.pem", "-noout", "-serial", "-enddate", "-dateopt", "iso_8601"]);
    let end = (NOW - 300 + 30) / 60 * 60 + wish.minutes * 60;
    let end = time::OffsetDateTime::from_unix_timestamp(end).unwrap();
    let (date, (hour, minute, second)) = (end.date(), end.time().as_hms());
    let expected = format!("notAfter={date} {hour:02}:{minute:02}:{second:02}Z");
    assert!(read.lines().any(|line| line == expected), "{expected} is not in {read}");
    let digits = read.lines().find_map(|line| line.strip_prefix("serial=")).unwrap();
    assert_eq!(decimal(digits), serial);
    for host in wish.hosts.iter().filter(|host| !host.contains(['/', '*'])) {
        let kind = match host.parse::<IpAddr>() {
            Ok(_) => "-checkip",
            Err(_) if host.contains('@') => "-checkemail",
            Err(_) => "-checkhost",
        };
        let answer = openssl(&["x509", "-in", "leaf.pem", "-noout", kind, host]);
        assert!(answer.contains("does match"), "{answer}");
    }
}

/// Hexadecimal digits as a decimal number.
fn decimal(hexadecimal: &str) -> String {
    let mut digits = vec![0_u32];
    for letter in hexadecimal.chars() {
        let mut carry = letter.to_digit(16).unwrap();
        for digit in &mut digits {
            carry += *digit * 16;
            *digit = carry % 10;
            carry /= 10;
        }
        if carry > 0 {
            digits.extend([carry % 10, carry / 10].into_iter().take(if carry > 9 { 2 } else { 1 }));
        }
    }
    digits.iter().rev().map(u32::to_string).collect()
}
