//! Name constraints (RFC 5280 section 4.2.1.10): which names a CA's certificates may carry.

use super::host::Host;
use crate::json::{Node, Object, Reading, Shape, Value, did_you_mean};
use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::net::IpAddr;

pub(super) const KEY: &str = "name_constraints";
const CONSTRAINTS: Shape = Shape { go_type: "config.NameConstraints", keys: &["permitted", "excluded"] };
const SUBTREES: Shape = Shape { go_type: "config.NameSubtrees", keys: &["dns", "email", "ip", "uri"] };

/// What the certificates below a CA may be called. cfssl has no such setting; ours is
/// `"name_constraints": {"permitted": {"dns": ["example.com"], "ip": ["10.0.0.0/8"]}, "excluded": {…}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// A name of a kind that stands here must lie in one of the subtrees of that kind.
    pub permitted: Vec<NameSubtree>,
    /// A name must lie in none of these.
    pub excluded: Vec<NameSubtree>,
}

/// A set of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameSubtree {
    /// A domain with all below it; with a leading dot only what is below it.
    Dns(String),
    /// A mailbox, all mailboxes of a host, or with a leading dot those of all hosts below a domain.
    Email(String),
    /// All addresses that begin like this one.
    Ip {
        /// The network.
        address: IpAddr,
        /// How many leading bits count.
        prefix: u8,
    },
    /// URIs at a host, or with a leading dot at all hosts below a domain.
    Uri(String),
}

/// Why a name is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation<'c> {
    /// It lies in an excluded subtree.
    Excluded(&'c NameSubtree),
    /// There are permitted subtrees of its kind, and it lies in none.
    NotPermitted,
}

impl NameConstraints {
    pub(super) fn read(reading: &mut Reading<'_>, profile: &Object<'_>) -> Result<Option<Self>> {
        let Some(object) = profile.object(reading, KEY, CONSTRAINTS)? else {
            return Ok(None);
        };
        refuse_unknown_keys(profile, KEY, CONSTRAINTS)?;
        let constraints = Self {
            permitted: NameSubtree::read_all(reading, &object, "permitted")?,
            excluded: NameSubtree::read_all(reading, &object, "excluded")?,
        };
        match constraints.is_empty() {
            true => Err(nothing(&profile.child_path(KEY))),
            false => Ok(Some(constraints)),
        }
    }

    /// True where nothing is constrained.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.permitted.is_empty() && self.excluded.is_empty()
    }

    /// Whether a certificate below the CA may carry the name.
    ///
    /// # Errors
    ///
    /// The [`Violation`].
    pub fn check(&self, host: &Host) -> std::result::Result<(), Violation<'_>> {
        if let Some(subtree) = self.excluded.iter().find(|subtree| subtree.contains(host)) {
            return Err(Violation::Excluded(subtree));
        }
        // The dot at its end makes a name one that RFC 5280 does not have: it is in no subtree for those who check.
        let is_odd = matches!(host, Host::Dns(name) if name.ends_with('.'));
        let mut same_kind = self.permitted.iter().filter(|subtree| subtree.is_of_kind(host)).peekable();
        if same_kind.peek().is_none() || !is_odd && same_kind.any(|subtree| subtree.contains(host)) {
            return Ok(());
        }
        Err(Violation::NotPermitted)
    }

    /// The hosts of kinds that are constrained, which are those to [`check`](Self::check); `None` where they are so many
    /// that comparing them would take more than 250,000 comparisons, at which Go and openssl refuse a certificate too.
    pub(crate) fn comparable<'h>(&self, hosts: impl IntoIterator<Item = &'h Host>) -> Option<Vec<&'h Host>> {
        const MOST_COMPARISONS: usize = 250_000;
        let subtrees = || self.permitted.iter().chain(&self.excluded);
        // One of each kind tells which hosts are meant.
        let mut kinds: Vec<&NameSubtree> = Vec::new();
        for subtree in subtrees() {
            if !kinds.iter().any(|kind| kind.key() == subtree.key()) {
                kinds.push(subtree);
            }
        }
        let is_constrained = |host: &&Host| kinds.iter().any(|kind| kind.is_of_kind(host));
        let hosts: Vec<&Host> = hosts.into_iter().filter(is_constrained).collect();
        (subtrees().count().saturating_mul(hosts.len()) <= MOST_COMPARISONS).then_some(hosts)
    }

    pub(super) fn to_value(&self) -> Value {
        let side = |subtrees: &[NameSubtree]| {
            Value::object(SUBTREES.keys.iter().filter_map(|key| {
                let texts: Vec<Value> = subtrees
                    .iter()
                    .filter(|subtree| subtree.key() == *key)
                    .map(|subtree| Value::string(subtree.to_string()))
                    .collect();
                (!texts.is_empty()).then(|| (*key, Value::array(texts)))
            }))
        };
        let sides = [("permitted", &self.permitted), ("excluded", &self.excluded)];
        let sides = sides.into_iter().filter(|(_, subtrees)| !subtrees.is_empty());
        Value::object(sides.map(|(key, subtrees)| (key, side(subtrees))))
    }
}

impl NameSubtree {
    fn read_all(reading: &mut Reading<'_>, constraints: &Object<'_>, key: &str) -> Result<Vec<Self>> {
        let Some(object) = constraints.object(reading, key, SUBTREES)? else {
            return Ok(Vec::new());
        };
        refuse_unknown_keys(constraints, key, SUBTREES)?;
        let mut subtrees = Vec::new();
        for kind in SUBTREES.keys {
            let texts = object.texts(reading, kind)?;
            if texts.as_ref().is_some_and(Vec::is_empty) {
                return Err(nothing(&object.child_path(kind)));
            }
            for (position, text) in texts.unwrap_or_default().into_iter().enumerate() {
                let subtree = Self::new(kind, text)
                    .map_err(|error| error.at_path(&format!("{}[{position}]", object.child_path(kind))))?;
                subtrees.push(subtree);
            }
        }
        match subtrees.is_empty() {
            true => Err(nothing(object.path())),
            false => Ok(subtrees),
        }
    }

    fn new(kind: &str, text: String) -> Result<Self> {
        let malformed = |hint: &str| {
            Error::new(ErrorKind::InvalidPolicy, "invalid name constraint")
                .explain(format!("{} cannot constrain names", crate::json::quote(&text)))
                .hint(hint.to_owned())
        };
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(malformed("write a name in ASCII, without blanks"));
        }
        let (mailbox, host) = match kind {
            "email" => text.rsplit_once('@').map_or((None, text.as_str()), |(name, at)| (Some(name), at)),
            _ => (None, text.as_str()),
        };
        if kind != "ip" && host.strip_prefix('.').unwrap_or(host).split('.').any(str::is_empty) {
            let meant = host.trim_matches('.');
            return Err(malformed(&match meant {
                "" => "write a domain such as `example.com`".to_owned(),
                meant => format!("no name would match; write `{meant}`"),
            }));
        }
        Ok(match kind {
            "email" if mailbox == Some("") => {
                let hint = format!("no address would match; write `{host}` for all mailboxes of that host");
                return Err(malformed(&hint));
            }
            "email" if text.contains(['*', '/', ':']) || mailbox.is_some() && host.starts_with('.') => {
                let hint = "write a mailbox, a host, or with a leading dot a domain, such as `.example.com`";
                return Err(malformed(hint));
            }
            "dns" if text.contains(['*', ':', '/', '@']) => {
                return Err(malformed("write a domain such as `example.com`, which holds all below it"));
            }
            "dns" => Self::Dns(text),
            "email" => Self::Email(text),
            "uri" if text.contains(['*', ':', '/', '@']) => {
                return Err(malformed("write the host of the URIs, such as `example.com` or `.example.com`"));
            }
            "uri" => Self::Uri(text),
            _ => {
                let hint = "write a network such as `10.0.0.0/8` or `fd00::/8`";
                let (address, prefix) = text.split_once('/').ok_or_else(|| malformed(hint))?;
                let address: IpAddr = address.parse().map_err(|_| malformed(hint))?;
                let bits = if address.is_ipv4() { 32 } else { 128 };
                let prefix = prefix.parse().ok().filter(|prefix| *prefix <= bits);
                let prefix = prefix.ok_or_else(|| malformed(hint))?;
                let network = network(address, prefix);
                if network != address {
                    return Err(malformed(&format!(
                        "programs read it in different ways; write `{network}/{prefix}`, or `{address}/{bits}` for \
                         the one address"
                    )));
                }
                Self::Ip { address, prefix }
            }
        })
    }

    fn key(&self) -> &'static str {
        match self {
            Self::Dns(_) => "dns",
            Self::Email(_) => "email",
            Self::Ip { .. } => "ip",
            Self::Uri(_) => "uri",
        }
    }

    fn is_of_kind(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Dns(_), Host::Dns(_))
            | (Self::Email(_), Host::Email(_))
            | (Self::Uri(_), Host::Uri(_)) => true,
            // An IPv4 subtree says nothing of IPv6, and the reverse: they are of one kind all the same.
            (Self::Ip { .. }, Host::Ip(_)) => true,
            _ => false,
        }
    }

    /// Whether the name lies in the subtree.
    #[must_use]
    pub fn contains(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::Dns(domain), Host::Dns(name)) => {
                let name = name.strip_prefix("*.").unwrap_or(name).trim_end_matches('.');
                // The empty domain is the root, with all names below it.
                domain.is_empty()
                    || is_below(name, domain)
                    || (!domain.starts_with('.') && name.eq_ignore_ascii_case(domain))
            }
            (Self::Email(subtree), Host::Email(address)) => {
                let (mailbox, host) = address.rsplit_once('@').unwrap_or(("", address));
                match subtree.rsplit_once('@') {
                    // Letters of another case are another mailbox, but the same host (section 4.2.1.10).
                    Some((name, at)) => name == mailbox && at.eq_ignore_ascii_case(host),
                    None => at_host(host, subtree),
                }
            }
            (Self::Ip { address, prefix }, Host::Ip(other)) => match (address, other) {
                (IpAddr::V4(network), IpAddr::V4(other)) => {
                    let shift = 32u32.saturating_sub(u32::from(*prefix));
                    (u64::from(network.to_bits()) >> shift) == (u64::from(other.to_bits()) >> shift)
                }
                (IpAddr::V6(network), IpAddr::V6(other)) => {
                    let shift = 128u32.saturating_sub(u32::from(*prefix));
                    network.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
                }
                _ => false,
            },
            (Self::Uri(subtree), Host::Uri(uri)) => uri_host(uri).is_some_and(|host| at_host(host, subtree)),
            _ => false,
        }
    }
}

impl fmt::Display for NameSubtree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(text) | Self::Email(text) | Self::Uri(text) => f.write_str(text),
            Self::Ip { address, prefix } => write!(f, "{address}/{prefix}"),
        }
    }
}

/// A limit that is misspelt would not hold, and nobody would notice: cfssl has none, so no file rests on its habits.
fn refuse_unknown_keys(parent: &Object<'_>, key: &str, shape: Shape) -> Result<()> {
    let members = match parent.value(key).map(|value| &value.node) {
        Some(Node::Object(members)) => members.as_slice(),
        _ => &[],
    };
    let is_known = |key: &str| shape.keys.iter().any(|known| known.eq_ignore_ascii_case(key));
    match members.iter().find(|member| !is_known(&member.key)) {
        None => Ok(()),
        Some(member) => {
            let quoted = crate::json::quote(&member.key);
            Err(Error::new(ErrorKind::InvalidPolicy, "invalid name constraint")
                .explain(format!("{quoted} is no key of name constraints"))
                .hint(match did_you_mean(&member.key, shape.keys.iter().copied()) {
                    Some(meant) => format!("did you mean {meant:?}?"),
                    None => format!("its keys are {}", shape.keys.join(", ")),
                })
                .at_path(&parent.child_path(key)))
        }
    }
}

fn nothing(path: &str) -> Error {
    Error::new(ErrorKind::InvalidPolicy, "invalid name constraint")
        .explain("this constrains no name")
        .hint("name what is permitted or excluded, such as {\"permitted\": {\"dns\": [\"example.com\"]}}, or remove it")
        .at_path(path)
}

/// The address with its first bits only.
fn network(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32u32.saturating_sub(prefix.into())).unwrap_or_default();
            IpAddr::V4((address.to_bits() & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128u32.saturating_sub(prefix.into())).unwrap_or_default();
            IpAddr::V6((address.to_bits() & mask).into())
        }
    }
}

/// The host itself, or with a leading dot whatever is below it.
fn at_host(host: &str, subtree: &str) -> bool {
    if subtree.starts_with('.') { is_below(host, subtree) } else { host.eq_ignore_ascii_case(subtree) }
}

fn is_below(name: &str, domain: &str) -> bool {
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    let end = name.len().checked_sub(domain.len());
    let parts = end.and_then(|end| name.get(..end).zip(name.get(end..)));
    parts.is_some_and(|(labels, tail)| {
        labels.len() > 1 && labels.ends_with('.') && tail.eq_ignore_ascii_case(domain)
    })
}

fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.rsplit_once(':').map_or(host, |(host, _)| host)).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn subtree(kind: &str, text: &str) -> NameSubtree {
        NameSubtree::new(kind, text.to_owned()).unwrap()
    }

    #[test]
    fn holds_what_rfc_5280_says() {
        for (kind, text, host, inside) in [
            ("dns", "example.com", "example.com", true),
            ("dns", "example.com", "a.EXAMPLE.com", true),
            ("dns", "example.com", "*.example.com", true),
            ("dns", "example.com", "badexample.com", false),
            ("dns", ".example.com", "example.com", false),
            ("dns", ".example.com", "a.example.com", true),
            ("ip", "10.0.0.0/8", "10.255.0.1", true),
            ("ip", "10.0.0.0/8", "11.0.0.1", false),
            ("ip", "0.0.0.0/0", "11.0.0.1", true),
            ("ip", "fd00::/8", "fd12::1", true),
            ("ip", "::/0", "fd12::1", true),
            ("ip", "fd00::/8", "10.0.0.1", false),
            ("email", "example.com", "a@example.com", true),
            ("email", "example.com", "a@b.example.com", false),
            ("email", ".example.com", "a@b.example.com", true),
            ("email", "a@example.com", "b@example.com", false),
            ("email", "a@example.com", "a@EXAMPLE.com", true),
            ("email", "a@example.com", "A@example.com", false),
            ("uri", "example.com", "https://example.com:443/x", true),
            ("uri", ".example.com", "spiffe://a.example.com/x", true),
            ("uri", "example.com", "urn:x", false),
        ] {
            let host = Host::classify(host).unwrap();
            assert_eq!(subtree(kind, text).contains(&host), inside, "{kind} {text} {host:?}");
        }
    }

    #[test]
    fn excluded_counts_more_than_permitted_and_other_kinds_are_free() {
        let constraints = NameConstraints {
            permitted: vec![subtree("dns", "example.com")],
            excluded: vec![subtree("dns", "secret.example.com")],
        };
        let check = |text: &str| constraints.check(&Host::classify(text).unwrap()).is_ok();
        assert!(check("a.example.com"));
        assert!(check("10.0.0.1"));
        assert!(!check("a.secret.example.com"));
        assert!(!check("example.org"));
        assert!(!check("a.example.com."));
        assert!(!check("a.secret.example.com."));
    }

    #[test]
    fn refuses_what_constrains_nothing_and_says_what_was_meant() {
        for (kind, text, meant) in [
            ("dns", "*.example.com", "`example.com`"),
            ("dns", "", "ASCII"),
            ("dns", "evil.org.", "write `evil.org`"),
            ("dns", " evil.org", "without blanks"),
            ("dns", ".", "`example.com`"),
            ("email", "@evil.org", "write `evil.org` for all mailboxes"),
            ("email", "a@.evil.org", "`.example.com`"),
            ("email", "evil.org.", "write `evil.org`"),
            ("ip", "10.0.0.1", "`10.0.0.0/8`"),
            ("ip", "10.0.0.0/33", "`10.0.0.0/8`"),
            ("ip", "10.0.0.1/8", "write `10.0.0.0/8`, or `10.0.0.1/32`"),
            ("ip", "fd00::1/0", "write `::/0`, or `fd00::1/128`"),
            ("uri", "http://x/", "write the host"),
            ("uri", "evil.org.", "write `evil.org`"),
        ] {
            let error = NameSubtree::new(kind, text.to_owned()).unwrap_err().to_string();
            assert!(error.contains(meant), "{kind} {text}: {error}");
        }
        for (kind, text) in
            [("ip", "0.0.0.0/0"), ("ip", "10.0.0.1/32"), ("ip", "::/0"), ("ip", "fd00::1/128")]
        {
            subtree(kind, text);
        }
    }
}
