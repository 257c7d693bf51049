//! PEM whose line breaks were lost or written as `\n`.

use super::lines::{BEGIN, END};
use zeroize::Zeroizing;

/// Text with every boundary on a line of its own.
pub(crate) struct Loosened {
    /// It may hold secrets.
    pub(crate) text: Zeroizing<Vec<u8>>,
    /// For each line the line of the original that it comes from, counted from 1.
    lines: Vec<u32>,
}

impl Loosened {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let boundaries = bytes.iter().filter(|byte| **byte == b'-').count() / 5 + 1;
        let text = Zeroizing::new(Vec::with_capacity(bytes.len() + 2 * boundaries));
        let mut loosened = Self { text, lines: vec![1] };
        let (mut rest, mut line) = (bytes, 1);
        let mut is_boundary = false;
        while let Some((&byte, after)) = rest.split_first() {
            let starts = rest.starts_with(BEGIN) || rest.starts_with(END);
            if starts || (is_boundary && rest.starts_with(b"-----")) {
                if starts {
                    loosened.end_line(line);
                }
                loosened.text.extend(b"-----");
                rest = rest.get(5..).unwrap_or_default();
                if !starts {
                    loosened.end_line(line);
                }
                is_boundary = starts;
                continue;
            }
            rest = after;
            match byte {
                b'\n' | b'\r' => {
                    if byte == b'\r' {
                        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
                    }
                    line += 1;
                    is_boundary = false;
                    loosened.end_line(line);
                }
                b'\\' => {
                    // A line break as source code writes it, in strings within strings several times over.
                    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
                    match rest.get(slashes) {
                        Some(b'n' | b'r') => {
                            rest = rest.get(slashes + 1..).unwrap_or_default();
                            loosened.end_line(line);
                        }
                        _ => {
                            loosened.text.push(byte);
                            let (more, after) = rest.split_at_checked(slashes).unwrap_or((rest, &[]));
                            loosened.text.extend(more);
                            rest = after;
                        }
                    }
                }
                _ => loosened.text.push(byte),
            }
        }
        loosened
    }

    /// The line of the original that a line comes from, both counted from 1.
    pub(crate) fn original_line(&self, line: u32) -> u32 {
        let at = usize::try_from(line).unwrap_or_default().saturating_sub(1);
        self.lines.get(at).copied().unwrap_or(1)
    }

    /// Ends a line; the next one comes from the line `next` of the original.
    fn end_line(&mut self, next: u32) {
        self.text.push(b'\n');
        self.lines.push(next);
    }
}
