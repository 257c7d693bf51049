//! What the name of a file promises, for files in which nothing was found.

use super::text;
use std::path::Path;

/// What a file should hold by its name, and why it does not; `None` where it may well hold what is none of our
/// business. `start` is its beginning at least, `length` how many bytes there are.
pub(super) fn broken(path: &Path, start: &[u8], length: u64) -> Option<(&'static str, &'static str)> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let (label, may_be_other): (_, fn(&[u8]) -> bool) = match ending.as_str() {
        "cer" | "cert" | "crt" => ("certificate", |_| false),
        "pem" => ("PEM", |_| false),
        "csr" => ("certificate signing request", |_| false),
        "crl" => ("certificate revocation list", |_| false),
        "p7b" | "p7c" => ("PKCS #7", |_| false),
        "p12" | "pfx" => ("PKCS #12", |_| false),
        "jks" => ("Java keystore", |_| false),
        // DER is not of certificates alone.
        "der" => ("DER", |start| start.first() == Some(&0x30)),
        // Licences, keyrings, keys of DNS and of SSH, presentations: only what is nothing at all is told.
        "key" => ("private key", |_| true),
        _ => return None,
    };
    let text = start.trim_ascii();
    let fault = if length == 0 {
        "the file is empty"
    } else if text.is_empty() {
        "there are only blanks in the file"
    } else if start.iter().all(|byte| *byte == 0) {
        "there are only zeros in the file"
    } else if is_html(text) {
        "it is an HTML page"
    } else if breaks_off(start, length) {
        "it is DER that breaks off"
    } else if is_placeholder(text) || may_be_other(start) || text::has_boundary_at_line_start(start) {
        // PEM of other kinds, such as parameters or the keys of SSH and PGP, is what it should be.
        return None;
    } else {
        "there is nothing in it that is known here"
    };
    Some((label, fault))
}

/// Whether a link that leads nowhere may be missed: by its name it is one of ours, such as `current.pem` or the
/// `4a6481c9.0` of OpenSSL, or it has no ending, as folders and many keys have none.
pub(super) fn may_be_ours(path: &Path) -> bool {
    let Some(ending) = path.extension() else { return true };
    let ending = ending.to_string_lossy().to_ascii_lowercase();
    let number = ending.strip_prefix('r').unwrap_or(&ending);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let is_hash = is_number && stem.len() == 8 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash || OURS.contains(&&*ending)
}

/// Endings of files that hold what is read here, and mostly nothing else.
const OURS: [&str; 15] = [
    "cer",
    "cert",
    "crl",
    "crt",
    "csr",
    "der",
    "jks",
    "key",
    "kubeconfig",
    "p12",
    "p7b",
    "p7c",
    "pem",
    "pfx",
    "pub",
];

/// Whether somebody wrote why there is nothing, in comments or as Debian does in PostgreSQL's `root.crt`.
fn is_placeholder(start: &[u8]) -> bool {
    let mut lines =
        start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    lines.all(|line| line.starts_with(b"#"))
        || text::contains_any(start, &[b"certificate ", b"certificates ", b"certificate."])
}

fn is_html(text: &[u8]) -> bool {
    ["<!doctype html", "<html"]
        .iter()
        .any(|tag| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes())))
}

/// Whether DER begins as private keys do: version 0 of PKCS #1 and PKCS #8, or version 1 and an octet string.
pub(super) fn is_part_of_key(start: &[u8]) -> bool {
    let inside = match start {
        [0x30, 0x81, _, inside @ ..] | [0x30, 0x82, _, _, inside @ ..] | [0x30, 0..=0x7f, inside @ ..] => {
            inside
        }
        _ => return false,
    };
    matches!(inside, [2, 1, 0, ..] | [2, 1, 1, 4, ..])
}

/// Whether a SEQUENCE of DER says that it is longer than the file.
fn breaks_off(start: &[u8], length: u64) -> bool {
    let (header, size) = match *start {
        // Text may begin with a 0 too; a version is what keys begin with.
        [0x30, size @ 0..=0x7f, 2, ..] => (2, u64::from(size)),
        [0x30, 0x81, size, ..] => (3, u64::from(size)),
        [0x30, 0x82, one, two, ..] => (4, u64::from(u16::from_be_bytes([one, two]))),
        [0x30, 0x83, one, two, three, ..] => (5, u64::from(u32::from_be_bytes([0, one, two, three]))),
        _ => return false,
    };
    // A version or another SEQUENCE is what such objects begin with.
    let is_object = matches!(start.get(header), Some(0x02 | 0x30));
    is_object && length < size.saturating_add(header as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_missed_by_their_names() {
        for name in ["current.pem", "a/live/cert", "pki", "4A6481C9.0", "4a6481c9.r1", "x.KEY", ".kube"] {
            assert!(may_be_ours(Path::new(name)), "{name}");
        }
        for name in ["modules.conf", "src.zip", "awk.1.gz", "dbus.service", "libx.so.1", "1234.0", "x."] {
            assert!(!may_be_ours(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn names_promise_and_contents_keep_it_or_not() {
        let half_key = [0x30, 0x82, 4, 0xa2, 2, 1, 0, 2, 0x82];
        for (name, contents, fault) in [
            ("a.crt", &b""[..], "empty"),
            ("a.key", b"", "empty"),
            ("a.PEM", b" \n", "blanks"),
            ("a.pem", &[0; 600], "zeros"),
            ("a.key", &[0; 600], "zeros"),
            ("a.pem", b"<HTML>404", "HTML"),
            ("a.key", b"\n<!DOCTYPE html>", "HTML"),
            ("a.key", &half_key, "breaks off"),
            ("a.der", &half_key, "breaks off"),
            ("a.key", &[0x30, 0x77, 2, 1, 1, 4, 32, 7, 7], "breaks off"),
            ("a.crt", b"hello", "nothing in it"),
            ("a.p12", &[0xde, 0xad, 0], "nothing in it"),
        ] {
            let found = broken(Path::new(name), contents, contents.len() as u64);
            assert!(found.is_some_and(|(_, words)| words.contains(fault)), "{name}: {found:?}");
        }
        for (name, contents) in [
            ("a.pem", &b"-----BEGIN DH PARAMETERS-----\nMA==\n-----END DH PARAMETERS-----\n"[..]),
            ("a.key", b"ssh-ed25519 AAAA me"),
            ("a.key", &[0x99, 1, 2]),
            ("a.key", b"PK\x03\x04\0"),
            ("a.key", b"LICENCE-1234"),
            ("root.crt", b"# Put something here.\n\n# Thank you.\n"),
            ("root.crt", b"This is a dummy root certificate file for PostgreSQL."),
            ("a.der", &[0x30, 3, 2, 1, 5]),
            ("a.key", b"0a0b0c0d"),
            ("a.txt", b""),
            ("crt", b""),
        ] {
            assert_eq!(broken(Path::new(name), contents, contents.len() as u64), None, "{name}");
        }
    }
}
