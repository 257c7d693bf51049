//! The flags of `cfssl`: one set, which every command accepts.

use super::flags::{FlagKind, FlagSpec};

/// The flags that mean something to every command.
pub(crate) const COMMON: [&str; 3] = ["config", "strict", "loglevel"];

/// Every flag of cfssl 1.6.5, and ours, by name.
pub const FLAGS: &[FlagSpec] = &[
    text("address", "127.0.0.1", "address to listen on"),
    text("aki", "", "authority key identifier, in hexadecimal"),
    text("authkey", "", "unused; accepted because cfssl accepts it"),
    text("baseline", "", "earlier report of -format json: only findings that it does not have count"),
    text("ca", "", "certificate of the CA: a path, file:PATH or env:VARIABLE"),
    text("ca-bundle", "", "file of trusted root certificates"),
    text("ca-key", "", "private key of the CA: a path, file:PATH or env:VARIABLE"),
    text("cert", "", "certificate file"),
    text("cn", "", "common name, instead of the request's CN"),
    text("config", "", "signing configuration, a JSON file"),
    text("crl", "", "URL of the CRL to name in the certificate"),
    text("csr", "", "certificate signing request file"),
    text("csv", "", "file of hosts: one \"rank,host\" on a line"),
    text("db-config", "", "configuration of the certificate database, a JSON file (later)"),
    text("disable", "", "endpoints that are not served, separated by commas"),
    text("domain", "", "server to fetch the certificate from, as HOST or HOST:PORT"),
    duration("expiry", "168h0m0s", "time until the next CRL is due"),
    text("family", "", "regular expression for the families of scans to run"),
    text("fields", "", "columns of a table, separated by commas, such as name,days,sans"),
    text("flavor", "ubiquitous", "kind of bundle: ubiquitous, optimal or force"),
    text("for", "", "uses with rules of their own: etcd, kubernetes, web"),
    switch("force", "replace what is kept otherwise: a private key that is in use"),
    text("format", "", "form of the result, see above"),
    text("hostname", "", "names of the certificate, separated by commas, instead of hosts"),
    text("ignore", "", "rules that do not count, separated by commas"),
    text("ignore-file", "", "accepted findings with their reasons and ends, a JSON file"),
    switch("initca", "make a new CA"),
    text("int-bundle", "", "file of intermediate certificates"),
    text("int-dir", "", "directory of intermediate certificates"),
    text("intermediates", "", "unused; accepted because cfssl accepts it"),
    duration("interval", "96h0m0s", "time between two OCSP responses"),
    text("ip", "", "address to connect to, instead of what the name resolves to"),
    text("key", "", "private key of the certificate"),
    text("key-format", "cfssl", "form of the private key that is made: cfssl (PKCS #1, SEC 1) or pkcs8"),
    text("label", "", "label of the key on the remote server (later)"),
    switch("list", "list the scans"),
    integer("loglevel", "1", "the least grave log lines shown, 0 (DEBUG) to 5 (FATAL)"),
    integer("max-hosts", "100", "the most hosts to scan"),
    text("metadata", "", "platforms and the root certificates they trust, a JSON file"),
    text("min-tls-version", "", "the oldest TLS version to serve: 1.0, 1.1, 1.2 or 1.3"),
    text("mutual-tls-ca", "", "CA that clients' certificates must come from"),
    text("mutual-tls-client-cert", "", "our certificate, for a server that asks for one"),
    text("mutual-tls-client-key", "", "private key of -mutual-tls-client-cert"),
    text("mutual-tls-cn", "", "regular expression for the common names of clients"),
    text("now", "", "ask about another moment: a date such as 2027-01-31, or RFC 3339"),
    integer("num-workers", "10", "how many hosts to scan at a time"),
    text("out", "", "write PREFIX.pem, PREFIX-key.pem and PREFIX.csr instead of JSON"),
    text("p12", "", "also write the key and its certificates as this PKCS #12 file; -force replaces another"),
    text("p12-password", "prompt", "password for -p12: env:VARIABLE, file:PATH, prompt, or empty for none"),
    text("password", "0", "password of a PKCS #12 file"),
    text("path", "/", "path to answer OCSP requests on"),
    switch("pem", "print the CRL as PEM, with its BEGIN and END lines"),
    text("pgp-name", "", "unused; accepted because cfssl accepts it"),
    text("pgp-private", "", "unused; accepted because cfssl accepts it"),
    integer("port", "8888", "port to listen on"),
    text("profile", "", "signing profile, by its name in the configuration"),
    text("reason", "0", "reason of the revocation, a number or a name of RFC 5280"),
    text("remote", "", "remote cfssl server that signs, as URL or HOST:PORT (later)"),
    switch("renewca", "renew the CA certificate with its own key"),
    text("responder", "", "certificate of the OCSP responder"),
    text("responder-key", "", "private key of the OCSP responder"),
    text("responses", "", "file of OCSP responses to serve"),
    text("revoked-at", "now", "date of the revocation, as YYYY-MM-DD"),
    integer("rows", "50", "the most certificates that a report for people lists; 0 for all"),
    switch("rules", "list the rules"),
    text("scanner", "", "regular expression for the scans to run"),
    text("serial", "", "serial number of the certificate, in decimal"),
    text("servername", "", "name to ask the server of -domain for, instead of its host"),
    text("severity", "warning", "the least grave finding that counts: info, warning, error or critical"),
    text("starttls", "", "protocol before TLS: ftp, imap, ldap, mysql, pop3, postgres or smtp"),
    text("status", "good", "status of the certificate: good, revoked or unknown"),
    switch("strict", "treat warnings as errors, as CFSSL_STRICT=1 does"),
    duration("timeout", "5m0s", "the longest a scan of one host may take"),
    text("tls-cert", "", "certificate to serve TLS with"),
    text("tls-key", "", "private key of -tls-cert"),
    text("tls-remote-ca", "", "CAs to trust when calling a remote server (later)"),
    text("usage", "", "unused; accepted because cfssl accepts it"),
    text("within", "30d", "how near an end is soon: days as 30d, or a span such as 720h"),
];

const fn text(name: &'static str, default: &'static str, description: &'static str) -> FlagSpec {
    FlagSpec { name, kind: FlagKind::Text, default, description }
}

const fn duration(name: &'static str, default: &'static str, description: &'static str) -> FlagSpec {
    FlagSpec { name, kind: FlagKind::Duration, default, description }
}

const fn integer(name: &'static str, default: &'static str, description: &'static str) -> FlagSpec {
    FlagSpec { name, kind: FlagKind::Integer, default, description }
}

const fn switch(name: &'static str, description: &'static str) -> FlagSpec {
    FlagSpec { name, kind: FlagKind::Boolean, default: "false", description }
}
