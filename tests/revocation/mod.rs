//! What the tests of CRLs and OCSP responses share: a place to work in, and programs to run there.

#[path = "../support/peer.rs"]
mod peer;

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What a script wrote and how it ended.
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

/// A directory of its own.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    #[allow(dead_code, reason = "not every test asks")]
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.0.path().join(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(name)).unwrap()
    }

    /// Runs a shell script; `$OURS` and `$PEER` are the two programs.
    pub(crate) fn try_sh(&self, script: &str) -> Outcome {
        let output = Command::new("bash")
            .args(["-c", &format!("set -o pipefail; {script}")])
            .current_dir(self.0.path())
            .env("OURS", env!("CARGO_BIN_EXE_cfssl"))
            .env("PEER", peer::NEW.program("cfssl"))
            .env("TZ", "UTC")
            .env_remove("CFSSL_STRICT")
            .env_remove("CFSSL_CA_PK_PASSWORD")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        Outcome {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code().unwrap(),
        }
    }

    /// Runs a script that must succeed, and returns what it printed.
    pub(crate) fn sh(&self, script: &str) -> String {
        let outcome = self.try_sh(script);
        assert_eq!(outcome.status, 0, "{script}\n{}{}", outcome.stdout, outcome.stderr);
        outcome.stdout
    }

    /// A self-signed CA: `NAME.pem` and `NAME-key.pem`.
    pub(crate) fn authority(&self, name: &str, key: &str, options: &str) {
        self.key(name, key);
        self.sh(&format!(
            "openssl req -x509 -new -key {name}-key.pem -out {name}.pem -days 3650 -utf8 \
             -subj '/C=DE/O=Zürich AG/OU=unit/CN={name}' \
             -addext keyUsage=critical,keyCertSign,cRLSign {options} 2>&1"
        ));
    }

    /// A CA whose only minute was four minutes ago.
    pub(crate) fn expired_authority(&self, name: &str) {
        self.write("request.json", format!(r#"{{"CN": "{name}", "ca": {{"expiry": "1m"}}}}"#));
        self.sh(&format!("$OURS gencert -initca request.json | cfssljson -bare {name}"));
    }

    /// A certificate that `issuer` issued: `NAME.pem` and `NAME-key.pem`.
    pub(crate) fn leaf(&self, name: &str, issuer: &str, options: &str) {
        self.key(name, "EC -pkeyopt ec_paramgen_curve:P-256");
        self.sh(&format!(
            "openssl req -new -key {name}-key.pem -subj /CN={name} -out {name}.csr && \
             openssl x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}-key.pem -days 365 \
             -out {name}.pem {options} 2>&1"
        ));
    }

    fn key(&self, name: &str, key: &str) {
        self.sh(&format!("openssl genpkey -algorithm {key} -out {name}-key.pem 2>&1"));
    }
}

/// Keys of every kind that signs, as `openssl genpkey` makes them.
pub(crate) const KEYS: [(&str, &str); 7] = [
    ("p256", "EC -pkeyopt ec_paramgen_curve:P-256"),
    ("p384", "EC -pkeyopt ec_paramgen_curve:P-384"),
    ("p521", "EC -pkeyopt ec_paramgen_curve:P-521"),
    ("ed25519", "ED25519"),
    ("rsa2048", "RSA -pkeyopt rsa_keygen_bits:2048"),
    ("rsa3072", "RSA -pkeyopt rsa_keygen_bits:3072"),
    ("rsa4096", "RSA -pkeyopt rsa_keygen_bits:4096"),
];
