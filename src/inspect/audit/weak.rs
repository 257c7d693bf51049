//! Signatures and keys that hold and that programs refuse all the same.

use crate::inspect::view::{CertificateView, PublicKeyKind};

/// RSA keys below this size are refused by Go, Rust and OpenSSL's usual settings.
pub(super) const LEAST_RSA_BITS: u32 = 2048;

/// The hash of a signature that nobody should trust any more: `MD5`, `SHA-1`, ….
pub(super) fn broken_hash(view: &CertificateView<'_>) -> Option<&'static str> {
    Some(match view.signature_words() {
        "MD2WithRSA" => "MD2",
        "MD5WithRSA" => "MD5",
        "SHA1WithRSA" | "ECDSAWithSHA1" | "DSAWithSHA1" => "SHA-1",
        _ => return None,
    })
}

/// Why a signature is refused, in words that follow "its signature holds, and".
pub(super) fn weak_signature(view: &CertificateView<'_>) -> Option<String> {
    broken_hash(view).map(|hash| format!("programs refuse it because of its {hash}"))
}

/// A key whose signatures are refused, in words that follow "signs with".
pub(super) fn weak_issuer_key(view: &CertificateView<'_>) -> Option<String> {
    let key = view.public_key();
    let is_weak = matches!(key.kind, PublicKeyKind::Rsa | PublicKeyKind::RsaPss) && key.bits < LEAST_RSA_BITS;
    is_weak.then(|| format!("an RSA key of {} bits, which programs refuse", key.bits))
}
