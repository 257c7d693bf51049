//! A JSON file after it was read: what is found in it later can still be pointed at.

use crate::json::{Value, line_and_column, parse, value_at};
use crate::{Error, Warning};
use std::cell::OnceCell;

/// Only so many warnings are given a line and a column: more are counted, not shown.
const MOST_POSITIONS: usize = 100;

/// The name and the text of an input.
#[derive(Debug)]
pub(super) struct JsonFile {
    name: String,
    text: Vec<u8>,
    /// Read again only where something is to be pointed at.
    document: OnceCell<Option<Value>>,
}

impl JsonFile {
    pub(super) fn new(name: String, text: Vec<u8>) -> Self {
        Self { name, text, document: OnceCell::new() }
    }

    /// Names the file, and where the error has a path but no position, the line and column.
    pub(super) fn place(&self, error: Error) -> Error {
        let place = error.place();
        if place.file.is_some() {
            return error;
        }
        let missing = if place.position.is_none() { place.path.as_deref() } else { None };
        match missing.and_then(|path| self.position(path)) {
            Some(position) => error.at_position(position).in_file(&self.name),
            None => error.in_file(&self.name),
        }
    }

    /// The same for warnings that have a path; others are not about the file.
    pub(super) fn place_warnings(&self, warnings: Vec<Warning>) -> Vec<Warning> {
        let place = |(count, warning): (usize, Warning)| match &warning.place.path {
            Some(path) if warning.place.file.is_none() => {
                let wanted = count < MOST_POSITIONS && warning.place.position.is_none();
                let position = if wanted { self.position(path) } else { None };
                match position {
                    Some(position) => warning.at_position(position).in_file(&self.name),
                    None => warning.in_file(&self.name),
                }
            }
            _ => warning,
        };
        warnings.into_iter().enumerate().map(place).collect()
    }

    fn position(&self, path: &str) -> Option<(usize, usize)> {
        let document = self.document.get_or_init(|| parse(&self.text).ok()).as_ref()?;
        Some(line_and_column(&self.text, value_at(document, path)?.offset))
    }
}
