//! PKCS #12 files: a private key with its certificates under a password (RFC 7292).
//!
//! Read are the password-based schemes that files in use have: triple DES and 40-bit RC2 with SHA-1, which
//! Windows and old OpenSSL write, and PBES2, which OpenSSL 3 writes.

use super::asn1;
use super::backend::{Digest, digest, hmac};
use super::pbes2;
use super::private_key::PrivateKey;
use crate::error::{Error, ErrorKind, Result};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use der::asn1::AnyRef;
use der::{Decode, Encode, Tag, Tagged};
use des::TdesEde3;
use rc2::Rc2;
use zeroize::Zeroizing;

/// What a PKCS #12 file holds.
#[derive(Debug)]
pub struct Pkcs12 {
    /// The DER of the certificates; that of the key first.
    pub certificates: Vec<Vec<u8>>,
    /// The private key, if there is one.
    pub key: Option<PrivateKey>,
}

const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6];
/// 1.2.840.113549.1.12.10.1, below which the kinds of bags are.
const BAGS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1];
const X509_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 22, 1];
/// 1.2.840.113549.1.12.1, below which the encryptions with SHA-1 are.
const SHA1_ENCRYPTIONS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1];

/// Rounds of hashing beyond this keep us busy for long; OpenSSL takes 2048, Windows 2000.
const MOST_ITERATIONS: u32 = 2_000_000;

/// Opens a PKCS #12 file and checks its integrity.
///
/// # Errors
/// [`ErrorKind::PrivateKeyParse`] where it is damaged or protected in a way that is not supported,
/// [`ErrorKind::Usage`] for a wrong password, and as [`PrivateKey::from_der`] for its key.
pub fn read_pkcs12(der: &[u8], password: &str) -> Result<Pkcs12> {
    let password = Password::new(password);
    let file = asn1::sequence(der).ok_or_else(damaged)?;
    let content = content_info(file.get(1)).filter(|(kind, _)| *kind == DATA).ok_or_else(damaged)?;
    let safe = inner_octets(content.1).ok_or_else(damaged)?;
    if let Some(mac) = file.get(2) {
        check_mac(mac, safe, &password)?;
    }
    let mut found = Pkcs12 { certificates: Vec::new(), key: None };
    for part in asn1::sequence(safe).ok_or_else(damaged)? {
        match content_info(Some(&part)) {
            Some((DATA, content)) => {
                found.read_bags(inner_octets(content).ok_or_else(damaged)?, &password)?;
            }
            Some((ENCRYPTED_DATA, content)) => {
                let bags = decrypt_data(content, &password)?;
                found.read_bags(&bags, &password)?;
            }
            _ => return Err(unsupported("a part of it is encrypted for certificates")),
        }
    }
    found.put_own_certificate_first();
    match found.certificates.is_empty() {
        true => Err(Error::of(ErrorKind::PrivateKeyParse).explain("the PKCS #12 file holds no certificate")),
        false => Ok(found),
    }
}

impl Pkcs12 {
    fn read_bags(&mut self, bags: &[u8], password: &Password) -> Result<()> {
        for bag in asn1::sequence(bags).ok_or_else(damaged)? {
            let bag = asn1::members(&bag).ok_or_else(damaged)?;
            let kind = asn1::contents(bag.first(), Tag::ObjectIdentifier).ok_or_else(damaged)?;
            let value = bag.get(1).map(|value| value.value()).ok_or_else(damaged)?;
            match kind.strip_prefix(BAGS) {
                Some([1]) => self.keep_key(PrivateKey::from_der(value)?)?,
                Some([2]) => {
                    let shrouded = asn1::sequence(value).ok_or_else(damaged)?;
                    let cipher = asn1::contents(shrouded.get(1), Tag::OctetString).ok_or_else(damaged)?;
                    let algorithm = shrouded.first().ok_or_else(damaged)?;
                    self.keep_key(PrivateKey::from_der(&decrypt(algorithm, cipher, password)?)?)?;
                }
                Some([3]) => {
                    let certificate = asn1::sequence(value).ok_or_else(damaged)?;
                    let kind = asn1::contents(certificate.first(), Tag::ObjectIdentifier);
                    let der = certificate.get(1).and_then(|outer| inner_octets(outer.value()));
                    if let (Some(X509_CERTIFICATE), Some(der)) = (kind, der) {
                        self.certificates.push(der.to_vec());
                    }
                }
                // CRLs, secrets and nested bags are of no use here.
                _ => {}
            }
        }
        Ok(())
    }

    fn keep_key(&mut self, key: PrivateKey) -> Result<()> {
        match self.key.replace(key) {
            None => Ok(()),
            Some(_) => Err(unsupported("it holds several private keys")),
        }
    }

    fn put_own_certificate_first(&mut self) {
        let Some(key) = &self.key else { return };
        let info = super::SigningKey::subject_public_key_info(key);
        let own = |der: &Vec<u8>| der.windows(info.len()).any(|window| window == info);
        if let Some(at) = self.certificates.iter().position(own) {
            let certificate = self.certificates.remove(at);
            self.certificates.insert(0, certificate);
        }
    }
}

/// The password in both of its forms.
struct Password {
    text: Zeroizing<Vec<u8>>,
    /// UTF-16 with a zero at the end, as the hashes of RFC 7292 take it.
    wide: Zeroizing<Vec<u8>>,
}

impl Password {
    fn new(text: &str) -> Self {
        let mut wide = Zeroizing::new(Vec::with_capacity(text.len() * 2 + 2));
        wide.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        wide.extend([0, 0]);
        Self { text: Zeroizing::new(text.as_bytes().to_vec()), wide }
    }
}

/// The type and the content of a `ContentInfo`.
fn content_info<'a>(item: Option<&AnyRef<'a>>) -> Option<(&'a [u8], &'a [u8])> {
    let parts = asn1::members(item?)?;
    let kind = asn1::contents(parts.first(), Tag::ObjectIdentifier)?;
    Some((kind, parts.get(1)?.value()))
}

/// The contents of the OCTET STRING that `der` consists of.
fn inner_octets(der: &[u8]) -> Option<&[u8]> {
    asn1::contents(AnyRef::from_der(der).ok().as_ref(), Tag::OctetString)
}

fn check_mac(mac: &AnyRef<'_>, data: &[u8], password: &Password) -> Result<()> {
    let mac = asn1::members(mac).ok_or_else(damaged)?;
    let info = mac.first().and_then(asn1::members).ok_or_else(damaged)?;
    let expected = asn1::contents(info.get(1), Tag::OctetString).ok_or_else(damaged)?;
    let algorithm = info.first().and_then(asn1::members).ok_or_else(damaged)?;
    let hash = match asn1::contents(algorithm.first(), Tag::ObjectIdentifier).ok_or_else(damaged)? {
        [0x2b, 0x0e, 3, 2, 0x1a] => Digest::Sha1,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Digest::Sha256,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Digest::Sha384,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Digest::Sha512,
        _ => return Err(unsupported("its integrity check is of an unknown kind")),
    };
    let salt = asn1::contents(mac.get(1), Tag::OctetString).ok_or_else(damaged)?;
    let iterations = match mac.get(2) {
        Some(_) => number(mac.get(2))?,
        None => 1,
    };
    let key = derive(hash, 3, password, salt, iterations, hash.output_len())?;
    let found = hmac(hash, &key, data);
    match found == expected {
        true => Ok(()),
        false => Err(wrong_password()),
    }
}

fn number(item: Option<&AnyRef<'_>>) -> Result<u32> {
    let octets = asn1::contents(item, Tag::Integer).ok_or_else(damaged)?;
    let number =
        octets.iter().fold(0u32, |sum, octet| sum.saturating_mul(256).saturating_add(u32::from(*octet)));
    match number {
        1..=MOST_ITERATIONS => Ok(number),
        _ => Err(unsupported("its password takes too long to check")),
    }
}

fn decrypt_data(content: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>> {
    let data = asn1::sequence(content).ok_or_else(damaged)?;
    let info = data.get(1).and_then(asn1::members).ok_or_else(damaged)?;
    let cipher = info.get(2).filter(|item| !item.tag().is_constructed()).ok_or_else(damaged)?;
    decrypt(info.get(1).ok_or_else(damaged)?, cipher.value(), password)
}

fn decrypt(algorithm: &AnyRef<'_>, cipher: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>> {
    let parts = asn1::members(algorithm).ok_or_else(damaged)?;
    let kind = asn1::contents(parts.first(), Tag::ObjectIdentifier).ok_or_else(damaged)?;
    let (key_len, decrypt): (usize, Decrypt) = match kind.strip_prefix(SHA1_ENCRYPTIONS) {
        Some([3]) => (24, cbc_decrypt::<TdesEde3>),
        Some([6]) => (5, cbc_decrypt::<Rc2>),
        _ if kind == asn1::oid::PBES2 => return decrypt_pbes2(algorithm, cipher, password),
        _ => return Err(unsupported("its encryption is of an unknown kind")),
    };
    let parameters = parts.get(1).and_then(asn1::members).ok_or_else(damaged)?;
    let salt = asn1::contents(parameters.first(), Tag::OctetString).ok_or_else(damaged)?;
    let iterations = number(parameters.get(1))?;
    let key = derive(Digest::Sha1, 1, password, salt, iterations, key_len)?;
    let vector = derive(Digest::Sha1, 2, password, salt, iterations, 8)?;
    let mut buffer = Zeroizing::new(cipher.to_vec());
    let length = decrypt(&key, &vector, &mut buffer)?;
    buffer.truncate(length);
    match asn1::sequence(&buffer) {
        Some(_) => Ok(buffer),
        None => Err(wrong_password()),
    }
}

/// As an encrypted PKCS #8 key, which has the same two parts.
fn decrypt_pbes2(algorithm: &AnyRef<'_>, cipher: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>> {
    let whole = || {
        let algorithm = algorithm.to_der().ok()?;
        let cipher = AnyRef::new(Tag::OctetString, cipher).ok()?.to_der().ok()?;
        let members = [algorithm, cipher].concat();
        AnyRef::new(Tag::Sequence, &members).ok()?.to_der().ok()
    };
    pbes2::decrypt(&whole().ok_or_else(damaged)?, &password.text)
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

/// The hash of RFC 7292, appendix B.2: `purpose` is 1 for a key, 2 for a vector, 3 for an integrity check.
fn derive(
    hash: Digest,
    purpose: u8,
    password: &Password,
    salt: &[u8],
    iterations: u32,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    let block = hash.block_len();
    let filled = |text: &[u8]| -> Vec<u8> {
        text.iter().copied().cycle().take(text.len().div_ceil(block) * block).collect()
    };
    let mut input = Zeroizing::new(filled(salt));
    input.extend(Zeroizing::new(filled(&password.wide)).iter());
    let mut key = Zeroizing::new(Vec::with_capacity(length + hash.output_len()));
    while key.len() < length {
        let mut start = Zeroizing::new(vec![purpose; block]);
        start.extend(input.iter());
        let mut round = Zeroizing::new(digest(hash, &start));
        for _ in 1..iterations {
            round = Zeroizing::new(digest(hash, &round));
        }
        key.extend(round.iter());
        for part in input.chunks_mut(block) {
            // part + round, repeated to a block, + 1
            let addend: Vec<u8> = round.iter().copied().cycle().take(block).collect();
            let mut carry = 1u16;
            for (octet, add) in part.iter_mut().zip(&addend).rev() {
                carry += u16::from(*octet) + u16::from(*add);
                *octet = carry.to_be_bytes()[1];
                carry >>= 8;
            }
        }
    }
    key.truncate(length);
    Ok(key)
}

fn damaged() -> Error {
    Error::of(ErrorKind::PrivateKeyParse).explain("the PKCS #12 file is damaged, or something else")
}

fn unsupported(why: &str) -> Error {
    Error::of(ErrorKind::PrivateKeyParse)
        .explain(format!("the PKCS #12 file is of a form that is not supported: {why}"))
}

fn wrong_password() -> Error {
    Error::new(ErrorKind::Usage, "pkcs12: decryption password incorrect")
        .explain("the password does not open the PKCS #12 file")
}
