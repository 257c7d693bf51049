//! A PKI with history: authorities that cfssl, openssl, easy-rsa, GnuTLS, step and AD CS made, as issuers. Their
//! names are copied byte for byte, openssl verifies what they sign, and the installed cfssl reads it.

#![cfg(feature = "aws-lc-rs")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use support::authority::{BMP, IA5, PRINTABLE, Shape, T61, UNIVERSAL, UTF8, build};
use support::der::{Item, items, pem};
use support::facts::sha1;
use support::run::{OURS, Run, THEIRS, run};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse";

/// Authorities whose names Go does not read: it has no UniversalString, and no underscore in a PrintableString.
const UNREAD: [&str; 2] = ["universal", "underscore"];

/// The types of attributes.
const C: &str = "2.5.4.6";
const CN: &str = "2.5.4.3";
const DC: &str = "0.9.2342.19200300.100.1.25";
const EMAIL: &str = "1.2.840.113549.1.9.1";
const O: &str = "2.5.4.10";
const OU: &str = "2.5.4.11";
const UID: &str = "0.9.2342.19200300.100.1.1";

/// A folder with authorities, and a request and a CSR for them to sign.
struct Office {
    folder: TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let request =
            r#"{"CN": "a leaf", "hosts": ["leaf.example", "10.0.0.1"], "names": [{"O": "Leaves"}]}"#;
        fs::write(folder.path().join("leaf.json"), request).unwrap();
        let made = run(OURS, folder.path(), &["genkey", "leaf.json"]);
        fs::write(folder.path().join("leaf.csr"), made.part("csr").unwrap()).unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), contents).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// A line for the shell that must succeed.
    fn shell(&self, line: &str) {
        let done = run("bash", self.path(), &["-e", "-o", "pipefail", "-c", line]);
        assert_eq!(done.exit, Some(0), "{line}: {}{}", done.stdout, done.stderr);
    }

    /// Runs a cfssl with the password of the CA's key in its environment.
    fn cfssl(&self, program: &str, arguments: &[&str]) -> Run {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.path())
            .env_remove("CFSSL_STRICT")
            .env("CFSSL_CA_PK_PASSWORD", PASSWORD)
            .output()
            .unwrap_or_else(|error| panic!("{program} cannot be run: {error}; `make peers` installs it"));
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Run { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Issues by the authority `NAME.pem` with `NAME-key.pem`, by key and by CSR, and has it judged.
    fn issues(&self, name: &str) {
        self.issues_with(name, &format!("{name}.pem"), &format!("{name}-key.pem"));
    }

    fn issues_with(&self, what: &str, certificate: &str, key: &str) {
        // As openssl writes it: one section, nothing else, and the same DER.
        self.shell(&format!("openssl x509 -in {certificate} -out plain-ca.pem"));
        let above = Facts::of(&self.text("plain-ca.pem"));
        let files = ["-ca", certificate, "-ca-key", key];
        for command in [&["gencert", "leaf.json"][..], &["sign", "leaf.csr"]] {
            let arguments = [&command[..1], &files, &command[1..]].concat();
            let done = self.cfssl(OURS, &arguments);
            assert_eq!(done.exit, Some(0), "{what}: {}", done.stderr);
            assert!(!done.stderr.contains("[WARNING]"), "{what}: {}", done.stderr);
            let leaf = done.part("cert").unwrap();
            self.write("leaf.pem", &leaf);
            let leaf = Facts::of(&leaf);
            assert_eq!(leaf.issuer, above.subject, "{what}: the issuer's bytes");
            let expected = above.key_identifier.as_ref().unwrap_or(&above.key);
            assert_eq!(leaf.authority.as_ref(), Some(expected), "{what}: the authority key identifier");
            let verify =
                ["verify", "-CAfile", "plain-ca.pem", "-verify_hostname", "leaf.example", "leaf.pem"];
            let verified = run("openssl", self.path(), &verify);
            assert_eq!(verified.exit, Some(0), "{what}: {}{}", verified.stdout, verified.stderr);
            let read = run(THEIRS, self.path(), &["certinfo", "-cert", "leaf.pem"]);
            if UNREAD.contains(&what) {
                assert!(read.stderr.contains(r#""code":1003"#), "{what}: the list is stale: {}", read.stdout);
                continue;
            }
            assert_eq!(read.exit, Some(0), "{what}: {}", read.stderr);
            assert!(read.stdout.contains("\"leaf.example\""), "{what}: {}", read.stdout);
        }
        self.revokes(what, certificate, key, &above);
        // Where the installed cfssl can use the same files, it writes the same.
        let theirs = self.cfssl(THEIRS, &["sign", files[0], files[1], files[2], files[3], "leaf.csr"]);
        if let Some(leaf) = theirs.part("cert") {
            let leaf = Facts::of(&leaf);
            assert_eq!(leaf.issuer, above.subject, "{what}: cfssl copies as well");
            assert_eq!(leaf.authority, above.key_identifier, "{what}: cfssl has none without one");
        } else {
            // PBES2 is not known.
            let known = [r#""code":1003"#, r#""code":2003"#, r#""code":2005"#, "unsupported"];
            assert!(known.iter().any(|text| theirs.stderr.contains(text)), "{what}: {}", theirs.stderr);
        }
    }

    /// A CRL of the authority: its name's bytes, its key identifier, and openssl believes it.
    fn revokes(&self, what: &str, certificate: &str, key: &str, above: &Facts) {
        self.write("serials", "1\n");
        let done = self.cfssl(OURS, &["gencrl", "-pem", "serials", certificate, key]);
        assert_eq!((done.exit, done.stderr.as_str()), (Some(0), ""), "{what}");
        let (label, der) = pem(&done.stdout);
        let body = items(&der)[0].open()[0].open();
        assert_eq!((label.as_str(), body[0].value), ("X509 CRL", &[1][..]), "{what}: version 2");
        assert_eq!(body[2].whole, above.subject, "{what}: the CRL's issuer");
        let identifier = above.key_identifier.as_ref().unwrap_or(&above.key);
        assert_eq!(extension(&body, 0xa0, AUTHORITY).and_then(key_id).as_ref(), Some(identifier), "{what}");
        self.write("list.pem", &done.stdout);
        let verified =
            run("openssl", self.path(), &["crl", "-in", "list.pem", "-noout", "-CAfile", "plain-ca.pem"]);
        assert_eq!(verified.stderr.trim(), "verify OK", "{what}");
    }
}

/// What matters of a certificate, read without our library.
struct Facts {
    issuer: Vec<u8>,
    subject: Vec<u8>,
    /// The SHA-1 of its key's bits.
    key: Vec<u8>,
    key_identifier: Option<Vec<u8>>,
    authority: Option<Vec<u8>>,
}

impl Facts {
    fn of(text: &str) -> Self {
        let (_, der) = pem(text);
        let body = items(&der)[0].open()[0].open();
        Self {
            issuer: body[3].whole.to_vec(),
            subject: body[5].whole.to_vec(),
            key: sha1(&body[6].open()[1].value[1..]),
            key_identifier: extension(&body, 0xa3, "2.5.29.14").map(|value| items(value)[0].value.to_vec()),
            authority: extension(&body, 0xa3, AUTHORITY).and_then(key_id),
        }
    }
}

const AUTHORITY: &str = "2.5.29.35";

/// The contents of an extension in the list that stands in the field with a tag.
fn extension<'d>(body: &[Item<'d>], tag: u8, wanted: &str) -> Option<&'d [u8]> {
    let list = body.iter().find(|item| item.tag == tag)?.open()[0].open();
    let found = list.into_iter().find(|extension| extension.open()[0].oid() == wanted)?;
    found.open().last().map(|item| item.value)
}

/// The key identifier of an authority key identifier.
fn key_id(value: &[u8]) -> Option<Vec<u8>> {
    items(value)[0].open().into_iter().find(|item| item.tag == 0x80).map(|item| item.value.to_vec())
}

#[test]
fn authorities_of_cfssl_issue() {
    let office = Office::new();
    let request = r#"{"CN": "cfssl CA", "key": {"algo": "ecdsa", "size": 384}, "names": [
        {"C": "TW", "ST": "Taipei", "O": "Example", "OU": "One"}, {"O": "Beispiel GmbH & Co", "OU": "Zwei"},
        {"O": "例子"}], "ca": {"pathlen": 1}}"#;
    office.write("ca.json", request);
    // Of both releases: many CAs in use are older than 1.6.5.
    for peer in [support::peer::OLD, support::peer::NEW] {
        let (cfssl, json) = (peer.program("cfssl"), peer.program("cfssljson"));
        office.shell(&format!("{cfssl} gencert -initca ca.json | {json} -bare cfssl"));
        office.issues("cfssl");
    }
    // The same key under a certificate of ours.
    office.shell(&format!(
        "{OURS} gencert -initca -ca-key cfssl-key.pem ca.json | {} -bare again",
        support::peer::NEW.program("cfssljson")
    ));
    office.issues_with("again", "again.pem", "cfssl-key.pem");
}

#[test]
fn authorities_of_openssl_issue() {
    let office = Office::new();
    let repeated = "C=TW\n0.O=Example\n1.O=Beispiel\n0.OU=One\n1.OU=Two\n2.OU=Three\n0.DC=local\n1.DC=corp\nCN=CA\nemailAddress=ca@example.com";
    let sets = "C=TW\nO=Example\n+OU=Security\n+L=Taipei\nCN=Multi\n+serialNumber=7\n+UID=ca";
    let wide = "C=TW\nO=Gesellschaft für Zertifikate\nOU=憑證中心\nCN=Wide";
    for (number, (subject, mask, further)) in [
        (repeated, "utf8only", "subjectKeyIdentifier=hash"),
        (repeated, "default", "subjectKeyIdentifier=none"),
        (repeated, "pkix", "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always,issuer:always"),
        (repeated, "nombstr", "subjectKeyIdentifier=hash\nnsComment=a comment\nnsCertType=sslCA,emailCA"),
        (sets, "utf8only", "subjectKeyIdentifier=00"),
        (sets, "MASK:0x2", "subjectKeyIdentifier=0011223344"),
        (wide, "utf8only", "subjectKeyIdentifier=hash\ncertificatePolicies=2.5.29.32.0"),
        // BMPString alone, and T61String or BMPString.
        (wide, "MASK:0x800", "subjectKeyIdentifier=hash\ncrlDistributionPoints=URI:http://example.com/crl"),
        (wide, "MASK:0x804", "subjectKeyIdentifier=hash\nsubjectAltName=email:ca@example.com,dirName:alt"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("openssl{number}");
        office.write(
            "openssl.cnf",
            format!(
                "[req]\nprompt=no\nutf8=yes\nstring_mask={mask}\ndistinguished_name=dn\nx509_extensions=x\n[dn]\n{subject}\n\
                 [x]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n{further}\n[alt]\nCN=other\n"
            ),
        );
        office.shell(&format!(
            "openssl ecparam -name prime256v1 -genkey -out {name}-key.pem && \
             openssl req -x509 -new -config openssl.cnf -key {name}-key.pem -days 3650 -out {name}.pem"
        ));
        office.issues(&name);
    }
}

#[test]
fn an_authority_of_easy_rsa_issues() {
    let office = Office::new();
    // As its `build-ca` does: an encrypted key, extensions that are not critical, the issuer's name and serial
    // number in the CA's own authority key identifier; and the text that `openssl ca` puts before certificates.
    office.write(
        "easyrsa.cnf",
        "[req]\nprompt=no\nutf8=yes\nstring_mask=utf8only\ndistinguished_name=dn\nx509_extensions=x\n[dn]\nCN=Easy-RSA CA\n\
         [x]\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always,issuer:always\nbasicConstraints=CA:true\n\
         keyUsage=cRLSign,keyCertSign\n",
    );
    office.write("pass", PASSWORD);
    office.shell(
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes256 -pass file:pass -out easyrsa-key.pem && \
         openssl req -x509 -utf8 -new -config easyrsa.cnf -key easyrsa-key.pem -passin file:pass -days 3650 -out bare.pem && \
         openssl x509 -in bare.pem -text -out easyrsa.pem",
    );
    assert!(office.text("easyrsa.pem").starts_with("Certificate:"));
    assert!(office.text("easyrsa-key.pem").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    office.issues("easyrsa");
}

#[test]
fn authorities_of_gnutls_issue() {
    let office = Office::new();
    office.write(
        "template",
        "organization = \"Example\"\nunit = \"One\"\nunit = \"Two\"\ndc = \"corp\"\ndc = \"local\"\ncn = \"GnuTLS CA\"\n\
         serial = 0x7fffffffffffffffffffffffffffffffffffffff\nca\ncert_signing_key\ncrl_signing_key\nexpiration_days = 3650\n",
    );
    for (name, key) in [
        ("rsa", "--key-type=rsa --bits=2048"),
        ("ecdsa", "--key-type=ecdsa --curve=secp521r1"),
        ("ed25519", "--key-type=ed25519"),
        ("pkcs8", "--key-type=ecdsa --pkcs8 --password=''"),
        ("encrypted", "--key-type=rsa --bits=3072 --pkcs8 --pkcs-cipher=aes-256 --password='correct horse'"),
    ] {
        office.shell(&format!(
            "certtool --generate-privkey {key} --outfile {name}-key.pem && certtool --generate-self-signed \
             --load-privkey {name}-key.pem --password='{PASSWORD}' --template template --outfile {name}.pem"
        ));
        office.issues(name);
    }
}

#[test]
fn an_intermediate_of_step_issues() {
    let office = Office::new();
    // step's root has a path length of 1, its intermediate one of 0 and a key under the old encryption.
    office.write(
        "step.cnf",
        "[req]\nprompt=no\nutf8=yes\nstring_mask=pkix\ndistinguished_name=root\n[root]\nO=Smallstep\nCN=Smallstep Root CA\n\
         [x1]\nkeyUsage=critical,keyCertSign,cRLSign\nbasicConstraints=critical,CA:true,pathlen:1\nsubjectKeyIdentifier=hash\n\
         [x0]\nkeyUsage=critical,keyCertSign,cRLSign\nbasicConstraints=critical,CA:true,pathlen:0\nsubjectKeyIdentifier=hash\n\
         authorityKeyIdentifier=keyid\n",
    );
    office.write("pass", PASSWORD);
    office.shell(
        "openssl ecparam -name prime256v1 -genkey -noout -out root-key.pem && \
         openssl req -x509 -new -config step.cnf -extensions x1 -key root-key.pem -days 3650 -out root.pem && \
         openssl ecparam -name prime256v1 -genkey -noout -out plain-key.pem && \
         openssl ec -aes-256-cbc -passout file:pass -in plain-key.pem -out step-key.pem && \
         openssl req -new -config step.cnf -subj '/O=Smallstep/CN=Smallstep Intermediate CA' -key plain-key.pem -out i.csr && \
         openssl x509 -req -in i.csr -CA root.pem -CAkey root-key.pem -extfile step.cnf -extensions x0 -days 3650 -out i.pem",
    );
    assert!(office.text("step-key.pem").contains("DEK-Info: AES-256-CBC"));
    let done = office.cfssl(OURS, &["gencert", "-ca", "i.pem", "-ca-key", "step-key.pem", "leaf.json"]);
    assert_eq!(done.exit, Some(0), "{}", done.stderr);
    office.write("step-leaf.pem", done.part("cert").unwrap());
    office.shell("openssl verify -x509_strict -CAfile root.pem -untrusted i.pem step-leaf.pem");
}

#[test]
fn names_of_old_and_odd_programs_are_copied() {
    let office = Office::new();
    let microsoft = [0x1e, 4, 0, b'C', 0, b'A'];
    let bmp: Vec<u8> = "憑證中心".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let universal: Vec<u8> = "Wide".chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect();
    let long = [0x5a; 32];
    let twenty = [0x7f; 20];
    // A number of 20 octets with its highest bit set needs one more.
    let twenty_one = [&[0][..], &[0xff; 20]].concat();
    let shapes: [(&str, Shape<'_>); 8] = [
        (
            "adcs",
            Shape {
                name: &[&[(DC, IA5, b"local")], &[(DC, IA5, b"corp")], &[(CN, PRINTABLE, b"corp-DC01-CA")]],
                serial: &[
                    0x1d, 0x2f, 0x83, 0xa5, 0x4b, 0x44, 0x9d, 0x9d, 0x44, 0x5d, 0x21, 0x4b, 0x5a, 0x0c, 0x1e,
                    0x11,
                ],
                key_identifier: Some(&long[..20]),
                further: &[
                    ("1.3.6.1.4.1.311.20.2", false, &microsoft),
                    ("1.3.6.1.4.1.311.21.1", false, &[2, 1, 0]),
                ],
            },
        ),
        (
            "bmp",
            Shape {
                name: &[&[(C, PRINTABLE, b"TW")], &[(O, BMP, &bmp)], &[(CN, BMP, &bmp)]],
                serial: &[1],
                key_identifier: Some(&long),
                further: &[],
            },
        ),
        (
            "t61",
            Shape {
                // Latin 1 under the name of T61, as everybody wrote it.
                name: &[
                    &[(C, PRINTABLE, b"DE")],
                    &[(O, T61, b"Gesellschaft f\xfcr Zertifikate")],
                    &[(OU, T61, b"a")],
                    &[(OU, T61, b"b")],
                    &[(CN, T61, b"T61")],
                    &[(EMAIL, IA5, b"ca@example.de")],
                ],
                serial: &twenty,
                key_identifier: Some(b"\x01\x02\x03\x04\x05"),
                further: &[],
            },
        ),
        (
            "universal",
            Shape {
                name: &[&[(CN, UNIVERSAL, &universal)], &[(O, UTF8, "Ünïcode".as_bytes())]],
                serial: &twenty_one,
                key_identifier: None,
                further: &[],
            },
        ),
        (
            "unsorted",
            Shape {
                // A set whose members are not in the order of DER, with one type twice.
                name: &[&[(UID, UTF8, b"z"), (OU, UTF8, b"b"), (OU, UTF8, b"a"), (CN, UTF8, b"Set")]],
                serial: &[2],
                key_identifier: Some(&[0]),
                further: &[],
            },
        ),
        (
            "multivalued",
            Shape {
                // A true set of several types, one of them in Latin 1 under the name of T61.
                name: &[
                    &[(O, UTF8, b"Example")],
                    &[(CN, T61, b"Zertifikate f\xfcr alle"), (OU, PRINTABLE, b"b"), (UID, UTF8, b"1")],
                ],
                serial: &[5],
                key_identifier: Some(&long[..20]),
                further: &[],
            },
        ),
        (
            "blanks",
            Shape {
                // An empty value, blanks around one, and letters that only Go has in its PrintableString.
                name: &[&[(O, UTF8, b"")], &[(OU, PRINTABLE, b" a  b ")], &[(CN, PRINTABLE, b"a*&b")]],
                serial: &[3],
                key_identifier: Some(&long[..1]),
                further: &[],
            },
        ),
        (
            "underscore",
            Shape {
                name: &[&[(CN, PRINTABLE, b"under_score@example")]],
                serial: &[4],
                key_identifier: Some(&long[..20]),
                further: &[],
            },
        ),
    ];
    for (name, shape) in shapes {
        let key = match name {
            "adcs" => "openssl genrsa -out",
            _ => "openssl ecparam -name prime256v1 -genkey -noout -out",
        };
        office.shell(&format!("{key} {name}-key.pem"));
        build(office.path(), name, &shape);
        office.issues(name);
    }
}

#[test]
fn keys_of_all_sizes_and_forms_sign() {
    let office = Office::new();
    office.write("pass", PASSWORD);
    let test_key = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pki_history/rsa8192-test-key.pem");
    fs::copy(test_key, office.path().join("rsa8192")).unwrap();
    let name = Shape { name: &[&[(CN, UTF8, b"CA")]], serial: &[1], key_identifier: None, further: &[] };
    for (key, make, forms) in [
        ("rsa2048", "openssl genrsa -traditional -out rsa2048 2048", RSA),
        ("rsa2049", "openssl genrsa -traditional -out rsa2049 2049", &RSA[..1]),
        ("rsa3072", "openssl genrsa -traditional -out rsa3072 3072", &RSA[..1]),
        ("rsa4096", "openssl genrsa -traditional -out rsa4096 4096", &RSA[..1]),
        ("rsa8192", "true", &RSA[..1]),
        ("p256", "openssl ecparam -name prime256v1 -genkey -noout -out p256", EC),
        ("p384", "openssl ecparam -name secp384r1 -genkey -noout -out p384", &EC[..2]),
        ("p521", "openssl ecparam -name secp521r1 -genkey -noout -out p521", EC),
    ] {
        office.shell(make);
        office.shell(&format!("cp {key} {key}-key.pem"));
        build(office.path(), key, &name);
        for form in forms {
            office.shell(&form.replace("KEY", key));
            for line_ends in ["\n", "\r\n"] {
                office.write("form-key.pem", office.text("form").replace('\n', line_ends));
                office.issues_with(&format!("{key}: {form}"), &format!("{key}.pem"), "form-key.pem");
            }
        }
    }
}

const RSA: &[&str] = &[
    "cp KEY form",
    "openssl pkcs8 -topk8 -nocrypt -in KEY -out form",
    "openssl pkcs8 -topk8 -v2 aes-256-cbc -passout file:pass -in KEY -out form",
    "openssl rsa -traditional -aes256 -passout file:pass -in KEY -out form",
    "(openssl rsa -in KEY -text; echo; echo '-----BEGIN JUNK'; echo rubbish) > form",
];

const EC: &[&str] = &[
    "cp KEY form",
    "(openssl ec -in KEY -param_out; cat KEY) > form",
    "openssl ec -no_public -in KEY -out form",
    "openssl pkcs8 -topk8 -nocrypt -in KEY -out form",
    "openssl pkcs8 -topk8 -v2 aes-128-cbc -passout file:pass -in KEY -out form",
    "openssl pkcs8 -topk8 -scrypt -passout file:pass -in KEY -out form",
    "openssl ec -des3 -passout file:pass -in KEY -out form",
    "(echo 'Bag Attributes'; echo '    friendlyName: ca'; openssl pkcs8 -topk8 -nocrypt -in KEY; echo rubbish) > form",
];

#[test]
fn files_from_other_systems_are_read() {
    let office = Office::new();
    office.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=CA -days 3650 \
         -keyout ca-key.pem -out ca.pem",
    );
    let ca = office.text("ca.pem");
    let inside = ca.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    for (what, text) in [
        // Those that cfssl refuses: BEGIN does not begin the line.
        ("a byte order mark", format!("\u{feff}{ca}")),
        ("blanks before each line", format!("  {}", ca.trim_end().replace('\n', "\n  "))),
        ("lone carriage returns", ca.replace('\n', "\r")),
        ("CRLF", ca.replace('\n', "\r\n")),
        ("text before", format!("subject=CN = CA\nissuer=CN = CA\n{ca}")),
        ("blank lines", format!("\n\n{ca}\n \t\r\n")),
        ("no newline at the end", ca.trim_end().to_owned()),
        ("another label", ca.replace("CERTIFICATE", "X509 CERTIFICATE")),
        ("one long line", format!("-----BEGIN CERTIFICATE-----\n{inside}\n-----END CERTIFICATE-----\n")),
    ] {
        // openssl does not know all of these; the certificate is the same.
        office.write("odd.pem", &text);
        let files = ["-ca", "odd.pem", "-ca-key", "ca-key.pem"];
        for program in [OURS, THEIRS] {
            let done = office.cfssl(program, &[&["sign"][..], &files, &["leaf.csr"]].concat());
            let refused = ["a byte order mark", "blanks before each line", "lone carriage returns"];
            if program == THEIRS && refused.contains(&what) {
                assert_eq!(done.final_line(), r#"{"code":1002,"message":"Failed to decode certificate"}"#);
                continue;
            }
            assert_eq!(done.exit, Some(0), "{program}, {what}: {}", done.stderr);
            assert_eq!(Facts::of(&done.part("cert").unwrap()).issuer, Facts::of(&ca).subject, "{what}");
        }
    }
}

#[test]
fn the_first_certificate_of_a_file_is_the_authority() {
    let office = Office::new();
    office.shell(
        "for name in ca other; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
         -subj /CN=$name -days 3650 -keyout $name-key.pem -out $name.pem; done; echo 17 > serials; \
         cat ca.pem other.pem > chain.pem; cat ca.pem ca-key.pem > both.pem; cat other.pem ca.pem > last.pem; \
         (cat ca.pem; echo 'made in 2019') > junk.pem; (cat ca.pem; printf '\\000') > nul.pem; \
         (cat ca.pem; printf '\\032') > ctrl-z.pem; (cat ca.pem other.pem other.pem ca-key.pem) > all.pem",
    );
    let ca = Facts::of(&office.text("ca.pem")).subject;
    let ocsp = ["-responder", "ca.pem", "-responder-key", "ca-key.pem", "-cert", "ca.pem"];
    let commands = |file: &'static str, key: &'static str| {
        let pair = ["-ca", file, "-ca-key", key];
        [
            [&["sign"][..], &pair, &["leaf.csr"]].concat(),
            [&["gencert"][..], &pair, &["leaf.json"]].concat(),
            [&["gencert", "-renewca"][..], &pair].concat(),
            vec!["gencrl", "serials", file, key],
        ]
    };
    for (file, behind) in [
        ("chain.pem", "a certificate"),
        ("both.pem", "a private key"),
        ("junk.pem", "text"),
        ("nul.pem", "text"),
        ("ctrl-z.pem", "text"),
        ("all.pem", "2 certificates and a private key"),
    ] {
        let warning =
            format!("{file}: after the first certificate, the CA's, {behind} is passed over; leave");
        for words in
            commands(file, "ca-key.pem").into_iter().chain([[&["ocspsign", "-ca", file], &ocsp[..]].concat()])
        {
            let done = office.cfssl(OURS, &words);
            assert_eq!(done.exit, Some(0), "{words:?}: {}", done.stderr);
            assert!(done.stderr.contains(&format!("[WARNING] {warning}")), "{words:?}: {}", done.stderr);
            if let Some(certificate) = done.part("cert") {
                assert_eq!(Facts::of(&certificate).issuer, ca, "{words:?}");
            }
            let strict = office.cfssl(OURS, &[&words[..1], &["-strict"], &words[1..]].concat());
            assert_eq!((strict.exit, strict.stdout.as_str()), (Some(1), ""), "{words:?}");
            assert!(strict.stderr.contains(&format!("[ERROR] {warning}")), "{words:?}: {}", strict.stderr);
        }
        let theirs = office.cfssl(THEIRS, &["sign", "-ca", file, "-ca-key", "ca-key.pem", "leaf.csr"]);
        let last = r#"{"code":1003,"message":"the PEM file should contain only one object"}"#;
        assert_eq!((theirs.exit, theirs.final_line().as_str()), (Some(1), last), "{file}");
    }
    for words in commands("last.pem", "ca-key.pem") {
        let done = office.cfssl(OURS, &words);
        let last = r#"{"code":2300,"message":"Private key does not match public key"}"#;
        assert_eq!((done.exit, done.final_line().as_str()), (Some(1), last), "{words:?}: {}", done.stderr);
        let why = "last.pem: the key belongs to certificate 2 of the file, and the first is used as the CA; put the";
        assert!(done.stderr.contains(why), "{words:?}: {}", done.stderr);
    }
}

#[test]
fn forms_of_authorities_that_cfssl_and_we_do_not_both_read() {
    let office = Office::new();
    office.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=CA -days 90 \
         -keyout ca-key.pem -out ca.pem; openssl crl2pkcs7 -nocrl -certfile ca.pem -out p7.pem
         openssl pkcs8 -topk8 -in ca-key.pem -passout pass:x -out sealed-key.pem
         openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:4294967297 \
         -out large-key.pem
         openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -pkeyopt rsa_keygen_primes:3 \
         -out three-key.pem
         openssl ecparam -name prime256v1 -genkey -param_enc explicit -noout -out spelt-key.pem
         for name in large three spelt; do openssl req -x509 -key $name-key.pem -subj /CN=$name -days 90 \
         -out $name.pem; done",
    );
    for (certificate, key, theirs, ours, sentence) in [
        ("p7.pem", "ca-key.pem", "1003", "", ""),
        ("large.pem", "large-key.pem", "2003", "", ""),
        ("three.pem", "three-key.pem", "", "2200", "RSA keys of more than two primes are not supported"),
        (
            "spelt.pem",
            "spelt-key.pem",
            "1003",
            "2003",
            "write it anew with openssl ec -param_enc named_curve",
        ),
        ("ca.pem", "sealed-key.pem", "2003", "2100", "set the environment variable CFSSL_CA_PK_PASSWORD"),
    ] {
        for (program, code) in [(THEIRS, theirs), (OURS, ours)] {
            let done = run(program, office.path(), &["sign", "-ca", certificate, "-ca-key", key, "leaf.csr"]);
            match code {
                "" => assert_eq!(done.exit, Some(0), "{program}, {key}: {}", done.stderr),
                code => {
                    assert_eq!(done.exit, Some(1), "{program}, {key}");
                    let start = format!("{{\"code\":{code},");
                    assert!(done.final_line().starts_with(&start), "{program}, {key}: {}", done.stderr);
                }
            }
            assert!(program == THEIRS || done.stderr.contains(sentence), "{key}: {}", done.stderr);
        }
    }
}

#[test]
fn keys_that_would_sign_with_sha1_are_refused() {
    let office = Office::new();
    for (name, make, sentence) in [
        ("rsa1024", "openssl genrsa -out rsa1024-key.pem 1024", "an RSA key of 1024 bits is too weak"),
        ("rsa2047", "openssl genrsa -out rsa2047-key.pem 2047", "an RSA key of 2047 bits is too weak"),
        (
            "p224",
            "openssl ecparam -name secp224r1 -genkey -noout -out p224-key.pem",
            "the curve P-224 is too weak",
        ),
    ] {
        office.shell(make);
        office.shell(&format!(
            "openssl req -x509 -new -key {name}-key.pem -subj /CN={name} -days 9 -out {name}.pem"
        ));
        let files = ["-ca", &format!("{name}.pem"), "-ca-key", &format!("{name}-key.pem")];
        for command in [&["gencert", "leaf.json"][..], &["sign", "leaf.csr"]] {
            let done = office.cfssl(OURS, &[&command[..1], &files, &command[1..]].concat());
            assert_eq!((done.exit, done.stdout.as_str()), (Some(1), ""), "{name}");
            assert!(done.stderr.contains(&format!("{name}-key.pem: {sentence}")), "{name}: {}", done.stderr);
            assert!(done.stderr.contains("SHA-1"), "{name} says why: {}", done.stderr);
        }
        // This is what it is about: cfssl does sign.
        let theirs = office.cfssl(THEIRS, &[&["sign"][..], &files, &["leaf.csr"]].concat());
        let Some(leaf) = theirs.part("cert") else { panic!("{name}: {}", theirs.stderr) };
        office.write("weak.pem", leaf);
        let shown = run("openssl", office.path(), &["x509", "-in", "weak.pem", "-noout", "-text"]).stdout;
        assert!(shown.to_lowercase().contains("sha1"), "{name}: {shown}");
    }
}

#[test]
fn a_renewed_authority_keeps_constraints_of_every_kind() {
    let office = Office::new();
    office.write(
        "nc.cnf",
        "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=x\n[dn]\nO=Example\nCN=CA\n[x]\nbasicConstraints=critical,CA:true\n\
         keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nnameConstraints=CONSTRAINTS\n[d]\nO=Example\n",
    );
    for (number, constraints) in [
        "critical,permitted;dirName:d",
        "permitted;dirName:d,permitted;DNS:.example,excluded;otherName:1.3.6.1.4.1.311.20.2.3;UTF8:bad",
        "critical,excluded;RID:1.2.3,excluded;IP:10.0.0.0/255.0.0.0,excluded;email:example.com",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("constrained{number}");
        office.shell(&format!(
            "sed 's/CONSTRAINTS/{constraints}/' nc.cnf > own.cnf && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
             -nodes -config own.cnf -keyout {name}-key.pem -out {name}.pem -days 99",
            constraints = constraints.replace('/', "\\/")
        ));
        let (certificate, key) = (format!("{name}.pem"), format!("{name}-key.pem"));
        let done = office.cfssl(OURS, &["gencert", "-renewca", "-ca", &certificate, "-ca-key", &key]);
        assert_eq!(done.exit, Some(0), "{constraints}: {}", done.stderr);
        let whole = |text: &str| {
            let (_, der) = pem(text);
            let body = items(&der)[0].open()[0].open();
            let list = body.iter().find(|item| item.tag == 0xa3).unwrap().open()[0].open();
            let found = list.into_iter().find(|extension| extension.open()[0].oid() == "2.5.29.30");
            found.map(|extension| extension.whole.to_vec())
        };
        assert_eq!(whole(&done.part("cert").unwrap()), whole(&office.text(&certificate)), "{constraints}");
    }
}

#[test]
fn an_authority_of_version_1_signs_with_a_true_warning() {
    let office = Office::new();
    office.shell(
        "openssl ecparam -name prime256v1 -genkey -noout -out v1-key.pem && openssl req -new -key v1-key.pem \
         -subj /CN=v1 -out v1.csr && openssl x509 -req -in v1.csr -signkey v1-key.pem -days 3650 -out v1.pem",
    );
    let done = office.cfssl(OURS, &["sign", "-ca", "v1.pem", "-ca-key", "v1-key.pem", "leaf.csr"]);
    assert_eq!(done.exit, Some(0), "{}", done.stderr);
    let expected =
        "[WARNING] the CA certificate has no basic constraints; many programs will refuse what it signs";
    assert!(done.stderr.contains(expected), "{}", done.stderr);
    // Many, not all: openssl takes a root of version 1, and only refuses it strictly.
    office.write("v1-leaf.pem", done.part("cert").unwrap());
    office.shell("openssl verify -CAfile v1.pem v1-leaf.pem && ! openssl verify -x509_strict -CAfile v1.pem v1-leaf.pem");
}

#[test]
fn an_authority_that_go_refuses_signs_with_a_warning() {
    let office = Office::new();
    // basicConstraints, whose true is 1 where DER has 255.
    office.write(
        "loose.cnf",
        "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=x\n[dn]\nCN=loose\n[x]\n2.5.29.19=critical,DER:30:03:01:01:01\n\
         keyUsage=critical,keyCertSign,cRLSign\n",
    );
    office.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config loose.cnf -days 3650 \
         -keyout loose-key.pem -out loose.pem",
    );
    let arguments = ["sign", "-ca", "loose.pem", "-ca-key", "loose-key.pem", "leaf.csr"];
    assert_eq!(run(THEIRS, office.path(), &arguments).exit, Some(1));
    let done = office.cfssl(OURS, &arguments);
    assert_eq!(done.exit, Some(0), "{}", done.stderr);
    let expected =
        "the CA certificate is malformed (extension 2.5.29.19: its value does not follow its grammar)";
    assert!(done.stderr.contains(expected), "{}", done.stderr);
    let strict = office.cfssl(OURS, &[&["sign", "-strict"], &arguments[1..]].concat());
    assert_eq!((strict.exit, strict.stdout.as_str()), (Some(1), ""), "{}", strict.stderr);
    // Renewed, it is as good as any.
    let renewed =
        office.cfssl(OURS, &["gencert", "-renewca", "-ca", "loose.pem", "-ca-key", "loose-key.pem"]);
    assert_eq!(renewed.exit, Some(0), "{}", renewed.stderr);
    office.write("loose.pem", renewed.part("cert").unwrap());
    let done = office.cfssl(OURS, &arguments);
    assert_eq!(done.exit, Some(0), "{}", done.stderr);
    assert!(!done.stderr.contains("malformed"), "{}", done.stderr);
}

#[test]
fn subjects_outside_the_directory_names_of_an_authority_are_warned_about() {
    let office = Office::new();
    office.write(
        "nc.cnf",
        "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=x\n[dn]\nO=Example\nCN=CA\n[x]\nbasicConstraints=critical,CA:true\n\
         keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nnameConstraints=critical,permitted;dirName:p,excluded;dirName:e\n\
         [p]\nC=TW\nO=Example  Inc\n[e]\nC=TW\nO=Example Inc\nOU=Secret\n",
    );
    office.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config nc.cnf -keyout ca-key.pem \
         -out ca.pem -days 3650",
    );
    for (subject, allowed) in [
        (r#""names": [{"C": "TW", "O": "Example Inc"}]"#, true),
        (r#""CN": "a", "names": [{"C": "TW", "O": "example INC", "OU": "Public"}]"#, true),
        (r#""names": [{"C": "TW", "O": "Example Inc", "OU": "secret"}], "CN": "a""#, false),
        (r#""names": [{"C": "TW", "O": "Examples"}]"#, false),
        (r#""names": [{"O": "Example Inc"}]"#, false),
        (r#""CN": "a""#, false),
        // Nothing to constrain.
        (r#""CN": """#, true),
    ] {
        office.write("request.json", format!(r#"{{{subject}, "hosts": ["10.0.0.1"]}}"#));
        let done = office.cfssl(OURS, &["gencert", "-ca", "ca.pem", "-ca-key", "ca-key.pem", "request.json"]);
        assert_eq!(done.exit, Some(0), "{subject}: {}", done.stderr);
        let warned = done.stderr.contains("[WARNING] the CA's name constraints");
        assert_eq!(warned, !allowed, "{subject}: {}", done.stderr);
        office.write("request.pem", done.part("cert").unwrap());
        let verified = run("openssl", office.path(), &["verify", "-CAfile", "ca.pem", "request.pem"]);
        assert_eq!(verified.exit == Some(0), allowed, "openssl must agree on {subject}: {}", verified.stderr);
    }
    office.write("request.json", r#"{"CN": "a", "hosts": ["10.0.0.1"]}"#);
    let strict = ["gencert", "-strict", "-ca", "ca.pem", "-ca-key", "ca-key.pem", "request.json"];
    let done = office.cfssl(OURS, &strict);
    assert_eq!((done.exit, done.stdout.as_str()), (Some(1), ""), "{}", done.stderr);
}
