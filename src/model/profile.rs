//! A signing profile: what a certificate issued under it may and must hold.

use super::config::Sections;
use super::name_constraints::{self, NameConstraints};
use super::policies::{CertificatePolicy, read_oid};
use super::remote_signer::RemoteSigner;
use super::usage::Usage;
use super::whitelist::{CsrWhitelist, NameWhitelist};
use crate::json::{
    GoDuration, MISSPELT_EXPIRY, Node, Object, Reading, Shape, Value, format_rfc3339, parse_rfc3339,
};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use der::asn1::ObjectIdentifier;
use time::OffsetDateTime;

pub(super) const SHAPE: Shape = Shape {
    go_type: "config.SigningProfile",
    keys: &[
        "usages",
        "issuer_urls",
        "ocsp_url",
        "crl_url",
        "ca_constraint",
        "ocsp_no_check",
        "expiry",
        "backdate",
        "auth_key",
        "prev_auth_key",
        "remote",
        "not_before",
        "not_after",
        "name_whitelist",
        "auth_remote",
        "ct_log_servers",
        "allowed_extensions",
        "cert_store",
        "lint_error_level",
        "ignored_lints",
        "ignored_lint_sources",
        "policies",
        "CSRWhitelist",
        "ClientProvidesSerialNumbers",
        "copy_extensions",
        // Ours: cfssl does not have it.
        name_constraints::KEY,
        // Integer fields of cfssl's struct, reachable under exactly these names.
        "Expiry",
        "Backdate",
        MISSPELT_EXPIRY,
    ],
};

const CA_CONSTRAINT: Shape =
    Shape { go_type: "config.CAConstraint", keys: &["is_ca", "max_path_len", "max_path_len_zero"] };
const AUTH_REMOTE: Shape = Shape { go_type: "config.AuthRemote", keys: &["remote", "auth_key"] };
const LINT_LEVELS: [&str; 8] = ["reserved", "NA", "NE", "pass", "info", "warn", "error", "fatal"];

/// One profile of a signing configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SigningProfile {
    /// What the key may be used for, in the order of the file, which the certificate keeps.
    pub usages: Vec<Usage>,
    /// Words in `usages` that mean nothing. cfssl drops them silently.
    pub unknown_usages: Vec<String>,
    /// The lifetime, counted from the certificate's `not_before`. Zero: the default profile's.
    pub expiry: GoDuration,
    /// How far before now a certificate starts to be valid. Zero: five minutes.
    pub backdate: GoDuration,
    /// A fixed start of validity.
    pub not_before: Option<OffsetDateTime>,
    /// A fixed end of validity.
    pub not_after: Option<OffsetDateTime>,
    /// Where the issuer's certificate is. `None`: the default profile's; an empty list: none.
    pub issuer_urls: Option<Vec<String>>,
    /// Where the OCSP responder is. Empty: the default profile's.
    pub ocsp_url: String,
    /// Where the CRL is. Empty: the default profile's.
    pub crl_url: String,
    /// Whether certificates of the profile are certificate authorities.
    pub ca: CaRole,
    /// Whether the certificate carries `id-pkix-ocsp-nocheck` (RFC 6960 section 4.2.2.2.1).
    pub ocsp_no_check: bool,
    /// The policies claimed.
    pub policies: Vec<CertificatePolicy>,
    /// The names that certificates below a CA of this profile may carry.
    pub name_constraints: Option<NameConstraints>,
    /// A pattern that the common name and every DNS, mail and URI name must match.
    pub name_whitelist: Option<NameWhitelist>,
    /// Which parts of a CSR are honoured; `None`: all.
    pub csr_whitelist: Option<CsrWhitelist>,
    /// Whether the CSR's extensions replace the profile's.
    pub copy_extensions: bool,
    /// Extensions a remote client may ask for.
    pub allowed_extensions: Vec<ObjectIdentifier>,
    /// Whether the caller must name the serial number.
    pub client_provides_serial_numbers: bool,
    /// The authentication key a server demands, by its name in `auth_keys`.
    pub auth_key: Option<String>,
    /// The key before it, accepted too.
    pub prev_auth_key: Option<String>,
    /// The server that signs instead of a local CA.
    pub remote: Option<RemoteSigner>,
    /// Certificate transparency logs.
    pub ct_log_servers: Vec<String>,
    /// The lint level above which cfssl refuses to sign, by name.
    pub lint_error_level: Option<String>,
    /// Lints cfssl does not run.
    pub ignored_lints: Vec<String>,
    /// Sources of lints cfssl does not run.
    pub ignored_lint_sources: Vec<String>,
    /// Parsed by cfssl and never used.
    pub cert_store: String,
}

/// Whether a certificate is a certificate authority (RFC 5280 section 4.2.1.9).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CaRole {
    /// It may issue certificates.
    Authority {
        /// How many authorities may stand between it and a leaf; `None`: any number.
        path_len: Option<u32>,
    },
    /// It may not.
    #[default]
    EndEntity,
}

impl CaRole {
    /// cfssl's triple of fields: a length of 0 counts only where `zero` says so, -1 means none.
    ///
    /// # Errors
    ///
    /// The length itself where it is below -1, which no certificate can hold.
    pub(super) fn authority(length: i64, zero: bool) -> std::result::Result<Self, i64> {
        let path_len = match length {
            -1 => None,
            0 => zero.then_some(0),
            _ => Some(u32::try_from(length).map_err(|_| length)?),
        };
        Ok(Self::Authority { path_len })
    }
}

impl SigningProfile {
    /// cfssl's built-in default: TLS server and client, one year.
    #[must_use]
    pub fn built_in() -> Self {
        let words = ["signing", "key encipherment", "server auth", "client auth"];
        Self {
            usages: words.into_iter().filter_map(Usage::from_word).collect(),
            expiry: GoDuration::from_hours(8760),
            ..Self::default()
        }
    }

    /// What `-initca` signs with where the request does not say otherwise: a CA for five years.
    #[must_use]
    pub fn built_in_authority() -> Self {
        Self {
            usages: ["cert sign", "crl sign"].into_iter().filter_map(Usage::from_word).collect(),
            expiry: GoDuration::from_hours(43800),
            ca: CaRole::Authority { path_len: None },
            ..Self::default()
        }
    }

    pub(super) fn read(reading: &mut Reading<'_>, object: &Object<'_>, sections: &Sections) -> Result<Self> {
        for key in ["Expiry", "Backdate"] {
            if object
                .integer_of(reading, key, "time.Duration")
                .map_err(|error| error.hint(format!("the key is `{}`, in lower case", key.to_lowercase())))?
                .is_some()
            {
                let warning = Warning::new(WarningKind::Ignored, "has no effect").hint(format!(
                    "write `{}`, in lower case, and a text such as \"8760h\"",
                    key.to_lowercase()
                ));
                reading.warn(warning.at_path(&object.child_path(key)));
            }
        }
        let auth_remote = object.object(reading, "auth_remote", AUTH_REMOTE)?;
        let mut remote = RemoteSigner::read(reading, object, auth_remote.as_ref(), sections)?;
        let mut profile = Self {
            issuer_urls: object.texts(reading, "issuer_urls")?,
            ocsp_url: object.text_or_default(reading, "ocsp_url")?,
            crl_url: object.text_or_default(reading, "crl_url")?,
            ca: read_ca_role(reading, object)?,
            ocsp_no_check: object.boolean(reading, "ocsp_no_check")?,
            copy_extensions: object.boolean(reading, "copy_extensions")?,
            client_provides_serial_numbers: object.boolean(reading, "ClientProvidesSerialNumbers")?,
            ct_log_servers: object.texts(reading, "ct_log_servers")?.unwrap_or_default(),
            ignored_lints: object.texts(reading, "ignored_lints")?.unwrap_or_default(),
            ignored_lint_sources: object.texts(reading, "ignored_lint_sources")?.unwrap_or_default(),
            cert_store: object.text_or_default(reading, "cert_store")?,
            lint_error_level: read_lint_level(reading, object)?,
            not_before: read_moment(reading, object, "not_before")?,
            not_after: read_moment(reading, object, "not_after")?,
            policies: CertificatePolicy::read_all(reading, object)?,
            allowed_extensions: read_oids(reading, object)?,
            csr_whitelist: CsrWhitelist::read(reading, object)?,
            name_constraints: NameConstraints::read(reading, object)?,
            ..Self::default()
        };
        profile.read_usages(reading, object)?;
        if profile.name_constraints.is_some() && profile.ca == CaRole::EndEntity {
            let warning = Warning::new(WarningKind::Ignored, "has no effect on a profile that makes no CA");
            reading.warn(warning.at_path(&object.child_path(name_constraints::KEY)));
        }
        if remote.is_none() {
            profile.expiry = read_lifetime(reading, object)?;
            profile.backdate = read_duration(reading, object, "backdate")?.unwrap_or_default();
            if let (Some(start), Some(end)) = (profile.not_before, profile.not_after)
                && end < start
            {
                return Err(Error::of(ErrorKind::InvalidPolicy)
                    .explain("the end of validity lies before its start")
                    .at_path(&object.child_path("not_after")));
            }
        }
        profile.auth_key = sections.auth_key_name(reading, object, "auth_key", "auth_key")?;
        profile.prev_auth_key = sections.auth_key_name(reading, object, "prev_auth_key", "prev_auth_key")?;
        if let Some(section) = &auth_remote {
            let key = sections.auth_key_name(reading, section, "auth_key", "auth_remote's auth_key")?;
            let named = !section.text_or_default(reading, "remote")?.is_empty();
            if named != key.is_some() {
                return Err(Error::new(ErrorKind::InvalidPolicy, "invalid configuration")
                    .explain("`remote` and `auth_key` belong together")
                    .at_path(section.path()));
            }
            if let Some(remote) = &mut remote {
                remote.auth_key = key;
            }
        }
        if let Some(pattern) = object.text(reading, "name_whitelist")?.filter(|pattern| !pattern.is_empty()) {
            let compiled = NameWhitelist::new(&pattern);
            profile.name_whitelist =
                Some(compiled.map_err(|error| error.at_path(&object.child_path("name_whitelist")))?);
        }
        profile.remote = remote;
        Ok(profile)
    }

    fn read_usages(&mut self, reading: &mut Reading<'_>, object: &Object<'_>) -> Result<()> {
        let words = object.texts(reading, "usages")?.unwrap_or_default();
        for (position, word) in words.into_iter().enumerate() {
            match Usage::from_word(&word) {
                Some(usage) => self.usages.push(usage),
                None => {
                    let path = format!("{}[{position}]", object.child_path("usages"));
                    let message = format!("unknown usage {}, ignored", crate::json::quote(&word));
                    let mut warning = Warning::new(WarningKind::UnknownUsage, message).at_path(&path);
                    let meant = reading.wants_suggestions().then(|| Usage::suggestion(&word));
                    if let Some(meant) = meant.flatten() {
                        warning = warning.hint(format!("did you mean `{meant}`?"));
                    }
                    match object.items(reading, "usages", "string")?.and_then(|items| items.get(position)) {
                        Some(item) => reading.warn_at(item, warning),
                        None => reading.warn(warning),
                    }
                    self.unknown_usages.push(word);
                }
            }
        }
        Ok(())
    }

    /// The profile as cfssl's JSON; keys with their default value are left out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let texts = |texts: &[String]| Value::array(texts.iter().map(Value::string));
        let mut members: Vec<(&str, Value)> = Vec::new();
        let mut add = |key, condition: bool, value: &dyn Fn() -> Value| {
            if condition {
                members.push((key, value()));
            }
        };
        let words = || {
            let known = self.usages.iter().map(|usage| Value::string(usage.word()));
            Value::array(known.chain(self.unknown_usages.iter().map(Value::string)))
        };
        add("usages", !self.usages.is_empty() || !self.unknown_usages.is_empty(), &words);
        let urls = self.issuer_urls.as_deref();
        add("issuer_urls", urls.is_some(), &|| texts(urls.unwrap_or_default()));
        add("ocsp_url", !self.ocsp_url.is_empty(), &|| Value::string(&self.ocsp_url));
        add("crl_url", !self.crl_url.is_empty(), &|| Value::string(&self.crl_url));
        if let CaRole::Authority { path_len } = self.ca {
            let constraint = [
                ("is_ca", Value::boolean(true)),
                ("max_path_len", Value::number(path_len.map_or(-1, i64::from))),
                ("max_path_len_zero", Value::boolean(path_len == Some(0))),
            ];
            add("ca_constraint", true, &|| Value::object(constraint.clone()));
        }
        add("ocsp_no_check", self.ocsp_no_check, &|| Value::boolean(true));
        add("expiry", self.remote.is_none(), &|| Value::string(self.expiry.to_string()));
        add("backdate", !self.backdate.is_zero(), &|| Value::string(self.backdate.to_string()));
        for (key, moment) in [("not_before", self.not_before), ("not_after", self.not_after)] {
            if let Some(moment) = moment {
                add(key, true, &|| Value::string(format_rfc3339(moment)));
            }
        }
        for (key, name) in [("auth_key", &self.auth_key), ("prev_auth_key", &self.prev_auth_key)] {
            if let Some(name) = name {
                add(key, true, &|| Value::string(name));
            }
        }
        if let Some(remote) = &self.remote {
            match &remote.auth_key {
                None => add("remote", true, &|| Value::string(&remote.name)),
                Some(key) => add("auth_remote", true, &|| {
                    Value::object([("remote", Value::string(&remote.name)), ("auth_key", Value::string(key))])
                }),
            }
        }
        if let Some(whitelist) = &self.name_whitelist {
            add("name_whitelist", true, &|| Value::string(whitelist.pattern()));
        }
        if let Some(whitelist) = self.csr_whitelist {
            add("CSRWhitelist", true, &|| whitelist.to_value());
        }
        add("policies", !self.policies.is_empty(), &|| {
            Value::array(self.policies.iter().map(CertificatePolicy::to_value))
        });
        if let Some(constraints) = &self.name_constraints {
            add(name_constraints::KEY, true, &|| constraints.to_value());
        }
        add("copy_extensions", self.copy_extensions, &|| Value::boolean(true));
        add("allowed_extensions", !self.allowed_extensions.is_empty(), &|| {
            Value::array(self.allowed_extensions.iter().map(|oid| Value::string(oid.to_string())))
        });
        add("ClientProvidesSerialNumbers", self.client_provides_serial_numbers, &|| Value::boolean(true));
        add("ct_log_servers", !self.ct_log_servers.is_empty(), &|| texts(&self.ct_log_servers));
        if let Some(level) = &self.lint_error_level {
            add("lint_error_level", true, &|| Value::string(level));
        }
        add("ignored_lints", !self.ignored_lints.is_empty(), &|| texts(&self.ignored_lints));
        add("ignored_lint_sources", !self.ignored_lint_sources.is_empty(), &|| {
            texts(&self.ignored_lint_sources)
        });
        add("cert_store", !self.cert_store.is_empty(), &|| Value::string(&self.cert_store));
        Value::object(members)
    }
}

fn read_ca_role(reading: &mut Reading<'_>, profile: &Object<'_>) -> Result<CaRole> {
    let Some(object) = profile.object(reading, "ca_constraint", CA_CONSTRAINT)? else {
        return Ok(CaRole::EndEntity);
    };
    let length = object.integer(reading, "max_path_len")?.unwrap_or_default();
    let zero = object.boolean(reading, "max_path_len_zero")?;
    if !object.boolean(reading, "is_ca")? {
        return Ok(CaRole::EndEntity);
    }
    CaRole::authority(length, zero).map_err(|length| {
        Error::of(ErrorKind::InvalidPolicy)
            .explain(format!("a path length of {length} cannot be written into a certificate"))
            .hint("write 0 or more, or -1 for none")
            .at_path(&object.child_path("max_path_len"))
    })
}

fn read_lint_level(reading: &mut Reading<'_>, profile: &Object<'_>) -> Result<Option<String>> {
    let Some(value) = profile.value("lint_error_level") else {
        return Ok(None);
    };
    let level = match &value.node {
        Node::String(level) if LINT_LEVELS.contains(&level.as_str()) => level.clone(),
        other => {
            let written = crate::json::compact(&other.clone().into());
            let message = format!("failed to unmarshal configuration: bad LintStatus JSON value: {written}");
            return Err(Error::new(ErrorKind::InvalidPolicy, message)
                .explain(format!("{written} is not a lint level"))
                .hint(format!("write one of {}", LINT_LEVELS.join(", ")))
                .at_path(&profile.child_path("lint_error_level")));
        }
    };
    if level != "reserved" {
        let warning =
            Warning::new(WarningKind::Ignored, "certificates are not linted; the level has no effect");
        reading.warn(warning.at_path(&profile.child_path("lint_error_level")));
    }
    Ok(Some(level))
}

/// `expiry`; or `expire` where that is all there is, which cfssl refuses and people write.
fn read_lifetime(reading: &mut Reading<'_>, object: &Object<'_>) -> Result<GoDuration> {
    let written = read_duration(reading, object, "expiry")?;
    if let Some(misspelt) = object.value(MISSPELT_EXPIRY) {
        let (message, hint) = match written {
            Some(_) => ("unknown key, ignored", "`expiry` is there too"),
            None => ("unknown key, read as `expiry`", "write `expiry`: cfssl refuses the file"),
        };
        let warning = Warning::new(WarningKind::UnknownKey, message).hint(hint);
        reading.warn_at(misspelt, warning.at_path(&object.child_path(MISSPELT_EXPIRY)));
    }
    match written {
        Some(lifetime) => Ok(lifetime),
        None => read_duration(reading, object, MISSPELT_EXPIRY)?.ok_or_else(|| {
            Error::new(ErrorKind::InvalidPolicy, "empty expiry string")
                .explain("the profile has no `expiry`")
                .hint("add one, such as \"expiry\": \"8760h\"")
                .at_path(object.path())
        }),
    }
}

fn read_duration(reading: &Reading<'_>, object: &Object<'_>, key: &str) -> Result<Option<GoDuration>> {
    let Some(text) = object.text(reading, key)?.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|error: Error| {
        let error = error.with_kind(ErrorKind::InvalidPolicy).at_path(&object.child_path(key));
        match object.value(key) {
            Some(value) => error.at_position(reading.position(value)),
            None => error,
        }
    })
}

fn read_moment(reading: &Reading<'_>, object: &Object<'_>, key: &str) -> Result<Option<OffsetDateTime>> {
    let text = match object.value(key) {
        None => return Ok(None),
        Some(Value { node: Node::String(text), .. }) => text,
        // Go's time reads its JSON by itself.
        Some(other) => {
            let words = "failed to unmarshal configuration: Time.UnmarshalJSON: input is not a JSON string";
            return Err(Error::new(ErrorKind::InvalidPolicy, words)
                .explain("a time is written as a text")
                .hint("write date and time with a zone in quotes, such as \"2026-11-22T13:57:00Z\"")
                .at_path(&object.child_path(key))
                .at_position(reading.position(other)));
        }
    };
    // Go's zero time means that nothing was said.
    if text == "0001-01-01T00:00:00Z" {
        return Ok(None);
    }
    parse_rfc3339(text).map(Some).map_err(|error| {
        error
            .with_kind(ErrorKind::InvalidPolicy)
            .prefixed("failed to unmarshal configuration: ")
            .at_path(&object.child_path(key))
    })
}

fn read_oids(reading: &Reading<'_>, object: &Object<'_>) -> Result<Vec<ObjectIdentifier>> {
    let items = object.items(reading, "allowed_extensions", "config.OID")?.unwrap_or_default();
    let parse = |(position, item): (usize, &Value)| {
        read_oid(reading, item).map_err(|error| {
            let path = format!("{}[{position}]", object.child_path("allowed_extensions"));
            error
                .with_kind(ErrorKind::InvalidPolicy)
                .prefixed("failed to unmarshal configuration: ")
                .at_path(&path)
        })
    };
    items.iter().enumerate().map(parse).collect()
}
