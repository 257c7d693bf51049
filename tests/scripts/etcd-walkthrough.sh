#!/usr/bin/env bash
# The commands of docs/etcd.md, with its three files.
set -euo pipefail
cfssl print-defaults config > printed-config.json
cfssl print-defaults csr > printed-csr.json
cat > ca-etcd-config.json <<'JSON'
{ "signing": { "default": { "expiry": "87600h" }, "profiles": { "etcd": { "expiry": "87600h", "usages": [ "signing", "key encipherment", "server auth", "client auth" ] } } } }
JSON
cat > ca-etcd-csr.json <<'JSON'
{ "CN": "etcd", "key": { "algo": "rsa", "size": 2048 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }
JSON
cat > etcd-csr.json <<'JSON'
{ "CN": "etcd", "hosts": [ "127.0.0.1", "192.168.100.111", "192.168.100.112", "192.168.100.113", "kube-cluster-master01", "kube-cluster-master02", "kube-cluster-master03" ], "key": { "algo": "rsa", "size": 2048 }, "names": [ { "C": "CN", "ST": "SH", "L": "BS", "O": "etcd", "OU": "System" } ] }
JSON
cfssl gencert -initca ca-etcd-csr.json | cfssljson -bare ca-etcd
cfssl gencert -ca=ca-etcd.pem -ca-key=ca-etcd-key.pem -config=ca-etcd-config.json -profile=etcd etcd-csr.json | cfssljson -bare etcd
cfssl certinfo -cert etcd.pem > etcd.json
