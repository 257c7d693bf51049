//! An object of a document, and what its keys hold, in Go's types and with Go's error texts.

use super::decode::{Reading, Shape};
use super::words::{expectation, with_article};
use super::{Node, Value, line_and_column};
use crate::{Error, ErrorKind, Result};
use std::borrow::Cow;
use std::collections::HashMap;

/// A JSON object decoded into a [`Shape`]: one value per key at most.
#[derive(Debug)]
pub struct Object<'v> {
    pub(super) shape: Shape,
    /// The JSON path of the object itself, empty at the top.
    pub(super) path: String,
    /// Go's path of the object: the JSON path without indices and map keys.
    pub(super) go_path: String,
    pub(super) fields: Vec<(&'static str, Cow<'v, Value>)>,
}

impl<'v> Object<'v> {
    /// The JSON path of the object itself, empty at the top.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The JSON path of one of its keys.
    #[must_use]
    pub fn child_path(&self, key: &str) -> String {
        match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    /// The value under a key; `null` counts as absent.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        let (_, value) = self.fields.iter().find(|(field, _)| *field == key)?;
        (value.node != Node::Null).then_some(value.as_ref())
    }

    /// A string.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything else.
    pub fn text(&self, reading: &Reading<'_>, key: &str) -> Result<Option<String>> {
        self.scalar(reading, key, "string", |node| match node {
            Node::String(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// A string with its quotes removed, or empty where the key is absent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything but a string.
    pub fn text_or_default(&self, reading: &Reading<'_>, key: &str) -> Result<String> {
        Ok(self.text(reading, key)?.unwrap_or_default())
    }

    /// A boolean, `false` where the key is absent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything else.
    pub fn boolean(&self, reading: &Reading<'_>, key: &str) -> Result<bool> {
        let boolean = self.scalar(reading, key, "bool", |node| match node {
            Node::Bool(boolean) => Some(*boolean),
            _ => None,
        })?;
        Ok(boolean.unwrap_or_default())
    }

    /// A whole number, written without fraction or exponent as Go demands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything else, or beyond 64 bits.
    pub fn integer(&self, reading: &Reading<'_>, key: &str) -> Result<Option<i64>> {
        self.integer_of(reading, key, "int")
    }

    /// A whole number that Go's error texts call `go_type`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything else, or beyond 64 bits.
    pub fn integer_of(&self, reading: &Reading<'_>, key: &str, go_type: &str) -> Result<Option<i64>> {
        self.scalar(reading, key, go_type, |node| match node {
            Node::Number(number) => number.parse().ok(),
            _ => None,
        })
    }

    /// A list of strings; a `null` in it is an empty string.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is no list, or an item is no string.
    pub fn texts(&self, reading: &Reading<'_>, key: &str) -> Result<Option<Vec<String>>> {
        let Some(items) = self.items(reading, key, "string")? else {
            return Ok(None);
        };
        let read = |(position, item): (usize, &Value)| match &item.node {
            Node::String(text) => Ok(text.clone()),
            Node::Null => Ok(String::new()),
            _ => {
                let path = format!("{}[{position}]", self.child_path(key));
                Err(self.wrong_type(reading, key, item, "string", &path))
            }
        };
        items.iter().enumerate().map(read).collect::<Result<_>>().map(Some)
    }

    /// The items of a list, whose Go type is `[]` and `item_type`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is no list.
    pub fn items(&self, reading: &Reading<'_>, key: &str, item_type: &str) -> Result<Option<&[Value]>> {
        match self.value(key) {
            None => Ok(None),
            Some(Value { node: Node::Array(items), .. }) => Ok(Some(items)),
            Some(other) => {
                let path = self.child_path(key);
                Err(self.wrong_type(reading, key, other, &format!("[]{item_type}"), &path))
            }
        }
    }

    /// An object in the object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything else.
    pub fn object(&self, reading: &mut Reading<'_>, key: &str, shape: Shape) -> Result<Option<Object<'_>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        self.child(reading, key, value, shape, self.child_path(key)).map(Some)
    }

    /// A list of objects; a `null` in it is an empty object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is no list, or an item is no object.
    pub fn objects(
        &self,
        reading: &mut Reading<'_>,
        key: &str,
        shape: Shape,
    ) -> Result<Option<Vec<Object<'_>>>> {
        let Some(items) = self.items(reading, key, shape.go_type)? else {
            return Ok(None);
        };
        let mut objects = Vec::with_capacity(items.len());
        for (position, item) in items.iter().enumerate() {
            let path = format!("{}[{position}]", self.child_path(key));
            objects.push(self.child(reading, key, item, shape, path)?);
        }
        Ok(Some(objects))
    }

    /// The entries of a map in the object's order; of equal keys the last.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is no object.
    pub fn entries(
        &self,
        reading: &Reading<'_>,
        key: &str,
        go_type: &str,
    ) -> Result<Option<Vec<(&str, &Value)>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let Node::Object(members) = &value.node else {
            return Err(self.wrong_type(reading, key, value, go_type, &self.child_path(key)));
        };
        let mut entries: Vec<(&str, &Value)> = Vec::with_capacity(members.len());
        let mut places = HashMap::with_capacity(members.len());
        for member in members {
            let place = *places.entry(member.key.as_str()).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(entry) => entry.1 = &member.value,
                None => entries.push((&member.key, &member.value)),
            }
        }
        Ok(Some(entries))
    }

    /// The value of a map entry under `key` as an object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] where it is anything else.
    pub fn entry_object<'e>(
        &self,
        reading: &mut Reading<'_>,
        key: &str,
        entry: (&str, &'e Value),
        shape: Shape,
    ) -> Result<Object<'e>> {
        let path = format!("{}.{}", self.child_path(key), entry.0);
        self.child(reading, key, entry.1, shape, path)
    }

    /// The error for a value whose type Go's decoder refuses.
    #[must_use]
    pub fn wrong_type(
        &self,
        reading: &Reading<'_>,
        key: &str,
        found: &Value,
        go_type: &str,
        path: &str,
    ) -> Error {
        let spelled = match &found.node {
            Node::Number(number)
                if go_type.starts_with("int") || go_type == "uint8" || go_type.contains("Duration") =>
            {
                format!("number {number}")
            }
            node => node.kind().to_owned(),
        };
        let holder = self.shape.go_type.rsplit('.').next().unwrap_or_default();
        let go_path = self.go_child_path(key);
        let found_kind = match &found.node {
            Node::Number(number) => format!("the number {number}"),
            node => with_article(node.kind()),
        };
        Error::new(
            ErrorKind::Json,
            format!(
                "json: cannot unmarshal {spelled} into Go struct field {holder}.{go_path} of type {go_type}"
            ),
        )
        .explain(format!("expected {}, found {found_kind}", expectation(go_type)))
        .at_path(path)
        .at_position(line_and_column(reading.input, found.offset))
    }

    fn scalar<T>(
        &self,
        reading: &Reading<'_>,
        key: &str,
        go_type: &str,
        read: impl FnOnce(&Node) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match read(&value.node) {
            Some(found) => Ok(Some(found)),
            None => Err(self.wrong_type(reading, key, value, go_type, &self.child_path(key))),
        }
    }

    /// Go's path of one of its keys.
    fn go_child_path(&self, key: &str) -> String {
        let name = match (self.shape.go_type, key) {
            // Fields without a JSON name of their own.
            ("config.SigningProfile", "policies") => "Policies",
            ("config.CertificatePolicy", "id") => "ID",
            ("config.CertificatePolicy", "qualifiers") => "Qualifiers",
            ("config.CertificatePolicyQualifier", "type") => "Type",
            ("config.CertificatePolicyQualifier", "value") => "Value",
            _ => key,
        };
        match self.go_path.as_str() {
            "" => name.to_owned(),
            parent => format!("{parent}.{name}"),
        }
    }

    fn child<'c>(
        &self,
        reading: &mut Reading<'_>,
        key: &str,
        value: &'c Value,
        shape: Shape,
        path: String,
    ) -> Result<Object<'c>> {
        let go_path = self.go_child_path(key);
        reading
            .object(Cow::Borrowed(value), shape, path.clone(), go_path)
            .map_err(|_| self.wrong_type(reading, key, value, shape.go_type, &path))
    }
}
