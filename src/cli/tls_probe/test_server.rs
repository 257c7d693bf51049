//! Servers for the tests: `openssl s_server`, and before it what protocols say in plain text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// `openssl s_server`, stopped at the end of the test.
pub(super) struct Server {
    child: Child,
    pub(super) address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) const P256: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";

/// Keys and certificates in a directory of their own: `root.pem`, below it `issuer.pem`, and below that whatever a
/// test issues; the key of NAME.pem is NAME-key.pem.
pub(super) struct Pki {
    directory: tempfile::TempDir,
}

impl Pki {
    pub(super) fn new() -> Self {
        let pki = Self { directory: tempfile::tempdir().unwrap() };
        pki.shell(&format!(
            "openssl req -x509 {P256} -nodes -keyout root-key.pem -out root.pem -subj /CN=root -days 30"
        ));
        pki.issue("issuer", "root", P256, "-addext basicConstraints=critical,CA:TRUE");
        pki
    }

    /// Makes NAME.pem, signed by ISSUER.pem.
    pub(super) fn issue(&self, name: &str, issuer: &str, key: &str, options: &str) {
        self.shell(&format!(
            "openssl req -new {key} -nodes -keyout {name}-key.pem -out {name}.csr -subj /CN={name} {options}
             openssl x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}-key.pem -days 30 \
                 -copy_extensions copyall -out {name}.pem"
        ));
    }

    /// Makes NAME.pem, signed with its own key and expired long ago.
    pub(super) fn self_sign_expired(&self, name: &str, key: &str) {
        let config = "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\ndefault_md=default\npolicy=p\n\
                      rand_serial=yes\n[p]\ncommonName=supplied\n";
        std::fs::write(self.path("ca.conf"), config).unwrap();
        std::fs::write(self.path("index"), "").unwrap();
        self.shell(&format!(
            "openssl req -new {key} -nodes -keyout {name}-key.pem -out {name}.csr -subj /CN={name}
             openssl ca -batch -selfsign -notext -config ca.conf -in {name}.csr -keyfile {name}-key.pem \
                 -startdate 20200101000000Z -enddate 20210101000000Z -out {name}.pem"
        ));
    }

    pub(super) fn shell(&self, script: &str) {
        let output =
            Command::new("bash").args(["-ec", script]).current_dir(&self.directory).output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub(super) fn path(&self, file: &str) -> String {
        self.directory.path().join(file).to_str().unwrap().to_owned()
    }

    pub(super) fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.path(file)).unwrap()
    }

    /// The DER of NAME.pem.
    pub(super) fn der(&self, name: &str) -> Vec<u8> {
        self.shell(&format!("openssl x509 -in {name}.pem -outform der -out {name}.der"));
        self.read(&format!("{name}.der"))
    }

    /// A server at a free port of `host` with the certificate NAME.pem.
    pub(super) fn serve(&self, host: &str, name: &str, options: &str) -> Server {
        let port =
            TcpListener::bind((host.trim_matches(['[', ']']), 0)).unwrap().local_addr().unwrap().port();
        let address = format!("{host}:{port}");
        let child = Command::new("openssl")
            .args(["s_server", "-www", "-accept", &address])
            .args(["-key", &format!("{name}-key.pem"), "-cert", &format!("{name}.pem")])
            .args(options.split_whitespace())
            .current_dir(&self.directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl is missing: apt-get install openssl");
        let server = Server { child, address };
        for _ in 0..500 {
            if TcpStream::connect(&server.address).is_ok() {
                return server;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("openssl s_server {options} does not listen");
    }
}

/// What a server expects, and what it answers.
pub(super) type Step<'a> = (&'a [u8], &'a [u8]);

/// A server of one connection that holds `dialogue` and is then handed to `backend`; without one the connection ends.
pub(super) fn front(backend: Option<&str>, dialogue: &[Step<'_>]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let backend = backend.map(str::to_owned);
    let dialogue: Vec<(Vec<u8>, Vec<u8>)> =
        dialogue.iter().map(|(expected, answer)| (expected.to_vec(), answer.to_vec())).collect();
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        for (expected, answer) in dialogue {
            let mut heard = vec![0; expected.len()];
            client.read_exact(&mut heard).unwrap();
            assert_eq!(String::from_utf8_lossy(&heard), String::from_utf8_lossy(&expected));
            client.write_all(&answer).unwrap();
        }
        if let Some(backend) = backend {
            let mut server = TcpStream::connect(backend).unwrap();
            let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            let _ = std::io::copy(&mut server, &mut client);
        }
    });
    address
}
