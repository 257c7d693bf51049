//! A JSON file after it was read: what is found in it later can still be pointed at.

use super::context::MOST_WARNINGS;
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

    /// As [`place`](Self::place), for the warnings about the file. Looking up a position reads the text once
    /// more, so those beyond the ones that are shown do without.
    pub(super) fn place_warnings(&self, warnings: Vec<Warning>) -> Vec<Warning> {
        let positioned = |(count, warning): (usize, Warning)| {
            let place = &warning.place;
            let missing = place.file.is_none() && place.position.is_none() && count < MOST_WARNINGS;
            let path = if missing { place.path.as_deref() } else { None };
            match path.and_then(|path| position_of(&self.text, path)) {
                Some(position) => warning.at_position(position).in_file(&self.name),
                None => warning.in_file(&self.name),
            }
        };
        warnings.into_iter().enumerate().map(positioned).collect()
    }
}
