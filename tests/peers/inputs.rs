//! The CAs, keys and CSRs that the cases work on, made by openssl, certtool and the installed cfssl.

use super::further;
use super::support::peer::NEW;
use super::support::run::run;
use std::fs;
use std::path::Path;

/// The CAs, made by cfssl, by name and request.
pub(crate) const AUTHORITIES: [(&str, &str); 10] = [
    ("p256", r#"{"CN":"P-256 root","names":[{"C":"US","O":"Org"}]}"#),
    ("p384", r#"{"CN":"P-384 root","key":{"algo":"ecdsa","size":384}}"#),
    ("p521", r#"{"CN":"P-521 root","key":{"algo":"ecdsa","size":521}}"#),
    ("rsa2048", r#"{"CN":"RSA root","key":{"algo":"rsa","size":2048}}"#),
    ("rsa3072", r#"{"CN":"RSA root","key":{"algo":"rsa","size":3072}}"#),
    ("rsa4096", r#"{"CN":"RSA root","key":{"algo":"rsa","size":4096}}"#),
    (
        "many",
        r#"{"CN":"räte_*","names":[{"O":"b","OU":"x"},{"O":"a&"}],"serialnumber":"7","hosts":["10.1.2.3","a.example"]}"#,
    ),
    ("pathlen0", r#"{"CN":"none below","ca":{"pathlenzero":true}}"#),
    ("pathlen1", r#"{"CN":"one below","ca":{"pathlen":1,"expiry":"100h"}}"#),
    ("short", r#"{"CN":"short","ca":{"expiry":"2h"}}"#),
];

/// The keys of openssl, by name and what `genpkey` is told.
const KEYS: [(&str, &str); 9] = [
    ("p256", "EC -pkeyopt ec_paramgen_curve:P-256"),
    ("p384", "EC -pkeyopt ec_paramgen_curve:P-384"),
    ("p521", "EC -pkeyopt ec_paramgen_curve:P-521"),
    ("rsa1024", "RSA -pkeyopt rsa_keygen_bits:1024"),
    ("rsa2048", "RSA -pkeyopt rsa_keygen_bits:2048"),
    ("rsa3072", "RSA -pkeyopt rsa_keygen_bits:3072"),
    ("ed25519", "ed25519"),
    ("ed448", "ed448"),
    ("secp256k1", "EC -pkeyopt ec_paramgen_curve:secp256k1"),
];

/// A CSR of openssl.
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    key: &'static str,
    subject: &'static str,
    /// Settings of the `req` section.
    settings: &'static str,
    extensions: &'static str,
    arguments: &'static str,
}

const fn asked(name: &'static str, subject: &'static str, extensions: &'static str) -> Asked {
    Asked { name, key: "p256", subject, settings: "", extensions, arguments: "" }
}

const fn named(name: &'static str, subject: &'static str, settings: &'static str) -> Asked {
    Asked { settings, ..asked(name, subject, "") }
}

const fn keyed(name: &'static str, key: &'static str, arguments: &'static str) -> Asked {
    Asked { key, arguments, ..asked(name, "/CN=keyed", "subjectAltName=DNS:keyed") }
}

/// The CSRs of openssl.
pub(crate) const ASKED: &[Asked] = &[
    // Subjects.
    named("plain", "/CN=plain", ""),
    named("empty", "/", ""),
    named(
        "rewritten",
        "/CN=first/OU=unit/O=Org/C=US/street=S1/postalCode=123/emailAddress=e@x/serialNumber=9/CN=second/GN=given/DC=dc1/title=T",
        "",
    ),
    named("units", "/OU=b/OU=a/O=x/CN=y", ""),
    named("groups", "/O=system:masters/O=a/O=zz long/O=a/CN=admin", ""),
    named("countries", "/C=US/C=AA/ST=s/ST=t/L=l/L=m/CN=c", ""),
    named("numbers", "/CN=n/serialNumber=1/serialNumber=2", ""),
    named("multi-valued", "/O=a+OU=b/CN=c+L=d", ""),
    named("letters", "/CN=*.a_b@c&d/O='()+,-.:=?/OU=a!b", ""),
    named("utf8", "/CN=räksmörgås/O=組織", "utf8=yes\nstring_mask=utf8only"),
    named("utf8 that is printable", "/C=US/O=Org/CN=plain", "string_mask=utf8only"),
    named("T61", "/CN=rägs/O=a_b/OU=plain", "utf8=yes\nstring_mask=MASK:0x4"),
    named("T61 of ASCII", "/CN=plain/O=a_b", "string_mask=MASK:0x4"),
    named("BMP", "/CN=räksmörgås/O=plain", "utf8=yes\nstring_mask=MASK:0x800"),
    named("BMP beyond Latin", "/CN=組織", "utf8=yes\nstring_mask=MASK:0x800"),
    named("universal", "/CN=plain", "string_mask=MASK:0x100"),
    named("IA5", "/CN=a_b/O=c", "string_mask=MASK:0x10"),
    named("unique", "/CN=x/UID=user/dnQualifier=q/initials=i/SN=sur/pseudonym=p", ""),
    named("mail", "/CN=x/emailAddress=a@b.example/emailAddress=c@d.example", ""),
    named("components", "/DC=com/DC=example/OU=x/CN=y", ""),
    // Names.
    asked(
        "every host",
        "/CN=h",
        "subjectAltName=DNS:a.example,DNS:*.b.example,IP:10.0.0.1,IP:2001:db8::1,email:m@x.example,URI:https://u.example/p",
    ),
    asked("hosts alone", "/", "subjectAltName=DNS:only.example"),
    asked("critical hosts", "/CN=h", "subjectAltName=critical,DNS:h"),
    asked("mixed hosts", "/CN=h", "subjectAltName=URI:x:y,IP:10.0.0.1,DNS:z,email:a@b,DNS:a,IP:1.2.3.4"),
    asked("one address", "/CN=h", "subjectAltName=IP:::1"),
    asked("one mail", "/CN=h", "subjectAltName=email:m@x.example"),
    asked("mail outside ASCII", "/CN=h", "subjectAltName=DER:30048102C3A9"),
    asked("DNS outside ASCII", "/CN=h", "subjectAltName=DER:30048202C3A9"),
    asked("URI of letters outside ASCII", "/CN=h", "subjectAltName=DER:30048602C3A9"),
    asked("IPv4 inside IPv6", "/CN=h", "subjectAltName=DER:3012871000000000000000000000FFFF01020304"),
    asked("path length of no CA", "/CN=h", "basicConstraints=critical,DER:3003020101"),
    asked("address outside ASCII", "/CN=h", "subjectAltName=IP:192.168.255.255"),
    asked("URI of two fragments", "/CN=h", "subjectAltName=URI:https://u.example/#a#b^"),
    asked("URI of an absolute domain", "/CN=h", "subjectAltName=URI:https://u.example./"),
    asked("URI of an empty label", "/CN=h", "subjectAltName=URI:https://u..example/"),
    asked("URI of foreign letters", "/CN=h", "subjectAltName=URI:https://%C3%A9/"),
    asked("URI of bad escapes", "/CN=h", "subjectAltName=URI:https://u.example/%zz"),
    asked("URI of words", "/CN=h", "subjectAltName=URI:a b"),
    asked("URI of an address", "/CN=h", "subjectAltName=URI:https://[::1]:80/"),
    asked("one URI", "/CN=h", "subjectAltName=URI:spiffe://x/y"),
    asked(
        "other kinds of names",
        "/CN=h",
        "subjectAltName=DNS:d,RID:1.2.3,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@x,dirName:dn",
    ),
    asked("no known kind", "/CN=h", "subjectAltName=RID:1.2.3"),
    asked("capital host", "/CN=H", "subjectAltName=DNS:UPPER.Example,DNS:trailing."),
    // What else CSRs bring.
    asked(
        "usages",
        "/CN=u",
        "keyUsage=critical,keyCertSign\nextendedKeyUsage=codeSigning\nsubjectAltName=DNS:u",
    ),
    asked("unknown extension", "/CN=u", "1.2.3.4=critical,DER:0500\nsubjectAltName=DNS:u"),
    asked("identifiers", "/CN=u", "subjectKeyIdentifier=00112233\ncertificatePolicies=1.2.3"),
    asked("delegation", "/CN=u", "1.3.6.1.4.1.44363.44=DER:0500"),
    asked("no CA", "/CN=u", "basicConstraints=CA:false"),
    asked("CA", "/CN=sub", "basicConstraints=critical,CA:true"),
    asked("CA 0", "/CN=sub", "basicConstraints=critical,CA:true,pathlen:0"),
    asked("CA 1", "/CN=sub", "basicConstraints=critical,CA:true,pathlen:1"),
    asked("CA 2", "/CN=sub", "basicConstraints=CA:true,pathlen:2\nsubjectAltName=IP:10.0.0.1,DNS:lost"),
    Asked {
        settings: "attributes=at\n[at]\nchallengePassword=pass-word\nunstructuredName=un\n",
        ..asked("attributes", "/CN=a", "subjectAltName=DNS:a")
    },
    // Keys and signatures.
    keyed("key p384", "p384", ""),
    keyed("key p521", "p521", ""),
    keyed("key rsa1024", "rsa1024", ""),
    keyed("key rsa2048", "rsa2048", ""),
    keyed("key rsa3072", "rsa3072", ""),
    keyed("key ed25519", "ed25519", ""),
    keyed("key ed448", "ed448", ""),
    keyed("key secp256k1", "secp256k1", ""),
    keyed("signed SHA-1", "rsa2048", "-sha1"),
    keyed("signed SHA-224", "rsa2048", "-sha224"),
    keyed("signed SHA-384", "rsa2048", "-sha384"),
    keyed("signed SHA-512", "rsa2048", "-sha512"),
    keyed("signed MD5", "rsa2048", "-md5"),
    keyed("signed ECDSA SHA-1", "p256", "-sha1"),
    keyed("signed ECDSA SHA-384", "p256", "-sha384"),
    keyed("signed ECDSA SHA-512", "p256", "-sha512"),
    keyed("signed P-384 SHA-256", "p384", "-sha256"),
    keyed("signed P-521 SHA-256", "p521", "-sha256"),
    keyed("signed PSS", "rsa2048", "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1"),
    keyed("signed PSS SHA-384", "rsa2048", "-sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1"),
    keyed("signed PSS SHA-512", "rsa2048", "-sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1"),
    keyed(
        "signed PSS of another salt",
        "rsa2048",
        "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20",
    ),
    keyed("old label", "p256", "-newhdr"),
];

/// The templates of certtool.
const TEMPLATES: [(&str, &str); 4] = [
    ("certtool plain", "cn = \"plain\"\n"),
    (
        "certtool full",
        "organization = \"Org\"\nunit = \"u1\"\nunit = \"u2\"\ncountry = US\nstate = \"S\"\nlocality = \"L\"\ncn = \"full\"\nuid = \"user\"\n\
         dns_name = \"a.example\"\nip_address = \"10.0.0.1\"\nemail = \"m@x.example\"\nuri = \"https://u.example\"\ntls_www_server\n",
    ),
    ("certtool CA", "cn = \"sub\"\nca\ncert_signing_key\npath_len = 0\n"),
    ("certtool order", "dn = \"cn=last,ou=b,ou=a,o=Org,c=DE,dc=x,dc=y\"\n"),
];

/// The requests that the installed cfssl makes CSRs of.
const REQUESTED: [(&str, &str); 5] = [
    ("cfssl plain", r#"{"CN":"plain"}"#),
    ("cfssl hosts", r#"{"CN":"h","hosts":["a.example","10.0.0.1","m@x.example"]}"#),
    ("cfssl groups", r#"{"CN":"kubernetes-admin","names":[{"O":"system:masters","C":"US"},{"O":"b"}]}"#),
    ("cfssl rsa", r#"{"CN":"rsa","key":{"algo":"rsa","size":2048},"hosts":["r"]}"#),
    ("cfssl nothing", "{}"),
];

fn checked(program: &str, folder: &Path, arguments: &[&str]) -> String {
    let done = run(program, folder, arguments);
    assert_eq!(done.exit, Some(0), "{program} {arguments:?}: {}", done.stderr);
    done.stdout
}

/// Makes everything in the folder.
pub(crate) fn make(folder: &Path) {
    let write = |name: &str, text: &[u8]| fs::write(folder.join(name), text).unwrap();
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let cfssl = NEW.program("cfssl");
    for (name, request) in AUTHORITIES {
        write("request.json", request.as_bytes());
        let made = run(&cfssl, folder, &["gencert", "-initca", "request.json"]);
        let certificate = made.part("cert").unwrap_or_else(|| panic!("{name}: {}", made.stderr));
        write(&format!("{name}.pem"), certificate.as_bytes());
        write(&format!("{name}-key.pem"), made.part("key").unwrap().as_bytes());
    }
    for (name, told) in KEYS {
        let file = format!("{name}.key");
        let told: Vec<_> = told.split(' ').collect();
        checked("openssl", folder, &[&["genpkey", "-out", &file, "-algorithm"], &told[..]].concat());
    }
    for Asked { name, key, subject, settings, extensions, arguments } in ASKED {
        let wanted = if extensions.is_empty() { "" } else { "req_extensions=x\n" };
        let config = format!(
            "[req]\nprompt=no\ndistinguished_name=dn\n{wanted}{settings}\n[dn]\nCN=x\n[x]\n{extensions}\n"
        );
        write("openssl.cnf", config.as_bytes());
        let (file, key) = (format!("{name}.csr"), format!("{key}.key"));
        let mut told =
            vec!["req", "-new", "-config", "openssl.cnf", "-subj", subject, "-key", &key, "-out", &file];
        told.extend(arguments.split_whitespace());
        checked("openssl", folder, &told);
    }
    for (name, template) in TEMPLATES {
        write("template", template.as_bytes());
        let file = format!("{name}.csr");
        let told =
            ["--generate-request", "--load-privkey=p256.key", "--template=template", "--outfile", &file];
        checked("certtool", folder, &told);
    }
    for (name, request) in REQUESTED {
        write("request.json", request.as_bytes());
        let made = run(&cfssl, folder, &["genkey", "request.json"]);
        write(&format!("{name}.csr"), made.part("csr").unwrap().as_bytes());
    }
    // Faults, and odd ways to write what is right.
    let plain = read("every host.csr");
    let text = String::from_utf8(plain.clone()).unwrap();
    checked("openssl", folder, &["req", "-in", "every host.csr", "-outform", "DER", "-out", "DER.csr"]);
    let der = read("DER.csr");
    let mut forged = der.clone();
    *forged.last_mut().unwrap() ^= 1;
    write("forged.der", &forged);
    let mut other = der.clone();
    let place = other.windows(9).position(|window| window == b"a.example").unwrap();
    other[place] = b'b';
    write("altered.der", &other);
    write("cut.der", &der[..der.len() - 10]);
    write("longer.der", &[&der[..], b"\x05\x00"].concat());
    for name in ["forged", "altered", "cut", "longer"] {
        let body = checked("openssl", folder, &["base64", "-in", &format!("{name}.der")]);
        let framed =
            format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n");
        write(&format!("{name}.csr"), framed.as_bytes());
    }
    write("text around.csr", format!("Subject: x\n\n{text}\nmore <&> \u{e9}\n").as_bytes());
    write("bytes around.csr", &[b"\xff\xfe\n", &plain[..], b"\x80\n"].concat());
    write("CRLF.csr", text.replace('\n', "\r\n").as_bytes());
    write("two.csr", &[&plain[..], &read("plain.csr")].concat());
    write("key first.csr", &[&read("p256.key"), &plain[..]].concat());
    write("nothing.csr", b"");
    write("words.csr", b"no CSR\n");
    write("no newline.csr", text.trim_end().as_bytes());
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let line = format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----\n");
    write("one line.csr", line.as_bytes());
    let arguments = ["x509", "-in", "p256.pem", "-signkey", "p256-key.pem", "-x509toreq", "-out", "root.csr"];
    checked("openssl", folder, &arguments);
    checked("openssl", folder, &["x509", "-in", "p256.pem", "-outform", "DER", "-out", "DER.pem"]);
    odd_authorities(folder);
    write("chain.pem", &[read("p256.pem"), read("p384.pem")].concat());
    write("junk.pem", &[read("p256.pem"), b"junk\n".to_vec()].concat());
    write("mixed.pem", &read("p256.pem"));
    write("mixed-key.pem", &read("p384-key.pem"));
    let legacy =
        ["ec", "-in", "p256-key.pem", "-aes128", "-passout", "pass:secret", "-out", "legacy-key.pem"];
    checked("openssl", folder, &legacy);
    for left in ["request.json", "openssl.cnf", "template"] {
        fs::remove_file(folder.join(left)).unwrap();
    }
    further::make(folder);
}

/// CAs that only openssl makes.
fn odd_authorities(folder: &Path) {
    let make = |name: &str, subject: &str, settings: &str| {
        let text = format!(
            "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=x\n[dn]\nCN=x\n[x]\n{settings}"
        );
        fs::write(folder.join("openssl.cnf"), text).unwrap();
        let (key, certificate) = (format!("{name}-key.pem"), format!("{name}.pem"));
        checked("openssl", folder, &["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", &key]);
        let told =
            ["req", "-x509", "-new", "-key", &key, "-config", "openssl.cnf", "-subj", subject, "-days", "30"];
        checked("openssl", folder, &[&told[..], &["-out", &certificate]].concat());
    };
    let authority = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n";
    make(
        "mail",
        "/emailAddress=a@b.example/O=x/CN=mail/O=y/DC=z",
        &format!("{authority}subjectKeyIdentifier=00112233\nsubjectAltName=IP:10.9.8.7,DNS:lost\n"),
    );
    make(
        "leaf",
        "/CN=no CA",
        "basicConstraints=critical,CA:false\nkeyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n",
    );
    make("bare", "/CN=bare", "subjectKeyIdentifier=none\nbasicConstraints=CA:true,pathlen:0\n");
}

/// The names of all CSRs among the inputs that are given to every command that reads one.
pub(crate) fn csr_names() -> impl Iterator<Item = &'static str> {
    let made = ASKED.iter().map(|asked| asked.name);
    let made = made.chain(TEMPLATES.map(|(name, _)| name)).chain(REQUESTED.map(|(name, _)| name));
    let odd = [
        "DER",
        "forged",
        "altered",
        "cut",
        "longer",
        "text around",
        "bytes around",
        "CRLF",
        "two",
        "key first",
        "nothing",
        "words",
        "no newline",
        "one line",
        "root",
    ];
    made.chain(odd)
}
