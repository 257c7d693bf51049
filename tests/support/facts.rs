//! Facts of certificates, CSRs and keys, by name. What is random is left out or replaced by what it must be.

use super::der::{Item, hex, items, name, pem};
use std::collections::BTreeMap;

/// Facts by name.
pub(crate) type Facts = BTreeMap<String, String>;

/// A certificate taken apart.
pub(crate) struct Certificate {
    pub(crate) serial: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) key_identifier: Option<Vec<u8>>,
    pub(crate) facts: Facts,
}

pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    let algorithm = &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
    aws_lc_rs::digest::digest(algorithm, bytes).as_ref().to_vec()
}

/// The bits of a SubjectPublicKeyInfo's key.
fn key_bits(info: Item<'_>) -> Vec<u8> {
    info.open()[1].value[1..].to_vec()
}

/// The facts of a certificate that was signed by `issuer`, or by itself.
pub(crate) fn certificate(text: &str, issuer: Option<&Certificate>) -> Certificate {
    let (label, der) = pem(text);
    let mut facts = Facts::new();
    let mut tell = |fact: &str, value: String| {
        if let Some(before) = facts.insert(fact.to_owned(), value) {
            facts.insert(format!("{fact}, first"), before);
        }
    };
    tell("label", label);
    let whole = items(&der);
    assert_eq!(whole.len(), 1, "one certificate");
    let outer = whole[0].open();
    let body = outer[0].open();
    tell("version", hex(body[0].whole));
    let serial = body[1].value.to_vec();
    tell("serial is positive and short", (serial[0] < 0x80 && serial.len() <= 20).to_string());
    assert_eq!(body[2].whole, outer[1].whole, "the signature algorithm stands twice");
    tell("signature", hex(outer[1].whole));
    tell("issuer", name(body[3]));
    let subject = body[5].whole.to_vec();
    let above = issuer.map_or(&subject, |issuer| &issuer.subject);
    tell("issuer is the subject above", (above == body[3].whole).to_string());
    let validity = body[4].open();
    let ((start_tag, start), (end_tag, end)) = (validity[0].time(), validity[1].time());
    tell("time types", format!("{start_tag:#x} {end_tag:#x}"));
    tell("time of start", start.to_string());
    tell("time of end", end.to_string());
    tell("time between", (end - start).to_string());
    tell("subject", name(body[5]));
    tell("key", public_key(body[6]));
    let own = sha1(&key_bits(body[6]));
    let mut key_identifier = None;
    let mut order = Vec::new();
    if let Some(list) = body.get(7) {
        assert_eq!(list.tag, 0xa3);
        for extension in list.open()[0].open() {
            let (oid, critical, value) = parts(extension);
            order.push(format!("{oid}{}", if critical { " critical" } else { "" }));
            let value = match oid.as_str() {
                "2.5.29.14" => {
                    let identifier = items(value)[0].value.to_vec();
                    let text = if identifier == own { "SHA-1 of the key".to_owned() } else { hex(value) };
                    key_identifier = Some(identifier);
                    text
                }
                "2.5.29.35" => {
                    let identifier = items(value)[0].open();
                    assert_eq!((identifier.len(), identifier[0].tag), (1, 0x80));
                    let above = issuer.map_or(Some(&own), |issuer| issuer.key_identifier.as_ref());
                    let above_key =
                        issuer.map_or(own.clone(), |issuer| sha1(&key_bits(items(&issuer.key)[0])));
                    match identifier[0].value {
                        value if Some(value) == above.map(Vec::as_slice) => "that of the issuer".to_owned(),
                        value if value == above_key => "SHA-1 of the issuer's key".to_owned(),
                        value => hex(value),
                    }
                }
                _ => hex(value),
            };
            tell(&format!("extension {oid}"), value);
        }
    }
    tell("extensions", order.join(", "));
    Certificate { serial, subject, key: body[6].whole.to_vec(), key_identifier, facts }
}

/// Identifier, criticality and value of an extension.
fn parts(extension: Item<'_>) -> (String, bool, &[u8]) {
    match extension.open().as_slice() {
        [id, value] => (id.oid(), false, value.value),
        [id, critical, value] => {
            assert_eq!(critical.whole, [1, 1, 0xff], "critical is never written where it is false");
            (id.oid(), true, value.value)
        }
        _ => panic!("an extension has two or three parts"),
    }
}

/// Algorithm and size of a public key.
fn public_key(info: Item<'_>) -> String {
    let algorithm = hex(info.open()[0].whole);
    let bits = key_bits(info);
    match bits[0] {
        // An Ed25519 key is 32 octets of any value.
        0x30 if bits.len() > 64 => {
            let number = items(&bits)[0].open();
            format!("{algorithm} {} bits, exponent {}", bit_length(number[0].value), hex(number[1].value))
        }
        _ => format!("{algorithm} {} bytes", bits.len()),
    }
}

fn bit_length(number: &[u8]) -> usize {
    let digits = &number[number.iter().position(|byte| *byte != 0).unwrap()..];
    digits.len() * 8 - digits[0].leading_zeros() as usize
}

/// The facts of a CSR, and the DER of its public key.
pub(crate) fn csr(text: &str) -> (Facts, Vec<u8>) {
    let (label, der) = pem(text);
    let outer = items(&der)[0].open();
    let body = outer[0].open();
    let facts = [
        ("label", label),
        ("version", hex(body[0].whole)),
        ("subject", name(body[1])),
        ("key", public_key(body[2])),
        ("attributes", body[3..].iter().map(|item| hex(item.whole)).collect()),
        ("signature", hex(outer[1].whole)),
    ];
    (facts.map(|(fact, value)| (fact.to_owned(), value)).into(), body[2].whole.to_vec())
}

/// The extensions of a CSR as `identifier critical value`.
pub(crate) fn csr_extensions(text: &str) -> Vec<(String, bool, String)> {
    let (_, der) = pem(text);
    let body = items(&der)[0].open()[0].open();
    let Some(attribute) = body[3].open().first().copied() else {
        return Vec::new();
    };
    let inside = attribute.open();
    assert_eq!(inside[0].oid(), "1.2.840.113549.1.9.14");
    let list = inside[1].open()[0].open();
    list.into_iter()
        .map(|extension| {
            let (id, critical, value) = parts(extension);
            (id, critical, hex(value))
        })
        .collect()
}

/// The facts of a private key's PEM: label and the lengths of its parts.
pub(crate) fn private_key(text: &str) -> Facts {
    let (label, der) = pem(text);
    let inside = items(&der)[0].open();
    let shape = match label.as_str() {
        "RSA PRIVATE KEY" => {
            format!("{} parts, modulus of {} bits", inside.len(), bit_length(inside[1].value))
        }
        _ => inside
            .iter()
            .map(|item| match item.tag {
                0x04 => format!("4:{}", item.value.len()),
                0xa1 => format!("a1:{}", item.value.len()),
                _ => hex(item.whole),
            })
            .collect::<Vec<_>>()
            .join(" "),
    };
    [("label".to_owned(), label), ("shape".to_owned(), shape)].into()
}

/// The facts of a CRL in DER.
pub(crate) fn revocation_list(der: &[u8]) -> Facts {
    let mut facts = Facts::new();
    let parts = items(der)[0].open();
    let body = parts[0].open();
    let mut times = Vec::new();
    facts.insert("version".to_owned(), hex(body[0].whole));
    facts.insert("issuer".to_owned(), name(body[2]));
    facts.insert("entries".to_owned(), "absent".to_owned());
    for item in &body[3..] {
        match item.tag {
            0x30 => drop(facts.insert("entries".to_owned(), outline(*item, &mut times))),
            0xa0 => {
                for extension in item.open()[0].open() {
                    let (oid, critical, value) = self::parts(extension);
                    facts.insert(format!("extension {oid}"), format!("{critical} {}", hex(value)));
                }
            }
            _ => times.push(item.time().1),
        }
    }
    tell_times(&times, &mut facts);
    facts.insert("signature".to_owned(), hex(parts[1].whole));
    facts
}

/// The facts of an OCSP response in DER.
pub(crate) fn response(der: &[u8]) -> Facts {
    let mut facts = Facts::new();
    let outer = items(der)[0].open();
    facts.insert("status".to_owned(), hex(outer[0].whole));
    if let Some(bytes) = outer.get(1) {
        let basic = bytes.open()[0].open();
        facts.insert("kind".to_owned(), basic[0].oid());
        // When it was made, and when the certificate was revoked, stand before.
        let times = signed(items(basic[1].value)[0], &mut facts);
        let (last, first) = (times[times.len() - 1], times[times.len() - 2]);
        facts.insert("time between".to_owned(), (last - first).to_string());
    }
    facts
}

/// A signed structure: what is signed as an outline, its times one by one, and what follows the signature, which
/// is chance.
fn signed(whole: Item<'_>, facts: &mut Facts) -> Vec<i64> {
    let parts = whole.open();
    let mut times = Vec::new();
    let outline = outline(parts[0], &mut times);
    facts.insert("signed".to_owned(), outline);
    tell_times(&times, facts);
    facts.insert("signature".to_owned(), hex(parts[1].whole));
    facts.insert("behind".to_owned(), parts[3..].iter().map(|item| hex(item.whole)).collect());
    times
}

fn tell_times(times: &[i64], facts: &mut Facts) {
    for (at, time) in times.iter().enumerate() {
        facts.insert(format!("time of {at}"), time.to_string());
    }
}

/// Tags and contents, without times.
fn outline(item: Item<'_>, times: &mut Vec<i64>) -> String {
    match item.tag {
        0x17 | 0x18 => {
            let (tag, time) = item.time();
            times.push(time);
            format!("{tag:02X}")
        }
        tag if tag & 0x20 != 0 => {
            let inside: Vec<_> = item.open().into_iter().map(|inner| outline(inner, times)).collect();
            format!("{tag:02X}({})", inside.join(" "))
        }
        _ => hex(item.whole),
    }
}
