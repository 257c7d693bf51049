//! Certificates and CSRs put together byte by byte, so that they can be as odd as needed. Their signatures
//! are nonsense: nothing that describes a certificate looks at them.

/// One tag, length and value.
pub(crate) fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    match value.len() {
        short @ ..128 => der.push(u8::try_from(short).unwrap()),
        long @ ..256 => der.extend([0x81, u8::try_from(long).unwrap()]),
        long => {
            der.push(0x82);
            der.extend(u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    der.extend(value);
    der
}

/// A SEQUENCE.
pub(crate) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(arcs: &[u64]) -> Vec<u8> {
    let mut body = Vec::new();
    let first = arcs[0] * 40 + arcs[1];
    for &arc in std::iter::once(&first).chain(&arcs[2..]) {
        let mut digits = vec![u8::try_from(arc & 0x7f).unwrap()];
        let mut rest = arc >> 7;
        while rest > 0 {
            digits.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        body.extend(digits.iter().rev());
    }
    tlv(6, &body)
}

/// An attribute of a name.
pub(crate) fn attribute(arcs: &[u64], tag: u8, value: &[u8]) -> Vec<u8> {
    seq(&[oid(arcs), tlv(tag, value)])
}

/// A name of one attribute per relative name, all UTF8String below 2.5.4.
pub(crate) fn name(attributes: &[(u64, &str)]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(arc, text)| tlv(0x31, &attribute(&[2, 5, 4, *arc], 0x0c, text.as_bytes())))
        .collect();
    seq(&sets)
}

/// An extension.
pub(crate) fn extension(arcs: &[u64], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { tlv(1, &[0xff]) } else { Vec::new() };
    seq(&[oid(arcs), critical, tlv(4, value)])
}

/// A subject alternative name of tags and contents.
pub(crate) fn san(names: &[(u8, &[u8])]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = names.iter().map(|(tag, value)| tlv(*tag, value)).collect();
    extension(&[2, 5, 29, 17], false, &seq(&names))
}

/// SHA-256 with RSA.
pub(crate) fn sha256_rsa() -> Vec<u8> {
    seq(&[oid(&[1, 2, 840, 113_549, 1, 1, 11]), tlv(5, &[])])
}

/// An RSA key: a number of 256 bytes that nobody factors.
pub(crate) fn rsa_key() -> Vec<u8> {
    let mut modulus = vec![0, 0xc1];
    modulus.extend((1..=255u8).map(|byte| byte.wrapping_mul(167)));
    let key = seq(&[tlv(2, &modulus), tlv(2, &[1, 0, 1])]);
    let algorithm = seq(&[oid(&[1, 2, 840, 113_549, 1, 1, 1]), tlv(5, &[])]);
    seq(&[algorithm, bits(&key)])
}

/// A BIT STRING of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], bytes].concat())
}

/// A certificate's fields, each as DER.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) after_key: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Default for Certificate {
    fn default() -> Self {
        Self {
            version: tlv(0xa0, &tlv(2, &[2])),
            serial: tlv(2, &[1]),
            algorithm: sha256_rsa(),
            issuer: name(&[(3, "issuer")]),
            validity: seq(&[tlv(0x17, b"260101000000Z"), tlv(0x17, b"270101000000Z")]),
            subject: name(&[(3, "subject")]),
            key: rsa_key(),
            after_key: Vec::new(),
            extensions: Vec::new(),
        }
    }
}

impl Certificate {
    /// The whole.
    pub(crate) fn der(&self) -> Vec<u8> {
        let extensions =
            if self.extensions.is_empty() { Vec::new() } else { tlv(0xa3, &seq(&self.extensions)) };
        let body = seq(&[
            self.version.clone(),
            self.serial.clone(),
            self.algorithm.clone(),
            self.issuer.clone(),
            self.validity.clone(),
            self.subject.clone(),
            self.key.clone(),
            self.after_key.clone(),
            extensions,
        ]);
        seq(&[body, self.algorithm.clone(), bits(&[0x55; 64])])
    }
}

/// A CSR.
pub(crate) fn csr(subject: Vec<u8>, key: Vec<u8>, algorithm: Vec<u8>, attributes: &[Vec<u8>]) -> Vec<u8> {
    let body = seq(&[tlv(2, &[0]), subject, key, tlv(0xa0, &attributes.concat())]);
    seq(&[body, algorithm, bits(&[0x55; 64])])
}

/// The CSR attribute that asks for extensions.
pub(crate) fn extension_request(extensions: &[Vec<u8>]) -> Vec<u8> {
    let arcs = [1, 2, 840, 113_549, 1, 9, 14];
    seq(&[oid(&arcs), tlv(0x31, &seq(extensions))])
}

/// PEM, with the help of nothing that is tested here.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use std::fmt::Write as _;
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut body = String::new();
    for (position, chunk) in der.chunks(3).enumerate() {
        if position % 16 == 0 && position > 0 {
            body.push('\n');
        }
        let at = |index| u32::from(*chunk.get(index).unwrap_or(&0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            if place <= chunk.len() {
                body.push(char::from(letters[(word >> (18 - 6 * place) & 63) as usize]));
            } else {
                body.push('=');
            }
        }
    }
    let mut text = String::new();
    writeln!(text, "-----BEGIN {label}-----\n{body}\n-----END {label}-----").unwrap();
    text
}
