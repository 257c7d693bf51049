//! What the library costs inside one process, without start-up and files: the parts of issuing a certificate.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark, not an interface")]

use certmint::json;
use certmint::keys::{Curve, KeyAlgorithm, PrivateKey, SigningKey};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const REQUEST: &[u8] = br#"{ "CN": "etcd", "hosts": [ "127.0.0.1", "192.168.100.111", "kube-cluster-master01" ], "key": { "algo": "ecdsa", "size": 256 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }"#;

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

criterion_group!(benches, reading, keys);
criterion_main!(benches);
