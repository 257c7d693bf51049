//! Where in a document a JSON path leads.

use super::{Node, Value, line_and_column, parse};

/// The line and column, both counted from 1, of what a path such as `names[0].OID.1.2.3` leads to; keys
/// match without case, of duplicates the last. `None` where the path leads nowhere.
#[must_use]
pub fn position_of(input: &[u8], path: &str) -> Option<(usize, usize)> {
    let document = parse(input).ok()?;
    let value = follow(&document, path)?;
    Some(line_and_column(input, value.offset))
}

fn follow<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let path = path.strip_prefix('.').unwrap_or(path);
    if path.is_empty() {
        return Some(value);
    }
    match &value.node {
        Node::Array(items) => {
            let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
            follow(items.get(index.parse::<usize>().ok()?)?, rest)
        }
        Node::Object(members) => members.iter().rev().find_map(|member| {
            // A key may hold dots itself: what matters is that the path goes on behind it.
            let (key, rest) = path.split_at_checked(member.key.len())?;
            let ends = rest.is_empty() || rest.starts_with(['.', '[']);
            if ends && key.eq_ignore_ascii_case(&member.key) { follow(&member.value, rest) } else { None }
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(position_of(text, path), position, "{path}");
        }
    }
}
