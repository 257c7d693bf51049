//! `bundle` and `mkbundle`.

use super::super::case::Case;

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    bundle(&mut cases);
    mkbundle(&mut cases);
    cases
}

fn bundle(cases: &mut Vec<Case>) {
    let bundle = |name: &str, words: &[&str]| Case::new("bundle", name, words);
    let trusted = ["-ca-bundle=p256.pem", "-int-bundle=inter.pem"];
    for flavor in ["ubiquitous", "optimal", "force", "Optimal", "x", ""] {
        let words = ["-cert=server.pem", "-flavor", flavor];
        cases.push(bundle(&format!("flavor {flavor:?}"), &[&trusted[..], &words].concat()));
        cases.push(bundle(
            &format!("flavor {flavor:?} without intermediates"),
            &[&["-ca-bundle=p256.pem"], &words[..]].concat(),
        ));
        cases.push(bundle(
            &format!("flavor {flavor:?} of a chain"),
            &["-ca-bundle=p256.pem", "-cert=server chain.pem", "-flavor", flavor],
        ));
        cases.push(bundle(
            &format!("flavor {flavor:?} of a reversed chain"),
            &["-ca-bundle=p256.pem", "-cert=reversed chain.pem", "-flavor", flavor],
        ));
        cases.push(bundle(
            &format!("flavor {flavor:?} of a whole chain"),
            &["-ca-bundle=p256.pem", "-cert=whole chain.pem", "-flavor", flavor],
        ));
        cases.push(bundle(
            &format!("flavor {flavor:?} of strangers"),
            &["-ca-bundle=p256.pem", "-cert=strangers.pem", "-flavor", flavor],
        ));
        cases.push(bundle(
            &format!("flavor {flavor:?} with a key"),
            &[&trusted[..], &words, &["-key=server-key.pem"]].concat(),
        ));
    }
    for (name, words) in [
        ("below the root", &["-cert=below.pem", "-ca-bundle=p256.pem"][..]),
        ("below the root of others", &["-cert=below.pem", "-ca-bundle=p384.pem"]),
        ("several roots", &["-cert=below.pem", "-ca-bundle=roots.pem"]),
        ("RSA", &["-cert=below rsa.pem", "-ca-bundle=rsa2048.pem"]),
        ("RSA with its key", &["-cert=below rsa.pem", "-ca-bundle=rsa2048.pem", "-key=below rsa-key.pem"]),
        ("OCSP named", &["-cert=with urls.pem", "-ca-bundle=p256.pem"]),
        ("expiring", &["-cert=expiring.pem", "-ca-bundle=p256.pem"]),
        ("expired", &["-cert=expired.pem", "-ca-bundle=p256.pem"]),
        ("a client's", &["-cert=client.pem", "-ca-bundle=p256.pem"]),
        ("self signed", &["-cert=p384.pem", "-ca-bundle=p256.pem"]),
        ("self signed, by force", &["-cert=p384.pem", "-flavor=force"]),
        ("many names", &["-cert=every name.pem", "-ca-bundle=p256.pem"]),
        ("another key", &["-cert=below.pem", "-ca-bundle=p256.pem", "-key=p384-key.pem"]),
        ("a missing key", &["-cert=below.pem", "-ca-bundle=p256.pem", "-key=nosuch.pem"]),
        ("words for the key", &["-cert=below.pem", "-ca-bundle=p256.pem", "-key=words.csr"]),
        ("a certificate for the key", &["-cert=below.pem", "-ca-bundle=p256.pem", "-key=below.pem"]),
        ("a missing certificate", &["-cert=nosuch.pem", "-ca-bundle=p256.pem"]),
        ("a directory", &["-cert=.", "-ca-bundle=p256.pem"]),
        ("words", &["-cert=words.csr", "-ca-bundle=p256.pem"]),
        ("nothing", &["-cert=nothing.csr", "-ca-bundle=p256.pem"]),
        ("a key for the certificate", &["-cert=p256-key.pem", "-ca-bundle=p256.pem"]),
        ("a CSR for the certificate", &["-cert=plain.csr", "-ca-bundle=p256.pem"]),
        ("missing roots", &["-cert=below.pem", "-ca-bundle=nosuch.pem"]),
        ("words for roots", &["-cert=below.pem", "-ca-bundle=words.csr"]),
        ("nothing for roots", &["-cert=below.pem", "-ca-bundle=nothing.csr"]),
        ("a key for roots", &["-cert=below.pem", "-ca-bundle=p256-key.pem"]),
        ("missing intermediates", &["-cert=server.pem", "-ca-bundle=p256.pem", "-int-bundle=nosuch.pem"]),
        ("words for intermediates", &["-cert=server.pem", "-ca-bundle=p256.pem", "-int-bundle=words.csr"]),
        (
            "nothing for intermediates",
            &["-cert=server.pem", "-ca-bundle=p256.pem", "-int-bundle=nothing.csr"],
        ),
        ("a key for intermediates", &["-cert=server.pem", "-ca-bundle=p256.pem", "-int-bundle=p256-key.pem"]),
        ("missing roots, by force", &["-cert=server chain.pem", "-ca-bundle=nosuch.pem", "-flavor=force"]),
        ("DER", &["-cert=below.der", "-ca-bundle=p256.pem"]),
        ("DER cut", &["-cert=cut.der", "-ca-bundle=p256.pem"]),
        ("PKCS #7", &["-cert=server.p7b", "-ca-bundle=p256.pem"]),
        ("PKCS #12", &["-cert=below.p12", "-ca-bundle=p256.pem", "-password=secret"]),
        ("PKCS #12 without a password", &["-cert=below.p12", "-ca-bundle=p256.pem"]),
        ("PKCS #12 with a wrong password", &["-cert=below.p12", "-ca-bundle=p256.pem", "-password=x"]),
        ("PKCS #12 with an empty password", &["-cert=empty.p12", "-ca-bundle=p256.pem", "-password="]),
        (
            "PKCS #12 and a key",
            &["-cert=below.p12", "-ca-bundle=p256.pem", "-password=secret", "-key=below-key.pem"],
        ),
        ("text before", &["-cert=text before.pem", "-ca-bundle=p256.pem", "-flavor=force"]),
        ("text behind", &["-cert=junk.pem", "-flavor=force"]),
        ("missing metadata", &["-cert=below.pem", "-ca-bundle=p256.pem", "-metadata=nosuch.json"]),
        ("no address", &["-domain=nowhere.invalid", "-ca-bundle=p256.pem"]),
        ("no server", &["-domain=localhost", "-ip=127.0.0.1", "-ca-bundle=p256.pem"]),
        ("an address alone", &["-ip=127.0.0.1", "-ca-bundle=p256.pem"]),
        ("nothing to do", &["-ca-bundle=p256.pem"]),
        ("a word more", &["-cert=below.pem", "-ca-bundle=p256.pem", "x"]),
        ("of standard input, nothing", &["-cert=-", "-ca-bundle=p256.pem"]),
    ] {
        cases.push(bundle(name, words));
    }
    for file in ["server.pem", "below.der", "server.p7b", "words.csr"] {
        let words = [&["-cert=-"], &trusted[..]].concat();
        cases.push(bundle(&format!("of standard input {file}"), &words).stdin_file(file));
    }
    let words = [&["-cert=server.pem", "-metadata=metadata.json"], &trusted[..]].concat();
    for (name, metadata) in [
        (
            "good",
            r#"[{"name":"A","weight":100,"hash_algo":"SHA2","key_algo":"ECDSA256","keystore":"p256.pem"},{"name":"B","weight":50,"hash_algo":"SHA1","key_algo":"RSA","keystore":"p384.pem"}]"#,
        ),
        ("empty", "[]"),
        ("no JSON", "x"),
        ("other JSON", "{}"),
        (
            "missing keystore",
            r#"[{"name":"A","weight":100,"hash_algo":"SHA2","key_algo":"ECDSA256","keystore":"nosuch.pem"}]"#,
        ),
        (
            "unknown algorithms",
            r#"[{"name":"A","weight":100,"hash_algo":"X","key_algo":"Y","keystore":"p256.pem"}]"#,
        ),
        ("no weight", r#"[{"name":"A","hash_algo":"SHA2","key_algo":"ECDSA256","keystore":"p256.pem"}]"#),
    ] {
        let case = bundle(&format!("metadata, {name}"), &words).file("metadata.json", metadata);
        cases.push(case.needs("p384.pem"));
    }
    let words = [&["-cert=server.pem", "-int-dir=kept"], &trusted[..]].concat();
    cases.push(bundle("a new directory", &words));
    cases.push(bundle("a directory that is there", &words).file("kept/", ""));
    cases.push(bundle("a file for a directory", &words).file("kept", "x"));
}

fn mkbundle(cases: &mut Vec<Case>) {
    let mkbundle = |name: &str, words: &[&str]| Case::new("mkbundle", name, words);
    for words in [&["-h"][..], &["-help"], &["-bogus"], &["-nw=x", "p256.pem"], &["-f"], &["-loglevel", "x"]]
    {
        cases.push(mkbundle(&format!("{words:?}"), words).usage());
    }
    for (name, words) in [
        ("nothing", &[][..]),
        ("one file", &["p256.pem"]),
        ("several files", &["-nw=1", "p256.pem", "p384.pem", "leaf.pem"]),
        ("another name", &["-f", "out.crt", "p256.pem"]),
        ("a missing folder", &["-f", "no/out.crt", "p256.pem"]),
        ("a missing file", &["-nw=1", "nosuch.pem"]),
        ("a missing file and another", &["-nw=1", "nosuch.pem", "p256.pem"]),
        ("a chain", &["-nw=1", "chain.pem"]),
        ("a certificate twice", &["-nw=1", "p256.pem", "p256.pem"]),
        ("words", &["-nw=1", "words.csr"]),
        ("nothing in it", &["-nw=1", "nothing.csr"]),
        ("a key", &["-nw=1", "p256-key.pem"]),
        ("expired", &["-nw=1", "expired.pem"]),
        ("DER", &["-nw=1", "DER.pem"]),
        ("text behind", &["-nw=1", "junk.pem"]),
        ("a folder", &["-nw=1", "d"]),
        ("no workers", &["-nw=4", "p256.pem"]),
        ("another level", &["-nw=1", "-loglevel=3", "p256.pem"]),
        ("an old file", &["-nw=1", "-f", "old.crt", "p256.pem"]),
    ] {
        let case = mkbundle(name, words);
        cases.push(match name {
            "a folder" => case.file("d/e/", "").file("d/words", "x"),
            // 1.6.5 has no such flag and shows its help.
            "another level" => case.usage(),
            "an old file" => case.file("old.crt", "x"),
            _ => case,
        });
    }
}
