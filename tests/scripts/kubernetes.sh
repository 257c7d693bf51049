#!/usr/bin/env bash
# All certificates of a Kubernetes cluster, as its installation guides make them with cfssl.
set -euo pipefail

cat > ca-config.json <<EOF
{
  "signing": {
    "default": {
      "expiry": "8760h"
    },
    "profiles": {
      "kubernetes": {
        "usages": ["signing", "key encipherment", "server auth", "client auth"],
        "expiry": "8760h"
      }
    }
  }
}
EOF

# request FILE CN O: a request as all of them look.
request() {
cat > "$1" <<EOF
{
  "CN": "$2",
  "key": {
    "algo": "rsa",
    "size": 2048
  },
  "names": [
    {
      "C": "TW",
      "L": "Taipei",
      "O": "$3",
      "OU": "cluster one",
      "ST": "Taipei"
    }
  ]
}
EOF
}

request ca-csr.json Kubernetes Kubernetes
cfssl gencert -initca ca-csr.json | cfssljson -bare ca

request admin-csr.json admin system:masters
cfssl gencert \
  -ca=ca.pem \
  -ca-key=ca-key.pem \
  -config=ca-config.json \
  -profile=kubernetes \
  admin-csr.json | cfssljson -bare admin

for number in 0 1 2; do
  instance=worker-${number}
  EXTERNAL_IP=203.0.113.1${number}
  INTERNAL_IP=10.240.0.2${number}
  request ${instance}-csr.json system:node:${instance} system:nodes
  cfssl gencert \
    -ca=ca.pem \
    -ca-key=ca-key.pem \
    -config=ca-config.json \
    -hostname=${instance},${EXTERNAL_IP},${INTERNAL_IP} \
    -profile=kubernetes \
    ${instance}-csr.json | cfssljson -bare ${instance}
done

for client in kube-controller-manager kube-scheduler; do
  request ${client}-csr.json system:${client} system:${client}
  cfssl gencert \
    -ca=ca.pem \
    -ca-key=ca-key.pem \
    -config=ca-config.json \
    -profile=kubernetes \
    ${client}-csr.json | cfssljson -bare ${client}
done

request kube-proxy-csr.json system:kube-proxy system:node-proxier
cfssl gencert -ca=ca.pem -ca-key=ca-key.pem -config=ca-config.json -profile=kubernetes \
  kube-proxy-csr.json | cfssljson -bare kube-proxy

KUBERNETES_PUBLIC_ADDRESS=203.0.113.100
KUBERNETES_HOSTNAMES=kubernetes,kubernetes.default,kubernetes.default.svc,kubernetes.default.svc.cluster,kubernetes.svc.cluster.local
request kubernetes-csr.json kubernetes Kubernetes
cfssl gencert \
  -ca=ca.pem \
  -ca-key=ca-key.pem \
  -config=ca-config.json \
  -hostname=10.32.0.1,10.240.0.10,10.240.0.11,10.240.0.12,${KUBERNETES_PUBLIC_ADDRESS},127.0.0.1,${KUBERNETES_HOSTNAMES} \
  -profile=kubernetes \
  kubernetes-csr.json | cfssljson -bare kubernetes

request service-account-csr.json service-accounts Kubernetes
cfssl gencert \
  -ca=ca.pem \
  -ca-key=ca-key.pem \
  -config=ca-config.json \
  -profile=kubernetes \
  service-account-csr.json | cfssljson -bare service-account
