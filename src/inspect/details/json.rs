//! One line of JSON for each certificate, written straight into a text that is used again.

use super::certificate::CertificateDetails;
use super::extension::ExtensionDetails;
use super::name::{AlternativeName, AttributeDetails, NameDetails};
use super::object::Writer;
use super::oid::Oid;
use super::uses::Use;
use crate::base64;
use crate::inspect::name::NameInfo;
use crate::inspect::text::push_number;
use crate::inspect::view::GeneralName;
use crate::json;
use crate::quote::write_shown_json;
use std::borrow::Cow;

/// The name and version of the schema of the lines. Members may be added under the same version; one that
/// changes its meaning, or goes away, makes a new one.
pub const SCHEMA: &str = "certmint.certificate/1";

/// Where a certificate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The file or the server; `-` for standard input.
    pub name: &'a str,
    /// Which of the objects in it, counted from 1.
    pub position: Option<u32>,
    /// The line it begins in, counted from 1.
    pub line: Option<u32>,
    /// The value in a YAML or JSON document that holds it.
    pub member: Option<&'a str>,
}

impl CertificateDetails<'_> {
    /// Adds everything as one line of JSON, the newline at its end included. The members of `cfssl certinfo` are
    /// there with their names and values; docs/inspection.md explains the others. Letters that could mislead on a
    /// screen are escaped.
    pub fn write_json(&self, out: &mut String, origin: Option<&Origin<'_>>) {
        Writer { out }.certificate(self, origin);
    }
}

impl Writer<'_> {
    fn certificate(&mut self, one: &CertificateDetails<'_>, origin: Option<&Origin<'_>>) {
        self.out.push('{');
        self.plain("schema", SCHEMA);
        if let Some(origin) = origin {
            self.origin(origin);
        }
        self.text("name", &one.name);
        self.plain("role", one.role.name());
        self.list("good_for", &one.uses, |writer, one: &Use| writer.plain_value(one.name()));
        self.times(one);
        self.number("version", one.version.into());
        self.name("subject", &one.subject);
        self.name("issuer", &one.issuer);
        // cfssl leaves out what is empty.
        if !one.serial_number.is_empty() {
            self.plain("serial_number", &one.serial_number);
        }
        self.hex("serial_hex", one.serial_octets);
        if !one.sans.is_empty() {
            self.list("sans", &one.sans, |writer, name| write_shown_json(writer.out, name));
        }
        self.list("alternative_names", &one.alternative_names, |writer, name| writer.general_name(*name));
        self.plain("sigalg", one.signature_algorithm);
        self.oid("signature_oid", one.signature_oid);
        self.colon_hex("authority_key_id", one.authority_key_identifier);
        self.colon_hex("subject_key_id", one.subject_key_identifier);
        self.key_details(one);
        self.constraints(one);
        self.places(one);
        self.rare(one);
        self.list("extensions", &one.extensions, |writer, extension| writer.extension(extension));
        self.boolean("self_issued", one.is_self_issued);
        self.key("self_signed");
        self.out.push_str(match one.is_self_signed {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        });
        self.hex("sha256", &one.sha256);
        self.hex("sha1", &one.sha1);
        self.list("defects", &one.defects, |writer, defect| {
            writer.out.push('{');
            writer.text("part", &defect.part);
            writer.text("fault", defect.fault);
            writer.out.push('}');
        });
        self.pem(one.der);
        self.out.push_str("}\n");
    }

    pub(super) fn origin(&mut self, origin: &Origin<'_>) {
        self.key("source");
        self.out.push('{');
        self.text("name", origin.name);
        if let Some(position) = origin.position {
            self.number("position", position.into());
        }
        if let Some(line) = origin.line {
            self.number("line", line.into());
        }
        if let Some(member) = origin.member {
            self.text("member", member);
        }
        self.out.push('}');
    }

    fn times(&mut self, one: &CertificateDetails<'_>) {
        for (name, time) in [("not_before", one.not_before), ("not_after", one.not_after)] {
            match time {
                Some(time) => self.plain(name, &json::format_rfc3339(time)),
                None => self.null(name),
            }
        }
        match one.validity {
            Some(validity) => {
                self.plain("status", validity.state.name());
                self.key("days_left");
                if validity.days_left < 0 {
                    self.out.push('-');
                }
                push_number(self.out, validity.days_left.unsigned_abs());
            }
            None => {
                self.null("status");
                self.null("days_left");
            }
        }
    }

    /// `subject` as cfssl has it, `subject_text`, and `subject_rdns`.
    fn name(&mut self, role: &str, name: &NameDetails<'_>) {
        self.key(role);
        self.name_info(&name.info);
        self.key_of(role, "_text");
        write_shown_json(self.out, &name.text());
        self.key_of(role, "_rdns");
        self.list_value(&name.relative_names, |writer, set| {
            writer.list_value(set, |writer, attribute| writer.attribute(attribute));
        });
    }

    fn name_info(&mut self, info: &NameInfo) {
        self.out.push('{');
        let one = std::slice::from_ref;
        for (key, values) in [
            ("common_name", one(&info.common_name)),
            ("serial_number", one(&info.serial_number)),
            ("country", &info.country),
            ("organization", &info.organization),
            ("organizational_unit", &info.organizational_unit),
            ("locality", &info.locality),
            ("province", &info.province),
            ("street_address", &info.street_address),
            ("postal_code", &info.postal_code),
        ] {
            let joined = match values {
                [] => continue,
                [only] => Cow::Borrowed(only.as_str()),
                several => Cow::Owned(several.join(",")),
            };
            if !joined.is_empty() {
                self.text(key, &joined);
            }
        }
        if !info.names.is_empty() {
            self.list("names", &info.names, |writer, name| write_shown_json(writer.out, name));
        }
        self.out.push('}');
    }

    fn attribute(&mut self, attribute: &AttributeDetails<'_>) {
        self.out.push('{');
        self.oid("oid", attribute.oid);
        self.plain_or_null("type", attribute.name);
        self.text("value", &attribute.value);
        self.out.push('}');
    }

    fn general_name(&mut self, name: GeneralName<'_>) {
        self.out.push('{');
        self.general_name_members(name);
        self.out.push('}');
    }

    fn general_name_members(&mut self, name: GeneralName<'_>) {
        let words = AlternativeName::new(name);
        self.plain("kind", words.kind);
        if let Some(oid) = words.oid {
            self.oid("oid", oid);
            self.plain_or_null("type", oid.name());
        }
        self.text("value", &words.value);
    }

    fn key_details(&mut self, one: &CertificateDetails<'_>) {
        let key = &one.key;
        self.key("key");
        self.out.push('{');
        self.plain("kind", key.kind_name());
        self.number("bits", key.bits.into());
        self.plain_or_null("curve", key.curve());
        self.plain_or_null("exponent", key.exponent.as_deref());
        self.oid("oid", key.oid);
        self.hex("sha256", &key.sha256);
        self.out.push('}');
    }

    fn constraints(&mut self, one: &CertificateDetails<'_>) {
        match one.key_usage {
            Some(usage) => {
                self.key("key_usage");
                self.list_of(usage.names(), Self::plain_value);
            }
            None => self.null("key_usage"),
        }
        match &one.extended_key_usage {
            Some(purposes) => {
                self.list("extended_key_usage", purposes, |writer, oid| writer.oid_or_name(Oid(oid)));
            }
            None => self.null("extended_key_usage"),
        }
        match one.basic_constraints {
            Some(constraints) => {
                self.key("basic_constraints");
                self.out.push('{');
                self.boolean("ca", constraints.is_authority);
                match constraints.path_len {
                    Some(length) => self.number("path_len", length.into()),
                    None => self.null("path_len"),
                }
                self.out.push('}');
            }
            None => self.null("basic_constraints"),
        }
        match &one.name_constraints {
            Some(constraints) => {
                self.key("name_constraints");
                self.out.push('{');
                self.list("permitted", &constraints.permitted, |writer, name| writer.general_name(*name));
                self.list("excluded", &constraints.excluded, |writer, name| writer.general_name(*name));
                self.out.push('}');
            }
            None => self.null("name_constraints"),
        }
        self.list("policies", &one.policies, |writer, policy| {
            writer.out.push('{');
            writer.oid("oid", policy.oid);
            writer.plain_or_null("name", policy.oid.name());
            writer.list("cps", &policy.practice_statements, |writer, place| {
                write_shown_json(writer.out, place);
            });
            writer.list("notices", &policy.notices, |writer, notice| write_shown_json(writer.out, notice));
            writer.out.push('}');
        });
    }

    fn places(&mut self, one: &CertificateDetails<'_>) {
        self.list("authority_info_access", &one.authority_info_access, |writer, (method, place)| {
            writer.out.push('{');
            writer.key("method");
            writer.oid_or_name(*method);
            writer.general_name_members(*place);
            writer.out.push('}');
        });
        self.list("crl_distribution_points", &one.crl_distribution_points, |writer, place| {
            writer.general_name(*place);
        });
        match one.authority_certificate {
            Some(identifier) => {
                self.key("authority_certificate");
                self.out.push('{');
                let names = crate::inspect::view::general_names_in(identifier.issuer.unwrap_or_default());
                self.list("issuer", &names, |writer, name| writer.general_name(*name));
                self.hex("serial_hex", identifier.serial_number.unwrap_or_default());
                self.out.push('}');
            }
            None => self.null("authority_certificate"),
        }
    }

    fn rare(&mut self, one: &CertificateDetails<'_>) {
        match one.timestamps {
            Some(count) => self.number("sct_count", count.into()),
            None => self.null("sct_count"),
        }
        self.boolean("must_staple", one.must_staple());
        self.list("tls_features", &one.tls_features, |writer, number| {
            push_number(writer.out, (*number).into());
        });
        self.boolean("ocsp_no_check", one.has_ocsp_no_check);
        self.list("netscape_cert_type", &one.netscape.certificate_types, |writer, name| {
            writer.plain_value(name);
        });
        match &one.netscape.comment {
            Some(comment) => self.text("netscape_comment", comment),
            None => self.null("netscape_comment"),
        }
        match &one.microsoft_template {
            Some(template) => {
                self.key("microsoft_template");
                self.out.push('{');
                if let Some(name) = &template.name {
                    self.text("name", name);
                }
                if let Some(oid) = template.oid {
                    self.oid("oid", oid);
                }
                if let Some((major, minor)) = template.version {
                    self.number("major_version", major.into());
                    self.number("minor_version", minor.into());
                }
                self.out.push('}');
            }
            None => self.null("microsoft_template"),
        }
    }

    fn extension(&mut self, extension: &ExtensionDetails<'_>) {
        self.out.push('{');
        self.oid("oid", extension.oid);
        self.plain_or_null("name", extension.oid.name());
        self.boolean("critical", extension.critical);
        self.number("size", extension.value.len() as u64);
        if !extension.is_decoded {
            self.hex("hex", extension.value);
        }
        self.out.push('}');
    }

    /// cfssl's member: the whole certificate again.
    fn pem(&mut self, der: &[u8]) {
        self.key("pem");
        self.out.push_str("\"-----BEGIN CERTIFICATE-----\\n");
        base64::push_lines(self.out, der, "\\n");
        self.out.push_str("-----END CERTIFICATE-----\\n\"");
    }
}
