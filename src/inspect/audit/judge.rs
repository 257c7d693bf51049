//! What the verifier of Rust's TLS says to a chain.
//!
//! webpki builds no chain here: it is given the one that was found, and says whether it holds. It asks us for
//! the signatures, each of which was checked once already.

use super::weak::LEAST_RSA_BITS;
use crate::inspect::view::{CertificateView, PublicKeyView};
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, UnixTime, alg_id,
};
use std::time::Duration;
use time::OffsetDateTime;
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, KeyUsage};

/// Larger parts of a certificate webpki does not read; it calls them malformed.
const MOST_OCTETS: usize = 0xffff;

/// A chain of which every signature was checked and holds.
pub(super) struct Chain<'c> {
    pub(super) leaf: &'c CertificateView<'c>,
    /// The authorities above it, its issuer first, the anchor last.
    pub(super) above: Vec<&'c CertificateView<'c>>,
    pub(super) now: OffsetDateTime,
}

impl Chain<'_> {
    /// Whether webpki takes the chain for every purpose that the certificate names.
    ///
    /// # Errors
    ///
    /// Why not, in one clause.
    pub(super) fn judge(&self) -> Result<(), String> {
        let Some((anchor, intermediates)) = self.above.split_last() else {
            return Err("there is no authority above it".to_owned());
        };
        let anchor = CertificateDer::from(anchor.der);
        let anchor = webpki::anchor_from_trusted_cert(&anchor)
            .map_err(|error| format!("its root cannot be used: {}", self.words(&error)))?;
        let intermediates: Vec<CertificateDer<'_>> =
            intermediates.iter().map(|view| CertificateDer::from(view.der)).collect();
        let der = CertificateDer::from(self.leaf.der);
        let leaf = EndEntityCert::try_from(&der).map_err(|error| self.words(&error))?;
        let seconds = u64::try_from(self.now.unix_timestamp()).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));

        let children = std::iter::once(self.leaf).chain(self.above.iter().copied());
        let signed: Vec<Signed<'_>> = children
            .zip(&self.above)
            .map(|(child, issuer)| Signed {
                body: child.to_be_signed,
                key: PublicKeyView::new(issuer.subject_public_key_info),
            })
            .collect();
        let algorithms = supported().map(|(key, signature)| Known { signed: &signed, key, signature });
        let algorithms: Vec<&dyn SignatureVerificationAlgorithm> =
            algorithms.iter().map(|algorithm| algorithm as &dyn SignatureVerificationAlgorithm).collect();
        let purposes = Purposes(self.leaf.extended_key_usage().unwrap_or_default());
        let anchors = [anchor];
        match leaf.verify_for_usage(&algorithms, &anchors, &intermediates, now, &purposes, None, None) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.words(&error)),
        }
    }

    /// An error in a clause for people.
    fn words(&self, error: &Error) -> String {
        let is_large = |view: &CertificateView<'_>| view.der.len() >= MOST_OCTETS;
        let what = match error {
            Error::BadDer | Error::TrailingData(_) if is_large(self.leaf) => "the certificate",
            Error::BadDer | Error::TrailingData(_) if self.above.iter().any(|view| is_large(view)) => {
                "an authority above it"
            }
            other => return words(other),
        };
        format!("{what} is larger than 64 KiB, the most that it reads")
    }
}

/// A signature that holds: what is signed, and with which key.
#[derive(Debug)]
struct Signed<'c> {
    body: &'c [u8],
    key: PublicKeyView<'c>,
}

/// An algorithm as far as the signatures of the chain need it.
#[derive(Debug)]
struct Known<'c> {
    signed: &'c [Signed<'c>],
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
}

impl SignatureVerificationAlgorithm for Known<'_> {
    fn verify_signature(&self, key: &[u8], body: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        let is_strong = |key: &PublicKeyView<'_>| key.modulus.is_empty() || key.bits >= LEAST_RSA_BITS;
        let holds = |one: &Signed<'_>| one.key.key == key && one.body == body && is_strong(&one.key);
        if self.signed.iter().any(holds) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// Keys and signatures that the TLS programs of Rust take with AWS-LC.
fn supported() -> [(AlgorithmIdentifier, AlgorithmIdentifier); 19] {
    use alg_id::{
        ECDSA_P256, ECDSA_P384, ECDSA_P521, ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512, ED25519,
        RSA_ENCRYPTION, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
        RSA_PSS_SHA512,
    };
    /// sha256WithRSAEncryption and its kin without the NULL that belongs behind them.
    const fn bare(arc: &'static [u8; 11]) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(arc)
    }
    [
        (ECDSA_P256, ECDSA_SHA256),
        (RSA_ENCRYPTION, RSA_PKCS1_SHA256),
        (ECDSA_P384, ECDSA_SHA384),
        (ED25519, ED25519),
        (RSA_ENCRYPTION, RSA_PKCS1_SHA384),
        (RSA_ENCRYPTION, RSA_PKCS1_SHA512),
        (ECDSA_P256, ECDSA_SHA384),
        (ECDSA_P256, ECDSA_SHA512),
        (ECDSA_P384, ECDSA_SHA256),
        (ECDSA_P384, ECDSA_SHA512),
        (ECDSA_P521, ECDSA_SHA256),
        (ECDSA_P521, ECDSA_SHA384),
        (ECDSA_P521, ECDSA_SHA512),
        (RSA_ENCRYPTION, RSA_PSS_SHA256),
        (RSA_ENCRYPTION, RSA_PSS_SHA384),
        (RSA_ENCRYPTION, RSA_PSS_SHA512),
        (RSA_ENCRYPTION, bare(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11])),
        (RSA_ENCRYPTION, bare(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12])),
        (RSA_ENCRYPTION, bare(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13])),
    ]
}

/// The purposes of a certificate, each of which all above it have to allow.
struct Purposes<'c>(Vec<&'c [u8]>);

impl ExtendedKeyUsageValidator for Purposes<'_> {
    fn validate(&self, found: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let any = KeyPurposeId::new(super::text::ANY_PURPOSE);
        if found.is_empty() || found.contains(&any) {
            return Ok(());
        }
        let is_missing =
            |oid: &&[u8]| *oid != super::text::ANY_PURPOSE && !found.contains(&KeyPurposeId::new(oid));
        if self.0.iter().any(is_missing) {
            let required = KeyUsage::server_auth();
            return Err(Error::RequiredEkuNotFoundContext(webpki::RequiredEkuNotFoundContext {
                required,
                present: Vec::new(),
            }));
        }
        Ok(())
    }
}

/// An error in a clause for people.
fn words(error: &Error) -> String {
    match error {
        Error::BadDer | Error::TrailingData(_) => "it or an authority above it is not strict DER",
        Error::BadDerTime => "a time is not written as DER asks",
        Error::CaUsedAsEndEntity => "it is an authority",
        Error::CertExpired { .. } => "it or an authority above it has expired",
        Error::CertNotValidYet { .. } => "it or an authority above it is not valid yet",
        Error::EmptyEkuExtension => "an extended key usage is empty",
        Error::EndEntityUsedAsCa => "a certificate above it is no authority",
        Error::ExtensionValueInvalid | Error::MalformedExtensions => "an extension is malformed",
        Error::InvalidCertValidity => "a validity ends before it begins",
        Error::InvalidNetworkMaskConstraint | Error::MalformedNameConstraint => {
            "a name constraint is malformed"
        }
        Error::InvalidSerialNumber => "a serial number is malformed",
        Error::InvalidSignatureForPublicKey => "a signature does not hold, or its key is too small",
        Error::MalformedDnsIdentifier => "a DNS name is malformed",
        Error::MaximumNameConstraintComparisonsExceeded => "there are too many name constraints",
        Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumSignatureChecksExceeded => "the chain is too long",
        Error::NameConstraintViolation => "a name is outside the name constraints above it",
        Error::PathLenConstraintViolated => "there are more authorities than a path length allows",
        Error::RequiredEkuNotFoundContext(_) => "a purpose of it is not among those of an authority above it",
        Error::SignatureAlgorithmMismatch => "its two signature algorithms differ",
        Error::UnknownIssuer => "the names of issuer and authority differ, or the chain leads to no root",
        Error::UnsupportedCertVersion => "it or an authority above it is not of version 3",
        Error::UnsupportedCriticalExtension => "a critical extension is not known",
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature is of an algorithm that is not supported"
        }
        other => return format!("{other}"),
    }
    .to_owned()
}
