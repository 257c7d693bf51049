//! The three steps of every signed object: what is said, how it is signed, the signature.

use super::der_writer::{bit_string, sequence};
use crate::Result;
use crate::keys::SigningKey;

/// Signs what `to_be_signed` makes for the key's AlgorithmIdentifier, and returns the signed object's DER.
pub(crate) fn seal(key: &dyn SigningKey, to_be_signed: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>> {
    let algorithm = key.signature_algorithm().der();
    let body = to_be_signed(algorithm);
    let signature = bit_string(&key.sign(&body)?);
    Ok(sequence([body.as_slice(), algorithm, &signature]))
}

/// As [`seal`] for what tells the status of certificates; `appendix` stands after the signature.
pub(crate) fn seal_status(
    key: &dyn SigningKey,
    to_be_signed: impl FnOnce(&[u8]) -> Vec<u8>,
    appendix: &[u8],
) -> Result<Vec<u8>> {
    let algorithm = key.status_signature_algorithm().der();
    let body = to_be_signed(algorithm);
    let signature = bit_string(&key.sign_status(&body)?);
    Ok(sequence([body.as_slice(), algorithm, &signature, appendix]))
}
