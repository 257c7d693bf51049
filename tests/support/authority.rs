//! CA certificates of any shape, also those that no program of today makes: DER put together by hand, signed by
//! openssl.

use super::run::run;
use std::fs;
use std::path::Path;

/// A DER element.
pub(crate) fn element(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let contents = parts.concat();
    let mut whole = vec![tag];
    match u8::try_from(contents.len()) {
        Ok(length @ ..=127) => whole.push(length),
        _ => {
            let length = contents.len().to_be_bytes();
            let digits = &length[length.iter().position(|byte| *byte != 0).unwrap()..];
            whole.push(0x80 | u8::try_from(digits.len()).unwrap());
            whole.extend(digits);
        }
    }
    whole.extend(contents);
    whole
}

/// An object identifier in dotted form.
pub(crate) fn identifier(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut contents = Vec::new();
    for arc in [arcs[0] * 40 + arcs[1]].iter().chain(&arcs[2..]) {
        let septets = (1..10).find(|count| arc >> (7 * count) == 0).unwrap();
        for place in (0..septets).rev() {
            let more = if place > 0 { 0x80 } else { 0 };
            contents.push(u8::try_from(arc >> (7 * place) & 0x7f).unwrap() | more);
        }
    }
    element(6, &[contents])
}

pub(crate) const T61: u8 = 0x14;
pub(crate) const IA5: u8 = 0x16;
pub(crate) const BMP: u8 = 0x1e;
pub(crate) const PRINTABLE: u8 = 0x13;
pub(crate) const UNIVERSAL: u8 = 0x1c;
pub(crate) const UTF8: u8 = 0x0c;

/// An attribute: type, tag of its string, contents.
pub(crate) type Attribute<'a> = (&'a str, u8, &'a [u8]);

/// A CA certificate to be.
pub(crate) struct Shape<'a> {
    /// The sets of its subject.
    pub(crate) name: &'a [&'a [Attribute<'a>]],
    /// The contents of the serial number's INTEGER.
    pub(crate) serial: &'a [u8],
    pub(crate) key_identifier: Option<&'a [u8]>,
    /// More extensions: identifier, critical, contents.
    pub(crate) further: &'a [(&'a str, bool, &'a [u8])],
}

/// Writes `NAME.pem` for the key in `NAME-key.pem`, which openssl has to be able to use with SHA-256.
pub(crate) fn build(folder: &Path, name: &str, shape: &Shape<'_>) {
    let attribute = |(kind, tag, contents): &Attribute<'_>| {
        element(0x30, &[identifier(kind), element(*tag, &[contents.to_vec()])])
    };
    // The order is as it is given, even where DER wants another: old programs did not sort.
    let sets: Vec<_> =
        shape.name.iter().map(|set| element(0x31, &set.iter().map(attribute).collect::<Vec<_>>())).collect();
    let subject = element(0x30, &sets);
    let extension = |kind: &str, critical: bool, contents: &[u8]| {
        let mark = if critical { element(1, &[vec![0xff]]) } else { Vec::new() };
        element(0x30, &[identifier(kind), mark, element(4, &[contents.to_vec()])])
    };
    let mut extensions = vec![
        extension("2.5.29.19", true, &element(0x30, &[element(1, &[vec![0xff]])])),
        extension("2.5.29.15", false, &[3, 2, 1, 0x86]),
    ];
    if let Some(bytes) = shape.key_identifier {
        extensions.push(extension("2.5.29.14", false, &element(4, &[bytes.to_vec()])));
    }
    extensions.extend(shape.further.iter().map(|(kind, critical, value)| extension(kind, *critical, value)));

    let openssl = |arguments: &[&str]| {
        let done = run("openssl", folder, arguments);
        assert_eq!(done.exit, Some(0), "openssl {arguments:?}: {}", done.stderr);
    };
    let key = format!("{name}-key.pem");
    openssl(&["pkey", "-in", &key, "-pubout", "-outform", "DER", "-out", "public.der"]);
    let public = fs::read(folder.join("public.der")).unwrap();
    // rsaEncryption is 1.2.840.113549.1.1.1; anything else here is an elliptic curve.
    let rsa = public.windows(9).any(|bytes| bytes == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]);
    let algorithm = match rsa {
        true => element(0x30, &[identifier("1.2.840.113549.1.1.11"), vec![5, 0]]),
        false => element(0x30, &[identifier("1.2.840.10045.4.3.2")]),
    };
    let validity = [b"250101000000Z".to_vec(), b"450101000000Z".to_vec()].map(|time| element(0x17, &[time]));
    let body = element(
        0x30,
        &[
            element(0xa0, &[vec![2, 1, 2]]),
            element(2, &[shape.serial.to_vec()]),
            algorithm.clone(),
            subject.clone(),
            element(0x30, &validity),
            subject,
            public,
            element(0xa3, &[element(0x30, &extensions)]),
        ],
    );
    fs::write(folder.join("body.der"), &body).unwrap();
    openssl(&["dgst", "-sha256", "-sign", &key, "-out", "signature", "body.der"]);
    let signature = [vec![0], fs::read(folder.join("signature")).unwrap()].concat();
    let whole = element(0x30, &[body, algorithm, element(3, &[signature])]);
    fs::write(folder.join("whole.der"), whole).unwrap();
    openssl(&["x509", "-inform", "DER", "-in", "whole.der", "-out", &format!("{name}.pem")]);
}
