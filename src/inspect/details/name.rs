//! Distinguished names and alternative names, taken apart.

use super::oid::Oid;
use crate::asn1::reader::{Reader, tag};
use crate::inspect::name::{Attribute, NameInfo};
use crate::inspect::text::{self, lossy_borrowed};
use crate::inspect::view::{GeneralName, attribute_name, name_text};
use crate::x509::prefix_length;
use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A distinguished name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameDetails<'a> {
    /// Its DER; empty where there is none.
    pub der: &'a [u8],
    /// As `cfssl certinfo` takes it apart.
    pub info: NameInfo,
    /// Its relative names in the order they are written, each a set of attributes; as far as they can be read.
    pub relative_names: Vec<Vec<AttributeDetails<'a>>>,
}

/// One attribute of a distinguished name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeDetails<'a> {
    /// What it is.
    pub oid: Oid<'a>,
    /// Its usual short name, such as `CN`; `None` for what is not known here.
    pub name: Option<&'static str>,
    /// Its text; what is no text is in hexadecimal, DER, behind `#`.
    pub value: Cow<'a, str>,
}

impl<'a> NameDetails<'a> {
    /// Takes the DER of a `Name` apart, as far as it can be read.
    #[must_use]
    pub fn new(der: &'a [u8]) -> Self {
        let mut found = Vec::new();
        let mut relative_names = Vec::new();
        let mut sets = Reader::only(der, tag::SEQUENCE).into_iter().flat_map(|name| name.open());
        // What follows a set that is none is not part of a name.
        while let Some(set) = sets.next().filter(|set| set.tag == tag::SET) {
            let attributes = set.open().map_while(Attribute::read);
            let start = found.len();
            found.extend(attributes);
            let attributes = found.iter().skip(start).map(AttributeDetails::new);
            relative_names.push(attributes.collect());
        }
        Self { der, info: NameInfo::gather(&found), relative_names }
    }

    /// The name on one line in the order it is written: `C=CN, O=etcd + OU=System, CN=etcd`.
    #[must_use]
    pub fn text(&self) -> String {
        name_text(self.der)
    }
}

impl<'a> AttributeDetails<'a> {
    fn new(attribute: &Attribute<'a>) -> Self {
        Self {
            oid: Oid(attribute.oid),
            name: attribute_name(attribute.oid),
            value: text::borrowed(attribute.value)
                .unwrap_or_else(|| Cow::Owned(format!("#{}", text::hex(attribute.value.whole)))),
        }
    }
}

/// A GeneralName as words (RFC 5280 section 4.2.1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlternativeName<'a> {
    /// `dns`, `email`, `ip`, `uri`, `directory`, `registered-id`, `other` or `unknown`.
    pub kind: &'static str,
    /// What an `other` name is.
    pub oid: Option<Oid<'a>>,
    /// Its text; what is no text is in hexadecimal, DER, behind `#`. Addresses of name constraints are written
    /// `10.0.0.0/8`.
    pub value: Cow<'a, str>,
}

impl<'a> AlternativeName<'a> {
    /// Puts a name into words.
    #[must_use]
    pub fn new(name: GeneralName<'a>) -> Self {
        let plain = |kind, value| Self { kind, oid: None, value };
        match name {
            GeneralName::Dns(octets) => plain("dns", lossy_borrowed(octets)),
            GeneralName::Email(octets) => plain("email", lossy_borrowed(octets)),
            GeneralName::Uri(octets) => plain("uri", lossy_borrowed(octets)),
            GeneralName::Ip(octets) => plain("ip", Cow::Owned(address(octets))),
            GeneralName::Directory(der) => plain("directory", Cow::Owned(name_text(der))),
            GeneralName::RegisteredId(oid) => plain("registered-id", Cow::Owned(Oid(oid).to_string())),
            GeneralName::Other(contents) => other(contents),
            GeneralName::Unknown(tag, contents) => {
                plain("unknown", Cow::Owned(format!("#{tag:02x} {}", text::hex(contents))))
            }
        }
    }

    /// The kind, or for an `other` name what it is: `userPrincipalName`, or dotted numbers.
    #[must_use]
    pub fn kind_words(&self) -> Cow<'static, str> {
        match self.oid {
            Some(oid) => oid.name().map_or_else(|| Cow::Owned(oid.to_string()), Cow::Borrowed),
            None => Cow::Borrowed(self.kind),
        }
    }
}

/// `otherName`: an object identifier, and `[0]` around a value.
fn other(contents: &[u8]) -> AlternativeName<'_> {
    let mut parts = Reader::new(contents);
    let oid = parts.take_if(tag::OID).map(|oid| Oid(oid.value));
    let value = parts.take_if(tag::context_constructed(0)).and_then(|outer| outer.open().next());
    let value = match value {
        Some(value) => text::borrowed(value).unwrap_or_else(|| format!("#{}", text::hex(value.whole)).into()),
        None => format!("#{}", text::hex(contents)).into(),
    };
    AlternativeName { kind: "other", oid, value }
}

/// An address, or a network of name constraints.
fn address(octets: &[u8]) -> String {
    let network = match *octets {
        [.., _, _, _, _] if octets.len() == 8 => octets.split_at_checked(4),
        _ if octets.len() == 32 => octets.split_at_checked(16),
        _ => None,
    };
    let Some((base, mask)) = network else { return crate::inspect::names::address(octets) };
    let base_text = match (<[u8; 4]>::try_from(base), <[u8; 16]>::try_from(base)) {
        (Ok(four), _) => Ipv4Addr::from(four).to_string(),
        (_, Ok(sixteen)) => Ipv6Addr::from(sixteen).to_string(),
        _ => String::new(),
    };
    match prefix_length(mask) {
        Some(length) => format!("{base_text}/{length}"),
        None => format!("{base_text}/{}", text::hex(mask)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_networks() {
        assert_eq!(address(&[10, 0, 0, 0, 255, 0, 0, 0]), "10.0.0.0/8");
        assert_eq!(address(&[10, 0, 0, 0, 255, 0xf0, 0, 0]), "10.0.0.0/12");
        assert_eq!(address(&[10, 0, 0, 0, 255, 0, 255, 0]), "10.0.0.0/ff00ff00");
        assert_eq!(address(&[10, 0, 0, 0, 0xf0, 0xf0, 0, 0]), "10.0.0.0/f0f00000");
        assert_eq!(address(&[0; 8]), "0.0.0.0/0");
        assert_eq!(address(&[0; 32]), "::/0");
        assert_eq!(address(&[10, 0, 0, 1]), "10.0.0.1");
        assert_eq!(address(&[1, 2, 3]), "?010203");
    }

    #[test]
    fn reads_other_names() {
        let mut contents = vec![6, 10, 0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x14, 2, 3];
        contents.extend([0xa0, 5, 0x0c, 3, b'a', b'@', b'b']);
        let name = AlternativeName::new(GeneralName::Other(&contents));
        assert_eq!((name.kind_words().as_ref(), name.value.as_ref()), ("userPrincipalName", "a@b"));
        let name = AlternativeName::new(GeneralName::Other(&[4, 1, 0]));
        assert_eq!((name.oid, name.value.as_ref()), (None, "#040100"));
    }
}
