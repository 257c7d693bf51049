//! `cfssl gencrl`: the same CRLs as cfssl's, which openssl accepts, and what is said of doubtful input.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod revocation;

use certmint::inspect::read_certificate_pem;
use certmint::x509::IssuerCertificate;
use revocation::{KEYS, Place};

/// What openssl reads in a CRL, without the signature's bits and without the CRL number that cfssl lacks.
fn facts(place: &Place, program: &str, arguments: &str) -> String {
    let text = place.sh(&format!(
        "\"${program}\" gencrl {arguments} 2>/dev/null | base64 -d | openssl crl -inform DER -noout -text"
    ));
    let (text, _) = text.split_once("    Signature Value:").unwrap();
    let mut lines = text.lines();
    let mut kept = Vec::new();
    while let Some(line) = lines.next() {
        if line.trim() == "X509v3 CRL Number:" {
            lines.next();
        } else {
            kept.push(line.trim_end());
        }
    }
    kept.join("\n")
}

/// Both programs, within the same second.
fn assert_same_facts(place: &Place, arguments: &str) {
    let mut last = None;
    for _ in 0..10 {
        let (ours, theirs) = (facts(place, "OURS", arguments), facts(place, "PEER", arguments));
        if ours == theirs {
            return;
        }
        last = Some((ours, theirs));
    }
    let (ours, theirs) = last.unwrap();
    assert_eq!(ours, theirs, "gencrl {arguments}");
}

const LISTS: [(&str, &str); 14] = [
    ("none", ""),
    ("blank", "\n \n\t\r\n\n"),
    ("one", "5"),
    ("two", "1\n2\n"),
    ("twice", "7\n7\n"),
    ("crlf", "5\r\n6\r\n"),
    ("signs", "+5\n-1\n-128\n-129\n-255\n-256\n-32768\n-32769\n-0\n"),
    ("edges", "127\n128\n255\n256\n32767\n32768\n4294967295\n4294967296\n18446744073709551616\n"),
    (
        "long",
        "727885129180488904360266563744972327436484050815\n99999999999999999999999999999999999999999999999999999999\n",
    ),
    (
        "longnegative",
        "-727885129180488904360266563744972327436484050815\n-99999999999999999999999999999999999999999\n",
    ),
    ("zeros", "000\n0000000000000000000000000000000012\n"),
    ("hostile", "abc\n0x10\n 7\n1_0\n12:34\n-\n+\n--5\n5-5\n-5x\n1.5\n\u{663}\n\u{feff}9\n"),
    ("nul", "1\x002\n\x00\n3"),
    ("pem", "-----BEGIN CERTIFICATE-----\nMIIB\n12AB\n-----END CERTIFICATE-----\n"),
];

#[test]
fn crls_say_what_those_of_cfssl_say() {
    let place = Place::new();
    for (name, text) in LISTS {
        place.write(name, text);
    }
    for (name, key) in KEYS {
        place.authority(name, key, "");
        assert_same_facts(&place, &format!("two {name}.pem {name}-key.pem"));
    }
    for (list, _) in LISTS {
        assert_same_facts(&place, &format!("{list} p256.pem p256-key.pem"));
        assert_same_facts(&place, &format!("{list} rsa3072.pem rsa3072-key.pem"));
    }
    for seconds in ["0", "60", "0x3c", "0b11", "010", "1_000", "-5", "2147483647", "60 more arguments"] {
        assert_same_facts(&place, &format!("one p256.pem p256-key.pem {seconds}"));
    }
    place.write("leaf.ext", "basicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\n");
    place.leaf("leaf", "p256", "-extfile leaf.ext");
    assert_same_facts(&place, "one leaf.pem leaf-key.pem");
    for (list, certificate, key) in [
        ("- <two", "p256.pem", "p256-key.pem"),
        ("two", "- <p256.pem", "p256-key.pem"),
        ("two", "p256.pem", "- <p256-key.pem"),
    ] {
        assert_same_facts(&place, &format!("{list} {certificate} {key}"));
    }
}

#[test]
fn openssl_refuses_what_a_crl_revokes_and_nothing_else() {
    let place = Place::new();
    for (name, key) in KEYS {
        place.authority(name, key, "");
        place.leaf("good", name, "-set_serial 0x4d2");
        place.leaf("bad", name, "-set_serial 0xFEDCBA9876543210FEDCBA9876543210FEDCBA98");
        // The same number in decimal.
        place.write("serials", "1\n1455006074498321127540622940141648166339601021592\n");
        place.sh(&format!(
            "$OURS gencrl -strict -pem serials {name}.pem {name}-key.pem >crl.pem && \
             $OURS gencrl serials {name}.pem {name}-key.pem | base64 -d >crl.der && \
             grep -q '^-----BEGIN X509 CRL-----$' crl.pem"
        ));
        let verified = place.try_sh(&format!("openssl crl -in crl.pem -noout -CAfile {name}.pem"));
        assert_eq!((verified.status, verified.stderr.trim()), (0, "verify OK"), "{name}");
        let verified =
            place.try_sh(&format!("openssl crl -inform DER -in crl.der -noout -CAfile {name}.pem"));
        assert_eq!((verified.status, verified.stderr.trim()), (0, "verify OK"), "{name}");
        let verify = |leaf: &str| {
            place.try_sh(&format!("openssl verify -crl_check -CAfile {name}.pem -CRLfile crl.pem {leaf}.pem"))
        };
        let bad = verify("bad");
        assert!(bad.status != 0 && bad.stderr.contains("certificate revoked"), "{name}: {}", bad.stderr);
        let good = verify("good");
        assert_eq!((good.status, good.stderr.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn a_crl_has_a_number_that_grows_and_the_issuer_s_key_identifier() {
    let place = Place::new();
    place.write("none", "");
    place.authority("ca", KEYS[0].1, "-addext subjectKeyIdentifier=none -addext authorityKeyIdentifier=none");
    let text = || {
        place.sh("$OURS gencrl none ca.pem ca-key.pem | base64 -d | openssl crl -inform DER -noout -crlnumber -text")
    };
    let number = |text: &str| {
        let hex = text.lines().next().unwrap().trim_start_matches("crlNumber=0x").to_owned();
        u64::from_str_radix(&hex, 16).unwrap()
    };
    let first = text();
    assert!(first.contains("Version 2 (0x1)"), "{first}");
    assert!(first.contains("X509v3 Authority Key Identifier"), "{first}");
    assert!(first.contains("No Revoked Certificates."), "{first}");
    // Also above those of earlier releases, which counted seconds.
    assert!(number(&first) > u64::from(u32::MAX));
    let (second, third) = (text(), text());
    assert!(number(&third) > number(&second) && number(&second) > number(&first));
    // Without entries, the list is absent (RFC 5280 section 5.1.2.6): after the two times comes [0].
    let parsed = place.sh("$OURS gencrl none ca.pem ca-key.pem | base64 -d | openssl asn1parse -inform DER");
    let after = parsed.lines().skip_while(|line| !line.contains("UTCTIME")).nth(2).unwrap();
    assert!(after.contains("cont [ 0 ]"), "{parsed}");
}

#[test]
fn the_issuer_s_name_is_copied_byte_for_byte() {
    let place = Place::new();
    place.write("one", "5");
    for mask in ["nombstr", "pkix", "MASK:0x4", "MASK:0x800"] {
        place.write(
            "ca.cnf",
            format!("[req]\nprompt=no\nstring_mask={mask}\ndistinguished_name=dn\nutf8=yes\n[dn]\n0.DC=org\n1.DC=example\n\
                     0.OU=a\n1.OU=b\n+CN=c\nO=Caf\u{e9}\n"),
        );
        place.sh(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca-key.pem -out ca.pem -config ca.cnf 2>&1",
        );
        place.sh("$OURS gencrl one ca.pem ca-key.pem 2>/dev/null | base64 -d >crl.der");
        let certificate = read_certificate_pem(&place.read("ca.pem")).unwrap();
        let subject = IssuerCertificate::from_der(&certificate).unwrap().subject;
        let crl = place.read("crl.der");
        assert!(crl.windows(subject.len()).any(|window| window == subject), "{mask}");
        // cfssl orders the name anew, so that no client finds the CA of its CRL, or cannot read it.
        place.try_sh("$PEER gencrl one ca.pem ca-key.pem | base64 -d >peer.der");
        let crl = place.read("peer.der");
        assert!(!crl.windows(subject.len()).any(|window| window == subject), "{mask}");
    }
}

#[test]
fn what_is_doubtful_is_said_and_refused_strictly() {
    let place = Place::new();
    place.write("one", "5");
    place.write("hex", "5\n1A:2B\n");
    let (_, ec) = KEYS[0];
    place.authority("ca", ec, "");
    place.write("end.ext", "basicConstraints=CA:FALSE\n");
    place.leaf("leaf", "ca", "-extfile end.ext");
    place.expired_authority("old");
    place.sh(
        "openssl req -x509 -new -key ca-key.pem -subj /CN=x -out nocrl.pem -addext keyUsage=keyCertSign && \
         openssl req -x509 -new -key ca-key.pem -subj /CN=x -out nobc.pem -config /dev/stdin <<<$'[req]\ndistinguished_name=d\n[d]\n'",
    );
    for (arguments, words) in [
        ("one leaf.pem leaf-key.pem", "the certificate given as CA is not one"),
        ("one old.pem old-key.pem", "the CA certificate expired on 20"),
        ("one nocrl.pem ca-key.pem", "the key usage of the CA certificate does not allow signing CRLs"),
        ("one nobc.pem ca-key.pem", "the CA certificate has no basic constraints"),
        ("one ca.pem ca-key.pem -5", "the CRL is out of date as soon as it is made"),
        ("one ca.pem ca-key.pem 60 70", "the argument \"70\" after SECONDS has no effect"),
        (
            "hex ca.pem ca-key.pem",
            "hex: \"1A:2B\" is not a decimal number; the serial number 1 is revoked (line 2",
        ),
    ] {
        let lax = place.try_sh(&format!("$OURS gencrl {arguments}"));
        assert_eq!(lax.status, 0, "{arguments}: {}", lax.stderr);
        assert!(lax.stderr.contains(&format!("[WARNING] {words}")), "{arguments}: {}", lax.stderr);
        assert_eq!(lax.stdout.lines().count(), 1, "{arguments}");
        let strict = place.try_sh(&format!("$OURS gencrl -strict {arguments}"));
        assert_eq!((strict.status, strict.stdout.as_str()), (1, ""), "{arguments}");
        assert!(strict.stderr.contains(words), "{arguments}: {}", strict.stderr);
    }
    let clean = place.try_sh("$OURS gencrl -strict one ca.pem ca-key.pem");
    assert_eq!((clean.status, clean.stderr.as_str()), (0, ""));
}

#[test]
fn a_key_of_another_ca_is_refused() {
    let place = Place::new();
    place.write("one", "5");
    for name in ["one-ca", "other-ca"] {
        place.authority(name, KEYS[0].1, "");
    }
    let outcome = place.try_sh("$OURS gencrl one one-ca.pem other-ca-key.pem");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (1, ""));
    let words = "{\"code\":2300,\"message\":\"Private key does not match public key\"}\n";
    assert!(outcome.stderr.ends_with(words), "{}", outcome.stderr);
    // cfssl makes a CRL that its own CA's certificate does not verify.
    let theirs = place.try_sh(
        "$PEER gencrl one one-ca.pem other-ca-key.pem | base64 -d | openssl crl -inform DER -noout -CAfile one-ca.pem",
    );
    assert!(theirs.stderr.contains("verify failure"), "{}", theirs.stderr);
}

#[test]
fn an_encrypted_key_takes_its_password_from_the_environment() {
    let place = Place::new();
    place.write("one", "5");
    place.authority("ca", KEYS[4].1, "");
    place.sh("openssl rsa -in ca-key.pem -aes256 -passout pass:secret -traditional -out legacy.pem 2>&1");
    place.sh("openssl pkcs8 -topk8 -in ca-key.pem -passout pass:secret -out pkcs8.pem 2>&1");
    for key in ["legacy.pem", "pkcs8.pem"] {
        place.sh(&format!("CFSSL_CA_PK_PASSWORD=secret $OURS gencrl -strict one ca.pem {key}"));
        let without = place.try_sh(&format!("$OURS gencrl one ca.pem {key}"));
        assert_eq!(without.status, 1);
        assert!(without.stderr.contains("\"code\":2100"), "{}", without.stderr);
    }
}
