//! What may be told of a private key without keeping it: its form, and its public half.

use super::backend::KeyPair;
use super::effort::Effort;
use super::{KeyAlgorithm, encode, legacy, load, pbes2, pkcs12};
use crate::asn1::reader::{Item, Reader, tag};
use crate::asn1::writer;
use crate::error::{ErrorKind, Result};
use crate::pem::Section;

/// rsaEncryption without parameters, as an `AlgorithmIdentifier` has it (RFC 8017, appendix C).
const RSA: &[u8] = &[0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
/// The object identifier of DSA keys (RFC 3279, section 2.3.2), tag and length included.
const DSA: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
/// The object identifier of elliptic curve keys (RFC 5480, section 2.1.1), tag and length included.
const EC: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// The object identifier of Ed25519 (RFC 8410) in an `AlgorithmIdentifier`.
const ED25519: &[u8] = &[0x30, 5, 6, 3, 0x2b, 0x65, 0x70];

/// Opens the encrypted keys of one file.
pub(crate) struct KeyOpener<'p> {
    /// The passwords to try, in order.
    pub(super) passwords: &'p [&'p str],
    pub(super) effort: Effort,
}

impl<'p> KeyOpener<'p> {
    pub(crate) const fn new(passwords: &'p [&'p str]) -> Self {
        Self { passwords, effort: Effort::of_one_file() }
    }

    /// Whether there are passwords to try.
    pub(crate) const fn has_passwords(&self) -> bool {
        !self.passwords.is_empty()
    }

    /// What the first password that fits makes of it, or else why none does.
    fn first_that_opens<T>(
        &mut self,
        open: impl Fn(&str, &mut Effort) -> Result<T>,
    ) -> std::result::Result<T, String> {
        let mut fault = "it is encrypted, and no password is given".to_owned();
        for password in self.passwords {
            match open(password, &mut self.effort) {
                Ok(opened) => return Ok(opened),
                // `Usage` is the kind of a wrong password.
                Err(error) if error.kind() == ErrorKind::Usage => {
                    fault = "it is encrypted, and no password that is given opens it".to_owned();
                }
                Err(error) => return Err(error.explanation().to_owned()),
            }
        }
        Err(fault)
    }
}

/// 1.2.840.113549.1.12.1, below which the encryptions of PKCS #12 are, contents.
const PKCS12_ENCRYPTIONS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1];

/// What may be told of a private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyOutline {
    /// The DER of its public half, where it is known.
    pub(crate) subject_public_key_info: Option<Vec<u8>>,
    /// The form it is written in, such as `PKCS #8`.
    pub(crate) form: &'static str,
    /// True where a password protects it.
    pub(crate) is_encrypted: bool,
    /// Why the public half is not known, as a clause; empty otherwise.
    pub(crate) fault: String,
}

impl KeyOutline {
    /// The key in a PEM section; `curve` is the DER of an `EC PARAMETERS` section before it. `None` for what
    /// is no private key.
    pub(crate) fn of_section(
        section: &Section<'_>,
        curve: Option<&[u8]>,
        opener: &mut KeyOpener<'_>,
    ) -> Option<Self> {
        if section.header("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED")) {
            let form = match section.label {
                "RSA PRIVATE KEY" => "PKCS #1",
                "EC PRIVATE KEY" => "SEC 1",
                "DSA PRIVATE KEY" => "OpenSSL DSA",
                _ => "encrypted PEM",
            };
            let opened = opener.first_that_opens(|password, _| legacy::decrypt(section, password.as_bytes()));
            return Some(match opened {
                Ok(der) => Self::of_plain(&der, curve)?.into_encrypted(),
                Err(fault) => Self::closed(form, fault),
            });
        }
        Self::of_der(&section.der, curve, opener)
    }

    /// The key in DER, or in OpenSSH's form. `None` for what is no private key.
    pub(crate) fn of_der(der: &[u8], curve: Option<&[u8]>, opener: &mut KeyOpener<'_>) -> Option<Self> {
        if let Some(words) = der.strip_prefix(b"openssh-key-v1\0") {
            return open_ssh(words);
        }
        if !pbes2::is_encrypted(der) {
            return Self::of_plain(der, curve);
        }
        let mut parts = Reader::only(der, tag::SEQUENCE)?.open();
        let (algorithm, cipher) = (parts.next()?, parts.next()?.value);
        let is_older = algorithm.open().next().is_some_and(|oid| oid.value.starts_with(PKCS12_ENCRYPTIONS));
        let opened = opener.first_that_opens(|password, effort| {
            if is_older {
                return pkcs12::decrypt_key(&algorithm, cipher, password, effort);
            }
            pbes2::decrypt_key(der, password.as_bytes(), effort)
        });
        match opened {
            Ok(plain) => Self::of_plain(&plain, curve).map(Self::into_encrypted),
            Err(fault) => Some(Self::closed("PKCS #8", fault)),
        }
    }

    /// A key that no password opens.
    fn closed(form: &'static str, fault: String) -> Self {
        Self { subject_public_key_info: None, form, is_encrypted: true, fault }
    }

    fn into_encrypted(self) -> Self {
        Self { is_encrypted: true, ..self }
    }

    fn of_plain(der: &[u8], curve: Option<&[u8]>) -> Option<Self> {
        let parts = Parts::read(der)?;
        let form = parts.form();
        let known = |info| Self {
            subject_public_key_info: Some(info),
            form,
            is_encrypted: false,
            fault: String::new(),
        };
        let computed = load::from_der(der, curve).and_then(|secret| {
            let pair = KeyPair::load(&secret)?;
            Ok(encode::spki(secret.algorithm(), pair.public_key()))
        });
        let fault = match computed {
            Ok(info) => return Some(known(info)),
            Err(fault) => fault,
        };
        // Of kinds that this package does not use it takes what the file says; of others that would hide a
        // key whose halves do not belong together.
        let stated = parts.stated_public_half(curve);
        let stated = stated.filter(|info| fault.kind() == ErrorKind::Unsupported || !is_used(info));
        Some(stated.map_or_else(|| Self::unknown(form, fault.explanation()), known))
    }

    pub(super) fn unknown(form: &'static str, fault: &str) -> Self {
        Self { subject_public_key_info: None, form, is_encrypted: false, fault: fault.to_owned() }
    }
}

/// Whether the key is of a kind that [`load`] reads where it is whole.
fn is_used(info: &[u8]) -> bool {
    match KeyAlgorithm::from_spki(info) {
        Some(KeyAlgorithm::Rsa { bits }) => {
            (KeyAlgorithm::MIN_RSA_BITS..=KeyAlgorithm::MAX_RSA_BITS).contains(&bits)
        }
        other => other.is_some(),
    }
}

/// A private key cut into the parts that are not secret.
enum Parts<'a> {
    /// OpenSSL's own form: the parameters p, q and g, and the public number.
    Dsa { parameters: [Item<'a>; 3], public: Item<'a> },
    /// RFC 5208 and RFC 5958.
    Pkcs8 { algorithm: Item<'a>, key: &'a [u8], public: Option<&'a [u8]> },
    /// RFC 8017, A.1.2.
    Rsa { modulus: Item<'a>, exponent: Item<'a> },
    /// RFC 5915.
    Sec1 { curve: Option<&'a [u8]>, public: Option<&'a [u8]> },
}

impl<'a> Parts<'a> {
    fn read(der: &'a [u8]) -> Option<Self> {
        let mut members = Reader::only(der, tag::SEQUENCE)?.open();
        let version = members.take_if(tag::INTEGER)?;
        let second = members.next()?;
        match second.tag {
            tag::SEQUENCE => {
                let key = members.take_if(tag::OCTET_STRING)?.value;
                second.open().take_if(tag::OID)?;
                let public = members.find(|member| member.tag == tag::context(1));
                let public = public.and_then(|bits| bits.value.strip_prefix(&[0]));
                Some(Self::Pkcs8 { algorithm: second, key, public })
            }
            tag::OCTET_STRING if version.value == [1] => {
                let (mut curve, mut public) = (None, None);
                for member in members.take(2) {
                    if member.tag == tag::context_constructed(0) {
                        curve = Some(member.value);
                    }
                    if member.tag == tag::context_constructed(1) {
                        let bits = Reader::only(member.value, tag::BIT_STRING);
                        public = bits.and_then(|bits| bits.value.strip_prefix(&[0]));
                    }
                }
                Some(Self::Sec1 { curve, public })
            }
            tag::INTEGER => {
                let numbers: Vec<_> = members.by_ref().take(8).collect();
                if numbers.iter().take(6).any(|number| number.tag != tag::INTEGER) {
                    return None;
                }
                match *numbers.as_slice() {
                    [q, g, public, _] if members.is_empty() => {
                        Some(Self::Dsa { parameters: [second, q, g], public })
                    }
                    [exponent, _, _, _, _, _, _, ..] => Some(Self::Rsa { modulus: second, exponent }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn form(&self) -> &'static str {
        match self {
            Self::Dsa { .. } => "OpenSSL DSA",
            Self::Pkcs8 { .. } => "PKCS #8",
            Self::Rsa { .. } => "PKCS #1",
            Self::Sec1 { .. } => "SEC 1",
        }
    }

    /// The `SubjectPublicKeyInfo` of what the key says of its public half, where it says anything.
    fn stated_public_half(&self, before: Option<&[u8]>) -> Option<Vec<u8>> {
        match *self {
            Self::Dsa { parameters, public } => {
                let parameters = writer::sequence(parameters.map(|number| number.whole));
                let algorithm = writer::sequence([DSA, &parameters]);
                Some(info(&algorithm, public.whole))
            }
            Self::Pkcs8 { algorithm, key, public: Some(public) } => {
                // A key that tells its public half twice tells it inside as well.
                Parts::read(key)
                    .and_then(|inner| inner.public_octets())
                    .map(|octets| info(algorithm.whole, &octets))
                    .or_else(|| Some(info(algorithm.whole, public)))
            }
            Self::Pkcs8 { algorithm, key, public: None } => {
                Some(info(algorithm.whole, &Parts::read(key)?.public_octets()?))
            }
            Self::Rsa { .. } => Some(info(RSA, &self.public_octets()?)),
            Self::Sec1 { curve, public } => {
                let algorithm = writer::sequence([EC, curve.or(before)?]);
                Some(info(&algorithm, public?))
            }
        }
    }

    /// The contents of the BIT STRING in the `SubjectPublicKeyInfo`.
    fn public_octets(&self) -> Option<Vec<u8>> {
        match *self {
            Self::Rsa { modulus, exponent } => Some(writer::sequence([modulus.whole, exponent.whole])),
            Self::Sec1 { public, .. } => public.map(<[u8]>::to_vec),
            Self::Dsa { .. } | Self::Pkcs8 { .. } => None,
        }
    }
}

/// A `SubjectPublicKeyInfo` (RFC 5280, section 4.1).
fn info(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    writer::sequence([algorithm, &writer::bit_string(key)])
}

/// OpenSSH's form, whose public half is never encrypted (PROTOCOL.key of OpenSSH).
fn open_ssh(words: &[u8]) -> Option<KeyOutline> {
    let mut words = SshReader { rest: words };
    let cipher = words.string()?;
    words.string()?;
    words.string()?;
    words.number()?;
    let subject_public_key_info = ssh_public_half(words.string()?);
    Some(KeyOutline {
        fault: match subject_public_key_info {
            Some(_) => String::new(),
            None => "it is of a kind that certificates do not have".to_owned(),
        },
        subject_public_key_info,
        form: "OpenSSH",
        is_encrypted: cipher != b"none",
    })
}

/// The `SubjectPublicKeyInfo` of a public key as SSH writes it (RFC 4253, section 6.6; RFC 5656, section 3.1;
/// RFC 8709, section 4).
fn ssh_public_half(key: &[u8]) -> Option<Vec<u8>> {
    let mut words = SshReader { rest: key };
    let curve = match words.string()? {
        b"ssh-rsa" => {
            let (exponent, modulus) = (words.string()?, words.string()?);
            let key = writer::sequence([writer::integer(modulus), writer::integer(exponent)]);
            return Some(info(RSA, &key));
        }
        b"ssh-ed25519" => return Some(info(ED25519, words.string()?)),
        b"ssh-dss" => {
            let mut numbers = Vec::new();
            for _ in 0..4 {
                numbers.push(writer::integer(words.string()?));
            }
            let public = numbers.pop()?;
            return Some(info(&writer::sequence([DSA.to_vec(), writer::sequence(numbers)]), &public));
        }
        b"ecdsa-sha2-nistp256" => super::Curve::P256,
        b"ecdsa-sha2-nistp384" => super::Curve::P384,
        b"ecdsa-sha2-nistp521" => super::Curve::P521,
        _ => return None,
    };
    words.string()?;
    let curve = writer::tagged(tag::OID, curve.oid());
    Some(info(&writer::sequence([EC, &curve]), words.string()?))
}

/// Reads the data types of SSH (RFC 4251, section 5).
struct SshReader<'a> {
    rest: &'a [u8],
}

impl<'a> SshReader<'a> {
    fn number(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*digits))
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (string, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(string)
    }
}
