//! Whatever the readers are given, they end soon, and they do not panic.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

mod readers;

use certmint::inspect::evidence::Evidence;
use certmint::inspect::read::ReadOptions;
use proptest::prelude::*;
use readers::*;
use std::sync::OnceLock;

/// Quadratic time would be far more than the minutes that the test runner allows.
fn ends_soon(what: &str, bytes: impl AsRef<[u8]>) {
    // What the runner shows where it stopped a test.
    eprintln!("{what}");
    let contents = read_with(bytes.as_ref(), &["x"]);
    let mut evidence = Evidence::default();
    evidence.add("x", None, contents);
}

#[test]
fn takes_time_in_proportion_to_pem() {
    let leaf = pki_text("leaf.pem");
    ends_soon("begins", "-----BEGIN CERTIFICATE-----\n".repeat(40_000));
    ends_soon("begins without lines", "-----BEGIN CERTIFICATE-----".repeat(40_000));
    ends_soon("half boundaries", "-----BEGIN ".repeat(80_000));
    ends_soon("dashes", "-".repeat(800_000));
    ends_soon("backslashes", "\\".repeat(800_000) + "-----BEGIN ");
    ends_soon("empty sections", "-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n".repeat(10_000));
    ends_soon("ends", format!("-----BEGIN X-----\n{}", "-----END Y-----\n".repeat(40_000)));
    ends_soon("carriage returns", "\r".repeat(800_000) + &leaf);
    assert_eq!(read(leaf.repeat(5000)).objects.len(), 5000);
    // Damaged sections by the hundred thousand are not worth telling one by one.
    assert_eq!(read("-----BEGIN CERTIFICATE-----\n".repeat(20_000)).objects.len(), 1000);
}

#[test]
fn takes_time_in_proportion_to_documents() {
    let leaf = to_base64(&pki_file("leaf.pem"));
    ends_soon("deep JSON", format!("{}\"MII\"", "[".repeat(200_000)));
    ends_soon("deep objects", format!("{}\"MII\"", "{\"a\":".repeat(200_000)));
    ends_soon("deep YAML", format!("MII: {}", "- ".repeat(200_000)));
    ends_soon("deep flow", format!("MII: {}", "[".repeat(200_000)));
    ends_soon("wide JSON", format!("[{}1]", format!("\"{leaf}\",").repeat(5_000)));
    ends_soon("wide YAML", format!("- {leaf}\n").repeat(5_000));
    ends_soon("long keys", format!("? \"{}\"\n: {leaf}\n", "k".repeat(900)).repeat(3_000));
    let key = "k".repeat(100_000);
    let nested = format!("{{\"{key}\":[{}1]}}", format!("\"{leaf}\",").repeat(5_000));
    let contents = read(nested);
    assert_eq!(contents.objects.len(), 5000);
    assert!(lines(&contents).iter().all(|line| line.len() < 400), "paths are cut");
    ends_soon("documents", format!("---\nMII: {leaf}\n").repeat(2_000));
    ends_soon("anchors", format!("- &a MII\n{}", "- *a\n".repeat(60_000)));
    ends_soon("comments", format!("MII: x\n{}", "# c\n".repeat(100_000)));
    ends_soon("unclosed quote", format!("MII: \"{}", "x\n".repeat(200_000)));
    ends_soon("plain lines", format!("MII\n{}", "x y\n".repeat(200_000)));
    ends_soon("one key per line", format!("MII: x\n{}", "a: b\n".repeat(60_000)));
    ends_soon("question marks", format!("MII: x\n{}", "? ".repeat(100_000)));
    ends_soon("tags", format!("MII: x\n{}", "!t ".repeat(100_000)));
    ends_soon("braces", format!("MII: x\n{}", "{".repeat(200_000)));
    ends_soon("pairs", format!("MII: [{}]", "a: b, ".repeat(60_000)));
    // A document in a document in a document.
    let mut text = format!("a: {leaf}\n");
    for _ in 0..12 {
        text = format!("kind: Secret\ndata:\n  a: {}\n", to_base64(text.as_bytes()));
    }
    ends_soon("Secrets in Secrets", text);
}

#[test]
fn takes_no_room_out_of_proportion() {
    // Certificates that take no room in the file.
    let mut store = 0xFEED_FEED_u32.to_be_bytes().to_vec();
    store.extend([1_u32, 1, 1].map(u32::to_be_bytes).concat());
    store.extend([0; 2 + 8 + 4]);
    store.extend(u32::MAX.to_be_bytes());
    let mut small = store.clone();
    store.resize(8 << 20, 0);
    let contents = read(&store);
    assert!(contents.objects.len() < 10, "{}", contents.objects.len());
    small.extend([0, 0, 0, 1, 7].repeat(1 << 20));
    assert!(read(&small).objects.len() < 200_000);
    // Values of a document.
    for text in
        [format!("[\"MII\"{}]", ",0".repeat(2 << 20)), format!("a: MII\nb: [{}]", "0,".repeat(2 << 20))]
    {
        let contents = read(&text);
        assert!(contents.fault.as_ref().is_some_and(|fault| fault.contains("more than 1048576 values")));
        assert!(contents.objects.is_empty());
    }
}

#[test]
fn does_not_expand_a_bomb_of_aliases() {
    let mut text = format!("a0: &a0 [{}]\n", to_base64(&pki_file("leaf.pem")));
    for level in 1..200 {
        let inner = format!("*a{}, ", level - 1).repeat(10);
        text += &format!("a{level}: &a{level} [{inner}]\n");
    }
    let contents = read(text);
    assert_eq!(lines(&contents), ["a0[0] #0 line 1 certificate leaf"]);
}

#[test]
fn takes_time_in_proportion_to_settings_and_der() {
    ends_soon(
        "urls",
        format!(
            "ETCD_CERT_FILE=x\nETCD_LISTEN_CLIENT_URLS={}\n",
            (0..40_000).fold(String::new(), |urls, n| urls + &format!("https://h{n}:1,"))
        ),
    );
    ends_soon("commands", "etcd --cert-file=a -\n".repeat(20_000));
    ends_soon("continued lines", "etcd --cert-file=a \\\n".repeat(40_000));
    ends_soon("many objects", pki_der("leaf.pem").repeat(5_000));
    ends_soon("zeros", vec![0x30; 400_000]);
    ends_soon("nested", [0x30, 0x80].repeat(200_000));
    ends_soon(
        "keystore",
        [&[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF][..], &[0; 200_000]].concat(),
    );
    ends_soon("base64", "MIIB".repeat(200_000));
    ends_soon("UTF-16", [b'-', 0].repeat(200_000));
}

/// Something of every kind that is read.
fn specimens() -> &'static [Vec<u8>] {
    static SPECIMENS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SPECIMENS.get_or_init(|| {
        let fixture = |name: &str| {
            std::fs::read(format!("{}/tests/readers/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
        };
        vec![
            pki_file("leaf.pem"),
            pki_der("leaf.pem"),
            pki_file("leaf.csr"),
            pki_der("crl.pem"),
            openssl(pki(), "ec -in leaf-key.pem -outform DER"),
            openssl(pki(), "pkcs8 -topk8 -nocrypt -in leaf-key.pem -outform DER"),
            openssl(pki(), "ec -in leaf-key.pem -aes128 -passout pass:x"),
            openssl(pki(), "crl2pkcs7 -in crl.pem -certfile leaf.pem -outform DER"),
            openssl(pki(), "pkcs12 -export -inkey leaf-key.pem -in leaf.pem -passout pass:x -iter 1"),
            fixture("test-keystore.jks"),
            fixture("test-key-openssh-ecdsa"),
            format!("kind: Secret\ndata:\n  tls.crt: {}\n", to_base64(&pki_file("leaf.pem"))).into_bytes(),
            format!("a:\n- &b {}\n- *b\n- {{c: 'x', d: \"\\n\"}}\n", to_base64(&pki_der("leaf.pem")))
                .into_bytes(),
            format!("{{\"a\":[{:?}]}}", pki_text("leaf.pem")).into_bytes(),
            b"kind: Config\nclusters: [{cluster: {certificate-authority: a}}]\nusers: []\n".to_vec(),
            b"client-transport-security: {cert-file: a}\nlisten-client-urls: 'https://[::1]:1,https://a'\n"
                .to_vec(),
            b"ExecStart=/usr/bin/etcd --cert-file=a \\\n --name 'b c' --listen-client-urls https://a:1\n"
                .to_vec(),
        ]
    })
}

fn survives(bytes: &[u8]) {
    let mut evidence = Evidence::default();
    let options = ReadOptions::with_passwords(vec![zeroize::Zeroizing::new("x".to_owned())]);
    evidence.add_bytes("x", None, bytes, &options);
    for (_, object) in read(bytes).objects {
        let _ = words(&object);
    }
}

#[test]
fn survives_what_breaks_off_anywhere() {
    for specimen in specimens() {
        for end in 0..specimen.len() {
            survives(&specimen[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn survives_damage(
        specimen in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..8),
    ) {
        let mut bytes = specimens()[specimen.index(specimens().len())].clone();
        for (place, byte, kind) in edits {
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 if bytes.len() > 1 => drop(bytes.remove(place)),
                2 => bytes.insert(place, byte),
                _ => bytes[place] ^= 1 << (byte % 8),
            }
        }
        survives(&bytes);
    }

    #[test]
    fn survives_pieces_of_yaml_in_any_order(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("\n"), Just("\n  "), Just("\n- "), Just(": "), Just("- "), Just("? "), Just("|\n"), Just(">-\n"),
                Just("|2\n"), Just("&a "), Just("*a "), Just("!!str "), Just("!<x> "), Just("\""), Just("'"), Just("["),
                Just("]"), Just("{"), Just("}"), Just(", "), Just("#"), Just("---\n"), Just("...\n"), Just("%YAML 1.2\n"),
                Just("%TAG ! x\n"), Just("MII"), Just("\t"), Just("\\"), Just("\\x"), Just("\u{feff}"), Just("\u{85}"),
                Just("ü"), Just("kind"), Just("Secret"), Just("data"), Just("items"), Just("command"), Just("etcd"),
                Just("\r"), Just("\u{2028}"), Just("@"), Just("`"), Just("<<"), Just("~"),
            ],
            0..60,
        )
    ) {
        survives(format!("MII{}", pieces.concat()).as_bytes());
    }
}
