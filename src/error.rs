//! What can go wrong, and what deserves a warning.
//!
//! An [`Error`] speaks twice: [`Display`](fmt::Display) is one sentence for people (what, where, what to
//! do); [`Error::cfssl_text`] is the line cfssl 1.6.5 prints for the same fault, which scripts grep.

use std::fmt;

/// The result of every fallible operation of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A fault: its kind, cfssl's words for it, where it lies, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    kind: ErrorKind,
    message: String,
    explanation: Option<String>,
    hint: Option<String>,
    place: Place,
    io_kind: Option<std::io::ErrorKind>,
}

/// Where in the input a fault or a warning lies; every part is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file as the caller named it.
    pub file: Option<String>,
    /// The JSON path, such as `signing.profiles.etcd.usages[2]`.
    pub path: Option<String>,
    /// Line and column, both counted from 1; columns count characters.
    pub position: Option<(usize, usize)>,
}

macro_rules! error_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:expr, $text:expr;)*) => {
        /// The kind of an [`Error`]. [`code`](ErrorKind::code) is cfssl's category plus reason.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[$doc])* $name,)* }

        impl ErrorKind {
            /// cfssl's numeric code, or 0 where cfssl reports a plain string.
            #[must_use]
            pub const fn code(self) -> u32 {
                match self { $(Self::$name => $code,)* }
            }

            /// cfssl's fixed message for the kind, used where nothing more precise is known.
            #[must_use]
            pub const fn fixed_message(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

error_kinds! {
    /// A certificate fault without a reason of its own, such as a key that does not match the CA.
    Certificate = 1000, "Unknown certificate error";
    /// A certificate or key file that cannot be read.
    CertificateRead = 1001, "Failed to read certificate";
    /// A certificate that is not PEM.
    CertificateDecode = 1002, "Failed to decode certificate";
    /// A PEM section that does not hold exactly one certificate.
    CertificateParse = 1003, "Failed to parse certificate";
    /// A certificate that is signed with its own key where one by an authority is needed.
    CertificateSelfSigned = 1100, "Certificate is self signed";
    /// A certificate whose chain does not hold, for a reason without a code of its own.
    CertificateVerify = 1200, "Unable to verify certificate";
    /// A certificate in a chain that may not sign the one below it.
    CertificateNotAuthorizedToSign = 1210, "Unable to verify certificate";
    /// A certificate in a chain that has expired or is not yet valid.
    CertificateExpired = 1211, "Unable to verify certificate";
    /// A certificate in a chain for a name that an authority above it may not sign for.
    CertificateNameConstraint = 1212, "Unable to verify certificate";
    /// A chain with more authorities than the path length of one of them allows.
    CertificatePathLength = 1213, "Unable to verify certificate";
    /// A certificate with so many names that the name constraints above it are not compared with them.
    CertificateConstraints = 1218, "x509: unknown error";
    /// A certificate that no trusted authority stands behind.
    UnknownAuthority = 1220, "Unable to verify certificate";
    /// A profile that wants the caller's serial number, and none given.
    MissingSerial = 1400, "Missing serial number in request";
    /// A private-key fault without a reason of its own, such as no key at all.
    PrivateKey = 2000, "Unknown private key error";
    /// A private key that cannot be read.
    PrivateKeyRead = 2001, "Failed to read private key";
    /// A private key that is not PEM.
    PrivateKeyDecode = 2002, "Failed to decode private key";
    /// A PEM section that does not hold a private key we understand.
    PrivateKeyParse = 2003, "Failed to parse private key";
    /// An encrypted private key without a password.
    PrivateKeyEncrypted = 2100, "Private key is encrypted.";
    /// A private key of an algorithm that is not supported.
    PrivateKeyAlgorithm = 2200, "Private key algorithm is not RSA or ECC or Ed25519";
    /// A private key that does not belong to the certificate.
    PrivateKeyMismatch = 2300, "Private key does not match public key";
    /// A key that cannot be generated: unknown algorithm, or a size out of range.
    PrivateKeyGeneration = 2400, "Failed to new private key";
    /// A file of intermediate certificates that cannot be read.
    IntermediateRead = 3001, "Failed to read intermediate certificate";
    /// A file of intermediate certificates that holds something else.
    IntermediateParse = 3003, "Failed to parse intermediate certificate";
    /// A file of root certificates that cannot be read.
    RootRead = 4001, "Failed to read root certificate";
    /// A file of root certificates that holds something else.
    RootParse = 4003, "Failed to parse root certificate";
    /// A policy fault without a reason of its own.
    Policy = 5000, "Unknown policy error";
    /// A profile without a single known usage.
    NoKeyUsages = 5100, "Invalid policy: no key usage available";
    /// A signing configuration that is not valid.
    InvalidPolicy = 5200, "Invalid or unknown policy";
    /// A request that the policy forbids.
    InvalidRequest = 5300, "Policy violation request";
    /// A profile that the configuration does not hold.
    UnknownProfile = 5400, "Unknown policy profile";
    /// A name outside the profile's whitelist.
    UnmatchedWhitelist = 5500, "Request does not match policy whitelist";
    /// A remote endpoint that cannot be reached.
    Dial = 6000, "Failed to dial remote server";
    /// A certificate that the given issuer did not issue.
    OcspIssuer = 8100, "Certificate not issued by this issuer";
    /// A status or a reason of revocation that does not exist.
    OcspStatus = 8200, "Invalid revocation status";
    /// A CSR that cannot be read.
    CsrRead = 9001, "CSR file read failed";
    /// A CSR that is not PEM.
    CsrDecode = 9002, "CSR Decode failed";
    /// A PEM section that does not hold a CSR.
    CsrParse = 9003, "CSR Parsing failed";
    /// A CSR or a request that is not acceptable, such as one with a bad signature.
    BadRequest = 9300, "CSR Bad request";
    /// A duration or a point in time that is not written as Go writes it.
    Duration = 0, "invalid duration";
    /// A file that cannot be read or written.
    Io = 0, "input/output error";
    /// JSON that is malformed or holds a value of the wrong type.
    Json = 0, "malformed JSON";
    /// A CRL or an OCSP response that is malformed, or that does not hold.
    Revocation = 0, "revocation list or response that cannot be used";
    /// A part of cfssl that this build does not have.
    Unsupported = 0, "not supported";
    /// A command line, or a request, that does not make sense.
    Usage = 0, "bad usage";
    /// A warning that `-strict` turned into an error.
    Strict = 0, "refused by -strict";
}

impl Error {
    /// A fault of `kind` in cfssl's words.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Fault {
            kind,
            message: message.into(),
            explanation: None,
            hint: None,
            place: Place::default(),
            io_kind: None,
        }))
    }

    /// A fault of `kind` with cfssl's fixed message for it.
    #[must_use]
    pub fn of(kind: ErrorKind) -> Self {
        Self::new(kind, kind.fixed_message())
    }

    /// A file that could not be opened, in Go's words: `open ca.pem: no such file or directory`.
    #[must_use]
    pub fn io(operation: &str, file: &str, error: &std::io::Error) -> Self {
        let mut fault = Self::new(ErrorKind::Io, format!("{operation} {file}: {}", io_reason(error)));
        fault.0.io_kind = Some(error.kind());
        fault
    }

    /// Says the fault for people, where cfssl's words are too terse. No place, no full stop.
    #[must_use]
    pub fn explain(mut self, explanation: impl Into<String>) -> Self {
        self.0.explanation = Some(explanation.into());
        self
    }

    /// Says what to do about it, as a clause without a full stop.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Names the file the fault lies in, unless one is named already.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.0.place.file.get_or_insert_with(|| file.to_owned());
        self
    }

    /// Names the JSON path of the fault, unless one is named already.
    #[must_use]
    pub fn at_path(mut self, path: &str) -> Self {
        self.0.place.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// Names the line and column of the fault, both counted from 1.
    #[must_use]
    pub fn at_position(mut self, position: (usize, usize)) -> Self {
        self.0.place.position = Some(position);
        self
    }

    /// Moves the fault to another kind, as cfssl does where it wraps an error; the words stay.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Puts words before cfssl's, such as `failed to unmarshal configuration: `.
    #[must_use]
    pub fn prefixed(mut self, prefix: &str) -> Self {
        self.0.message.insert_str(0, prefix);
        self
    }

    /// The kind of the fault.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the system said, where the fault began with a file: a missing one, a full disk, a missing permission.
    #[must_use]
    pub fn io_kind(&self) -> Option<std::io::ErrorKind> {
        self.0.io_kind
    }

    /// cfssl's words, without code or place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What is wrong, in words for people, without place or hint.
    #[must_use]
    pub fn explanation(&self) -> &str {
        self.0.explanation.as_deref().unwrap_or(&self.0.message)
    }

    /// Where the fault lies.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// True where [`Display`](fmt::Display) says more than [`Error::cfssl_text`] does.
    #[must_use]
    pub fn has_detail(&self) -> bool {
        let fault = &self.0;
        fault.explanation.is_some() || fault.hint.is_some() || fault.place != Place::default()
    }

    /// The line cfssl prints: `{"code":5300,"message":"…"}`, or the bare words where cfssl has no code.
    #[must_use]
    pub fn cfssl_text(&self) -> String {
        match self.kind().code() {
            0 => self.0.message.clone(),
            code => format!("{{\"code\":{code},\"message\":{}}}", crate::quote::quote(&self.0.message)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = &self.0;
        write_place(f, &fault.place, self.explanation())?;
        match &fault.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// `file: path: what (line 1, column 2)`, each part where it is known.
fn write_place(f: &mut fmt::Formatter<'_>, place: &Place, what: &str) -> fmt::Result {
    if let Some(file) = &place.file {
        write!(f, "{file}: ")?;
    }
    if let Some(path) = place.path.as_deref().filter(|path| !path.is_empty()) {
        write!(f, "{path}: ")?;
    }
    f.write_str(what)?;
    match place.position {
        Some((line, column)) => write!(f, " (line {line}, column {column})"),
        None => Ok(()),
    }
}

/// The operating system's reason in C's lower-case words, as Go prints it.
pub(crate) fn io_reason(error: &std::io::Error) -> String {
    // "No such file or directory (os error 2)" is Rust's form of the same text.
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        // "I/O error" and the like keep their capital.
        Some(first) if letters.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// What a [`Warning`] is about. Under `-strict` every kind is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WarningKind {
    /// A host entry that is blank, left out of the subject alternative name.
    BlankHost,
    /// A common name that is a host name but not among the subject alternative names.
    CommonNameNotInHosts,
    /// An issuer that has expired or is not yet valid.
    IssuerNotValid,
    /// An issuer that is not a certificate authority, or may not sign certificates.
    IssuerNotAuthority,
    /// A setting that is accepted and has no effect.
    Ignored,
    /// A certificate that would be valid for longer than its issuer.
    OutlivesIssuer,
    /// A host name with blanks around it, which are cut off.
    TrimmedHost,
    /// A host that becomes a URI where a name or an address was meant.
    UriByAccident,
    /// A host that the issuer's name constraints forbid.
    NameConstraint,
    /// A CA below one whose path length leaves no room for it.
    PathLength,
    /// A JSON key that means nothing.
    UnknownKey,
    /// A profile that the configuration does not hold; the default is used.
    UnknownProfile,
    /// A rule of an audit that does not exist.
    UnknownRule,
    /// A usage that does not exist.
    UnknownUsage,
    /// Anything else that is legal and probably not meant.
    Unwise,
}

/// Something legal that is probably not what was meant. cfssl says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// One sentence without place, hint or full stop.
    pub message: String,
    /// What to write instead, or what to do.
    pub hint: Option<String>,
    /// Where it was seen.
    pub place: Place,
}

impl Warning {
    /// A warning of `kind`, to be completed with [`hint`](Self::hint) and [`at_path`](Self::at_path).
    #[must_use]
    pub fn new(kind: WarningKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, place: Place::default() }
    }

    /// Says what to do about it, as a clause without a full stop.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the JSON path the warning is about.
    #[must_use]
    pub fn at_path(mut self, path: &str) -> Self {
        self.place.path = Some(path.to_owned());
        self
    }

    /// Names the line and column, both counted from 1.
    #[must_use]
    pub fn at_position(mut self, position: (usize, usize)) -> Self {
        self.place.position = Some(position);
        self
    }

    /// Names the file the warning is about, unless one is named already.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.place.file.get_or_insert_with(|| file.to_owned());
        self
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, &self.place, &self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_to_people_and_to_scripts() {
        let error = Error::new(ErrorKind::InvalidPolicy, "invalid \"configuration\"")
            .explain("no usage is known")
            .hint("write one of these")
            .in_file("ca-config.json")
            .at_path("signing.profiles.etcd.usages")
            .at_position((3, 7));
        assert_eq!(
            error.to_string(),
            "ca-config.json: signing.profiles.etcd.usages: no usage is known (line 3, column 7); write one of these"
        );
        assert_eq!(error.cfssl_text(), r#"{"code":5200,"message":"invalid \"configuration\""}"#);
    }

    #[test]
    fn names_operating_system_faults_in_the_words_of_go() {
        let missing = std::io::Error::from_raw_os_error(2);
        assert_eq!(
            Error::io("open", "ca.pem", &missing).cfssl_text(),
            "open ca.pem: no such file or directory"
        );
    }
}
