//! Opening PKCS #12 files.
//!
//! Read are the password-based schemes that files in use have: triple DES and 40-bit RC2 with SHA-1, which
//! Windows and old OpenSSL write, and PBES2, which OpenSSL 3 writes.

use super::super::asn1::{self, Item, Reader, oid, tag};
use super::super::backend::Digest;
use super::super::effort::Effort;
use super::super::outline::{KeyOpener, KeyOutline};
use super::super::pbes2::{self, Fault};
use super::super::private_key::{PrivateKey, SigningKey};
use super::identifiers::{
    CERTIFICATE_BAG, CERTIFICATE_LIST_BAG, DATA, ENCRYPTED_DATA, KEY_BAG, SHA1, SHA1_RC2_40, SHA1_TRIPLE_DES,
    SHA256, SHA384, SHA512, SHROUDED_KEY_BAG, X509_CERTIFICATE, X509_CERTIFICATE_LIST,
};
use super::password::{Password, Purpose};
use crate::asn1::ber;
use crate::error::{Error, ErrorKind, Result};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use des::TdesEde3;
use rc2::Rc2;
use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

/// What a PKCS #12 file holds.
#[derive(Debug)]
#[non_exhaustive]
pub struct Pkcs12 {
    /// The certificates; that of the key first.
    pub certificates: Vec<CertificateDer<'static>>,
    /// The private key, if there is one.
    pub key: Option<PrivateKey>,
}

/// Opens a PKCS #12 file and checks its integrity, where it has a check: a file may do without.
///
/// All its rounds of hashing together may be ten million.
///
/// # Errors
/// [`ErrorKind::PrivateKeyParse`] where it is damaged, protected in a way that is not supported, or would take
/// more than seconds to open, [`ErrorKind::Usage`] for a wrong password, and as [`PrivateKey::from_der`] for its
/// key.
pub fn read_pkcs12(der: &[u8], password: &str) -> Result<Pkcs12> {
    let bags = open(der, Some(password), &mut Effort::of_one_file())?;
    let mut keys = bags.keys.iter();
    let key = keys.next().map(|key| PrivateKey::from_der(&key.der)).transpose()?;
    if keys.next().is_some() {
        return Err(unsupported("it holds several private keys"));
    }
    let mut found =
        Pkcs12 { certificates: bags.certificates.into_iter().map(CertificateDer::from).collect(), key };
    found.put_own_certificate_first();
    match found.certificates.is_empty() {
        true => Err(Error::of(ErrorKind::PrivateKeyParse).explain("the PKCS #12 file holds no certificate")),
        false => Ok(found),
    }
}

/// What may be told of a PKCS #12 file without keeping its keys.
#[derive(Debug)]
pub(crate) struct Pkcs12Outline {
    /// The DER of the certificates in order.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// The DER of the certificate revocation lists.
    pub(crate) certificate_lists: Vec<Vec<u8>>,
    pub(crate) keys: Vec<KeyOutline>,
}

/// Opens a PKCS #12 file without a password, with an empty one, or with one that `opener` has.
///
/// # Errors
/// As [`read_pkcs12`], for what is not about its keys; a file without certificates is fine.
pub(crate) fn outline_pkcs12(der: &[u8], opener: &mut KeyOpener<'_>) -> Result<Pkcs12Outline> {
    let given = opener.passwords;
    let mut passwords = [None, Some("")].into_iter().chain(given.iter().map(|password| Some(*password)));
    let mut result = Err(wrong_password());
    while let Some(password) = passwords.next().filter(|_| is_wrong_password(&result)) {
        result = open(der, password, &mut opener.effort).map(|bags| (bags, password));
    }
    let (bags, password) = result?;
    let is_protected = password.is_some_and(|password| !password.is_empty());
    let keys = bags.keys.iter().map(|key| {
        let outline = KeyOutline::of_der(&key.der, None, opener)
            .unwrap_or_else(|| KeyOutline::unknown("PKCS #12", "it is not a private key that can be read"));
        KeyOutline { form: "PKCS #12", is_encrypted: is_protected && key.is_shrouded, ..outline }
    });
    let keys = keys.collect();
    Ok(Pkcs12Outline { certificates: bags.certificates, certificate_lists: bags.certificate_lists, keys })
}

/// [`ErrorKind::Usage`] is the kind of a wrong password.
fn is_wrong_password<T>(result: &Result<T>) -> bool {
    result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Usage)
}

/// The PKCS #8 key that is encrypted by one of the older schemes that PKCS #12 defines, as `openssl pkcs8 -v1`
/// writes it; `algorithm` is an `AlgorithmIdentifier`.
///
/// # Errors
/// As [`read_pkcs12`].
pub(in crate::keys) fn decrypt_key(
    algorithm: &Item<'_>,
    cipher: &[u8],
    password: &str,
    effort: &mut Effort,
) -> Result<Zeroizing<Vec<u8>>> {
    let password = Password::new(Some(password));
    Opening { password, effort, bags: Bags::default() }.decrypt(algorithm, cipher)
}

/// What was in a file, still to be looked at.
#[derive(Default)]
struct Bags {
    certificates: Vec<Vec<u8>>,
    certificate_lists: Vec<Vec<u8>>,
    keys: Vec<KeyBag>,
}

struct KeyBag {
    der: Zeroizing<Vec<u8>>,
    /// True where the key itself was encrypted.
    is_shrouded: bool,
}

/// Opens the file, and checks its integrity.
fn open(file: &[u8], password: Option<&str>, effort: &mut Effort) -> Result<Bags> {
    let file = ber::to_der(file).ok_or_else(damaged)?;
    let file = asn1::sequence(&file).ok_or_else(damaged)?;
    let content = content_info(file.get(1)).filter(|(kind, _)| *kind == DATA).ok_or_else(damaged)?;
    let safe = inner_octets(content.1).ok_or_else(damaged)?;
    let mut opening = Opening { password: Password::new(password), effort, bags: Bags::default() };
    if let Some(mac) = file.get(2) {
        opening.check_mac(mac, safe)?;
    }
    for_each(safe, |part| match content_info(Some(&part)) {
        Some((DATA, content)) => opening.read_bags(inner_octets(content).ok_or_else(damaged)?),
        Some((ENCRYPTED_DATA, content)) => {
            let bags = opening.decrypt_data(content)?;
            opening.read_bags(&bags)
        }
        _ => Err(unsupported("a part of it is encrypted for certificates")),
    })?;
    Ok(opening.bags)
}

impl Pkcs12 {
    fn put_own_certificate_first(&mut self) {
        let Some(key) = &self.key else { return };
        let info = key.subject_public_key_info();
        let own = |der: &CertificateDer<'_>| der.windows(info.len()).any(|window| window == info);
        if let Some(at) = self.certificates.iter().position(own) {
            let certificate = self.certificates.remove(at);
            self.certificates.insert(0, certificate);
        }
    }
}

/// A file that is being opened.
struct Opening<'e> {
    password: Password,
    effort: &'e mut Effort,
    bags: Bags,
}

impl Opening<'_> {
    fn check_mac(&mut self, mac: &Item<'_>, data: &[u8]) -> Result<()> {
        let mac = asn1::members(mac).ok_or_else(damaged)?;
        let info = mac.first().and_then(asn1::members).ok_or_else(damaged)?;
        let expected = asn1::contents(info.get(1), tag::OCTET_STRING).ok_or_else(damaged)?;
        let algorithm = info.first().and_then(asn1::members).ok_or_else(damaged)?;
        let hash = match asn1::contents(algorithm.first(), tag::OID).ok_or_else(damaged)? {
            SHA1 => Digest::Sha1,
            SHA256 => Digest::Sha256,
            SHA384 => Digest::Sha384,
            SHA512 => Digest::Sha512,
            _ => return Err(unsupported("its integrity check is of an unknown kind")),
        };
        let salt = asn1::contents(mac.get(1), tag::OCTET_STRING).ok_or_else(damaged)?;
        let iterations = match mac.get(2) {
            Some(_) => self.iterations(mac.get(2), 1)?,
            None => 1,
        };
        match self.password.mac(hash, salt, iterations, data) == expected {
            true => Ok(()),
            false => Err(wrong_password()),
        }
    }

    fn read_bags(&mut self, bags: &[u8]) -> Result<()> {
        for_each(bags, |bag| {
            let bag = asn1::members(&bag).ok_or_else(damaged)?;
            let kind = asn1::contents(bag.first(), tag::OID).ok_or_else(damaged)?;
            let value = bag.get(1).map(|value| value.value).ok_or_else(damaged)?;
            match kind {
                KEY_BAG => {
                    let der = Zeroizing::new(value.to_vec());
                    self.bags.keys.push(KeyBag { der, is_shrouded: false });
                }
                SHROUDED_KEY_BAG => {
                    let shrouded = asn1::sequence(value).ok_or_else(damaged)?;
                    let cipher = asn1::contents(shrouded.get(1), tag::OCTET_STRING).ok_or_else(damaged)?;
                    let algorithm = shrouded.first().ok_or_else(damaged)?;
                    let der = self.decrypt(algorithm, cipher)?;
                    self.bags.keys.push(KeyBag { der, is_shrouded: true });
                }
                CERTIFICATE_BAG | CERTIFICATE_LIST_BAG => {
                    let object = asn1::sequence(value).ok_or_else(damaged)?;
                    let kind = asn1::contents(object.first(), tag::OID);
                    let der = object.get(1).and_then(|outer| inner_octets(outer.value));
                    match (kind, der) {
                        (Some(X509_CERTIFICATE), Some(der)) => self.bags.certificates.push(der.to_vec()),
                        (Some(X509_CERTIFICATE_LIST), Some(der)) => {
                            self.bags.certificate_lists.push(der.to_vec());
                        }
                        _ => {}
                    }
                }
                // Secrets and nested bags are of no use here.
                _ => {}
            }
            Ok(())
        })
    }

    fn decrypt_data(&mut self, content: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let data = asn1::sequence(content).ok_or_else(damaged)?;
        let info = data.get(1).and_then(asn1::members).ok_or_else(damaged)?;
        let cipher = asn1::contents(info.get(2), tag::context(0)).ok_or_else(damaged)?;
        self.decrypt(info.get(1).ok_or_else(damaged)?, cipher)
    }

    fn decrypt(&mut self, algorithm: &Item<'_>, cipher: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let parts = asn1::members(algorithm).ok_or_else(damaged)?;
        let (key_len, decrypt): (usize, Decrypt) =
            match asn1::contents(parts.first(), tag::OID).ok_or_else(damaged)? {
                SHA1_TRIPLE_DES => (24, cbc_decrypt::<TdesEde3>),
                SHA1_RC2_40 => (5, cbc_decrypt::<Rc2>),
                oid::PBES2 => {
                    let opened = pbes2::decrypt(algorithm, cipher, &self.password.text, self.effort);
                    return opened.map_err(|fault| match fault {
                        Fault::Damaged => damaged(),
                        Fault::TooLong => too_long(),
                        Fault::Unsupported => unsupported("its encryption is of an unknown kind"),
                        Fault::WrongPassword => wrong_password(),
                    });
                }
                _ => return Err(unsupported("its encryption is of an unknown kind")),
            };
        let parameters = parts.get(1).and_then(asn1::members).ok_or_else(damaged)?;
        let salt = asn1::contents(parameters.first(), tag::OCTET_STRING).ok_or_else(damaged)?;
        // A key of two hashes at the most, and a vector.
        let iterations = self.iterations(parameters.get(1), 3)?;
        let derive = |purpose, length| self.password.derive(Digest::Sha1, purpose, salt, iterations, length);
        let (key, vector) = (derive(Purpose::Key, key_len), derive(Purpose::Vector, 8));
        let mut buffer = Zeroizing::new(cipher.to_vec());
        let length = decrypt(&key, &vector, &mut buffer)?;
        buffer.truncate(length);
        // One wrong password in 256 leaves padding that looks right.
        match Reader::only(&buffer, tag::SEQUENCE) {
            Some(_) => Ok(buffer),
            None => Err(wrong_password()),
        }
    }

    /// The number of rounds that stands in `item`, to be done `times` times.
    fn iterations(&mut self, item: Option<&Item<'_>>, times: u64) -> Result<u32> {
        let octets = asn1::contents(item, tag::INTEGER).ok_or_else(damaged)?;
        let number =
            octets.iter().fold(0u32, |sum, octet| sum.saturating_mul(256).saturating_add(u32::from(*octet)));
        if number == 0 {
            return Err(damaged());
        }
        self.effort.spend(u64::from(number).saturating_mul(times)).ok_or_else(too_long)?;
        Ok(number)
    }
}

/// Looks at each element of the SEQUENCE that `der` consists of.
fn for_each(der: &[u8], mut look: impl FnMut(Item<'_>) -> Result<()>) -> Result<()> {
    let der = ber::to_der(der).ok_or_else(damaged)?;
    let mut elements = Reader::only(&der, tag::SEQUENCE).ok_or_else(damaged)?.open();
    for element in elements.by_ref() {
        look(element)?;
    }
    match elements.is_empty() {
        true => Ok(()),
        false => Err(damaged()),
    }
}

/// The type and the content of a `ContentInfo`.
fn content_info<'a>(item: Option<&Item<'a>>) -> Option<(&'a [u8], &'a [u8])> {
    let parts = asn1::members(item?)?;
    let kind = asn1::contents(parts.first(), tag::OID)?;
    Some((kind, parts.get(1)?.value))
}

/// The contents of the OCTET STRING that `der` consists of.
fn inner_octets(der: &[u8]) -> Option<&[u8]> {
    Reader::only(der, tag::OCTET_STRING).map(|octets| octets.value)
}

type Decrypt = fn(&[u8], &[u8], &mut [u8]) -> Result<usize>;

/// Decrypts in place; the length is without padding.
fn cbc_decrypt<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    vector: &[u8],
    buffer: &mut [u8],
) -> Result<usize> {
    let decryptor = Decryptor::<C>::new_from_slices(key, vector).map_err(|_| damaged())?;
    decryptor.decrypt_padded::<Pkcs7>(buffer).map(<[u8]>::len).map_err(|_| wrong_password())
}

fn damaged() -> Error {
    Error::of(ErrorKind::PrivateKeyParse).explain("the PKCS #12 file is damaged, or something else")
}

fn too_long() -> Error {
    unsupported("its password takes too long to check")
}

fn unsupported(why: &str) -> Error {
    Error::of(ErrorKind::PrivateKeyParse)
        .explain(format!("the PKCS #12 file is of a form that is not supported: {why}"))
}

fn wrong_password() -> Error {
    Error::new(ErrorKind::Usage, "pkcs12: decryption password incorrect")
        .explain("the password does not open the PKCS #12 file")
}
