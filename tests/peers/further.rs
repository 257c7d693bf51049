//! The certificates, keys and containers that commands other than `sign` and `gencert` read.

use super::support::authority::{self, BMP, IA5, PRINTABLE, Shape, T61, UNIVERSAL, UTF8};
use super::support::peer::NEW;
use std::path::Path;
use std::process::Command;

/// Below the CAs of `inputs`: made by cfssl.
const ISSUED: &str = r#"
usages='"signing", "key encipherment", "server auth"'
cat >config.json <<END
{"signing": {"default": {"expiry": "8760h", "usages": [$usages]}, "profiles": {
  "ca": {"expiry": "20000h", "usages": ["cert sign", "crl sign"], "ca_constraint": {"is_ca": true}},
  "client": {"expiry": "8760h", "usages": ["signing", "client auth"]},
  "responder": {"expiry": "8760h", "usages": ["signing", "ocsp signing"], "ocsp_no_check": true},
  "soon": {"expiry": "240h", "usages": [$usages]},
  "old": {"expiry": "1h", "usages": [$usages], "not_before": "2020-01-01T00:00:00Z", "not_after": "2021-01-01T00:00:00Z"},
  "urls": {"expiry": "8760h", "usages": [$usages], "ocsp_url": "http://o.example", "crl_url": "http://c.example", "issuer_urls": ["http://i.example"]}
}}}
END
issue() {
    echo "$4" | $CFSSL gencert -loglevel 5 -ca "$1.pem" -ca-key "$1-key.pem" -config config.json -profile "$2" - | $JSON -bare "$3"
}
issue p256 ca inter '{"CN": "Inter", "names": [{"O": "Org, \"Inc\""}]}'
issue inter default server '{"CN": "server.example", "hosts": ["server.example", "*.server.example", "10.0.0.1", "::1", "m@x.example", "https://u.example/"]}'
issue p256 default below '{"CN": "below", "hosts": ["below.example", "below"], "names": [{"C": "DE", "O": "a"}, {"O": "b"}]}'
# cfssl cuts blanks off the end of DER, too.
until openssl x509 -in below.pem -outform DER | tail -c 1 | LC_ALL=C grep -q '[^[:space:]]'; do
    issue p256 default below '{"CN": "below", "hosts": ["below.example", "below"], "names": [{"C": "DE", "O": "a"}, {"O": "b"}]}'
done
issue rsa2048 default 'below rsa' '{"CN": "rsa", "hosts": ["rsa.example"], "key": {"algo": "rsa", "size": 2048}}'
issue leaf default 'below leaf' '{"CN": "below what is no CA", "hosts": ["x"]}'
issue bare default 'below bare' '{"CN": "below one without a key usage", "hosts": ["x"]}'
issue p256 responder responder '{"CN": "responder"}'
issue p256 client client '{"CN": "client"}'
issue p256 soon expiring '{"CN": "expiring", "hosts": ["x"]}'
issue p256 old expired '{"CN": "expired", "hosts": ["x"]}'
issue p256 urls 'with urls' '{"CN": "urls", "hosts": ["x"]}'
issue p256 default 'empty subject' '{"hosts": ["only.example"]}'
rm config.json
"#;

/// By openssl.
const ODD: &str = r#"
cat >dn.cnf <<'END'
[req]
prompt=no
distinguished_name=dn
[dn]
CN=x
END
self() {
    openssl req -x509 -new -config dn.cnf -utf8 -key "$2" -out "$1.pem" -days 300 -addext basicConstraints=CA:true "${@:3}"
}
plain() {
    openssl req -new -config dn.cnf -key p256.key -subj "$2" -utf8 | openssl x509 -req -CA p256.pem -CAkey p256-key.pem -set_serial "$3" -days 300 -out "$1.pem" "${@:4}"
}
self ed25519 ed25519.key -subj /CN=ed25519
self ed448 ed448.key -subj /CN=ed448
self rsa1024 rsa1024.key -subj /CN=small
self secp256k1 secp256k1.key -subj /CN=bitcoin
self PSS rsa2048.key -subj /CN=PSS -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1
self MD5 rsa2048.key -subj /CN=MD5 -md5
self SHA-1 rsa2048.key -subj /CN=SHA-1 -sha1
self SHA-512 rsa2048.key -subj /CN=SHA-512 -sha512
echo 'basicConstraints=CA:true' >ext.cnf
plain v1 '/CN=v1' 1
plain 'every name' '/C=US/C=DE/ST=s/L=l/street=1, Main St/postalCode=12345/O=Org, Inc/O=b/OU=u/OU=v/CN=first/CN=last/serialNumber=7/emailAddress=a@b/DC=dc/GN=given/title=T<&>' 0x0102030405060708090a0b0c0d0e0f -extfile ext.cnf
plain 'negative serial' '/CN=n' -5 -extfile ext.cnf
plain 'no serial' '/CN=n' 0 -extfile ext.cnf
plain letters '/O=räksmörgås "x"\\y/CN=網路' 0x00ff -extfile ext.cnf

self 'same name' p256.key -subj '/C=US/O=Org/CN=P-256 root'
openssl x509 -req -in plain.csr -CA rsa2048.pem -CAkey rsa2048-key.pem -set_serial 9 -days 30 -sha1 -out 'below SHA-1.pem'
openssl x509 -req -in plain.csr -CA rsa2048.pem -CAkey rsa2048-key.pem -set_serial 9 -days 30 -md5 -out 'below MD5.pem'
openssl x509 -req -in plain.csr -CA p256.pem -CAkey p256-key.pem -set_serial 9 -days 30 -sha1 -out 'below ECDSA SHA-1.pem'
openssl x509 -req -in plain.csr -CA rsa2048.pem -CAkey rsa2048-key.pem -set_serial 9 -days 30 -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20 -out 'below PSS.pem'

# Keys.
openssl ecparam -name secp224r1 -genkey -noout -out p224.key
openssl ecparam -name prime256v1 -genkey -out sec1.key
sed '/EC PARAMETERS-/,/END EC PARAMETERS/d' sec1.key >'sec1 bare.key'
openssl rsa -in rsa2048.key -traditional -out pkcs1.key
openssl ecparam -name prime256v1 -genkey -noout -param_enc explicit -out explicit.key
openssl pkey -in p256.key -outform DER -out DER.key
openssl pkcs8 -topk8 -in p256-key.pem -passout pass:secret -out 'pkcs8 encrypted.key'
{ echo 'some words'; cat p256.key; echo more; } >'pkcs8 text.key'
cat p256.pem p256.key >'key after certificate.key'
sed 's/PRIVATE KEY/WHATEVER/' p256.key >'wrong label.key'
sed 's/PRIVATE KEY/Ed25519 PRIVATE KEY/' ed25519.key >'ed25519 cfssl.key'
openssl pkey -in p256.key -pubout -out public.key
cat p256.key p384.key >two.key
sed 's/$/\r/' p256.key >CRLF.key
openssl dsaparam -genkey -noout -out dsa.key 1024
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key
openssl genpkey -algorithm X25519 -out x25519.key

# Files of certificates.
cat server.pem inter.pem >'server chain.pem'
cat inter.pem server.pem >'reversed chain.pem'
cat server.pem inter.pem p256.pem >'whole chain.pem'
cat server.pem p384.pem >strangers.pem
cat p256.pem p384.pem >roots.pem
openssl x509 -in below.pem -outform DER -out below.der
head -c 100 below.der >cut.der
openssl crl2pkcs7 -nocrl -certfile server.pem -certfile inter.pem -out server.p7b
openssl crl2pkcs7 -nocrl -certfile below.pem -out p7.pem
echo 1 >serials
$CFSSL gencrl serials p256.pem p256-key.pem | openssl base64 -d -A | openssl crl -inform DER -out list.crl
openssl crl2pkcs7 -in list.crl -certfile below.pem -out 'p7 with crl.pem'
legacy='-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1'
openssl pkcs12 -export $legacy -in below.pem -inkey below-key.pem -passout pass:secret -out below.p12
openssl pkcs12 -export $legacy -in below.pem -inkey below-key.pem -passout pass: -out empty.p12
{ echo 'some words'; cat below.pem; } >'text before.pem'
sed 's/$/\r/' below.pem >CRLF.pem
cat below.pem below.pem >twice.pem
sed 's/CERTIFICATE/X509 CERTIFICATE/' below.pem >'x509 label.pem'
sed 's/CERTIFICATE/TRUSTED CERTIFICATE/' below.pem >'trusted label.pem'
{ echo -----BEGIN CERTIFICATE-----; openssl base64 -A -in below.der; echo; echo -----END CERTIFICATE-----; } >'one line.pem'
sed '1a Name: value\nOther: value\n' below.pem >headers.pem
sed '$d' below.pem >'no end.pem'
rm dn.cnf ext.cnf serials list.crl
"#;

/// Makes everything in the folder, where the CAs and keys of `inputs` already are.
pub(crate) fn make(folder: &Path) {
    for script in [ISSUED, ODD] {
        let output = Command::new("bash")
            .args(["-c", &format!("set -eo pipefail; {script}")])
            .current_dir(folder)
            .env("CFSSL", NEW.program("cfssl"))
            .env("JSON", NEW.program("cfssljson"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::copy(folder.join("p256-key.pem"), folder.join("odd names-key.pem")).unwrap();
    let shape = Shape {
        name: &[
            &[("2.5.4.6", PRINTABLE, b"DE")],
            &[("2.5.4.10", T61, b"T\xe9l\xe9"), ("2.5.4.11", BMP, b"\0R\0\xe4\x7d\xb2")],
            &[("2.5.4.10", UNIVERSAL, b"\0\0\0U\0\0\x7d\xb2")],
            &[("2.5.4.3", UTF8, "räksmörgås".as_bytes())],
            &[("2.5.4.3", PRINTABLE, b"a*b@c")],
            &[("1.2.840.113549.1.9.1", IA5, b"m@x")],
            &[("1.2.3.4", UTF8, b"<&>")],
            &[("2.5.4.5", PRINTABLE, b"7")],
        ],
        serial: &[0x00, 0x80],
        key_identifier: Some(b"\x01\x0a"),
        further: &[("2.5.29.17", false, &[0x30, 0x05, 0x82, 0x03, b'a', 0xe9, b'b'])],
    };
    authority::build(folder, "odd names", &shape);
    for left in ["body.der", "public.der", "signature", "whole.der"] {
        std::fs::remove_file(folder.join(left)).unwrap();
    }
}
