//! Where sections begin and end in a piece of a file, without reading them.

use super::lines::{BEGIN, END, Lines, boundary, find_either};

/// How many lines `input` has, and how many [`attempts`] there are in it.
pub(crate) fn count(input: &[u8]) -> (u32, u32) {
    let mut lines = Lines::new(input);
    let (mut number, mut is_inside) = (0u32, false);
    for line in lines.by_ref() {
        if !line.starts_with(b"-----") {
            continue;
        }
        if boundary(line, BEGIN).is_some() {
            number = number.saturating_add(1);
            is_inside = true;
        } else if boundary(line, END).is_some() {
            is_inside = false;
        } else if line.starts_with(BEGIN) && !is_inside {
            number = number.saturating_add(1);
        }
    }
    (lines.number, number)
}

/// Whether `input` has the words that the labels of private keys end with. Base64 has no blanks, which makes this
/// fast.
pub(crate) fn names_private_key(input: &[u8]) -> bool {
    let mut from = 0;
    while let Some(blank) = input.get(from..).and_then(|rest| find_either(rest, b' ', b' ')) {
        let at = from + blank;
        let before = input.get(..at).unwrap_or_default();
        if before.ends_with(b"PRIVATE") && input.get(at..).is_some_and(|rest| rest.starts_with(b" KEY")) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Where the last line of `input` that ends a section is over, its line end included. A line that `input`
/// breaks off is none.
pub(crate) fn last_end(input: &[u8]) -> Option<usize> {
    let mut end = input.iter().rposition(is_break)?;
    // Line by line from the end: each is looked at once, however many boundaries are in it.
    loop {
        let before = input.get(..end)?;
        let start = before.iter().rposition(is_break).map_or(0, |at| at + 1);
        if before.get(start..).is_some_and(|line| boundary(line.trim_ascii(), END).is_some()) {
            let is_pair = input.get(end..)?.starts_with(b"\r\n");
            return Some(end + if is_pair { 2 } else { 1 });
        }
        end = start.checked_sub(1)?;
    }
}

/// Where the last line that begins a section starts.
pub(crate) fn last_begin(input: &[u8]) -> Option<usize> {
    let mut end = input.len();
    loop {
        let before = input.get(..end)?;
        let start = before.iter().rposition(is_break).map_or(0, |at| at + 1);
        if before.get(start..).is_some_and(|line| line.trim_ascii_start().starts_with(BEGIN)) {
            return Some(start);
        }
        end = start.checked_sub(1)?;
    }
}

const fn is_break(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
