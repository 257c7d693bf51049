//! A JSON file after it was read: what is found in it later can still be pointed at.

use crate::json::position_of;
use crate::{Error, Warning};

/// The name and the text of an input.
#[derive(Debug)]
pub(super) struct JsonFile {
    name: String,
    text: Vec<u8>,
}

impl JsonFile {
    pub(super) fn new(name: String, text: Vec<u8>) -> Self {
        Self { name, text }
    }

    /// Names the file, and where the error has a path but no position, the line and column.
    pub(super) fn place(&self, error: Error) -> Error {
        let place = error.place();
        if place.file.is_some() {
            return error;
        }
        let missing = if place.position.is_none() { place.path.as_deref() } else { None };
        match missing.and_then(|path| position_of(&self.text, path)) {
            Some(position) => error.at_position(position).in_file(&self.name),
            None => error.in_file(&self.name),
        }
    }

    /// As [`place`](Self::place), for a warning.
    pub(super) fn place_warning(&self, warning: Warning) -> Warning {
        let place = &warning.place;
        if place.file.is_some() {
            return warning;
        }
        let missing = if place.position.is_none() { place.path.as_deref() } else { None };
        match missing.and_then(|path| position_of(&self.text, path)) {
            Some(position) => warning.at_position(position).in_file(&self.name),
            None => warning.in_file(&self.name),
        }
    }
}
