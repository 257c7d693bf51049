#!/usr/bin/env bash
# A root that only signs an intermediate, and the intermediate signs everything else.
set -euo pipefail

cat > root-csr.json <<EOF
{"CN": "Example Root CA", "key": {"algo": "ecdsa", "size": 384},
 "names": [{"C": "TW", "O": "Example"}], "ca": {"expiry": "175200h", "pathlen": 1}}
EOF
cat > intermediate-csr.json <<EOF
{"CN": "Example Intermediate CA", "key": {"algo": "ecdsa", "size": 256},
 "names": [{"C": "TW", "O": "Example"}], "ca": {"expiry": "87600h", "pathlen": 0, "pathlenzero": true}}
EOF
cat > config.json <<EOF
{
  "signing": {
    "default": {"expiry": "8760h"},
    "profiles": {
      "intermediate": {
        "usages": ["cert sign", "crl sign"],
        "expiry": "87600h",
        "ca_constraint": {"is_ca": true, "max_path_len": 0, "max_path_len_zero": true}
      },
      "server": {"usages": ["signing", "digital signature", "key encipherment", "server auth"], "expiry": "8760h"},
      "client": {"usages": ["signing", "digital signature", "key encipherment", "client auth"], "expiry": "8760h"}
    }
  }
}
EOF

cfssl genkey -initca root-csr.json | cfssljson -bare root

cfssl gencert -initca intermediate-csr.json | cfssljson -bare intermediate
cfssl sign -ca root.pem -ca-key root-key.pem -config config.json -profile intermediate \
  intermediate.csr | cfssljson -bare intermediate

echo '{"CN": "www.example.com", "hosts": ["www.example.com", "192.0.2.1"], "key": {"algo": "rsa", "size": 2048}}' |
  cfssl gencert -ca=intermediate.pem -ca-key=intermediate-key.pem -config=config.json -profile=server - |
  cfssljson -bare server

# A key that never leaves its owner: the CSR alone goes to the CA.
echo '{"CN": "bob", "hosts": [""], "names": [{"O": "people"}]}' | cfssl genkey - | cfssljson -bare bob
cfssl sign -ca intermediate.pem -ca-key intermediate-key.pem -config config.json -profile client \
  -csr bob.csr | cfssljson -bare bob

# Another subject and other hosts than the CSR has.
echo '{"CN": "db.example.com", "hosts": ["wrong.example.com"]}' | cfssl genkey - | cfssljson -bare db
echo '{"CN": "db1.example.com", "names": [{"O": "databases"}]}' > subject.json
cfssl sign -ca intermediate.pem -ca-key intermediate-key.pem -config config.json -profile server \
  -hostname db1.example.com,db2.example.com,2001:db8::1 db.csr subject.json | cfssljson -bare db -

cat server.pem intermediate.pem > server-chain.pem
cfssl certinfo -cert server.pem > server.json
cfssl certinfo -csr bob.csr > bob.json
