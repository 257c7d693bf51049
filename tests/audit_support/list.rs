//! Revocation lists put together field by field.

use super::shape::{Authority, bit_string, extension, integer, oid, sequence, utc};
use super::support::authority::element;

/// A list to be. A new one revokes nothing and is good in January 2026.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) this_update: Vec<u8>,
    pub(crate) next_update: Option<Vec<u8>>,
    pub(crate) revoked: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) is_broken: bool,
}

impl List {
    pub(crate) fn new() -> Self {
        Self {
            this_update: utc("260110000000Z"),
            next_update: Some(utc("260210000000Z")),
            revoked: Vec::new(),
            extensions: vec![extension("2.5.29.20", false, &integer(&[7]))],
            is_broken: false,
        }
    }

    /// Revokes a certificate for a stolen key.
    pub(crate) fn revoking(mut self, serial: &[u8]) -> Self {
        let reason = extension("2.5.29.21", false, &element(0x0a, &[vec![1]]));
        self.revoked.push(sequence(&[integer(serial), utc("260105000000Z"), sequence(&[reason])]));
        self
    }

    pub(crate) fn sign(&self, issuer: &Authority) -> Vec<u8> {
        let algorithm = issuer.key.signature_algorithm().der().to_vec();
        let revoked = match self.revoked.is_empty() {
            true => Vec::new(),
            false => sequence(&self.revoked),
        };
        let extensions = match self.extensions.is_empty() {
            true => Vec::new(),
            false => element(0xa0, &[sequence(&self.extensions)]),
        };
        let body = self.body(&issuer.name, &algorithm, revoked, extensions);
        let mut signature = issuer.key.sign(&body).unwrap();
        if self.is_broken {
            *signature.last_mut().unwrap() ^= 1;
        }
        sequence(&[body, algorithm, bit_string(&signature)])
    }

    pub(crate) fn body(
        &self,
        issuer: &[u8],
        algorithm: &[u8],
        revoked: Vec<u8>,
        extensions: Vec<u8>,
    ) -> Vec<u8> {
        sequence(&[
            integer(&[1]),
            algorithm.to_vec(),
            issuer.to_vec(),
            self.this_update.clone(),
            self.next_update.clone().unwrap_or_default(),
            revoked,
            extensions,
        ])
    }

    /// The algorithm of RSA with SHA-1.
    pub(crate) fn sha1_with_rsa() -> Vec<u8> {
        sequence(&[oid("1.2.840.113549.1.1.5"), vec![5, 0]])
    }
}
