//! Certificates, CSRs and extensions cut into their fields, without looking into the fields.

use super::der_reader::{Item, Malformed, Reader, tag};
use der::asn1::ObjectIdentifier;

/// A certificate's fields (RFC 5280 section 4.1).
#[derive(Debug, Clone, Copy)]
pub(crate) struct CertificateParts<'a> {
    /// `[0]` around the number, where it is not the default.
    pub(crate) version: Option<Item<'a>>,
    pub(crate) serial_number: Item<'a>,
    pub(crate) signature_algorithm: Item<'a>,
    pub(crate) issuer: Item<'a>,
    pub(crate) not_before: Item<'a>,
    pub(crate) not_after: Item<'a>,
    pub(crate) subject: Item<'a>,
    pub(crate) public_key: Item<'a>,
    /// `[3]` around the list.
    pub(crate) extensions: Option<Item<'a>>,
    /// What is signed.
    pub(crate) body: Item<'a>,
    pub(crate) signature: Item<'a>,
}

impl<'a> CertificateParts<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let outer = Reader::only(der, tag::SEQUENCE).ok_or(Malformed("outer structure"))?;
        let mut outer = outer.open();
        let whole_body = outer.expect_tag(tag::SEQUENCE, "outer structure")?;
        let signature_algorithm = outer.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        let signature = outer.expect_tag(tag::BIT_STRING, "signature")?;

        let mut body = whole_body.open();
        let version = body.take_if(tag::context_constructed(0));
        let serial_number = body.expect_tag(tag::INTEGER, "serial number")?;
        body.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        let issuer = body.expect_tag(tag::SEQUENCE, "issuer")?;
        let mut validity = body.expect_tag(tag::SEQUENCE, "validity")?.open();
        let not_before = validity.next().ok_or(Malformed("validity"))?;
        let not_after = validity.next().ok_or(Malformed("validity"))?;
        let subject = body.expect_tag(tag::SEQUENCE, "subject")?;
        let public_key = body.expect_tag(tag::SEQUENCE, "public key")?;
        body.take_if(tag::context(1));
        body.take_if(tag::context(2));
        let extensions = body.take_if(tag::context_constructed(3));
        if !body.is_empty() || !outer.is_empty() {
            return Err(Malformed("outer structure"));
        }
        Ok(Self {
            version,
            serial_number,
            signature_algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            public_key,
            extensions,
            body: whole_body,
            signature,
        })
    }
}

/// A certification request's fields (RFC 2986 section 4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestParts<'a> {
    pub(crate) outer: Item<'a>,
    pub(crate) body: Item<'a>,
    pub(crate) version: Item<'a>,
    pub(crate) subject: Item<'a>,
    pub(crate) public_key: Item<'a>,
    /// `[0]` around the attributes.
    pub(crate) attributes: Option<Item<'a>>,
    pub(crate) signature_algorithm: Item<'a>,
    pub(crate) signature: Item<'a>,
}

impl<'a> RequestParts<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let outer = Reader::only(der, tag::SEQUENCE).ok_or(Malformed("outer structure"))?;
        let mut parts = outer.open();
        let body = parts.expect_tag(tag::SEQUENCE, "outer structure")?;
        let signature_algorithm = parts.expect_tag(tag::SEQUENCE, "signature algorithm")?;
        let signature = parts.expect_tag(tag::BIT_STRING, "signature")?;
        let mut fields = body.open();
        Ok(Self {
            outer,
            body,
            version: fields.expect_tag(tag::INTEGER, "version")?,
            subject: fields.expect_tag(tag::SEQUENCE, "subject")?,
            public_key: fields.expect_tag(tag::SEQUENCE, "public key")?,
            // Some writers leave out the empty set that the standard asks for.
            attributes: fields.take_if(tag::context_constructed(0)),
            signature_algorithm,
            signature,
        })
    }
}

/// An extension's fields (RFC 5280 section 4.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExtensionParts<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

impl<'a> ExtensionParts<'a> {
    pub(crate) fn read(item: Item<'a>) -> Option<Self> {
        if item.tag != tag::SEQUENCE {
            return None;
        }
        let mut parts = item.open();
        let oid = parts.take_if(tag::OID)?.value;
        let critical = parts.take_if(tag::BOOLEAN).is_some_and(|flag| flag.value != [0]);
        let value = parts.take_if(tag::OCTET_STRING)?.value;
        Some(Self { oid, critical, value })
    }

    /// Which extension it is; nothing for an identifier too long to be one of ours.
    pub(crate) fn id(&self) -> Option<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(self.oid).ok()
    }
}
