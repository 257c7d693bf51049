//! The password of a PKCS #12 file, and what RFC 7292 makes of it.

use super::super::backend::{Digest, digest_in_place, hmac};
use zeroize::Zeroizing;

/// The password in both of its forms.
pub(super) struct Password {
    /// UTF-8, as PBES2 takes it.
    pub(super) text: Zeroizing<Vec<u8>>,
    /// UTF-16 with a zero at the end, as the hashes of RFC 7292 take it.
    wide: Zeroizing<Vec<u8>>,
}

/// What a hash of RFC 7292 is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    Vector = 2,
    Integrity = 3,
}

impl Password {
    /// No password is not the same as an empty one: not even its end is hashed.
    pub(super) fn new(text: Option<&str>) -> Self {
        let mut wide = Zeroizing::new(Vec::with_capacity(text.map_or(0, |text| text.len() * 2 + 2)));
        if let Some(text) = text {
            wide.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
            wide.extend([0, 0]);
        }
        let text = text.unwrap_or_default();
        Self { text: Zeroizing::new(text.as_bytes().to_vec()), wide }
    }

    /// The integrity check of `data`.
    pub(super) fn mac(&self, hash: Digest, salt: &[u8], iterations: u32, data: &[u8]) -> Vec<u8> {
        let key = self.derive(hash, Purpose::Integrity, salt, iterations, hash.output_len());
        hmac(hash, &key, data)
    }

    /// The hash of RFC 7292, appendix B.2.
    pub(super) fn derive(
        &self,
        hash: Digest,
        purpose: Purpose,
        salt: &[u8],
        iterations: u32,
        length: usize,
    ) -> Zeroizing<Vec<u8>> {
        let block = hash.block_len();
        let salt = repeated(salt, salt.len().next_multiple_of(block));
        let password = repeated(&self.wide, self.wide.len().next_multiple_of(block));
        let mut input = Zeroizing::new(Vec::with_capacity(salt.len() + password.len()));
        input.extend_from_slice(&salt);
        input.extend_from_slice(&password);
        let mut key = Zeroizing::new(Vec::with_capacity(length + hash.output_len()));
        while key.len() < length {
            let mut round = Zeroizing::new(Vec::with_capacity(block + input.len()));
            round.resize(block, purpose as u8);
            round.extend_from_slice(&input);
            for _ in 0..iterations {
                digest_in_place(hash, &mut round);
            }
            key.extend_from_slice(&round);
            let addend = repeated(&round, block);
            for part in input.chunks_mut(block) {
                // part + addend + 1
                let mut carry = 1u16;
                for (octet, add) in part.iter_mut().zip(addend.iter()).rev() {
                    carry += u16::from(*octet) + u16::from(*add);
                    *octet = carry.to_be_bytes()[1];
                    carry >>= 8;
                }
            }
        }
        key.truncate(length);
        key
    }
}

fn repeated(text: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.iter().copied().cycle().take(length).collect())
}
