//! `cfssl ocspsign`: the same responses as cfssl's, which openssl accepts, and what is said of doubtful input.

#![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod revocation;

use revocation::{KEYS, Place};

/// The response of a program as DER in hexadecimal, within the JSON that cfssljson reads.
fn response(place: &Place, program: &str, arguments: &str) -> String {
    let line = place.sh(&format!("\"${program}\" ocspsign {arguments} 2>/dev/null"));
    let json: serde_json::Value = serde_json::from_str(&line).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["ocspResponse"]);
    assert!(line.ends_with("\"}\n") && !line.contains(' '), "{line}");
    place.write("base64", json["ocspResponse"].as_str().unwrap());
    place.sh("base64 -d base64 >response.der");
    place.read("response.der").iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What openssl reads in the response, without the bits of signatures.
fn facts(place: &Place, program: &str, arguments: &str) -> String {
    response(place, program, arguments);
    let text = place.sh("openssl ocsp -respin response.der -resp_text -noverify 2>&1");
    let is_bits = |line: &&str| {
        let line = line.trim();
        line.contains(':') && line.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
    };
    text.lines().filter(|line| !is_bits(line)).collect::<Vec<_>>().join("\n")
}

/// Both programs, within the same second.
fn assert_same(place: &Place, arguments: &str, read: fn(&Place, &str, &str) -> String) {
    let mut last = None;
    for _ in 0..10 {
        let (ours, theirs) = (read(place, "OURS", arguments), read(place, "PEER", arguments));
        if ours == theirs {
            return;
        }
        last = Some((ours, theirs));
    }
    let (ours, theirs) = last.unwrap();
    assert_eq!(ours, theirs, "ocspsign {arguments}");
}

fn own(name: &str) -> String {
    format!("-ca {name}.pem -responder {name}.pem -responder-key {name}-key.pem -cert leaf.pem")
}

/// A responder that the CA certified.
fn delegate(place: &Place, issuer: &str) {
    place.write("ocsp.ext", "extendedKeyUsage=OCSPSigning\nkeyUsage=digitalSignature\n");
    place.leaf("responder", issuer, "-extfile ocsp.ext -set_serial 77");
}

const DELEGATED: &str = "-responder responder.pem -responder-key responder-key.pem -cert leaf.pem";

#[test]
fn responses_say_what_those_of_cfssl_say() {
    let place = Place::new();
    for (name, key) in KEYS {
        if name == "ed25519" {
            continue;
        }
        place.authority(name, key, "");
        place.leaf("leaf", name, "");
        // RSA signatures leave no choice: every byte is the same.
        let read = if name.starts_with("rsa") { response } else { facts };
        for status in ["", "-status unknown", "-status revoked -reason 1 -revoked-at 2024-02-29"] {
            assert_same(&place, &format!("{} {status}", own(name)), read);
        }
    }
    let base = own("rsa2048");
    place.leaf("leaf", "rsa2048", "-set_serial -5");
    assert_same(&place, &base, response);
    place.leaf("leaf", "rsa2048", "-set_serial 0xFEDCBA9876543210FEDCBA9876543210FEDCBA98");
    for reason in [
        "''",
        "unspecified",
        "keyCompromise",
        "KEYCOMPROMISE",
        "caCompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "removeFromCRL",
        "privilegeWithdrawn",
        "aACompromise",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "+3",
        "009",
    ] {
        assert_same(&place, &format!("{base} -status revoked -reason {reason}"), response);
    }
    for revoked_at in ["now", "1970-01-01", "2000-02-29", "2049-12-31", "2050-01-01", "9999-12-31"] {
        assert_same(&place, &format!("{base} -status revoked -reason 4 -revoked-at {revoked_at}"), response);
    }
    for interval in ["1h", "0", "-30m", "1ms", "87600h"] {
        assert_same(&place, &format!("{base} -interval {interval}"), response);
    }
    delegate(&place, "rsa2048");
    for more in ["", "-status revoked -reason superseded"] {
        assert_same(&place, &format!("-ca rsa2048.pem {DELEGATED} {more}"), facts);
    }
    assert_same(
        &place,
        "-ca rsa2048.pem -responder rsa2048.pem -key rsa2048-key.pem -cert leaf.pem",
        response,
    );
    assert_same(&place, &format!("{base} -reason bogus -revoked-at never extra arguments"), response);
}

#[test]
fn openssl_accepts_responses_of_every_key_and_status() {
    let place = Place::new();
    for (name, key) in KEYS {
        place.authority(name, key, "");
        place.leaf("leaf", name, "");
        delegate(&place, name);
        for signer in [own(name), format!("-ca {name}.pem {DELEGATED}")] {
            for (flags, says) in [
                ("", "leaf.pem: good"),
                ("-status unknown", "leaf.pem: unknown"),
                ("-status revoked -reason keyCompromise", "leaf.pem: revoked"),
            ] {
                let arguments = format!("{signer} -strict {flags}");
                response(&place, "OURS", &arguments);
                let verified = place.sh(&format!(
                    "openssl ocsp -respin response.der -issuer {name}.pem -cert leaf.pem -CAfile {name}.pem 2>&1"
                ));
                assert!(verified.contains("Response verify OK"), "{arguments}: {verified}");
                assert!(verified.contains(says), "{arguments}: {verified}");
            }
        }
        if name == "rsa2048" {
            // Trusted by name, without a chain.
            place.sh(
                "openssl ocsp -respin response.der -issuer rsa2048.pem -cert leaf.pem -VAfile responder.pem 2>&1",
            );
        }
    }
}

#[test]
fn faults_are_told_in_the_words_of_cfssl() {
    let place = Place::new();
    let (_, ec) = KEYS[0];
    place.authority("ca", ec, "");
    place.leaf("leaf", "ca", "");
    place.authority("other", ec, "");
    place.write("junk", "junk");
    let base = own("ca");
    for arguments in [
        "".to_owned(),
        "-ca ca.pem".to_owned(),
        "-cert leaf.pem".to_owned(),
        "-cert leaf.pem -ca ca.pem".to_owned(),
        "-cert leaf.pem -ca nosuch -responder nosuch".to_owned(),
        "-cert leaf.pem -ca ca.pem -responder nosuch".to_owned(),
        "-cert leaf.pem -ca ca.pem -responder ca.pem -responder-key nosuch".to_owned(),
        "-cert leaf.pem -ca ca.pem -responder ca.pem".to_owned(),
        "-cert nosuch".to_owned(),
        "-cert -".to_owned(),
        "-cert junk".to_owned(),
        format!("{base} -ca junk"),
        format!("{base} -responder junk"),
        format!("{base} -responder-key junk"),
        format!("{base} -status Good"),
        format!("{base} -status ''"),
        format!("{base} -status revoked"),
        format!("{base} -status revoked -reason 0"),
        format!("{base} -status revoked -reason 10"),
        format!("{base} -status revoked -reason -1"),
        format!("{base} -status revoked -reason 11"),
        format!("{base} -status revoked -reason bogus"),
        format!("{base} -status revoked -reason ' 1'"),
        format!("{base} -status revoked -reason 99999999999999999999"),
        format!("{base} -status revoked -reason 1 -revoked-at ''"),
        format!("{base} -status revoked -reason 1 -revoked-at yesterday"),
        format!("{base} -status revoked -reason 1 -revoked-at 2020-1-2"),
        format!("{base} -status revoked -reason 1 -revoked-at 2020-13-02"),
        format!("{base} -status revoked -reason 1 -revoked-at 2020-02-30"),
        format!("{base} -status revoked -reason 1 -revoked-at 2020-01-02T00:00:00Z"),
        own("other"),
        own("leaf").replace("-cert leaf.pem", "-cert ca.pem"),
    ] {
        let ours = place.try_sh(&format!("$OURS ocspsign {arguments}"));
        let theirs = place.try_sh(&format!("$PEER ocspsign {arguments}"));
        assert_eq!((ours.status, ours.stdout.as_str()), (1, ""), "{arguments}: {}", ours.stderr);
        assert_eq!((theirs.status, theirs.stdout.as_str()), (1, ""), "{arguments}: {}", theirs.stderr);
        let essence = |text: &str| {
            // The critical line without its time, and cfssl's last line.
            let first = text.lines().next().unwrap().split_once(" [").unwrap().1.to_owned();
            (first, text.lines().last().unwrap().to_owned())
        };
        assert_eq!(essence(&ours.stderr), essence(&theirs.stderr), "{arguments}");
    }
}

#[test]
fn only_the_issuer_s_signature_counts() {
    let place = Place::new();
    let (_, ec) = KEYS[0];
    for name in ["one", "two"] {
        place.sh(&format!(
            "openssl genpkey -algorithm {ec} -out {name}-key.pem && \
             openssl req -x509 -new -key {name}-key.pem -subj /CN=same -out {name}.pem"
        ));
    }
    place.leaf("leaf", "one", "");
    place.sh(&format!("$OURS ocspsign {}", own("one")));
    let words = "{\"code\":8200,\"message\":\"x509: ECDSA verification failure\"}\n";
    for program in ["OURS", "PEER"] {
        let outcome = place.try_sh(&format!("${program} ocspsign {}", own("two")));
        assert_eq!(outcome.status, 1);
        assert!(outcome.stderr.ends_with(words), "{program}: {}", outcome.stderr);
    }
}

#[test]
fn a_key_of_another_responder_is_refused() {
    let place = Place::new();
    let (_, ec) = KEYS[0];
    place.authority("ca", ec, "");
    place.leaf("leaf", "ca", "");
    let outcome = place.try_sh(&format!("$OURS ocspsign {} -responder-key leaf-key.pem", own("ca")));
    assert_eq!((outcome.status, outcome.stdout.as_str()), (1, ""));
    assert!(
        outcome.stderr.ends_with("{\"code\":2300,\"message\":\"Private key does not match public key\"}\n"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn what_is_doubtful_is_said_and_refused_strictly() {
    let place = Place::new();
    let (_, ec) = KEYS[0];
    place.authority("ca", ec, "");
    place.authority("other", ec, "");
    place.leaf("leaf", "ca", "");
    place.expired_authority("old");
    place.leaf("oldleaf", "old", "");
    let base = own("ca");
    for (arguments, words) in [
        (
            format!("{base} -responder leaf.pem -responder-key leaf-key.pem"),
            "the responder's certificate is not for OCSP",
        ),
        (
            format!("{base} -responder other.pem -responder-key other-key.pem"),
            "the responder's certificate was not issued by the CA",
        ),
        (own("old").replace("leaf.pem", "oldleaf.pem"), "the responder's certificate expired on 20"),
        (format!("{base} -interval 0"), "the response is out of date as soon as it is made"),
        (format!("{base} -reason 1"), "-reason has no effect with -status good"),
        (format!("{base} -key ca-key.pem"), "-key has no effect beside -responder-key"),
        (format!("{base} extra"), "the argument \"extra\" has no effect"),
        (
            format!("{base} -status revoked -reason 1 -revoked-at 9999-01-01"),
            "the date of the revocation is in the future",
        ),
    ] {
        let lax = place.try_sh(&format!("$OURS ocspsign {arguments}"));
        assert_eq!(lax.status, 0, "{arguments}: {}", lax.stderr);
        assert!(lax.stderr.contains(&format!("[WARNING] {words}")), "{arguments}: {}", lax.stderr);
        let strict = place.try_sh(&format!("$OURS ocspsign -strict {arguments}"));
        assert_eq!((strict.status, strict.stdout.as_str()), (1, ""), "{arguments}");
        assert!(strict.stderr.contains(words), "{arguments}: {}", strict.stderr);
    }
    let clean = place.try_sh(&format!("$OURS ocspsign -strict {base}"));
    assert_eq!((clean.status, clean.stderr.as_str()), (0, ""));
}

#[test]
fn an_encrypted_key_takes_its_password_from_the_environment() {
    let place = Place::new();
    place.authority("ca", KEYS[0].1, "");
    place.leaf("leaf", "ca", "");
    place.sh("openssl pkcs8 -topk8 -in ca-key.pem -passout pass:secret -out locked.pem 2>&1");
    let arguments = format!("{} -responder-key locked.pem", own("ca"));
    place.sh(&format!("CFSSL_CA_PK_PASSWORD=secret $OURS ocspsign -strict {arguments}"));
    let without = place.try_sh(&format!("$OURS ocspsign {arguments}"));
    assert_eq!((without.status, without.stdout.as_str()), (1, ""));
    assert!(without.stderr.contains("Unable to create OCSP signer: {\"code\":2100"), "{}", without.stderr);
}
