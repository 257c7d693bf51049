//! `cfssl gencert`: a key and a certificate from a request.

use super::authority::{lacks_authority, read_authority, read_key, read_pair};
use super::deliver::Delivery;
use super::json_file::JsonFile;
use super::log::Level;
use super::request::{self, key_and_csr};
use super::{Context, places};
use crate::model::{CertificateRequest, SigningConfig, SigningProfile};
use crate::signer::{Ask, Authority, Issuance, Issued, LocalSigner, refuse_ca_section};
use crate::{ErrorKind, Result, Warning, WarningKind};

/// cfssl's own warning, word for word.
const NO_HOSTS: &str = "This certificate lacks a \"hosts\" field. This makes it unsuitable for
websites. For more information see the Baseline Requirements for the Issuance and Management
of Publicly-Trusted Certificates, v.1.1.6, from the CA/Browser Forum (https://cabforum.org);
specifically, section 10.2.3 (\"Information Requirements\").";

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    let (initca, renewca) = (context.flags.boolean("initca"), context.flags.boolean("renewca"));
    if renewca {
        ignore(
            context,
            "renewca",
            &["initca", "config", "profile", "hostname", "cn", "crl", "remote", "db-config"],
        )?;
        return renew(context);
    }
    if initca {
        ignore(context, "initca", &["ca", "config", "profile", "hostname", "crl", "remote", "db-config"])?;
        return init(context);
    }
    request::refuse_remote(context)?;
    issue(context)
}

/// `-renewca`: the old CA with a new lifetime.
fn renew(context: &mut Context<'_>) -> Result<()> {
    context.info("re-generate a CA certificate from CA cert and key");
    let (key, certificate) = read_pair(context)?;
    let delivery = Delivery::prepare(context, Some(&key), places::RENEWED)?;
    let issuance = Issuance::at(context.now())?;
    let name = context.flags.text("ca").to_owned();
    let issued = Authority::renew(&certificate, &key, issuance).map_err(|error| error.in_file(&name))?;
    context.info("encoded CSR");
    announce(context, &issued)?;
    delivery.issued(context, &issued, Some(&key), None)
}

/// `-initca`: a new CA, with a key of its own or the one given.
fn init(context: &mut Context<'_>) -> Result<()> {
    let (mut request, file) = request::read(context)?;
    override_common_name(context, &mut request);
    if context.flags.has_text("ca-key") {
        context.info("re-generate a CA certificate from CSR and CA key");
        let key = read_key(context)?;
        let delivery = Delivery::prepare(context, Some(&key), places::CERTIFIED_KEY)?;
        note_path_length(context, &request);
        let issuance = Issuance::at(context.now())?;
        let issued = Authority::sign_again(&request, &key, issuance)
            .map_err(|error| file.place(request::csr_fault(context, error)))?;
        let issued = in_file(issued, &file);
        context.info("encoded CSR");
        announce(context, &issued)?;
        return delivery.issued(context, &issued, Some(&key), None);
    }
    let delivery = Delivery::prepare(context, None, places::CERTIFIED)?;
    context.info("generating a new CA key and certificate from CSR");
    make_authority(context, &request, &file, delivery)
}

/// Makes and delivers a new CA with a key of its own.
pub(super) fn make_authority(
    context: &mut Context<'_>,
    request: &CertificateRequest,
    file: &JsonFile,
    delivery: Delivery,
) -> Result<()> {
    let issued = generate_authority(context, request).map_err(|error| file.place(error))?;
    let issued = in_file(issued, file);
    announce(context, &issued)?;
    delivery.issued(context, &issued, None, None)
}

/// A new CA with a key of its own.
fn generate_authority(context: &mut Context<'_>, request: &CertificateRequest) -> Result<Issued> {
    note_path_length(context, request);
    Authority::check_request(request)?;
    let key = request::generate_key(context, request, Authority::refuse_nameless).inspect_err(|error| {
        context.log(Level::Error, &format!("failed to process request: {}", error.cfssl_text()));
    })?;
    let issuance = Issuance::at(context.now())?;
    let issued = Authority::sign_itself(request, &key, issuance).inspect_err(|error| {
        if error.kind() == ErrorKind::BadRequest {
            context.log(Level::Error, &format!("failed to generate a CSR: {}", error.message()));
            context.log(Level::Error, &format!("failed to process request: {}", error.cfssl_text()));
        }
    })?;
    context.info("encoded CSR");
    Ok(Issued { key: Some(key), ..issued })
}

/// cfssl's remark on a path length that is not 0 and said to be.
fn note_path_length(context: &mut Context<'_>, request: &CertificateRequest) {
    if request.ca.as_ref().is_some_and(|ca| ca.path_len != 0 && ca.path_len_zero) {
        context.info("ignore invalid 'pathlenzero' value");
    }
}

/// A certificate signed by a CA.
fn issue(context: &mut Context<'_>) -> Result<()> {
    let (mut request, file) = request::read(context)?;
    override_common_name(context, &mut request);
    refuse_ca_section(&request).map_err(|error| file.place(error))?;
    let hosts_by_flag = request::override_hosts(context, &mut request)?;
    let missing = "need a CA certificate (provide one with -ca)";
    if lacks_authority(context, missing, "need a CA key (provide one with -ca-key)")? {
        return Ok(());
    }
    let delivery = Delivery::prepare(context, None, places::CERTIFIED)?;
    let (key, csr, mut warnings) =
        key_and_csr(context, &request, &file, hosts_by_flag).map_err(|error| file.place(error))?;
    let (ca_key, certificate) = read_authority(context)?;
    let config = context.config.take().unwrap_or_else(SigningConfig::built_in);
    let ca_file = context.flags.text("ca-key").to_owned();
    let signer = LocalSigner::new(&certificate, &ca_key, config).map_err(|error| error.in_file(&ca_file))?;
    let ask = Ask {
        hosts: hosts_by_flag.then(|| csr.content().hosts.clone()),
        crl_url: Some(context.flags.text("crl").to_owned()).filter(|url| !url.is_empty()),
        ..Ask::default()
    };
    let profile = context.flags.text("profile").to_owned();
    let issuance = Issuance::at(context.now())?;
    let issued = signer.sign(csr.content(), &profile, &ask, issuance);
    let mut issued = issued.map_err(|error| request::in_config(context, error))?;
    warnings.append(&mut issued.warnings);
    // cfssl counts what was written: a lone blank host keeps it quiet.
    let hostless = request.hosts.is_empty() && !hosts_by_flag;
    let (profile, _) = signer.config().profile_or_default(&profile)?;
    if hostless && context.strict && serves(profile) {
        warnings.push(
            Warning::new(WarningKind::CommonNameNotInHosts, "a server certificate without hosts")
                .hint("add `hosts` to the request, or use -hostname"),
        );
    }
    let issued = Issued { csr: Some(csr), key: Some(key), warnings, ..issued };
    announce(context, &issued)?;
    if hostless {
        context.log_lines(Level::Warning, NO_HOSTS);
    }
    delivery.issued(context, &issued, None, Some(&certificate))
}

/// Names the request's file in the warnings about it.
fn in_file(issued: Issued, file: &JsonFile) -> Issued {
    Issued { warnings: file.place_warnings(issued.warnings), ..issued }
}

fn serves(profile: &SigningProfile) -> bool {
    profile.usages.iter().any(|usage| usage.word() == "server auth")
}

fn override_common_name(context: &Context<'_>, request: &mut CertificateRequest) {
    let name = context.flags.text("cn");
    if !name.is_empty() {
        name.clone_into(&mut request.common_name);
    }
}

/// Warns of flags that mean nothing in this form of the command.
fn ignore(context: &mut Context<'_>, form: &str, flags: &[&str]) -> Result<()> {
    let warnings: Vec<_> = flags
        .iter()
        .filter(|flag| context.flags.is_set(flag))
        .map(|flag| Warning::new(WarningKind::Ignored, format!("-{flag} has no effect with -{form}")))
        .collect();
    context.warn(&warnings)
}

fn announce(context: &mut Context<'_>, issued: &Issued) -> Result<()> {
    context.warn(&issued.warnings)?;
    context.info(&format!("signed certificate with serial number {}", issued.serial));
    Ok(())
}
