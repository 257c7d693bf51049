//! PEM as Go reads it: text before is skipped, the label at both ends must be the same, base64 may have
//! blanks between, and a broken block is passed over as if it were text.

use super::text::base64;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// `CERTIFICATE`, `RSA PRIVATE KEY`, ….
    pub(super) label: &'a [u8],
    pub(super) der: Vec<u8>,
    /// What follows the END line.
    pub(super) rest: &'a [u8],
}

/// The first block of the input.
pub(super) fn decode(input: &[u8]) -> Option<Block<'_>> {
    let mut rest = input.strip_prefix(BEGIN).or_else(|| after_begin(input))?;
    // How much of the input the next END line and what follows it make up; found once for many BEGINs.
    let mut from_end = usize::MAX;
    loop {
        let (label, body) = line(rest);
        let Some(label) = label.strip_suffix(DASHES) else {
            rest = after_begin(body_with_newline(rest, body))?;
            continue;
        };
        let (body, has_headers) = skip_headers(body)?;
        let end_comes_first = !has_headers && body.starts_with(END);
        if from_end > body.len() && !end_comes_first {
            from_end = body.len() - find_end(body)?;
        }
        let content_length = if end_comes_first { 0 } else { body.len() - from_end };
        let (content, end) = body.split_at_checked(content_length)?;
        let end = end.strip_prefix(b"\n").unwrap_or(end);
        if let Some(block) = finish(label, content, end) {
            return Some(block);
        }
        rest = after_begin(body_with_newline(rest, body))?;
    }
}

/// The block, if its END line and its base64 are whole.
fn finish<'a>(label: &'a [u8], content: &[u8], end: &'a [u8]) -> Option<Block<'a>> {
    let after_label = end.strip_prefix(END)?.strip_prefix(label)?;
    let (blanks, rest) = line(after_label.strip_prefix(DASHES)?);
    let der = decode_base64(content).filter(|_| blanks.is_empty())?;
    Some(Block { label, der, rest })
}

/// Where the newline before the next END line is.
fn find_end(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let newline = from + text.get(from..)?.iter().position(|&byte| byte == b'\n')?;
        from = newline + 1;
        if text.get(from..)?.starts_with(END) {
            return Some(newline);
        }
    }
}

/// A block with lines of 64 letters and a newline at the end.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    let body = base64(der);
    let mut text = String::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 40);
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

/// What follows the next BEGIN that starts a line after this one.
fn after_begin(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        let newline = rest.iter().position(|&byte| byte == b'\n')?;
        rest = rest.get(newline + 1..)?;
        if let Some(after) = rest.strip_prefix(BEGIN) {
            return Some(after);
        }
    }
}

/// `body` with the newline before it, where a BEGIN is looked for that follows it at once.
fn body_with_newline<'a>(text: &'a [u8], body: &'a [u8]) -> &'a [u8] {
    text.get((text.len() - body.len()).saturating_sub(1)..).unwrap_or(body)
}

/// The first line without its end and the blanks before it, and what follows.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match text.iter().position(|&byte| byte == b'\n') {
        Some(newline) => {
            (text.get(..newline).unwrap_or_default(), text.get(newline + 1..).unwrap_or_default())
        }
        None => (text, Default::default()),
    };
    (line.strip_suffix(b"\r").unwrap_or(line).trim_ascii_end(), rest)
}

/// What follows the `Name: value` lines, and whether there were any. `None` if the text ends with them.
fn skip_headers(mut text: &[u8]) -> Option<(&[u8], bool)> {
    let mut has_headers = false;
    while !text.is_empty() {
        let (header, rest) = line(text);
        if !header.contains(&b':') {
            return Some((text, has_headers));
        }
        has_headers = true;
        text = rest;
    }
    None
}

/// Standard base64 with padding; blanks and line ends are skipped.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut word: u32 = 0;
    let mut letters = 0;
    let mut padding = 0;
    for &letter in text {
        let sextet = match letter {
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            b'=' if letters >= 2 => {
                padding += 1;
                0
            }
            _ if padding > 0 => return None,
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        word = word << 6 | u32::from(sextet);
        letters += 1;
        if letters == 4 {
            let [_, triple @ ..] = word.to_be_bytes();
            bytes.extend(triple.iter().take(3 - padding));
            (word, letters) = (0, 0);
        }
    }
    (letters == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<(String, Vec<u8>)> {
        let mut rest = text.as_bytes();
        let mut found = Vec::new();
        while let Some(block) = decode(rest) {
            found.push((String::from_utf8_lossy(block.label).into_owned(), block.der));
            rest = block.rest;
        }
        found
    }

    #[test]
    fn finds_blocks_as_go_does() {
        let foo = "-----BEGIN A-----\nZm9v\n-----END A-----\n";
        let expected = vec![("A".to_owned(), b"foo".to_vec())];
        for text in [
            foo.to_owned(),
            format!("text\n{foo}"),
            foo.replace('\n', "\r\n"),
            foo.replace("Zm9v", "Zm\n 9v \t"),
            foo.replace("Zm9v", "Proc-Type: 4\nDEK-Info: x\n\nZm9v"),
            format!("-----BEGIN B-----\n{foo}"),
            format!("-----BEGIN B\n{foo}"),
            format!("-----BEGIN B-----\nZm9v\n-----END C-----\n{foo}"),
            format!("-----BEGIN A-----\nZm9\n-----END A-----\n{foo}"),
            format!("-----BEGIN A-----\nZm9v\n-----END A----- x\n{foo}"),
            format!("x-----BEGIN A-----\nYmFy\n-----END A-----\n{foo}"),
        ] {
            assert_eq!(labels(&text), expected, "{text}");
        }
        assert_eq!(labels(&format!("{foo}{foo}between\n{foo}")).len(), 3);
        let empty = "-----BEGIN A-----\n-----END A-----";
        assert_eq!(labels(empty), [("A".to_owned(), Vec::new())]);
        for text in [
            "",
            "-----BEGIN A-----",
            "-----BEGIN A-----\nZm9v\n",
            " -----BEGIN A-----\nZm9v\n-----END A-----",
        ] {
            assert_eq!(labels(text), [], "{text}");
        }
    }

    #[test]
    fn takes_time_in_proportion_to_hostile_input() {
        let begins = "-----BEGIN A-----\n".repeat(200_000);
        assert_eq!(labels(&begins), []);
        assert_eq!(labels(&format!("{begins}-----END B-----\n")), []);
    }

    #[test]
    fn refuses_what_is_not_base64() {
        for text in ["Z", "Zm", "Zm9", "Zg=", "Z===", "Zg==Zg==", "Zg==\n=", "Zm9v=", "Z%9v"] {
            assert_eq!(decode_base64(text.as_bytes()), None, "{text}");
        }
        assert_eq!(decode_base64(b"Zg==").as_deref(), Some(&b"f"[..]));
        assert_eq!(decode_base64(b"Zm8=\n").as_deref(), Some(&b"fo"[..]));
    }

    #[test]
    fn reads_what_it_writes() {
        for length in [0usize, 1, 47, 48, 49, 96, 500] {
            let der: Vec<u8> = (0u8..=255).cycle().take(length).collect();
            let text = encode("X", &der);
            assert_eq!(labels(&text), [("X".to_owned(), der)]);
            assert!(text.lines().all(|line| line.len() <= 64));
        }
    }
}
