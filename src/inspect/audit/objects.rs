//! Keys, requests and revocation lists, and the certificates that they belong to.

use super::identity::{Digest, key_digest};
use super::material::{Item, Material};
use super::report::{AuditedCertificate, AuditedObject};
use crate::inspect::details::ObjectDetails;
use crate::x509::RequestParts;
use std::collections::HashMap;

/// As many certificates of one key or name are told.
const MOST: usize = 16;

/// All objects that are no certificates. `position` is the row of a certificate.
pub(super) fn all(
    material: &Material,
    certificates: &[AuditedCertificate],
    position: impl Fn(u32) -> Option<u32>,
) -> Vec<AuditedObject> {
    let mut by_key: HashMap<Digest, Vec<u32>> = HashMap::new();
    for (index, certificate) in (0u32..).zip(&material.certificates) {
        if let Some(row) = position(index) {
            add(by_key.entry(certificate.facts.key).or_default(), row);
        }
    }
    let mut by_name: HashMap<&str, Vec<u32>> = HashMap::new();
    if !material.lists.is_empty() {
        for (row, certificate) in (0u32..).zip(certificates) {
            add(by_name.entry(&certificate.subject).or_default(), row);
        }
    }
    let of_key = |key: Digest| by_key.get(&key).cloned().unwrap_or_default();
    let objects = material.contents.iter().filter_map(|content| {
        let (details, certificates) = match content.item {
            Item::CertificateList(at) => {
                let details = ObjectDetails::of_list(material.lists.get(at as usize)?);
                let issuers = details.name.as_deref().and_then(|name| by_name.get(name)).cloned();
                (details, issuers.unwrap_or_default())
            }
            Item::CertificateRequest(at) => {
                let der = material.requests.get(at as usize)?;
                let key = RequestParts::read(der).ok().map(|parts| key_digest(parts.public_key.whole));
                (ObjectDetails::of_request(der), key.map(of_key).unwrap_or_default())
            }
            Item::PrivateKey(at) => {
                let key = material.private_keys.get(at as usize)?;
                (ObjectDetails::of_private_key(&key.facts), key.key.map(of_key).unwrap_or_default())
            }
            Item::PublicKey(at) => {
                let der = material.public_keys.get(at as usize)?;
                (ObjectDetails::of_public_key(der), of_key(key_digest(der)))
            }
            Item::Certificate(_) | Item::Damaged(_) => return None,
        };
        Some(AuditedObject { details, place: material.place(content), certificates })
    });
    objects.collect()
}

fn add(rows: &mut Vec<u32>, row: u32) {
    if rows.len() < MOST {
        rows.push(row);
    }
}
