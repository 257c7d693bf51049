#!/usr/bin/env bash
# Certificates of all kinds for tests of a server and its clients, as etcd makes its own.
set -euo pipefail

cat > gencert.json <<EOF
{
  "signing": {
    "default": {
      "usages": ["signing", "key encipherment", "server auth", "client auth"],
      "expiry": "87600h"
    },
    "profiles": {
      "client-only": {
        "usages": ["signing", "key encipherment", "client auth"],
        "expiry": "87600h"
      },
      "server-only": {
        "usages": ["signing", "key encipherment", "server auth"],
        "expiry": "87600h"
      }
    }
  }
}
EOF

NAMES='"names": [{"O": "etcd", "OU": "etcd Security", "L": "San Francisco", "ST": "California", "C": "USA"}]'
RSA='"key": {"algo": "rsa", "size": 2048}'
ECDSA='"key": {"algo": "ecdsa", "size": 256}'

echo "{${RSA}, ${NAMES}, \"CN\": \"ca\", \"ca\": {\"expiry\": \"87600h\"}}" > ca-csr.json
echo "{${RSA}, ${NAMES}, \"CN\": \"example.com\", \"hosts\": [\"127.0.0.1\", \"localhost\"]}" > server-ca-csr.json
echo "{${RSA}, ${NAMES}, \"CN\": \"example2.com\", \"hosts\": [\"127.0.0.1\", \"localhost\"]}" > server-ca-csr2.json
echo "{${ECDSA}, ${NAMES}, \"CN\": \"example.com\", \"hosts\": [\"127.0.0.1\", \"localhost\"]}" > server-ca-csr-ecdsa.json
echo "{${RSA}, ${NAMES}, \"CN\": \"example.com\", \"hosts\": [\"::1\", \"127.0.0.1\", \"localhost\"]}" > server-ca-csr-ipv6.json
echo "{${RSA}, ${NAMES}, \"CN\": \"example.com\", \"hosts\": [\"*.etcd.local\", \"127.0.0.1\"]}" > server-ca-csr-wildcard.json
echo "{${RSA}, ${NAMES}, \"CN\": \"127.0.0.1\", \"hosts\": [\"127.0.0.1\"]}" > server-ca-csr-ip.json
echo "{${RSA}, ${NAMES}, \"CN\": \"client\", \"hosts\": [\"127.0.0.1\", \"localhost\"]}" > client-ca-csr.json
echo "{${RSA}, ${NAMES}, \"hosts\": [\"127.0.0.1\", \"localhost\"]}" > client-ca-csr-nocn.json

cfssl gencert --initca=true ./ca-csr.json | cfssljson --bare ./ca
mv ca.pem ca.crt
openssl x509 -in ca.crt -noout -text > ca.txt

# gencert REQUEST NAME [FLAG ...]: NAME.crt and NAME.key.insecure
gencert() {
  local request=$1 name=$2
  shift 2
  cfssl gencert --ca ./ca.crt --ca-key ./ca-key.pem --config ./gencert.json "$@" \
    "./${request}.json" | cfssljson --bare "./${name}"
  mv "${name}.pem" "${name}.crt"
  mv "${name}-key.pem" "${name}.key.insecure"
}

gencert server-ca-csr server
gencert server-ca-csr2 server2
gencert server-ca-csr-ecdsa server-ecdsa
gencert server-ca-csr-ipv6 server-ipv6
gencert server-ca-csr-wildcard server-wildcard
gencert server-ca-csr-ip server-ip
gencert server-ca-csr server-serverusage --profile=server-only
gencert client-ca-csr client-clientusage --profile=client-only
gencert client-ca-csr-nocn client-nocn

# One that will be revoked: its serial number stands in the log.
cfssl gencert --ca ./ca.crt \
  --ca-key ./ca-key.pem \
  --config ./gencert.json \
  ./server-ca-csr.json 2>revoked.stderr | cfssljson --bare ./server-revoked
mv server-revoked.pem server-revoked.crt
mv server-revoked-key.pem server-revoked.key.insecure
grep serial revoked.stderr | awk '{print $9}' >revoke.txt
cfssl gencrl ./revoke.txt ./ca.crt ./ca-key.pem | base64 --decode >revoke.crl
