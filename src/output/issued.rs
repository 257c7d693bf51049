//! An issued certificate as the files that `cfssljson -bare` would write.

use super::{FileKind, FileSet};
use crate::signer::Issued;
use crate::{Result, Warning};
use std::path::Path;

impl Issued {
    /// Writes `NAME.pem`, and where they were made `NAME-key.pem` (mode 0600) and `NAME.csr`, into a folder
    /// that exists. Each file appears whole or not at all; files that are there already keep their owner,
    /// group and mode, but a key loses every permission for others. Returns what was noticed on the way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where a file cannot be written; then none is replaced.
    pub fn write_to(&self, folder: impl AsRef<Path>, name: &str) -> Result<Vec<Warning>> {
        let path = |suffix: &str| folder.as_ref().join(format!("{name}{suffix}"));
        let certificate = self.certificate.to_pem();
        let csr = self.csr.as_ref().map(crate::csr::CertificateSigningRequest::to_pem);
        let key = self.key.as_ref().map(crate::keys::PrivateKey::expose_pem);
        let mut files = FileSet::new();
        files.add(path(".pem"), certificate.as_bytes(), FileKind::Certificate);
        if let Some(key) = &key {
            files.add(path("-key.pem"), key.as_bytes(), FileKind::PrivateKey);
        }
        if let Some(csr) = &csr {
            files.add(path(".csr"), csr.as_bytes(), FileKind::Csr);
        }
        files.write()
    }
}
