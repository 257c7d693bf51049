//! The signing configuration: cfssl's `-config` file.

use super::profile::{self, SigningProfile};
use crate::json::{Node, Object, Reading, Shape, Value, indented, parse};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use zeroize::Zeroizing;

const CONFIG: Shape = Shape { go_type: "config.Config", keys: &["signing", "ocsp", "auth_keys", "remotes"] };
const SIGNING: Shape = Shape { go_type: "config.Signing", keys: &["profiles", "default"] };
const AUTH_KEY: Shape = Shape { go_type: "config.AuthKey", keys: &["type", "key"] };

/// How many profiles a hint lists.
const MOST_NAMES: usize = 10;

/// A signing configuration, loaded and valid.
#[derive(Debug)]
pub struct SigningConfig {
    /// The profile used where none is named, or an unknown one. Without one in the file: cfssl's built-in.
    pub default: SigningProfile,
    /// The named profiles, in the order of the file.
    pub profiles: Vec<(String, SigningProfile)>,
    /// The authentication keys by name.
    pub auth_keys: Vec<(String, AuthKey)>,
    /// Remote servers by name.
    pub remotes: Vec<(String, String)>,
    has_default: bool,
}

/// A key that authenticates requests between cfssl programs. It is a secret.
pub struct AuthKey {
    kind: String,
    key: Zeroizing<String>,
}

/// The parts of the file that profiles refer to.
pub(super) struct Sections {
    pub(super) auth_keys: Vec<(String, AuthKey)>,
    pub(super) remotes: Vec<(String, String)>,
}

impl SigningConfig {
    /// What holds without a configuration file.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            default: SigningProfile::built_in(),
            profiles: Vec::new(),
            auth_keys: Vec::new(),
            remotes: Vec::new(),
            has_default: false,
        }
    }

    /// Reads a configuration and drops the warnings.
    ///
    /// # Errors
    ///
    /// As [`from_json_with_warnings`](Self::from_json_with_warnings).
    pub fn from_json(text: &[u8]) -> Result<Self> {
        Self::from_json_with_warnings(text).map(|(config, _)| config)
    }

    /// Reads a configuration, and says what in it has no effect.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPolicy`] with the JSON path where it is malformed or not valid by cfssl's rules
    /// (a local profile needs an `expiry`, a named one also a known usage, names must lead somewhere), and
    /// [`ErrorKind::Usage`] where it has no `signing`.
    pub fn from_json_with_warnings(text: &[u8]) -> Result<(Self, Vec<Warning>)> {
        let wrap = |error: Error| match error.kind() {
            ErrorKind::Json => {
                error.with_kind(ErrorKind::InvalidPolicy).prefixed("failed to unmarshal configuration: ")
            }
            _ => error,
        };
        let document = parse(text).map_err(wrap)?;
        let mut reading = Reading::new(text);
        let config = Self::read(&mut reading, &document).map_err(wrap)?;
        Ok((config, reading.into_warnings()))
    }

    fn read(reading: &mut Reading<'_>, document: &Value) -> Result<Self> {
        let root = reading.root(document, CONFIG)?;
        let sections = Sections::read(reading, &root)?;
        let Some(signing) = root.object(reading, "signing", SIGNING)? else {
            let members = document.members().unwrap_or_default();
            let is_request =
                members.iter().any(|member| ["CN", "hosts", "names"].contains(&member.key.as_str()));
            return Err(Error::new(ErrorKind::Usage, "No \"signing\" field present")
                .explain("the configuration has no `signing` section")
                .hint(match is_request {
                    true => "this looks like a request; -config names the signing configuration",
                    false => "`cfssl print-defaults config` shows one",
                }));
        };
        let default = match signing.object(reading, "default", profile::SHAPE)? {
            Some(object) => Some(SigningProfile::read(reading, &object, &sections)?),
            None => None,
        };
        let mut profiles = Vec::new();
        for entry in
            signing.entries(reading, "profiles", "map[string]*config.SigningProfile")?.unwrap_or_default()
        {
            let path = format!("{}.{}", signing.child_path("profiles"), entry.0);
            if entry.1.node == Node::Null {
                return Err(Error::new(ErrorKind::InvalidPolicy, "can't parse nil profile")
                    .explain("the profile is null")
                    .at_path(&path));
            }
            let object = signing.entry_object(reading, "profiles", entry, profile::SHAPE)?;
            let read = SigningProfile::read(reading, &object, &sections)?;
            refuse_useless(&read, &path)?;
            profiles.push((entry.0.to_owned(), read));
        }
        if default.as_ref().is_some_and(|profile| profile.remote.is_none() && profile.expiry.is_zero()) {
            return Err(Error::new(ErrorKind::InvalidPolicy, "invalid configuration")
                .explain("the default profile's lifetime is zero")
                .hint("write one such as \"8760h\"")
                .at_path("signing.default.expiry"));
        }
        Ok(Self {
            has_default: default.is_some(),
            default: default.unwrap_or_else(SigningProfile::built_in),
            profiles,
            auth_keys: sections.auth_keys,
            remotes: sections.remotes,
        })
    }

    /// The profile of this name; the default for an empty name.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&SigningProfile> {
        if name.is_empty() {
            return Some(&self.default);
        }
        let (_, profile) = self.profiles.iter().find(|(known, _)| known == name)?;
        Some(profile)
    }

    /// The profile cfssl would sign with: of this name, or else the default, with a warning.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownProfile`] where the name is unknown and the configuration mixes local and remote
    /// profiles, so that the default is no safe guess.
    pub fn profile_or_default(&self, name: &str) -> Result<(&SigningProfile, Option<Warning>)> {
        if let Some(profile) = self.profile(name) {
            return Ok((profile, None));
        }
        let hint =
            match crate::json::did_you_mean(name, self.profiles.iter().map(|(known, _)| known.as_str())) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if self.profiles.is_empty() && !self.has_default => {
                    "profiles come from the file that -config names".to_owned()
                }
                None if self.profiles.is_empty() => "the configuration has no profiles".to_owned(),
                None => {
                    let names: Vec<_> = self.profiles.iter().map(|(known, _)| known.as_str()).collect();
                    let (shown, more) = names.split_at(names.len().min(MOST_NAMES));
                    let more = if more.is_empty() { "" } else { ", …" };
                    format!("the configuration has {}{more}", shown.join(", "))
                }
            };
        let remote = |profile: &SigningProfile| profile.remote.is_some();
        let first = remote(&self.default);
        if self.profiles.iter().any(|(_, profile)| remote(profile) != first) {
            return Err(Error::of(ErrorKind::UnknownProfile)
                .explain(format!("there is no profile {}", crate::json::quote(name)))
                .hint(hint));
        }
        let message =
            format!("there is no profile {}; the default profile is used", crate::json::quote(name));
        Ok((&self.default, Some(Warning::new(WarningKind::UnknownProfile, message).hint(hint))))
    }

    /// The configuration as cfssl's JSON, indented by four blanks; authentication keys included.
    #[must_use]
    pub fn expose_json(&self) -> Zeroizing<String> {
        let mut signing = Vec::new();
        if self.has_default {
            signing.push(("default", self.default.to_value()));
        }
        if !self.profiles.is_empty() {
            let profiles = self.profiles.iter().map(|(name, profile)| (name.as_str(), profile.to_value()));
            signing.push(("profiles", Value::object(profiles)));
        }
        let mut members = vec![("signing", Value::object(signing))];
        if !self.auth_keys.is_empty() {
            let keys = self.auth_keys.iter().map(|(name, key)| {
                let key = [("type", Value::string(&key.kind)), ("key", Value::string(key.key.as_str()))];
                (name.as_str(), Value::object(key))
            });
            members.push(("auth_keys", Value::object(keys)));
        }
        if !self.remotes.is_empty() {
            let remotes = self.remotes.iter().map(|(name, address)| (name.as_str(), Value::string(address)));
            members.push(("remotes", Value::object(remotes)));
        }
        Zeroizing::new(indented(&Value::object(members), "    "))
    }
}

/// A named local profile needs at least one usage that is known.
fn refuse_useless(profile: &SigningProfile, path: &str) -> Result<()> {
    if profile.remote.is_some() || !profile.usages.is_empty() {
        return Ok(());
    }
    let explanation = match profile.unknown_usages.as_slice() {
        [] => "the profile has no `usages`",
        _ => "none of the profile's usages is known",
    };
    Err(Error::new(ErrorKind::InvalidPolicy, "invalid configuration")
        .explain(explanation)
        .hint("name at least one, such as \"server auth\"")
        .at_path(path))
}

impl Sections {
    fn read(reading: &mut Reading<'_>, root: &Object<'_>) -> Result<Self> {
        let mut auth_keys = Vec::new();
        for entry in root.entries(reading, "auth_keys", "map[string]config.AuthKey")?.unwrap_or_default() {
            let object = root.entry_object(reading, "auth_keys", entry, AUTH_KEY)?;
            let kind = object.text_or_default(reading, "type")?;
            let key = Zeroizing::new(object.text_or_default(reading, "key")?);
            auth_keys.push((entry.0.to_owned(), AuthKey { kind, key }));
        }
        let mut remotes = Vec::new();
        for (name, value) in root.entries(reading, "remotes", "map[string]string")?.unwrap_or_default() {
            let Some(address) = value.as_str() else {
                let path = format!("remotes.{name}");
                return Err(root.wrong_type(reading, "remotes", value, "string", &path));
            };
            remotes.push((name.to_owned(), address.to_owned()));
        }
        Ok(Self { auth_keys, remotes })
    }

    /// A key's name, where one is given, after a look that it leads to a key that can be used.
    pub(super) fn auth_key_name(
        &self,
        reading: &Reading<'_>,
        object: &Object<'_>,
        field: &str,
        called: &str,
    ) -> Result<Option<String>> {
        let Some(name) = object.text(reading, field)?.filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        let fault = |message: String, explanation: String| {
            Err(Error::new(ErrorKind::InvalidPolicy, message)
                .explain(explanation)
                .at_path(&object.child_path(field)))
        };
        let Some((_, key)) = self.auth_keys.iter().find(|(known, _)| *known == name) else {
            let quoted = crate::json::quote(&name);
            return fault(
                format!("failed to find {called} in auth_keys section"),
                format!("`auth_keys` has no entry {quoted}"),
            );
        };
        if key.kind != "standard" {
            return fault(
                "unknown authentication type".to_owned(),
                format!("`auth_keys.{name}.type` is not `standard`"),
            );
        }
        if !key.is_usable() {
            return fault(
                "failed to create new standard auth provider".to_owned(),
                format!("`auth_keys.{name}.key` is neither hexadecimal nor `env:NAME` nor `file:PATH`"),
            );
        }
        Ok(Some(name))
    }
}

impl AuthKey {
    /// The key as the file has it: hexadecimal digits, `env:NAME` or `file:PATH`.
    #[must_use]
    pub fn expose_text(&self) -> &str {
        &self.key
    }

    fn is_usable(&self) -> bool {
        match self.key.split_once(':') {
            Some((prefix, _)) => matches!(prefix, "env" | "file"),
            None => self.key.len().is_multiple_of(2) && self.key.bytes().all(|byte| byte.is_ascii_hexdigit()),
        }
    }
}

impl std::fmt::Debug for AuthKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthKey").field("type", &self.kind).finish_non_exhaustive()
    }
}
