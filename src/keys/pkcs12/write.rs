//! Writing PKCS #12 files, as every reader of this decade takes them: PBES2 with AES-256-CBC and
//! PBKDF2-HMAC-SHA256, and an integrity check with SHA-256.

use super::super::asn1::tag;
use super::super::backend::{Digest, random, sha1};
use super::super::pbes2;
use super::super::private_key::PrivateKey;
use super::identifiers::{
    CERTIFICATE_BAG, DATA, ENCRYPTED_DATA, FRIENDLY_NAME, LOCAL_KEY_ID, SHA256, SHROUDED_KEY_BAG,
    X509_CERTIFICATE,
};
use super::password::Password;
use crate::asn1::writer::{context, integer, octet_string, sequence, set_of, tagged};
use crate::error::Result;

/// Rounds of hashing for each of the three things that a guess at the password can be tried on. .NET opens files
/// of up to 300,000 for each of them, and 600,000 for all together where it was told no password.
const ITERATIONS: u32 = 200_000;

/// What goes into a PKCS #12 file.
#[derive(Debug, Clone, Copy)]
pub struct Pkcs12Contents<'a> {
    /// The private key.
    pub key: &'a PrivateKey,
    /// The DER of the key's certificate.
    pub certificate: &'a [u8],
    /// The DER of the certificates of the authorities above it, in any order.
    pub authorities: &'a [&'a [u8]],
    /// What programs show the key and its certificate as, such as the common name; Java calls it the alias. Left
    /// out where it is empty.
    pub friendly_name: &'a str,
}

/// The DER of a PKCS #12 file that `password` opens.
///
/// The key and the certificates are encrypted with AES-256-CBC under keys from PBKDF2-HMAC-SHA256 (PBES2), and
/// the whole is checked with HMAC-SHA256, with 200,000 rounds each: the form that OpenSSL 3, GnuTLS and Java write
/// too, and that programs from before 2018 may not read. The friendly name and a local key identifier, the SHA-1 of
/// the certificate, tie the key to its certificate; whether the two belong together is for the caller to know.
///
/// An empty password protects nothing, and is accepted. Java cannot open files whose password has letters outside
/// ASCII, whoever wrote them.
///
/// ```
/// use certmint::keys::{Pkcs12Contents, read_pkcs12, write_pkcs12};
/// use certmint::model::CertificateRequest;
/// use certmint::signer::{Authority, Issuance};
///
/// # fn main() -> certmint::Result<()> {
/// let request = CertificateRequest::from_json(br#"{"CN": "etcd CA"}"#)?;
/// let ca = Authority::init(&request, Issuance::now()?)?;
/// let contents = Pkcs12Contents {
///     key: ca.key(),
///     certificate: ca.certificate().der(),
///     authorities: &[],
///     friendly_name: "etcd CA",
/// };
/// let file = write_pkcs12(&contents, "sesame")?;
/// assert_eq!(read_pkcs12(&file, "sesame")?.certificates.len(), 1);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::PrivateKeyGeneration`](crate::ErrorKind::PrivateKeyGeneration) where the system's random generator
/// fails.
pub fn write_pkcs12(contents: &Pkcs12Contents<'_>, password: &str) -> Result<Vec<u8>> {
    let password = Password::new(Some(password));
    let attributes = attributes(contents);
    let mut certificates = vec![certificate_bag(contents.certificate, Some(&attributes))];
    certificates.extend(contents.authorities.iter().map(|der| certificate_bag(der, None)));
    let (algorithm, encrypted) = pbes2::encrypt(&sequence(certificates), &password.text, ITERATIONS)?;
    let content = sequence([id(DATA), algorithm, tagged(tag::context(0), &encrypted)]);
    let certificates = content_info(ENCRYPTED_DATA, &sequence([integer(&[0]), content]));

    let (algorithm, encrypted) =
        pbes2::encrypt(&contents.key.expose_pkcs8_der(), &password.text, ITERATIONS)?;
    let shrouded = sequence([algorithm, octet_string(&encrypted)]);
    let key = sequence([id(SHROUDED_KEY_BAG), context(0, [shrouded]), attributes]);
    let key = content_info(DATA, &octet_string(&sequence([key])));

    let safe = sequence([certificates, key]);
    let mac = integrity_check(&safe, &password)?;
    Ok(sequence([integer(&[3]), content_info(DATA, &octet_string(&safe)), mac]))
}

/// The `MacData` over `safe`.
fn integrity_check(safe: &[u8], password: &Password) -> Result<Vec<u8>> {
    let mut salt = [0; 16];
    random(&mut salt)?;
    let mac = password.mac(Digest::Sha256, &salt, ITERATIONS, safe);
    let algorithm = sequence([id(SHA256), tagged(tag::NULL, &[])]);
    let info = sequence([algorithm, octet_string(&mac)]);
    Ok(sequence([info, octet_string(&salt), integer(&ITERATIONS.to_be_bytes())]))
}

/// The attributes that the key and its certificate have in common.
fn attributes(contents: &Pkcs12Contents<'_>) -> Vec<u8> {
    let attribute = |kind: &[u8], value: Vec<u8>| sequence([id(kind), set_of(vec![value])]);
    let mut attributes = vec![attribute(LOCAL_KEY_ID, octet_string(&sha1(contents.certificate)))];
    if !contents.friendly_name.is_empty() {
        let name: Vec<u8> = contents.friendly_name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        attributes.push(attribute(FRIENDLY_NAME, tagged(tag::BMP_STRING, &name)));
    }
    set_of(attributes)
}

fn certificate_bag(der: &[u8], attributes: Option<&Vec<u8>>) -> Vec<u8> {
    let certificate = sequence([id(X509_CERTIFICATE), context(0, [octet_string(der)])]);
    let parts = [id(CERTIFICATE_BAG), context(0, [certificate])];
    sequence(parts.iter().chain(attributes))
}

fn content_info(kind: &[u8], content: &[u8]) -> Vec<u8> {
    sequence([id(kind), context(0, [content])])
}

fn id(contents: &[u8]) -> Vec<u8> {
    tagged(tag::OID, contents)
}
