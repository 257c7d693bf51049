//! Writes any number of certificates to measure with: as one bundle, and as a tree of files.
//!
//! Three authorities (an RSA-2048 root, a P-256 root, and a P-256 authority below the first) come before etcd-like
//! leaves, every one with a name, hosts, a serial number and a key of its own. Half of the leaves have an RSA-2048 key
//! and half a P-256 key; half are signed with RSA and half with ECDSA. The numbers depend on COUNT alone, keys and
//! serial numbers on chance.
//!
//! ```sh
//! cargo run --release --example certificates -- FOLDER 10000    # FOLDER/bundle.pem, FOLDER/tree/NNN/….pem
//! ```

#![allow(clippy::indexing_slicing, reason = "a tool that may stop")]

use certmint::csr::CsrContent;
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey, SigningKey, random};
use certmint::model::{CertificateRequest, SigningConfig};
use certmint::signer::{Ask, Authority, Issuance, LocalSigner};
use certmint::{Error, ErrorKind};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread;

const CONFIG: &[u8] = br#"{ "signing": {
    "default": { "expiry": "8760h", "usages": [ "digital signature", "key encipherment", "server auth", "client auth" ] },
    "profiles": { "authority": {
        "expiry": "43800h", "usages": [ "cert sign", "crl sign" ], "ca_constraint": { "is_ca": true, "max_path_len_zero": true }
    } }
} }"#;

/// Files in one folder of the tree.
const PER_FOLDER: usize = 1000;
/// Certificates that are made before they are written.
const AT_ONCE: usize = 4000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = match arguments.as_slice() {
        [folder, count] => {
            count.parse().ok().filter(|count| *count > 3).map(|count| (Path::new(folder), count))
        }
        _ => None,
    };
    let Some((folder, count)) = asked else {
        eprintln!("usage: certificates FOLDER COUNT    (COUNT above 3)");
        return ExitCode::from(2);
    };
    match write(folder, count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certificates: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path, count: usize) -> Result<(), Error> {
    let issuers = Issuers::new()?;
    let authorities = issuers.pem();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut files = Files::new(folder)?;
    for (name, pem) in ["root-rsa", "root-p256", "issuing-p256"].iter().zip(&authorities) {
        files.add(name, pem)?;
    }
    let leaves = count - authorities.len();
    for start in (0..leaves).step_by(AT_ONCE) {
        let numbers: Vec<usize> = (start..leaves.min(start + AT_ONCE)).collect();
        let work = |numbers: &[usize]| -> Result<Vec<String>, Error> {
            let signers = issuers.signers()?;
            numbers.iter().map(|number| leaf(&signers, &issuers.rsa_key, *number)).collect()
        };
        let parts: Vec<_> = thread::scope(|scope| {
            let work = &work;
            let shares = numbers.chunks(numbers.len().div_ceil(threads));
            let running: Vec<_> = shares.map(|numbers| scope.spawn(move || work(numbers))).collect();
            running.into_iter().map(|thread| thread.join()).collect()
        });
        let parts =
            parts.into_iter().map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        let pems = parts.collect::<Result<Vec<_>, _>>()?;
        for (number, pem) in numbers.iter().zip(pems.iter().flatten()) {
            files.add(&format!("leaf-{number:06}"), pem)?;
        }
    }
    files.finish()
}

/// The authorities and their keys.
struct Issuers {
    rsa: Authority,
    p256: Authority,
    below: Below,
    /// The DER of an RSA public key, whose modulus others take the place of.
    rsa_key: Vec<u8>,
}

/// The authority below the first.
struct Below {
    certificate: certmint::x509::Certificate,
    key: PrivateKey,
}

impl Issuers {
    fn new() -> Result<Self, Error> {
        let root = |name: &str, key: &str| {
            let json = format!(
                r#"{{ "CN": "{name}", "key": {key}, "names": [ {{ "C": "CN", "O": "Example" }} ], "ca": {{ "expiry": "87600h" }} }}"#
            );
            Authority::init(&CertificateRequest::from_json(json.as_bytes())?, Issuance::now()?)
        };
        let rsa = root("Example RSA Root", r#"{ "algo": "rsa", "size": 2048 }"#)?;
        let p256 = root("Example P-256 Root", r#"{ "algo": "ecdsa", "size": 256 }"#)?;
        let key = PrivateKey::generate(KeyAlgorithm::Ecdsa(Curve::P256))?;
        let json = br#"{ "CN": "Example Issuing CA", "names": [ { "C": "CN", "O": "Example" } ] }"#;
        let (content, _) = CsrContent::from_request(&CertificateRequest::from_json(json)?, &key)?;
        let signer = LocalSigner::new(rsa.certificate(), rsa.key(), SigningConfig::from_json(CONFIG)?)?;
        let certificate = signer.sign(&content, "authority", &Ask::default(), Issuance::now()?)?.certificate;
        let rsa_key = rsa.key().subject_public_key_info().to_vec();
        Ok(Self { rsa, p256, below: Below { certificate, key }, rsa_key })
    }

    fn pem(&self) -> [String; 3] {
        [self.rsa.certificate(), self.p256.certificate(), &self.below.certificate].map(|one| one.to_pem())
    }

    /// Half of them sign with RSA.
    fn signers(&self) -> Result<[LocalSigner<&PrivateKey>; 4], Error> {
        let signer = |certificate, key| LocalSigner::new(certificate, key, SigningConfig::from_json(CONFIG)?);
        Ok([
            signer(self.rsa.certificate(), self.rsa.key())?,
            signer(self.p256.certificate(), self.p256.key())?,
            signer(self.rsa.certificate(), self.rsa.key())?,
            signer(&self.below.certificate, &self.below.key)?,
        ])
    }
}

fn leaf(signers: &[LocalSigner<&PrivateKey>; 4], rsa_key: &[u8], number: usize) -> Result<String, Error> {
    let (high, low) = (number / 250 % 250, number % 250 + 1);
    let json = format!(
        r#"{{ "CN": "etcd-{number}", "names": [ {{ "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" }} ],
             "hosts": [ "etcd-{number}", "etcd-{number}.etcd.cluster.example", "127.0.0.1", "10.{}.{high}.{low}" ] }}"#,
        number / 62_500 % 256
    );
    let key = PrivateKey::generate(KeyAlgorithm::Ecdsa(Curve::P256))?;
    let (mut content, _) = CsrContent::from_request(&CertificateRequest::from_json(json.as_bytes())?, &key)?;
    if number.is_multiple_of(2) {
        content.subject_public_key_info = rsa_public_key(rsa_key)?;
    }
    let signer = &signers[number / 2 % signers.len()];
    Ok(signer.sign(&content, "", &Ask::default(), Issuance::now()?)?.certificate.to_pem())
}

/// A public key of RSA-2048 that nobody has the private key of: the modulus is any number of 2048 bits that no small
/// prime divides. To find two primes takes thousands of times as long.
fn rsa_public_key(model: &[u8]) -> Result<Vec<u8>, Error> {
    const MODULUS: &[u8] = &[0x02, 0x82, 0x01, 0x01, 0x00];
    let start = model.windows(MODULUS.len()).position(|window| window == MODULUS);
    let start = start.ok_or_else(|| Error::of(ErrorKind::PrivateKeyGeneration))? + MODULUS.len();
    let mut key = model.to_vec();
    let modulus = &mut key[start..start + 256];
    loop {
        random(modulus)?;
        modulus[0] |= 0xc0;
        modulus[255] |= 1;
        let is_divisible = |prime: &u32| {
            modulus.iter().fold(0, |remainder, byte| (remainder << 8 | u32::from(*byte)) % prime) == 0
        };
        if !(3..1000).step_by(2).any(|odd| is_divisible(&odd)) {
            return Ok(key);
        }
    }
}

/// The bundle and the tree under way.
struct Files<'f> {
    folder: &'f Path,
    bundle: BufWriter<File>,
    written: usize,
}

impl<'f> Files<'f> {
    fn new(folder: &'f Path) -> Result<Self, Error> {
        let path = folder.join("bundle.pem");
        let bundle = fs::create_dir_all(folder).and_then(|()| File::create(&path));
        let bundle = bundle.map_err(|error| Error::io("write", &path.to_string_lossy(), &error))?;
        Ok(Self { folder, bundle: BufWriter::new(bundle), written: 0 })
    }

    fn add(&mut self, name: &str, pem: &str) -> Result<(), Error> {
        let folder = self.folder.join(format!("tree/{:03}", self.written / PER_FOLDER));
        let path = folder.join(name).with_extension("pem");
        let mut write = || {
            if self.written.is_multiple_of(PER_FOLDER) {
                fs::create_dir_all(&folder)?;
            }
            self.bundle.write_all(pem.as_bytes())?;
            fs::write(&path, pem)
        };
        write().map_err(|error| Error::io("write", &path.to_string_lossy(), &error))?;
        self.written += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<(), Error> {
        self.bundle
            .flush()
            .map_err(|error| Error::io("write", &self.folder.join("bundle.pem").to_string_lossy(), &error))
    }
}
