//! YAML as the values that JSON has.

use crate::json::{Member, Node, Value};
use granit_parser::{Event, Options, Parser, ScalarStyle};

/// The documents of a YAML stream.
pub(super) struct Documents {
    /// Those that could be read, in order. Positions are byte offsets in the text.
    pub(super) documents: Vec<Value>,
    /// The line in which the next one is damaged.
    pub(super) damaged_line: Option<usize>,
    /// The positions of literals (`|`), in ascending order: those of their first lines that are not empty.
    pub(super) literals: Vec<usize>,
    /// True where there are more values than asked for; nothing was read then.
    pub(super) is_too_large: bool,
}

/// Reads documents up to the first that is damaged.
///
/// Every scalar is a string. An alias stands for `null`: what it repeats is found at its anchor, and nothing
/// can be made to grow. Nesting is bounded by the parser, and there are no more than `most` values.
pub(super) fn parse(text: &str, most: usize) -> Documents {
    let mut read =
        Documents { documents: Vec::new(), damaged_line: None, literals: Vec::new(), is_too_large: false };
    let mut builder = Builder::default();
    let mut left = most;
    for event in Parser::new_from_str_with_options(text, options()) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                read.damaged_line = Some(error.marker().line());
                return read;
            }
        };
        left = match left.checked_sub(1) {
            Some(left) => left,
            None => {
                read.documents.iter_mut().for_each(Value::wipe);
                read.documents.clear();
                read.is_too_large = true;
                return read;
            }
        };
        let offset = span.byte_range().map_or(0, |range| range.start);
        match event {
            Event::Scalar(text, style, ..) => {
                if style == ScalarStyle::Literal {
                    read.literals.push(offset);
                }
                builder.value(Value { node: Node::String(text.into_owned()), offset });
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                builder.value(Value { node: Node::Null, offset });
            }
            Event::SequenceStart(..) => builder.open.push(Open::Sequence { offset, items: Vec::new() }),
            Event::MappingStart(..) => {
                builder.open.push(Open::Mapping { offset, members: Vec::new(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(),
            Event::DocumentEnd => read.documents.extend(builder.root.take()),
            _ => {}
        }
    }
    read
}

fn options() -> Options {
    let mut options = Options::default();
    options.set_emit_comments(false);
    // What an unknown alias stands for is unknown; the rest of the document is not.
    options.emit_unresolved_aliases = true;
    options
}

/// Puts values together.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Value>,
}

/// A collection whose end is still to come.
enum Open {
    Mapping { offset: usize, members: Vec<Member>, key: Option<Value> },
    Sequence { offset: usize, items: Vec<Value> },
}

/// What is not put together when the text breaks off may be a secret.
impl Drop for Builder {
    fn drop(&mut self) {
        self.root.iter_mut().for_each(Value::wipe);
        for open in &mut self.open {
            match open {
                Open::Mapping { members, key, .. } => {
                    members.iter_mut().for_each(Member::wipe);
                    key.iter_mut().for_each(Value::wipe);
                }
                Open::Sequence { items, .. } => items.iter_mut().for_each(Value::wipe),
            }
        }
    }
}

impl Builder {
    fn value(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(Open::Sequence { items, .. }) => items.push(value),
            Some(Open::Mapping { members, key, .. }) => match key.take() {
                None => *key = Some(value),
                Some(name) => {
                    // A key that is no string cannot be named.
                    let key_offset = name.offset;
                    let key = if let Node::String(key) = name.node { key } else { String::new() };
                    members.push(Member { key, key_offset, value });
                }
            },
        }
    }

    fn close(&mut self) {
        let value = match self.open.pop() {
            Some(Open::Mapping { offset, members, .. }) => Value { node: Node::Object(members), offset },
            Some(Open::Sequence { offset, items }) => Value { node: Node::Array(items), offset },
            None => return,
        };
        self.value(value);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::json::compact;

    fn documents(text: &str) -> Vec<String> {
        parse(text, usize::MAX).documents.iter().map(compact).collect()
    }

    #[test]
    fn reads_the_forms_of_yaml() {
        assert_eq!(
            documents("a: |\n  x\n  y\nb: 'it''s'\nc: [1, \"\\n\", ~]\nd: >-\n  one\n  line\n? [k]\n: v\n"),
            [r#"{"a":"x\ny\n","b":"it's","c":["1","\n","~"],"d":"one line","":"v"}"#]
        );
        assert_eq!(documents("--- 1\n---\na: 2\n..."), [r#""1""#, r#"{"a":"2"}"#]);
        assert_eq!(documents(""), [""; 0]);
    }

    #[test]
    fn does_not_expand_aliases() {
        assert_eq!(documents("a: &x [1]\nb: *x\nc: *y\n"), [r#"{"a":["1"],"b":null,"c":null}"#]);
    }

    #[test]
    fn keeps_what_comes_before_the_damage_and_names_its_line() {
        let read = parse("a: 1\n---\nb: [\n---\nc: 3\n", usize::MAX);
        assert_eq!(read.documents.len(), 1);
        assert!(read.damaged_line.unwrap() >= 3);
    }

    #[test]
    fn places_a_literal_in_its_first_line_that_is_not_empty() {
        for (text, line) in [
            ("ü: 1\na: |\n  x\n", 3),
            ("a: |- # comment\n\n\n  x\n", 4),
            ("a:\n  |2\n    \n   x\n", 3),
            ("a: !t &b |+\n x", 2),
            ("a: |\r\n  x\r\n", 2),
        ] {
            let read = parse(text, usize::MAX);
            let value = read.documents.first().and_then(|value| value.member("a")).unwrap();
            assert_eq!(read.literals, [value.offset]);
            assert_eq!(text.get(..value.offset).unwrap().matches('\n').count() + 1, line, "{text:?}");
        }
    }

    #[test]
    fn survives_depth() {
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000), "? ".repeat(100_000)]
        {
            assert!(parse(&text, usize::MAX).damaged_line.is_some());
        }
    }
}
