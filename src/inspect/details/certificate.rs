//! Everything a certificate says.

use super::extension::{self, ExtensionDetails, MicrosoftTemplate, NetscapeDetails, PolicyDetails};
use super::name::NameDetails;
use super::oid::{self, Oid};
use super::uses::{Facts, Use};
use crate::asn1::reader::{Reader, tag};
use crate::inspect::certificate::CfsslExtensions;
use crate::inspect::view::{
    AuthorityKeyIdentifierView, BasicConstraintsView, CertificateView, Defect, GeneralName, KeyUsageBits,
    NameConstraintsView, PublicKeyKind, PublicKeyView, Role, general_names_so_far,
};
use crate::keys;
use crate::x509::{extension as known, signed_decimal, unsigned_decimal};
use der::asn1::ObjectIdentifier;
use time::OffsetDateTime;

/// Everything a certificate says, as far as it can be read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CertificateDetails<'a> {
    /// The whole certificate.
    pub der: &'a [u8],
    /// What people call it: see [`CertificateView::display_name`].
    pub name: String,
    /// What it is for, in one word.
    pub role: Role,
    /// What its own extensions allow it to be used for.
    pub uses: Vec<Use>,
    /// 1, 2 or 3.
    pub version: u32,
    /// The serial number in decimal; empty if it cannot be read.
    pub serial_number: String,
    /// The contents of the serial number's INTEGER, big-endian two's complement.
    pub serial_octets: &'a [u8],
    /// Whom it is about.
    pub subject: NameDetails<'a>,
    /// Who signed it.
    pub issuer: NameDetails<'a>,
    /// The first moment of validity.
    pub not_before: Option<OffsetDateTime>,
    /// The last moment of validity.
    pub not_after: Option<OffsetDateTime>,
    /// How it stands at the moment that was asked about; `None` where its times cannot be read.
    pub validity: Option<Validity>,
    /// Its public key.
    pub key: KeyDetails<'a>,
    /// cfssl's words for the algorithm of the signature, such as `ECDSAWithSHA256`.
    pub signature_algorithm: &'static str,
    /// The object identifier of the algorithm of the signature.
    pub signature_oid: Oid<'a>,
    /// True where subject and issuer are the same.
    pub is_self_issued: bool,
    /// Whether it is signed with its own key; `None` where its algorithm cannot be verified here.
    pub is_self_signed: Option<bool>,
    /// The DNS names, then the addresses, as `cfssl certinfo` lists them.
    pub sans: Vec<String>,
    /// The names of all kinds of subjectAltName, in order; empty if absent.
    pub alternative_names: Vec<GeneralName<'a>>,
    /// keyUsage.
    pub key_usage: Option<KeyUsageBits>,
    /// extKeyUsage, in order.
    pub extended_key_usage: Option<Vec<&'a [u8]>>,
    /// basicConstraints.
    pub basic_constraints: Option<BasicConstraintsView>,
    /// nameConstraints.
    pub name_constraints: Option<NameConstraintsView<'a>>,
    /// certificatePolicies; empty if absent.
    pub policies: Vec<PolicyDetails<'a>>,
    /// subjectKeyIdentifier; empty if absent.
    pub subject_key_identifier: &'a [u8],
    /// The key identifier of authorityKeyIdentifier; empty if absent.
    pub authority_key_identifier: &'a [u8],
    /// The issuer and serial number of authorityKeyIdentifier, which few certificates have.
    pub authority_certificate: Option<AuthorityKeyIdentifierView<'a>>,
    /// Method and place of each entry of authorityInfoAccess.
    pub authority_info_access: Vec<(Oid<'a>, GeneralName<'a>)>,
    /// The places of cRLDistributionPoints.
    pub crl_distribution_points: Vec<GeneralName<'a>>,
    /// How many signed certificate timestamps are embedded; `None` if absent or broken.
    pub timestamps: Option<u32>,
    /// The TLS extensions that a server must use; 5 is the stapling of an OCSP response.
    pub tls_features: Vec<u32>,
    /// Whether clients are not to ask for the status of this OCSP signer.
    pub has_ocsp_no_check: bool,
    /// What Netscape's extensions say.
    pub netscape: NetscapeDetails<'a>,
    /// The template of Microsoft's certificate services.
    pub microsoft_template: Option<MicrosoftTemplate<'a>>,
    /// All extensions in order.
    pub extensions: Vec<ExtensionDetails<'a>>,
    /// The SHA-256 hash of the certificate.
    pub sha256: [u8; 32],
    /// The SHA-1 hash of the certificate, which old tools show.
    pub sha1: [u8; 20],
    /// What does not follow the standard's grammar.
    pub defects: Vec<Defect>,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDetails<'a> {
    /// For people: `ECDSA P-256`, `RSA 2048 bits`.
    pub words: String,
    /// What kind of key it is.
    pub kind: PublicKeyKind,
    /// The object identifier of its algorithm.
    pub oid: Oid<'a>,
    /// The size of the modulus, the prime or the curve's field; 0 if unknown.
    pub bits: u32,
    /// The public exponent of an RSA key in decimal.
    pub exponent: Option<String>,
    /// The SHA-256 hash of the `SubjectPublicKeyInfo`, which pins of public keys are made of.
    pub sha256: [u8; 32],
}

/// How a certificate stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Before, within or after its time.
    pub state: ValidityState,
    /// Whole days until it ends, rounded down; below zero when it has ended.
    pub days_left: i64,
}

/// Where a moment lies in the time of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValidityState {
    /// After its end.
    Expired,
    /// Before its start.
    NotYetValid,
    /// Within.
    Valid,
}

impl ValidityState {
    /// The word in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Valid => "valid",
        }
    }
}

impl Validity {
    /// How a certificate of these times stands at `now`. Its first and its last moment belong to it.
    #[must_use]
    pub fn at(now: OffsetDateTime, not_before: OffsetDateTime, not_after: OffsetDateTime) -> Self {
        let state = match now {
            now if now > not_after => ValidityState::Expired,
            now if now < not_before => ValidityState::NotYetValid,
            _ => ValidityState::Valid,
        };
        let seconds = not_after.unix_timestamp() - now.unix_timestamp();
        Self { state, days_left: seconds.div_euclid(86_400) }
    }
}

impl<'a> CertificateDetails<'a> {
    /// Everything that can be read of the DER of a certificate; `now` is the moment its validity is asked for.
    #[must_use]
    pub fn new(der: &'a [u8], now: OffsetDateTime) -> Self {
        Self::from_view(CertificateView::new(der), now)
    }

    /// As [`Self::new`], of a certificate that was cut into its fields already.
    #[must_use]
    pub fn from_view(view: CertificateView<'a>, now: OffsetDateTime) -> Self {
        let value = |id: ObjectIdentifier| view.extension(id.as_bytes()).map(|extension| extension.value);
        let mut cfssl = CfsslExtensions::default();
        // Of another version cfssl passes over them; the other members have what is in them.
        for extension in view.extensions.iter().filter(|_| view.version == 3) {
            cfssl.add(extension.oid, extension.value);
        }
        let extensions: Vec<_> = view.extensions.iter().map(ExtensionDetails::new).collect();
        let subject = NameDetails::new(view.subject);
        let alternative_names = value(known::SUBJECT_ALT_NAME).map(general_names_so_far).unwrap_or_default();
        let key_usage = view.key_usage();
        let extended_key_usage = view.extended_key_usage();
        let key = KeyDetails::new(&view);
        let mut defects = view.defects.clone();
        if keys::is_on_curve(view.subject_public_key_info) == Some(false) {
            defects.push(Defect { part: "public key".to_owned(), fault: "it is no point of its curve" });
        }
        let uses = Facts {
            view: &view,
            extensions: &extensions,
            key_usage,
            purposes: extended_key_usage.as_deref(),
            names: &alternative_names,
            key: key.kind,
            has_subject_mailbox: subject
                .relative_names
                .iter()
                .flatten()
                .any(|attribute| attribute.name == Some("emailAddress")),
        }
        .uses();
        // Of what breaks off before its key nobody knows what it is good for.
        let uses = if view.subject_public_key_info.is_empty() { Vec::new() } else { uses };
        let microsoft_template =
            value(oid::MICROSOFT_TEMPLATE).and_then(extension::microsoft_template).or_else(|| {
                let name = value(oid::MICROSOFT_TEMPLATE_NAME).and_then(extension::string)?;
                Some(MicrosoftTemplate { name: Some(name), ..MicrosoftTemplate::default() })
            });
        let validity = match (view.not_before, view.not_after) {
            (Some(not_before), Some(not_after)) => Some(Validity::at(now, not_before, not_after)),
            _ => None,
        };
        let signature_oid = Reader::only(view.signature_algorithm, tag::SEQUENCE)
            .and_then(|algorithm| algorithm.open().take_if(tag::OID))
            .map_or(&[][..], |oid| oid.value);
        Self {
            der: view.der,
            name: view.display_name(),
            role: view.role(),
            uses,
            version: view.version,
            serial_number: signed_decimal(view.serial_number).unwrap_or_default(),
            serial_octets: view.serial_number,
            issuer: NameDetails::new(view.issuer),
            subject,
            not_before: view.not_before,
            not_after: view.not_after,
            validity,
            key,
            signature_algorithm: view.signature_words(),
            signature_oid: Oid(signature_oid),
            is_self_issued: view.is_self_issued(),
            is_self_signed: is_self_signed(&view),
            sans: cfssl.names.into_sans(),
            alternative_names,
            key_usage,
            extended_key_usage,
            basic_constraints: view.basic_constraints(),
            name_constraints: view.name_constraints(),
            policies: value(known::CERTIFICATE_POLICIES).map(extension::policies).unwrap_or_default(),
            subject_key_identifier: cfssl.subject_key_identifier,
            authority_key_identifier: cfssl.authority_key_identifier,
            authority_certificate: view
                .authority_key_identifier()
                .filter(|identifier| identifier.issuer.is_some() || identifier.serial_number.is_some()),
            authority_info_access: view
                .authority_info_access()
                .into_iter()
                .map(|(method, place)| (Oid(method), place))
                .collect(),
            crl_distribution_points: view.crl_distribution_points(),
            timestamps: value(oid::TIMESTAMPS).and_then(extension::count_timestamps),
            tls_features: value(oid::TLS_FEATURE).map(extension::tls_features).unwrap_or_default(),
            has_ocsp_no_check: value(known::OCSP_NO_CHECK).is_some(),
            netscape: NetscapeDetails {
                certificate_types: value(oid::NETSCAPE_TYPE)
                    .map(extension::netscape_types)
                    .unwrap_or_default(),
                comment: value(oid::NETSCAPE_COMMENT).and_then(extension::string),
            },
            microsoft_template,
            extensions,
            sha256: keys::sha256(view.der),
            sha1: keys::sha1(view.der),
            defects,
        }
    }

    /// True where the server must staple an OCSP response.
    #[must_use]
    pub fn must_staple(&self) -> bool {
        self.tls_features.contains(&5)
    }

    /// True where there is so little to read that it is no certificate at all.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.serial_octets.is_empty() && self.issuer.der.is_empty()
    }
}

impl<'a> KeyDetails<'a> {
    fn new(view: &CertificateView<'a>) -> Self {
        Self::of(&view.public_key())
    }

    pub(super) fn of(key: &PublicKeyView<'a>) -> Self {
        Self {
            words: key.words(),
            kind: key.kind,
            oid: Oid(key.algorithm),
            bits: key.bits,
            exponent: Some(key.exponent).filter(|octets| !octets.is_empty()).and_then(unsigned_decimal),
            sha256: keys::sha256(key.der),
        }
    }

    /// The word in JSON: `RSA`, `RSA-PSS`, `ECDSA`, `Ed25519`, `Ed448`, `DSA`, `X25519`, `X448` or `unknown`.
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
        match self.kind {
            PublicKeyKind::Dsa => "DSA",
            PublicKeyKind::Ec(_) => "ECDSA",
            PublicKeyKind::Ed25519 => "Ed25519",
            PublicKeyKind::Ed448 => "Ed448",
            PublicKeyKind::Rsa => "RSA",
            PublicKeyKind::RsaPss => "RSA-PSS",
            PublicKeyKind::Unknown => "unknown",
            PublicKeyKind::X25519 => "X25519",
            PublicKeyKind::X448 => "X448",
        }
    }

    /// The curve of an elliptic curve key, such as `P-256`.
    #[must_use]
    pub const fn curve(&self) -> Option<&'static str> {
        match self.kind {
            PublicKeyKind::Ec(curve) => Some(curve),
            _ => None,
        }
    }
}

fn is_self_signed(view: &CertificateView<'_>) -> Option<bool> {
    if !view.is_self_issued() {
        return Some(false);
    }
    let algorithm = view.signature_algorithm().filter(|_| !view.signature.is_empty())?;
    match keys::verify(view.subject_public_key_info, algorithm, view.to_be_signed, view.signature) {
        Ok(()) => Some(true),
        Err(_) => keys::can_verify(view.subject_public_key_info, algorithm).then_some(false),
    }
}
