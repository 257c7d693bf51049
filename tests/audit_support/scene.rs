//! A set of files, and its audit.

use certmint::inspect::audit::{AuditOptions, Report, UseProfile, audit};
use certmint::inspect::evidence::{
    AskedHost, Container, EtcdMember, Evidence, Found, KubeconfigCluster, KubeconfigSettings, Object, Place,
    PrivateKeyFacts, Remark, Source,
};
use certmint::keys::SigningKey;
use std::collections::BTreeSet;
use time::OffsetDateTime;
use time::macros::datetime;

/// The moment of all audits here.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-01-15 12:00 UTC);

/// What stands in files.
pub(crate) mod object {
    use super::*;

    pub(crate) fn certificate(der: &[u8]) -> Object {
        Object::Certificate(der.into())
    }

    pub(crate) fn list(der: &[u8]) -> Object {
        Object::CertificateList(der.into())
    }

    pub(crate) fn request() -> Object {
        Object::CertificateRequest([0x30, 0].into())
    }

    pub(crate) fn key(key: &dyn SigningKey) -> Object {
        Object::PrivateKey(PrivateKeyFacts {
            subject_public_key_info: Some(key.subject_public_key_info().into()),
            form: "PKCS #8",
            is_encrypted: false,
            fault: "".into(),
        })
    }

    pub(crate) fn encrypted_key() -> Object {
        Object::PrivateKey(PrivateKeyFacts {
            subject_public_key_info: None,
            form: "PKCS #8",
            is_encrypted: true,
            fault: "a password protects it".into(),
        })
    }

    pub(crate) fn public_key(key: &dyn SigningKey) -> Object {
        Object::PublicKey(key.subject_public_key_info().into())
    }
}

/// A set of files to be audited.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) evidence: Evidence,
    pub(crate) options: AuditOptions,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self { evidence: Evidence::default(), options: AuditOptions::new(NOW) }
    }

    pub(crate) fn source(&mut self, name: &str, container: Container, mode: Option<u32>) -> u32 {
        self.evidence.sources.push(Source { name: name.into(), container, mode });
        u32::try_from(self.evidence.sources.len() - 1).unwrap()
    }

    /// A PEM file of mode 0644, or 0600 where there is a private key in it.
    pub(crate) fn file(self, name: &str, objects: Vec<Object>) -> Self {
        let has_key = objects.iter().any(|object| matches!(object, Object::PrivateKey(_)));
        self.file_with_mode(name, if has_key { 0o600 } else { 0o644 }, objects)
    }

    pub(crate) fn file_with_mode(mut self, name: &str, mode: u32, objects: Vec<Object>) -> Self {
        let source = self.source(name, Container::Pem, Some(mode));
        for (number, object) in (0u32..).zip(objects) {
            let place = Place::Section { number, line: 1 + number * 20 };
            self.evidence.objects.push(Found { object, source, place });
        }
        self
    }

    pub(crate) fn certificates(self, name: &str, ders: &[&[u8]]) -> Self {
        self.file(name, ders.iter().map(|der| object::certificate(der)).collect())
    }

    pub(crate) fn key(self, name: &str, key: &dyn SigningKey) -> Self {
        self.file(name, vec![object::key(key)])
    }

    pub(crate) fn server(mut self, name: &str, ders: &[&[u8]]) -> Self {
        let source = self.source(name, Container::TlsServer, None);
        for (number, der) in (0u32..).zip(ders) {
            let object = object::certificate(der);
            self.evidence.objects.push(Found { object, source, place: Place::Item(number) });
        }
        self
    }

    /// A server that was asked for the certificate of `host`.
    pub(crate) fn server_for(mut self, host: &str, ders: &[&[u8]]) -> Self {
        self = self.server(&format!("{host}:443"), ders);
        let source = u32::try_from(self.evidence.sources.len() - 1).unwrap();
        self.evidence.asked_hosts.push(AskedHost { source, host: host.into() });
        self
    }

    /// A document of mode 0600 with objects in its values.
    pub(crate) fn document(mut self, name: &str, container: Container, values: Vec<(&str, Object)>) -> Self {
        let source = self.source(name, container, Some(0o600));
        let mut last = String::new();
        let mut number = 0;
        for (line, (path, object)) in (2u32..).zip(values) {
            number = if last == path { number + 1 } else { 0 };
            path.clone_into(&mut last);
            let place = Place::Member { path: path.into(), number, line };
            self.evidence.objects.push(Found { object, source, place });
        }
        self
    }

    pub(crate) fn kubeconfig(
        self,
        name: &str,
        authority: &[u8],
        certificate: &[u8],
        key: &dyn SigningKey,
    ) -> Self {
        self.document(
            name,
            Container::Kubeconfig,
            vec![
                ("clusters[0].cluster.certificate-authority-data", object::certificate(authority)),
                ("users[0].user.client-certificate-data", object::certificate(certificate)),
                ("users[0].user.client-key-data", object::key(key)),
            ],
        )
    }

    /// Says that the kubeconfig file `name` calls `host`.
    pub(crate) fn calling(self, name: &str, host: &str) -> Self {
        let cluster = KubeconfigCluster { host: host.to_owned(), ..KubeconfigCluster::default() };
        self.settings(name, KubeconfigSettings { clusters: vec![cluster], ..KubeconfigSettings::default() })
    }

    /// Adds what the kubeconfig file `name` says.
    pub(crate) fn settings(mut self, name: &str, settings: KubeconfigSettings) -> Self {
        let source = self.evidence.sources.iter().position(|source| &*source.name == name).unwrap();
        let source = u32::try_from(source).unwrap();
        self.evidence.kubeconfigs.push(KubeconfigSettings { source, ..settings });
        self
    }

    pub(crate) fn member(mut self, config: &str, member: EtcdMember) -> Self {
        let source = self.source(config, Container::Document, Some(0o644));
        self.evidence.etcd_members.push(EtcdMember { source, ..member });
        self
    }

    pub(crate) fn remark(mut self, file: &str, message: &str) -> Self {
        let source = self.evidence.sources.iter().position(|source| &*source.name == file).unwrap();
        let source = u32::try_from(source).unwrap();
        self.evidence.remarks.push(Remark { source, place: Place::Whole, message: message.into() });
        self
    }

    pub(crate) fn for_use(mut self, profile: UseProfile) -> Self {
        self.options.uses.push(profile);
        self
    }

    pub(crate) fn hosts(mut self, hosts: &[&str]) -> Self {
        self.options.hosts.extend(hosts.iter().map(|host| (*host).to_owned()));
        self
    }

    pub(crate) fn trusting(mut self, der: &[u8]) -> Self {
        self.options.trusted.push(der.to_vec());
        self
    }

    pub(crate) fn audit(&self) -> Report {
        audit(self.evidence.clone(), &self.options)
    }
}

/// The rules that found something.
pub(crate) fn fired(report: &Report) -> BTreeSet<&'static str> {
    report.findings.iter().map(|finding| finding.rule.id).collect()
}
