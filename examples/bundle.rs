//! Writes a bundle of many certificates to standard output, to measure or try something with: each has a name, hosts
//! and a serial number of its own, half of them hold an RSA key and half a P-256 key. Few keys are made, for that takes
//! longest.
//!
//! ```sh
//! cargo run --release --example bundle -- 10000 > bundle.pem
//! ```

use certmint::Error;
use certmint::csr::CsrContent;
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey};
use certmint::model::{CertificateRequest, SigningConfig};
use certmint::signer::{Ask, Authority, Issuance, LocalSigner};
use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

const CA: &[u8] =
    br#"{ "CN": "Bundle CA", "key": { "algo": "ecdsa", "size": 256 }, "names": [ { "O": "Example" } ] }"#;

const CONFIG: &[u8] = br#"{
    "signing": { "default": {
        "expiry": "8760h",
        "usages": [ "digital signature", "key encipherment", "server auth", "client auth" ]
    } }
}"#;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = match arguments.as_slice() {
        [count] => count.parse().ok(),
        _ => None,
    };
    let Some(count) = count else {
        eprintln!("usage: bundle COUNT > FILE");
        return ExitCode::from(2);
    };
    match write(count, &mut BufWriter::new(stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(count: u32, out: &mut dyn Write) -> Result<(), Error> {
    let ca = Authority::init(&CertificateRequest::from_json(CA)?, Issuance::now()?)?;
    let signer = LocalSigner::new(ca.certificate(), ca.key(), SigningConfig::from_json(CONFIG)?)?;
    let rsa = PrivateKey::generate(KeyAlgorithm::Rsa { bits: 2048 })?;
    let ecdsa = PrivateKey::generate(KeyAlgorithm::Ecdsa(Curve::P256))?;
    for number in 0..count {
        let json = format!(
            r#"{{ "CN": "node{number}", "hosts": [ "node{number}", "node{number}.cluster.example", "127.0.0.1", "10.0.{}.{}" ],
                 "names": [ {{ "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" }} ] }}"#,
            number / 256 % 256,
            number % 256
        );
        let request = CertificateRequest::from_json(json.as_bytes())?;
        let key = if number % 2 == 0 { &rsa } else { &ecdsa };
        let (content, _) = CsrContent::from_request(&request, key)?;
        let issued = signer.sign(&content, "", &Ask::default(), Issuance::now()?)?;
        out.write_all(issued.certificate.to_pem().as_bytes())
            .map_err(|error| Error::io("write", "/dev/stdout", &error))?;
    }
    out.flush().map_err(|error| Error::io("write", "/dev/stdout", &error))
}
