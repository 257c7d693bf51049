//! A PEM file in blocks of whole sections, however long the file is.

use crate::inspect::read::SecretBytes;
use crate::pem;
use crate::{Error, Result};
use std::io::Read;

/// The bytes that are read at a time.
pub(super) const BLOCK: usize = 32 << 10;

/// The longest section that is read: no certificate is near a mebibyte, and base64 adds a third.
const LONGEST: usize = 3 << 19;

/// Text that begins and ends between sections.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) text: SecretBytes,
    /// How many lines came before it.
    pub(super) line: u32,
    /// How many sections began before it.
    pub(super) number: u32,
    /// True where it holds the beginning of a section that is too long; the rest of it is not read.
    pub(super) is_cut: bool,
}

/// Cuts what it reads into blocks.
pub(super) struct Blocks<'r> {
    input: &'r mut (dyn Read + Send),
    name: &'r str,
    /// What was read and belongs to later blocks. Everything else is read into the block itself, which the next
    /// processor need not see.
    rest: SecretBytes,
    /// True once a private key was met. Overwriting costs time that a bundle of certificates need not take.
    is_secret: bool,
    line: u32,
    number: u32,
    is_at_end: bool,
    /// True where `rest` begins within a line that is so long that its beginning was handed out.
    is_within_line: bool,
}

impl<'r> Blocks<'r> {
    /// Blocks of `start`, which was read already, and of what follows it in `input`.
    pub(super) fn new(start: SecretBytes, input: &'r mut (dyn Read + Send), name: &'r str) -> Self {
        let is_secret = pem::names_private_key(&start);
        Self {
            input,
            name,
            rest: start,
            is_secret,
            line: 0,
            number: 0,
            is_at_end: false,
            is_within_line: false,
        }
    }

    /// Fills `block` with the next one; false at the end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where the input cannot be read.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool> {
        let text = &mut block.text;
        text.keep(0, self.is_secret);
        text.extend(&self.rest);
        self.rest.keep(0, self.is_secret);
        block.is_cut = false;
        while text.len() < BLOCK && self.read(text)? {}
        while self.is_within_line {
            self.end_line(text)?;
        }
        let (mut searched, mut begin) = (0, None);
        let cut = loop {
            if self.is_at_end && text.len() < LONGEST {
                break text.len();
            }
            // What was searched has no end of a section but in a line that was not whole.
            let new = text.get(searched..).unwrap_or_default();
            if let Some(end) = pem::last_end(new) {
                break searched + end;
            }
            begin = pem::last_begin(new).map(|at| searched + at).or(begin);
            searched += new.iter().rposition(is_break).map_or(0, |at| at + 1);
            match begin {
                Some(0) if text.len() < LONGEST => self.read(text)?,
                Some(0) => {
                    block.is_cut = true;
                    break self.last_line(text);
                }
                Some(begin) => break begin,
                None => break self.last_line(text),
            };
        };
        block.line = self.line;
        block.number = self.number;
        self.rest.extend(text.get(cut..).unwrap_or_default());
        text.keep(cut, self.is_secret);
        let (lines, sections) = pem::count(text);
        self.line = self.line.saturating_add(lines);
        self.number = self.number.saturating_add(sections);
        Ok(!text.is_empty())
    }

    /// Where the last line starts that was not read whole. A line that fills everything has no beginning to wait
    /// for.
    fn last_line(&mut self, text: &[u8]) -> usize {
        let last = text.iter().rposition(is_break);
        self.is_within_line = last.is_none();
        last.map_or(text.len(), |at| at + 1)
    }

    /// Drops what is left of a line.
    fn end_line(&mut self, text: &mut SecretBytes) -> Result<()> {
        let length = text.iter().position(is_break);
        let is_pair = length.is_some_and(|at| text.get(at..).is_some_and(|rest| rest.starts_with(b"\r\n")));
        let dropped = length.map_or(text.len(), |at| at + if is_pair { 2 } else { 1 });
        text.drop_first(dropped, self.is_secret);
        let has_more = self.read(text)?;
        self.is_within_line = length.is_none() && has_more;
        Ok(())
    }

    /// Reads a piece; false at the end.
    fn read(&mut self, text: &mut SecretBytes) -> Result<bool> {
        if !self.is_at_end {
            let before = text.len();
            let most = BLOCK as u64;
            text.read(self.input, most, most).map_err(|error| Error::io("read", self.name, &error))?;
            self.is_at_end = text.len() == before;
            // The words may lie across the pieces.
            let new = text.get(before.saturating_sub(16)..).unwrap_or_default();
            self.is_secret = self.is_secret || pem::names_private_key(new);
        }
        Ok(!self.is_at_end)
    }
}

const fn is_break(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    fn blocks(text: &[u8]) -> Vec<Block> {
        let mut input = text;
        let mut blocks = Blocks::new(SecretBytes::new(), &mut input, "x");
        let mut all = Vec::new();
        loop {
            let mut block = Block::default();
            if !blocks.next(&mut block).unwrap() {
                return all;
            }
            all.push(block);
        }
    }

    /// Line and label of every attempt, whole or not.
    fn attempts(text: &[u8], line: u32) -> Vec<(u32, String, bool)> {
        let all = pem::attempts(text);
        all.map(|one| (line + one.line, one.label.to_owned(), one.section.is_ok())).collect()
    }

    fn check(text: &[u8]) {
        let mut found = Vec::new();
        let mut count = 0;
        for block in blocks(text) {
            assert_eq!(block.number, count);
            assert!(block.text.len() <= LONGEST + BLOCK);
            let more = attempts(&block.text, block.line);
            count += more.len() as u32;
            found.extend(more);
        }
        assert_eq!(found, attempts(text, 0));
    }

    #[test]
    fn blocks_hold_the_sections_of_the_whole() {
        let section = pem::encode("A", &[7; 999]);
        let text = section.repeat(500);
        check(text.as_bytes());
        check(text.replace('\n', "\r\n").as_bytes());
        check(text.replace('\n', "\r").as_bytes());
        check(section.replace("-----END A-----", "").repeat(500).as_bytes());
        check(format!("{}{section}", "junk without end\n".repeat(10_000)).repeat(5).as_bytes());
        check(format!("{}{section}\n", "x".repeat(1_000_000)).repeat(5).as_bytes());
        check(format!("{}\n{section}\n", "x".repeat(1_000_000)).repeat(5).as_bytes());
        check(format!("-----END A-----x\n{section}").repeat(500).as_bytes());
        check(format!("{section}-----BEGIN A").repeat(500).as_bytes());
        check(format!("{text}-----BEGIN A-----\nAAAA\n").as_bytes());
        check(b"");
        check(b"\n");
        check(&pem::encode("A", &vec![7; 1_000_000]).into_bytes());
    }

    #[test]
    fn takes_time_in_proportion_to_hostile_input() {
        let begin = "-----BEGIN A-----\n";
        for text in [
            begin.to_owned() + &"-----END ".repeat(LONGEST / 8),
            "-----END ".repeat(LONGEST / 4),
            "-----BEGIN ".repeat(LONGEST / 4),
            begin.to_owned() + &"x-----BEGIN ".repeat(LONGEST / 8),
            begin.to_owned() + &"-----END A----- x\n".repeat(LONGEST / 16),
            begin.to_owned() + &"\n".repeat(LONGEST / 4),
        ] {
            check(text.as_bytes());
        }
    }

    #[test]
    fn a_section_without_end_takes_no_room() {
        let text = format!("-----BEGIN A-----\n{}", "AAAAAAAAAAAAAAA\n".repeat(1 << 19));
        let section = pem::encode("B", &[7; 99]);
        let blocks = blocks(format!("{text}-----END A-----\n{section}").as_bytes());
        assert!(blocks.iter().all(|block| block.text.len() <= LONGEST + BLOCK));
        assert_eq!(blocks.iter().filter(|block| block.is_cut).count(), 1);
        let found: Vec<_> = blocks.iter().flat_map(|block| attempts(&block.text, block.line)).collect();
        assert_eq!(found, [(1, "A".to_owned(), false), ((1 << 19) + 3, "B".to_owned(), true)]);
    }
}
