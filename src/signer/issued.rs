//! What issuing yields: a certificate, and the CSR and key that were made on the way.

use crate::Warning;
use crate::csr::CertificateSigningRequest;
use crate::json::{Value, compact};
use crate::keys::PrivateKey;
use crate::x509::{Certificate, SerialNumber};
use zeroize::{Zeroize, Zeroizing};

/// An issued certificate.
#[derive(Debug)]
pub struct Issued {
    /// The certificate.
    pub certificate: Certificate,
    /// The CSR, where one was made.
    pub csr: Option<CertificateSigningRequest>,
    /// The private key, where one was made.
    pub key: Option<PrivateKey>,
    /// The certificate's serial number.
    pub serial: SerialNumber,
    /// What about it is probably not meant.
    pub warnings: Vec<Warning>,
}

impl Issued {
    /// What cfssl prints: `{"cert":…,"csr":…,"key":…}` on one line, absent parts left out. It holds the
    /// private key.
    #[must_use]
    pub fn expose_json(&self) -> Zeroizing<String> {
        let mut members = vec![("cert", Value::string(self.certificate.to_pem()))];
        members.extend(self.csr.as_ref().map(|csr| ("csr", Value::string(csr.to_pem()))));
        members.extend(self.key.as_ref().map(|key| ("key", Value::string(key.expose_pem().as_str()))));
        let mut value = Value::object(members);
        let text = Zeroizing::new(compact(&value));
        wipe(&mut value);
        text
    }
}

fn wipe(value: &mut Value) {
    if let crate::json::Node::Object(members) = &mut value.node {
        for member in members {
            if let crate::json::Node::String(text) = &mut member.value.node {
                text.zeroize();
            }
        }
    }
}
