//! What a command made, as PEM: cfssl's line of JSON, or the files that `cfssljson -bare` makes of it.

use super::{FileKind, FileSet};
use crate::json::quote;
use crate::signer::Issued;
use crate::{Result, Warning};
use std::ffi::OsString;
use std::path::Path;
use zeroize::Zeroizing;

/// A certificate, a CSR and a private key in PEM; any of them may be absent.
pub struct PemSet {
    /// The certificate, with a newline at the end.
    pub certificate: Option<String>,
    /// The CSR, with a newline at the end.
    pub csr: Option<String>,
    /// The private key, with a newline at the end. It is a secret.
    pub key: Option<Zeroizing<String>>,
}

impl PemSet {
    /// What follows the prefix in the name of the certificate's file.
    pub const CERTIFICATE_SUFFIX: &str = ".pem";
    /// What follows the prefix in the name of the key's file.
    pub const KEY_SUFFIX: &str = "-key.pem";
    /// What follows the prefix in the name of the CSR's file.
    pub const CSR_SUFFIX: &str = ".csr";
    /// What follows the prefix in the names of the files: that of the certificate, the key and the CSR.
    pub const SUFFIXES: [&str; 3] = [Self::CERTIFICATE_SUFFIX, Self::KEY_SUFFIX, Self::CSR_SUFFIX];

    /// What cfssl prints: `{"cert":…,"csr":…,"key":…}` on one line, absent parts left out, with a newline.
    #[must_use]
    pub fn expose_json_line(&self) -> Zeroizing<String> {
        let parts =
            [("cert", self.certificate.as_ref()), ("csr", self.csr.as_ref()), ("key", self.key.as_deref())];
        let quoted = |(name, pem): (&'static str, Option<&String>)| Some((name, Zeroizing::new(quote(pem?))));
        let parts: Vec<_> = parts.into_iter().filter_map(quoted).collect();
        // Large enough from the start: a buffer that grows leaves copies of the key behind.
        let length = parts.iter().map(|(name, pem)| name.len() + pem.len() + 4).sum::<usize>();
        let mut text = Zeroizing::new(String::with_capacity(length + 3));
        for (position, (name, pem)) in parts.iter().enumerate() {
            text.push_str(if position == 0 { "{\"" } else { ",\"" });
            text.push_str(name);
            text.push_str("\":");
            text.push_str(pem);
        }
        text.push_str(if parts.is_empty() { "{}\n" } else { "}\n" });
        text
    }

    /// Writes `PREFIX.pem`, `PREFIX-key.pem` (mode 0600) and `PREFIX.csr`, whichever there are. Each file
    /// appears whole or not at all; files that are there already keep their owner, group and mode, but a key
    /// loses every permission for others. Returns what was noticed on the way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where a file cannot be written; then none is replaced.
    pub fn write_files(&self, prefix: &Path) -> Result<Vec<Warning>> {
        self.files(prefix).write()
    }

    /// The files `PREFIX.pem`, `PREFIX-key.pem` and `PREFIX.csr`, whichever there are, not yet written.
    #[must_use]
    pub fn files(&self, prefix: &Path) -> FileSet<'_> {
        let path = |suffix: &str| {
            let mut path = OsString::from(prefix);
            path.push(suffix);
            path
        };
        let [certificate_suffix, key_suffix, csr_suffix] = Self::SUFFIXES;
        let mut files = FileSet::new();
        if let Some(certificate) = &self.certificate {
            files.add(path(certificate_suffix), certificate.as_bytes(), FileKind::Certificate);
        }
        if let Some(key) = &self.key {
            files.add(path(key_suffix), key.as_bytes(), FileKind::PrivateKey);
        }
        if let Some(csr) = &self.csr {
            files.add(path(csr_suffix), csr.as_bytes(), FileKind::Csr);
        }
        files
    }
}

impl std::fmt::Debug for PemSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PemSet")
            .field("certificate", &self.certificate)
            .field("csr", &self.csr)
            .finish_non_exhaustive()
    }
}

impl Issued {
    /// Certificate, CSR and key in PEM, whichever were made.
    #[must_use]
    pub fn expose_pem(&self) -> PemSet {
        PemSet {
            certificate: Some(self.certificate.to_pem()),
            csr: self.csr.as_ref().map(crate::csr::CertificateSigningRequest::to_pem),
            key: self.key.as_ref().map(crate::keys::PrivateKey::expose_pem),
        }
    }

    /// Writes the files `NAME.pem`, `NAME-key.pem` and `NAME.csr` into a folder that exists, as
    /// [`PemSet::write_files`] does.
    ///
    /// # Errors
    ///
    /// As [`PemSet::write_files`].
    pub fn write_to(&self, folder: impl AsRef<Path>, name: &str) -> Result<Vec<Warning>> {
        self.expose_pem().write_files(&folder.as_ref().join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_there_is_in_the_order_of_cfssl() {
        let pem = |text: &str| Some(text.to_owned());
        let set = PemSet { certificate: pem("C\n"), csr: None, key: pem("K\n").map(Zeroizing::new) };
        assert_eq!(set.expose_json_line().as_str(), "{\"cert\":\"C\\n\",\"key\":\"K\\n\"}\n");
        assert!(!format!("{set:?}").contains("K\\n"));
        let set = PemSet { certificate: None, csr: None, key: None };
        assert_eq!(set.expose_json_line().as_str(), "{}\n");
    }
}
