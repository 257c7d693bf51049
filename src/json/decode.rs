//! The meaning Go's decoder gives a document: keys match without case, duplicates merge, `null` leaves a
//! field alone, unknown keys are passed over (here: with a warning), wrong types are errors.

use super::object::Object;
use super::words::{did_you_mean, with_article};
use super::{Node, Value, line_and_column};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use std::borrow::Cow;
use std::cell::Cell;

/// What a JSON object may hold: the Go struct it is decoded into.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The Go type with its package, as error texts name it: `csr.CertificateRequest`.
    pub go_type: &'static str,
    /// The keys that mean something, spelled as cfssl's documentation spells them.
    pub keys: &'static [&'static str],
}

/// A slip for `expiry` common enough to be read in profiles; it is never suggested.
pub(crate) const MISSPELT_EXPIRY: &str = "expire";

/// A document being given its meaning: the input for positions, and the warnings so far.
#[derive(Debug)]
pub struct Reading<'i> {
    pub(super) input: &'i [u8],
    warnings: Vec<Warning>,
    last: Cell<LastPosition>,
}

/// The position found last, from which the next one is counted: a document may have very many warnings.
#[derive(Debug, Clone, Copy)]
struct LastPosition {
    offset: usize,
    line: usize,
    column: usize,
}

impl<'i> Reading<'i> {
    /// Starts with the text the document was read from.
    #[must_use]
    pub fn new(input: &'i [u8]) -> Self {
        let last = Cell::new(LastPosition { offset: 0, line: 1, column: 1 });
        Self { input, warnings: Vec::new(), last }
    }

    /// The top of the document as an object of this shape; `null` is an empty object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything else.
    pub fn root<'v>(&mut self, value: &'v Value, shape: Shape) -> Result<Object<'v>> {
        self.object(Cow::Borrowed(value), shape, String::new(), String::new()).map_err(|error| {
            let text = format!(
                "json: cannot unmarshal {} into Go value of type {}",
                value.node.kind(),
                shape.go_type
            );
            Error::new(ErrorKind::Json, text)
                .explain(error.to_string())
                .at_position(line_and_column(self.input, value.offset))
        })
    }

    /// Notes something the reader of the document should be told.
    pub fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    /// Notes a warning at the position of a value.
    pub fn warn_at(&mut self, value: &Value, warning: Warning) {
        let position = self.position(value);
        self.warnings.push(warning.at_position(position));
    }

    /// The line and column of a value.
    #[must_use]
    pub fn position(&self, value: &Value) -> (usize, usize) {
        self.position_of(value.offset)
    }

    fn position_of(&self, offset: usize) -> (usize, usize) {
        let last = self.last.get();
        let (line, column) = match self.input.get(last.offset..offset) {
            Some(between) => match line_and_column(between, between.len()) {
                (1, columns) => (last.line, last.column + columns - 1),
                (lines, column) => (last.line + lines - 1, column),
            },
            None => line_and_column(self.input, offset),
        };
        self.last.set(LastPosition { offset, line, column });
        (line, column)
    }

    /// False once there are more warnings than anybody reads: finding what was meant takes time.
    pub(crate) fn wants_suggestions(&self) -> bool {
        self.warnings.len() < 100
    }

    /// The warnings, in the order of the document.
    #[must_use]
    pub fn into_warnings(self) -> Vec<Warning> {
        self.warnings
    }

    pub(super) fn object<'v>(
        &mut self,
        value: Cow<'v, Value>,
        shape: Shape,
        path: String,
        go_path: String,
    ) -> Result<Object<'v>> {
        let mut object = Object { shape, path, go_path, fields: Vec::new() };
        match value {
            Cow::Borrowed(Value { node: Node::Null, .. }) => {}
            Cow::Borrowed(Value { node: Node::Object(members), .. }) => {
                for member in members {
                    self.take(&mut object, &member.key, member.key_offset, Cow::Borrowed(&member.value));
                }
            }
            Cow::Owned(Value { node: Node::Null, .. }) => {}
            Cow::Owned(Value { node: Node::Object(members), .. }) => {
                for member in members {
                    self.take(&mut object, &member.key, member.key_offset, Cow::Owned(member.value));
                }
            }
            other => {
                let found = with_article(other.node.kind());
                return Err(Error::new(ErrorKind::Json, format!("expected an object, found {found}")));
            }
        }
        Ok(object)
    }

    fn take<'v>(&mut self, object: &mut Object<'v>, key: &str, key_offset: usize, value: Cow<'v, Value>) {
        let keys = object.shape.keys;
        let exact = keys.iter().find(|known| **known == key);
        let Some(&known) = exact.or_else(|| keys.iter().find(|known| folds_to(key, known))) else {
            self.warn_unknown(object, key, key_offset);
            return;
        };
        let slot = object.fields.iter().position(|(field, _)| *field == known);
        match (slot.and_then(|slot| object.fields.get_mut(slot)), &value.node) {
            (Some((_, earlier)), Node::Null) => {
                // Go's null empties slices, maps and pointers, and leaves scalars alone.
                if matches!(earlier.node, Node::Array(_) | Node::Object(_)) {
                    *earlier = value;
                }
            }
            (Some((_, earlier)), _) => merge(earlier.to_mut(), value.into_owned()),
            (None, _) => object.fields.push((known, value)),
        }
    }

    fn warn_unknown(&mut self, object: &Object<'_>, key: &str, key_offset: usize) {
        let mut warning = Warning::new(WarningKind::UnknownKey, "unknown key, ignored")
            .at_path(&object.child_path(key))
            .at_position(self.position_of(key_offset));
        let meant = self.wants_suggestions().then(|| {
            let known = object.shape.keys.iter().copied();
            did_you_mean(key, known.filter(|word| *word != MISSPELT_EXPIRY))
        });
        if let Some(meant) = meant.flatten() {
            warning = warning.hint(format!("did you mean `{meant}`?"));
        }
        self.warn(warning);
    }
}

/// The same letters under Unicode simple folding, as Go's decoder compares keys.
fn folds_to(key: &str, known: &str) -> bool {
    let fold = |letter: char| match letter {
        'ſ' => 's',
        '\u{212a}' => 'k',
        _ => letter.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(known.chars().map(fold))
}

/// A later duplicate laid over an earlier value: objects and lists of objects merge, all else is replaced.
/// In place, for a document may repeat a key very often.
fn merge(earlier: &mut Value, later: Value) {
    earlier.offset = later.offset;
    match (&mut earlier.node, later.node) {
        (Node::Object(first), Node::Object(second)) => first.extend(second),
        (Node::Array(first), Node::Array(second)) => {
            first.truncate(second.len());
            let mut second = second.into_iter();
            for under in first.iter_mut() {
                match second.next() {
                    Some(Value { node: Node::Null, .. }) | None => {}
                    Some(item) => merge(under, item),
                }
            }
            first.extend(second);
        }
        (node, second) => *node = second,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::json::parse;

    const SHAPE: Shape =
        Shape { go_type: "csr.CertificateRequest", keys: &["CN", "names", "hosts", "key", "serialnumber"] };
    const NAME: Shape = Shape { go_type: "csr.Name", keys: &["C", "O"] };
    const KEY: Shape = Shape { go_type: "csr.KeyRequest", keys: &["algo", "size"] };

    #[test]
    fn matches_keys_without_case_and_warns_of_unknown_ones() {
        let text = "{\"cn\":\"a\",\n \"ſerialnumber\":\"7\", \"host\":[]}".as_bytes();
        let document = parse(text).unwrap();
        let mut reading = Reading::new(text);
        let object = reading.root(&document, SHAPE).unwrap();
        assert_eq!(object.text(&reading, "CN").unwrap().as_deref(), Some("a"));
        assert_eq!(object.text(&reading, "serialnumber").unwrap().as_deref(), Some("7"));
        let warnings = reading.into_warnings();
        assert_eq!(warnings.len(), 1);
        assert_eq!(
            warnings.first().unwrap().to_string(),
            "host: unknown key, ignored (line 2, column 22); did you mean `hosts`?"
        );
    }

    #[test]
    fn merges_duplicates_as_go_does() {
        let text = br#"{"key":{"size":384},"key":{"algo":"ecdsa"},"names":[{"C":"US"}],"names":[{"O":"x"}],"CN":"a","CN":"b","CN":null}"#;
        let document = parse(text).unwrap();
        let mut reading = Reading::new(text);
        let object = reading.root(&document, SHAPE).unwrap();
        let key = object.object(&mut reading, "key", KEY).unwrap().unwrap();
        assert_eq!(key.integer(&reading, "size").unwrap(), Some(384));
        assert_eq!(key.text(&reading, "algo").unwrap().as_deref(), Some("ecdsa"));
        let names = object.objects(&mut reading, "names", NAME).unwrap().unwrap();
        let name = names.first().unwrap();
        assert_eq!(name.text(&reading, "C").unwrap().as_deref(), Some("US"));
        assert_eq!(name.text(&reading, "O").unwrap().as_deref(), Some("x"));
        assert_eq!(object.text(&reading, "CN").unwrap().as_deref(), Some("b"));
    }

    #[test]
    fn names_wrong_types_in_the_words_of_go() {
        let read = |text: &str| -> String {
            let document = parse(text.as_bytes()).unwrap();
            let mut reading = Reading::new(text.as_bytes());
            let object = match reading.root(&document, SHAPE) {
                Ok(object) => object,
                Err(error) => return error.message().to_owned(),
            };
            let result = (|| {
                object.text(&reading, "CN")?;
                object.texts(&reading, "hosts")?;
                let names = object.objects(&mut reading, "names", NAME)?.unwrap_or_default();
                names.iter().try_for_each(|name| name.text(&reading, "C").map(drop))?;
                if let Some(key) = object.object(&mut reading, "key", KEY)? {
                    key.integer(&reading, "size")?;
                }
                Ok::<(), Error>(())
            })();
            result.unwrap_err().message().to_owned()
        };
        let field = |rest: &str| format!("json: cannot unmarshal {rest}");
        for (text, expected) in [
            (r#"{"CN":5}"#, "number into Go struct field CertificateRequest.CN of type string"),
            (r#"{"hosts":"a"}"#, "string into Go struct field CertificateRequest.hosts of type []string"),
            (r#"{"hosts":[1]}"#, "number into Go struct field CertificateRequest.hosts of type string"),
            (r#"{"names":{}}"#, "object into Go struct field CertificateRequest.names of type []csr.Name"),
            (r#"{"names":[{"C":5}]}"#, "number into Go struct field Name.names.C of type string"),
            (r#"{"key":"rsa"}"#, "string into Go struct field CertificateRequest.key of type csr.KeyRequest"),
            (r#"{"key":{"size":"256"}}"#, "string into Go struct field KeyRequest.key.size of type int"),
            (
                r#"{"key":{"size":256.0}}"#,
                "number 256.0 into Go struct field KeyRequest.key.size of type int",
            ),
            ("[]", "array into Go value of type csr.CertificateRequest"),
        ] {
            assert_eq!(read(text), field(expected), "{text}");
        }
    }
}
