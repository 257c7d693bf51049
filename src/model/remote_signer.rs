//! The server that a profile signs at, in place of a local CA.

use super::config::Sections;
use crate::json::{Object, Reading};
use crate::{Error, ErrorKind, Result};

/// A server that signs, and the key that authenticates the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSigner {
    /// Its name in `remotes`.
    pub name: String,
    /// Its address, or a comma list of them.
    pub address: String,
    /// The name in `auth_keys` of the key that authenticates requests.
    pub auth_key: Option<String>,
}

impl RemoteSigner {
    /// The server; the key that authenticates requests is looked up later, as cfssl does.
    pub(super) fn read(
        reading: &Reading<'_>,
        profile: &Object<'_>,
        auth_remote: Option<&Object<'_>>,
        sections: &Sections,
    ) -> Result<Option<Self>> {
        let plain = profile.text_or_default(reading, "remote")?;
        let authenticated = match auth_remote {
            Some(section) => section.text_or_default(reading, "remote")?,
            None => String::new(),
        };
        if !plain.is_empty() && !authenticated.is_empty() {
            return Err(Error::of(ErrorKind::InvalidPolicy)
                .explain("profile has both a remote and an auth remote specified")
                .at_path(profile.path()));
        }
        let name = if plain.is_empty() { authenticated } else { plain };
        if name.is_empty() {
            return Ok(None);
        }
        let address = sections.remotes.iter().find(|(known, _)| *known == name);
        let address = address.map(|(_, address)| address.clone()).filter(|address| !address.is_empty());
        let Some(address) = address else {
            return Err(Error::new(ErrorKind::InvalidPolicy, "failed to find remote in remotes section")
                .explain(format!("`remotes` has no entry {}", crate::json::quote(&name)))
                .at_path(profile.path()));
        };
        Ok(Some(Self { name, address, auth_key: None }))
    }
}
