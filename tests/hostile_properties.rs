//! Whatever is read, no reader panics; and what is written again means the same.
#![allow(clippy::indexing_slicing, reason = "the index is drawn below the length")]
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use certmint::json::{GoDuration, parse_rfc3339};
use certmint::model::{CertificateRequest, Host, SigningConfig};
use certmint::x509::IssuerCertificate;
use proptest::prelude::*;

const REQUEST: &str = r#"{"CN":"etcd","hosts":["127.0.0.1","a@b","http://x/%20","etcd"],"key":{"algo":"rsa","size":2048},
"names":[{"C":"CN","O":"etcd","OID":{"1.2.3":"x"}},{"O":"b"}],"ca":{"pathlen":1,"pathlenzero":false,"expiry":"1h30m",
"backdate":"-5m"},"serialnumber":"7","extensions":[{"Id":[1,2,3],"Critical":true,"Value":"AAEC"}],"crl_url":"http://c"}"#;
const CONFIG: &str = r#"{"signing":{"default":{"expiry":"8760h","usages":["signing","bogus"]},"profiles":{"a":{"expiry":"1h",
"backdate":"1m","usages":["cert sign","server auth"],"not_before":"2026-01-01T00:00:00Z","issuer_urls":["http://i"],
"ca_constraint":{"is_ca":true,"max_path_len":0,"max_path_len_zero":true},"name_whitelist":"^a$","ocsp_no_check":true,
"policies":[{"ID":"1.2.3","Qualifiers":[{"Type":"id-qt-cps","Value":"http://p"}]}],"copy_extensions":true},
"b":{"remote":"r"}}},"auth_keys":{"k":{"type":"standard","key":"0123"}},"remotes":{"r":"localhost:1"}}"#;

/// Pieces of documents in any order.
fn jsonish() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        Just("null".to_owned()),
        Just("1e9".to_owned()),
        Just("-1".to_owned()),
        Just("\"\\ud800\"".to_owned()),
        "\"(CN|hosts|names|key|ca|size|expiry|OID|signing|profiles|usages|1.2.3)\"",
        "\"[a-z0-9@:/.%]{0,12}\"",
        "\\PC{0,6}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
}

/// A document with some of its bytes changed, cut out or doubled.
fn mutated(document: &'static str) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..6).prop_map(
        move |edits| {
            let mut bytes = document.as_bytes().to_vec();
            for (place, byte, kind) in edits {
                let place = place.index(bytes.len().max(1));
                let kind = if bytes.is_empty() { 2 } else { kind };
                match kind {
                    0 => bytes[place] = byte,
                    1 => drop(bytes.remove(place)),
                    2 => bytes.insert(place, byte),
                    _ => bytes.truncate(place.max(1)),
                }
            }
            bytes
        },
    )
}

fn assert_request_survives(text: &[u8]) {
    let Ok(request) = CertificateRequest::from_json(text) else { return };
    let _ = request.classified_hosts();
    let again = CertificateRequest::from_json(request.to_json().as_bytes()).unwrap();
    assert_eq!(again, request);
}

fn assert_config_survives(text: &[u8]) {
    let Ok(config) = SigningConfig::from_json(text) else { return };
    let written = config.expose_json();
    let again = SigningConfig::from_json(written.as_bytes()).unwrap();
    assert_eq!(*again.expose_json(), *written);
    assert_eq!((again.default, again.profiles), (config.default, config.profiles));
}

#[test]
fn the_documents_that_are_changed_are_in_order() {
    assert!(CertificateRequest::from_json(REQUEST.as_bytes()).is_ok());
    SigningConfig::from_json(CONFIG.as_bytes()).unwrap();
    assert_request_survives(REQUEST.as_bytes());
    assert_config_survives(CONFIG.as_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn documents_of_any_shape_are_read_or_refused(text in jsonish()) {
        assert_request_survives(&text);
        assert_config_survives(&text);
    }

    #[test]
    fn changed_requests_are_read_or_refused(text in mutated(REQUEST)) {
        assert_request_survives(&text);
    }

    #[test]
    fn changed_configurations_are_read_or_refused(text in mutated(CONFIG)) {
        assert_config_survives(&text);
    }

    #[test]
    fn texts_are_read_or_refused(text in "\\PC{0,40}|[0-9a-z@:/.%<>\"(), \\\\]{0,40}|[-+0-9.hmsnuµ]{0,20}|[0-9TZ:+.-]{0,30}") {
        let _ = Host::classify(&text);
        let _ = text.parse::<GoDuration>();
        let _ = parse_rfc3339(&text);
    }

    #[test]
    fn bytes_are_no_certificate(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut nested = vec![0x30, 0x82, 0x00, bytes.len() as u8];
        nested.extend(&bytes);
        let _ = IssuerCertificate::from_der(&bytes);
        let _ = IssuerCertificate::from_der(&nested);
    }
}
