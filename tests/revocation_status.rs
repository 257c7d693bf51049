//! `revocation`: what CRLs and OCSP responses of ours and of openssl say of certificates, and which are not
//! believed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

#[allow(dead_code, reason = "the tests of the other commands use more of it")]
mod revocation;

use certmint::inspect::read_certificate_pem;
use certmint::model::RevocationReason;
use certmint::revocation::{CheckedCertificate, TrustedList, judge_response};
use certmint::x509::{CertificateId, CertificateList, CertificateStatus, IssuerCertificate};
use certmint::{ErrorKind, Result};
use revocation::{KEYS, Place};
use time::{Duration, OffsetDateTime};

fn der(place: &Place, name: &str) -> Vec<u8> {
    read_certificate_pem(&place.read(&format!("{name}.pem"))).unwrap().to_vec()
}

fn issuer(place: &Place, name: &str) -> IssuerCertificate {
    IssuerCertificate::from_der(&der(place, name)).unwrap()
}

fn checked(place: &Place, name: &str) -> CheckedCertificate {
    CheckedCertificate::from_der(&der(place, name)).unwrap()
}

fn id(place: &Place, name: &str, issuer_name: &str) -> CertificateId {
    CertificateId::new(&issuer(place, issuer_name), checked(place, name).issued.serial)
}

fn assert_refused<T: std::fmt::Debug>(result: Result<T>, words: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Revocation);
    assert!(error.to_string().contains(words), "{error}");
}

/// A CA `ca`, another one of the same name, and certificates of serial numbers 2, 3 and 4.
fn with_authority() -> Place {
    let place = Place::new();
    place.authority("ca", KEYS[0].1, "");
    place.authority("other", KEYS[0].1, "");
    place.sh("openssl genpkey -algorithm ED25519 -out twin-key.pem && \
              openssl req -x509 -new -key twin-key.pem -out twin.pem -days 9 -utf8 -subj '/C=DE/O=Zürich AG/OU=unit/CN=ca' 2>&1");
    place.write(
        "leaf.ext",
        "crlDistributionPoints=URI:http://crl.test/a.crl\n\
         authorityInfoAccess=OCSP;URI:http://ocsp.test/,caIssuers;URI:http://ca.test/ca.crt\n",
    );
    for (name, serial) in [("good", 2), ("bad", 3), ("unknown", 4)] {
        place.leaf(name, "ca", &format!("-set_serial {serial} -extfile leaf.ext"));
    }
    place.write(
        "index.txt",
        "V\t351231000000Z\t\t02\tunknown\t/CN=good\nR\t351231000000Z\t240102030405Z,keyCompromise\t03\tunknown\t/CN=bad\n",
    );
    place
}

/// What openssl answers to our request about a certificate, for a day.
fn openssl_answer(place: &Place, name: &str, responder: &str, options: &str) -> Vec<u8> {
    place.write("request.der", id(place, name, "ca").to_request());
    place.sh(&format!(
        "openssl ocsp -index index.txt -CA ca.pem -rsigner {responder}.pem -rkey {responder}-key.pem \
         -reqin request.der -respout response.der -ndays 1 {options} 2>&1"
    ));
    place.read("response.der")
}

fn judge(place: &Place, response: &[u8], name: &str, later: Duration) -> Result<CertificateStatus> {
    let now = OffsetDateTime::now_utc() + later;
    judge_response(response, &id(place, name, "ca"), &issuer(place, "ca"), now)
}

#[test]
fn a_certificate_says_whom_to_ask() {
    let place = with_authority();
    let certificate = checked(&place, "good");
    let urls: Vec<String> = certificate.distribution_points.iter().flat_map(|point| point.urls()).collect();
    assert_eq!(urls, ["http://crl.test/a.crl"]);
    assert_eq!(certificate.ocsp_servers, ["http://ocsp.test/"]);
    assert_eq!(certificate.issuing_certificate_urls, ["http://ca.test/ca.crt"]);
    assert!(!certificate.is_authority);
    let authority = checked(&place, "ca");
    assert!(
        authority.distribution_points.is_empty()
            && authority.ocsp_servers.is_empty()
            && authority.is_authority
    );
    assert!(CheckedCertificate::from_der(b"0").is_err());
}

#[test]
fn openssl_answers_our_requests_and_its_answers_are_understood() {
    let place = with_authority();
    place.write("ocsp.ext", "extendedKeyUsage=OCSPSigning\n");
    place.leaf("delegate", "ca", "-extfile ocsp.ext");
    let revoked = CertificateStatus::Revoked {
        at: time::macros::datetime!(2024-01-02 03:04:05 UTC),
        reason: RevocationReason::parse("keyCompromise").unwrap(),
    };
    for (responder, options) in [
        ("ca", ""),
        ("ca", "-resp_no_certs"),
        ("ca", "-resp_key_id -resp_no_certs"),
        ("delegate", ""),
        ("delegate", "-resp_key_id"),
    ] {
        for (name, status) in
            [("good", CertificateStatus::Good), ("bad", revoked), ("unknown", CertificateStatus::Unknown)]
        {
            let response = openssl_answer(&place, name, responder, options);
            let judged = judge(&place, &response, name, Duration::ZERO).unwrap();
            assert_eq!(judged, status, "{name} of {responder} {options}");
        }
    }
}

#[test]
fn our_own_responses_are_understood() {
    let place = with_authority();
    for (name, key) in KEYS {
        place.authority(name, key, "");
        place.leaf("leaf", name, "");
        for (status, options) in
            [("good", ""), ("revoked", "-reason superseded -revoked-at 2024-05-06"), ("unknown", "")]
        {
            place.sh(&format!(
                "$OURS ocspsign -ca {name}.pem -responder {name}.pem -responder-key {name}-key.pem -cert leaf.pem \
                 -status {status} {options} 2>/dev/null | sed 's/.*:\"\\(.*\\)\"}}/\\1/' | base64 -d >response.der"
            ));
            let asked = id(&place, "leaf", name);
            let now = OffsetDateTime::now_utc();
            let found =
                judge_response(&place.read("response.der"), &asked, &issuer(&place, name), now).unwrap();
            match (status, found) {
                ("good", CertificateStatus::Good) | ("unknown", CertificateStatus::Unknown) => {}
                ("revoked", CertificateStatus::Revoked { at, reason }) => {
                    assert_eq!(at, time::macros::datetime!(2024-05-06 00:00 UTC));
                    assert_eq!(reason.name(), Some("superseded"));
                }
                _ => unreachable!("{status}: {found:?}"),
            }
        }
    }
}

#[test]
fn a_response_counts_for_its_certificate_and_its_time_only() {
    let place = with_authority();
    let response = openssl_answer(&place, "good", "ca", "");
    let judged = |name, later| judge(&place, &response, name, later);
    assert_eq!(judged("good", Duration::hours(23)).unwrap(), CertificateStatus::Good);
    assert_refused(judged("bad", Duration::ZERO), "about another certificate");
    assert_refused(judged("good", Duration::hours(25)), "out of date");
    assert_refused(judged("good", Duration::hours(-1)), "of the future");
    // A minute is what clocks differ by.
    assert_eq!(judged("good", Duration::minutes(-1)).unwrap(), CertificateStatus::Good);

    // One that does not say when the next is due could have been had anew; openssl writes such without -ndays.
    place.sh("openssl ocsp -index index.txt -CA ca.pem -rsigner ca.pem -rkey ca-key.pem \
         -reqin request.der -respout endless.der 2>&1");
    let response = place.read("endless.der");
    let judged = |later| judge(&place, &response, "good", later);
    assert_eq!(judged(Duration::days(6)).unwrap(), CertificateStatus::Good);
    assert_refused(judged(Duration::days(8)), "does not say when the next one is due");
}

#[test]
fn a_response_of_somebody_else_is_refused() {
    let place = with_authority();
    place.write("ocsp.ext", "extendedKeyUsage=OCSPSigning\n");
    place.write("server.ext", "extendedKeyUsage=serverAuth\n");
    place.leaf("server", "ca", "-extfile server.ext");
    place.leaf("plain", "ca", "");
    place.leaf("foreign", "other", "-extfile ocsp.ext");
    place.leaf("twins", "twin", "-extfile ocsp.ext");
    place.leaf("brief", "ca", "-extfile ocsp.ext");
    for (responder, words) in [
        ("server", "not for signing OCSP responses"),
        ("plain", "not for signing OCSP responses"),
        ("foreign", "not by the issuer of the certificate"),
        // Its issuer has the name of the CA, but not the key.
        ("twins", "not by the issuer of the certificate"),
        ("twin", "not for signing OCSP responses"),
        ("other", "not signed by the issuer"),
    ] {
        let options = if responder == "other" { "-resp_no_certs" } else { "" };
        let response = openssl_answer(&place, "good", responder, options);
        assert_refused(judge(&place, &response, "good", Duration::ZERO), words);
    }
    let response = openssl_answer(&place, "good", "brief", "-nmin 1000000");
    assert_eq!(judge(&place, &response, "good", Duration::days(300)).unwrap(), CertificateStatus::Good);
    assert_refused(judge(&place, &response, "good", Duration::days(366)), "has expired");
}

#[test]
fn what_is_no_response_is_refused_in_every_part() {
    let place = with_authority();
    let response = openssl_answer(&place, "bad", "ca", "");
    let judged = |bytes: &[u8]| judge(&place, bytes, "bad", Duration::ZERO);
    assert!(judged(&response).is_ok());
    for end in 0..response.len() {
        assert!(judged(&response[..end]).is_err(), "{end} bytes");
    }
    assert!(judged(&[response.as_slice(), b"\0"].concat()).is_err());
    for at in 0..response.len() {
        let mut changed = response.clone();
        changed[at] ^= 1;
        // The certificate that came along is not needed: the issuer signed.
        assert!(matches!(judged(&changed), Err(_) | Ok(CertificateStatus::Revoked { .. })), "byte {at}");
    }
    for (code, words) in [(1, "malformedRequest"), (3, "tryLater"), (6, "unauthorized"), (9, "status 9")] {
        assert_refused(judged(&[0x30, 3, 0x0a, 1, code]), words);
    }
    assert_refused(judged(&[0x30, 3, 0x0a, 1, 0]), "outer structure");
    assert_refused(judged(b"<html>"), "outer structure");
}

/// A CRL that `openssl ca` makes with these lines as its extensions.
fn openssl_crl(place: &Place, extensions: &str, authority: &str) -> CertificateList {
    place.write(
        "ca.cnf",
        format!(
            "[ca]\ndefault_ca=one\n[one]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=default\n\
             default_crl_days=1\n[here]\n{extensions}\n"
        ),
    );
    place.write("number", "01\n");
    place.sh(&format!(
        "openssl ca -config ca.cnf -gencrl -crlexts here -cert {authority}.pem -keyfile {authority}-key.pem -out ca.crl 2>&1"
    ));
    CertificateList::from_file(&place.read("ca.crl")).unwrap()
}

#[test]
fn a_list_tells_the_revoked_from_the_others() {
    let place = with_authority();
    let list = TrustedList::new(openssl_crl(&place, "", "ca"), &issuer(&place, "ca")).unwrap();
    let status = |name, later| {
        let certificate = checked(&place, name);
        let now = OffsetDateTime::now_utc() + later;
        list.status(&certificate, &certificate.distribution_points[0], now)
    };
    assert_eq!(status("good", Duration::ZERO).unwrap(), CertificateStatus::Good);
    let CertificateStatus::Revoked { at, reason } = status("bad", Duration::ZERO).unwrap() else {
        unreachable!()
    };
    assert_eq!((at.unix_timestamp(), reason.code()), (1_704_164_645, 1));
    assert_refused(status("good", Duration::hours(25)), "out of date");
    assert_refused(status("good", Duration::hours(-1)), "of the future");
    place.leaf("elsewhere", "other", "-set_serial 3 -extfile leaf.ext");
    assert_refused(status("elsewhere", Duration::ZERO), "another issuer");
}

#[test]
fn a_list_that_nobody_stands_behind_is_refused() {
    let place = with_authority();
    let trusted = |extensions: &str, authority: &str, by: &str| {
        TrustedList::new(openssl_crl(&place, extensions, authority), &issuer(&place, by)).map(|_| ())
    };
    trusted("", "ca", "ca").unwrap();
    assert_refused(trusted("", "other", "ca"), "another issuer");
    assert_refused(trusted("", "twin", "ca"), "not signed with the issuer's key");
    assert_refused(trusted("2.5.29.27=critical,DER:020101", "ca", "ca"), "delta CRL");
    assert_refused(trusted("1.2.3.4=critical,DER:0500", "ca", "ca"), "critical extension");
    let indirect = "issuingDistributionPoint=critical,@i\n[i]\nindirectCRL=TRUE";
    assert_refused(trusted(indirect, "ca", "ca"), "indirect CRL");
    place.sh("openssl req -x509 -new -key ca-key.pem -out ca.pem -days 9 -subj /CN=ca -addext keyUsage=keyCertSign 2>&1");
    assert_refused(trusted("", "ca", "ca"), "lacks `crl sign`");
}

/// openssl signs with keys that nobody here can check.
#[test]
fn what_cannot_be_checked_is_not_called_forged() {
    let place = Place::new();
    place.authority("ca", "EC -pkeyopt ec_paramgen_curve:brainpoolP256r1", "");
    place.leaf("good", "ca", "-set_serial 2");
    place.write("index.txt", "V\t351231000000Z\t\t02\tunknown\t/CN=good\n");
    let unknown = "the signature cannot be verified: the key is neither RSA nor Ed25519, nor on P-256";
    let list = TrustedList::new(openssl_crl(&place, "", "ca"), &issuer(&place, "ca"));
    assert_refused(list, unknown);
    for options in ["", "-resp_no_certs"] {
        let response = openssl_answer(&place, "good", "ca", options);
        assert_refused(judge(&place, &response, "good", Duration::ZERO), unknown);
    }
    place.write("ocsp.ext", "extendedKeyUsage=OCSPSigning\n");
    place.leaf("responder", "ca", "-extfile ocsp.ext");
    let response = openssl_answer(&place, "good", "responder", "");
    assert_refused(judge(&place, &response, "good", Duration::ZERO), unknown);
}

#[test]
fn a_list_counts_only_for_what_it_is_about() {
    let place = with_authority();
    place.write(
        "authority.ext",
        "basicConstraints=CA:TRUE\ncrlDistributionPoints=URI:http://crl.test/a.crl\n",
    );
    place.leaf("authority", "ca", "-set_serial 2 -extfile authority.ext");
    let status = |extensions: &str, name: &str| {
        let extensions = format!("issuingDistributionPoint=critical,@i\n[i]\n{extensions}");
        let list = TrustedList::new(openssl_crl(&place, &extensions, "ca"), &issuer(&place, "ca")).unwrap();
        let certificate = checked(&place, name);
        list.status(&certificate, &certificate.distribution_points[0], OffsetDateTime::now_utc())
    };
    assert_eq!(status("onlyuser=TRUE", "good").unwrap(), CertificateStatus::Good);
    assert_refused(status("onlyuser=TRUE", "authority"), "another kind");
    assert_eq!(status("onlyCA=TRUE", "authority").unwrap(), CertificateStatus::Good);
    assert_refused(status("onlyCA=TRUE", "good"), "another kind");
    assert_refused(status("onlyAA=TRUE", "good"), "another kind");
    assert_eq!(status("fullname=URI:http://crl.test/a.crl", "good").unwrap(), CertificateStatus::Good);
    assert_refused(status("fullname=URI:http://crl.test/b.crl", "good"), "another distribution point");
    let some = "onlysomereasons=keyCompromise";
    assert_eq!(status(some, "good").unwrap(), CertificateStatus::Unknown);
    assert!(matches!(status(some, "bad").unwrap(), CertificateStatus::Revoked { .. }));
}
