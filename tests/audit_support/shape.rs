//! Certificates put together field by field, signed by a key of the library.

use super::support::authority::{element, identifier};
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey, SigningKey, sha1};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, parts)
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    identifier(dotted)
}

pub(crate) fn integer(contents: &[u8]) -> Vec<u8> {
    element(2, &[contents.to_vec()])
}

pub(crate) fn boolean(value: bool) -> Vec<u8> {
    element(1, &[vec![if value { 0xff } else { 0 }]])
}

pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    element(3, &[[&[0], octets].concat()])
}

/// A UTCTime such as `260115000000Z`.
pub(crate) fn utc(text: &str) -> Vec<u8> {
    element(0x17, &[text.as_bytes().to_vec()])
}

/// A key of whatever kind.
pub(crate) type Key = Rc<dyn SigningKey>;

pub(crate) fn key() -> Key {
    Rc::new(PrivateKey::generate(KeyAlgorithm::Ecdsa(Curve::P256)).unwrap())
}

/// The public key of a curve that nobody here can use, secp256k1.
pub(crate) fn foreign_key() -> Vec<u8> {
    let algorithm = sequence(&[oid("1.2.840.10045.2.1"), oid("1.3.132.0.10")]);
    sequence(&[algorithm, bit_string(&[&[4][..], &[7; 64]].concat())])
}

/// A name such as `O=Acme, CN=CA`; `UTF8:` before a value writes a UTF8String, else it is a PrintableString.
pub(crate) fn name(text: &str) -> Vec<u8> {
    let attributes = text.split(", ").filter(|part| !part.is_empty()).map(|part| {
        let (kind, value) = part.split_once('=').unwrap();
        let kind = match kind {
            "CN" => "2.5.4.3",
            "C" => "2.5.4.6",
            "O" => "2.5.4.10",
            "OU" => "2.5.4.11",
            other => other,
        };
        let (tag, value) = match value.strip_prefix("UTF8:") {
            Some(value) => (0x0c, value),
            None => (0x13, value),
        };
        element(0x31, &[sequence(&[oid(kind), element(tag, &[value.as_bytes().to_vec()])])])
    });
    sequence(&attributes.collect::<Vec<_>>())
}

pub(crate) fn extension(kind: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let mark = if critical { boolean(true) } else { Vec::new() };
    sequence(&[oid(kind), mark, element(4, &[value.to_vec()])])
}

pub(crate) fn ip(text: &str) -> Vec<u8> {
    let octets = match text.parse::<std::net::IpAddr>().unwrap() {
        std::net::IpAddr::V4(ip) => ip.octets().to_vec(),
        std::net::IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    element(0x87, &[octets])
}

pub(crate) fn email(text: &str) -> Vec<u8> {
    element(0x81, &[text.as_bytes().to_vec()])
}

pub(crate) fn uri(text: &str) -> Vec<u8> {
    element(0x86, &[text.as_bytes().to_vec()])
}

/// `GeneralNames` of hosts: what is an address is written as one, all else as a DNS name.
pub(crate) fn general_names(hosts: &[&str]) -> Vec<u8> {
    let name = |host: &&str| match host.parse::<std::net::IpAddr>() {
        Ok(_) => ip(host),
        Err(_) => element(0x82, &[host.as_bytes().to_vec()]),
    };
    sequence(&hosts.iter().map(name).collect::<Vec<_>>())
}

/// `ExtKeyUsage` of purposes by their last arc below id-kp: 1 serverAuth, 2 clientAuth.
pub(crate) fn tls(purposes: &[u8]) -> Vec<u8> {
    sequence(&purposes.iter().map(|last| oid(&format!("1.3.6.1.5.5.7.3.{last}"))).collect::<Vec<_>>())
}

/// An authority with its key.
#[derive(Clone)]
pub(crate) struct Authority {
    pub(crate) name: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) der: Vec<u8>,
}

impl Authority {
    /// One that signed itself, for ten years.
    pub(crate) fn root(text: &str) -> Self {
        Self::shaped(Shape::authority(text), None, key())
    }

    /// One below another.
    pub(crate) fn below(text: &str, above: &Self) -> Self {
        Self::shaped(Shape::authority(text), Some(above), key())
    }

    /// One of any shape; it signs itself without another above it.
    pub(crate) fn shaped(shape: Shape, above: Option<&Self>, key: Key) -> Self {
        let shape = shape.key(&*key);
        let name = shape.subject.clone();
        let der = match above {
            Some(above) => above.sign(shape),
            None => {
                let issuer = Self { name: name.clone(), key: Rc::clone(&key), der: Vec::new() };
                let identifier = shape.without("2.5.29.35");
                issuer.sign_raw(identifier)
            }
        };
        Self { name, key, der }
    }

    /// Signs with an authority key identifier.
    pub(crate) fn sign(&self, shape: Shape) -> Vec<u8> {
        let has_own = shape.extensions.iter().any(|(kind, _)| kind == "2.5.29.35");
        let shape = match has_own || shape.version != 2 {
            true => shape,
            false => {
                let value = sequence(&[element(0x80, &[self.key_identifier()])]);
                shape.with("2.5.29.35", false, &value)
            }
        };
        self.sign_raw(shape)
    }

    /// Signs as it is.
    pub(crate) fn sign_raw(&self, shape: Shape) -> Vec<u8> {
        shape.sealed(&self.name, &*self.key)
    }

    pub(crate) fn key_identifier(&self) -> Vec<u8> {
        key_identifier(self.key.subject_public_key_info())
    }
}

/// The SHA-1 of the key's bits.
pub(crate) fn key_identifier(spki: &[u8]) -> Vec<u8> {
    let parts = super::support::der::items(spki)[0].open();
    sha1(&parts[1].value[1..]).to_vec()
}

/// A certificate to be. A new one is a good leaf for server and client, valid from 2025-12-01 for a year.
#[derive(Clone)]
pub(crate) struct Shape {
    /// The number in the certificate: 2 for version 3; 0 leaves it out.
    pub(crate) version: u8,
    pub(crate) serial: Vec<u8>,
    /// What is signed says this algorithm; `None` for the right one.
    pub(crate) inner_algorithm: Option<Vec<u8>>,
    /// Both say this algorithm; `None` for the right one.
    pub(crate) algorithm: Option<Vec<u8>>,
    /// The issuer as written; `None` for the name of who signs.
    pub(crate) issuer: Option<Vec<u8>>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) spki: Vec<u8>,
    /// What stands between key and extensions.
    pub(crate) unique: Vec<u8>,
    pub(crate) extensions: Vec<(String, Vec<u8>)>,
    /// Whether the signature is spoilt.
    pub(crate) is_broken: bool,
    /// Bytes behind the end.
    pub(crate) tail: Vec<u8>,
}

static SERIAL: AtomicU32 = AtomicU32::new(1);

impl Shape {
    fn bare(subject: &str) -> Self {
        let number = SERIAL.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        Self {
            version: 2,
            serial: [&[0x5a; 12][..], &number].concat(),
            inner_algorithm: None,
            algorithm: None,
            issuer: None,
            not_before: utc("251201000000Z"),
            not_after: utc("261130000000Z"),
            subject: name(subject),
            spki: key().subject_public_key_info().to_vec(),
            unique: Vec::new(),
            extensions: Vec::new(),
            is_broken: false,
            tail: Vec::new(),
        }
    }

    pub(crate) fn leaf(subject: &str, hosts: &[&str]) -> Self {
        let shape = Self::bare(subject).with("2.5.29.15", true, &[3, 2, 7, 0x80]).with(
            "2.5.29.37",
            false,
            &tls(&[1, 2]),
        );
        match hosts {
            [] => shape,
            hosts => shape.with("2.5.29.17", false, &general_names(hosts)),
        }
    }

    pub(crate) fn authority(subject: &str) -> Self {
        Self { not_before: utc("250101000000Z"), not_after: utc("350101000000Z"), ..Self::bare(subject) }
            .with("2.5.29.15", true, &[3, 2, 1, 6])
            .with("2.5.29.19", true, &sequence(&[boolean(true)]))
            // Filled in with the key.
            .with("2.5.29.14", false, &[])
    }

    /// Adds an extension, or takes the place of the one of this kind.
    pub(crate) fn with(mut self, kind: &str, critical: bool, value: &[u8]) -> Self {
        let new = (kind.to_owned(), extension(kind, critical, value));
        match self.extensions.iter_mut().find(|(known, _)| known == kind) {
            Some(known) => *known = new,
            None => self.extensions.push(new),
        }
        self
    }

    /// Adds an extension even if there is one.
    pub(crate) fn also(mut self, kind: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push((kind.to_owned(), extension(kind, critical, value)));
        self
    }

    pub(crate) fn without(mut self, kind: &str) -> Self {
        self.extensions.retain(|(known, _)| known != kind);
        self
    }

    /// Alternative names, each an element.
    pub(crate) fn names(self, names: &[Vec<u8>]) -> Self {
        self.with("2.5.29.17", false, &sequence(names))
    }

    pub(crate) fn purposes(self, purposes: &[u8]) -> Self {
        self.with("2.5.29.37", false, &tls(purposes))
    }

    pub(crate) fn key(self, key: &dyn SigningKey) -> Self {
        self.spki(key.subject_public_key_info())
    }

    pub(crate) fn spki(mut self, spki: &[u8]) -> Self {
        self.spki = spki.to_vec();
        // An authority names its own key.
        match self.extensions.iter().any(|(kind, _)| kind == "2.5.29.14") {
            true => {
                let identifier = key_identifier(spki);
                self.with("2.5.29.14", false, &element(4, &[identifier]))
            }
            false => self,
        }
    }

    pub(crate) fn valid(mut self, from: &str, to: &str) -> Self {
        self.not_before = utc(from);
        self.not_after = utc(to);
        self
    }

    /// What is signed, with the name of who signs and the algorithm.
    pub(crate) fn body(&self, issuer: &[u8], algorithm: &[u8]) -> Vec<u8> {
        let version = match self.version {
            0 => Vec::new(),
            number => element(0xa0, &[integer(&[number])]),
        };
        let extensions: Vec<Vec<u8>> = self.extensions.iter().map(|(_, der)| der.clone()).collect();
        let extensions = match extensions.is_empty() {
            true => Vec::new(),
            false => element(0xa3, &[sequence(&extensions)]),
        };
        sequence(&[
            version,
            integer(&self.serial),
            self.inner_algorithm.clone().unwrap_or_else(|| algorithm.to_vec()),
            self.issuer.clone().unwrap_or_else(|| issuer.to_vec()),
            sequence(&[self.not_before.clone(), self.not_after.clone()]),
            self.subject.clone(),
            self.spki.clone(),
            self.unique.clone(),
            extensions,
        ])
    }

    /// The certificate, signed by `key` in the name of `issuer`.
    pub(crate) fn sealed(self, issuer: &[u8], key: &dyn SigningKey) -> Vec<u8> {
        let algorithm = self.algorithm.clone().unwrap_or_else(|| key.signature_algorithm().der().to_vec());
        let body = self.body(issuer, &algorithm);
        let mut signature = key.sign(&body).unwrap();
        if self.is_broken {
            // The last octet of an ECDSA signature is one of its second number.
            *signature.last_mut().unwrap() ^= 1;
        }
        [sequence(&[body, algorithm, bit_string(&signature)]), self.tail].concat()
    }
}
