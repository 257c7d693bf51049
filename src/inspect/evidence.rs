//! What was found in files and at servers: the material of an audit.

use std::sync::Arc;

/// Everything that was found, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The files, servers and streams that were read; [`Found::source`] counts in them.
    pub sources: Vec<Source>,
    /// The folders that were walked through, as they were reached, each with a slash at its end, and those below a
    /// relative path by their absolute names too: a file of such a folder that is neither among the sources nor
    /// unreadable is not there, or holds nothing.
    pub folders: Vec<Arc<str>>,
    /// Those of them in which everybody on the machine can put other files into the place of those that are there.
    pub writable_folders: Vec<Arc<str>>,
    /// Links to files that are sources already, and further names of theirs.
    pub other_names: Vec<OtherName>,
    /// The objects in them, in the order they were met.
    pub objects: Vec<Found>,
    /// What could not be read at all.
    pub unreadable: Vec<Unreadable>,
    /// How etcd members are to use the files, as their configuration says.
    pub etcd_members: Vec<EtcdMember>,
    /// Whom kubeconfig files call, and as whom.
    pub kubeconfigs: Vec<KubeconfigSettings>,
    /// What is unusual about how objects are written.
    pub remarks: Vec<Remark>,
    /// Whose certificates servers were asked for.
    pub asked_hosts: Vec<AskedHost>,
    /// Files whose PEM sections stand in markup, such as profiles of OpenVPN.
    pub markups: Vec<Markup>,
    /// Files that a kubeconfig names and that are not there.
    pub missing_files: Vec<MissingFile>,
}

/// Markup in a file of PEM sections: what stands on both sides of it is not used together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup {
    /// The index of the file in [`Evidence::sources`].
    pub source: u32,
    /// Lines with a tag such as `<cert>`, each the last before a section; counted from 1, in ascending order.
    pub lines: Box<[u32]>,
}

/// The host whose certificate a server was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedHost {
    /// The index of the server in [`Evidence::sources`].
    pub source: u32,
    /// A DNS name or an address, without a port.
    pub host: Box<str>,
}

/// A file that a source names and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFile {
    /// The index of the source in [`Evidence::sources`].
    pub source: u32,
    /// The setting that names it, such as `client-certificate`.
    pub setting: &'static str,
    /// The path as written.
    pub path: Box<str>,
}

/// A file, a server or a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path as it was reached, `-` for standard input, or `HOST:PORT` of a server.
    pub name: Arc<str>,
    /// What it is written in.
    pub container: Container,
    /// The permission bits of the file; `None` for what is no file.
    pub mode: Option<u32>,
}

/// A file that was reached under another name before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// The path as it was reached.
    pub name: Arc<str>,
    /// The index in [`Evidence::sources`].
    pub source: u32,
}

/// What objects are wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Container {
    /// DER, or base64 of DER without boundaries.
    Der,
    /// A YAML or JSON document of another kind than those below, such as what `cfssl gencert` prints.
    Document,
    /// A keystore of Java, in its own form (JKS or JCEKS).
    JavaKeystore,
    /// A kubeconfig file, YAML or JSON.
    Kubeconfig,
    /// A Kubernetes Secret or ConfigMap, or a list of them, YAML or JSON.
    KubernetesSecret,
    /// PEM sections with anything around them.
    Pem,
    /// PKCS #12.
    Pkcs12,
    /// PKCS #7.
    Pkcs7,
    /// Settings of etcd: a systemd unit or a file of environment variables.
    Settings,
    /// What a TLS server showed.
    TlsServer,
}

/// An object and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The object.
    pub object: Object,
    /// The index of its source in [`Evidence::sources`].
    pub source: u32,
    /// Where in the source.
    pub place: Place,
}

/// Where in a source an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// It is the whole of it.
    Whole,
    /// The position in a list that has no lines, such as PKCS #12 or a TLS chain; counted from 0.
    Item(u32),
    /// In a value of a YAML or JSON document.
    Member {
        /// The value, such as `users[0].user.client-certificate-data`.
        path: Arc<str>,
        /// Which object of the value, counted from 0.
        number: u32,
        /// The line of the file in which the object or at least the value begins, counted from 1.
        line: u32,
    },
    /// A PEM section.
    Section {
        /// Counted from 0, damaged sections too.
        number: u32,
        /// The line of its BEGIN, counted from 1.
        line: u32,
    },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Object {
    /// The DER of a certificate, however broken.
    Certificate(Box<[u8]>),
    /// The DER of a certificate revocation list.
    CertificateList(Box<[u8]>),
    /// The DER of a PKCS #10 request.
    CertificateRequest(Box<[u8]>),
    /// What looks like an object of this kind and cannot be read.
    Damaged {
        /// The PEM label, or the kind.
        label: Box<str>,
        /// What is wrong with it.
        fault: Box<str>,
    },
    /// A private key. The secret itself is not kept.
    PrivateKey(PrivateKeyFacts),
    /// The DER of a public key, a `SubjectPublicKeyInfo`.
    PublicKey(Box<[u8]>),
}

/// What may be known of a private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateKeyFacts {
    /// The DER of its public half; `None` where the key is encrypted without a password that opens it, or of
    /// a kind that cannot be used here.
    pub subject_public_key_info: Option<Box<[u8]>>,
    /// The form it is written in: `PKCS #1`, `PKCS #8`, `SEC 1`, `OpenSSH`, ….
    pub form: &'static str,
    /// True where a password protects it.
    pub is_encrypted: bool,
    /// Why the public half is not known; empty otherwise.
    pub fault: Box<str>,
}

impl PrivateKeyFacts {
    /// The form of a key of which only a damaged part is there, or one that no program reads; the damage itself is
    /// told by an [`Object::Damaged`] at the same place.
    pub const DAMAGED: &'static str = "damaged";
}

/// Something unusual about how an object is written, which does not keep it from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The index of the source in [`Evidence::sources`].
    pub source: u32,
    /// Where in the source.
    pub place: Place,
    /// What is unusual, in one clause such as `a private key is labelled CERTIFICATE`.
    pub message: Box<str>,
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Path or name of the source.
    pub name: Arc<str>,
    /// Why, in one clause.
    pub reason: Box<str>,
}

/// How one etcd member uses its files, from its configuration file, a static pod's command line or a
/// systemd unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EtcdMember {
    /// The source that says so.
    pub source: u32,
    /// The member's name; empty if not given.
    pub name: String,
    /// Hosts that clients are told to connect to: those of `advertise-client-urls` and `listen-client-urls`
    /// that use https, unspecified addresses left out.
    pub client_hosts: Vec<String>,
    /// Hosts that other members connect to: those of `initial-advertise-peer-urls`.
    pub peer_hosts: Vec<String>,
    /// `cert-file`, as written.
    pub cert_file: Option<String>,
    /// `key-file`.
    pub key_file: Option<String>,
    /// `trusted-ca-file`.
    pub trusted_ca_file: Option<String>,
    /// `peer-cert-file`.
    pub peer_cert_file: Option<String>,
    /// `peer-key-file`.
    pub peer_key_file: Option<String>,
    /// `peer-trusted-ca-file`.
    pub peer_trusted_ca_file: Option<String>,
    /// `client-cert-auth`.
    pub client_cert_auth: bool,
    /// `peer-client-cert-auth`.
    pub peer_client_cert_auth: bool,
}

/// What a kubeconfig file says beside the objects in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KubeconfigSettings {
    /// The source that says so.
    pub source: u32,
    /// Its clusters, in order.
    pub clusters: Vec<KubeconfigCluster>,
    /// The files that its users name as `client-certificate`, as written.
    pub client_certificates: Vec<String>,
}

/// An API server as a kubeconfig file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KubeconfigCluster {
    /// The position in `clusters`, counted from 0.
    pub number: u32,
    /// The host whose certificate is wanted: `tls-server-name`, or that of `server`; empty where TLS is not used.
    pub host: String,
    /// The file of `certificate-authority`, as written.
    pub authority_file: Option<String>,
    /// `insecure-skip-tls-verify`.
    pub is_unverified: bool,
}
