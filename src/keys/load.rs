//! Reading private keys, and saying what is wrong with what is not one.

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::algorithm::{Curve, KeyAlgorithm};
use super::asn1::{self, Item, oid, tag};
use super::effort::Effort;
use super::private_key::Secret;
use super::{legacy, pbes2};
use crate::error::{Error, ErrorKind, Result};
use crate::pem::{self, Instead, Section};

/// The secret in the first section that is not `EC PARAMETERS`.
pub(super) fn from_pem(pem: &[u8], password: Option<&[u8]>) -> Result<Secret> {
    // Old OpenSSL writes the curve in a section of its own, before a key that may then leave it out.
    let mut curve = None;
    for section in pem::sections(pem) {
        if section.label != "EC PARAMETERS" {
            return from_section(&section, curve.as_deref().map(Vec::as_slice), password);
        }
        curve = Some(section.der);
    }
    Err(Error::of(ErrorKind::PrivateKeyDecode).explain(match curve {
        Some(_) => "this holds elliptic curve parameters, but no private key",
        None => return Err(not_pem(pem)),
    }))
}

fn not_pem(input: &[u8]) -> Error {
    let instead = Instead::of(input);
    let hint = match instead {
        Instead::BrokenOff | Instead::Damaged => "copy the file again, whole",
        Instead::Der => "convert it with `openssl pkey -inform der -in FILE -out FILE.pem`",
        Instead::Json => "this looks like JSON: `cfssljson -bare NAME` makes PEM files of what cfssl prints",
        Instead::Nothing => "the command that should have written it may have failed",
        Instead::Text | Instead::Utf16 => "give a private key in PEM",
    };
    Error::of(ErrorKind::PrivateKeyDecode)
        .explain(format!("there is no private key here: {}", instead.words()))
        .hint(hint)
}

fn from_section(section: &Section<'_>, curve: Option<&[u8]>, password: Option<&[u8]>) -> Result<Secret> {
    if let Some(found) = something_else(section.label) {
        return Err(unreadable(format!("this is {found}, not a private key"))
            .hint("the private key of NAME.pem is usually NAME-key.pem"));
    }
    if section.header("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED")) {
        let der = legacy::decrypt(section, password.ok_or_else(encrypted)?)?;
        return from_der(&der, curve);
    }
    if section.label == "ENCRYPTED PRIVATE KEY" || pbes2::is_encrypted(&section.der) {
        let der =
            pbes2::decrypt_key(&section.der, password.ok_or_else(encrypted)?, &mut Effort::of_one_file())?;
        return from_der(&der, curve);
    }
    from_der(&section.der, curve)
}

/// What a label that clearly is not a private key's stands for.
fn something_else(label: &str) -> Option<&'static str> {
    Some(match label {
        "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => "a certificate",
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => "a certificate request",
        "PUBLIC KEY" | "RSA PUBLIC KEY" => "a public key",
        "X509 CRL" => "a certificate revocation list",
        "OPENSSH PRIVATE KEY" => "a key in the format of OpenSSH",
        _ => return None,
    })
}

fn encrypted() -> Error {
    Error::of(ErrorKind::PrivateKeyEncrypted)
        .explain("the private key is encrypted, and no password is given")
}

/// The error for a password that does not open the key.
pub(super) fn wrong_password() -> Error {
    Error::new(ErrorKind::Usage, "x509: decryption password incorrect")
        .explain("the password does not open the private key")
}

/// The error for a key that cannot be read at all.
pub(super) fn unreadable(explanation: impl Into<String>) -> Error {
    Error::of(ErrorKind::PrivateKeyParse).explain(explanation)
}

/// The error for a key that can be read, and is not one we use.
fn unusable(explanation: impl Into<String>) -> Error {
    Error::of(ErrorKind::PrivateKeyAlgorithm).explain(explanation)
}

/// The secret in a PKCS#8, PKCS#1 or SEC1 key; `curve` is the DER of parameters that stood before it.
pub(super) fn from_der(der: &[u8], curve: Option<&[u8]>) -> Result<Secret> {
    let Some(members) = asn1::sequence(der) else {
        return Err(unreadable("this is not a private key: it is damaged, or something else"));
    };
    // The second member tells the three forms apart.
    let tag_of = |place: usize| members.get(place).map(|member| member.tag);
    match (tag_of(0), tag_of(1)) {
        (Some(tag::INTEGER), Some(tag::SEQUENCE)) => pkcs8(&members),
        (Some(tag::INTEGER), Some(tag::INTEGER)) => pkcs1(der, &members),
        (Some(tag::INTEGER), Some(tag::OCTET_STRING)) => sec1(&members, curve),
        (Some(tag::SEQUENCE), Some(tag::BIT_STRING)) => {
            Err(unreadable("this is a public key, not a private key"))
        }
        (Some(tag::SEQUENCE), Some(tag::SEQUENCE)) => {
            Err(unreadable("this is a certificate or a certificate request, not a private key"))
        }
        (Some(tag::SEQUENCE), Some(tag::OCTET_STRING)) => Err(encrypted()),
        _ => Err(unreadable("this is not a private key: it is damaged, or something else")),
    }
}

/// RFC 5208 and RFC 5958; attributes and the public key that may follow are not needed.
fn pkcs8(members: &[Item<'_>]) -> Result<Secret> {
    let damaged = || unreadable("this PKCS#8 private key is damaged");
    let identifier = members.get(1).and_then(asn1::members).ok_or_else(damaged)?;
    let algorithm = asn1::contents(identifier.first(), tag::OID).ok_or_else(damaged)?;
    let key = asn1::contents(members.get(2), tag::OCTET_STRING).ok_or_else(damaged)?;
    match algorithm {
        oid::EC_PUBLIC_KEY => {
            let key = asn1::sequence(key).ok_or_else(damaged)?;
            let curve = identifier.get(1).ok_or_else(damaged)?;
            sec1_on(&key, read_curve(curve)?)
        }
        oid::ED25519 => {
            let seed = asn1::only(key).ok_or_else(damaged)?;
            match asn1::contents(Some(&seed), tag::OCTET_STRING) {
                Some(seed) if seed.len() == 32 => Ok(Secret::Ed25519 { seed: Zeroizing::new(seed.to_vec()) }),
                _ => Err(damaged()),
            }
        }
        oid::RSA_ENCRYPTION => pkcs1(key, &asn1::sequence(key).ok_or_else(damaged)?),
        other => Err(unreadable(format!("keys of the algorithm {} are not supported", name(other)))
            .hint("use RSA, ECDSA or Ed25519")),
    }
}

/// RFC 8017, A.1.2.
fn pkcs1(der: &[u8], members: &[Item<'_>]) -> Result<Secret> {
    if members.len() > 9 && asn1::contents(members.first(), tag::INTEGER) == Some(&[1]) {
        return Err(unusable("RSA keys of more than two primes are not supported"));
    }
    let modulus = match members {
        [_, modulus, ..] if members.len() == 9 => asn1::contents(Some(modulus), tag::INTEGER),
        _ => None,
    };
    let Some(modulus) = modulus else {
        return Err(unreadable("this RSA private key is damaged"));
    };
    let bits = asn1::bit_length(modulus);
    match bits {
        0..KeyAlgorithm::MIN_RSA_BITS => Err(unusable(format!(
            "an RSA key of {bits} bits is too weak: its signatures, made with SHA-1, would be refused everywhere"
        ))
        .hint("use a key of 2048 bits or more")),
        // In a sound key no other number is longer; megabytes of one would be divided for nothing.
        _ if members.iter().any(|number| asn1::bit_length(number.value) > bits) => {
            Err(unreadable("the numbers of this RSA key do not belong together"))
        }
        KeyAlgorithm::MIN_RSA_BITS..=KeyAlgorithm::MAX_RSA_BITS => {
            Ok(Secret::Rsa { bits, pkcs1: Zeroizing::new(der.to_vec()) })
        }
        _ => Err(unusable(format!("an RSA key of {bits} bits is too large, 8192 is the most"))),
    }
}

/// RFC 5915. The curve stands in the key, or in parameters before it.
fn sec1(members: &[Item<'_>], before: Option<&[u8]>) -> Result<Secret> {
    let own = explicit(members, 0);
    let own_or_before = own.or_else(|| before.and_then(asn1::only));
    let Some(curve) = own_or_before else {
        return Err(unreadable("this elliptic curve key does not say which curve it lies on")
            .hint("put its EC PARAMETERS section before it, or write it anew with openssl pkcs8 -topk8"));
    };
    sec1_on(members, read_curve(&curve)?)
}

fn sec1_on(members: &[Item<'_>], curve: Curve) -> Result<Secret> {
    let damaged = || unreadable("this elliptic curve private key is damaged");
    let digits = asn1::contents(members.get(1), tag::OCTET_STRING).ok_or_else(damaged)?;
    // Some programs leave zeros in front out, others write too many.
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = digits.get(zeros..).unwrap_or_default();
    let missing = curve.field_bytes().checked_sub(digits.len()).ok_or_else(damaged)?;
    let mut scalar = Zeroizing::new(Vec::with_capacity(curve.field_bytes()));
    scalar.resize(missing, 0);
    scalar.extend(digits);
    // A compressed point is worth no more to us than none: the public key follows from the private one.
    let public = explicit(members, 1)
        .and_then(|point| asn1::bit_string(Some(&point)))
        .filter(|point| point.first() == Some(&4) && point.len() == 1 + 2 * curve.field_bytes());
    Ok(Secret::Ecdsa { curve, scalar, public: public.map(<[u8]>::to_vec) })
}

/// The element in the member with the context-specific tag `number`.
fn explicit<'a>(members: &[Item<'a>], number: u8) -> Option<Item<'a>> {
    let tag = tag::context_constructed(number);
    let member = members.iter().find(|member| member.tag == tag)?;
    asn1::only(member.value)
}

/// The curve that parameters name.
fn read_curve(parameters: &Item<'_>) -> Result<Curve> {
    let Some(curve) = asn1::contents(Some(parameters), tag::OID) else {
        return Err(unreadable("this elliptic curve key spells out its curve instead of naming it")
            .hint("write it anew with openssl ec -param_enc named_curve"));
    };
    Curve::from_oid(curve).ok_or_else(|| match curve {
        oid::P224 => unusable(
            "the curve P-224 is too weak: its signatures, made with SHA-1, would be refused everywhere",
        )
        .hint("use P-256, P-384 or P-521"),
        oid::SECP256K1 => {
            unreadable("the curve secp256k1 is not one for certificates").hint("use P-256, P-384 or P-521")
        }
        other => unreadable(format!("the elliptic curve {} is not supported", name(other)))
            .hint("use P-256, P-384 or P-521"),
    })
}

/// A name people know for these object identifier contents, or the numbers.
fn name(contents: &[u8]) -> String {
    const NAMES: [(&[u8], &str); 6] = [
        (&[0x2B, 0x65, 0x71], "Ed448"),
        (&[0x2B, 0x65, 0x6E], "X25519"),
        (&[0x2B, 0x65, 0x6F], "X448"),
        (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10], "RSASSA-PSS"),
        (&[0x2A, 0x86, 0x48, 0xCE, 0x38, 4, 1], "DSA"),
        (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 3, 1], "Diffie-Hellman"),
    ];
    match NAMES.iter().find(|(known, _)| *known == contents) {
        Some((_, name)) => (*name).to_owned(),
        None => ObjectIdentifier::from_bytes(contents)
            .map_or_else(|_| "with a damaged identifier".to_owned(), |identifier| identifier.to_string()),
    }
}
