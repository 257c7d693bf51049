//! The fields of a certificate (RFC 5280 section 4.1).

use super::extension::ExtensionView;
use super::key::PublicKeyView;
use super::strict::{fault_of_extension, fault_of_key, is_name};
use crate::keys::SignatureAlgorithm;
use crate::x509::der_reader::{Item, Reader, tag};
use crate::x509::read_time;
use time::OffsetDateTime;

/// What is broken in a certificate: it does not follow its own grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The field, such as `validity` or `extension 2.5.29.17`.
    pub part: String,
    /// What is wrong with it, in words that follow the field and a colon.
    pub fault: &'static str,
}

/// A certificate's fields. What could not be read is empty or `None`, and [`Self::defects`] says so.
#[derive(Debug, Clone)]
pub struct CertificateView<'a> {
    /// The whole certificate.
    pub der: &'a [u8],
    /// The DER of what is signed, the `TBSCertificate`; empty if there is none.
    pub to_be_signed: &'a [u8],
    /// 1, 2 or 3; other numbers as they stand plus one. 1 where it is left out.
    pub version: u32,
    /// The contents of the serial number's INTEGER, big-endian two's complement.
    pub serial_number: &'a [u8],
    /// The DER of the algorithm inside what is signed.
    pub signed_signature_algorithm: &'a [u8],
    /// The DER of the algorithm beside the signature.
    pub signature_algorithm: &'a [u8],
    /// The DER of the issuer's name.
    pub issuer: &'a [u8],
    /// The first moment of validity.
    pub not_before: Option<OffsetDateTime>,
    /// The last moment of validity.
    pub not_after: Option<OffsetDateTime>,
    /// The DER of the subject's name.
    pub subject: &'a [u8],
    /// The DER of the public key with its algorithm.
    pub subject_public_key_info: &'a [u8],
    /// True where the issuer or the subject has a unique identifier, which nobody should use.
    pub has_unique_identifiers: bool,
    /// The extensions in order.
    pub extensions: Vec<ExtensionView<'a>>,
    /// The octets of the signature; empty where the certificate as a whole is no DER.
    pub signature: &'a [u8],
    /// What does not follow the grammar.
    pub defects: Vec<Defect>,
}

impl<'a> CertificateView<'a> {
    /// Reads as much as there is.
    #[must_use]
    pub fn new(der: &'a [u8]) -> Self {
        let mut view = Self {
            der,
            to_be_signed: &[],
            version: 1,
            serial_number: &[],
            signed_signature_algorithm: &[],
            signature_algorithm: &[],
            issuer: &[],
            not_before: None,
            not_after: None,
            subject: &[],
            subject_public_key_info: &[],
            has_unique_identifiers: false,
            extensions: Vec::new(),
            signature: &[],
            defects: Vec::new(),
        };
        view.read_outer();
        view
    }

    fn defect(&mut self, part: impl Into<String>, fault: &'static str) {
        self.defects.push(Defect { part: part.into(), fault });
    }

    fn read_outer(&mut self) {
        let mut file = Reader::new(self.der);
        let outer = file.take_if(tag::SEQUENCE);
        if outer.is_none() {
            self.defect("certificate", "it is no DER SEQUENCE of the length it says");
        } else if !file.is_empty() {
            self.defect("certificate", "bytes follow its end");
        }
        let parts = outer.map_or_else(|| file.open_damaged(tag::SEQUENCE), |outer| Some(outer.open()));
        let Some(mut parts) = parts else { return };
        let Some(body) = parts.take_if(tag::SEQUENCE) else {
            self.defect("certificate", "what is signed is no DER SEQUENCE of the length it says");
            if let Some(body) = parts.open_damaged(tag::SEQUENCE) {
                self.read_body(body);
            }
            return;
        };
        self.to_be_signed = body.whole;
        match parts.take_if(tag::SEQUENCE) {
            Some(algorithm) => self.signature_algorithm = algorithm.whole,
            None => self.defect("signature algorithm", "it cannot be read"),
        }
        let bits = parts.take_if(tag::BIT_STRING);
        match bits.and_then(|bits| bits.value.split_first()) {
            Some((0, octets)) => self.signature = octets,
            Some((_, octets)) => {
                self.signature = octets;
                self.defect("signature", "it is not a whole number of octets");
            }
            None => self.defect("signature", "it cannot be read"),
        }
        if bits.is_some() && !parts.is_empty() {
            self.defect("certificate", "something follows the signature");
        }
        if outer.is_none() {
            // Nobody is to believe it.
            self.signature = &[];
        }
        self.read_body(body.open());
    }

    fn read_body(&mut self, mut body: Reader<'a>) {
        if let Some(version) = body.take_if(tag::context_constructed(0)) {
            match Reader::only(version.value, tag::INTEGER).map(|number| number.value) {
                Some([number @ 0..=0x7f]) => {
                    self.version = u32::from(*number) + 1;
                    if *number == 0 {
                        self.defect("version", "the default, version 1, is written out");
                    }
                }
                _ => self.defect("version", "it cannot be read"),
            }
        }
        match body.take_if(tag::INTEGER).map(|number| number.value) {
            Some(number @ [_, ..]) => {
                self.serial_number = number;
                let is_padded = matches!(number, [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..]);
                if is_padded {
                    self.defect("serial number", "it is not in its shortest form");
                }
            }
            Some(_) => self.defect("serial number", "it is an INTEGER without contents"),
            None => return self.defect("serial number", "it cannot be read, and nothing behind it"),
        }
        let Some(algorithm) = body.take_if(tag::SEQUENCE) else {
            return self.defect("signature algorithm", "it cannot be read, and nothing behind it");
        };
        self.signed_signature_algorithm = algorithm.whole;
        let Some(issuer) = body.take_if(tag::SEQUENCE) else {
            return self.defect("issuer", "it cannot be read, and nothing behind it");
        };
        self.issuer = issuer.whole;
        if !is_name(issuer) {
            self.defect("issuer", "it does not follow the grammar of names");
        }
        let Some(validity) = body.take_if(tag::SEQUENCE) else {
            return self.defect("validity", "it cannot be read, and nothing behind it");
        };
        self.read_validity(validity);
        let Some(subject) = body.take_if(tag::SEQUENCE) else {
            return self.defect("subject", "it cannot be read, and nothing behind it");
        };
        self.subject = subject.whole;
        if !is_name(subject) {
            self.defect("subject", "it does not follow the grammar of names");
        }
        let Some(key) = body.take_if(tag::SEQUENCE) else {
            return self.defect("public key", "it cannot be read, and nothing behind it");
        };
        self.subject_public_key_info = key.whole;
        if let Some(fault) = fault_of_key(key) {
            self.defect("public key", fault);
        }
        for number in [1, 2] {
            let primitive = body.take_if(tag::context(number));
            let identifier = primitive.or_else(|| body.take_if(tag::context_constructed(number)));
            self.has_unique_identifiers |= identifier.is_some();
        }
        if let Some(extensions) = body.take_if(tag::context_constructed(3)) {
            self.read_extensions(extensions);
        }
        if !body.is_empty() {
            let is_whole = body.next().is_some();
            let fault = if is_whole { "something unknown stands behind its fields" } else { "it breaks off" };
            self.defect("certificate", fault);
        }
    }

    fn read_validity(&mut self, validity: Item<'a>) {
        let mut times = validity.open();
        let not_before = times.next();
        let not_after = times.next();
        self.not_before = not_before.and_then(read_time);
        self.not_after = not_after.and_then(read_time);
        if self.not_before.is_none() || self.not_after.is_none() {
            self.defect("validity", "its times cannot be read");
        } else if !times.is_empty() {
            self.defect("validity", "something follows its two times");
        }
        for (time, moment) in [(not_before, self.not_before), (not_after, self.not_after)] {
            let (Some(time), Some(moment)) = (time, moment) else { continue };
            let has_form = match time.tag {
                tag::UTC_TIME => time.value.len() == 13 && time.value.ends_with(b"Z"),
                _ => time.value.len() == 15 && time.value.ends_with(b"Z"),
            };
            if !has_form {
                self.defect("validity", "a time is not written with seconds and Z, as DER asks");
            } else if time.tag == tag::GENERALIZED_TIME && moment.year() < 2050 {
                self.defect("validity", "a time before 2050 is written as GeneralizedTime");
            }
        }
    }

    fn read_extensions(&mut self, outer: Item<'a>) {
        let Some(list) = Reader::only(outer.value, tag::SEQUENCE) else {
            return self.defect("extensions", "they cannot be read");
        };
        let mut list = list.open();
        if list.is_empty() {
            self.defect("extensions", "the list is empty");
        }
        for item in list.by_ref() {
            match ExtensionView::read(item) {
                Some(extension) => {
                    self.extensions.push(extension);
                    if let Some(fault) = fault_of_extension(item) {
                        self.defect("extensions", fault);
                    }
                }
                None => self.defect("extensions", "one of them cannot be read"),
            }
        }
        if !list.is_empty() {
            self.defect("extensions", "the list breaks off");
        }
        let broken: Vec<String> =
            self.extensions.iter().filter(|one| one.is_broken()).map(|one| one.name()).collect();
        for name in broken {
            self.defect(format!("extension {name}"), "its value does not follow its grammar");
        }
        let mut identifiers: Vec<&[u8]> = self.extensions.iter().map(|one| one.oid).collect();
        identifiers.sort_unstable();
        if identifiers.windows(2).any(|two| two.first() == two.last()) {
            self.defect("extensions", "one of them stands there twice");
        }
    }

    /// The first extension with these object identifier contents.
    #[must_use]
    pub fn extension(&self, oid: &[u8]) -> Option<&ExtensionView<'a>> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKeyView<'a> {
        PublicKeyView::new(self.subject_public_key_info)
    }

    /// The algorithm of the signature, where it is one that can be verified here.
    #[must_use]
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        SignatureAlgorithm::from_der(self.signature_algorithm)
    }

    /// cfssl's words for the algorithm of the signature, such as `ECDSAWithSHA256`.
    #[must_use]
    pub fn signature_words(&self) -> &'static str {
        Reader::only(self.signature_algorithm, tag::SEQUENCE)
            .map_or("Unknown Signature", crate::inspect::signature_words)
    }

    /// True where the names of issuer and subject are the same bytes.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}
