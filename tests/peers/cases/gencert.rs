//! `gencert`, in all its forms.

use super::super::case::Case;
use super::super::inputs::AUTHORITIES;
use super::faults;

/// A request, and how it is put.
pub(super) struct Put {
    name: String,
    form: Form,
    request: String,
    config: Option<String>,
    arguments: Vec<String>,
}

/// The forms of `gencert`; each but the first takes a CA by name.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// `-initca`.
    Initca,
    /// `-initca -ca-key`.
    Again(&'static str),
    /// `-renewca`.
    Renew(&'static str),
    /// `-ca -ca-key`.
    Leaf(&'static str),
}

impl Put {
    pub(super) fn new(name: &str, form: Form, request: &str) -> Self {
        let (name, request) = (name.to_owned(), request.to_owned());
        Self { name, form, request, config: None, arguments: Vec::new() }
    }

    pub(super) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self
    }

    pub(super) fn config(mut self, config: &str) -> Self {
        self.config = Some(config.to_owned());
        self
    }

    fn case(self) -> Case {
        let (switches, authority, key) = match self.form {
            Form::Initca => (&["-initca"][..], None, None),
            Form::Again(name) => (&["-initca"][..], None, Some(name)),
            Form::Renew(name) => (&["-renewca"][..], Some(name), Some(name)),
            Form::Leaf(name) => (&[][..], Some(name), Some(name)),
        };
        let mut case = Case::new("gencert", &self.name, switches);
        case.arguments.extend(authority.map(|name| format!("-ca={name}.pem")));
        case.arguments.extend(key.map(|name| format!("-ca-key={name}-key.pem")));
        if let Some(config) = &self.config {
            case = case.config(config);
        }
        case.arguments.extend(self.arguments);
        if let Form::Leaf(name) = self.form {
            case = case.by(name);
        }
        match self.form {
            Form::Renew(_) => case,
            _ => case.with(&["request.json"]).file("request.json", self.request),
        }
    }
}

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    // What depends on the age of cfssl, and what does not.
    let (mut aged, mut ageless) = (Vec::new(), Vec::new());
    subjects(&mut aged);
    hosts(&mut aged);
    keys(&mut aged);
    faults::add(&mut aged);
    authorities(&mut ageless);
    profiles(&mut ageless);
    let aged = aged.into_iter().map(|put| put.case().old());
    aged.chain(ageless.into_iter().map(Put::case)).collect()
}

fn subjects(cases: &mut Vec<Put>) {
    for (name, request) in [
        ("CN only", r#"{"CN":"a"}"#),
        (
            "every name",
            r#"{"CN":"cn","names":[{"OU":"ou","O":"o","L":"l","ST":"st","C":"US"}],"serialnumber":"42"}"#,
        ),
        ("no CN", r#"{"names":[{"C":"US"}]}"#),
        (
            "several entries",
            r#"{"CN":"cn","names":[{"O":"zeta","C":"US"},{"O":"Alpha","C":"AA"},{"O":"beta","OU":"u2"},{"OU":"u1"},{"O":"zz long"},{"O":"a"},{"O":"a"}]}"#,
        ),
        ("empty values", r#"{"CN":"cn","names":[{"O":"","OU":"u","L":" "},{"C":"","O":"x"}]}"#),
        (
            "letters that no PrintableString has",
            r#"{"CN":"*&@_","names":[{"O":"a*b"},{"O":"a&b"},{"O":"a@b"},{"O":"a_b"}]}"#,
        ),
        (
            "letters that a PrintableString has",
            r#"{"CN":"az AZ 09 '()+,-./:=?","names":[{"O":"!"},{"O":"\""},{"O":";"},{"O":"<"},{"O":"~"}]}"#,
        ),
        ("letters beyond ASCII", r#"{"CN":"räksmörgås 網路","names":[{"C":"TW","ST":"臺灣","O":"組織"}]}"#),
        ("letters that JSON escapes", r#"{"CN":"tab\there \u0001 \u2028 </x>"}"#),
        ("a half surrogate", r#"{"CN":"a\ud800b"}"#),
        ("a long country", r#"{"CN":"cn","names":[{"C":"USA"}]}"#),
        ("long values", &format!(r#"{{"CN":"{}","names":[{{"O":"{}"}}]}}"#, "c".repeat(70), "o".repeat(300))),
        ("keys of any case", r#"{"cn":"cn","NAMES":[{"c":"US","o":"x","Ou":"y"}],"SerialNumber":"8"}"#),
        (
            "keys given twice",
            r#"{"CN":"first","CN":"last","key":{"size":384},"key":{"algo":"ecdsa"},"names":[{"C":"US"}],"names":[{"O":"x"}]}"#,
        ),
        ("nulls", r#"{"CN":"cn","names":[{"O":null,"C":"US"}],"hosts":null,"key":null,"ca":null}"#),
        ("unknown keys", r#"{"CN":"cn","organisation":"x","names":[{"Org":"y","O":"z"}]}"#),
        ("serial number without digits", r#"{"CN":"cn","serialnumber":"A_1"}"#),
    ] {
        cases.push(Put::new(&format!("CA: {name}"), Form::Initca, request));
        cases.push(Put::new(&format!("leaf: {name}"), Form::Leaf("p256"), request));
    }
    cases.push(Put::new("leaf: empty request", Form::Leaf("p256"), "{}"));
    cases.push(Put::new("leaf: null", Form::Leaf("p256"), "null"));
    cases.push(Put::new("leaf: hosts without subject", Form::Leaf("p256"), r#"{"hosts":["only.san"]}"#));
    cases.push(Put::new(
        "leaf: the subject of its CA",
        Form::Leaf("p256"),
        r#"{"CN":"P-256 root","names":[{"C":"US","O":"Org"}],"hosts":["x"]}"#,
    ));
    cases.push(Put::new("leaf: -cn", Form::Leaf("p256"), r#"{"CN":"a","hosts":["h"]}"#).with(&["-cn", "b_"]));
    cases.push(Put::new("CA: -cn", Form::Initca, r#"{"names":[{"O":"o"}]}"#).with(&["-cn=b"]));
}

fn authorities(cases: &mut Vec<Put>) {
    for (name, section) in [
        ("empty", "{}"),
        ("path length 0 unmeant", r#"{"pathlen":0}"#),
        ("path length 0", r#"{"pathlen":0,"pathlenzero":true}"#),
        ("path length 3", r#"{"pathlen":3}"#),
        ("path length 200", r#"{"pathlen":200}"#),
        ("path length -1", r#"{"pathlen":-1}"#),
        ("path length 2 and zero", r#"{"pathlen":2,"pathlenzero":true}"#),
        ("expiry", r#"{"expiry":"87600h"}"#),
        ("expiry in parts", r#"{"expiry":"1h30m10.7s"}"#),
        ("expiry below a second", r#"{"expiry":"900ms"}"#),
        ("expiry after 2050", r#"{"expiry":"262800h"}"#),
        ("negative expiry", r#"{"expiry":"-1h"}"#),
        ("expiry 0", r#"{"expiry":"0h"}"#),
        ("bad expiry", r#"{"expiry":"10y"}"#),
        ("bad expiry without unit", r#"{"expiry":"10"}"#),
        ("wrong key", r#"{"expire":"1h"}"#),
    ] {
        let request = format!(r#"{{"CN":"CA","ca":{section}}}"#);
        cases.push(Put::new(&format!("CA: ca section: {name}"), Form::Initca, &request));
        cases.push(Put::new(&format!("again: ca section: {name}"), Form::Again("p256"), &request));
    }
    let hosts = r#"{"CN":"CA","hosts":["a.example","10.0.0.1","m@x.example","::1"]}"#;
    cases.push(Put::new("CA: hosts", Form::Initca, hosts));
    let odd = r#"["friends: a@b;","friends: a@b, c@d;","http://a?b#c#d","http://a?b#c^#d"]"#;
    let request = format!(r#"{{"CN":"leaf","hosts":{odd}}}"#);
    cases.push(Put::new("hosts of odd forms", Form::Leaf("p256"), &request));
    cases.push(Put::new("again: hosts", Form::Again("p384"), hosts));
    cases.push(Put::new("again: no subject", Form::Again("p256"), "{}"));
    cases.push(Put::new(
        "again: other key in the request",
        Form::Again("p521"),
        r#"{"CN":"x","key":{"algo":"rsa","size":2048}}"#,
    ));
    cases.push(Put::new("again: RSA", Form::Again("rsa2048"), r#"{"CN":"x"}"#));
    for (authority, _) in AUTHORITIES {
        cases.push(Put::new(&format!("renewed: {authority}"), Form::Renew(authority), ""));
    }
    cases.push(Put::new("renewed: mail", Form::Renew("mail"), ""));
    cases.push(Put::new("renewed: no CA", Form::Renew("leaf"), ""));
    cases.push(Put::new("renewed: wrong key", Form::Renew("mixed"), ""));
}

fn hosts(cases: &mut Vec<Put>) {
    for hosts in [
        r#"["localhost"]"#,
        r#"["*.example.com","UPPER.example","name.","a..b","-x-","_srv._tcp"]"#,
        r#"["127.0.0.1","::1","2001:DB8::0001","::ffff:1.2.3.4","::1.2.3.4","fe80::1"]"#,
        r#"["127.0.0.01","1.2.3","1.2.3.4.","0x7f.1","256.1.1.1"," 10.0.0.1","10.0.0.1 "]"#,
        r#"["[::1]","1.2.3.4:80","[::1]:443","10.0.0.0/8","a b","my_host:80",":80"]"#,
        r#"["user@localhost","Bob <bob@x.com>","<x@y>","x@y (c)"]"#,
        r#"["a@b@c","a@","@","a@b, c@d","a@b.","a b@c"]"#,
        r#"["\"q s\"@x.com","a.b.@c"]"#,
        r#"["10.0.0.2","b.example","m@x","a.example","10.0.0.1","l@x"]"#,
        r#"["a","a","10.0.0.1","10.0.0.1"]"#,
        r#"[""]"#,
        r#"["a","","b"]"#,
        r#"[null,"a"]"#,
        r#"[]"#,
        r#"["localhost:443","*"]"#,
        r#"["http://a/b","spiffe://x/y"]"#,
        r#"["é.example"]"#,
        r#"["x@[1.2.3.4]"]"#,
    ] {
        let request = format!(r#"{{"CN":"leaf","hosts":{hosts}}}"#);
        cases.push(Put::new(&format!("hosts {hosts}"), Form::Leaf("p256"), &request));
    }
    for list in ["a,b", "a", "10.0.0.1,m@x.example,h", "a, b", "a,,b", ","] {
        let case =
            Put::new(&format!("-hostname {list:?}"), Form::Leaf("p256"), r#"{"CN":"x","hosts":["lost"]}"#);
        cases.push(case.with(&["-hostname", list]));
    }
    cases.push(
        Put::new("-hostname without hosts", Form::Leaf("p256"), r#"{"CN":"x"}"#).with(&["-hostname=h"]),
    );
}

fn keys(cases: &mut Vec<Put>) {
    for key in [
        "{}",
        r#"{"algo":"ecdsa","size":256}"#,
        r#"{"algo":"ecdsa","size":384}"#,
        r#"{"algo":"ecdsa","size":521}"#,
        r#"{"algo":"rsa","size":2048}"#,
        r#"{"algo":"rsa","size":2049}"#,
        r#"{"algo":"rsa","size":2096}"#,
        r#"{"algo":"rsa","size":3072}"#,
        r#"{"algo":"rsa"}"#,
        r#"{"algo":"rsa","size":1024}"#,
        r#"{"algo":"rsa","size":8193}"#,
        r#"{"algo":"rsa","size":0}"#,
        r#"{"algo":"rsa","size":-1}"#,
        r#"{"algo":"rsa","size":1000000000}"#,
        r#"{"algo":"ecdsa","size":224}"#,
        r#"{"algo":"ecdsa","size":2048}"#,
        r#"{"algo":"RSA","size":2048}"#,
        r#"{"algo":"","size":2048}"#,
        r#"{"size":384}"#,
        r#"{"algo":"ed25519"}"#,
    ] {
        let request = format!(r#"{{"CN":"k","hosts":["k"],"key":{key}}}"#);
        cases.push(Put::new(&format!("key {key}"), Form::Leaf("p256"), &request));
    }
    for size in [2048, 4096] {
        let request = format!(r#"{{"CN":"CA","key":{{"algo":"rsa","size":{size}}}}}"#);
        cases.push(Put::new(&format!("CA: RSA {size}"), Form::Initca, &request));
    }
    for size in [384, 521] {
        let request = format!(r#"{{"CN":"CA","key":{{"algo":"ecdsa","size":{size}}}}}"#);
        cases.push(Put::new(&format!("CA: P-{size}"), Form::Initca, &request));
    }
    for (authority, _) in AUTHORITIES {
        let request = r#"{"CN":"leaf","names":[{"O":"o"}],"hosts":["h.example","10.0.0.1"]}"#;
        cases.push(Put::new(&format!("below {authority}"), Form::Leaf(authority), request));
    }
    for authority in ["mail", "leaf", "bare"] {
        cases.push(Put::new(
            &format!("below {authority}"),
            Form::Leaf(authority),
            r#"{"CN":"leaf","hosts":["h"]}"#,
        ));
    }
}

/// The usages that cfssl 1.2.0 knows.
const USAGES: [&str; 22] = [
    "signing",
    "digital signature",
    "key encipherment",
    "data encipherment",
    "key agreement",
    "cert sign",
    "crl sign",
    "encipher only",
    "decipher only",
    "any",
    "server auth",
    "client auth",
    "code signing",
    "email protection",
    "s/mime",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "timestamping",
    "ocsp signing",
    "microsoft sgc",
    "netscape sgc",
];

fn profiles(cases: &mut Vec<Put>) {
    let leaf = |name: &str| {
        Put::new(name, Form::Leaf("p256"), r#"{"CN":"leaf.example","hosts":["leaf.example","10.0.0.1"]}"#)
    };
    for usage in USAGES {
        let config = format!(r#"{{"signing":{{"default":{{"expiry":"1h","usages":["{usage}"]}}}}}}"#);
        cases.push(leaf(&format!("usage {usage}")).config(&config));
    }
    let all = format!("{USAGES:?}");
    for (name, fields) in [
        ("all usages", format!(r#""expiry":"1h","usages":{all}"#)),
        ("usages twice", r#""expiry":"1h","usages":["client auth","server auth","client auth","s/mime","email protection"]"#.to_owned()),
        ("some usages unknown", r#""expiry":"1h","usages":["bogus","signing","Server Auth"]"#.to_owned()),
        ("all usages unknown", r#""expiry":"1h","usages":["bogus"]"#.to_owned()),
        ("no usages", r#""expiry":"1h""#.to_owned()),
    ] {
        cases.push(leaf(name).config(&format!(r#"{{"signing":{{"default":{{{fields}}}}}}}"#)));
    }
    for fields in [
        r#""expiry":"8760h""#,
        r#""expiry":"1h30m""#,
        r#""expiry":"1.5h""#,
        r#""expiry":"90s500ms""#,
        r#""expiry":"-1h""#,
        r#""expiry":"876000h""#,
        r#""expiry":"1h","backdate":"1h""#,
        r#""expiry":"1h","backdate":"0s""#,
        r#""expiry":"1h","backdate":"-10m""#,
        r#""expiry":"1h","backdate":"90s""#,
        r#""expiry":"1h","not_before":"2020-01-01T00:00:00Z""#,
        r#""expiry":"1h","not_after":"2049-12-31T23:59:59Z""#,
        r#""expiry":"1h","not_before":"2020-01-01T02:00:00+02:00","not_after":"2050-01-01T00:00:00Z""#,
        r#""expiry":"1h","not_before":"2020-01-01T00:00:00.9Z","not_after":"2060-06-30T12:00:00-07:00","backdate":"1h""#,
        r#""expiry":"1h","issuer_urls":["http://i1/","http://i2/"]"#,
        r#""expiry":"1h","issuer_urls":[]"#,
        r#""expiry":"1h","ocsp_url":"http://o/""#,
        r#""expiry":"1h","ocsp_url":"http://o/","issuer_urls":["http://i1/"]"#,
        r#""expiry":"1h","crl_url":"http://c/""#,
        r#""expiry":"1h","crl_url":"http://c/ä b""#,
        r#""expiry":"1h","ocsp_no_check":true"#,
        r#""expiry":"1h","policies":[{"id":"1.2.3"}]"#,
        r#""expiry":"1h","policies":[{"id":"1.2.3"},{"ID":"2.5.29.32.0","Qualifiers":[{"type":"id-qt-cps","value":"http://cps/"},{"type":"id-qt-unotice","value":"héllo"}]}]"#,
        r#""expiry":"1h","policies":[{"id":"1.2.840.113549.1.9.99999","qualifiers":[{"type":"id-qt-unotice","value":""}]}]"#,
        r#""expiry":"1h","policies":[{"id":"1.2.3","qualifiers":[{"type":"","value":"x"}]}]"#,
        r#""expiry":"1h","name_whitelist":"leaf\\.example""#,
        r#""expiry":"1h","name_whitelist":"^other$""#,
        r#""expiry":"1h","name_whitelist":"""#,
        r#""expiry":"1h","CSRWhitelist":{}"#,
        r#""expiry":"1h","CSRWhitelist":{"PublicKey":true,"PublicKeyAlgorithm":true}"#,
        r#""expiry":"1h","CSRWhitelist":{"PublicKey":true,"Subject":true}"#,
        r#""expiry":"1h","csrwhitelist":{"publickey":true,"dnsnames":true}"#,
        r#""expiry":"1h","CSRWhitelist":{"PublicKey":true,"Subject":true,"IPAddresses":true}"#,
        r#""expiry":"1h","csr_whitelist":{"Subject":true}"#,
        r#""expiry":"1h","ca_constraint":{"is_ca":true}"#,
        r#""expiry":"1h","ca_constraint":{"is_ca":true,"max_path_len":2}"#,
        r#""expiry":"1h","ca_constraint":{"is_ca":true,"max_path_len":0}"#,
        r#""expiry":"1h","ca_constraint":{"is_ca":true,"max_path_len":0,"max_path_len_zero":true}"#,
        r#""expiry":"1h","ca_constraint":{"is_ca":true,"max_path_len":1,"max_path_len_zero":true}"#,
        r#""expiry":"1h","ca_constraint":{"is_ca":true,"max_path_len":-1}"#,
        r#""expiry":"1h","ca_constraint":{"is_ca":false,"max_path_len":2}"#,
        r#""expiry":"1h","ca_constraint":{}"#,
        r#""expiry":"1h","issuer_urls":["http://i1/"],"ocsp_url":"http://o/","crl_url":"http://c/","ocsp_no_check":true,"backdate":"1h","policies":[{"id":"1.2.3"}],"ca_constraint":{"is_ca":true,"max_path_len":1}"#,
    ] {
        let usages = if fields.contains("is_ca\":true") {
            r#""cert sign","crl sign""#
        } else {
            r#""signing","server auth""#
        };
        let profile = format!(r#"{{"usages":[{usages}],{fields}}}"#);
        cases.push(
            leaf(&format!("default profile {fields}"))
                .config(&format!(r#"{{"signing":{{"default":{profile}}}}}"#)),
        );
        // A named profile, and what it takes over from the default one.
        let config = format!(r#"{{"signing":{{"profiles":{{"p":{profile}}}}}}}"#);
        cases.push(leaf(&format!("named profile {fields}")).config(&config).with(&["-profile", "p"]));
        let config = format!(
            r#"{{"signing":{{"default":{profile},"profiles":{{"p":{{"usages":["client auth"],"expiry":"2h"}}}}}}}}"#
        );
        cases.push(leaf(&format!("profile below default {fields}")).config(&config).with(&["-profile", "p"]));
    }
    let two = r#"{"signing":{"default":{"expiry":"1h","usages":["signing"],"crl_url":"http://d/","issuer_urls":["http://d/"]},"profiles":{"p":{"expiry":"0s","usages":["bogus","signing"],"crl_url":"http://p/","issuer_urls":[]},"P":{"expiry":"3h","usages":["any"]}}}}"#;
    for profile in ["", "p", "P", "q"] {
        cases.push(leaf(&format!("-profile {profile:?}")).config(two).with(&["-profile", profile]));
    }
    cases.push(leaf("-profile without -config").with(&["-profile", "p"]));
    cases.push(
        leaf("no default profile")
            .config(r#"{"signing":{"profiles":{"p":{"expiry":"2h","usages":["any"]}}}}"#),
    );
    let sub = r#"{"signing":{"default":{"expiry":"1h","usages":["cert sign"],"ca_constraint":{"is_ca":true,"max_path_len":3}}}}"#;
    for authority in ["pathlen0", "pathlen1", "short"] {
        cases.push(
            Put::new(
                &format!("CA below {authority}"),
                Form::Leaf(authority),
                r#"{"CN":"sub","hosts":["h","10.0.0.1"]}"#,
            )
            .config(sub),
        );
    }
}
