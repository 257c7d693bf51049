//! Which parts of the input become which files.

use zeroize::Zeroizing;

use crate::base64;
use crate::error::{Error, ErrorKind};
use crate::json::{Member, Node, Value};
use crate::output::FileKind;

/// How the payload is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapping {
    /// The document is the payload, as `cfssl` prints it.
    Bare,
    /// The payload is the `result` of an API server's reply.
    Envelope,
}

/// One file to be.
pub(super) struct Item {
    pub(super) suffix: &'static str,
    pub(super) kind: FileKind,
    pub(super) contents: Zeroizing<Vec<u8>>,
}

impl Item {
    fn new(suffix: &'static str, kind: FileKind, contents: impl Into<Vec<u8>>) -> Self {
        let contents = Zeroizing::new(contents.into());
        Self { suffix, kind, contents }
    }

    /// True for what cfssl takes for binary when it prints.
    pub(super) fn printed_as_base64(&self) -> bool {
        matches!(self.kind, FileKind::EncryptedKey | FileKind::OcspResponse)
    }
}

/// A fault and the byte of the input it was found at.
pub(super) struct Fault {
    pub(super) error: Error,
    pub(super) offset: Option<usize>,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { error, offset: None }
    }
}

type Result<T> = std::result::Result<T, Fault>;

/// Keys whose value is the text of a file. Of the two names the first that is present counts, even if
/// it is empty.
const TEXTS: [(&[&str], &str, FileKind); 4] = [
    (&["cert", "certificate"], ".pem", FileKind::Certificate),
    (&["key", "private_key"], "-key.pem", FileKind::PrivateKey),
    (&["encrypted_key"], "-key.enc", FileKind::EncryptedKey),
    (&["csr", "certificate_request"], ".csr", FileKind::Csr),
];

const BUNDLE: &str = "bundle";
const OCSP_RESPONSE: &str = "ocspResponse";

/// The files the document holds, in cfssl's order. Empty texts are left out.
pub(super) fn extract(document: &Value, wrapping: Wrapping) -> Result<Vec<Item>> {
    let mut payload = Payload::of(document, wrapping)?;
    let mut items = Vec::new();
    for (names, suffix, kind) in TEXTS {
        if let Some(text) = payload.first_text(names)? {
            items.push(Item::new(suffix, kind, text));
        }
    }
    if payload.get(BUNDLE).is_none() {
        payload.add_bundle_of_result();
    }
    push_bundle(&payload, &mut items)?;
    if let Some(text) = payload.first_text(&[OCSP_RESPONSE])? {
        let response = base64::decode(text.as_bytes()).ok_or_else(|| {
            let offset = base64::fault_offset(text.as_bytes()).unwrap_or_default();
            Error::new(
                ErrorKind::Json,
                format!("Failed to parse {OCSP_RESPONSE}: illegal base64 data at input byte {offset}"),
            )
        })?;
        items.push(Item::new("-response.der", FileKind::OcspResponse, response.to_vec()));
    }
    items.retain(|item| !item.contents.is_empty() || item.kind == FileKind::OcspResponse);
    Ok(items)
}

/// A string is what `cfssl bundle` prints; an object with its root is what an API server sends.
fn push_bundle(payload: &Payload<'_>, items: &mut Vec<Item>) -> Result<()> {
    let Some(bundle) = payload.get(BUNDLE) else {
        return Ok(());
    };
    if let Node::Object(_) = bundle.node {
        let part = |name: &str, fault: &str| {
            bundle.member(name).and_then(Value::as_str).ok_or_else(|| Fault {
                error: Error::new(ErrorKind::Json, fault),
                offset: Some(bundle.offset),
            })
        };
        let chain = part("bundle", "inner bundle parsing failed!")?;
        let root = part("root", "root parsing failed!")?;
        let whole = format!("{chain}\n{root}");
        items.push(Item::new("-bundle.pem", FileKind::Bundle, whole));
        items.push(Item::new("-root.pem", FileKind::Bundle, root));
    } else if let Some(text) = payload.first_text(&[BUNDLE])? {
        items.push(Item::new("-bundle.pem", FileKind::Bundle, text));
    }
    Ok(())
}

/// The members that hold the contents of files.
struct Payload<'d> {
    members: Vec<&'d Member>,
}

impl<'d> Payload<'d> {
    fn of(document: &'d Value, wrapping: Wrapping) -> Result<Self> {
        let go_type = match wrapping {
            Wrapping::Bare => "Go value of type map[string]interface {}",
            Wrapping::Envelope => "Go value of type main.Response",
        };
        let members = match &document.node {
            Node::Object(members) => members.as_slice(),
            Node::Null => &[],
            _ => return Err(mismatch(document, go_type)),
        };
        let whole = Self { members: members.iter().collect() };
        match wrapping {
            Wrapping::Envelope => Envelope::read(members)?.into_payload(&whole),
            Wrapping::Bare if whole.holds_a_file() => Ok(whole),
            // cfssl writes nothing here and says nothing.
            Wrapping::Bare if whole.get("success").is_some() => Envelope::read(members)?.into_payload(&whole),
            Wrapping::Bare => match whole.get("result").and_then(Value::members) {
                Some(members) => Ok(Self { members: members.iter().collect() }),
                None => Ok(whole),
            },
        }
    }

    /// The last value of exactly this name.
    fn get(&self, name: &str) -> Option<&'d Value> {
        let found = self.members.iter().rfind(|member| member.key == name);
        found.map(|member| &member.value)
    }

    fn first_text(&self, names: &[&'static str]) -> Result<Option<&'d str>> {
        let Some((name, value)) = names.iter().find_map(|name| Some((*name, self.get(name)?))) else {
            return Ok(None);
        };
        match &value.node {
            Node::String(text) => Ok(Some(text)),
            other => Err(Fault {
                error: Error::new(
                    ErrorKind::Json,
                    format!(
                        "Failed to parse input: {name}: expected a string, found {}",
                        with_article(other)
                    ),
                ),
                offset: Some(value.offset),
            }),
        }
    }

    fn holds_a_file(&self) -> bool {
        let texts = TEXTS.iter().flat_map(|(names, _, _)| names.iter().copied());
        let mut names = texts.chain([BUNDLE, OCSP_RESPONSE]);
        names.any(|name| self.get(name).is_some())
    }

    /// cfssl finds `result.bundle` beside the other keys, too.
    fn add_bundle_of_result(&mut self) {
        let result = self.get("result").and_then(Value::members);
        let bundles = result
            .unwrap_or_default()
            .iter()
            .filter(|member| member.key == BUNDLE && matches!(member.value.node, Node::Object(_)));
        self.members.extend(bundles);
    }
}

/// The reply of an API server, read as Go's decoder reads it.
#[derive(Default)]
struct Envelope<'d> {
    success: bool,
    result: Vec<&'d Member>,
    errors: Vec<String>,
}

impl<'d> Envelope<'d> {
    fn read(members: &'d [Member]) -> Result<Self> {
        let mut envelope = Self::default();
        for Member { key, value, .. } in members {
            let key = folded(key);
            match (key.as_str(), &value.node) {
                ("success", Node::Bool(success)) => envelope.success = *success,
                ("result", Node::Object(result)) => envelope.result.extend(result),
                ("result", Node::Null) => envelope.result.clear(),
                ("errors", Node::Array(errors)) => envelope.errors = messages("errors", errors)?,
                ("errors", Node::Null) => envelope.errors.clear(),
                ("messages", Node::Array(items)) => {
                    messages("messages", items)?;
                }
                ("success" | "messages", Node::Null) => {}
                ("success", _) => {
                    return Err(mismatch(value, "Go struct field Response.success of type bool"));
                }
                ("result", _) => {
                    let go_type = "Go struct field Response.result of type map[string]interface {}";
                    return Err(mismatch(value, go_type));
                }
                ("errors" | "messages", _) => {
                    let go_type = format!("Go struct field Response.{key} of type []main.ResponseMessage");
                    return Err(mismatch(value, &go_type));
                }
                _ => {}
            }
        }
        Ok(envelope)
    }

    fn into_payload(self, whole: &Payload<'d>) -> Result<Payload<'d>> {
        if self.success {
            return Ok(Payload { members: self.result });
        }
        let mut text = String::from("Request failed:");
        for message in &self.errors {
            text.push_str("\n\t");
            text.push_str(message);
        }
        let error = Error::new(ErrorKind::Json, text);
        Err(if whole.holds_a_file() {
            error
                .explain("the input is what cfssl itself prints, not the reply of an API server")
                .hint("add -bare")
                .into()
        } else {
            error.into()
        })
    }
}

fn messages(field: &str, items: &[Value]) -> Result<Vec<String>> {
    let go_field = |rest: &str| format!("Go struct field Response{rest}");
    let mut texts = Vec::new();
    for item in items {
        let mut text = String::new();
        let members = match &item.node {
            Node::Object(members) => members.as_slice(),
            Node::Null => &[],
            _ => {
                let go_type = go_field(&format!(".{field} of type main.ResponseMessage"));
                return Err(mismatch(item, &go_type));
            }
        };
        for Member { key, value, .. } in members {
            let (name, go_type) = match (folded(key).as_str(), &value.node) {
                ("message", Node::String(message)) => {
                    text.clone_from(message);
                    continue;
                }
                ("message", node) if *node != Node::Null => ("message", "string"),
                ("int", node) if !matches!(node, Node::Null | Node::Number(_)) => ("int", "int"),
                _ => continue,
            };
            let go_type = go_field(&format!("Message.{field}.{name} of type {go_type}"));
            return Err(mismatch(value, &go_type));
        }
        texts.push(text);
    }
    Ok(texts)
}

/// The key as Go compares it: without case, two letters outside ASCII included.
fn folded(key: &str) -> String {
    key.chars()
        .map(|letter| match letter {
            '\u{17f}' => 's',
            '\u{212a}' => 'k',
            letter => letter.to_ascii_lowercase(),
        })
        .collect()
}

fn mismatch(value: &Value, go_type: &str) -> Fault {
    let kind = value.node.kind();
    Fault {
        error: Error::new(
            ErrorKind::Json,
            format!("Failed to parse input: json: cannot unmarshal {kind} into {go_type}"),
        ),
        offset: Some(value.offset),
    }
}

fn with_article(node: &Node) -> &'static str {
    match node {
        Node::Null => "null",
        Node::Bool(_) => "a boolean",
        Node::Number(_) => "a number",
        Node::String(_) => "a string",
        Node::Array(_) => "an array",
        Node::Object(_) => "an object",
    }
}
