//! `x509::CertificateList`: what it reads in CRLs of ours, of openssl and of certtool, and what it refuses.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

#[allow(dead_code, reason = "the tests of the other commands use more of it")]
mod revocation;

use certmint::model::RevocationReason;
use certmint::x509::{CertificateList, IssuerCertificate, SerialNumber};
use certmint::{ErrorKind, inspect};
use revocation::{KEYS, Place};

/// What `openssl ca` needs; the last sections have extensions of CRLs.
const OPENSSL_CA: &str = "\
[ca]
default_ca = one
[one]
database = index.txt
crlnumber = number
default_md = sha256
default_crl_days = 30
[plain]
[point]
issuingDistributionPoint = critical, @place
authorityKeyIdentifier = keyid
[place]
fullname = URI:http://crl.test/users.crl
onlyuser = TRUE
onlysomereasons = keyCompromise, CACompromise
[indirect]
issuingDistributionPoint = critical, @others
[others]
indirectCRL = TRUE
[delta]
2.5.29.27 = critical, DER:020103
[strange]
1.2.3.4 = critical, DER:0500
";

/// Tab-separated lines of `openssl ca`: status, expiry, revocation with its reason, serial number, file, subject.
const INDEX: &str = "\
R\t351231000000Z\t240102030405Z,keyCompromise\t2A\tunknown\t/CN=a
R\t351231000000Z\t240102030406Z\t00FFEEDDCCBBAA99887766554433221100\tunknown\t/CN=b
R\t351231000000Z\t240102030407Z,certificateHold\t03\tunknown\t/CN=c
V\t351231000000Z\t\t04\tunknown\t/CN=d
R\t351231000000Z\t240102030408Z,removeFromCRL\t05\tunknown\t/CN=e
";

fn public_key(place: &Place, name: &str) -> Vec<u8> {
    issuer(place, name).subject_public_key_info
}

fn issuer(place: &Place, name: &str) -> IssuerCertificate {
    let der = inspect::read_certificate_pem(&place.read(&format!("{name}.pem"))).unwrap();
    IssuerCertificate::from_der(&der).unwrap()
}

/// A CRL that `openssl ca` makes with the extensions of a section.
fn openssl_crl(place: &Place, section: &str) -> CertificateList {
    place.write("ca.cnf", OPENSSL_CA);
    place.write("index.txt", INDEX);
    place.write("number", "1234\n");
    place.sh(&format!(
        "openssl ca -config ca.cnf -gencrl -crlexts {section} -cert p256.pem -keyfile p256-key.pem -out {section}.crl 2>&1"
    ));
    CertificateList::from_file(&place.read(&format!("{section}.crl"))).unwrap()
}

#[test]
fn reads_lists_of_gencrl_in_every_form_and_checks_their_signature() {
    let place = Place::new();
    place.authority("other", KEYS[0].1, "");
    for (name, key) in KEYS {
        place.authority(name, key, "");
        place.write("serials", "1\n727885129180488904360266563744972327436484050815\n");
        place.sh(&format!(
            "$OURS gencrl serials {name}.pem {name}-key.pem 3600 >crl.b64 && base64 -d <crl.b64 >crl.der && \
             openssl crl -inform DER -in crl.der -out crl.pem"
        ));
        let list = CertificateList::from_der(&place.read("crl.der")).unwrap();
        for other_form in ["crl.b64", "crl.pem", "crl.der"] {
            assert_eq!(CertificateList::from_file(&place.read(other_form)).unwrap(), list, "{other_form}");
        }
        let ca = issuer(&place, name);
        assert_eq!(list.issuer, ca.subject);
        assert_eq!(list.authority_key_identifier, ca.subject_key_identifier);
        assert_eq!((list.next_update.unwrap() - list.this_update).whole_seconds(), 3600);
        let nanoseconds: i128 = list.number.as_ref().unwrap().to_string().parse().unwrap();
        assert_eq!(nanoseconds / 1_000_000_000, list.this_update.unix_timestamp().into());
        let serials: Vec<String> = list.revoked.iter().map(|entry| entry.serial.to_string()).collect();
        assert_eq!(serials, ["1", "727885129180488904360266563744972327436484050815"]);
        assert!(list.find(&SerialNumber::from_decimal("1").unwrap()).is_some());
        assert!(list.find(&SerialNumber::from_decimal("2").unwrap()).is_none());
        list.verify(&ca.subject_public_key_info).unwrap();
        let error = list.verify(&public_key(&place, "other")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Revocation);
    }
}

#[test]
fn reads_reasons_numbers_and_dates_of_openssl() {
    let place = Place::new();
    place.authority("p256", KEYS[0].1, "");
    let list = openssl_crl(&place, "plain");
    list.verify(&public_key(&place, "p256")).unwrap();
    assert_eq!(list.number.as_ref().unwrap().to_string(), 0x1234.to_string());
    let entries: Vec<String> = list
        .revoked
        .iter()
        .map(|entry| format!("{} {} {}", entry.serial, entry.revoked_at, entry.reason.name().unwrap()))
        .collect();
    assert_eq!(
        entries,
        [
            "3 2024-01-02 3:04:07.0 +00:00:00 certificateHold",
            "5 2024-01-02 3:04:08.0 +00:00:00 removeFromCRL",
            "42 2024-01-02 3:04:05.0 +00:00:00 keyCompromise",
            // 0xFFEEDDCCBBAA99887766554433221100
            "340193404210632335760508365704335069440 2024-01-02 3:04:06.0 +00:00:00 unspecified",
        ]
    );
    assert!(list.issuing_distribution_point.is_none() && !list.is_delta);
    assert!(!list.has_unknown_critical_extension);
}

#[test]
fn reads_what_a_list_is_about() {
    let place = Place::new();
    place.authority("p256", KEYS[0].1, "");
    let point = openssl_crl(&place, "point").issuing_distribution_point.unwrap();
    assert_eq!(point.names.unwrap(), [[b"\x86\x19".as_slice(), b"http://crl.test/users.crl"].concat()]);
    assert!(point.only_user_certificates && point.has_reasons);
    assert!(!point.only_authority_certificates && !point.is_indirect && !point.only_attribute_certificates);
    let indirect = openssl_crl(&place, "indirect");
    assert!(indirect.issuing_distribution_point.unwrap().is_indirect);
    assert!(!indirect.has_unknown_critical_extension);
    assert!(openssl_crl(&place, "delta").is_delta);
    assert!(openssl_crl(&place, "strange").has_unknown_critical_extension);
}

#[test]
fn reads_a_list_of_certtool() {
    let place = Place::new();
    place.authority("p256", KEYS[0].1, "");
    place.leaf("leaf", "p256", "-set_serial 0x77");
    place.write(
        "crl.cfg",
        "crl_next_update = 30\ncrl_number = 9\nrevocation_date = \"2024-05-06 07:08:09 UTC\"\n",
    );
    place.sh("certtool --generate-crl --load-ca-privkey p256-key.pem --load-ca-certificate p256.pem \
         --load-certificate leaf.pem --template crl.cfg --outfile crl.pem 2>&1");
    let list = CertificateList::from_file(&place.read("crl.pem")).unwrap();
    list.verify(&public_key(&place, "p256")).unwrap();
    assert_eq!(list.revoked[0].serial.to_string(), 0x77.to_string());
    assert_eq!(list.revoked[0].reason, RevocationReason::UNSPECIFIED);
    assert_eq!(list.number.unwrap().to_string(), "9");
}

#[test]
fn refuses_what_is_no_list_and_every_part_of_one() {
    let place = Place::new();
    place.authority("p256", KEYS[0].1, "");
    let list = openssl_crl(&place, "point");
    place.sh("openssl crl -in point.crl -outform DER -out point.der");
    let der = place.read("point.der");
    assert_eq!(CertificateList::from_der(&der).unwrap(), list);
    for end in 0..der.len() {
        assert!(CertificateList::from_der(&der[..end]).is_err(), "{end} bytes");
    }
    assert!(CertificateList::from_der(&[der.as_slice(), b"\0"].concat()).is_err());
    for other in [&b""[..], b"text", b"0000", b"{}", &place.read("p256.pem"), &place.read("p256-key.pem")] {
        let error = CertificateList::from_file(other).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Revocation);
        assert!(error.to_string().starts_with("not a CRL that can be read"), "{error}");
    }
    // A changed byte is refused, or is seen by the signature.
    let key = public_key(&place, "p256");
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        assert!(CertificateList::from_der(&changed).and_then(|list| list.verify(&key)).is_err(), "byte {at}");
    }
}

#[test]
fn the_same_extension_twice_is_refused() {
    // Version 2, ECDSA with SHA-256, an empty name, a time, the CRL number 1 once and twice.
    let list = |numbers: usize| {
        let algorithm = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
        let numbers = b"\x30\x0a\x06\x03\x55\x1d\x14\x04\x03\x02\x01\x01".repeat(numbers);
        let length = u8::try_from(numbers.len()).unwrap();
        let extensions = [&[0xa0, length + 2, 0x30, length], numbers.as_slice()].concat();
        let time = b"\x17\x0d260101000000Z";
        let body = [b"\x02\x01\x01", &algorithm[..], b"\x30\x00", time, &extensions].concat();
        let body = [&[0x30, u8::try_from(body.len()).unwrap()], body.as_slice()].concat();
        let whole = [body.as_slice(), algorithm, b"\x03\x01\x00"].concat();
        [&[0x30, u8::try_from(whole.len()).unwrap()], whole.as_slice()].concat()
    };
    assert_eq!(CertificateList::from_der(&list(1)).unwrap().number.unwrap().to_string(), "1");
    let error = CertificateList::from_der(&list(2)).unwrap_err();
    assert!(error.to_string().contains("its extensions is malformed"), "{error}");
}
