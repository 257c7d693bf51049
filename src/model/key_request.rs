//! The `key` of a request: an algorithm by name, and a size.

use crate::Result;
use crate::json::{Object, Reading, Shape, Value};
use std::fmt;

pub(super) const SHAPE: Shape = Shape { go_type: "csr.KeyRequest", keys: &["algo", "size"] };

/// The key a request asks for. Whether it can be made is known when it is generated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyRequest {
    /// `rsa`, `ecdsa` or `ed25519`, in lower case.
    pub algorithm: String,
    /// Modulus bits for RSA (2048 to 8192), the curve for ECDSA (256, 384, 521), nothing for Ed25519.
    pub size: i64,
}

impl KeyRequest {
    /// An RSA key of so many bits.
    #[must_use]
    pub fn rsa(bits: u32) -> Self {
        Self { algorithm: "rsa".to_owned(), size: i64::from(bits) }
    }

    /// An ECDSA key on the NIST curve of so many bits.
    #[must_use]
    pub fn ecdsa(bits: u32) -> Self {
        Self { algorithm: "ecdsa".to_owned(), size: i64::from(bits) }
    }

    /// An Ed25519 key.
    #[must_use]
    pub fn ed25519() -> Self {
        Self { algorithm: "ed25519".to_owned(), ..Self::default() }
    }

    /// Keys left out keep cfssl's defaults one by one, so that `{"algo":"rsa"}` asks for 256 bits.
    pub(super) fn read(reading: &Reading<'_>, object: &Object<'_>) -> Result<Self> {
        let default = Self::default();
        Ok(Self {
            algorithm: object.text(reading, "algo")?.unwrap_or(default.algorithm),
            size: object.integer(reading, "size")?.unwrap_or(default.size),
        })
    }

    pub(super) fn to_value(&self) -> Value {
        Value::object([("algo", Value::string(&self.algorithm)), ("size", Value::number(self.size))])
    }
}

impl Default for KeyRequest {
    /// cfssl's default, ECDSA on P-256.
    fn default() -> Self {
        Self::ecdsa(256)
    }
}

impl fmt::Display for KeyRequest {
    /// As cfssl logs it: `rsa-2048`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.algorithm, self.size)
    }
}
