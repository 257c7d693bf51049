//! Where in a document a JSON path leads.

use super::{Node, Value};

/// What a path such as `names[0].OID.1.2.3` leads to; keys match without case, of duplicates the last.
/// `None` where the path leads nowhere.
#[must_use]
pub fn value_at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let path = path.strip_prefix('.').unwrap_or(path);
    if path.is_empty() {
        return Some(value);
    }
    match &value.node {
        Node::Array(items) => {
            let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
            value_at(items.get(index.parse::<usize>().ok()?)?, rest)
        }
        Node::Object(members) => members.iter().rev().find_map(|member| {
            // A key may hold dots itself: what matters is that the path goes on behind it.
            let (key, rest) = path.split_at_checked(member.key.len())?;
            let ends = rest.is_empty() || rest.starts_with(['.', '[']);
            if ends && key.eq_ignore_ascii_case(&member.key) { value_at(&member.value, rest) } else { None }
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::json::{line_and_column, parse};

    #[test]
    fn follows_keys_and_indices() {
        let text = b"{\"ca\": {\"EXPIRY\": 1},\n \"names\": [{\"OID\": {\"1.2\": 3}}, 7],\n \"ca\": 9}";
        for (path, position) in [
            ("names[1]", Some((2, 33))),
            ("names[0].OID.1.2", Some((2, 28))),
            ("ca", Some((3, 8))),
            ("ca.expiry", Some((1, 19))),
            ("names[2]", None),
            ("nam", None),
            ("", Some((1, 1))),
        ] {
            let document = parse(text).unwrap();
            let found = value_at(&document, path).map(|value| line_and_column(text, value.offset));
            assert_eq!(found, position, "{path}");
        }
    }
}
