//! Keys that the library does not make, and signatures that it does not write: those of openssl.

use super::shape::Key;
use super::support::run::run;
use certmint::Result;
use certmint::keys::{KeyAlgorithm, SignatureAlgorithm, SigningKey};
use std::fs;
use std::rc::Rc;
use tempfile::TempDir;

struct OpensslKey {
    folder: TempDir,
    spki: Vec<u8>,
    bits: u32,
    algorithm: SignatureAlgorithm,
}

/// An RSA key of any size whose signatures are of one algorithm.
pub(crate) fn rsa(bits: u32, algorithm: SignatureAlgorithm) -> Key {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &[&str]| {
        let done = run("openssl", folder.path(), arguments);
        assert_eq!(done.exit, Some(0), "openssl {arguments:?}: {}", done.stderr);
    };
    openssl(&["genrsa", "-out", "key.pem", &bits.to_string()]);
    openssl(&["pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der"]);
    let spki = fs::read(folder.path().join("public.der")).unwrap();
    Rc::new(OpensslKey { folder, spki, bits, algorithm })
}

impl SigningKey for OpensslKey {
    fn algorithm(&self) -> KeyAlgorithm {
        KeyAlgorithm::Rsa { bits: self.bits }
    }

    fn subject_public_key_info(&self) -> &[u8] {
        &self.spki
    }

    fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let hash = match self.algorithm {
            SignatureAlgorithm::RsaSha1 => "-sha1",
            _ => "-sha256",
        };
        fs::write(self.folder.path().join("message"), message).unwrap();
        let done = run(
            "openssl",
            self.folder.path(),
            &["dgst", hash, "-sign", "key.pem", "-out", "signature", "message"],
        );
        assert_eq!(done.exit, Some(0), "{}", done.stderr);
        Ok(fs::read(self.folder.path().join("signature")).unwrap())
    }
}
