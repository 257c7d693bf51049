//! A walk over DER that knows no types.
//!
//! Typed parsers refuse the certificates that one most wants to look at. This one checks tags and lengths
//! as Go's does (definite, shortest form, tag numbers below 31) and leaves contents alone.

/// The tags certificates and CSRs hold.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const ENUMERATED: u8 = 0x0a;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const NUMERIC_STRING: u8 = 0x12;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const T61_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const VISIBLE_STRING: u8 = 0x1a;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// `[number]`, primitive.
    pub(crate) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]`, constructed.
    pub(crate) const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// The part that could not be read, in words that follow "its": `issuer`, `validity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

/// One tag, length and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    /// The value with its tag and length.
    pub(crate) whole: &'a [u8],
}

impl<'a> Item<'a> {
    /// Reads what lies inside.
    pub(crate) const fn open(self) -> Reader<'a> {
        Reader { rest: self.value }
    }
}

/// Reads one item after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(der: &'a [u8]) -> Self {
        Self { rest: der }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next item, which must have the tag; `part` names it in the error.
    pub(crate) fn expect_tag(&mut self, tag: u8, part: &'static str) -> Result<Item<'a>, Malformed> {
        self.take_if(tag).ok_or(Malformed(part))
    }

    /// The next item, if it has the tag.
    pub(crate) fn take_if(&mut self, tag: u8) -> Option<Item<'a>> {
        if self.rest.first() == Some(&tag) { self.next() } else { None }
    }

    /// What lies inside the next item with the tag, where that item has not the length it says, or says none in the
    /// form of DER: all that there is.
    pub(crate) fn open_damaged(self, tag: u8) -> Option<Self> {
        let (&found, rest) = self.rest.split_first()?;
        let (&length, rest) = rest.split_first().filter(|_| found == tag)?;
        let digits = if length < 0x80 { 0 } else { usize::from(length & 0x7f) };
        rest.get(digits..).filter(|_| digits <= 4).map(Self::new)
    }

    /// The only item of `der`, if it has the tag and nothing follows.
    pub(crate) fn only(der: &'a [u8], tag: u8) -> Option<Item<'a>> {
        let mut reader = Self::new(der);
        reader.take_if(tag).filter(|_| reader.is_empty())
    }
}

/// Ends at the end of the input, and before anything malformed: [`Reader::is_empty`] tells which.
impl<'a> Iterator for Reader<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let (&tag, after_tag) = self.rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, after_length) = read_length(after_tag)?;
        let (value, rest) = after_length.split_at_checked(length)?;
        let (whole, _) = self.rest.split_at_checked(self.rest.len() - rest.len())?;
        self.rest = rest;
        Some(Item { tag, value, whole })
    }
}

fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 0x80 {
        return Some((usize::from(first), rest));
    }
    let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
    if digits.len() > 4 || digits.first().is_none_or(|&digit| digit == 0) {
        return None;
    }
    let length = digits.iter().fold(0, |length: u64, &digit| length << 8 | u64::from(digit));
    let length = usize::try_from(length).ok()?;
    (length >= 0x80).then_some((length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_lengths_that_are_not_the_shortest_and_tags_of_many_bytes() {
        let one = |der: &'static [u8]| Reader::new(der).next().map(|item| item.value.len());
        assert_eq!(one(&[4, 1, 0]), Some(1));
        assert_eq!(one(&[4, 0x81, 1, 0]), None);
        assert_eq!(one(&[4, 0x80, 0, 0]), None);
        assert_eq!(one(&[4, 0x82, 0, 0x80]), None);
        assert_eq!(one(&[4, 0x85, 1, 0, 0, 0, 0]), None);
        assert_eq!(one(&[0x1f, 1, 0]), None);
        assert_eq!(one(&[4, 2, 0]), None);
        assert_eq!(one(&[]), None);
    }

    #[test]
    fn opens_what_is_cut_short() {
        let inside = |der: &'static [u8]| Reader::new(der).open_damaged(0x30).map(|reader| reader.rest);
        assert_eq!(inside(&[0x30, 5, 4, 1, 0]), Some(&[4, 1, 0][..]));
        assert_eq!(inside(&[0x30, 0x80, 4, 0, 0, 0]), Some(&[4, 0, 0, 0][..]));
        assert_eq!(inside(&[0x30, 0x82, 0xff, 0xff, 4, 0]), Some(&[4, 0][..]));
        for bad in [&[][..], &[0x30], &[0x30, 0x82, 1], &[0x31, 0], &[0x30, 0xff, 1]] {
            assert_eq!(inside(bad), None, "{bad:x?}");
        }
    }
}
