//! Makes all certificates of an etcd cluster in one process: a CA, for each node one certificate for its
//! clients and one for its peers, and one for the administrator.
//!
//! ```sh
//! cargo run --example installer -- FOLDER node1=10.0.0.1 node2=10.0.0.2 node3=10.0.0.3
//! ```

use certmint::model::{CertificateRequest, KeyRequest, NameEntry, SigningConfig};
use certmint::signer::{Authority, Issuance, LocalSigner};
use certmint::{Error, Warning};
use std::path::Path;
use std::process::ExitCode;

const CA: &[u8] = br#"{
    "CN": "etcd CA",
    "key": { "algo": "ecdsa", "size": 256 },
    "names": [ { "O": "Example" } ],
    "ca": { "expiry": "87600h", "pathlen": 0, "pathlenzero": true }
}"#;

const CONFIG: &[u8] = br#"{
    "signing": {
        "default": { "expiry": "8760h" },
        "profiles": {
            "server": { "expiry": "8760h", "usages": [ "digital signature", "server auth" ] },
            "peer": { "expiry": "8760h", "usages": [ "digital signature", "server auth", "client auth" ] },
            "client": { "expiry": "8760h", "usages": [ "digital signature", "client auth" ] }
        }
    }
}"#;

/// A node's name and address.
type Node = (String, String);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next();
    let nodes: Option<Vec<Node>> = arguments
        .map(|argument| argument.split_once('=').map(|(name, address)| (name.to_owned(), address.to_owned())))
        .collect();
    let (Some(folder), Some(nodes @ [_, ..])) = (folder, nodes.as_deref()) else {
        eprintln!("usage: installer FOLDER NAME=ADDRESS [NAME=ADDRESS ...]");
        return ExitCode::from(2);
    };
    match install(Path::new(&folder), nodes) {
        Ok(warnings) => {
            warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
            println!("certificates of {} nodes are in {folder}", nodes.len());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the files of the whole cluster into a folder that exists.
pub(crate) fn install(folder: &Path, nodes: &[Node]) -> Result<Vec<Warning>, Error> {
    let ca = Authority::init(&CertificateRequest::from_json(CA)?, Issuance::now()?)?;
    let signer = LocalSigner::new(ca.certificate(), ca.key(), SigningConfig::from_json(CONFIG)?)?;
    let mut warnings = Vec::new();
    for (name, address) in nodes {
        for profile in ["server", "peer"] {
            let hosts = [name, address, "localhost", "127.0.0.1"].map(str::to_owned);
            let mut issued = signer.generate(&request(name, &hosts), profile, Issuance::now()?)?;
            warnings.append(&mut issued.warnings);
            warnings.extend(issued.write_to(folder, &format!("{name}-{profile}"))?);
        }
    }
    let administrator = signer.generate(&request("root", &[]), "client", Issuance::now()?)?;
    warnings.extend(administrator.write_to(folder, "client")?);
    warnings.extend(ca.into_issued().write_to(folder, "ca")?);
    Ok(warnings)
}

/// A request is a plain value; it need not come from JSON.
fn request(common_name: &str, hosts: &[String]) -> CertificateRequest {
    CertificateRequest {
        common_name: common_name.to_owned(),
        names: vec![NameEntry { organization: "Example".to_owned(), ..NameEntry::default() }],
        hosts: hosts.to_vec(),
        key: KeyRequest::ecdsa(256),
        ..CertificateRequest::default()
    }
}
