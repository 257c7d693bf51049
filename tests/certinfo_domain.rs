//! `certinfo -domain` against servers: with a name, an address, a client certificate, and after STARTTLS.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

#[path = "../src/cli/tls_probe/test_server.rs"]
#[allow(dead_code, reason = "some of it is for the unit tests only")]
mod test_server;

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};
use test_server::{P256, Pki, Step, front};

const CFSSL: &str = env!("CARGO_BIN_EXE_cfssl");
const CERTINFO: &str = env!("CARGO_BIN_EXE_cfssl-certinfo");

/// Exit code, standard output and standard error of `cfssl certinfo`.
fn certinfo(pki: &Pki, arguments: &str) -> (i32, String, String) {
    run(pki, Command::new(CFSSL).arg("certinfo"), arguments)
}

fn run(pki: &Pki, command: &mut Command, arguments: &str) -> (i32, String, String) {
    command.env_remove("CFSSL_STRICT").current_dir(pki.path("."));
    let output = command.args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// What `certinfo` says of NAME.pem: the same must be said of a server that shows it, and nothing else.
fn described(pki: &Pki, name: &str) -> (i32, String, String) {
    let (code, out, errors) = certinfo(pki, &format!("-cert {name}.pem"));
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(out.contains(&format!("\"common_name\": \"{name}\"")), "{out}");
    (code, out, errors)
}

/// A root, a CA below it, and certificates of that CA for two servers and a client.
fn pki() -> Pki {
    let pki = Pki::new();
    for name in ["node", "other", "client"] {
        pki.issue(name, "issuer", P256, "");
    }
    pki.shell("cat issuer.pem root.pem > others.pem; cat client.pem issuer.pem > chain.pem");
    pki
}

#[test]
fn the_first_certificate_of_a_server_is_described_as_its_file_is() {
    let pki = pki();
    let named = "-cert_chain others.pem -servername other.example -cert2 other.pem -key2 other-key.pem";
    for version in ["-tls1_2", "-tls1_3"] {
        let server = pki.serve("127.0.0.1", "node", &format!("{named} {version}"));
        let (address, port) = (&server.address, server.address.rsplit_once(':').unwrap().1);
        for (arguments, name) in [
            (format!("-domain {address}"), "node"),
            // This name may have a second address, where nobody listens.
            (format!("-domain localhost:{port}"), "node"),
            (format!("-domain {address} -servername other.example"), "other"),
            (format!("-domain node.example:{port} -ip 127.0.0.1"), "node"),
            (format!("-domain other.example:{port} -ip 127.0.0.1"), "other"),
            (format!("-domain other.example:{port} -ip 127.0.0.1 -servername node.example"), "node"),
        ] {
            assert_eq!(certinfo(&pki, &arguments), described(&pki, name), "{arguments}");
            let program = run(&pki, &mut Command::new(CERTINFO), &arguments);
            assert_eq!(program, described(&pki, name), "{arguments}");
        }
    }
}

#[test]
fn the_whole_chain_of_a_server_is_described_in_other_forms() {
    let pki = pki();
    let server = pki.serve("127.0.0.1", "node", "-cert_chain others.pem");
    let shown = format!("-format jsonl -domain {}", server.address);
    let (code, out, errors) = certinfo(&pki, &shown);
    assert_eq!((code, errors.as_str()), (0, ""));
    let names: Vec<String> = out
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {} {}", line["source"]["name"], line["source"]["position"], line["name"])
        })
        .collect();
    let expected = |position, name| format!("\"{}\" {position} \"{name}\"", server.address);
    assert_eq!(names, [expected(1, "node"), expected(2, "issuer"), expected(3, "root")]);
    // A server that does not answer does not stop the files that are named with it.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, out, errors) = certinfo(&pki, &format!("-fields name node.pem -domain {nobody}"));
    assert_eq!((code, out.as_str()), (1, "NAME\nnode\n"));
    assert!(errors.contains("connection refused"), "{errors}");
}

#[test]
fn a_server_is_led_to_tls_first_where_its_protocol_begins_without() {
    let pki = pki();
    let server = pki.serve("[::1]", "node", "");
    let smtp: &[Step<'_>] = &[
        (b"", b"220 mail.example ESMTP\r\n"),
        (b"EHLO [127.0.0.1]\r\n", b"250-mail.example\r\n250 STARTTLS\r\n"),
        (b"STARTTLS\r\n", b"220 go ahead\r\n"),
    ];
    let imap: &[Step<'_>] = &[(b"", b"* OK IMAP4rev1\r\n"), (b"a STARTTLS\r\n", b"a OK\r\n")];
    let postgres: &[Step<'_>] = &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"S")];
    for (name, dialogue) in [("smtp", smtp), ("imap", imap), ("postgres", postgres)] {
        let target = front(Some(&server.address), dialogue);
        let found = certinfo(&pki, &format!("-domain {target} -starttls {name}"));
        assert_eq!(found, described(&pki, "node"), "{name}");
    }
    let target = front(None, &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"N")]);
    let (code, out, errors) = certinfo(&pki, &format!("-domain {target} -starttls postgres"));
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(errors.ends_with("\nstarttls postgres: the server has TLS switched off\n"), "{errors}");
    assert!(errors.contains(&format!("{target}: PostgreSQL did not lead to TLS")), "{errors}");
}

#[test]
fn a_client_certificate_is_shown_to_a_server_that_asks_for_one() {
    let pki = pki();
    pki.shell("openssl pkcs8 -topk8 -in client-key.pem -passout pass:secret -out locked.pem");
    pki.self_sign_expired("stranger", P256);
    let with = |server: &test_server::Server, certificate: &str, key: &str, more: &str| {
        let files = format!("-mutual-tls-client-cert {certificate} -mutual-tls-client-key {key}");
        let mut command = Command::new(CFSSL);
        command.arg("certinfo").env("CFSSL_CA_PK_PASSWORD", "secret");
        run(&pki, &mut command, &format!("-domain {} {files} {more}", server.address))
    };
    for version in ["-tls1_2", "-tls1_3"] {
        let strict = pki.serve(
            "127.0.0.1",
            "node",
            &format!("{version} -Verify 3 -verify_return_error -CAfile root.pem"),
        );
        for key in ["client-key.pem", "locked.pem"] {
            assert_eq!(
                with(&strict, "chain.pem", key, "-strict"),
                described(&pki, "node"),
                "{version} {key}"
            );
        }
        let (code, out, errors) = with(&strict, "stranger.pem", "stranger-key.pem", "");
        assert_eq!((code, out), (0, described(&pki, "node").1));
        let words = "the server does not accept the client certificate: received fatal alert";
        assert!(errors.contains("[WARNING]") && errors.contains(words), "{version}: {errors}");
        let (code, out, errors) = with(&strict, "stranger.pem", "stranger-key.pem", "-strict");
        assert_eq!((code, out.as_str()), (1, ""), "{errors}");
        // Without one the server shows its certificate, as it always did, and no more is said.
        let without = certinfo(&pki, &format!("-domain {}", strict.address));
        assert_eq!(without, described(&pki, "node"), "{version}");
        let told = certinfo(&pki, &format!("-domain {} -loglevel 0", strict.address)).2;
        assert!(told.contains(
            "client certificate wanted (authorities named: 1) and not sent, handshake not completed"
        ));
    }
    let open = pki.serve("127.0.0.1", "node", "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256");
    let (code, out, errors) = with(&open, "chain.pem", "client-key.pem", "-loglevel 0");
    assert_eq!((code, out), (0, described(&pki, "node").1));
    assert!(errors.contains("[WARNING] the server did not ask for the client certificate\n"), "{errors}");
    let line = format!(
        "[DEBUG] {0} answered for 127.0.0.1 (name sent: none): TLS 1.3, TLS_AES_128_GCM_SHA256, certificates shown: 1, \
         no client certificate wanted, handshake completed\n",
        open.address
    );
    assert!(errors.contains(&line), "{errors}");
}

#[test]
fn flags_that_make_no_sense_are_told_before_anything_is_sent() {
    let pki = pki();
    // Whoever connects here is heard.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let target = listener.local_addr().unwrap();
    let mismatch = r#"{"code":2300,"message":"Private key does not match public key"}"#;
    for (arguments, words) in [
        ("-starttls gopher", r#"-starttls does not know "gopher""#),
        ("-servername 10.0.0.1", r#""10.0.0.1" is not a name that a server can be asked for"#),
        ("-mutual-tls-client-cert client.pem", "-mutual-tls-client-cert needs -mutual-tls-client-key"),
        ("-mutual-tls-client-key client-key.pem", "-mutual-tls-client-key needs -mutual-tls-client-cert"),
        ("-mutual-tls-client-cert client.pem -mutual-tls-client-key node-key.pem", mismatch),
        (
            "-mutual-tls-client-cert nosuch.pem -mutual-tls-client-key client-key.pem",
            "open nosuch.pem: no such file or directory",
        ),
        (
            "-mutual-tls-client-cert client.pem -mutual-tls-client-key nosuch.pem",
            "open nosuch.pem: no such file or directory",
        ),
        ("-timeout 0", "-timeout 0 leaves no time"),
        ("-timeout -5s", "-timeout -5s leaves no time"),
    ] {
        let (code, out, errors) = certinfo(&pki, &format!("-domain {target} {arguments}"));
        assert_eq!((code, out.as_str()), (1, ""), "{arguments}");
        assert_eq!(errors.lines().last(), Some(words), "{arguments}: {errors}");
    }
    assert!(listener.accept().is_err(), "somebody connected");
}

#[test]
fn a_silent_server_is_waited_for_as_long_as_the_flag_says() {
    let pki = Pki::new();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = silent.local_addr().unwrap();
    let start = Instant::now();
    for arguments in ["", "-starttls imap"] {
        let (code, _, errors) = certinfo(&pki, &format!("-domain {target} -timeout 300ms {arguments}"));
        assert_eq!((code, errors.lines().last()), (1, Some(&*format!("read tcp {target}: i/o timeout"))));
        assert!(errors.contains("no answer within 0.3 s"), "{errors}");
    }
    assert!(start.elapsed() < Duration::from_secs(8), "the ten seconds of cfssl were not cut short");
}

#[test]
fn an_audit_of_a_server_says_whether_its_certificate_is_for_the_host_asked_for() {
    let pki = Pki::new();
    let names = "-addext subjectAltName=DNS:node.example,IP:127.0.0.1 -addext extendedKeyUsage=serverAuth";
    pki.issue("node", "issuer", P256, names);
    pki.shell("cat issuer.pem root.pem > others.pem");
    let server = pki.serve("127.0.0.1", "node", "-cert_chain others.pem");
    let port = server.address.rsplit_once(':').unwrap().1;
    let host = |name: &str| format!("-domain {name}:{port} -ip 127.0.0.1");
    for (arguments, other) in [
        (host("node.example"), None),
        (host("NODE.example"), None),
        (host("other.example"), Some("\"other.example\" was asked for")),
        (host("localhost"), Some("\"localhost\" was asked for")),
        (format!("-domain {}", server.address), None),
        (format!("-domain {} -servername node.example", server.address), None),
        (format!("-domain {} -servername www.example", server.address), Some("\"www.example\" was asked")),
    ] {
        let arguments = format!("-format json -severity error {arguments}");
        let (code, out, errors) = run(&pki, Command::new(CFSSL).arg("audit"), &arguments);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(
            (findings.len(), errors.as_str()),
            (usize::from(other.is_some()), ""),
            "{arguments}: {out}"
        );
        if let Some(words) = other {
            assert_eq!(findings[0]["rule"], "server-name");
            assert!(findings[0]["message"].as_str().unwrap().starts_with(words), "{out}");
            // An end within 30 days is a warning, and so is left out above.
            assert_eq!(code, 3, "{arguments}");
        }
    }
}

#[test]
fn flags_about_a_server_are_told_to_be_idle_where_none_is_asked() {
    let pki = Pki::new();
    for flag in ["-starttls smtp", "-servername node.example", "-ip 127.0.0.1", "-timeout 3s"] {
        let name = flag.split(' ').next().unwrap();
        let words = format!("{name} has no effect without -domain");
        for (command, rest) in
            [("certinfo", "-cert root.pem"), ("certinfo", "root.pem"), ("audit", "root.pem")]
        {
            let (_, _, errors) = run(&pki, Command::new(CFSSL).arg(command), &format!("{flag} {rest}"));
            assert!(errors.contains(&words), "{command} {flag}: {errors}");
        }
    }
    let (_, _, errors) = run(&pki, Command::new(CFSSL).arg("audit"), "-hostname node.example root.pem");
    assert!(errors.contains("-hostname has no effect without -for"), "{errors}");
    let (_, _, errors) = run(&pki, Command::new(CFSSL).arg("audit"), "-for web -hostname a.example root.pem");
    assert!(!errors.contains("no effect"), "{errors}");
}
