//! A bundle, and cfssl's JSON of it.

use super::ChainCertificate;
use crate::json::{Value, format_rfc3339};
use crate::keys::{KeyAlgorithm, PrivateKey};
use crate::model::Host;
use std::sync::Arc;
use time::OffsetDateTime;

/// A certificate with its chain.
#[derive(Debug)]
pub struct Bundle {
    /// The certificate first, then what stands between it and the root.
    pub chain: Vec<Arc<ChainCertificate>>,
    /// The root that was found; none for the flavor `force`.
    pub root: Option<Arc<ChainCertificate>>,
    /// The private key of the certificate, if it was given.
    pub key: Option<PrivateKey>,
    /// What there is to say of the chain.
    pub status: BundleStatus,
    /// Intermediates that were not known before, fetched or given with the certificate.
    pub learned: Vec<Arc<ChainCertificate>>,
    pub(super) certificate: Arc<ChainCertificate>,
}

/// What there is to say of a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleStatus {
    /// True where the chain is not the one that was given.
    pub rebundled: bool,
    /// The subject key identifiers, in capital hexadecimal, of certificates with less than 30 days left.
    pub expiring_key_identifiers: Vec<String>,
    /// The names of platforms that do not trust the root; `None` for the flavor `force`.
    pub untrusting_platforms: Option<Vec<String>>,
    /// Sentences for people.
    pub messages: Vec<String>,
    /// The sum of [`EXPIRING`](Self::EXPIRING) and [`NOT_UBIQUITOUS`](Self::NOT_UBIQUITOUS).
    pub code: u8,
}

impl BundleStatus {
    /// The bit of [`code`](Self::code) for a chain with less than 30 days left.
    pub const EXPIRING: u8 = 1;
    /// The bit of [`code`](Self::code) for a chain that not every platform understands or trusts.
    pub const NOT_UBIQUITOUS: u8 = 2;

    fn to_json(&self) -> Value {
        let strings = |texts: &[String]| Value::array(texts.iter().map(Value::string));
        let some = |texts: &[String]| if texts.is_empty() { Value::null() } else { strings(texts) };
        Value::object([
            ("rebundled", Value::boolean(self.rebundled)),
            ("expiring_SKIs", some(&self.expiring_key_identifiers)),
            ("untrusted_root_stores", self.untrusting_platforms.as_deref().map_or_else(Value::null, strings)),
            ("messages", some(&self.messages)),
            ("code", Value::number(self.code)),
        ])
    }
}

impl Bundle {
    /// The common name, then the DNS names, each once. cfssl's order changes from run to run.
    #[must_use]
    pub fn hostnames(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let common_name = Some(self.certificate.subject.common_name.as_str()).filter(|name| !name.is_empty());
        let dns = self.certificate.hosts.iter().filter_map(|host| match host {
            Host::Dns(name) => Some(name.as_str()),
            _ => None,
        });
        for name in common_name.into_iter().chain(dns) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// When the first certificate of the chain expires.
    #[must_use]
    pub fn expires(&self) -> OffsetDateTime {
        self.chain.iter().map(|link| link.not_after).min().unwrap_or(self.certificate.not_after)
    }

    /// The certificates of the chain in PEM, joined by newlines, none at the end.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let texts: Vec<String> = self.chain.iter().map(|link| link.to_pem()).collect();
        texts.join("\n")
    }

    /// cfssl's object, keys in its order; it holds the private key where one was given.
    #[must_use]
    pub fn expose_json(&self) -> Value {
        let certificate = &self.certificate;
        let key = match &self.key {
            Some(key) => key.expose_pem().trim_end().to_owned(),
            None => String::new(),
        };
        let (size, kind) = match certificate.key_algorithm() {
            Some(KeyAlgorithm::Ecdsa(curve)) => (curve.bits(), format!("{}-bit ECDSA", curve.bits())),
            // The size of its public key in bytes is what cfssl tells.
            Some(KeyAlgorithm::Ed25519) => (32, "Ed25519".to_owned()),
            Some(KeyAlgorithm::Rsa { bits }) => (bits, format!("{bits}-bit RSA")),
            None => (0, "Unknown".to_owned()),
        };
        let ocsp = match certificate.ocsp_servers.as_slice() {
            [] => Value::null(),
            servers => Value::array(servers.iter().map(Value::string)),
        };
        let root = self.root.as_ref().map(|root| root.to_pem()).unwrap_or_default();
        Value::object([
            ("bundle", Value::string(self.to_pem())),
            ("crl_support", Value::boolean(certificate.names_crl)),
            ("crt", Value::string(certificate.to_pem())),
            ("expires", Value::string(format_rfc3339(self.expires()))),
            ("hostnames", Value::array(self.hostnames().into_iter().map(Value::string))),
            ("issuer", Value::string(certificate.issuer.to_bundle_text())),
            ("key", Value::string(key)),
            ("key_size", Value::number(size)),
            ("key_type", Value::string(kind)),
            ("leaf_expires", Value::string(format_rfc3339(certificate.not_after))),
            ("ocsp", ocsp),
            ("ocsp_support", Value::boolean(!certificate.ocsp_servers.is_empty())),
            ("root", Value::string(root)),
            ("signature", Value::string(certificate.signature_words)),
            ("status", self.status.to_json()),
            ("subject", Value::string(certificate.subject.to_bundle_text())),
        ])
    }
}
