//! The commands of `cfssl`, one row each. Dispatch, help and the check for flags without effect read it.

use super::{
    Context, audit, bundle, certinfo, database, gencert, gencrl, gencsr, genkey, ocspsign, print_defaults,
    selfsign, sign, version,
};
use crate::Result;

/// One command.
#[derive(Debug)]
pub struct Command {
    /// What is typed.
    pub name: &'static str,
    /// One line on what it does.
    pub purpose: &'static str,
    /// The forms of the call, without `cfssl NAME`.
    pub forms: &'static [&'static str],
    /// What the positionals are; may be empty.
    pub notes: &'static str,
    /// The flags it uses beside `-strict` and `-loglevel`, in the order of the help.
    pub flags: &'static [&'static str],
    /// A call to copy.
    pub example: &'static str,
    /// What runs; nothing where this release does not have the command.
    pub run: Option<fn(&mut Context<'_>) -> Result<()>>,
}

/// The command called `name`.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

macro_rules! csrjson {
    () => {
        "CSRJSON is the request, a JSON file (\"cfssl print-defaults csr\" prints one), or - for standard\ninput."
    };
}

const CSRJSON: &str = csrjson!();

const CSRJSON_AND_P12: &str = concat!(
    csrjson!(),
    "\n\n-p12 puts the key, its certificate and that of the CA into a PKCS #12 file, for browsers, Java and\n\
     Windows. Standard output stays as it is, with the key in it: add -out PREFIX, or > /dev/null."
);

const NEEDS_DATABASE: &str = "It needs the certificate database, which this release does not have.";

/// All commands of cfssl 1.6.5 and our own, by name.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "audit",
        purpose: "say what is wrong with all certificates below some paths",
        forms: &[
            "[-for USE] [-within SPAN] [-severity LEVEL] [-format FORMAT] PATH...",
            "-domain HOST[:PORT]",
            "-rules",
        ],
        notes: "A PATH is a file, a folder with all below it, or - for standard input. USE is etcd, kubernetes or\n\
                web. FORMAT is text, json, jsonl, sarif, junit, prometheus or html. The exit status is 5 where\n\
                a certificate has expired, 4 where one expires within SPAN, 3 for other findings of LEVEL or\n\
                graver, 2 where the command line makes no sense, 1 where something could not be read,\n\
                else 0.",
        flags: &[
            "for",
            "hostname",
            "within",
            "now",
            "severity",
            "ignore",
            "ignore-file",
            "baseline",
            "format",
            "rows",
            "rules",
            "ca-bundle",
            "password",
            "domain",
            "starttls",
            "servername",
            "ip",
            "timeout",
            "mutual-tls-client-cert",
            "mutual-tls-client-key",
        ],
        example: "cfssl audit -for kubernetes -within 60d /etc/kubernetes",
        run: Some(audit::run),
    },
    Command {
        name: "bundle",
        purpose: "find the chain of certificates between a certificate and a root",
        forms: &[
            "-cert FILE [-key FILE] [-ca-bundle FILE] [-int-bundle FILE] [-flavor KIND]",
            "-domain HOST [-ip ADDRESS] [-ca-bundle FILE] [-int-bundle FILE]",
        ],
        notes: "FILE holds PEM, a certificate in DER, PKCS #7 or PKCS #12, or is - for standard input. Without\n\
                -ca-bundle the roots of the system are trusted. Issuers that are missing are fetched from the\n\
                http:// URL in the certificate, for five seconds each. The result is JSON.",
        flags: &[
            "cert",
            "key",
            "ca-bundle",
            "int-bundle",
            "flavor",
            "int-dir",
            "metadata",
            "domain",
            "ip",
            "password",
        ],
        example: "cfssl bundle -cert server.pem -ca-bundle ca.pem",
        run: Some(bundle::run),
    },
    Command {
        name: "certinfo",
        purpose: "say what a certificate or a certificate signing request holds",
        forms: &[
            "-cert FILE",
            "-csr FILE",
            "-domain HOST[:PORT] [-starttls PROTOCOL] [-servername NAME] [-ip ADDRESS]",
            "-domain HOST[:PORT] -mutual-tls-client-cert FILE -mutual-tls-client-key FILE",
            "-serial NUMBER -aki HEX -db-config FILE (later)",
            "[-format json|jsonl|table|text] [-domain HOST[:PORT]] FILE|FOLDER ...",
            "-fields LIST [-domain HOST[:PORT]] FILE|FOLDER ...",
        ],
        notes: "FILE may be - for standard input. The result is JSON. PORT is 443, or that of PROTOCOL (25 for\n\
                smtp), if it is left out. Nothing is verified.\n\n\
                With -format or -fields, and where FILE has no flag before it, everything is described that has\n\
                certificates in it: PEM of any length, DER, PKCS #7, PKCS #12, Java keystores, kubeconfig files,\n\
                Kubernetes Secrets. -format jsonl prints one JSON object on a line for each certificate, text is\n\
                for reading, table has the columns of LIST. docs/inspection.md has the members and the columns.",
        flags: &[
            "cert",
            "csr",
            "domain",
            "format",
            "fields",
            "now",
            "password",
            "starttls",
            "servername",
            "ip",
            "timeout",
            "mutual-tls-client-cert",
            "mutual-tls-client-key",
            "serial",
            "aki",
            "db-config",
        ],
        example: "cfssl certinfo -cert server.pem",
        run: Some(certinfo::run),
    },
    Command {
        name: "crl",
        purpose: "make a CRL of the certificates revoked in the database",
        forms: &["-ca FILE -ca-key FILE -db-config FILE [-expiry SPAN]"],
        notes: NEEDS_DATABASE,
        flags: &["ca", "ca-key", "db-config", "expiry"],
        example: "cfssl crl -ca ca.pem -ca-key ca-key.pem -db-config db.json",
        run: Some(database::crl),
    },
    Command {
        name: "gencert",
        purpose: "make a private key and a certificate: of a new CA, or signed by a CA",
        forms: &[
            "-initca CSRJSON",
            "-initca -ca-key FILE CSRJSON",
            "-renewca -ca FILE -ca-key FILE",
            "-ca FILE -ca-key FILE [-config FILE] [-profile NAME] [-hostname LIST] CSRJSON",
            "-remote SERVER [-config FILE] [-profile NAME] [-hostname LIST] CSRJSON (later)",
        ],
        notes: CSRJSON_AND_P12,
        flags: &[
            "initca",
            "renewca",
            "ca",
            "ca-key",
            "config",
            "profile",
            "hostname",
            "cn",
            "crl",
            "db-config",
            "remote",
            "label",
            "tls-remote-ca",
            "mutual-tls-client-cert",
            "mutual-tls-client-key",
            "out",
            "force",
            "key-format",
            "p12",
            "p12-password",
        ],
        example: "cfssl gencert -initca csr.json | cfssljson -bare ca",
        run: Some(gencert::run),
    },
    Command {
        name: "gencrl",
        purpose: "make a CRL of the serial numbers in a file",
        forms: &["[-pem] SERIALS CERT KEY [SECONDS]"],
        notes: "SERIALS holds one decimal serial number on a line. SECONDS is the time until the next CRL, a\n\
                week if left out. Each file may be - for standard input. The result is base64 without lines.",
        flags: &["pem"],
        example: "cfssl gencrl revoked.txt ca.pem ca-key.pem | base64 -d > ca.crl",
        run: Some(gencrl::run),
    },
    Command {
        name: "gencsr",
        purpose: "make a certificate signing request with a key that exists",
        forms: &["-key FILE CSRJSON", "-key FILE -cert FILE [-hostname LIST]"],
        notes: CSRJSON,
        flags: &["key", "cert", "hostname", "out", "force"],
        example: "cfssl gencsr -key server-key.pem csr.json | cfssljson -bare server",
        run: Some(gencsr::run),
    },
    Command {
        name: "genkey",
        purpose: "make a private key and a certificate signing request",
        forms: &["[-initca] CSRJSON"],
        notes: CSRJSON_AND_P12,
        flags: &["initca", "config", "out", "force", "key-format", "p12", "p12-password"],
        example: "cfssl genkey csr.json | cfssljson -bare server",
        run: Some(genkey::run),
    },
    Command {
        name: "info",
        purpose: "ask a signer for its certificate and the usages of a profile",
        forms: &["-remote SERVER [-label NAME] [-profile NAME]", "-config FILE [-ca FILE -ca-key FILE]"],
        notes: "",
        flags: &[
            "remote",
            "label",
            "profile",
            "config",
            "ca",
            "ca-key",
            "tls-remote-ca",
            "mutual-tls-client-cert",
            "mutual-tls-client-key",
        ],
        example: "cfssl info -remote http://127.0.0.1:8888",
        run: None,
    },
    Command {
        name: "ocspdump",
        purpose: "print the OCSP responses in the database",
        forms: &["-db-config FILE"],
        notes: NEEDS_DATABASE,
        flags: &["db-config"],
        example: "cfssl ocspdump -db-config db.json > responses",
        run: Some(database::ocspdump),
    },
    Command {
        name: "ocsprefresh",
        purpose: "make the OCSP responses in the database anew",
        forms: &["-db-config FILE -ca FILE -responder FILE -responder-key FILE [-interval SPAN]"],
        notes: "",
        flags: &["db-config", "ca", "responder", "responder-key", "interval"],
        example: "cfssl ocsprefresh -db-config db.json -ca ca.pem -responder ocsp.pem -responder-key ocsp-key.pem",
        run: None,
    },
    Command {
        name: "ocspserve",
        purpose: "answer OCSP requests from a file or the database",
        forms: &[
            "-responses FILE [-address ADDRESS] [-port PORT]",
            "-db-config FILE [-address ADDRESS] [-port PORT]",
        ],
        notes: "",
        flags: &["address", "port", "path", "responses", "db-config"],
        example: "cfssl ocspserve -responses responses -port 8889",
        run: None,
    },
    Command {
        name: "ocspsign",
        purpose: "sign an OCSP response about one certificate",
        forms: &["-ca FILE -responder FILE -responder-key FILE -cert FILE [-status STATUS]"],
        notes: "",
        flags: &[
            "ca",
            "responder",
            "responder-key",
            "cert",
            "status",
            "reason",
            "revoked-at",
            "interval",
            "key",
        ],
        example: "cfssl ocspsign -ca ca.pem -responder ocsp.pem -responder-key ocsp-key.pem -cert server.pem",
        run: Some(ocspsign::run),
    },
    Command {
        name: "print-defaults",
        purpose: "print a file to start from: a signing configuration or a request",
        forms: &["config", "csr", "list"],
        notes: "",
        flags: &[],
        example: "cfssl print-defaults csr > csr.json",
        run: Some(print_defaults::run),
    },
    Command {
        name: "revoke",
        purpose: "mark a certificate in the database as revoked",
        forms: &["-db-config FILE -serial NUMBER -aki HEX -reason CODE"],
        notes: "",
        flags: &["db-config", "serial", "aki", "reason"],
        example: "cfssl revoke -db-config db.json -serial 1234 -aki 0a1b2c -reason superseded",
        run: None,
    },
    Command {
        name: "scan",
        purpose: "test the TLS set-up of hosts",
        forms: &["[-family REGEX] [-scanner REGEX] [-timeout SPAN] HOST[:PORT] ...", "-list"],
        notes: "",
        flags: &[
            "list",
            "family",
            "scanner",
            "ip",
            "timeout",
            "ca-bundle",
            "num-workers",
            "csv",
            "max-hosts",
        ],
        example: "cfssl scan example.net",
        run: None,
    },
    Command {
        name: "selfsign",
        purpose: "make a private key and a certificate that is signed with that key",
        forms: &["[-config FILE] [-profile NAME] HOSTNAME CSRJSON"],
        notes: CSRJSON_AND_P12,
        flags: &[
            "config",
            "profile",
            "hostname",
            "initca",
            "out",
            "force",
            "key-format",
            "p12",
            "p12-password",
        ],
        example: "cfssl selfsign localhost csr.json | cfssljson -bare server",
        run: Some(selfsign::run),
    },
    Command {
        name: "serve",
        purpose: "answer the HTTP API of cfssl",
        forms: &["[-address ADDRESS] [-port PORT] [-ca FILE -ca-key FILE] [-config FILE] [FLAG ...]"],
        notes: "",
        flags: &[
            "address",
            "port",
            "ca",
            "ca-key",
            "config",
            "db-config",
            "disable",
            "ca-bundle",
            "int-bundle",
            "int-dir",
            "metadata",
            "remote",
            "responder",
            "responder-key",
            "key",
            "interval",
            "min-tls-version",
            "tls-cert",
            "tls-key",
            "mutual-tls-ca",
            "mutual-tls-cn",
            "tls-remote-ca",
            "mutual-tls-client-cert",
            "mutual-tls-client-key",
        ],
        example: "cfssl serve -ca ca.pem -ca-key ca-key.pem -config ca-config.json",
        run: None,
    },
    Command {
        name: "sign",
        purpose: "sign a certificate signing request",
        forms: &[
            "-ca FILE -ca-key FILE [-config FILE] [-profile NAME] [-hostname LIST] CSR [SUBJECT]",
            "-remote SERVER [-profile NAME] [-hostname LIST] CSR [SUBJECT] (later)",
        ],
        notes: "CSR is a PEM file, or - for standard input; -csr FILE takes its place. SUBJECT is a JSON file\n\
                with the subject to use instead of the one in the CSR.",
        flags: &[
            "ca",
            "ca-key",
            "config",
            "profile",
            "hostname",
            "csr",
            "db-config",
            "remote",
            "label",
            "tls-remote-ca",
            "mutual-tls-client-cert",
            "mutual-tls-client-key",
            "out",
        ],
        example: "cfssl sign -ca ca.pem -ca-key ca-key.pem server.csr | cfssljson -bare server",
        run: Some(sign::run),
    },
    Command {
        name: "version",
        purpose: "print the version",
        forms: &[""],
        notes: "",
        flags: &[],
        example: "cfssl version",
        run: Some(version::run),
    },
];
