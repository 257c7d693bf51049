//! The certificate request as people write it: cfssl's CSR JSON.

use super::host::Host;
use super::key_request::{self, KeyRequest};
use super::profile::CaRole;
use crate::base64;
use crate::json::{GoDuration, Node, Object, Reading, Shape, Value, indented, parse};
use crate::{Error, ErrorKind, Result, Warning, WarningKind};
use der::asn1::ObjectIdentifier;

const REQUEST: Shape = Shape {
    go_type: "csr.CertificateRequest",
    keys: &[
        "CN",
        "names",
        "hosts",
        "key",
        "ca",
        "serialnumber",
        "delegation_enabled",
        "extensions",
        "crl_url",
    ],
};
const NAME: Shape =
    Shape { go_type: "csr.Name", keys: &["C", "ST", "L", "O", "OU", "E", "SerialNumber", "OID"] };
const CA: Shape = Shape { go_type: "csr.CAConfig", keys: &["pathlen", "pathlenzero", "expiry", "backdate"] };
const EXTENSION: Shape = Shape { go_type: "pkix.Extension", keys: &["Id", "Critical", "Value"] };

/// What a certificate or a CSR is asked to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateRequest {
    /// The subject's common name; empty: none.
    pub common_name: String,
    /// The rest of the subject. Values of one kind from all entries share one attribute set.
    pub names: Vec<NameEntry>,
    /// Hosts as written; [`Host::classify`] tells their kind.
    pub hosts: Vec<String>,
    /// The key to generate.
    pub key: KeyRequest,
    /// What a CA asks for; only where a CA is made.
    pub ca: Option<CaRequest>,
    /// The subject's serialNumber attribute; empty: none. Not the certificate's serial number.
    pub serial_number: String,
    /// Whether to ask for the delegation usage extension 1.3.6.1.4.1.44363.44.
    pub delegation_enabled: bool,
    /// Further extensions of the CSR, as they are.
    pub extensions: Vec<RequestedExtension>,
    /// Where the CA's own CRL will be; only where a CA is made.
    pub crl_url: String,
}

/// One entry of `names`. Empty strings are absent values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameEntry {
    /// `C`, the country.
    pub country: String,
    /// `ST`, the state or province.
    pub province: String,
    /// `L`, the locality.
    pub locality: String,
    /// `O`, the organization; Kubernetes reads groups from it.
    pub organization: String,
    /// `OU`, the organizational unit.
    pub organizational_unit: String,
    /// `E`, the mail address.
    pub email: String,
    /// `SerialNumber`, which cfssl reads and does not use.
    pub serial_number: String,
    /// Further attributes: dotted identifier and value, in the order of the file.
    pub oids: Vec<(String, String)>,
}

/// The `ca` section: what a new CA certificate is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaRequest {
    /// `pathlen`: how many authorities may stand below; 0 counts only with `pathlenzero`.
    pub path_len: i64,
    /// `pathlenzero`: whether a `pathlen` of 0 is meant.
    pub path_len_zero: bool,
    /// `expiry` as written; empty: five years.
    pub expiry: String,
    /// `backdate` as written; empty: five minutes.
    pub backdate: String,
}

/// An extension that the CSR carries as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedExtension {
    /// The extension's identifier.
    pub id: ObjectIdentifier,
    /// Whether it is critical.
    pub critical: bool,
    /// The DER of its value.
    pub value: Vec<u8>,
}

impl CertificateRequest {
    /// Reads a request and drops the warnings.
    ///
    /// # Errors
    ///
    /// As [`from_json_with_warnings`](Self::from_json_with_warnings).
    pub fn from_json(text: &[u8]) -> Result<Self> {
        Self::from_json_with_warnings(text).map(|(request, _)| request)
    }

    /// Reads a request, and says which of its keys mean nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] with JSON path, line and column where it is malformed or holds a value of the
    /// wrong type.
    pub fn from_json_with_warnings(text: &[u8]) -> Result<(Self, Vec<Warning>)> {
        let document = parse(text)?;
        let mut reading = Reading::new(text);
        let request = Self::read(&mut reading, &document)?;
        Ok((request, reading.into_warnings()))
    }

    fn read(reading: &mut Reading<'_>, document: &Value) -> Result<Self> {
        let object = reading.root(document, REQUEST)?;
        let common_name = object.text_or_default(reading, "CN")?;
        let names = NameEntry::read_all(reading, &object)?;
        let hosts = object.texts(reading, "hosts")?.unwrap_or_default();
        let key = match object.object(reading, "key", key_request::SHAPE)? {
            Some(key) => KeyRequest::read(reading, &key)?,
            None => KeyRequest::default(),
        };
        let ca = match object.object(reading, "ca", CA)? {
            Some(ca) => Some(CaRequest::read(reading, &ca)?),
            None => None,
        };
        let mut extensions = Vec::new();
        for extension in object.objects(reading, "extensions", EXTENSION)?.unwrap_or_default() {
            extensions.push(RequestedExtension::read(reading, &extension)?);
        }
        Ok(Self {
            common_name,
            names,
            hosts,
            key,
            ca,
            serial_number: object.text_or_default(reading, "serialnumber")?,
            delegation_enabled: object.boolean(reading, "delegation_enabled")?,
            extensions,
            crl_url: object.text_or_default(reading, "crl_url")?,
        })
    }

    /// The hosts by kind. A lone blank entry, which one-liners are full of, is no host at all; blank ones
    /// among others are left out with a warning.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadRequest`] for a host that no certificate can hold; see [`Host::classify`].
    pub fn classified_hosts(&self) -> Result<(Vec<Host>, Vec<Warning>)> {
        let mut hosts = Vec::with_capacity(self.hosts.len());
        let mut warnings = Vec::new();
        if let [only] = self.hosts.as_slice()
            && only.trim().is_empty()
        {
            return Ok((hosts, warnings));
        }
        for (position, text) in self.hosts.iter().enumerate() {
            let path = format!("hosts[{position}]");
            if text.trim().is_empty() {
                let warning = Warning::new(WarningKind::BlankHost, "blank host, left out of the certificate");
                warnings.push(warning.at_path(&path));
                continue;
            }
            let host = Host::classify(text).map_err(|error| error.at_path(&path))?;
            warnings.extend(doubts(text, &host).map(|warning| warning.at_path(&path)));
            hosts.push(host);
        }
        Ok((hosts, warnings))
    }

    /// The request as cfssl's JSON, indented by four blanks.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut members = Vec::new();
        if !self.common_name.is_empty() {
            members.push(("CN", Value::string(&self.common_name)));
        }
        if !self.hosts.is_empty() {
            members.push(("hosts", Value::array(self.hosts.iter().map(Value::string))));
        }
        members.push(("key", self.key.to_value()));
        if !self.names.is_empty() {
            members.push(("names", Value::array(self.names.iter().map(NameEntry::to_value))));
        }
        if let Some(ca) = &self.ca {
            members.push(("ca", ca.to_value()));
        }
        if !self.serial_number.is_empty() {
            members.push(("serialnumber", Value::string(&self.serial_number)));
        }
        if self.delegation_enabled {
            members.push(("delegation_enabled", Value::boolean(true)));
        }
        if !self.extensions.is_empty() {
            members
                .push(("extensions", Value::array(self.extensions.iter().map(RequestedExtension::to_value))));
        }
        if !self.crl_url.is_empty() {
            members.push(("crl_url", Value::string(&self.crl_url)));
        }
        indented(&Value::object(members), "    ")
    }
}

/// What about a host is probably not meant.
fn doubts(text: &str, host: &Host) -> Option<Warning> {
    let quoted = crate::json::quote(text);
    if host.is_uri_by_accident() {
        let message = format!("the host {quoted} becomes a URI, which no client compares with a host name");
        return Some(
            Warning::new(WarningKind::UriByAccident, message)
                .hint("write the bare name or address, without port, path or zone"),
        );
    }
    let Host::Dns(name) = host else {
        return None;
    };
    if name.contains(['/', ':'])
        || name.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    {
        let message = format!("the host {quoted} becomes a DNS name that no client will ask for");
        return Some(
            Warning::new(WarningKind::Unwise, message)
                .hint("write the bare name or address, without blanks, port or mask"),
        );
    }
    let looks_numeric =
        name.split('.').count() == 4 && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    looks_numeric.then(|| {
        let message = format!("{quoted} is not an IP address and becomes a DNS name");
        Warning::new(WarningKind::Unwise, message)
            .hint("write four numbers from 0 to 255 without leading zeros")
    })
}

impl NameEntry {
    pub(super) fn read_all(reading: &mut Reading<'_>, holder: &Object<'_>) -> Result<Vec<Self>> {
        let objects = holder.objects(reading, "names", NAME)?.unwrap_or_default();
        objects.iter().map(|object| Self::read(reading, object)).collect()
    }

    fn read(reading: &mut Reading<'_>, object: &Object<'_>) -> Result<Self> {
        let mut oids = Vec::new();
        for (id, value) in object.entries(reading, "OID", "map[string]string")?.unwrap_or_default() {
            let text = match &value.node {
                Node::String(text) => text.clone(),
                Node::Null => String::new(),
                _ => {
                    let path = format!("{}.{id}", object.child_path("OID"));
                    return Err(object.wrong_type(reading, "OID", value, "string", &path));
                }
            };
            oids.push((id.to_owned(), text));
        }
        let serial_number = object.text_or_default(reading, "SerialNumber")?;
        if !serial_number.is_empty() {
            let warning = Warning::new(WarningKind::Ignored, "has no effect here")
                .hint("write `serialnumber` beside `CN` for the subject's serial number");
            reading.warn(warning.at_path(&object.child_path("SerialNumber")));
        }
        Ok(Self {
            country: object.text_or_default(reading, "C")?,
            province: object.text_or_default(reading, "ST")?,
            locality: object.text_or_default(reading, "L")?,
            organization: object.text_or_default(reading, "O")?,
            organizational_unit: object.text_or_default(reading, "OU")?,
            email: object.text_or_default(reading, "E")?,
            serial_number,
            oids,
        })
    }

    /// True where no part of the name that cfssl asks of a CA is more than blanks.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.country, &self.province, &self.locality, &self.organization, &self.organizational_unit]
            .into_iter()
            .all(|value| value.trim().is_empty())
    }

    fn to_value(&self) -> Value {
        let fields = [
            ("C", &self.country),
            ("ST", &self.province),
            ("L", &self.locality),
            ("O", &self.organization),
            ("OU", &self.organizational_unit),
            ("E", &self.email),
            ("SerialNumber", &self.serial_number),
        ];
        let mut members: Vec<_> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (key, Value::string(value)))
            .collect();
        if !self.oids.is_empty() {
            let oids = self.oids.iter().map(|(id, value)| (id.as_str(), Value::string(value)));
            members.push(("OID", Value::object(oids)));
        }
        Value::object(members)
    }
}

impl CaRequest {
    fn read(reading: &Reading<'_>, object: &Object<'_>) -> Result<Self> {
        Ok(Self {
            path_len: object.integer(reading, "pathlen")?.unwrap_or_default(),
            path_len_zero: object.boolean(reading, "pathlenzero")?,
            expiry: object.text_or_default(reading, "expiry")?,
            backdate: object.text_or_default(reading, "backdate")?,
        })
    }

    /// How long the CA is to be valid, where the request says so.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Duration`] for a malformed duration.
    pub fn lifetime(&self) -> Result<Option<GoDuration>> {
        optional_duration(&self.expiry, "ca.expiry")
    }

    /// How far before now the CA starts to be valid, where the request says so.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Duration`] for a malformed duration.
    pub fn backdating(&self) -> Result<Option<GoDuration>> {
        optional_duration(&self.backdate, "ca.backdate")
    }

    /// The basic constraints asked for: always an authority.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for a path length below -1, which no certificate can hold.
    pub fn role(&self) -> Result<CaRole> {
        CaRole::authority(self.path_len, self.path_len_zero).map_err(|length| {
            Error::new(ErrorKind::InvalidRequest, format!("invalid path length {length}"))
                .explain(format!("a path length of {length} cannot be written into a certificate"))
                .hint("write 0 or more, or -1 for none")
                .at_path("ca.pathlen")
        })
    }

    fn to_value(&self) -> Value {
        let mut members = Vec::new();
        if self.path_len != 0 {
            members.push(("pathlen", Value::number(self.path_len)));
        }
        if self.path_len_zero {
            members.push(("pathlenzero", Value::boolean(true)));
        }
        for (key, text) in [("expiry", &self.expiry), ("backdate", &self.backdate)] {
            if !text.is_empty() {
                members.push((key, Value::string(text)));
            }
        }
        Value::object(members)
    }
}

fn optional_duration(text: &str, path: &str) -> Result<Option<GoDuration>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error: Error| error.at_path(path))
}

impl RequestedExtension {
    fn read(reading: &Reading<'_>, object: &Object<'_>) -> Result<Self> {
        let mut arcs = Vec::new();
        if let Some(other) = object.value("Id").filter(|value| !matches!(value.node, Node::Array(_))) {
            let path = object.child_path("Id");
            return Err(object.wrong_type(reading, "Id", other, "asn1.ObjectIdentifier", &path));
        }
        for (position, item) in object.items(reading, "Id", "int")?.unwrap_or_default().iter().enumerate() {
            match &item.node {
                Node::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                    arcs.push(number.as_str())
                }
                _ => {
                    let path = format!("{}[{position}]", object.child_path("Id"));
                    return Err(object.wrong_type(reading, "Id", item, "int", &path));
                }
            }
        }
        let id = ObjectIdentifier::new(&arcs.join(".")).map_err(|_| {
            Error::new(ErrorKind::BadRequest, "asn1: structure error: invalid object identifier")
                .explain("the numbers do not make an object identifier")
                .hint("write it as a list such as [1, 2, 3, 4]")
                .at_path(&object.child_path("Id"))
        })?;
        let value = Self::read_value(reading, object)?;
        Ok(Self { id, critical: object.boolean(reading, "Critical")?, value })
    }

    /// Base64, or as Go reads bytes, too: a list of numbers.
    fn read_value(reading: &Reading<'_>, object: &Object<'_>) -> Result<Vec<u8>> {
        if let Some(Value { node: Node::Array(items), .. }) = object.value("Value") {
            let byte = |(position, item): (usize, &Value)| match &item.node {
                Node::Null => Ok(0),
                Node::Number(number) if number.parse::<u8>().is_ok() => {
                    Ok(number.parse().unwrap_or_default())
                }
                _ => {
                    let path = format!("{}[{position}]", object.child_path("Value"));
                    Err(object.wrong_type(reading, "Value", item, "uint8", &path))
                }
            };
            return items.iter().enumerate().map(byte).collect();
        }
        let text = match object.value("Value") {
            None => return Ok(Vec::new()),
            Some(Value { node: Node::String(text), .. }) => text,
            Some(other) => {
                return Err(object.wrong_type(
                    reading,
                    "Value",
                    other,
                    "[]uint8",
                    &object.child_path("Value"),
                ));
            }
        };
        let value = base64::decode(text.as_bytes()).ok_or_else(|| {
            let offset = base64::fault_offset(text.as_bytes()).unwrap_or_default();
            Error::new(ErrorKind::Json, format!("illegal base64 data at input byte {offset}"))
                .explain("the value is not Base64")
                .at_path(&object.child_path("Value"))
        })?;
        Ok(value.to_vec())
    }

    fn to_value(&self) -> Value {
        Value::object([
            ("Id", Value::array(self.id.arcs().map(Value::number))),
            ("Critical", Value::boolean(self.critical)),
            ("Value", Value::string(base64::encode(&self.value))),
        ])
    }
}
