//! A paragraph about a certificate.

use super::look::{Ink, Look};
use super::words;
use crate::inspect::details::{CertificateDetails, Origin};
use crate::inspect::text::{colon_hex, hex};
use crate::inspect::view::{BasicConstraintsView, GeneralName};
use crate::output::columns::{padded, width, wrapped};
use crate::quote::{NAME_LETTERS, cut, shown};

/// The columns of the labels, with the blanks around them.
const LABELS: usize = 16;

/// More letters of one value are left out: nobody reads them, and the formats for programs have them.
const LETTERS: usize = 2000;

/// More octets of an extension that is not known here are left out.
const OCTETS: usize = 64;

/// Adds what a certificate says, for people: a line for each thing that is there, and a blank line at the end.
pub fn write_text(out: &mut String, details: &CertificateDetails<'_>, origin: &Origin<'_>, look: &Look) {
    let mut paragraph = Paragraph { out, look };
    paragraph.title(&details.name);
    paragraph.line("Found in", &words::place(origin), None);
    paragraph.names(details);
    paragraph.times(details);
    paragraph.keys(details);
    paragraph.list("Good for", words::uses(details), "nothing that is known here");
    paragraph.extensions(details);
    paragraph.rare(details);
    paragraph.line("SHA-256", &hex(&details.sha256), None);
    paragraph.line("SHA-1", &hex(&details.sha1), None);
    for defect in &details.defects {
        paragraph.line("Broken", &format!("{}: {}", defect.part, defect.fault), Some(Ink::Bad));
    }
    out.push('\n');
}

pub(super) struct Paragraph<'o> {
    pub(super) out: &'o mut String,
    pub(super) look: &'o Look,
}

impl Paragraph<'_> {
    pub(super) fn title(&mut self, name: &str) {
        for line in wrapped(&shown(&cut(name, NAME_LETTERS)), self.look.page()) {
            self.out.push_str(&self.look.paint(Some(Ink::Heading), &line));
            self.out.push('\n');
        }
    }

    fn names(&mut self, details: &CertificateDetails<'_>) {
        let text = |name: String| if name.is_empty() { "(empty)".to_owned() } else { name };
        self.line("Subject", &text(details.subject.text()), None);
        let issuer = match (details.is_self_issued, details.is_self_signed) {
            (true, Some(true)) => "itself: it is self-signed".to_owned(),
            (true, Some(false)) => "the same name; the signature is another key's".to_owned(),
            (true, None) => "the same name; the signature cannot be verified here".to_owned(),
            (false, _) => text(details.issuer.text()),
        };
        self.line("Issuer", &issuer, None);
        if !details.serial_number.is_empty() {
            let serial = format!("{} ({})", hex(details.serial_octets), details.serial_number);
            self.line("Serial number", &serial, None);
        }
    }

    fn times(&mut self, details: &CertificateDetails<'_>) {
        let unknown = || "cannot be read".to_owned();
        let from = details.not_before.map_or_else(unknown, words::moment);
        let until = details.not_after.map_or_else(unknown, words::moment);
        self.line("Valid from", &from, None);
        match details.validity.map(words::days) {
            Some((days, ink)) => {
                let fits = width(&until) + width(&days) + 2 <= self.look.page() - LABELS;
                let days = self.look.paint(Some(ink), &days).into_owned();
                if fits {
                    self.raw_line("Valid until", &format!("{until}, {days}"));
                } else {
                    self.raw_line("Valid until", &until);
                    self.raw_line("", &days);
                }
            }
            None => self.line("Valid until", &until, None),
        }
    }

    fn keys(&mut self, details: &CertificateDetails<'_>) {
        let key = &details.key;
        let exponent = match key.exponent.as_deref() {
            Some("65537") | None => String::new(),
            Some(exponent) => format!(", exponent {exponent}"),
        };
        self.line("Key", &format!("{}{exponent}", key.words), None);
        let algorithm = match details.signature_algorithm {
            "Unknown Signature" if details.signature_oid.0.is_empty() => "cannot be read".to_owned(),
            "Unknown Signature" => words::oid(details.signature_oid),
            known => known.to_owned(),
        };
        self.line("Signature", &algorithm, None);
        if details.version != 3 {
            self.line("Version", &details.version.to_string(), None);
        }
    }

    fn extensions(&mut self, details: &CertificateDetails<'_>) {
        if let Some(usage) = details.key_usage {
            self.some("Key usage", usage.names().map(str::to_owned).collect());
        }
        if let Some(purposes) = &details.extended_key_usage {
            self.some(
                "Purposes",
                purposes.iter().map(|oid| words::oid(crate::inspect::details::Oid(oid))).collect(),
            );
        }
        match details.basic_constraints {
            Some(BasicConstraintsView { is_authority: true, path_len: Some(length) }) => {
                self.line("Constraints", &format!("CA, path length {length}"), None);
            }
            Some(BasicConstraintsView { is_authority: true, path_len: None }) => {
                self.line("Constraints", "CA, any path length", None);
            }
            Some(_) => self.line("Constraints", "no CA", None),
            None => {}
        }
        if let Some(limits) = &details.name_constraints {
            self.some("Names allowed", limits.permitted.iter().map(words::with_kind).collect());
            self.some("Names barred", limits.excluded.iter().map(words::with_kind).collect());
        }
        let names = details.alternative_names.as_slice();
        let of = |is_wanted: fn(&GeneralName<'_>) -> bool| words::names(names, is_wanted);
        self.some("DNS names", of(|name| matches!(name, GeneralName::Dns(_))));
        self.some("Addresses", of(|name| matches!(name, GeneralName::Ip(_))));
        self.some("URIs", of(|name| matches!(name, GeneralName::Uri(_))));
        self.some("E-mail", of(|name| matches!(name, GeneralName::Email(_))));
        let is_plain = |name: &&GeneralName<'_>| {
            use GeneralName::{Dns, Email, Ip, Uri};
            matches!(name, Dns(_) | Ip(_) | Uri(_) | Email(_))
        };
        self.some("Other names", names.iter().filter(|name| !is_plain(name)).map(words::with_kind).collect());
        self.key_identifiers(details);
        for (method, place) in &details.authority_info_access {
            let label = match method.name() {
                Some("ocsp") => "OCSP at",
                Some("caIssuers") => "Issuer at",
                _ => "Access at",
            };
            self.line(label, &words::fetched_from(place), None);
        }
        self.some("CRL at", details.crl_distribution_points.iter().map(words::fetched_from).collect());
        let policies = details.policies.iter().map(|policy| {
            let mut text = words::oid(policy.oid);
            for more in policy.practice_statements.iter().chain(&policy.notices) {
                text.push_str(&format!(" ({more})"));
            }
            text
        });
        self.some("Policies", policies.collect());
    }

    fn key_identifiers(&mut self, details: &CertificateDetails<'_>) {
        let (own, issuer) = (details.subject_key_identifier, details.authority_key_identifier);
        if !own.is_empty() {
            self.line("Key id", &colon_hex(own), None);
        }
        if !issuer.is_empty() && issuer != own {
            self.line("Issuer key id", &colon_hex(issuer), None);
        }
        if let Some(serial) = details.authority_certificate.and_then(|identifier| identifier.serial_number) {
            self.line("Issuer serial", &hex(serial), None);
        }
    }

    fn rare(&mut self, details: &CertificateDetails<'_>) {
        if let Some(count) = details.timestamps {
            self.line("Timestamps", &format!("{count} of transparency logs"), None);
        }
        if details.must_staple() {
            self.line("Must staple", "yes: the server must send its OCSP status", None);
        }
        if details.has_ocsp_no_check {
            self.line("OCSP status", "clients are not to ask for it", None);
        }
        let netscape = &details.netscape;
        self.some(
            "Netscape type",
            netscape.certificate_types.iter().map(|name| (*name).to_owned()).collect(),
        );
        if let Some(comment) = &netscape.comment {
            self.line("Comment", comment, None);
        }
        if let Some(template) = &details.microsoft_template {
            let version = template.version.map(|(major, minor)| format!("version {major}.{minor}"));
            let parts = template.name.as_ref().map(ToString::to_string).into_iter();
            let parts = parts.chain(template.oid.map(|oid| oid.to_string())).chain(version);
            self.line("Template", &parts.collect::<Vec<_>>().join(", "), None);
        }
        let critical = details.extensions.iter().filter(|extension| extension.critical);
        self.some("Critical", critical.map(|extension| words::oid(extension.oid)).collect());
        for extension in details.extensions.iter().filter(|extension| !extension.is_decoded) {
            let octets = extension.value.get(..OCTETS).unwrap_or(extension.value);
            let more = if octets.len() < extension.value.len() { self.look.ellipsis() } else { "" };
            let size = match extension.value.len() {
                1 => "1 octet".to_owned(),
                size => format!("{size} octets"),
            };
            let value = format!("{}, {size}: {}{more}", words::oid(extension.oid), hex(octets));
            self.line("Extension", &value, None);
        }
    }

    /// A list; `otherwise` where it is empty.
    fn list(&mut self, label: &str, items: Vec<String>, otherwise: &str) {
        match items.is_empty() {
            true => self.line(label, otherwise, Some(Ink::Bad)),
            false => self.some(label, items),
        }
    }

    /// A list, where it is not empty.
    fn some(&mut self, label: &str, items: Vec<String>) {
        if !items.is_empty() {
            let items: Vec<_> = items.iter().map(|item| cut(item, LETTERS)).collect();
            self.lines(label, &items.join(", "), None);
        }
    }

    pub(super) fn line(&mut self, label: &str, value: &str, ink: Option<Ink>) {
        self.lines(label, &cut(value, LETTERS), ink);
    }

    fn lines(&mut self, label: &str, value: &str, ink: Option<Ink>) {
        let lines = wrapped(&shown(value), self.look.page() - LABELS);
        for (position, line) in lines.iter().enumerate() {
            self.label(if position == 0 { label } else { "" });
            self.out.push_str(&self.look.paint(ink, line));
            self.out.push('\n');
        }
    }

    /// A line that fits, and may have colours.
    fn raw_line(&mut self, label: &str, value: &str) {
        self.label(label);
        self.out.push_str(value);
        self.out.push('\n');
    }

    fn label(&mut self, label: &str) {
        self.out.push_str("  ");
        self.out.push_str(&self.look.paint(Some(Ink::Label), &padded(label, LABELS - 2)));
    }
}
