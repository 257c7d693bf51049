//! Where CRLs are, as certificates say it, and which certificates they are about, as CRLs say it (RFC 5280
//! sections 4.2.1.13 and 5.2.5).

use super::der_reader::{Item, Reader, tag};
use super::text::lossy;

const URI: u8 = tag::context(6);

/// One place where CRLs about a certificate are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionPoint {
    /// The DER of its general names, which all name the same CRL; none where it is named in relation to the
    /// issuer of the CRL.
    pub names: Vec<Vec<u8>>,
    /// True where its CRL has some reasons of revocation only.
    pub has_reasons: bool,
    /// True where its CRL is issued by somebody else than the certificate's issuer.
    pub has_other_issuer: bool,
}

/// The certificates that a CRL is about, where that is not all of its issuer's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// The DER of the general names of the place it is at; `None` where it names none.
    pub names: Option<Vec<Vec<u8>>>,
    /// True where it is about certificates of end entities only.
    pub only_user_certificates: bool,
    /// True where it is about certificates of authorities only.
    pub only_authority_certificates: bool,
    /// True where it is about attribute certificates only.
    pub only_attribute_certificates: bool,
    /// True where it has some reasons of revocation only: a certificate that it does not have may be revoked
    /// for another.
    pub has_reasons: bool,
    /// True where it has certificates of other issuers, too.
    pub is_indirect: bool,
}

impl DistributionPoint {
    /// The points in the value of a cRLDistributionPoints extension, in order; `None` where it is malformed.
    #[must_use]
    pub fn read_all(value: &[u8]) -> Option<Vec<Self>> {
        let mut items = Reader::only(value, tag::SEQUENCE)?.open();
        let points = items.by_ref().map(Self::read).collect::<Option<Vec<_>>>()?;
        items.is_empty().then_some(points)
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let mut parts = (item.tag == tag::SEQUENCE).then(|| item.open())?;
        let names = match parts.take_if(tag::context_constructed(0)) {
            Some(name) => read_names(name)?,
            None => Vec::new(),
        };
        let has_reasons = parts.take_if(tag::context(1)).is_some();
        let has_other_issuer = parts.take_if(tag::context_constructed(2)).is_some();
        parts.is_empty().then_some(Self { names, has_reasons, has_other_issuer })
    }

    /// The URLs among its names.
    pub fn urls(&self) -> impl Iterator<Item = String> + '_ {
        let items = self.names.iter().filter_map(|name| Reader::new(name).next());
        items.filter(|item| item.tag == URI).map(|item| lossy(item.value))
    }
}

impl IssuingDistributionPoint {
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let mut parts = Reader::only(value, tag::SEQUENCE)?.open();
        let names = match parts.take_if(tag::context_constructed(0)) {
            Some(name) => Some(read_names(name)?),
            None => None,
        };
        let mut flag = |number| parts.take_if(tag::context(number)).is_some_and(|flag| flag.value != [0]);
        let point = Self {
            names,
            only_user_certificates: flag(1),
            only_authority_certificates: flag(2),
            // The reasons are bits, not a truth value; that they are there is enough.
            has_reasons: flag(3),
            is_indirect: flag(4),
            only_attribute_certificates: flag(5),
        };
        parts.is_empty().then_some(point)
    }
}

/// The general names of a DistributionPointName; none for a name in relation to the CRL's issuer.
fn read_names(name: Item<'_>) -> Option<Vec<Vec<u8>>> {
    let mut choice = name.open();
    let chosen = choice.next().filter(|_| choice.is_empty())?;
    if chosen.tag != tag::context_constructed(0) {
        return (chosen.tag == tag::context_constructed(1)).then(Vec::new);
    }
    let mut items = chosen.open();
    let names = items.by_ref().map(|item| item.whole.to_vec()).collect();
    items.is_empty().then_some(names)
}
