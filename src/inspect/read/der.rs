//! DER: one object or several after each other, PKCS #7 and PKCS #12.

use super::contents::{At, Reading};
use super::private_key;
use crate::ErrorKind;
use crate::asn1::ber;
use crate::asn1::reader::{Reader, tag};
use crate::asn1::writer;
use crate::inspect::evidence::{Container, Object, Place};
use crate::keys::outline_pkcs12;
use crate::x509::{ObjectKind, pkcs7};

/// rsaEncryption with its parameters, as an `AlgorithmIdentifier` (RFC 8017, appendix C).
const RSA: &[u8] = &[0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];

/// What BER has in place of a length that is not known when it is written.
const INDEFINITE: u8 = 0x80;

/// Reads bytes that are DER. False if they are none of what is known.
pub(super) fn read(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    let Some(&tag::SEQUENCE) = bytes.first() else { return false };
    if bytes.get(1) == Some(&INDEFINITE) {
        // Nothing but PKCS #7 and PKCS #12 is written so.
        let Some(der) = ber::to_der(bytes) else { return false };
        let kind = ObjectKind::of(&der).filter(|kind| matches!(kind, ObjectKind::Pkcs7 | ObjectKind::Pkcs12));
        return kind.is_some_and(|kind| read_one(reading, &der, kind, at, &at.whole()));
    }
    let mut reader = Reader::new(bytes);
    let Some(first) = reader.take_if(tag::SEQUENCE) else {
        return read_broken_off(reading, bytes, at);
    };
    let Some(kind) = ObjectKind::of(first.whole) else { return false };
    let others: Vec<_> = reader.by_ref().map(|item| item.whole).collect();
    // What is no further object belongs to the first one, as something wrong with it.
    let are_objects = others.iter().all(|der| ObjectKind::of(der).is_some());
    if others.is_empty() || !are_objects || !reader.is_empty() {
        return read_one(reading, bytes, kind, at, &at.whole());
    }
    let mut found = false;
    for (number, der) in std::iter::once(first.whole).chain(others).enumerate() {
        let kind = ObjectKind::of(der);
        found |= kind.is_some_and(|kind| read_one(reading, der, kind, at, &at.item(number)));
    }
    found
}

/// Reads the object `der`, which is in a place of its own. False if there is nothing in it.
pub(super) fn read_one(
    reading: &mut Reading<'_, '_>,
    der: &[u8],
    kind: ObjectKind,
    at: &At<'_>,
    place: &Place,
) -> bool {
    let mut push = |object| reading.push(at.container(Container::Der), place.clone(), object);
    match kind {
        ObjectKind::Certificate => push(Object::Certificate(der.into())),
        ObjectKind::CertificateList => push(Object::CertificateList(der.into())),
        ObjectKind::CertificateRequest => push(Object::CertificateRequest(der.into())),
        ObjectKind::PublicKey => push(Object::PublicKey(der.into())),
        ObjectKind::RsaPublicKey => push(Object::PublicKey(rsa_public_key(der).into())),
        ObjectKind::EncryptedPrivateKey | ObjectKind::PrivateKey => {
            let object = private_key::of_der(der, reading.opener);
            let is_key = object.is_some();
            if let Some(object) = object {
                reading.push(at.container(Container::Der), place.clone(), object);
            }
            return is_key;
        }
        ObjectKind::Pkcs7 => return read_pkcs7(reading, der, at),
        ObjectKind::Pkcs12 => return read_pfx(reading, der, at),
    }
    true
}

/// A `SubjectPublicKeyInfo` around a PKCS #1 public key.
pub(super) fn rsa_public_key(der: &[u8]) -> Vec<u8> {
    writer::sequence([RSA, &writer::bit_string(der)])
}

/// What starts as a certificate of version 2 or 3 but breaks off.
fn read_broken_off(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    let body = inside_sequence(bytes).and_then(inside_sequence);
    let is_certificate = body.is_some_and(|body| matches!(body, [0xa0, 3, 2, 1, 0..=2, 2, ..]));
    if is_certificate {
        reading.push(at.container(Container::Der), at.whole(), Object::Certificate(bytes.into()));
    }
    is_certificate
}

/// What follows the tag and the length of a SEQUENCE, which may break off.
fn inside_sequence(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [tag::SEQUENCE, 0..=0x7f, rest @ ..]
        | [tag::SEQUENCE, 0x81, _, rest @ ..]
        | [tag::SEQUENCE, 0x82, _, _, rest @ ..]
        | [tag::SEQUENCE, 0x83, _, _, _, rest @ ..] => Some(rest),
        _ => None,
    }
}

fn read_pkcs7(reading: &mut Reading<'_, '_>, der: &[u8], at: &At<'_>) -> bool {
    let normal = if pkcs7::read(der).is_none() { ber::to_der(der) } else { None };
    let Some(carried) = pkcs7::read(normal.as_deref().map_or(der, Vec::as_slice)) else { return false };
    let certificates = carried.certificates.into_iter().map(|der| Object::Certificate(der.into()));
    let lists = carried.certificate_lists.into_iter().map(|der| Object::CertificateList(der.into()));
    let before = reading.contents.objects.len();
    for (number, object) in certificates.chain(lists).enumerate() {
        reading.push(at.container(Container::Pkcs7), at.item(number), object);
    }
    reading.contents.objects.len() > before
}

fn read_pfx(reading: &mut Reading<'_, '_>, der: &[u8], at: &At<'_>) -> bool {
    let (fault, is_locked) = match outline_pkcs12(der, reading.opener) {
        Ok(found) => {
            let certificates = found.certificates.into_iter().map(|der| Object::Certificate(der.into()));
            let lists = found.certificate_lists.into_iter().map(|der| Object::CertificateList(der.into()));
            let keys = found.keys.into_iter().map(private_key::facts);
            let container = at.container(Container::Pkcs12);
            for (number, object) in certificates.chain(lists).chain(keys).enumerate() {
                reading.push(container, at.item(number), object);
            }
            // An empty file is known for what it is.
            reading.contents.container.get_or_insert(container);
            return true;
        }
        Err(error) if error.kind() == ErrorKind::Usage => match reading.opener.has_passwords() {
            true => ("a PKCS #12 file that the password that is given does not open".to_owned(), true),
            false => ("a PKCS #12 file under a password that is not given".to_owned(), true),
        },
        Err(error) => (error.explanation().to_owned(), false),
    };
    match at {
        At::File => reading.contents.fault = Some(fault.into()),
        // Nothing is wrong with it.
        At::Member { container, path, .. } if is_locked => reading.locked(*container, path, &fault),
        At::Member { container, .. } => {
            reading.damaged(*container, at.whole(), "PKCS #12", &fault);
        }
    }
    true
}
