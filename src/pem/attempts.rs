//! Sections one after the other, whole or not.

use super::Section;
use super::damage::{Damage, base64_damage};
use super::lines::{BEGIN, END, Lines, boundary, damaged_label, header};
use crate::base64;
use zeroize::Zeroizing;

/// What begins as a section does.
pub(crate) struct Attempt<'a> {
    /// The words between `-----BEGIN ` and `-----`; empty if that line is damaged beyond having too few dashes.
    pub(crate) label: &'a str,
    /// The line it begins in, counted from 1.
    pub(crate) line: u32,
    pub(crate) section: Result<Section<'a>, Damage>,
    /// The lines that belong to it: to its end, or else to where the next one begins.
    pub(crate) text: &'a [u8],
}

/// The iterator behind [`attempts`].
pub(crate) struct Attempts<'a> {
    pub(super) lines: Lines<'a>,
}

impl<'a> Iterator for Attempts<'a> {
    type Item = Attempt<'a>;

    fn next(&mut self) -> Option<Attempt<'a>> {
        loop {
            let start = self.lines.rest;
            let line = self.lines.next()?;
            if line.starts_with(BEGIN) {
                let number = self.lines.number;
                let (label, section) = match boundary(line, BEGIN) {
                    Some(label) => (label, self.read_section(label)),
                    None => match damaged_label(line) {
                        (label, []) => (label, Err(Damage::BeginLine)),
                        (label, _) => (label, Err(Damage::BeginLineGoesOn)),
                    },
                };
                let is_begin = matches!(section, Err(Damage::BeginLine | Damage::BeginLineGoesOn));
                let rest = if is_begin { self.next_begin() } else { self.lines.rest };
                let text = start.get(..start.len().saturating_sub(rest.len())).unwrap_or_default();
                return Some(Attempt { label, line: number, section, text });
            }
        }
    }
}

impl<'a> Attempts<'a> {
    /// What starts with the next line that begins a section.
    fn next_begin(&self) -> &'a [u8] {
        let mut lines = self.lines.clone();
        loop {
            let rest = lines.rest;
            match lines.next() {
                Some(line) if !line.starts_with(BEGIN) => {}
                _ => return rest,
            }
        }
    }

    /// The rest of the section `label` in one go; nothing where it has headers or is damaged, and then nothing is
    /// read.
    fn read_public(&mut self, label: &'a str) -> Option<Section<'a>> {
        let base64::Prefix { bytes, length, lines, is_within_line } =
            base64::decode_public_prefix(self.lines.rest)?;
        let mut after =
            Lines { rest: self.lines.rest.get(length..)?, number: self.lines.number.saturating_add(lines) };
        let is_end = after.next().and_then(|line| boundary(line, END)) == Some(label);
        if is_within_line || !is_end {
            return None;
        }
        let rest = after.rest;
        self.lines = after;
        Some(Section { label, headers: Vec::new(), der: Zeroizing::new(bytes), rest })
    }

    /// The rest of the section `label`.
    fn read_section(&mut self, label: &'a str) -> Result<Section<'a>, Damage> {
        if is_public(label)
            && let Some(section) = self.read_public(label)
        {
            return Ok(section);
        }
        let mut headers = Vec::new();
        let start = self.lines.clone();
        // Room for this section only: a file may hold very many. It may be a secret, so it is not outgrown.
        let body = || start.clone().take_while(|line| !line.starts_with(b"-----"));
        let mut letters = Zeroizing::new(Vec::with_capacity(body().map(<[u8]>::len).sum()));
        let mut damage = None;
        let mut body_begun = false;
        loop {
            let before = self.lines.clone();
            let Some(line) = self.lines.next() else { return Err(damage.unwrap_or(Damage::BrokenOff(None))) };
            if let Some(end) = boundary(line, END) {
                if end != label {
                    damage = damage.or(Some(Damage::EndLine(self.lines.number)));
                }
                if let Some(damage) = damage {
                    return Err(damage);
                }
                let der = base64::decode(&letters).ok_or_else(|| base64_damage(&start))?;
                return Ok(Section { label, headers, der, rest: self.lines.rest });
            }
            if boundary(line, BEGIN).is_some() {
                // The end was lost; the next section may be whole.
                self.lines = before;
                return Err(damage.unwrap_or(Damage::BrokenOff(Some(self.lines.number + 1))));
            }
            if line.starts_with(b"-----") {
                damage = damage.or(Some(Damage::EndLine(self.lines.number)));
                continue;
            }
            match header(line).filter(|_| !body_begun) {
                Some(header) => headers.push(header),
                None => {
                    body_begun |= !line.is_empty();
                    letters.extend(line.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
                }
            }
        }
    }
}

/// True for sections that hold no secret, and may be read the fast way.
fn is_public(label: &str) -> bool {
    ["CERTIFICATE", "CRL", "CERTIFICATE REQUEST", "PKCS7", "PUBLIC KEY"]
        .iter()
        .any(|end| label.ends_with(end))
}
