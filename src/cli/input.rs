//! Reading what a command line names: a file, `-` for standard input, or `env:` and `file:` sources.

use std::fs::File;
use std::io::Read;

use zeroize::Zeroizing;

use crate::inspect::read::SecretBytes;
use crate::{Error, ErrorKind, Result};

/// The most that is read from one input; the largest sensible file is far smaller.
pub const INPUT_LIMIT: u64 = 64 << 20;

/// Reads the file at `path`, or `stdin` for `-`. Pipes and devices such as `/dev/stdin` are files too.
///
/// # Errors
///
/// [`ErrorKind::Io`] in Go's words, or when there are more than 64 MiB.
pub fn read_input(path: &str, stdin: &mut dyn Read) -> Result<Vec<u8>> {
    match path {
        "-" => {
            let mut bytes = Vec::new();
            read_limited(stdin, &mut bytes, "/dev/stdin")?;
            Ok(bytes)
        }
        path => read_file(path),
    }
}

/// Reads the file at `path`, also when it is called `-`.
///
/// # Errors
///
/// [`ErrorKind::Io`] in Go's words, or when there are more than 64 MiB.
pub fn read_file(path: &str) -> Result<Vec<u8>> {
    let (mut file, length) = open(path)?;
    // Room for one more byte spares the growth at the end.
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(INPUT_LIMIT)).unwrap_or_default() + 1);
    read_limited(&mut file, &mut bytes, path)?;
    Ok(bytes)
}

/// Reads a secret from the file at `path` into memory that is wiped after use.
///
/// # Errors
///
/// As [`read_file`].
pub fn read_secret_file(path: &str) -> Result<Zeroizing<Vec<u8>>> {
    secret_in_file(path).map(SecretBytes::into_zeroizing)
}

/// As [`read_input`], into memory that is wiped after use.
///
/// # Errors
///
/// As [`read_input`].
pub(crate) fn read_secret_input(path: &str, stdin: &mut dyn Read) -> Result<SecretBytes> {
    match path {
        "-" => read_secret(stdin, 0, "/dev/stdin"),
        path => secret_in_file(path),
    }
}

fn secret_in_file(path: &str) -> Result<SecretBytes> {
    let (mut file, length) = open(path)?;
    read_secret(&mut file, length, path)
}

fn read_secret(from: &mut dyn Read, length: u64, name: &str) -> Result<SecretBytes> {
    let mut bytes = SecretBytes::new();
    bytes.read(from, INPUT_LIMIT + 1, length).map_err(|error| Error::io("read", name, &error))?;
    refuse_more(&bytes, name)?;
    Ok(bytes)
}

/// What the value of `-ca` or `-ca-key` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// The content of an environment variable.
    Environment(&'a str),
    /// A file; never standard input, also when it is called `-`.
    File(&'a str),
}

impl<'a> Source<'a> {
    /// Splits at the first colon: `env:NAME`, `file:PATH`, or a path without any colon.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for any other prefix.
    pub fn parse(text: &'a str) -> Result<Self> {
        match text.split_once(':') {
            None => Ok(Self::File(text)),
            Some(("file", path)) => Ok(Self::File(path)),
            Some(("env", name)) => Ok(Self::Environment(name)),
            Some((prefix, _)) => {
                let error = Error::new(ErrorKind::Usage, format!("unknown prefix: {prefix}"));
                Err(error
                    .explain(format!("{text} begins neither with env: nor with file:"))
                    .hint(format!("write file:{text} if the colon belongs to a path")))
            }
        }
    }
}

/// A file, and how many bytes it says it has.
fn open(path: &str) -> Result<(File, u64)> {
    // The file may belong to a set that a kill left half replaced.
    crate::output::finish_interrupted(std::path::Path::new(path));
    let file = File::open(path).map_err(|error| Error::io("open", path, &error))?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    Ok((file, length))
}

fn read_limited(from: &mut dyn Read, bytes: &mut Vec<u8>, name: &str) -> Result<()> {
    from.take(INPUT_LIMIT + 1).read_to_end(bytes).map_err(|error| Error::io("read", name, &error))?;
    refuse_more(bytes, name)
}

fn refuse_more(bytes: &[u8], name: &str) -> Result<()> {
    if bytes.len() as u64 > INPUT_LIMIT {
        return Err(Error::new(
            ErrorKind::Io,
            format!("read {name}: more than 64 MiB, which no input of this program needs"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;

    fn fault(path: &str) -> String {
        read_file(path).unwrap_err().cfssl_text()
    }

    #[test]
    fn faults_have_the_words_of_go() {
        assert_eq!(fault(""), "open : no such file or directory");
        assert_eq!(fault("nosuch.json"), "open nosuch.json: no such file or directory");
        assert_eq!(fault("/"), "read /: is a directory");
        assert_eq!(fault("/dev/null/x"), "open /dev/null/x: not a directory");
    }

    #[test]
    fn refuses_endless_input() {
        assert!(fault("/dev/zero").contains("more than 64 MiB"));
        let error = read_input("-", &mut std::io::repeat(b'[')).unwrap_err();
        assert!(error.to_string().contains("/dev/stdin"));
    }

    #[test]
    fn a_dash_is_standard_input_only_where_that_is_meant() {
        assert_eq!(read_input("-", &mut b"{}".as_slice()).unwrap(), b"{}");
        assert_eq!(fault("-"), "open -: no such file or directory");
    }

    #[test]
    fn sources_split_at_their_first_colon() {
        assert_eq!(Source::parse("ca.pem"), Ok(Source::File("ca.pem")));
        assert_eq!(Source::parse("file:a:b"), Ok(Source::File("a:b")));
        assert_eq!(Source::parse("env:CA:X"), Ok(Source::Environment("CA:X")));
        let error = Source::parse("C:\\ca.pem").unwrap_err();
        assert_eq!(error.cfssl_text(), "unknown prefix: C");
    }
}
