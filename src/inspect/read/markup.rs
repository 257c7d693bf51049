//! Tags between PEM sections, such as those of OpenVPN's profiles (`<ca>`, `<cert>`, `<key>`): they say what each is for.
//!
//! Other text between sections says nothing about that: names, comments, what OpenSSL writes in front.

use super::text;

/// The lines with a tag on them that are the last such before a section, counted from 1.
pub(super) fn lines(bytes: &[u8]) -> Vec<u32> {
    let mut found = Vec::new();
    if !text::contains_any(bytes, &[b"\n</", b"\r</"]) {
        return found;
    }
    let mut rest = bytes;
    let mut last = None;
    for number in 1u32.. {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or_default();
        let line = line.trim_ascii();
        if line.starts_with(b"<") && line.ends_with(b">") {
            last = Some(number);
        } else if line.starts_with(text::BEGIN) {
            found.extend(last.take());
        }
        let Some(after) = after.strip_prefix(b"\r\n").or_else(|| after.get(1..)) else { break };
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn tags_count_and_nothing_else() {
        let profile = b"client\r\nremote a 1\r\n<ca>\r\n-----BEGIN CERTIFICATE-----\r\nAA==\r\n\
            -----END CERTIFICATE-----\r\n</ca>\r\n<cert>\r\n-----BEGIN CERTIFICATE-----\r\n";
        assert_eq!(super::lines(profile), [3, 8]);
        let chain = b"subject=CN = <a>\n-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n\
            # </x>\n\n-----BEGIN CERTIFICATE-----\n";
        assert!(super::lines(chain).is_empty());
        assert!(super::lines(b"").is_empty());
    }
}
