//! The certificate that issues: what has to be known of it, its name's bytes above all.

use super::der_reader::{Item, Malformed, Reader, tag};
use super::extension::{
    BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, Extension, KEY_USAGE, NAME_CONSTRAINTS, SUBJECT_ALT_NAME,
    SUBJECT_KEY_IDENTIFIER,
};
use super::moment::read_time;
use super::parts::{CertificateParts, ExtensionParts};
use super::{
    DistinguishedName, read_alternative_names, read_basic_constraints, read_directory_constraints,
    read_name_constraints,
};
use crate::model::{CaRole, Host, NameConstraints, Usage};
use crate::{Error, ErrorKind, Result};
use der::asn1::ObjectIdentifier;
use time::OffsetDateTime;

/// A certificate as an issuer. Reading it checks its form, not whether it may issue: cfssl signs with
/// anything, and so do we, with warnings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerCertificate {
    /// The DER of the subject, exactly as the certificate has it.
    pub subject: Vec<u8>,
    /// The DER of the issuer's name, which is the subject of a root.
    pub issuer: Vec<u8>,
    /// The DER of the SubjectPublicKeyInfo.
    pub subject_public_key_info: Vec<u8>,
    /// The first moment of validity.
    pub not_before: OffsetDateTime,
    /// The last moment of validity.
    pub not_after: OffsetDateTime,
    /// The subject key identifier, where there is one.
    pub subject_key_identifier: Option<Vec<u8>>,
    /// Whether it is an authority; `None` without basic constraints.
    pub role: Option<CaRole>,
    /// What its key usage allows, each once; nothing without a key usage.
    pub key_usages: Vec<Usage>,
    /// Whether its key usage allows signing certificates; `None` without a key usage.
    pub may_sign_certificates: Option<bool>,
    /// Whether its key usage allows signing CRLs; `None` without a key usage.
    pub may_sign_revocation_lists: Option<bool>,
    /// Whether its extended key usage names the signing of OCSP responses.
    pub is_ocsp_signer: bool,
    /// The names of its subject alternative name, of the four kinds that cfssl knows.
    pub hosts: Vec<Host>,
    /// The names that certificates below it may carry.
    pub name_constraints: Option<NameConstraints>,
    /// The directory names below which subjects have to be, where there are any, and those below which they
    /// must not be.
    pub directory_constraints: [Vec<DistinguishedName>; 2],
    /// The name constraints as the certificate has them, with the kinds of names that no host is of.
    pub name_constraints_extension: Option<Extension>,
    /// Its other extensions.
    pub other_extensions: Vec<ObjectIdentifier>,
}

impl IssuerCertificate {
    /// Whether it is about the key of a `SubjectPublicKeyInfo`.
    pub(crate) fn has_key(&self, subject_public_key_info: &[u8]) -> bool {
        public_keys_match(&self.subject_public_key_info, subject_public_key_info)
    }

    /// Reads a certificate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateParse`] where it is no certificate.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Self::read(der).map_err(|Malformed(part)| {
            Error::of(ErrorKind::CertificateParse).explain(format!("its {part} is malformed"))
        })
    }

    fn read(der: &[u8]) -> std::result::Result<Self, Malformed> {
        let parts = CertificateParts::read(der)?;
        let moment = |item| read_time(item).ok_or(Malformed("validity"));
        let mut issuer = Self {
            subject: parts.subject.whole.to_vec(),
            issuer: parts.issuer.whole.to_vec(),
            subject_public_key_info: parts.public_key.whole.to_vec(),
            not_before: moment(parts.not_before)?,
            not_after: moment(parts.not_after)?,
            subject_key_identifier: None,
            role: None,
            key_usages: Vec::new(),
            may_sign_certificates: None,
            may_sign_revocation_lists: None,
            is_ocsp_signer: false,
            hosts: Vec::new(),
            name_constraints: None,
            directory_constraints: Default::default(),
            name_constraints_extension: None,
            other_extensions: Vec::new(),
        };
        if let Some(extensions) = parts.extensions {
            let list = Reader::only(extensions.value, tag::SEQUENCE).ok_or(Malformed("extensions"))?;
            for extension in list.open() {
                issuer.note_extension(extension).ok_or(Malformed("extensions"))?;
            }
        }
        Ok(issuer)
    }

    fn note_extension(&mut self, extension: Item<'_>) -> Option<()> {
        let extension = ExtensionParts::read(extension)?;
        let value = extension.value;
        // An identifier too long to be one of ours still is an extension.
        match extension.id() {
            Some(SUBJECT_KEY_IDENTIFIER) => {
                self.subject_key_identifier = Some(Reader::only(value, tag::OCTET_STRING)?.value.to_vec());
            }
            Some(BASIC_CONSTRAINTS) => self.role = Some(read_basic_constraints(value)?),
            Some(KEY_USAGE) => {
                let bits = Reader::only(value, tag::BIT_STRING)?.value;
                // keyCertSign is bit 5 of the first octet, cRLSign bit 6; before it stands the count of
                // unused bits.
                let octet = bits.get(1).copied().unwrap_or_default();
                self.may_sign_certificates = Some(octet & 0x04 != 0);
                self.may_sign_revocation_lists = Some(octet & 0x02 != 0);
                let is_set = |bit: u8| {
                    let octet = bits.get(usize::from(bit / 8) + 1).copied().unwrap_or_default();
                    octet & (0x80 >> (bit % 8)) != 0
                };
                // Of the two words for one bit, that of RFC 5280 comes last.
                let usage = |bit| Usage::all().filter(|usage| usage.key_usage_bit() == Some(bit)).last();
                self.key_usages = (0..=8).filter(|bit| is_set(*bit)).filter_map(usage).collect();
            }
            Some(SUBJECT_ALT_NAME) => self.hosts = read_alternative_names(value)?,
            Some(NAME_CONSTRAINTS) => {
                self.name_constraints = Some(read_name_constraints(value)?);
                // A directory name that cannot be read is no reason not to sign; Go looks at none of them.
                self.directory_constraints = read_directory_constraints(value).unwrap_or_default();
                self.name_constraints_extension = Some(Extension {
                    id: NAME_CONSTRAINTS,
                    critical: extension.critical,
                    value: value.to_vec(),
                });
            }
            Some(EXTENDED_KEY_USAGE) => {
                let mut purposes = Reader::only(value, tag::SEQUENCE)?.open();
                self.is_ocsp_signer = purposes.any(|purpose| purpose.value == OCSP_SIGNING);
                self.other_extensions.push(EXTENDED_KEY_USAGE);
            }
            Some(other) => self.other_extensions.push(other),
            None => {}
        }
        Some(())
    }

    /// The key identifier that certificates issued by it carry: its own, or where it has none, the SHA-1
    /// of its public key (RFC 5280 section 4.2.1.2, method 1).
    #[must_use]
    pub fn key_identifier(&self) -> Vec<u8> {
        match &self.subject_key_identifier {
            Some(identifier) => identifier.clone(),
            None => key_identifier(&self.subject_public_key_info),
        }
    }

    /// The IP addresses of its subject alternative name as hosts.
    pub fn ip_hosts(&self) -> impl Iterator<Item = Host> + '_ {
        self.hosts.iter().filter(|host| matches!(host, Host::Ip(_))).cloned()
    }
}

/// True where two SubjectPublicKeyInfos hold the same key, however its algorithm or point is written.
pub(crate) fn public_keys_match(one: &[u8], other: &[u8]) -> bool {
    let (Some(one), Some(other)) = (public_key_bits(one), public_key_bits(other)) else {
        return false;
    };
    // A compressed point is the first coordinate behind a 2 or a 3.
    let compressed = |short: &[u8], long: &[u8]| {
        matches!(short, [2 | 3, x @ ..] if long.first() == Some(&4) && long.get(1..=x.len()) == Some(x)
            && long.len() == 2 * x.len() + 1)
    };
    one == other || compressed(one, other) || compressed(other, one)
}

/// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9.
const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];

fn public_key_bits(subject_public_key_info: &[u8]) -> Option<&[u8]> {
    let mut parts = Reader::only(subject_public_key_info, tag::SEQUENCE)?.open();
    parts.take_if(tag::SEQUENCE)?;
    parts.take_if(tag::BIT_STRING)?.value.get(1..)
}

/// The SHA-1 of a public key's bits (RFC 5280 section 4.2.1.2, method 1); of the whole input where it is
/// no SubjectPublicKeyInfo.
pub(crate) fn key_identifier(subject_public_key_info: &[u8]) -> Vec<u8> {
    let bits = public_key_bits(subject_public_key_info);
    crate::keys::sha1(bits.unwrap_or(subject_public_key_info)).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_truncations_without_panic() {
        assert!(IssuerCertificate::from_der(&[]).is_err());
        assert!(IssuerCertificate::from_der(&[0x30, 0]).is_err());
        assert!(IssuerCertificate::from_der(b"garbage").is_err());
    }
}
