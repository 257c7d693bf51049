//! The parts of a JSON object, written one after the other.

use super::oid::Oid;
use crate::inspect::text::{push_colon_hex, push_hex, push_number};
use crate::quote::write_shown_json;

/// Writes members to the end of a text. Whoever opens an object or a list closes it.
pub(super) struct Writer<'o> {
    pub(super) out: &'o mut String,
}

impl Writer<'_> {
    pub(super) fn key(&mut self, key: &str) {
        self.key_of(key, "");
    }

    /// A key of two parts, and the comma before it where one is due.
    pub(super) fn key_of(&mut self, key: &str, end: &str) {
        self.out.push_str(if self.out.as_bytes().last() == Some(&b'{') { "\"" } else { ",\"" });
        self.out.push_str(key);
        self.out.push_str(end);
        self.out.push_str("\":");
    }

    pub(super) fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        write_shown_json(self.out, text);
    }

    /// A text that needs no escapes.
    pub(super) fn plain(&mut self, key: &str, text: &str) {
        self.key(key);
        self.plain_value(text);
    }

    pub(super) fn plain_or_null(&mut self, key: &str, text: Option<&str>) {
        match text {
            Some(text) => self.plain(key, text),
            None => self.null(key),
        }
    }

    pub(super) fn plain_value(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }

    pub(super) fn number(&mut self, key: &str, number: u64) {
        self.key(key);
        push_number(self.out, number);
    }

    pub(super) fn boolean(&mut self, key: &str, holds: bool) {
        self.key(key);
        self.out.push_str(if holds { "true" } else { "false" });
    }

    pub(super) fn null(&mut self, key: &str) {
        self.key(key);
        self.out.push_str("null");
    }

    pub(super) fn hex(&mut self, key: &str, octets: &[u8]) {
        self.key(key);
        self.out.push('"');
        push_hex(self.out, octets);
        self.out.push('"');
    }

    pub(super) fn colon_hex(&mut self, key: &str, octets: &[u8]) {
        self.key(key);
        self.out.push('"');
        push_colon_hex(self.out, octets);
        self.out.push('"');
    }

    pub(super) fn oid(&mut self, key: &str, oid: Oid<'_>) {
        self.key(key);
        self.out.push('"');
        oid.push_dotted(self.out);
        self.out.push('"');
    }

    pub(super) fn oid_or_name(&mut self, oid: Oid<'_>) {
        self.out.push('"');
        match oid.name() {
            Some(name) => self.out.push_str(name),
            None => oid.push_dotted(self.out),
        }
        self.out.push('"');
    }

    pub(super) fn list<T>(&mut self, key: &str, items: &[T], write: impl FnMut(&mut Self, &T)) {
        self.key(key);
        self.list_value(items, write);
    }

    pub(super) fn list_value<T>(&mut self, items: &[T], write: impl FnMut(&mut Self, &T)) {
        self.list_of(items.iter(), write);
    }

    pub(super) fn list_of<T>(&mut self, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.out.push('[');
        for (position, item) in items.enumerate() {
            if position > 0 {
                self.out.push(',');
            }
            write(self, item);
        }
        self.out.push(']');
    }
}
