//! The parsers that meet bytes from outside, one function for each: what it is given it reads or refuses
//! without panic, and what it writes again means the same. The fuzzers call them with what they make up, and
//! `tests/fuzz_replay.rs` with what is kept in `fuzz/corpus` and `fuzz/regressions`.
//!
//! A further target is a function here, its name in [`TARGETS`], a file of two lines in `fuzz_targets`, three
//! lines in `Cargo.toml`, and a few seeds in `corpus`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a fault has to be seen"
)]

use certmint::bundle::{
    BundleInput, Bundler, ChainCertificate, Flavor, PlatformFile, read_certificates, read_input,
    read_known_certificates,
};
use certmint::cli::streams::Streams;
use certmint::cli::{World, cfssljson as cfssljson_program};
use certmint::csr::CertificateSigningRequest;
use certmint::inspect::details::{CertificateDetails, Origin};
use certmint::inspect::{describe, describe_csr, read_certificate_pem, read_csr_pem};
use certmint::json::{self, GoDuration, format_rfc3339, parse_date, parse_rfc3339};
use certmint::keys::{KeyAlgorithm, PrivateKey, SigningKey, read_pkcs12};
use certmint::model::{CertificateRequest, Host, SigningConfig, SubjectOverride};
use certmint::output::certificate::{Look, write_text};
use certmint::revocation::{CheckedCertificate, TrustedList, judge_response};
use certmint::signer::{
    Ask, Authority, Issuance, Issued, LocalSigner, OcspResponder, ResponseTimes, read_serial_list,
};
use certmint::x509::{
    BasicOcspResponse, Certificate, CertificateId, CertificateList, CertificateStatus, DistinguishedName,
    DistributionPoint, Extension, IssuedCertificate, IssuerCertificate, SerialNumber, TbsCertList,
};
use certmint::{Error, Warning};
use std::str::from_utf8;
use std::sync::OnceLock;
use time::{OffsetDateTime, UtcOffset};

macro_rules! targets {
    ($($name:ident)*) => {
        /// Every target: its name and its function.
        pub const TARGETS: &[(&str, fn(&[u8]))] = &[$((stringify!($name), $name),)*];
    };
}

targets! {
    bundle certificate cfssljson config crl csr duration host json ocsp pem pkcs12 pkcs7 platform private_key
    request serial_list subject timestamp
}

/// The password that the encrypted seeds have.
const PASSWORD: &str = "password";

/// 2026-01-01T00:00:00Z, a moment at which the seeds are valid.
const NOW: i64 = 1_767_225_600;

pub fn bundle(data: &[u8]) {
    let Ok(certificates) = read_certificates(data).map_err(refused) else { return };
    let (roots, others) = certificates.iter().cloned().partition(ChainCertificate::is_self_signed);
    let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
    let mut bundler = Bundler::new(roots, others);
    for flavor in [Flavor::Ubiquitous, Flavor::Optimal, Flavor::Force] {
        let input = BundleInput { certificates: certificates.clone(), key: None };
        if let Ok(bundle) = bundler.bundle(input, flavor, now, &mut |_| None).map_err(refused) {
            assert_json(&json::compact(&bundle.expose_json()));
            assert_eq!(ders(&read_certificates(bundle.to_pem().as_bytes()).unwrap()), ders(&bundle.chain));
        }
    }
}

pub fn certificate(data: &[u8]) {
    let details = CertificateDetails::new(data, OffsetDateTime::UNIX_EPOCH);
    let mut line = String::new();
    details.write_json(&mut line, None);
    assert_json(&line);
    let mut text = String::new();
    let origin = Origin { name: "-", position: None, line: None, member: None };
    write_text(&mut text, &details, &origin, &Look::PLAIN);
    assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'));
    if let Ok(info) = describe(data).map_err(refused) {
        let text = info.to_json_text();
        assert_json(&text);
        let (before, after) = (format_rfc3339(info.not_before), format_rfc3339(info.not_after));
        assert!(text.contains(&before) && text.contains(&after));
        assert_eq!(read_certificate_pem(info.pem.as_bytes()).unwrap().as_ref(), data);
    }
    if let Ok(certificate) = ChainCertificate::from_der(data).map_err(refused) {
        for name in [&certificate.subject, &certificate.issuer] {
            let _ = (name.to_string(), name.to_bundle_text());
        }
        let _ = (certificate.is_self_signed(), certificate.key_algorithm(), certificate.file_name());
        let again = read_certificates(certificate.to_pem().as_bytes()).unwrap();
        assert_eq!(again, [certificate]);
    }
    if let Ok(certificate) = CheckedCertificate::from_der(data).map_err(refused) {
        let urls = certificate.distribution_points.iter().flat_map(|point| point.urls());
        assert!(urls.count() <= data.len());
    }
    if let Ok(issuer) = IssuerCertificate::from_der(data).map_err(refused) {
        assert!(!issuer.key_identifier().is_empty() || issuer.subject_key_identifier.is_some());
        assert_name_survives(&issuer.subject);
        if let Ok(issued) = IssuedCertificate::from_der(data) {
            let _ = (issued.serial.to_string(), issued.check_issued_by(&issuer).map_err(refused));
        }
    }
}

/// The two ways in which cfssljson takes its input. With `-stdout` it writes no file.
pub fn cfssljson(data: &[u8]) {
    for flags in [&["-stdout"][..], &["-stdout", "-bare"]] {
        let (mut input, mut output, mut log) = (data, Vec::new(), Vec::new());
        let code = cfssljson_program::run(World {
            program: "cfssljson".to_owned(),
            arguments: flags.iter().map(Into::into).collect(),
            streams: Streams::new(&mut input, &mut output, &mut log),
            environment: &|_| None,
            clock: &|| OffsetDateTime::UNIX_EPOCH,
        });
        assert!(code == 0 || !log.is_empty(), "a fault without a word");
    }
}

pub fn config(data: &[u8]) {
    let Ok((config, warnings)) = SigningConfig::from_json_with_warnings(data).map_err(refused) else {
        return;
    };
    shown(&warnings);
    let written = config.expose_json();
    assert_json(&written);
    let again = SigningConfig::from_json(written.as_bytes()).unwrap();
    assert_eq!(*again.expose_json(), *written);
    assert_eq!(format!("{again:?}"), format!("{config:?}"));
    // What each profile makes of an ordinary request can be read.
    let (authority, key) = authority();
    let names: Vec<String> = config.profiles.iter().map(|(name, _)| name.clone()).collect();
    let signer = LocalSigner::new(&authority.certificate, key, config).unwrap();
    for name in names.iter().map(String::as_str).chain([""]).take(4) {
        let csr = authority.csr.as_ref().unwrap().content();
        if let Ok(issued) = signer.sign(csr, name, &Ask::default(), issuance()).map_err(refused) {
            shown(&issued.warnings);
            assert_issued(&issued.certificate);
        }
    }
}

pub fn crl(data: &[u8]) {
    let _ =
        DistributionPoint::read_all(data).map(|points| points.iter().flat_map(|point| point.urls()).count());
    let Ok(list) = CertificateList::from_file(data).map_err(refused) else { return };
    if let Some(entry) = list.revoked.last() {
        assert!(list.find(&entry.serial).is_some());
    }
    let issuer = IssuerCertificate::from_der(authority().0.certificate.der()).unwrap();
    TrustedList::new(list.clone(), &issuer).map_err(refused).unwrap_err();
    // What can be written is read again.
    let Some(next_update) = list.next_update.filter(|moment| is_written(*moment)) else { return };
    if !is_written(list.this_update) || list.revoked.iter().any(|entry| !is_written(entry.revoked_at)) {
        return;
    }
    let extensions = list.authority_key_identifier.as_deref().map(Extension::authority_key_identifier);
    let body = TbsCertList {
        issuer: list.issuer.clone(),
        this_update: list.this_update,
        next_update,
        revoked: list.revoked.clone(),
        extensions: extensions.into_iter().chain([Extension::crl_number(7)]).collect(),
    };
    let algorithm = [0x30, 5, 6, 3, 0x2b, 0x65, 0x70];
    let again = sequence(&[&body.to_der(&algorithm), &algorithm, &[3, 1, 0]]);
    let again = CertificateList::from_der(&again).unwrap();
    assert_eq!(again.revoked, list.revoked);
    assert_eq!((again.this_update, again.next_update), (list.this_update, list.next_update));
    assert_eq!(again.authority_key_identifier, list.authority_key_identifier);
}

pub fn csr(data: &[u8]) {
    if let Ok(der) = read_csr_pem(data).map_err(refused) {
        return csr(&der);
    }
    if let Ok(description) = describe_csr(data).map_err(refused) {
        assert_json(&json::indented(&description, "  "));
    }
    if let Ok(request) = CertificateSigningRequest::from_der(data).map_err(refused) {
        let again = CertificateSigningRequest::from_pem(request.to_pem().as_bytes()).unwrap();
        assert_eq!(again.der().as_ref(), data);
        assert_eq!(again.content(), request.content());
    }
}

pub fn duration(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Ok(duration) = text.parse::<GoDuration>().map_err(refused) else { return };
    assert_eq!(duration.to_string().parse::<GoDuration>().unwrap(), duration);
}

pub fn host(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Ok(host) = Host::classify(text).map_err(refused) else { return };
    let _ = host.is_uri_by_accident();
    match &host {
        Host::Ip(address) => assert_eq!(Host::classify(&address.to_string()).unwrap(), host),
        Host::Dns(name) => assert_eq!(name, text),
        Host::Email(written) | Host::Uri(written) => assert!(written.is_ascii()),
    }
}

pub fn json(data: &[u8]) {
    let document = json::parse(data).map_err(refused);
    if let Ok(document) = &document {
        let written = json::compact(document);
        assert_json(&written);
        assert_eq!(json::compact(&json::parse(written.as_bytes()).unwrap()), written);
        let indented = json::indented(document, "    ");
        assert_eq!(json::compact(&json::parse(indented.as_bytes()).unwrap()), written);
    }
    if serde_json::from_slice::<serde_json::Value>(data).is_ok() {
        assert!(document.is_ok(), "refused, and it is JSON");
    }
}

pub fn ocsp(data: &[u8]) {
    let Ok(response) = BasicOcspResponse::from_der(data).map_err(refused) else { return };
    let (authority, key) = authority();
    let issuer = IssuerCertificate::from_der(authority.certificate.der()).unwrap();
    let now = issuance().now;
    for single in &response.responses {
        if let Some(id) = &single.certificate {
            assert!(response.find(id).is_some());
            judge_response(data, id, &issuer, now).map_err(refused).unwrap_err();
        }
    }
    // What can be written is read again.
    let Some(single) = response.responses.first() else { return };
    if matches!(single.status, CertificateStatus::Revoked { at, .. } if !is_written(at)) {
        return;
    }
    let responder = OcspResponder::new(&authority.certificate, &authority.certificate, key).unwrap();
    let times = ResponseTimes { produced_at: now, this_update: now, next_update: now };
    let signed = responder.sign(&authority.certificate, single.status, &times).unwrap();
    let id = CertificateId::new(&issuer, issuance().serial);
    assert_eq!(judge_response(&signed.der, &id, &issuer, now).unwrap(), single.status);
}

pub fn pem(data: &[u8]) {
    let known = read_known_certificates(data);
    let written: String = known.iter().map(|certificate| certificate.to_pem() + "\n").collect();
    if !known.is_empty() {
        assert_eq!(read_certificates(written.as_bytes()).unwrap(), known);
    }
    if let Ok(der) = read_certificate_pem(data).map_err(refused) {
        let written = Certificate::from(der.clone()).to_pem();
        assert_eq!(read_certificate_pem(written.as_bytes()).unwrap(), der);
    }
    let _ = read_csr_pem(data).map_err(refused);
    let _ = CertificateSigningRequest::from_pem(data).map_err(refused);
}

pub fn pkcs12(data: &[u8]) {
    for password in [PASSWORD, ""] {
        if let Ok(file) = read_pkcs12(data, password).map_err(refused) {
            assert!(!file.certificates.is_empty());
            file.key.as_ref().inspect(|key| assert_key_survives(key));
        }
    }
}

pub fn pkcs7(data: &[u8]) {
    let Ok(input) = read_input(data, &[PASSWORD]).map_err(refused) else { return };
    let written: String = input.certificates.iter().map(|certificate| certificate.to_pem() + "\n").collect();
    if !input.certificates.is_empty() {
        assert_eq!(read_certificates(written.as_bytes()).unwrap(), input.certificates);
    }
}

pub fn platform(data: &[u8]) {
    let _ = PlatformFile::read_all(data).map_err(refused);
}

pub fn private_key(data: &[u8]) {
    let read = [
        PrivateKey::from_pem(data, None),
        PrivateKey::from_pem(data, Some(PASSWORD.as_bytes())),
        PrivateKey::from_der(data),
    ];
    for key in read.into_iter().filter_map(|key| key.map_err(refused).ok()) {
        assert_key_survives(&key);
    }
}

pub fn request(data: &[u8]) {
    let Ok((request, warnings)) = CertificateRequest::from_json_with_warnings(data).map_err(refused) else {
        return;
    };
    shown(&warnings);
    let written = request.to_json();
    assert_json(&written);
    assert_eq!(CertificateRequest::from_json(written.as_bytes()).unwrap(), request);
    if let Ok((hosts, warnings)) = request.classified_hosts().map_err(refused) {
        shown(&warnings);
        assert!(hosts.len() <= request.hosts.len());
    }
    if let Ok(name) = DistinguishedName::from_request(&request).map_err(refused) {
        assert_name_survives(&name.to_der());
    }
    // A CA with another key than it asks for, which could take seconds to generate.
    if let Ok(issued) = Authority::sign_itself(&request, authority().1, issuance()).map_err(refused) {
        shown(&issued.warnings);
        assert_issued(&issued.certificate);
    }
}

pub fn serial_list(data: &[u8]) {
    if let Ok((serials, warnings)) = read_serial_list(data).map_err(refused) {
        shown(&warnings);
        let written: String = serials.iter().map(|serial| format!("{serial}\n")).collect();
        assert_eq!(read_serial_list(written.as_bytes()).unwrap(), (serials, Vec::new()));
    }
}

pub fn subject(data: &[u8]) {
    if let Ok((_, warnings)) = SubjectOverride::from_json_with_warnings(data).map_err(refused) {
        shown(&warnings);
    }
}

pub fn timestamp(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    // Go takes offsets of up to 24:60, and then writes 25:00, which it does not take.
    let is_reread = |moment: &OffsetDateTime| moment.offset().whole_seconds().abs() <= 24 * 3600;
    if let Ok(moment) = parse_rfc3339(text).map_err(refused)
        && is_reread(&moment)
    {
        // Fractions of a second are not written.
        let again = parse_rfc3339(&format_rfc3339(moment)).unwrap();
        assert_eq!(again.unix_timestamp(), moment.unix_timestamp());
    }
    let _ = parse_date(text).map_err(refused);
}

/// A CA, its CSR and its key, the same for the whole run.
fn authority() -> (&'static Issued, &'static PrivateKey) {
    static AUTHORITY: OnceLock<(Issued, PrivateKey)> = OnceLock::new();
    let (issued, key) = AUTHORITY.get_or_init(|| {
        let key = PrivateKey::generate(KeyAlgorithm::Ed25519).unwrap();
        let request = CertificateRequest::from_json(br#"{"CN": "CA", "hosts": ["ca.test"]}"#).unwrap();
        (Authority::sign_itself(&request, &key, issuance()).unwrap(), key)
    });
    (issued, key)
}

fn issuance() -> Issuance {
    let serial = SerialNumber::from_be_bytes(&[7]);
    Issuance { now: OffsetDateTime::from_unix_timestamp(NOW).unwrap(), serial }
}

fn assert_issued(certificate: &Certificate) {
    IssuerCertificate::from_der(certificate.der()).unwrap();
    ChainCertificate::from_der(certificate.der()).unwrap();
    assert_json(&describe(certificate.der()).unwrap().to_json_text());
}

/// Both sides of an error can be printed, and what is JSON of it is JSON.
fn refused(error: Error) {
    assert!(!error.to_string().is_empty());
    let text = error.cfssl_text();
    if error.kind().code() != 0 {
        assert_json(&text);
    }
}

fn shown(warnings: &[Warning]) {
    assert!(warnings.iter().all(|warning| !warning.to_string().is_empty()));
}

fn assert_json(text: &str) {
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        // Deeper documents and greater numbers are in order, but serde_json goes no further.
        let words = error.to_string();
        let limits = ["recursion limit exceeded", "number out of range"];
        assert!(limits.iter().any(|limit| words.starts_with(limit)), "{words}: {text}");
    }
}

fn assert_key_survives(key: &PrivateKey) {
    for written in [key.expose_pem(), key.expose_pkcs8_pem()] {
        let again = PrivateKey::from_pem(written.as_bytes(), None).unwrap();
        assert_eq!(again.subject_public_key_info(), key.subject_public_key_info());
        assert_eq!(again.expose_pem(), key.expose_pem());
    }
}

fn assert_name_survives(der: &[u8]) {
    if let Ok(name) = DistinguishedName::from_der(der).map_err(refused) {
        // A set comes in the order of DER, in which it need not have been.
        assert_eq!(DistinguishedName::from_der(&name.to_der()).unwrap().to_der(), name.to_der());
    }
}

fn ders<C: std::borrow::Borrow<ChainCertificate>>(certificates: &[C]) -> Vec<&[u8]> {
    certificates.iter().map(|certificate| certificate.borrow().der.as_slice()).collect()
}

/// Whether a certificate or a CRL can say the moment.
fn is_written(moment: OffsetDateTime) -> bool {
    moment.checked_to_offset(UtcOffset::UTC).is_some_and(|moment| (0..=9999).contains(&moment.year()))
}

/// A SEQUENCE of the parts.
fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let zeros = length.iter().take_while(|octet| **octet == 0).count();
    let head = match content.len() {
        0..0x80 => vec![0x30, content.len() as u8],
        _ => [&[0x30, 0x80 | (4 - zeros) as u8], length.get(zeros..).unwrap()].concat(),
    };
    [head, content].concat()
}

/// The fuzzer of a target.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::$name(data));
    };
}
