//! Authorities and certificates made by the library, written as files with the names and modes that tools use.

use certmint::keys::PrivateKey;
use certmint::model::{CertificateRequest, KeyRequest, NameEntry, SigningConfig};
use certmint::signer::{Authority, Issuance, LocalSigner};
use certmint::x509::Certificate;
use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use time::{Duration, OffsetDateTime};

/// What certificates made here are for.
pub(crate) const SERVER: &[&str] = &["digital signature", "key encipherment", "server auth"];
pub(crate) const CLIENT: &[&str] = &["digital signature", "key encipherment", "client auth"];
pub(crate) const PEER: &[&str] = &["digital signature", "key encipherment", "server auth", "client auth"];

/// A certificate and its key.
pub(crate) struct Pair {
    pub(crate) certificate: Certificate,
    pub(crate) key: PrivateKey,
}

/// When a certificate begins, and for how many days it is valid.
#[derive(Clone, Copy)]
pub(crate) struct Validity {
    pub(crate) from: OffsetDateTime,
    pub(crate) days: i64,
}

/// A new root.
pub(crate) fn authority(common_name: &str, validity: Validity) -> Pair {
    let request = format!(
        r#"{{"CN": "{common_name}", "key": {{"algo": "ecdsa", "size": 256}}, "ca": {{"expiry": "{}h"}}}}"#,
        validity.days * 24
    );
    let request = CertificateRequest::from_json(request.as_bytes()).unwrap();
    let root = Authority::init(&request, Issuance::at(validity.from).unwrap()).unwrap();
    let issued = root.into_issued();
    Pair { certificate: issued.certificate, key: issued.key.unwrap() }
}

/// A certificate below `issuer`.
pub(crate) fn leaf(
    issuer: &Pair,
    common_name: &str,
    organization: &str,
    hosts: &[&str],
    usages: &[&str],
    validity: Validity,
) -> Pair {
    let usages = usages.iter().map(|usage| format!("\"{usage}\"")).collect::<Vec<_>>().join(", ");
    let config = format!(
        r#"{{"signing": {{"default": {{"expiry": "{}h", "usages": [{usages}]}}}}}}"#,
        validity.days * 24
    );
    let config = SigningConfig::from_json(config.as_bytes()).unwrap();
    let signer = LocalSigner::new(&issuer.certificate, &issuer.key, config).unwrap();
    let request = CertificateRequest {
        common_name: common_name.to_owned(),
        names: vec![NameEntry { organization: organization.to_owned(), ..NameEntry::default() }],
        hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        key: KeyRequest::ecdsa(256),
        ..CertificateRequest::default()
    };
    let issued = signer.generate(&request, "", Issuance::at(validity.from).unwrap()).unwrap();
    Pair { certificate: issued.certificate, key: issued.key.unwrap() }
}

impl Pair {
    /// Writes the two files, the key for its owner only.
    pub(crate) fn write(&self, folder: &Path, certificate: &str, key: &str) {
        put(&folder.join(certificate), self.certificate.to_pem().as_bytes(), 0o644);
        put(&folder.join(key), self.key.expose_pkcs8_pem().as_bytes(), 0o600);
    }
}

/// Writes a file with a mode, and the folders above it.
pub(crate) fn put(path: &Path, contents: &[u8], mode: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path).unwrap();
    std::io::Write::write_all(&mut file, contents).unwrap();
    // The umask must not decide.
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The moment that the tests' audits ask about.
pub(crate) fn now() -> OffsetDateTime {
    time::macros::datetime!(2027-01-31 12:00 UTC)
}

/// Made a month before [`now`], valid for so many days.
pub(crate) fn recent(days: i64) -> Validity {
    Validity { from: now() - Duration::days(30), days }
}
