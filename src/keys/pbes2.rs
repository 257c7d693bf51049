//! Encrypted PKCS#8 keys, by PBES2 (RFC 8018): PBKDF2 or scrypt, and AES or triple DES.

use der::asn1::AnyRef;
use der::{Decode, SliceReader, Tag, Tagged};
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::Kdf;
use zeroize::Zeroizing;

use super::asn1::{self, oid};
use super::load::{unreadable, wrong_password};
use crate::error::{Error, Result};

/// OpenSSL's default is 2048, careful people take a million; ten million take seconds.
const MOST_ITERATIONS: u32 = 10_000_000;
/// scrypt needs 128 bytes of memory per unit of N·r: 256 MiB.
const MOST_SCRYPT_MEMORY: u64 = 1 << 21;
/// scrypt's time grows with N·r·p.
const MOST_SCRYPT_WORK: u64 = 1 << 23;

/// Whether `der` has the shape of an `EncryptedPrivateKeyInfo`.
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    let tags = asn1::sequence(der).map(|members| members.iter().map(Tagged::tag).collect::<Vec<_>>());
    tags.is_some_and(|tags| tags == [Tag::Sequence, Tag::OctetString])
}

/// The PKCS#8 key in an `EncryptedPrivateKeyInfo`.
pub(super) fn decrypt(der: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    check_parameters(der)?;
    let (scheme, encrypted) = cut(der).ok_or_else(unsupported)?;
    let EncryptionScheme::Pbes2(parameters) = scheme else {
        return Err(unsupported());
    };
    check_effort(&parameters.kdf)?;
    let mut buffer = Zeroizing::new(encrypted.to_vec());
    let length = match parameters.decrypt_in_place(password, &mut buffer) {
        Ok(plain) => plain.len(),
        Err(pkcs5::Error::UnsupportedAlgorithm { .. }) => return Err(unsupported()),
        Err(_) => return Err(wrong_password()),
    };
    buffer.truncate(length);
    // One wrong password in 256 leaves padding that looks right.
    match asn1::sequence(&buffer) {
        Some(_) => Ok(buffer),
        None => Err(wrong_password()),
    }
}

/// The two fields of an `EncryptedPrivateKeyInfo` (RFC 5958 section 3).
fn cut(der: &[u8]) -> Option<(EncryptionScheme, &[u8])> {
    let members = asn1::sequence(der)?;
    let mut reader = SliceReader::new(AnyRef::from_der(der).ok()?.value()).ok()?;
    let scheme = EncryptionScheme::decode(&mut reader).ok()?;
    Some((scheme, asn1::contents(members.get(1), Tag::OctetString)?))
}

/// Checks what the decoder takes on trust: that it is PBES2, and that the initialisation vector is not too short.
fn check_parameters(der: &[u8]) -> Result<()> {
    let damaged = || unreadable("this encrypted private key is damaged");
    let members = asn1::sequence(der).ok_or_else(damaged)?;
    let identifier = members.first().and_then(asn1::members).ok_or_else(damaged)?;
    if asn1::contents(identifier.first(), Tag::ObjectIdentifier) != Some(oid::PBES2) {
        return Err(unsupported());
    }
    let parameters = identifier.get(1).and_then(asn1::members).ok_or_else(damaged)?;
    let cipher = parameters.get(1).and_then(asn1::members).ok_or_else(damaged)?;
    match asn1::contents(cipher.get(1), Tag::OctetString) {
        // An AES-GCM nonce is not an OCTET STRING of its own in RFC 5084; nothing we read has less than one DES block.
        Some(vector) if vector.len() >= 8 => Ok(()),
        _ => Err(unsupported()),
    }
}

/// Refuses files that would keep us busy for minutes.
fn check_effort(kdf: &Kdf) -> Result<()> {
    let excessive = match kdf {
        Kdf::Pbkdf2(parameters) => parameters.iteration_count > MOST_ITERATIONS,
        Kdf::Scrypt(parameters) => {
            let cost = parameters.cost_parameter;
            let memory = cost.saturating_mul(parameters.block_size.into());
            let work = memory.saturating_mul(parameters.parallelization.into());
            !cost.is_power_of_two() || memory > MOST_SCRYPT_MEMORY || work > MOST_SCRYPT_WORK
        }
        _ => true,
    };
    match excessive {
        true => Err(unreadable("this private key is encrypted in a way that would take too long to undo")
            .hint("write it anew with openssl pkcs8 -topk8")),
        false => Ok(()),
    }
}

fn unsupported() -> Error {
    unreadable("this private key is encrypted in a way that is not supported")
        .hint("write it anew with openssl pkcs8 -topk8 -v2 aes-256-cbc")
}
