//! A large JSON object written member by member, one line for each item of its lists: readable with the eyes,
//! and never whole in memory as values.

use crate::json::{Value, compact};

/// An object that is being written; [`Self::end`] closes it.
pub(super) struct ObjectLines<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> ObjectLines<'o> {
    pub(super) fn begin(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, is_empty: true }
    }

    /// A member on one line.
    pub(super) fn member(&mut self, key: &str, value: &Value) {
        self.key(key);
        self.out.push_str(&compact(value));
    }

    /// A member that is a list, one line for each item.
    pub(super) fn list(&mut self, key: &str, items: impl Iterator<Item = Value>) {
        self.key(key);
        self.out.push('[');
        let mut is_empty = true;
        for item in items {
            self.out.push_str(if is_empty { "\n    " } else { ",\n    " });
            self.out.push_str(&compact(&item));
            is_empty = false;
        }
        self.out.push_str(if is_empty { "]" } else { "\n  ]" });
    }

    pub(super) fn end(self) {
        self.out.push_str("\n}");
    }

    fn key(&mut self, key: &str) {
        self.out.push_str(if self.is_empty { "\n  " } else { ",\n  " });
        self.is_empty = false;
        self.out.push_str(&compact(&Value::string(key)));
        self.out.push_str(": ");
    }
}
