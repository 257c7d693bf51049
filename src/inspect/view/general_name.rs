//! Names of all kinds (RFC 5280 section 4.2.1.6).

use crate::inspect::names::address;
use crate::inspect::text::lossy;
use crate::x509::der_reader::{Item, Reader, tag};
use std::net::IpAddr;

/// A GeneralName; texts are the bytes as they stand, which are to be ASCII and need not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeneralName<'a> {
    /// The DER of a distinguished name.
    Directory(&'a [u8]),
    /// A DNS name.
    Dns(&'a [u8]),
    /// A mailbox.
    Email(&'a [u8]),
    /// An address: 4 or 16 octets, in name constraints 8 or 32; other lengths are broken.
    Ip(&'a [u8]),
    /// The contents of another kind of name, as they stand; the object identifier first.
    Other(&'a [u8]),
    /// The contents of an object identifier.
    RegisteredId(&'a [u8]),
    /// An X.400 address, an EDI party, or what is none of the kinds: its tag and contents.
    Unknown(u8, &'a [u8]),
    /// A URI.
    Uri(&'a [u8]),
}

impl<'a> GeneralName<'a> {
    pub(crate) fn read(item: Item<'a>) -> Self {
        match item.tag {
            0xa0 => Self::Other(item.value),
            0x81 => Self::Email(item.value),
            0x82 => Self::Dns(item.value),
            0xa4 => Self::Directory(item.value),
            0x86 => Self::Uri(item.value),
            0x87 => Self::Ip(item.value),
            0x88 => Self::RegisteredId(item.value),
            other => Self::Unknown(other, item.value),
        }
    }

    /// The name as text for people, without its kind; `None` for kinds that have no text.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Dns(octets) | Self::Email(octets) | Self::Uri(octets) => Some(lossy(octets)),
            Self::Directory(der) => Some(super::name_text(der)),
            Self::Ip(octets) => Some(address(octets)),
            Self::RegisteredId(oid) => Some(super::dotted(oid)),
            Self::Other(_) | Self::Unknown(..) => None,
        }
    }

    /// The address of [`Self::Ip`], where it has the length of one.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        let Self::Ip(octets) = self else { return None };
        match octets.len() {
            4 => <[u8; 4]>::try_from(*octets).ok().map(IpAddr::from),
            _ => <[u8; 16]>::try_from(*octets).ok().map(IpAddr::from),
        }
    }
}

/// The names in the DER of `GeneralNames`, in order; `None` where it does not follow its grammar.
#[must_use]
pub fn general_names(der: &[u8]) -> Option<Vec<GeneralName<'_>>> {
    read_names(Reader::only(der, tag::SEQUENCE)?.open())
}

/// The names in the DER of `GeneralNames` up to where it no longer follows its grammar.
pub(crate) fn general_names_so_far(der: &[u8]) -> Vec<GeneralName<'_>> {
    Reader::only(der, tag::SEQUENCE).map_or_else(Vec::new, |list| general_names_in(list.value))
}

/// The names in the contents of `GeneralNames`, as far as they can be read.
pub(crate) fn general_names_in(contents: &[u8]) -> Vec<GeneralName<'_>> {
    Reader::new(contents).map(GeneralName::read).collect()
}

pub(super) fn read_names(mut list: Reader<'_>) -> Option<Vec<GeneralName<'_>>> {
    let names = list.by_ref().map(GeneralName::read).collect();
    list.is_empty().then_some(names)
}
