//! Platforms, as `-metadata` describes them: what they understand, and which roots they trust.

use super::ChainCertificate;
use super::choice::{ECDSA_256, SHA_1, SHA_2};
use crate::json::{self, Node, Value};
use crate::{Error, ErrorKind, Result};

/// A platform in a metadata file, before its roots are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformFile {
    /// What it is called in messages.
    pub name: String,
    /// The file of its roots, relative to the metadata file; empty where it trusts what others trust.
    pub keystore: String,
    weight: i64,
    hash_reach: u32,
    key_reach: u32,
}

/// A platform: a kind of client that a chain should please.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    file: PlatformFile,
    /// The public keys of its roots.
    keys: Vec<Vec<u8>>,
}

impl PlatformFile {
    /// Reads a metadata file, a JSON array of objects with `name`, `weight`, `hash_algo` (`SHA1`, `SHA2`),
    /// `key_algo` (`RSA`, `ECDSA256`, `ECDSA384`, `ECDSA521`) and `keystore`.
    ///
    /// # Errors
    /// [`ErrorKind::Json`] where it is not that.
    pub fn read_all(text: &[u8]) -> Result<Vec<Self>> {
        let failed = |error: Error| error.prefixed("platform metadata failed to parse: ");
        let document = json::parse(text).map_err(failed)?;
        match &document.node {
            Node::Array(platforms) => platforms.iter().map(Self::read).collect(),
            Node::Null => Ok(Vec::new()),
            other => Err(failed(Error::new(
                ErrorKind::Json,
                format!("json: cannot unmarshal {} into Go value of type []ubiquity.Platform", other.kind()),
            ))),
        }
    }

    fn read(value: &Value) -> Result<Self> {
        let member = |key: &str| {
            let members = value.members().unwrap_or_default().iter().rev();
            members
                .into_iter()
                .find(|member| member.key.eq_ignore_ascii_case(key))
                .map(|member| &member.value)
        };
        let text = |key| member(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let weight = match member("weight").map(|value| &value.node) {
            Some(Node::Number(number)) => number.parse().ok(),
            None | Some(Node::Null) => Some(0),
            Some(_) => None,
        };
        let hash_reach = match text("hash_algo").as_str() {
            "SHA1" => Some(SHA_1),
            "SHA2" => Some(SHA_2),
            _ => None,
        };
        let key_reach = match text("key_algo").as_str() {
            "RSA" => Some(100),
            "ECDSA256" | "ECDSA384" => Some(ECDSA_256),
            "ECDSA521" => Some(30),
            _ => None,
        };
        let name = text("name");
        match (weight, hash_reach, key_reach) {
            (Some(weight), Some(hash_reach), Some(key_reach)) => {
                Ok(Self { name, keystore: text("keystore"), weight, hash_reach, key_reach })
            }
            _ => Err(Error::new(
                ErrorKind::Json,
                format!("fail to finalize the parsing of platform metadata: {name}"),
            )
            .explain(format!("the platform {name:?} lacks a weight, a hash_algo or a key_algo"))
            .hint("hash_algo is SHA1 or SHA2; key_algo is RSA, ECDSA256, ECDSA384 or ECDSA521")),
        }
    }

    /// The platform with its roots.
    #[must_use]
    pub fn with_roots(self, roots: &[ChainCertificate]) -> Platform {
        let mut keys: Vec<Vec<u8>> = roots.iter().map(|root| root.subject_public_key_info.clone()).collect();
        keys.sort();
        keys.dedup();
        Platform { file: self, keys }
    }
}

impl Platform {
    /// What it is called in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// How many different keys its roots have.
    #[must_use]
    pub fn root_count(&self) -> usize {
        self.keys.len()
    }

    /// True where it trusts the root, or has no roots of its own.
    #[must_use]
    pub fn trusts(&self, root: &ChainCertificate) -> bool {
        self.keys.is_empty() || self.keys.binary_search(&root.subject_public_key_info).is_ok()
    }

    pub(super) fn weight(&self) -> i64 {
        self.file.weight
    }

    pub(super) fn hash_reach(&self) -> u32 {
        self.file.hash_reach
    }

    pub(super) fn key_reach(&self) -> u32 {
        self.file.key_reach
    }
}
