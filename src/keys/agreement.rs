//! Key agreement on P-521, for TLS handshakes: ECDH with a key that is made for one of them (RFC 8422 section 5).

use super::backend::library::agreement::{self, ECDH_P521, EphemeralPrivateKey, UnparsedPublicKey};
use super::backend::library::rand::SystemRandom;
use crate::error::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// One side of an agreement, before the other side's public key is known.
pub(crate) struct P521Agreement {
    secret: EphemeralPrivateKey,
    public: Vec<u8>,
}

impl P521Agreement {
    /// A new key for one agreement.
    pub(crate) fn start() -> Result<Self> {
        let failed = |_| Error::of(ErrorKind::PrivateKeyGeneration);
        let secret = EphemeralPrivateKey::generate(&ECDH_P521, &SystemRandom::new()).map_err(failed)?;
        let public = secret.compute_public_key().map_err(failed)?.as_ref().to_vec();
        Ok(Self { secret, public })
    }

    /// Our public key, an uncompressed point.
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// What both sides share. TLS allows no other form of `peer` than the uncompressed point.
    pub(crate) fn expose_secret(self, peer: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let refused =
            || Error::of(ErrorKind::PrivateKey).explain("the other side's key is no point of P-521");
        if peer.first() != Some(&4) {
            return Err(refused());
        }
        agreement::agree_ephemeral(
            self.secret,
            UnparsedPublicKey::new(&ECDH_P521, peer),
            refused(),
            |secret| Ok(Zeroizing::new(secret.to_vec())),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    #[test]
    fn both_sides_share_a_secret_and_nothing_else_is_taken_for_a_key() {
        let (one, other) = (P521Agreement::start().unwrap(), P521Agreement::start().unwrap());
        let (public, other_public) = (one.public_key().to_vec(), other.public_key().to_vec());
        assert_eq!(public.len(), 133);
        assert_eq!(one.expose_secret(&other_public).unwrap(), other.expose_secret(&public).unwrap());
        let mut off_the_curve = public.clone();
        *off_the_curve.last_mut().unwrap() ^= 1;
        let compressed = [&[2], public.get(1..67).unwrap()].concat();
        for bad in [b"".as_slice(), &[0], &off_the_curve, &compressed, public.get(..132).unwrap()] {
            assert!(P521Agreement::start().unwrap().expose_secret(bad).is_err(), "{bad:x?}");
        }
    }
}
