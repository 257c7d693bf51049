//! A JSON document as it was written: keys in order, duplicates and positions kept.

use zeroize::Zeroize;

/// A JSON value and where it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What it is.
    pub node: Node,
    /// The byte offset of its first character in the input; 0 in a document that was not read.
    pub offset: usize,
}

/// The six kinds of JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is spelled; Go tells `256` from `256.0`.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object: its members in order, duplicates included.
    Object(Vec<Member>),
}

/// One key and value of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// The byte offset of the key's opening quote.
    pub key_offset: usize,
    /// The value.
    pub value: Value,
}

impl Member {
    /// Overwrites its strings.
    pub(crate) fn wipe(&mut self) {
        self.key.zeroize();
        self.value.wipe();
    }
}

impl Value {
    /// Overwrites the strings, which may be secrets.
    pub(crate) fn wipe(&mut self) {
        match &mut self.node {
            Node::String(text) => text.zeroize(),
            Node::Array(items) => items.iter_mut().for_each(Self::wipe),
            Node::Object(members) => members.iter_mut().for_each(Member::wipe),
            Node::Null | Node::Bool(_) | Node::Number(_) => {}
        }
    }
}

impl Node {
    /// Go's word for the kind of value: `object`, `number`, ….
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Self {
        Self { node, offset: 0 }
    }
}

impl Value {
    /// A string.
    #[must_use]
    pub fn string(text: impl Into<String>) -> Self {
        Node::String(text.into()).into()
    }

    /// A whole number.
    #[must_use]
    pub fn number(number: impl std::fmt::Display) -> Self {
        Node::Number(number.to_string()).into()
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(boolean: bool) -> Self {
        Node::Bool(boolean).into()
    }

    /// `null`.
    #[must_use]
    pub fn null() -> Self {
        Node::Null.into()
    }

    /// An array.
    #[must_use]
    pub fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Node::Array(items.into_iter().collect()).into()
    }

    /// An object with its members in the order given.
    #[must_use]
    pub fn object<'k>(members: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        let members =
            members.into_iter().map(|(key, value)| Member { key: key.to_owned(), key_offset: 0, value });
        Node::Object(members.collect()).into()
    }

    /// The string, where it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// The members, where it is an object.
    #[must_use]
    pub fn members(&self) -> Option<&[Member]> {
        match &self.node {
            Node::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The last value under exactly this key, as a Go map holds it.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Self> {
        let found = self.members()?.iter().rev().find(|member| member.key == key);
        found.map(|member| &member.value)
    }
}
