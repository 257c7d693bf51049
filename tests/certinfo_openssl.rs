//! What lines of JSON say, compared with what openssl says of the same certificates, several hundred of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop"
)]

#[path = "certinfo/der.rs"]
#[allow(dead_code, reason = "some of it is for CSRs")]
mod der;

use der::{Certificate, attribute, extension, oid, pem, san, seq, tlv};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const CERTIFICATES: u64 = 400;

/// A sequence of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        // Xorshift, after Marsaglia.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn octets(&mut self, count: u64) -> Vec<u8> {
        (0..count).map(|_| u8::try_from(self.next(256)).unwrap()).collect()
    }

    /// Some of them, in order.
    fn some<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        all.iter().filter(|_| self.next(2) == 0).cloned().collect()
    }
}

fn subject(numbers: &mut Numbers) -> Vec<u8> {
    let kinds: [(&[u64], u8); 7] = [
        (&[2, 5, 4, 6], 0x13),
        (&[2, 5, 4, 10], 0x0c),
        (&[2, 5, 4, 11], 0x0c),
        (&[2, 5, 4, 8], 0x13),
        (&[0, 9, 2342, 19_200_300, 100, 1, 25], 0x16),
        (&[1, 2, 840, 113_549, 1, 9, 1], 0x16),
        (&[2, 5, 4, 3], 0x0c),
    ];
    let sets = numbers.some(&kinds).into_iter().map(|(arcs, tag)| {
        let mut set = attribute(arcs, tag, format!("v{}", numbers.next(1000)).as_bytes());
        if numbers.next(5) == 0 {
            set.extend(attribute(&[2, 5, 4, 5], 0x13, b"77"));
        }
        tlv(0x31, &set)
    });
    let sets: Vec<Vec<u8>> = sets.collect();
    seq(&sets)
}

fn time(numbers: &mut Numbers, year: u64) -> Vec<u8> {
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        numbers.next(12) + 1,
        numbers.next(28) + 1,
        numbers.next(24),
        numbers.next(60),
        numbers.next(60)
    );
    match year {
        ..2050 => tlv(0x17, format!("{:02}{rest}", year % 100).as_bytes()),
        year => tlv(0x18, format!("{year}{rest}").as_bytes()),
    }
}

fn names(numbers: &mut Numbers) -> Option<Vec<u8>> {
    let number = numbers.next(1000);
    let all: Vec<(u8, Vec<u8>)> = vec![
        (0x82, format!("n{number}.example").into_bytes()),
        (0x82, b"*.example".to_vec()),
        (0x87, numbers.octets(4)),
        (0x87, [vec![0x20, 1, 0xd, 0xb8], numbers.octets(12)].concat()),
        (0x81, format!("m{number}@example.org").into_bytes()),
        (0x86, format!("https://example.org/{number}").into_bytes()),
    ];
    let some = numbers.some(&all);
    let borrowed: Vec<(u8, &[u8])> = some.iter().map(|(tag, value)| (*tag, value.as_slice())).collect();
    (!some.is_empty()).then(|| san(&borrowed))
}

fn key_usage(numbers: &mut Numbers) -> Vec<u8> {
    let bits = u8::try_from(numbers.next(254) + 1).unwrap();
    let decipher = numbers.next(4) == 0;
    let unused = if decipher { 7 } else { u8::try_from(bits.trailing_zeros()).unwrap() };
    let value = if decipher { vec![unused, bits, 0x80] } else { vec![unused, bits] };
    extension(&[2, 5, 29, 15], numbers.next(2) == 0, &tlv(3, &value))
}

const PURPOSES: [(&[u64], &str, &str); 7] = [
    (&[1, 3, 6, 1, 5, 5, 7, 3, 1], "serverAuth", "TLS Web Server Authentication"),
    (&[1, 3, 6, 1, 5, 5, 7, 3, 2], "clientAuth", "TLS Web Client Authentication"),
    (&[1, 3, 6, 1, 5, 5, 7, 3, 3], "codeSigning", "Code Signing"),
    (&[1, 3, 6, 1, 5, 5, 7, 3, 4], "emailProtection", "E-mail Protection"),
    (&[1, 3, 6, 1, 5, 5, 7, 3, 8], "timeStamping", "Time Stamping"),
    (&[1, 3, 6, 1, 5, 5, 7, 3, 9], "OCSPSigning", "OCSP Signing"),
    (&[2, 5, 29, 37, 0], "anyExtendedKeyUsage", "Any Extended Key Usage"),
];

const USAGES: [(&str, &str); 9] = [
    ("digitalSignature", "Digital Signature"),
    ("contentCommitment", "Non Repudiation"),
    ("keyEncipherment", "Key Encipherment"),
    ("dataEncipherment", "Data Encipherment"),
    ("keyAgreement", "Key Agreement"),
    ("keyCertSign", "Certificate Sign"),
    ("cRLSign", "CRL Sign"),
    ("encipherOnly", "Encipher Only"),
    ("decipherOnly", "Decipher Only"),
];

fn certificate(number: u64) -> Vec<u8> {
    let mut numbers = Numbers(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    numbers.next(2);
    let mut extensions = Vec::new();
    extensions.extend(names(&mut numbers));
    if numbers.next(3) > 0 {
        extensions.push(key_usage(&mut numbers));
    }
    let purposes = numbers.some(&PURPOSES);
    if !purposes.is_empty() && numbers.next(3) > 0 {
        let list: Vec<Vec<u8>> = purposes.iter().map(|(arcs, ..)| oid(arcs)).collect();
        extensions.push(extension(&[2, 5, 29, 37], numbers.next(2) == 0, &seq(&list)));
    }
    let constraints = match numbers.next(5) {
        0 => None,
        1 => Some(seq(&[tlv(1, &[0xff])])),
        2 => Some(seq(&[tlv(1, &[0xff]), tlv(2, &[u8::try_from(numbers.next(4)).unwrap()])])),
        _ => Some(seq(&[])),
    };
    extensions.extend(constraints.map(|value| extension(&[2, 5, 29, 19], true, &value)));
    if numbers.next(2) == 0 {
        extensions.push(extension(&[2, 5, 29, 14], false, &tlv(4, &numbers.octets(20))));
        extensions.push(extension(&[2, 5, 29, 35], false, &seq(&[tlv(0x80, &numbers.octets(20))])));
    }
    let mut serial = numbers.octets(numbers.0 % 20 + 1);
    if serial.len() > 1 && (serial[0] == 0 || serial[0] == 0xff) {
        serial[0] = 1;
    }
    let version = if extensions.is_empty() { Vec::new() } else { tlv(0xa0, &tlv(2, &[2])) };
    let not_before = numbers.next(49) + 2000;
    let not_after = not_before + numbers.next(60) + 1;
    let validity = seq(&[time(&mut numbers, not_before), time(&mut numbers, not_after)]);
    Certificate {
        version,
        serial: tlv(2, &serial),
        issuer: subject(&mut numbers),
        subject: subject(&mut numbers),
        validity,
        extensions,
        ..Certificate::default()
    }
    .der()
}

/// Standard output of a program that succeeds.
fn output(program: &str, folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The value of a line such as `Subject: …`.
fn after<'t>(text: &'t str, label: &str) -> &'t str {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix(label));
    line.unwrap_or_else(|| panic!("no {label} in\n{text}")).trim()
}

/// The line below the heading of an extension.
fn below<'t>(text: &'t str, heading: &str) -> Option<&'t str> {
    let mut lines = text.lines().skip_while(|line| !line.trim_start().starts_with(heading));
    lines.next()?;
    lines.next().map(str::trim)
}

/// openssl's form of a moment, without its `GMT`.
fn moment(text: &str) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (date, clock) = text.trim_end_matches('Z').split_once('T').unwrap();
    let parts: Vec<usize> = date.split('-').map(|part| part.parse().unwrap()).collect();
    format!("{} {:2} {clock} {}", months[parts[1] - 1], parts[2], parts[0])
}

fn joined(list: &Value, word: impl Fn(&Value) -> String) -> String {
    list.as_array().unwrap().iter().map(word).collect::<Vec<_>>().join(", ")
}

fn check(line: &Value, text: &str) {
    let str = |value: &Value| value.as_str().unwrap().to_owned();
    assert_eq!(
        str(&line["subject_text"]).replace(" + ", "+"),
        after(text, "Subject:").replace("/emailAddress", ", emailAddress")
    );
    assert_eq!(
        str(&line["issuer_text"]).replace(" + ", "+"),
        after(text, "Issuer:").replace("/emailAddress", ", emailAddress")
    );
    assert_eq!(moment(line["not_before"].as_str().unwrap()) + " GMT", after(text, "Not Before:"));
    assert_eq!(moment(line["not_after"].as_str().unwrap()) + " GMT", after(text, "Not After :"));
    assert_eq!(format!("{} (0x", line["version"]), &after(text, "Version:")[..5]);
    let serial = after(text, "Serial Number:");
    let serial = if serial.is_empty() { below(text, "Serial Number:").unwrap() } else { serial };
    match serial.split_once(" (") {
        Some((decimal, _)) => assert_eq!(line["serial_number"], decimal),
        None => {
            let digits = serial.trim_start_matches("(Negative)").trim().replace(':', "");
            let number = i128::from_str_radix(&digits[digits.len().saturating_sub(8)..], 16).unwrap();
            let decimal = line["serial_number"].as_str().unwrap();
            assert_eq!(decimal.starts_with('-'), serial.starts_with("(Negative)"));
            // Decimal and hexadecimal agree in the lowest 32 bits.
            let low = decimal
                .trim_start_matches('-')
                .bytes()
                .fold(0i128, |sum, digit| (sum * 10 + i128::from(digit - b'0')) % (1 << 32));
            assert_eq!(low, number, "{serial}");
        }
    }
    let usage = |value: &Value| USAGES.iter().find(|(ours, _)| value == ours).unwrap().1.to_owned();
    let usages = below(text, "X509v3 Key Usage:").map(str::to_owned);
    assert_eq!((!line["key_usage"].is_null()).then(|| joined(&line["key_usage"], usage)), usages);
    let purpose = |value: &Value| PURPOSES.iter().find(|(_, ours, _)| value == ours).unwrap().2.to_owned();
    let purposes = below(text, "X509v3 Extended Key Usage:").map(str::to_owned);
    let listed = &line["extended_key_usage"];
    assert_eq!((!listed.is_null()).then(|| joined(listed, purpose)), purposes);
    let kinds = |value: &Value| {
        let text = str(&value["value"]);
        match value["kind"].as_str().unwrap() {
            "dns" => format!("DNS:{text}"),
            "email" => format!("email:{text}"),
            "uri" => format!("URI:{text}"),
            "ip" => match text.parse().unwrap() {
                std::net::IpAddr::V4(_) => format!("IP Address:{text}"),
                std::net::IpAddr::V6(six) => {
                    let groups: Vec<String> =
                        six.segments().iter().map(|group| format!("{group:X}")).collect();
                    format!("IP Address:{}", groups.join(":"))
                }
            },
            other => panic!("{other}"),
        }
    };
    let names = below(text, "X509v3 Subject Alternative Name:").unwrap_or_default();
    assert_eq!(joined(&line["alternative_names"], kinds), names);
    let constraints = &line["basic_constraints"];
    let path_length =
        constraints["path_len"].as_u64().map(|length| format!(", pathlen:{length}")).unwrap_or_default();
    let words = (!constraints.is_null())
        .then(|| format!("CA:{}{path_length}", if constraints["ca"] == true { "TRUE" } else { "FALSE" }));
    assert_eq!(words.as_deref(), below(text, "X509v3 Basic Constraints:"));
    let own = below(text, "X509v3 Subject Key Identifier:").unwrap_or_default();
    assert_eq!(line["subject_key_id"], own);
    let issuer = below(text, "X509v3 Authority Key Identifier:").unwrap_or_default();
    assert_eq!(line["authority_key_id"], issuer.trim_start_matches("keyid:"));
    let critical =
        line["extensions"].as_array().unwrap().iter().filter(|one| one["critical"] == true).count();
    assert_eq!(critical, text.matches(": critical").count());
}

#[test]
fn openssl_says_the_same_of_every_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let bundle: String = (0..CERTIFICATES).map(|number| pem("CERTIFICATE", &certificate(number))).collect();
    fs::write(folder.path().join("bundle.pem"), bundle).unwrap();
    let lines =
        output(env!("CARGO_BIN_EXE_cfssl"), folder.path(), &["certinfo", "-format", "jsonl", "bundle.pem"]);
    let theirs = output("openssl", folder.path(), &["storeutl", "-noout", "-text", "-certs", "bundle.pem"]);
    let texts: Vec<&str> = theirs.split(": Certificate\n").skip(1).collect();
    assert_eq!((lines.lines().count() as u64, texts.len() as u64), (CERTIFICATES, CERTIFICATES));
    for (line, text) in lines.lines().zip(texts) {
        check(&serde_json::from_str(line).unwrap(), text);
    }
}

#[test]
fn openssl_finds_the_same_certificates_good_for_servers_and_clients() {
    let folder = tempfile::tempdir().unwrap();
    let (mut servers, mut clients, mut asked) = (0, 0, 0);
    for number in 0..CERTIFICATES / 3 {
        fs::write(folder.path().join("c.pem"), pem("CERTIFICATE", &certificate(number))).unwrap();
        let line =
            output(env!("CARGO_BIN_EXE_cfssl"), folder.path(), &["certinfo", "-format", "jsonl", "c.pem"]);
        let line: Value = serde_json::from_str(&line).unwrap();
        // An authority that names no purpose is no server to us, and one to openssl; the purpose that stands for
        // all is the other way round.
        let purposes = line["extended_key_usage"].as_array();
        let names_any = purposes.is_some_and(|all| all.iter().any(|one| one == "anyExtendedKeyUsage"));
        if line["basic_constraints"]["ca"] == true || names_any {
            continue;
        }
        let text = output("openssl", folder.path(), &["x509", "-in", "c.pem", "-noout", "-purpose"]);
        let is_for = |word: &str| line["good_for"].as_array().unwrap().iter().any(|one| one == word);
        let has_host = line.get("sans").is_some();
        let is_server = after(&text, "SSL server :") == "Yes";
        assert_eq!(is_for("tls-server"), is_server && has_host, "{line}\n{text}");
        assert_eq!(is_for("tls-client"), after(&text, "SSL client :") == "Yes", "{line}\n{text}");
        assert_eq!(is_for("etcd-peer"), is_for("tls-server") && is_for("tls-client"));
        assert!(!is_for("ca"));
        servers += usize::from(is_for("tls-server"));
        clients += usize::from(is_for("tls-client"));
        asked += 1;
    }
    assert!(
        asked > 30 && servers > 5 && servers < asked && clients > 5 && clients < asked,
        "{asked} {servers} {clients}"
    );
}
