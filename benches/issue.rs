//! What the library costs inside one process, without start-up and files: the parts of issuing a certificate.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark, not an interface")]

use certmint::inspect::describe;
use certmint::json;
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey, SigningKey};
use certmint::model::{CertificateRequest, SigningConfig};
use certmint::signer::{Authority, Issuance, LocalSigner};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const REQUEST: &[u8] = br#"{ "CN": "etcd", "hosts": [ "127.0.0.1", "192.168.100.111", "kube-cluster-master01" ], "key": { "algo": "ecdsa", "size": 256 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }"#;

const CONFIG: &[u8] = br#"{ "signing": { "default": { "expiry": "87600h" }, "profiles": { "etcd": { "expiry": "87600h", "usages": [ "signing", "key encipherment", "server auth", "client auth" ] } } } }"#;

fn reading(criterion: &mut Criterion) {
    criterion.bench_function("read a request's JSON", |bencher| {
        bencher.iter(|| json::parse(black_box(REQUEST)).expect("the request is well-formed"));
    });
}

fn keys(criterion: &mut Criterion) {
    for (name, algorithm) in [("P-256", KeyAlgorithm::Ecdsa(Curve::P256)), ("Ed25519", KeyAlgorithm::Ed25519)]
    {
        criterion.bench_function(&format!("generate a {name} key"), |bencher| {
            bencher.iter(|| PrivateKey::generate(algorithm).expect("the algorithm is supported"));
        });
        let key = PrivateKey::generate(algorithm).expect("the algorithm is supported");
        let message = [0x30; 400];
        criterion.bench_function(&format!("sign 400 bytes with a {name} key"), |bencher| {
            bencher.iter(|| key.sign(black_box(&message)).expect("the key signs"));
        });
    }
}

/// A P-256 leaf from a request that is read already: its key, its CSR and its certificate; then what it says.
fn issuing(criterion: &mut Criterion) {
    let request = CertificateRequest::from_json(REQUEST).expect("the request is valid");
    let config = SigningConfig::from_json(CONFIG).expect("the configuration is valid");
    let now = || Issuance::now().expect("the random generator works");
    let authority = Authority::init(&request, now()).expect("the CA is made");
    let signer =
        LocalSigner::new(authority.certificate(), authority.key(), config).expect("the key is the CA's");
    let issue = || signer.generate(&request, "etcd", now()).expect("the leaf is issued");
    criterion.bench_function("issue a P-256 leaf", |bencher| bencher.iter(issue));
    let leaf = issue();
    criterion.bench_function("describe a certificate", |bencher| {
        bencher.iter(|| describe(black_box(leaf.certificate.der())).expect("it can be read").to_json_text());
    });
}

criterion_group!(benches, reading, keys, issuing);
criterion_main!(benches);
