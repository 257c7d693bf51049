#!/usr/bin/env bash
# Makes the seeds in fuzz/corpus anew, with openssl and the programs of this package. The keys are test keys: they
# are public, and nothing relies on them.
#
#   fuzz/make-seeds.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
programs=$(scripts/build.sh dev)
corpus=$PWD/fuzz/corpus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
PATH=$programs:$PATH

# seed TARGET NAME [FILE]: keeps a file, or standard input.
seed() {
    mkdir -p "$corpus/$1"
    cat "${3:--}" >"$corpus/$1/$2"
}
# key NAME: a test key says so in the file.
key() {
    { echo "A test key of the fuzzers: public, and worth nothing."; cat "$2"; } | seed private_key "test-key-$1.pem"
}
quietly() { "$@" >/dev/null 2>log || { cat log >&2; exit 1; }; }

# Keys of every kind and form.
for curve in P-256 P-384 P-521; do quietly openssl ecparam -name "$curve" -genkey -noout -out "$curve.pem"; done
quietly openssl ecparam -name P-256 -genkey -out with-parameters.pem
quietly openssl ecparam -name secp256k1 -genkey -noout -out secp256k1.pem
quietly openssl ecparam -name P-256 -genkey -noout -param_enc explicit -out explicit.pem
quietly openssl genpkey -algorithm ED25519 -out ed25519.pem
quietly openssl genrsa -traditional -out rsa.pem 2048
quietly openssl rsa -in rsa.pem -pubout -out public.pem
for name in P-256 rsa; do
    quietly openssl pkcs8 -topk8 -nocrypt -in "$name.pem" -out "$name-pkcs8.pem"
    quietly openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 2 -passout pass:password -in "$name.pem" -out "$name-pbes2.pem"
done
quietly openssl pkcs8 -topk8 -scrypt -scrypt_N 2 -scrypt_r 1 -scrypt_p 1 -passout pass:password -in P-256.pem -out scrypt.pem
quietly openssl pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA1 -iter 2 -passout pass:password -in P-256.pem -out des3.pem
for cipher in aes128 aes256 des3; do
    quietly openssl ec -in P-256.pem "-$cipher" -passout pass:password -out "headers-$cipher.pem"
done
for file in P-256 P-384 P-521 with-parameters secp256k1 explicit ed25519 rsa public P-256-pkcs8 rsa-pkcs8 P-256-pbes2 \
    scrypt des3 headers-aes128 headers-aes256 headers-des3; do
    key "$file" "$file.pem"
done
openssl pkcs8 -topk8 -nocrypt -in P-256.pem -outform DER | seed private_key test-key-P-256-pkcs8.der
openssl ec -in P-384.pem -outform DER 2>/dev/null | seed private_key test-key-P-384-sec1.der

# A chain with everything that extensions can say, and certificates that are odd.
cat >root.json <<'JSON'
{"CN": "Root", "names": [{"C": "DE", "ST": "Bayern", "L": "München", "O": "Org", "OU": "a"}, {"OU": "b"}], "key": {"algo": "ecdsa", "size": 256}}
JSON
cat >leaf.json <<'JSON'
{"CN": "leaf", "hosts": ["leaf.test", "127.0.0.1", "::1", "a@leaf.test", "spiffe://leaf/test"], "key": {"algo": "ecdsa", "size": 256}}
JSON
cat >config.json <<'JSON'
{"signing": {"profiles": {
  "ca": {"expiry": "87600h", "usages": ["cert sign", "crl sign"], "ca_constraint": {"is_ca": true, "max_path_len": 1},
    "name_constraints": {"permitted": {"dns": ["leaf.test"], "ip": ["127.0.0.0/8", "::/0"], "email": ["leaf.test"], "uri": ["leaf"]},
      "excluded": {"dns": [".bad.leaf.test"]}}},
  "leaf": {"expiry": "43800h", "usages": ["digital signature", "server auth", "client auth", "ocsp signing"], "ocsp_url": "http://ocsp.test/",
    "crl_url": "http://crl.test/ca.crl", "issuer_urls": ["http://ca.test/ca.crt"], "ocsp_no_check": true,
    "policies": [{"ID": "1.2.3", "Qualifiers": [{"Type": "id-qt-cps", "Value": "http://cps.test"}, {"Type": "id-qt-unotice", "Value": "notice"}]}]}}}}
JSON
issue() { cfssl gencert "$@" 2>log || { cat log >&2; exit 1; }; }
issue -initca root.json | cfssljson -bare root
sed 's/Root/Middle/' root.json >middle.json
issue -ca root.pem -ca-key root-key.pem -config config.json -profile ca middle.json | cfssljson -bare middle
issue -ca middle.pem -ca-key middle-key.pem -config config.json -profile leaf leaf.json | cfssljson -bare leaf
for algorithm in P-384 P-521 ed25519 rsa; do
    quietly openssl req -x509 -new -key "$algorithm.pem" -days 3650 -out "self-$algorithm.pem" -subj "/O=Org/CN=$algorithm"
done
quietly openssl req -x509 -new -key rsa.pem -sha1 -days 3650 -out self-sha1.pem -subj /CN=sha1
quietly openssl req -x509 -new -key rsa.pem -days 3650 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -out self-pss.pem -subj /CN=pss
quietly openssl req -x509 -new -key P-256.pem -days 36500 -set_serial -5 -out self-odd.pem -subj "/emailAddress=a@b/CN=x+OU=y/1.2.3.4=z" \
    -addext "subjectAltName=otherName:1.2.3;UTF8:x,dirName:dir,RID:1.2.3,email:a@b,URI:http://u" -addext "1.2.3.4=critical,DER:0500" \
    -addext "keyUsage=critical,keyCertSign,decipherOnly" -addext "inhibitAnyPolicy=1" -config <(printf '[req]\ndistinguished_name=d\n[d]\n[dir]\nCN=d\n')
for name in root middle leaf self-P-384 self-P-521 self-ed25519 self-rsa self-sha1 self-pss self-odd; do
    openssl x509 -in "$name.pem" -outform DER | seed certificate "$name.der"
done

# PEM around it.
seed pem one.pem leaf.pem
cat leaf.pem middle.pem root.pem | seed pem chain.pem
sed 's/$/\r/' leaf.pem | seed pem crlf.pem
{ printf '\xEF\xBB\xBF'; cat self-ed25519.pem; } | seed pem byte-order-mark.pem
{ echo "Bag Attributes: none"; echo "-----BEGIN JUNK-----"; cat self-ed25519.pem; echo "after"; } | seed pem text.pem
tr -d '\n' <self-ed25519.pem | seed pem one-line.pem
head -n 4 leaf.pem | seed pem broken-off.pem
{ echo "-----BEGIN X-----"; echo "Proc-Type: 4,ENCRYPTED"; echo; echo "AAAA"; echo "-----END X-----"; } | seed pem headers.pem
seed pem csr.pem leaf.csr
openssl crl2pkcs7 -nocrl -certfile leaf.pem -certfile middle.pem | seed pem pkcs7.pem

# CSRs.
seed csr leaf.pem leaf.csr
for name in P-384 P-521 ed25519 rsa; do
    quietly openssl req -new -key "$name.pem" -subj "/C=DE/O=$name" -outform DER -out "$name.csr" -addext "subjectAltName=DNS:a,IP:1.2.3.4" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:1" -addext "extendedKeyUsage=serverAuth"
    seed csr "$name.der" "$name.csr"
done
quietly openssl req -new -key P-256.pem -subj / -outform DER -out empty.csr && seed csr empty.der empty.csr

# CRLs.
printf '1\n255\n-1\n727885129180488904360266563744972327436484050815\n' >serials
cfssl gencrl serials root.pem root-key.pem 315360000 2>/dev/null | seed crl gencrl.b64
cfssl gencrl serials root.pem root-key.pem 315360000 2>/dev/null | base64 -d | seed crl gencrl.der
cat >ca.cnf <<'CNF'
[ca]
default_ca = one
[one]
database = index
crlnumber = number
default_md = sha256
default_crl_days = 3650
[plain]
[point]
issuingDistributionPoint = critical, @place
authorityKeyIdentifier = keyid
[place]
fullname = URI:http://crl.test/users.crl
onlyuser = TRUE
onlysomereasons = keyCompromise, CACompromise
[indirect]
issuingDistributionPoint = critical, @others
[others]
indirectCRL = TRUE
[delta]
2.5.29.27 = critical, DER:020103
CNF
printf 'R\t351231000000Z\t240102030405Z,keyCompromise\t2A\tunknown\t/CN=a\nR\t351231000000Z\t240102030406Z\t7F00\tunknown\t/CN=b\n' >index
for section in plain point indirect delta; do
    echo 1234 >number
    quietly openssl ca -config ca.cnf -gencrl -crlexts "$section" -cert root.pem -keyfile root-key.pem -out "$section.crl"
    openssl crl -in "$section.crl" -outform DER | seed crl "$section.der"
done
: >index; echo 01 >number
quietly openssl ca -config ca.cnf -gencrl -cert root.pem -keyfile root-key.pem -out empty.crl
seed crl empty.pem empty.crl
openssl asn1parse -genconf <(printf 'asn1=SEQUENCE:s\n[s]\np=SEQUENCE:p\n[p]\nd=EXPLICIT:0,SEQUENCE:n\n[n]\nf=IMPLICIT:0C,SEQUENCE:u\n[u]\nu=IMPLICIT:6,IA5:http://crl.test/a.crl\n') \
    -noout -out points.der && seed crl points.der points.der

# OCSP responses: of the CA itself, of a responder, about several, and a refusal.
printf 'V\t351231000000Z\t\t02\tunknown\t/CN=a\nR\t351231000000Z\t240102030405Z,keyCompromise\t03\tunknown\t/CN=b\n' >index
answer() {
    local name=$1
    shift
    quietly openssl ocsp -index index -CA root.pem -issuer root.pem -ndays 3650 -respout answer.der -no_nonce "$@"
    seed ocsp "$name.der" answer.der
}
answer good -serial 2 -rsigner root.pem -rkey root-key.pem -resp_no_certs
answer revoked -serial 3 -rsigner root.pem -rkey root-key.pem -resp_key_id
answer unknown -serial 4 -rsigner leaf.pem -rkey leaf-key.pem
answer several -serial 2 -serial 3 -serial 4 -rsigner leaf.pem -rkey leaf-key.pem
quietly openssl ocsp -index index -CA root.pem -issuer root.pem -serial 2 -rsigner root.pem -rkey root-key.pem -ndays 1 \
    -respout nonce.der -resp_no_certs && seed ocsp nonce.der nonce.der
printf '\x30\x03\x0a\x01\x03' | seed ocsp try-later.der

# PKCS #7 and PKCS #12.
openssl crl2pkcs7 -nocrl -certfile leaf.pem -certfile root.pem -outform DER | seed pkcs7 two.der
openssl crl2pkcs7 -nocrl -certfile leaf.pem | seed pkcs7 one.pem
openssl crl2pkcs7 -in plain.crl -certfile root.pem -outform DER | seed pkcs7 with-crl.der
openssl crl2pkcs7 -nocrl -outform DER | seed pkcs7 none.der
openssl x509 -in leaf.pem -outform DER | seed pkcs7 certificate.der
export_pkcs12() { openssl pkcs12 -export -in leaf.pem -inkey leaf-key.pem -iter 2 "$@"; }
export_pkcs12 -passout pass:password | seed pkcs12 test-key-pbes2.p12
export_pkcs12 -passout pass:password -certfile root.pem -nomaciter | seed pkcs12 test-key-chain.p12
export_pkcs12 -passout pass: -nomac | seed pkcs12 test-key-no-mac.p12
export_pkcs12 -passout pass:password -keypbe NONE -certpbe NONE -macalg sha1 | seed pkcs12 test-key-plain.p12
export_pkcs12 -passout pass:password -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES | seed pkcs12 test-key-3des.p12
export_pkcs12 -passout pass:password -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 | seed pkcs12 test-key-rc2.p12
openssl pkcs12 -export -nokeys -in root.pem -passout pass:password -iter 2 | seed pkcs12 certificate-only.p12

# Chains to bundle.
cat leaf.pem middle.pem root.pem | seed bundle chain.pem
cat root.pem middle.pem leaf.pem | seed bundle reversed.pem
cat leaf.pem root.pem | seed bundle gap.pem
cat self-rsa.pem self-sha1.pem | seed bundle self-signed.pem
cat leaf.pem leaf.pem middle.pem middle.pem root.pem | seed bundle twice.pem

# JSON.
n=0
while IFS= read -r line; do n=$((n + 1)); printf '%s' "$line" | seed request "$n.json"; done <<'LINES'
{"CN":"etcd","hosts":["127.0.0.1","a@b","http://x/%20","etcd"],"key":{"algo":"rsa","size":2048},"names":[{"C":"CN","O":"etcd","OID":{"1.2.3":"x"}},{"O":"b"}],"ca":{"pathlen":1,"pathlenzero":false,"expiry":"1h30m","backdate":"-5m"},"serialnumber":"7","extensions":[{"Id":[1,2,3],"Critical":true,"Value":"AAEC"}],"crl_url":"http://c"}
{"cn":"x","HOSTS":[" ",""],"Key":{"algo":"ecdsa","size":521}}
{"CN":"a","CN":"b","hosts":null,"names":[null,{}],"unknown":{"deep":[1,2,{"a":null}]}}
{"key":{"algo":"ed25519","size":0},"hosts":["*","localhost:443","[::1]:80","xn--a","é"]}
{"ca":{"expiry":"-1ns","pathlen":-1,"pathlenzero":true},"delegation_enabled":true}
{"names":[{"E":"a@b","SerialNumber":"1","OID":{"2.999.1":"y","2.5.4.3":"z","-1":""}}]}
[1]
LINES
cfssl print-defaults csr | seed request defaults.json
n=0
while IFS= read -r line; do n=$((n + 1)); printf '%s' "$line" | seed config "$n.json"; done <<'LINES'
{"signing":{"default":{"expiry":"8760h","usages":["signing","bogus"]},"profiles":{"a":{"expiry":"1h","backdate":"1m","usages":["cert sign","server auth"],"not_before":"2026-01-01T00:00:00Z","issuer_urls":["http://i"],"ca_constraint":{"is_ca":true,"max_path_len":0,"max_path_len_zero":true},"name_whitelist":"^a$","ocsp_no_check":true,"policies":[{"ID":"1.2.3","Qualifiers":[{"Type":"id-qt-cps","Value":"http://p"}]}],"copy_extensions":true},"b":{"remote":"r"}}},"auth_keys":{"k":{"type":"standard","key":"0123"}},"remotes":{"r":"localhost:1"}}
{"signing":{"default":{"auth_remote":{"remote":"r","auth_key":"k"}}},"auth_keys":{"k":{"type":"standard","key":"00"}},"remotes":{"r":"h:1,h:2"}}
{"signing":{"profiles":{"p":{"expiry":"1h","usages":["any"],"allowed_extensions":["1.2.3"],"CSRWhitelist":{"Subject":true,"PublicKeyAlgorithm":true,"PublicKey":true,"SignatureAlgorithm":true,"DNSNames":true},"provider":"x","ClientProvidesSerialNumbers":true,"ct_log_servers":["http://ct"],"lint_error_level":3}}}}
{"signing":{"profiles":{"p":{"expiry":"1h","usages":["cert sign"],"not_after":"2030-01-01T00:00:00+01:00","name_constraints":{"permitted":{"dns":["a.test",".b"],"ip":["10.0.0.0/8"]},"excluded":{"email":["c@d"],"uri":["u"]}}}}}}
{"signing":{"profiles":{"p":{"expiry":"1h","usages":["any"],"name_whitelist":"((a*)*)*(\\p{L}{1,1000})[[:alpha:]]"}}}}
{"signing":{"profiles":{"p":null}}}
{"Signing":{"Default":{"Expiry":"1h"},"default":{"usages":[]}}}
LINES
cfssl print-defaults config | seed config defaults.json
seed config seeds.json config.json
n=0
while IFS= read -r line; do n=$((n + 1)); printf '%s' "$line" | seed json "$n.json"; done <<'LINES'
{"a":[1,-0,1e9,1.5E-3,true,false,null,""],"b":{"c":{}}}
"\ud83d\ude00\ud800\u0000\/\b\f\n\r\t\"\\é"
[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]
{"a":1,"a":2,"A":3}
 [ 1 , 2 ] 
123456789012345678901234567890
LINES
printf '[1,2]\nx' | seed json trailing.json
printf '"\xff\xfe"' | seed json not-utf8.json
n=0
while IFS= read -r line; do n=$((n + 1)); printf '%s' "$line" | seed subject "$n.json"; done <<'LINES'
{"CN":"x","names":[{"C":"DE","ST":"s","L":"l","O":"o","OU":"u","OID":{"1.2.3":"z"}}],"serial_number":"7"}
{"names":[]}
{"cn":null,"unknown":1}
LINES
n=0
while IFS= read -r line; do n=$((n + 1)); printf '%s' "$line" | seed platform "$n.json"; done <<'LINES'
[{"name":"Browser","weight":100,"hash_algo":"SHA2","key_algo":"ECDSA256","keystore":"roots.pem"}]
[{"name":"Old","weight":1,"hash_algo":"SHA1","key_algo":"RSA","keystore":""},{"name":"","weight":0}]
{}
LINES
issue -initca root.json | seed cfssljson test-key-initca.json
cfssl genkey leaf.json 2>/dev/null | seed cfssljson test-key-genkey.json
n=0
while IFS= read -r line; do n=$((n + 1)); printf '%s' "$line" | seed cfssljson "$n.json"; done <<'LINES'
{"success":true,"result":{"certificate":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},"errors":[],"messages":[]}
{"success":false,"result":null,"errors":[{"code":1000,"message":"x"}],"messages":[]}
{"ocspResponse":"AAEC"}
{"cert":"","key":null,"csr":1}
{"bundle":{"bundle":"x","root":"y"},"encrypted_key":"AAAA"}
LINES

# Texts.
each() { local n=0 line; while IFS= read -r line; do n=$((n + 1)); printf '%b' "$line" | seed "$1" "$n.txt"; done; }
each duration <<'LINES'
8760h
1h30m
-5m
0
+1.5s
2562047h47m16.854775807s
-2562047h47m16.854775808s
100\xc2\xb5s
1ns1us1ms
.5h
1
1hx
LINES
each timestamp <<'LINES'
2026-01-01T00:00:00Z
2024-02-29T23:59:59.999999999+01:30
9999-12-31T23:59:59-23:59
0000-01-01T00:00:00+23:59
2026-01-01
2026-1-1
LINES
each host <<'LINES'
www.example.test
127.0.0.1
::ffff:1.2.3.4
fe80::1%eth0
a@b.test
"quoted name"@b.test
Name <a@b.test>
spiffe://cluster.local/ns/a
http://a b/%zz?q#f
localhost:443
*
x@[1.2.3.4]
LINES
each serial_list <<'LINES'
1\n2\n
+5\n-1\n-128\n0\n
\n \n\t\r\n7
727885129180488904360266563744972327436484050815\n
abc\n0x10\n 7\n--5\n
LINES
find "$corpus" -type f | wc -l
du -sh "$corpus"
