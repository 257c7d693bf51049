//! `mkbundle` leaves out what CRLs and OCSP servers say is revoked, and what they say nothing of: with a web server
//! of the test, and with the OCSP responder of openssl.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

#[allow(dead_code, reason = "the tests of the other commands use more of it")]
mod revocation;
#[path = "mkbundle_revocation/servers.rs"]
mod servers;

use revocation::{KEYS, Place};
use servers::{Responder, Web};
use std::collections::BTreeSet;

const CFSSL: &str = "/opt/cfssl-1.6.5/usr/bin/cfssl-mkbundle";

/// A CA `ca`, whose certificate and CRL a web server has.
struct World {
    place: Place,
    web: Web,
}

/// What a run did: its exit code, the log without times, and the certificates that it wrote, by name.
struct Run {
    code: i32,
    log: String,
    kept: BTreeSet<String>,
}

impl World {
    fn new() -> Self {
        let place = Place::new();
        place.authority("ca", KEYS[0].1, "");
        let world = Self { place, web: Web::start() };
        world.place.sh("openssl x509 -in ca.pem -outform DER -out ca.crt");
        world.web.serve("/ca.crt", world.place.read("ca.crt"));
        world
    }

    /// A certificate of `ca` with a serial number that names CRLs, and OCSP servers.
    fn leaf(&self, name: &str, serial: u32, lists: &[&str], responders: &[&str], issuer_url: &str) {
        let mut extensions = "basicConstraints=CA:FALSE\n".to_owned();
        if !lists.is_empty() {
            let points: Vec<String> = lists.iter().map(|url| format!("URI:{url}")).collect();
            extensions += &format!("crlDistributionPoints={}\n", points.join(","));
        }
        let mut accesses: Vec<String> = responders.iter().map(|url| format!("OCSP;URI:{url}")).collect();
        if !issuer_url.is_empty() {
            accesses.push(format!("caIssuers;URI:{issuer_url}"));
        }
        if !accesses.is_empty() {
            extensions += &format!("authorityInfoAccess={}\n", accesses.join(","));
        }
        self.place.write("leaf.ext", extensions);
        self.place.leaf(name, "ca", &format!("-set_serial {serial} -extfile leaf.ext"));
    }

    /// Serves a CRL by `authority` with serial numbers, due again in so many seconds.
    fn list(&self, path: &str, authority: &str, serials: &str, seconds: i64) {
        self.place.write("serials", serials);
        self.place.sh(&format!(
            "$OURS gencrl serials {authority}.pem {authority}-key.pem -- {seconds} | base64 -d >list.crl"
        ));
        self.web.serve(path, self.place.read("list.crl"));
    }

    fn run(&self, program: &str, arguments: &str) -> Run {
        let outcome = self.place.try_sh(&format!("{program} -f bundle.pem {arguments}"));
        let lines: Vec<&str> = outcome.stderr.lines().map(|line| line.get(20..).unwrap_or(line)).collect();
        let names = self.place.sh(
            "openssl crl2pkcs7 -nocrl -certfile bundle.pem 2>&1 | openssl pkcs7 -print_certs -noout 2>/dev/null \
             | sed -n 's/^subject=.*CN = //p' || true",
        );
        Run { code: outcome.status, log: lines.join("\n"), kept: names.lines().map(str::to_owned).collect() }
    }

    fn ours(&self, arguments: &str) -> Run {
        self.run(env!("CARGO_BIN_EXE_mkbundle"), arguments)
    }

    fn theirs(&self, arguments: &str) -> Run {
        assert!(
            std::path::Path::new(CFSSL).exists(),
            "{CFSSL} is missing; scripts/install-peers.sh test brings it"
        );
        self.run(CFSSL, &format!("-nw 1 {arguments}"))
    }
}

impl Run {
    fn assert_kept(&self, names: &[&str]) {
        let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(self.kept, names, "{}", self.log);
    }

    fn assert_says(&self, words: &str) {
        assert!(self.log.contains(words), "{words} in\n{}", self.log);
    }
}

#[test]
fn what_a_crl_revokes_is_left_out_as_by_cfssl() {
    let world = World::new();
    let (list, ca) = (world.web.url("/ca.crl"), world.web.url("/ca.crt"));
    world.list("/ca.crl", "ca", "3\n5\n", 3600);
    for (name, serial) in [("one", 2), ("two", 3), ("three", 4), ("four", 5)] {
        world.leaf(name, serial, &[&list], &[], &ca);
    }
    let run = world.ours("-strict one.pem two.pem three.pem four.pem");
    run.assert_kept(&["one", "three"]);
    assert_eq!(run.code, 0, "{}", run.log);
    let expected = "\
[INFO] Found two.pem
[INFO] Loading two.pem
[INFO] Validating CN=two
[INFO] Serial number match: intermediate is revoked.
[INFO] certificate is revoked via CRL
[INFO] Skipping revoked certificate
";
    run.assert_says(expected);
    run.assert_says("[INFO] Wrote 2 certificates.");
    // One time for all.
    assert_eq!((world.web.asked("/ca.crl"), world.web.asked("/ca.crt")), (1, 1));
    let theirs = world.theirs("one.pem two.pem three.pem four.pem");
    assert_eq!((&theirs.kept, theirs.code), (&run.kept, run.code));
    world.theirs("two.pem").assert_says(expected);
}

#[test]
fn an_issuer_below_the_paths_is_not_asked_for() {
    let world = World::new();
    let list = world.web.url("/ca.crl");
    world.list("/ca.crl", "ca", "3\n", 3600);
    world.leaf("good", 2, &[&list], &[], "");
    world.leaf("bad", 3, &[&list], &[], "");
    let run = world.ours("-strict good.pem bad.pem ca.pem");
    run.assert_kept(&["good", "ca"]);
    assert_eq!((run.code, world.web.asked("/ca.crt")), (0, 0));
    // Without the issuer nobody vouches for the list.
    let run = world.ours("good.pem bad.pem");
    run.assert_kept(&[]);
    run.assert_says("[WARNING] the issuer's certificate is not among those below the paths");
    assert_eq!(run.code, 0);
    assert_eq!(world.ours("-strict good.pem").code, 1);
}

#[test]
fn an_issuer_that_did_not_sign_does_not_vouch_for_a_list() {
    let world = World::new();
    let (list, twin) = (world.web.url("/twin.crl"), world.web.url("/twin.crt"));
    world.place.sh(
        "openssl genpkey -algorithm ED25519 -out twin-key.pem && openssl req -x509 -new -key twin-key.pem -out twin.pem \
         -days 9 -utf8 -subj '/C=DE/O=Zürich AG/OU=unit/CN=ca' 2>&1 && openssl x509 -in twin.pem -outform DER -out twin.crt",
    );
    world.web.serve("/twin.crt", world.place.read("twin.crt"));
    world.list("/twin.crl", "twin", "9\n", 3600);
    world.leaf("good", 2, &[&list], &[], &twin);
    let run = world.ours("good.pem twin.pem");
    run.assert_kept(&["ca"]);
    run.assert_says("the issuer's certificate is not among those below the paths, nor at http://");
    let run = world.ours("good.pem ca.pem");
    run.assert_kept(&["ca"]);
    run.assert_says("[WARNING] failed to verify CRL: ");
    run.assert_says(
        "the CRL is not signed with the issuer's key\n[WARNING] error checking revocation via CRL",
    );
}

#[test]
fn what_openssl_says_by_ocsp_counts_as_for_cfssl() {
    let world = World::new();
    world.place.write(
        "index.txt",
        "V\t351231000000Z\t\t02\tunknown\t/CN=good\nR\t351231000000Z\t240102030405Z,keyCompromise\t03\tunknown\t/CN=bad\n",
    );
    world.place.write("ocsp.ext", "extendedKeyUsage=OCSPSigning\n");
    world.place.leaf("delegate", "ca", "-extfile ocsp.ext");
    let ca = world.web.url("/ca.crt");
    for signer in ["ca", "delegate"] {
        let responder = Responder::start(&world.place, signer);
        for (name, serial) in [("good", 2), ("bad", 3), ("unknown", 4)] {
            world.leaf(name, serial, &[], &[&responder.url()], &ca);
        }
        let run = world.ours("-strict good.pem bad.pem unknown.pem");
        run.assert_kept(&["good"]);
        assert_eq!(run.code, 0, "{}", run.log);
        let revoked = "[INFO] certificate is revoked via OCSP\n[INFO] Skipping revoked certificate\n";
        run.assert_says(&format!("[INFO] Validating CN=bad\n{revoked}"));
        run.assert_says(&format!("does not know the certificate\n{revoked}"));
        let theirs = world.theirs("good.pem bad.pem unknown.pem");
        assert_eq!((&theirs.kept, theirs.code), (&run.kept, run.code));
        // With several its lines come in any order.
        world.theirs("bad.pem").assert_says(&format!("[INFO] Validating CN=bad\n{revoked}"));
    }
}

#[test]
fn a_crl_and_an_ocsp_server_are_both_asked() {
    let world = World::new();
    world.place.write("index.txt", "R\t351231000000Z\t240102030405Z\t02\tunknown\t/CN=both\n");
    let responder = Responder::start(&world.place, "ca");
    world.list("/ca.crl", "ca", "9\n", 3600);
    world.leaf("both", 2, &[&world.web.url("/ca.crl")], &[&responder.url()], &world.web.url("/ca.crt"));
    let run = world.ours("both.pem");
    run.assert_kept(&[]);
    run.assert_says("[INFO] certificate is revoked via OCSP");
    assert_eq!(world.web.asked("/ca.crl"), 1);
}

#[test]
fn what_cannot_be_checked_is_left_out_with_the_server_named_and_strictly_a_fault() {
    let world = World::new();
    let ca = world.web.url("/ca.crt");
    world.list("/old.crl", "ca", "9\n", -60);
    world.web.serve("/garbage.crl", b"<html>".to_vec());
    let nobody = servers::url_of_nobody();
    for (name, list, responder, words) in [
        (
            "gone",
            world.web.url("/none.crl"),
            "",
            "failed to fetch CRL: {}: the server answers with status 404",
        ),
        ("closed", format!("{nobody}ca.crl"), "", "failed to fetch CRL: {}: connection refused"),
        ("garbage", world.web.url("/garbage.crl"), "", "failed to fetch CRL: {}: not a CRL that can be read"),
        ("old", world.web.url("/old.crl"), "", "failed to verify CRL: {}: the CRL is out of date"),
        (
            "secure",
            "https://127.0.0.1/a.crl".to_owned(),
            "",
            "failed to fetch CRL: {}: it is not an http:// URL",
        ),
        ("silent", String::new(), nobody.as_str(), "failed to ask OCSP server: {}: connection refused"),
    ] {
        let lists: Vec<&str> = Some(list.as_str()).filter(|url| !url.is_empty()).into_iter().collect();
        let responders: Vec<&str> = Some(responder).filter(|url| !url.is_empty()).into_iter().collect();
        world.leaf(name, 2, &lists, &responders, &ca);
        let asked = lists.first().or(responders.first()).unwrap();
        let way = if lists.is_empty() { "OCSP" } else { "CRL" };
        let run = world.ours(&format!("{name}.pem"));
        run.assert_kept(&[]);
        run.assert_says(&format!("[WARNING] {}", words.replace("{}", asked)));
        run.assert_says(&format!(
            "[WARNING] error checking revocation via {way}\n[WARNING] Failed to verify certificate.\n[INFO] Wrote 0"
        ));
        assert_eq!((run.code, world.ours(&format!("-strict {name}.pem")).code), (0, 1), "{name}");
        // cfssl takes a list that is out of date.
        let theirs = world.theirs(&format!("{name}.pem"));
        assert_eq!((theirs.kept.len(), theirs.code), (usize::from(name == "old"), 0), "{name}");
    }
}

#[test]
fn a_silent_server_is_waited_for_once() {
    let world = World::new();
    let silent = servers::Silent::start();
    for (name, serial) in [("one", 2), ("two", 3), ("three", 4)] {
        let list = format!("{}{name}.crl", silent.url());
        world.leaf(name, serial, &[&list], &[], &world.web.url("/ca.crt"));
    }
    let ocsp = format!("{}ocsp", silent.url());
    world.leaf("four", 5, &[], &[&ocsp], &world.web.url("/ca.crt"));
    let run = world.ours("four.pem one.pem two.pem three.pem");
    run.assert_kept(&[]);
    run.assert_says(&format!("failed to ask OCSP server: {ocsp}: no answer in time"));
    run.assert_says("two.crl: no answer in time, when it was asked before");
    assert_eq!(silent.connections(), 1);
}

#[test]
fn another_place_of_the_same_list_will_do() {
    let world = World::new();
    world.list("/ca.crl", "ca", "3\n", 3600);
    let lists = [world.web.url("/none.crl"), "ldap://directory/cn=ca".to_owned(), world.web.url("/ca.crl")];
    let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
    world.leaf("good", 2, &lists, &[], &world.web.url("/ca.crt"));
    world.leaf("bad", 3, &lists, &[], &world.web.url("/ca.crt"));
    let run = world.ours("good.pem bad.pem");
    run.assert_kept(&["good"]);
    run.assert_says("[INFO] skipping LDAP CRL: ldap://directory/cn=ca");
    // A directory alone is not asked, as by cfssl.
    world.leaf("directory", 3, &["ldap://directory/cn=ca"], &[], "");
    let run = world.ours("-strict directory.pem");
    run.assert_kept(&["directory"]);
    assert_eq!(run.code, 0);
    world.theirs("directory.pem").assert_kept(&["directory"]);
}

#[test]
fn offline_nobody_is_asked() {
    let world = World::new();
    world.list("/ca.crl", "ca", "2\n", 3600);
    world.leaf("bad", 2, &[&world.web.url("/ca.crl")], &[], &world.web.url("/ca.crt"));
    let run = world.ours("-strict -offline bad.pem");
    run.assert_kept(&["bad"]);
    assert_eq!((run.code, world.web.asked("/ca.crl"), world.web.asked("/ca.crt")), (0, 0, 0));
}
