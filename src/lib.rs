//! A PKI toolkit that speaks cfssl's files: requests, signing configurations and certificates as
//! [cfssl] 1.6.5 reads, writes and issues them, without cfssl.
//!
//! The programs `cfssl`, `cfssljson`, `cfssl-certinfo` and `mkbundle` of this package are thin layers over it.
//! An installer needs no program at all; this is the whole of a cluster's first certificates:
//!
//! ```
//! use certmint::model::{CertificateRequest, SigningConfig};
//! use certmint::signer::{Authority, Issuance, LocalSigner};
//!
//! # fn main() -> certmint::Result<()> {
//! let request = CertificateRequest::from_json(br#"{"CN": "etcd CA"}"#)?;
//! let ca = Authority::init(&request, Issuance::now()?)?;
//! let config = SigningConfig::from_json(
//!     br#"{"signing": {"profiles": {"etcd": {"expiry": "8760h", "usages": ["server auth", "client auth"]}}}}"#,
//! )?;
//! let signer = LocalSigner::new(ca.certificate(), ca.key(), config)?;
//! let node = CertificateRequest::from_json(br#"{"CN": "node1", "hosts": ["node1", "10.0.0.1"]}"#)?;
//! let issued = signer.generate(&node, "etcd", Issuance::now()?)?;
//! assert!(issued.warnings.is_empty());
//! # let folder = tempfile::tempdir().unwrap();
//! issued.write_to(&folder, "node1")?; // node1.pem, node1-key.pem (mode 0600), node1.csr
//! # Ok(())
//! # }
//! ```
//!
//! A CA that exists comes from [`x509::Certificate::from_pem`] and [`keys::PrivateKey::from_pem`], foreign CSRs from
//! [`csr::CertificateSigningRequest::from_pem`]; [`signer::LocalSigner::sign`] signs them, and
//! [`signer::Authority::renew`] makes the CA last. [`inspect::audit()`] says what is wrong with all of it.
//!
//! # The way through
//!
//! Data flows one way; a module uses only those above it in this list.
//!
//! | module | one purpose |
//! |---|---|
//! | [`error`] | [`Error`]: what, where, what to do, and cfssl's code; [`Warning`] |
//! | [`json`] | Go's JSON habits: keys without case, merged duplicates, durations, escapes |
//! | [`model`] | what a person wrote, parsed and checked: requests, configurations, profiles, hosts |
//! | [`keys`] | everything that holds or uses a secret: generate, load, write, sign |
//! | [`x509`] | RFC 5280 structures without policy: names, extensions, to-be-signed certificates |
//! | [`csr`] | certificate signing requests |
//! | [`signer`] | CSR, profile and CA make a certificate; a CA makes itself |
//! | [`inspect`] | what certificates and CSRs say, in cfssl's words and in whole; reading whatever holds some; the audit of a set |
//! | [`revocation`] | whether a certificate is revoked, as CRLs and OCSP responses say |
//! | [`bundle`] | the chain from a certificate to a root, as `cfssl bundle` chooses it |
//! | [`output`] | results as files, each whole or not at all |
//! | `cli` | the programs (feature `cli`) |
//!
//! The library reads bytes and returns values or errors. It does not print, read the environment, or look
//! at the clock behind the caller's back: [`signer::Issuance`] carries the time and the serial number.
//! Warnings are values too.
//!
//! It runs on Linux and other systems of Unix's kind: owners, modes and locks of files are part of what it promises.
//!
//! # Features
//!
//! - `cli` (default): the programs.
//! - `aws-lc-rs` (default): the cryptography. It does everything.
//! - `ring`: the cryptography instead; it cannot generate RSA keys, nor use P-521.
//! - `yaml` (with `cli`): [`inspect::read`] reads YAML beside JSON.
//!
//! [cfssl]: https://github.com/cloudflare/cfssl

#[cfg(not(unix))]
compile_error!(
    "certmint relies on owners, modes and locks of files, and runs on systems of Unix's kind only"
);

mod asn1;
mod base64;
pub mod bundle;
pub mod csr;
pub mod error;
pub mod inspect;
pub mod json;
pub mod keys;
pub mod model;
pub mod output;
mod pem;
mod quote;
pub mod revocation;
pub mod signer;
pub mod x509;

#[cfg(feature = "cli")]
pub mod cli;

pub use error::{Error, ErrorKind, Result, Warning, WarningKind};

// The README's code is compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
