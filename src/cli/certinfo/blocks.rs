//! A PEM file in blocks of whole sections, however long the file is.

use crate::inspect::read::SecretBytes;
use crate::pem;
use crate::{Error, Result};
use std::io::Read;
use zeroize::Zeroize;

/// The bytes that are read at a time.
pub(super) const BLOCK: usize = 32 << 10;

/// The longest section that is read: no certificate is near a mebibyte, and base64 adds a third.
const LONGEST: usize = 3 << 19;

/// Text that begins and ends between sections.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) text: Vec<u8>,
    /// How many lines came before it.
    pub(super) line: u32,
    /// How many sections began before it.
    pub(super) number: u32,
    /// True where it holds the beginning of a section that is too long; the rest of it is not read.
    pub(super) is_cut: bool,
    /// True where a private key may be in it: it is overwritten then.
    is_secret: bool,
}

impl Block {
    fn clear(&mut self) {
        if self.is_secret {
            self.text.as_mut_slice().zeroize();
        }
        self.text.clear();
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Cuts what it reads into blocks.
pub(super) struct Blocks<'r> {
    input: &'r mut dyn Read,
    name: &'r str,
    /// What was read and belongs to later blocks.
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
    pub(super) fn new(start: SecretBytes, input: &'r mut dyn Read, name: &'r str) -> Self {
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
        block.clear();
        block.is_cut = false;
        while self.rest.len() < BLOCK && self.read()? {}
        while self.is_within_line {
            self.end_line()?;
        }
        let (mut searched, mut begin) = (0, None);
        let cut = loop {
            if self.is_at_end && self.rest.len() < LONGEST {
                break self.rest.len();
            }
            // What was searched has no end of a section but in a line that was not whole.
            let new = self.rest.get(searched..).unwrap_or_default();
            if let Some(end) = pem::last_end(new) {
                break searched + end;
            }
            begin = pem::last_begin(new).map(|at| searched + at).or(begin);
            searched += new.iter().rposition(is_break).map_or(0, |at| at + 1);
            match begin {
                Some(0) if self.rest.len() < LONGEST => self.read()?,
                Some(0) => {
                    block.is_cut = true;
                    break self.last_line();
                }
                Some(begin) => break begin,
                None => break self.last_line(),
            };
        };
        block.line = self.line;
        block.number = self.number;
        block.is_secret = self.is_secret;
        // No room that was outgrown, which nobody would overwrite.
        block.text.reserve_exact(cut);
        block.text.extend_from_slice(self.rest.get(..cut).unwrap_or_default());
        self.rest.drop_first(cut, self.is_secret);
        let (lines, sections) = pem::count(&block.text);
        self.line = self.line.saturating_add(lines);
        self.number = self.number.saturating_add(sections);
        Ok(!block.text.is_empty())
    }

    /// Where the last line starts that was not read whole. A line that fills everything has no beginning to wait
    /// for.
    fn last_line(&mut self) -> usize {
        let last = self.rest.iter().rposition(is_break);
        self.is_within_line = last.is_none();
        last.map_or(self.rest.len(), |at| at + 1)
    }

    /// Drops what is left of a line.
    fn end_line(&mut self) -> Result<()> {
        let length = self.rest.iter().position(is_break);
        let is_pair =
            length.is_some_and(|at| self.rest.get(at..).is_some_and(|rest| rest.starts_with(b"\r\n")));
        let dropped = length.map_or(self.rest.len(), |at| at + if is_pair { 2 } else { 1 });
        self.rest.drop_first(dropped, self.is_secret);
        let has_more = self.read()?;
        self.is_within_line = length.is_none() && has_more;
        Ok(())
    }

    /// Reads a piece; false at the end.
    fn read(&mut self) -> Result<bool> {
        if !self.is_at_end {
            let before = self.rest.len();
            let most = BLOCK as u64;
            self.rest.read(self.input, most, most).map_err(|error| Error::io("read", self.name, &error))?;
            self.is_at_end = self.rest.len() == before;
            // The words may lie across the pieces.
            let new = self.rest.get(before.saturating_sub(16)..).unwrap_or_default();
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
        let start = std::time::Instant::now();
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
        assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
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
