//! PEM encrypted as in RFC 1421, by OpenSSL's rules: `Proc-Type: 4,ENCRYPTED` and `DEK-Info`.
//!
//! The key comes from one round of MD5 and nothing authenticates the result: it is read for old files, never written.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use des::{Des, TdesEde3};
use md5::{Digest, Md5};
use zeroize::{Zeroize, Zeroizing};

use super::asn1;
use super::load::wrong_password;
use crate::error::{Error, ErrorKind, Result};
use crate::pem::Section;

/// The DER in an encrypted section.
pub(super) fn decrypt(section: &Section<'_>, password: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let fault = |words: &str| Error::new(ErrorKind::Usage, words);
    let Some(info) = section.header("DEK-Info") else {
        return Err(fault("x509: no DEK-Info header in block"));
    };
    let Some((cipher, iv)) = info.split_once(',') else {
        return Err(fault("x509: malformed DEK-Info header"));
    };
    let (key_len, decrypt): (usize, Decrypt) = match cipher.trim() {
        "AES-128-CBC" => (16, cbc_decrypt::<Aes128>),
        "AES-192-CBC" => (24, cbc_decrypt::<Aes192>),
        "AES-256-CBC" => (32, cbc_decrypt::<Aes256>),
        "DES-CBC" => (8, cbc_decrypt::<Des>),
        "DES-EDE3-CBC" => (24, cbc_decrypt::<TdesEde3>),
        other => {
            let is_name = other.len() < 20 && other.bytes().all(|byte| matches!(byte, b'!'..=b'~'));
            // A header that is damaged may hold a part of the key.
            let cipher = if is_name { other } else { "an unknown cipher" };
            return Err(fault("x509: unknown encryption mode")
                .explain(format!("the private key is encrypted with {cipher}, which is not supported"))
                .hint("write it anew with openssl pkcs8 -topk8"));
        }
    };
    let iv = hex(iv.trim()).ok_or_else(|| fault("x509: malformed DEK-Info header"))?;
    // The first half of the vector doubles as the salt.
    let salt = iv.get(..8).ok_or_else(|| fault("x509: incorrect IV size"))?;
    let key = derive_key(password, salt, key_len);
    let mut buffer = section.der.clone();
    let length = decrypt(&key, &iv, &mut buffer)?;
    buffer.truncate(length);
    // One wrong password in 256 leaves padding that looks right.
    match asn1::sequence(&buffer) {
        Some(_) => Ok(buffer),
        None => Err(wrong_password()),
    }
}

type Decrypt = fn(&[u8], &[u8], &mut [u8]) -> Result<usize>;

/// Decrypts in place; the length is without padding.
fn cbc_decrypt<C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Result<usize> {
    let decryptor = Decryptor::<C>::new_from_slices(key, iv)
        .map_err(|_| Error::new(ErrorKind::Usage, "x509: incorrect IV size"))?;
    let plain = decryptor.decrypt_padded::<Pkcs7>(buffer);
    plain.map(<[u8]>::len).map_err(|_| wrong_password())
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one iteration.
fn derive_key(password: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    while key.len() < length {
        let mut hash = Md5::new();
        let done = key.len();
        hash.update(key.get(done.saturating_sub(16)..).unwrap_or_default());
        hash.update(password);
        hash.update(salt);
        let mut digest: [u8; 16] = hash.finalize().into();
        key.extend(digest);
        digest.zeroize();
    }
    key.truncate(length);
    key
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = digits.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    });
    bytes.collect()
}
