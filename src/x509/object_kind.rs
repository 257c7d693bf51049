//! What a DER object is, by its structure.

use super::der_reader::{Item, Reader, tag};

/// The kinds of objects that PEM and DER files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Certificate,
    CertificateList,
    CertificateRequest,
    EncryptedPrivateKey,
    Pkcs7,
    Pkcs12,
    PrivateKey,
    PublicKey,
    /// PKCS #1, without the algorithm beside it.
    RsaPublicKey,
}

/// 1.2.840.113549.1, below which RSA's standards have their identifiers, contents.
const PKCS: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1];

impl ObjectKind {
    /// What people call it, with its article.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate",
            Self::CertificateList => "a certificate revocation list",
            Self::CertificateRequest => "a CSR",
            Self::EncryptedPrivateKey => "an encrypted private key",
            Self::Pkcs7 => "a PKCS #7 object",
            Self::Pkcs12 => "a PKCS #12 file",
            Self::PrivateKey => "a private key",
            Self::PublicKey | Self::RsaPublicKey => "a public key",
        }
    }

    /// The kind of the first element of `der`. Only what tells the kinds apart is looked at: an object of the
    /// kind may be broken all the same.
    pub(crate) fn of(der: &[u8]) -> Option<Self> {
        let mut parts = Reader::new(der).take_if(tag::SEQUENCE)?.open();
        let first = parts.next()?;
        let second = parts.next()?;
        match (first.tag, second.tag) {
            (tag::SEQUENCE, tag::SEQUENCE) => Self::of_signed(first),
            (tag::SEQUENCE, tag::BIT_STRING) => Some(Self::PublicKey).filter(|_| parts.is_empty()),
            (tag::SEQUENCE, tag::OCTET_STRING) => {
                let oid = first.open().take_if(tag::OID)?.value.strip_prefix(&PKCS)?;
                // PKCS #5 and the older schemes of PKCS #12.
                let is_encryption = matches!(oid, [5, ..] | [12, 1, ..]) && parts.is_empty();
                is_encryption.then_some(Self::EncryptedPrivateKey)
            }
            (tag::OID, 0xa0) => {
                matches!(first.value.strip_prefix(&PKCS), Some([7, ..])).then_some(Self::Pkcs7)
            }
            (tag::INTEGER, tag::SEQUENCE) if first.value == [3] => Some(Self::Pkcs12),
            (tag::INTEGER, tag::SEQUENCE) => {
                second.open().take_if(tag::OID)?;
                parts.take_if(tag::OCTET_STRING).map(|_| Self::PrivateKey)
            }
            (tag::INTEGER, tag::OCTET_STRING) => (first.value == [1]).then_some(Self::PrivateKey),
            (tag::INTEGER, tag::INTEGER) if parts.is_empty() => {
                // Parameters of Diffie-Hellman and signatures look alike: only a modulus is long, only an
                // exponent is short and odd.
                let is_odd = second.value.last().is_some_and(|last| last & 1 == 1);
                let is_key = first.value.len() >= 64 && second.value.len() <= 8 && is_odd;
                is_key.then_some(Self::RsaPublicKey)
            }
            // PKCS #1 has nine numbers or more, OpenSSL's form of DSA keys has six.
            (tag::INTEGER, tag::INTEGER) if matches!(first.value, [0 | 1]) => {
                let numbers = parts.take(4).filter(|item| item.tag == tag::INTEGER).count();
                (numbers == 4).then_some(Self::PrivateKey)
            }
            _ => None,
        }
    }

    /// The kind of an object that is signed, by the body that the signature covers.
    fn of_signed(body: Item<'_>) -> Option<Self> {
        let mut fields = body.open();
        let tags = [(); 4].map(|()| fields.next().map_or(0, |item| item.tag));
        match tags {
            // The version that only certificates of version 2 and 3 have.
            [0xa0, ..] => Some(Self::Certificate),
            [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::SEQUENCE] => Some(Self::Certificate),
            [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, 0 | 0xa0] => Some(Self::CertificateRequest),
            [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::UTC_TIME | tag::GENERALIZED_TIME]
            | [tag::SEQUENCE, tag::SEQUENCE, tag::UTC_TIME | tag::GENERALIZED_TIME, _] => {
                Some(Self::CertificateList)
            }
            _ => None,
        }
    }
}
