//! Encryption under a password by PBES2 (RFC 8018): PBKDF2 or scrypt, and AES or triple DES.
//!
//! What this module holds is wiped; the copy of the derived key that `pkcs5` makes for decryption is not.

use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use der::{Decode, SliceReader};
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::{Kdf, Parameters, Pbkdf2Prf};
use zeroize::Zeroizing;

use super::asn1::{self, Item, Reader, oid, tag};
use super::backend::{pbkdf2_sha256, random};
use super::effort::Effort;
use super::load::{unreadable, wrong_password};
use crate::asn1::writer::{integer, octet_string, sequence, tagged};
use crate::error::{Error, ErrorKind, Result};

/// scrypt needs 128 bytes of memory per unit of (N + p)·r: 256 MiB.
const MOST_SCRYPT_MEMORY: u64 = 1 << 21;

/// Why something encrypted stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Damaged,
    TooLong,
    Unsupported,
    WrongPassword,
}

/// Whether `der` has the shape of an `EncryptedPrivateKeyInfo`.
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    let members = asn1::sequence(der).unwrap_or_default();
    matches!(members.as_slice(), [algorithm, key] if (algorithm.tag, key.tag) == (tag::SEQUENCE, tag::OCTET_STRING))
}

/// The PKCS#8 key in an `EncryptedPrivateKeyInfo` (RFC 5958 section 3).
pub(super) fn decrypt_key(der: &[u8], password: &[u8], effort: &mut Effort) -> Result<Zeroizing<Vec<u8>>> {
    let members = asn1::sequence(der).unwrap_or_default();
    let decrypted = match (members.first(), asn1::contents(members.get(1), tag::OCTET_STRING)) {
        (Some(algorithm), Some(encrypted)) => decrypt(algorithm, encrypted, password, effort),
        _ => Err(Fault::Damaged),
    };
    decrypted.map_err(|fault| match fault {
        Fault::Damaged => unreadable("this encrypted private key is damaged"),
        Fault::TooLong => {
            unreadable("this private key is encrypted in a way that would take too long to undo")
                .hint("write it anew with openssl pkcs8 -topk8")
        }
        Fault::Unsupported => unreadable("this private key is encrypted in a way that is not supported")
            .hint("write it anew with openssl pkcs8 -topk8 -v2 aes-256-cbc"),
        Fault::WrongPassword => wrong_password(),
    })
}

/// The SEQUENCE that was encrypted by the scheme in `algorithm`, an `AlgorithmIdentifier`.
pub(super) fn decrypt(
    algorithm: &Item<'_>,
    encrypted: &[u8],
    password: &[u8],
    effort: &mut Effort,
) -> std::result::Result<Zeroizing<Vec<u8>>, Fault> {
    check_parameters(algorithm)?;
    let mut reader = SliceReader::new(algorithm.whole).map_err(|_| Fault::Unsupported)?;
    let Ok(EncryptionScheme::Pbes2(parameters)) = EncryptionScheme::decode(&mut reader) else {
        return Err(Fault::Unsupported);
    };
    let rounds = rounds(&parameters).ok_or(Fault::TooLong)?;
    effort.spend(rounds).ok_or(Fault::TooLong)?;
    let mut buffer = Zeroizing::new(encrypted.to_vec());
    let length = match parameters.decrypt_in_place(password, &mut buffer) {
        Ok(plain) => plain.len(),
        Err(pkcs5::Error::DecryptFailed) => return Err(Fault::WrongPassword),
        Err(_) => return Err(Fault::Unsupported),
    };
    buffer.truncate(length);
    // One wrong password in 256 leaves padding that looks right.
    match Reader::only(&buffer, tag::SEQUENCE) {
        Some(_) => Ok(buffer),
        None => Err(Fault::WrongPassword),
    }
}

/// Checks what the decoder takes on trust: that it is PBES2, and that the initialisation vector is not too short.
fn check_parameters(algorithm: &Item<'_>) -> std::result::Result<(), Fault> {
    let identifier = asn1::members(algorithm).ok_or(Fault::Damaged)?;
    if asn1::contents(identifier.first(), tag::OID) != Some(oid::PBES2) {
        return Err(Fault::Unsupported);
    }
    let parameters = identifier.get(1).and_then(asn1::members).ok_or(Fault::Damaged)?;
    let cipher = parameters.get(1).and_then(asn1::members).ok_or(Fault::Damaged)?;
    match asn1::contents(cipher.get(1), tag::OCTET_STRING) {
        // An AES-GCM nonce is not an OCTET STRING of its own in RFC 5084; nothing we read has less than one DES block.
        Some(vector) if vector.len() >= 8 => Ok(()),
        _ => Err(Fault::Unsupported),
    }
}

/// How many rounds of hashing the key costs; nothing where it would cost too much memory, or makes no sense.
fn rounds(parameters: &Parameters) -> Option<u64> {
    match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => {
            let length = match kdf.prf {
                Pbkdf2Prf::HmacWithSha1 => 20,
                Pbkdf2Prf::HmacWithSha224 => 28,
                _ => 32,
            };
            let blocks = parameters.encryption.key_size().div_ceil(length);
            Some(u64::from(kdf.iteration_count).saturating_mul(blocks as u64))
        }
        Kdf::Scrypt(kdf) => {
            let (block_size, parallelization) = (u64::from(kdf.block_size), u64::from(kdf.parallelization));
            let memory = kdf.cost_parameter.saturating_add(parallelization).saturating_mul(block_size);
            let sensible = kdf.cost_parameter.is_power_of_two() && memory <= MOST_SCRYPT_MEMORY;
            // A unit of N·r·p takes as long as a round, more or less; and 128 bytes of each p·r are four rounds.
            let units = kdf.cost_parameter.saturating_add(4).saturating_mul(block_size);
            sensible.then(|| units.saturating_mul(parallelization))
        }
        _ => None,
    }
}

/// Encrypts by PBKDF2 with HMAC-SHA256 and AES-256-CBC: the DER of the `AlgorithmIdentifier`, and what was
/// encrypted.
///
/// # Errors
/// As [`random`].
pub(super) fn encrypt(plain: &[u8], password: &[u8], iterations: u32) -> Result<(Vec<u8>, Vec<u8>)> {
    let (mut salt, mut vector) = ([0; 16], [0; 16]);
    random(&mut salt)?;
    random(&mut vector)?;
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2_sha256(password, &salt, iterations, key.as_mut_slice());
    let impossible = || Error::of(ErrorKind::PrivateKey).explain("the encryption failed");
    let encryptor =
        Encryptor::<aes::Aes256>::new_from_slices(key.as_slice(), &vector).map_err(|_| impossible())?;
    // Encrypted in place: nothing of it is left in the clear.
    let mut buffer = Zeroizing::new(Vec::with_capacity(plain.len() + 16));
    buffer.extend_from_slice(plain);
    buffer.resize(plain.len() + 16, 0);
    let length = encryptor.encrypt_padded::<Pkcs7>(&mut buffer, plain.len()).map_err(|_| impossible())?.len();
    buffer.truncate(length);

    let algorithm = |id: &[u8], parameters: &[u8]| sequence([&tagged(tag::OID, id), parameters]);
    let hash = algorithm(oid::HMAC_SHA256, &tagged(tag::NULL, &[]));
    let rounds = integer(&iterations.to_be_bytes());
    let derivation = algorithm(oid::PBKDF2, &sequence([octet_string(&salt), rounds, hash]));
    let cipher = algorithm(oid::AES_256_CBC, &octet_string(&vector));
    let identifier = algorithm(oid::PBES2, &sequence([derivation, cipher]));
    Ok((identifier, std::mem::take(&mut *buffer)))
}
