//! PEM, DER, PKCS #7, PKCS #12 and keystores as openssl, certtool and Java write them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

mod readers;

use certmint::inspect::evidence::{Container, Object};
use readers::*;

#[test]
fn reads_every_section_of_pem_whatever_stands_around_them() {
    let text = [
        "\u{feff}subject=CN = leaf\r\n",
        &pki_text("leaf.pem").replace('\n', "\r\n"),
        "junk between\n\n",
        &pki_text("leaf.csr"),
        &pki_text("leaf-key.pem"),
        &pki_text("crl.pem"),
        &String::from_utf8(openssl(pki(), "pkey -in rsa-key.pem -pubout")).unwrap(),
        &String::from_utf8(openssl(pki(), "rsa -in rsa-key.pem -RSAPublicKey_out")).unwrap(),
        "text after",
    ]
    .concat();
    let contents = read(&text);
    assert_eq!(contents.container, Some(Container::Pem));
    assert_eq!(
        kinds(&contents),
        [
            "certificate leaf",
            "csr",
            "key PKCS #8 ECDSA P-256",
            "crl",
            "public key RSA 2048 bits",
            "public key RSA 2048 bits"
        ]
    );
    let lines_of_begins: Vec<String> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.contains("-----BEGIN"))
        .enumerate()
        .map(|(number, (line, _))| format!("section {number} line {line}"))
        .collect();
    let places: Vec<_> = contents.objects.iter().map(|(place, _)| place_words(place)).collect();
    assert_eq!(places, lines_of_begins);
    assert_eq!(contents.remarks, []);
}

#[test]
fn reads_text_that_openssl_writes_beside_pem() {
    let text = openssl(pki(), "x509 -in leaf.pem -text");
    assert_eq!(kinds(&read(text)), ["certificate leaf"]);
}

#[test]
fn cuts_off_what_openssl_adds_to_a_trusted_certificate() {
    let text = openssl(pki(), "x509 -in ca.pem -trustout -addtrust serverAuth -setalias x");
    assert!(text.starts_with(b"-----BEGIN TRUSTED CERTIFICATE"));
    let contents = read(text);
    assert_eq!(contents.objects[0].1, Object::Certificate(pki_der("ca.pem").into()));
}

#[test]
fn reads_utf16_as_windows_exports_it() {
    for mark in ["\u{feff}", ""] {
        let text = format!("{mark}{}", pki_text("leaf.pem").replace('\n', "\r\n"));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for text in [little, big] {
            let lines = lines(&read(text));
            assert_eq!(lines.len(), 2, "{lines:?}");
            assert!(lines[0].ends_with("certificate leaf"), "{lines:?}");
            assert!(lines[1].contains("damaged PEM: it is UTF-16 text"), "{lines:?}");
        }
    }
}

#[test]
fn reads_der_of_every_kind() {
    for (command, expected) in [
        ("x509 -in leaf.pem -outform DER", "certificate leaf"),
        ("req -in leaf.csr -outform DER", "csr"),
        ("crl -in crl.pem -outform DER", "crl"),
        ("pkcs8 -topk8 -nocrypt -in leaf-key.pem -outform DER", "key PKCS #8 ECDSA P-256"),
        ("ec -in leaf-key.pem -outform DER", "key SEC 1 ECDSA P-256"),
        ("ec -in leaf-key.pem -outform DER -no_public", "key SEC 1 ECDSA P-256"),
        ("rsa -in rsa-key.pem -outform DER -traditional", "key PKCS #1 RSA 2048 bits"),
        ("pkey -in leaf-key.pem -pubout -outform DER", "public key ECDSA P-256"),
        ("rsa -in rsa-key.pem -RSAPublicKey_out -outform DER", "public key RSA 2048 bits"),
    ] {
        let der = openssl(pki(), command);
        let contents = read(&der);
        assert_eq!(lines(&contents), [format!("whole {expected}")], "{command}");
        assert_eq!(contents.container, Some(Container::Der));
        // The same as base64 without boundaries, on one line and on many.
        let text = to_base64(&der);
        assert_eq!(kinds(&read(&text)), [expected], "{command}");
        let wrapped: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        assert_eq!(kinds(&read(wrapped.join("\r\n"))), [expected], "{command}");
    }
}

#[test]
fn reads_der_objects_one_after_another() {
    let both = [pki_der("leaf.pem"), pki_der("ca.pem")].concat();
    assert_eq!(lines(&read(both)), ["item 0 certificate leaf", "item 1 certificate ca"]);
}

#[test]
fn reads_certificates_and_revocation_lists_of_pkcs7() {
    let make = |form: &str| {
        openssl(pki(), &format!("crl2pkcs7 -in crl.pem -certfile leaf.pem -certfile ca.pem -outform {form}"))
    };
    let expected = ["certificate leaf", "certificate ca", "crl"];
    let der = read(make("DER"));
    assert_eq!(der.container, Some(Container::Pkcs7));
    assert_eq!(kinds(&der), expected);
    let pem = make("PEM");
    assert_eq!(kinds(&read(&pem)), expected);
    // AD CS writes it as base64 without boundaries, others under the label of a certificate.
    assert_eq!(kinds(&read(to_base64(&make("DER")))), expected);
    let text = String::from_utf8(pem).unwrap();
    assert_eq!(kinds(&read(text.replace("PKCS7", "CMS"))), expected);
    let mislabelled = read(text.replace("PKCS7", "CERTIFICATE"));
    assert_eq!(kinds(&mislabelled), expected);
    assert_eq!(&*mislabelled.remarks[0].1, "a PKCS #7 object is labelled CERTIFICATE");
    assert_eq!(
        kinds(&read(run(
            pki(),
            "certtool",
            &["--p7-generate", "--load-certificate", "leaf.pem", "--load-certificate", "leaf.pem"]
        )))
        .first()
        .map(String::as_str),
        Some("certificate leaf")
    );
}

#[test]
fn opens_pkcs12_with_a_password_that_is_given() {
    for options in ["", " -legacy", " -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg SHA384"] {
        let command = format!(
            "pkcs12 -export -inkey leaf-key.pem -in leaf.pem -certfile ca.pem -passout pass:secret{options}"
        );
        let file = openssl(pki(), &command);
        let contents = read_with(&file, &["wrong", "secret"]);
        assert_eq!(contents.container, Some(Container::Pkcs12));
        assert_eq!(
            kinds(&contents),
            ["certificate leaf", "certificate ca", "encrypted key PKCS #12 ECDSA P-256"],
            "{options}"
        );
        assert_eq!(told_public_half(&contents), public_half(&pki().join("leaf-key.pem"), ""));
        let closed = read_with(&file, &["wrong"]);
        assert_eq!(closed.objects, []);
        let fault = "a PKCS #12 file that the password that is given does not open";
        assert_eq!(closed.fault.as_deref(), Some(fault));
        let unasked = read(&file);
        assert_eq!(unasked.fault.as_deref(), Some("a PKCS #12 file under a password that is not given"));
    }
    let open = openssl(pki(), "pkcs12 -export -inkey leaf-key.pem -in leaf.pem -passout pass:");
    assert_eq!(kinds(&read(open)), ["certificate leaf", "key PKCS #12 ECDSA P-256"]);
}

#[test]
fn opens_pkcs12_without_a_password_or_with_an_empty_one() {
    let common = ["--to-p12", "--outder", "--p12-name", "x", "--load-privkey", "leaf-key.pem"];
    let make = |more: &[&str]| run(pki(), "certtool", &[&common[..], more].concat());
    for password in ["--null-password", "--empty-password"] {
        let contents = read(make(&["--load-certificate", "leaf.pem", password]));
        assert_eq!(kinds(&contents), ["certificate leaf", "key PKCS #12 ECDSA P-256"], "{password}");
    }
    let contents = read_with(
        make(&["--load-certificate", "leaf.pem", "--load-crl", "crl.pem", "--password", "x"]),
        &["x"],
    );
    assert_eq!(kinds(&contents), ["certificate leaf", "crl", "encrypted key PKCS #12 ECDSA P-256"]);
}

#[test]
fn opens_pkcs12_without_certificates_and_with_keys_that_are_not_used_here() {
    let alone = openssl(pki(), "pkcs12 -export -nocerts -inkey leaf-key.pem -passout pass:x");
    assert_eq!(kinds(&read_with(alone, &["x"])), ["encrypted key PKCS #12 ECDSA P-256"]);
    let folder = tempfile::tempdir().unwrap();
    openssl(folder.path(), "req -x509 -newkey rsa:1024 -noenc -subj /CN=old -keyout k.pem -out c.pem");
    let old = openssl(folder.path(), "pkcs12 -export -inkey k.pem -in c.pem -passout pass:x");
    let contents = read_with(old, &["x"]);
    assert_eq!(kinds(&contents), ["certificate old", "encrypted key PKCS #12 RSA 1024 bits"]);
    assert_eq!(told_public_half(&contents), public_half(&folder.path().join("k.pem"), ""));
}

/// The element that `der` starts with as BER may have it: lengths left open, strings in pieces. And the rest.
fn as_ber(der: &[u8]) -> (Vec<u8>, &[u8]) {
    let digits = if der[1] < 0x80 { 0 } else { usize::from(der[1] & 0x7f) };
    let length = der[2..2 + digits].iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit));
    let length = if digits == 0 { usize::from(der[1]) } else { length };
    let (header, rest) = der.split_at(2 + digits);
    let (mut content, rest) = rest.split_at(length);
    let mut ber = Vec::new();
    if der[0] == 4 && length > 100 {
        ber.extend([0x24, 0x80]);
        for piece in content.chunks(100) {
            ber.extend([4, piece.len() as u8]);
            ber.extend(piece);
        }
    } else if der[0] & 0x20 != 0 {
        ber.extend([der[0], 0x80]);
        while !content.is_empty() {
            let (inner, rest) = as_ber(content);
            ber.extend(inner);
            content = rest;
        }
    } else {
        return ([header, content].concat(), rest);
    }
    ber.extend([0, 0]);
    (ber, rest)
}

#[test]
fn reads_pkcs7_and_pkcs12_in_ber() {
    let stream = |form: &str| {
        openssl(
            pki(),
            &format!(
                "cms -sign -in leaf.csr -signer leaf.pem -inkey leaf-key.pem -certfile ca.pem -nodetach -stream -outform {form}"
            ),
        )
    };
    assert!(stream("DER").starts_with(&[0x30, 0x80]));
    for form in ["DER", "PEM"] {
        let mut words = kinds(&read(stream(form)));
        words.sort();
        assert_eq!(words, ["certificate ca", "certificate leaf"]);
    }
    let der = openssl(pki(), "pkcs12 -export -inkey leaf-key.pem -in leaf.pem -passout pass:x");
    let (ber, _) = as_ber(&der);
    assert_eq!(kinds(&read_with(ber, &["x"])), kinds(&read_with(der, &["x"])));
}

#[test]
fn content_wins_over_a_wrong_label() {
    for (file, own, wrong, kind, remark) in [
        ("leaf.pem", "CERTIFICATE", "X509 CRL", "certificate leaf", "a certificate is labelled X509 CRL"),
        ("leaf.csr", "CERTIFICATE REQUEST", "CERTIFICATE", "csr", "a CSR is labelled CERTIFICATE"),
        (
            "crl.pem",
            "X509 CRL",
            "CERTIFICATE",
            "crl",
            "a certificate revocation list is labelled CERTIFICATE",
        ),
        (
            "leaf-key.pem",
            "PRIVATE KEY",
            "CERTIFICATE",
            "key PKCS #8 ECDSA P-256",
            "a private key is labelled CERTIFICATE",
        ),
    ] {
        let contents = read(pki_text(file).replace(own, wrong));
        assert_eq!(kinds(&contents), [kind]);
        assert_eq!(&*contents.remarks[0].1, remark);
    }
    let unknown = read(pki_text("leaf.pem").replace("CERTIFICATE", "SOMETHING"));
    assert_eq!(kinds(&unknown), ["certificate leaf"]);
}

#[test]
fn tells_what_is_damaged_and_where() {
    let leaf = pki_text("leaf.pem");
    let begin = "-----BEGIN CERTIFICATE-----\n";
    for (text, expected) in [
        (leaf.replace("-----END CERTIFICATE-----\n", ""), "its -----END line is missing"),
        (leaf.replacen("MII", "M*I", 1), "line 2 has a letter that is not base64"),
        (leaf.replacen("MII", "MI", 1), "a part of its base64 is missing, or there is too much of it"),
        (format!("{begin}-----END CERTIFICATE-----\n"), "it is empty"),
        (format!("{begin}AAAA\n-----END CERTIFICATE-----\n"), "what it holds is not what its label says"),
    ] {
        let contents = read(&text);
        let expected = format!("section 0 line 1 damaged CERTIFICATE: {expected}");
        assert_eq!(lines(&contents), [expected]);
        // What follows is read all the same.
        let both = read(text + &leaf);
        assert_eq!(kinds(&both).last().map(String::as_str), Some("certificate leaf"));
        assert_eq!(both.objects.len(), 2);
    }
    let dashes = read(leaf.replacen("CERTIFICATE-----", "CERTIFICATE----", 1));
    assert_eq!(
        lines(&dashes),
        ["section 0 line 1 damaged CERTIFICATE: its -----BEGIN line does not end in -----"]
    );
}

#[test]
fn a_broken_certificate_is_still_a_certificate() {
    let mut der = pki_der("leaf.pem");
    // The tag of the validity's first time.
    let time = der.windows(2).position(|window| window == [0x17, 0x0d]).unwrap();
    der[time] = 0x55;
    assert_eq!(kinds(&read(&der)), ["certificate leaf"]);
    der.push(7);
    assert_eq!(read(&der).objects[0].1, Object::Certificate(der.clone().into()));
    // Half a certificate, in PEM and in DER.
    der.truncate(der.len() / 2);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", to_base64(&der));
    assert_eq!(read(pem).objects[0].1, Object::Certificate(der.clone().into()));
    assert_eq!(read(&der).objects[0].1, Object::Certificate(der.into()));
}

#[test]
fn finds_pem_in_source_code_environment_files_and_on_one_line() {
    let leaf = pki_text("leaf.pem");
    let escaped = leaf.replace('\n', "\\n");
    let one_line = leaf.replace('\n', " ");
    for (text, line) in [
        (format!("A=1\nCERT=\"{escaped}\"\n"), 2),
        (format!("A=1\r\nCERT='{}'\r\n", escaped.replace("\\n", "\\r\\n")), 2),
        (format!("const a = 1;\nconst cert = `{leaf}`;\n"), 2),
        (format!("const cert = `\n{}`\n", leaf.trim()), 2),
        (format!("\n\nCERT={one_line}\n"), 3),
        (format!("\nCERT={one_line} and more\n"), 2),
        (format!("{{ not json \"{}\" }}", escaped.replace('\\', "\\\\")), 1),
    ] {
        assert_eq!(lines(&read(&text)), [format!("section 0 line {line} certificate leaf")], "{text}");
    }
}

#[test]
fn reads_what_lost_its_line_breaks_and_tells_that_programs_do_not() {
    let (leaf, key) = (pki_text("leaf.pem"), pki_text("leaf-key.pem"));
    let begin = "its -----BEGIN line goes on behind the label";
    let end = "its -----END line is missing: line 12 begins another section";
    for (text, damage) in [
        (leaf.replace('\n', " "), begin),
        (leaf.replace('\n', ""), begin),
        (leaf.replace('\n', "\\n"), begin),
        (leaf.replacen('\n', "", 1), begin),
        (leaf.replace("\n-----END", "-----END"), end),
    ] {
        let lines = lines(&read(format!("\n{text}\n{key}")));
        let damage = format!(
            "section 0 line 2 damaged CERTIFICATE: {damage}; it could be read here, but other programs do not read it"
        );
        assert_eq!(
            lines.get(..2),
            Some(&["section 0 line 2 certificate leaf".to_owned(), damage][..]),
            "{text}"
        );
        assert_eq!(lines.len(), 3, "{text}");
    }
    // A key of which only a part is left is a key all the same.
    let half = lines(&read(key.split_at(key.len() / 2).0));
    assert_eq!(half.len(), 2, "{half:?}");
    assert!(half[1].contains("damaged"), "{half:?}");
}

#[test]
fn passes_over_what_is_nothing_of_ours() {
    for text in [
        "",
        "hello",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENB\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n",
        "let x = \"-----BEGIN CERTIFICATE-----\";",
        "-----BEGIN CERTIFICATE-----, that is how it begins",
        "-----BEGIN RSA PRIVATE KEY----- <key_value> -----END RSA PRIVATE KEY-----\n\
         class MessagesOfTheServiceVersion1OfAVeryLongName(Message): pass\n",
        "TUlJ",
        "{\"a\": 1}",
        "kind: Secret\n",
        "\u{0}\u{1}",
        "0",
    ] {
        let contents = read(text);
        assert!(contents.is_empty(), "{text}: {contents:?}");
        assert_eq!((contents.objects, contents.remarks), (vec![], vec![]));
    }
    // Parameters are no keys.
    for command in [
        "ecparam -name prime256v1",
        "genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048",
        "genpkey -genparam -algorithm DSA -pkeyopt pbits:512",
    ] {
        assert!(read(openssl(pki(), command)).is_empty(), "{command}");
        assert!(read(openssl(pki(), &format!("{command} -outform DER"))).is_empty(), "{command}");
    }
}
