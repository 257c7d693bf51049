//! JSON text as Go's `encoding/json` writes it: `<`, `>`, `&`, U+2028 and U+2029 escaped.

use super::{Node, Value};
use crate::quote::write_quoted;

/// The value on one line without blanks, as Go's `json.Marshal` writes it.
#[must_use]
pub fn compact(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, None, 0);
    out
}

/// The value over several lines, as Go's `json.MarshalIndent` writes it; no newline at the end.
#[must_use]
pub fn indented(value: &Value, indent: &str) -> String {
    let mut out = String::new();
    write_value(&mut out, value, Some(indent), 0);
    out
}

fn write_value(out: &mut String, value: &Value, indent: Option<&str>, depth: usize) {
    match &value.node {
        Node::Null => out.push_str("null"),
        Node::Bool(true) => out.push_str("true"),
        Node::Bool(false) => out.push_str("false"),
        Node::Number(number) => out.push_str(number),
        Node::String(text) => write_quoted(out, text),
        Node::Array(items) => {
            write_list(out, ['[', ']'], items, indent, depth, |out, item| {
                write_value(out, item, indent, depth + 1);
            });
        }
        Node::Object(members) => {
            write_list(out, ['{', '}'], members, indent, depth, |out, member| {
                write_quoted(out, &member.key);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write_value(out, &member.value, indent, depth + 1);
            });
        }
    }
}

fn write_list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    indent: Option<&str>,
    depth: usize,
    mut write_item: impl FnMut(&mut String, &T),
) {
    let new_line = |out: &mut String, depth| {
        if let Some(indent) = indent {
            out.push('\n');
            (0..depth).for_each(|_| out.push_str(indent));
        }
    };
    out.push(open);
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        new_line(out, depth + 1);
        write_item(out, item);
    }
    if !items.is_empty() {
        new_line(out, depth);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indents_as_go_does() {
        let value = Value::object([
            ("a", Value::array([Value::number(1), Value::null()])),
            ("b", Value::array([])),
            ("c", Value::object([])),
            ("d", Value::boolean(true)),
        ]);
        assert_eq!(compact(&value), r#"{"a":[1,null],"b":[],"c":{},"d":true}"#);
        assert_eq!(
            indented(&value, "  "),
            "{\n  \"a\": [\n    1,\n    null\n  ],\n  \"b\": [],\n  \"c\": {},\n  \"d\": true\n}"
        );
    }
}
