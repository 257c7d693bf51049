//! `openssl s_server`, for the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// `openssl s_server`, stopped at the end of the test.
pub(super) struct Server {
    child: Child,
    pub(super) address: String,
    pub(super) certificate: Vec<u8>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn openssl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).output();
    let output = output.expect("openssl is missing: apt-get install openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

pub(super) fn serve(key: &[&str], host: &str, options: &[&str]) -> Server {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (key_path, certificate_path) = (path("key"), path("certificate"));
    openssl(&[&["genpkey", "-out", &key_path], key].concat());
    let request_path = path("request");
    openssl(&["req", "-new", "-key", &key_path, "-subj", "/CN=odd", "-out", &request_path]);
    // Expired long ago, for a name nobody asks for.
    let (config_path, index_path) = (path("config"), path("index"));
    let config = format!(
        "[ca]\ndefault_ca=d\n[d]\ndatabase={index_path}\nnew_certs_dir={}\ndefault_md=default\npolicy=p\n\
         rand_serial=yes\n[p]\ncommonName=supplied\n",
        directory.path().display()
    );
    std::fs::write(&config_path, config).unwrap();
    std::fs::write(&index_path, "").unwrap();
    let issue = ["ca", "-batch", "-selfsign", "-notext", "-config", &config_path, "-in", &request_path];
    let dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"];
    openssl(&[&issue[..], &dates, &["-keyfile", &key_path, "-out", &certificate_path]].concat());
    let certificate = openssl(&["x509", "-in", &certificate_path, "-outform", "der"]);
    let port = TcpListener::bind((host.trim_matches(['[', ']']), 0)).unwrap().local_addr().unwrap().port();
    let address = format!("{host}:{port}");
    let child = Command::new("openssl")
        .args(["s_server", "-quiet", "-accept", &address, "-key", &key_path, "-cert", &certificate_path])
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..200 {
        if TcpStream::connect(&address).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Server { child, address, certificate }
}
