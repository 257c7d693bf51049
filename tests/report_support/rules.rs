//! Rules for the reports: one of each severity and scope.

use certmint::inspect::audit::{Rule, RuleScope, Severity};

pub(crate) static EXPIRED: Rule = Rule {
    id: "expired",
    severity: Severity::Error,
    scope: RuleScope::Certificate,
    citation: "RFC 5280, 4.1.2.5",
    title: "the certificate has expired",
    meaning: "Programs that check it refuse the connection from now on.",
    remedy: "Issue it anew with the same request and replace the file, then reload the program that uses it.",
};

pub(crate) static EXPIRES_SOON: Rule = Rule {
    id: "expires-soon",
    severity: Severity::Warning,
    scope: RuleScope::Certificate,
    citation: "practice",
    title: "the certificate expires soon",
    meaning: "It works today and stops working on the day it names, on all machines at once.",
    remedy: "Issue it anew before that day.",
};

pub(crate) static KEY_READABLE: Rule = Rule {
    id: "key-readable-by-others",
    severity: Severity::Critical,
    scope: RuleScope::Set,
    citation: "practice",
    title: "a private key can be read by other users",
    meaning: "Every user of the machine can take the key and speak in the name of its owner.",
    remedy: "Set the mode to 0600. If others have accounts on the machine, make a new key and revoke the certificate.",
};

pub(crate) static NO_ALTERNATIVE_NAMES: Rule = Rule {
    id: "server-without-names",
    severity: Severity::Error,
    scope: RuleScope::Certificate,
    citation: "RFC 9525, 6.3",
    title: "a server certificate has no alternative names",
    meaning: "Clients look for the host in the alternative names only; the common name counts for nothing.",
    remedy: "Issue it anew with the host's names and addresses in `hosts`.",
};

pub(crate) static PEER_WITHOUT_CLIENT: Rule = Rule {
    id: "etcd-peer-without-client-auth",
    severity: Severity::Error,
    scope: RuleScope::Etcd,
    citation: "etcd, transport security model",
    title: "an etcd peer certificate lacks client authentication",
    meaning: "etcd's peers are clients of each other; the others refuse this member's connections.",
    remedy: "Issue it anew with the usages `server auth` and `client auth`.",
};

pub(crate) static OUTLIVES_ISSUER: Rule = Rule {
    id: "leaf-outlives-issuer",
    severity: Severity::Warning,
    scope: RuleScope::Set,
    citation: "practice",
    title: "the certificate outlives its issuer",
    meaning: "It stops working when its issuer ends, earlier than it says itself.",
    remedy: "Shorten the profile's `expiry`, or renew the authority first.",
};

pub(crate) static LONG_SERIAL: Rule = Rule {
    id: "serial-number-too-long",
    severity: Severity::Info,
    scope: RuleScope::Web,
    citation: "RFC 5280, 4.1.2.2",
    title: "the serial number is longer than 20 octets",
    meaning: "Most programs accept it; some old ones cut it.",
    remedy: "Nothing needs to be done for certificates of your own.",
};
