//! Where more is to be found about a certificate (RFC 5280 section 4.2.2.1).

use super::der_reader::{Reader, tag};
use super::text::lossy;

/// 1.3.6.1.5.5.7.48.1, contents.
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
/// 1.3.6.1.5.5.7.48.2, contents.
const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];
/// uniformResourceIdentifier of a GeneralName.
const URI: u8 = tag::context(6);

/// The URLs in an authorityInfoAccess extension, each kind in order.
#[derive(Debug, Default)]
pub(crate) struct Accesses {
    /// Where OCSP is answered.
    pub(crate) ocsp_servers: Vec<String>,
    /// Where the issuer's certificate is served.
    pub(crate) issuing_certificate_urls: Vec<String>,
}

impl Accesses {
    /// Reads the extension's value; `None` where it is malformed. Other kinds, and what is no URL, are passed
    /// over.
    pub(crate) fn read(value: &[u8]) -> Option<Self> {
        let mut accesses = Self::default();
        for description in Reader::only(value, tag::SEQUENCE)?.open() {
            let mut parts = description.open();
            let method = parts.take_if(tag::OID)?.value;
            let Some(url) = parts.take_if(URI) else { continue };
            match method {
                OCSP => accesses.ocsp_servers.push(lossy(url.value)),
                CA_ISSUERS => accesses.issuing_certificate_urls.push(lossy(url.value)),
                _ => {}
            }
        }
        Some(accesses)
    }
}
