//! `cfssl bundle`: the chain from a certificate to a root.

use super::authority::parse_key;
use super::log::Level;
use super::tls_probe::TlsProbe;
use super::{Context, http, input, request};
use crate::bundle::{
    Bundle, BundleInput, Bundler, ChainCertificate, Flavor, Platform, PlatformFile, read_certificates,
    read_input, read_known_certificates,
};
use crate::keys::PrivateKey;
use crate::model::Host;
use crate::{Error, ErrorKind, Result, Warning, WarningKind, json};
use std::path::Path;
use std::time::Duration;

/// cfssl's patience with `-domain`.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where systems keep their roots, in Go's order.
const SYSTEM_ROOTS: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

pub(super) fn run(context: &mut Context<'_>) -> Result<()> {
    let platforms = read_platforms(context)?;
    // A forced bundle is the input in order: nothing else is looked at.
    let forced = context.flags.text("flavor") == "force";
    let (roots, intermediates) = match forced {
        true => (Vec::new(), Vec::new()),
        false => (read_roots(context)?, read_intermediates(context)?),
    };
    if !forced {
        make_directory(context)?;
    }
    let target = if context.flags.has_text("cert") {
        read_target(context)?
    } else if context.flags.has_text("domain") {
        ask_server(context)?
    } else {
        return Err(Error::new(ErrorKind::Usage, "Must specify bundle target through -cert or -domain"));
    };
    if let Some(first) = target.certificates.first() {
        let message = format!("bundling certificate for {}", first.subject);
        context.info(&message);
    }
    let name = context.flags.text("flavor").to_owned();
    if !["ubiquitous", "optimal", "force"].contains(&name.as_str()) {
        let message = format!("there is no flavor {}; ubiquitous is used", json::quote(&name));
        context
            .warn(&[Warning::new(WarningKind::Unwise, message).hint("write ubiquitous, optimal or force")])?;
    }
    let flavor = Flavor::from_name(&name);
    let without_platforms = platforms.is_empty();
    let mut bundler = Bundler::new(roots, intermediates).with_platforms(platforms);
    let now = context.now();
    let mut fetch = |url: &str| {
        let result = http::get(url, http::FOR_A_CERTIFICATE);
        match &result {
            Ok(_) => context.log(Level::Debug, &format!("fetched {url}")),
            Err(failure) => context.log(Level::Debug, &format!("cannot fetch {url}: {}", failure.reason)),
        }
        result.ok()
    };
    let bundle = bundler.bundle(target, flavor, now, &mut fetch)?;
    stash(context, &bundle);
    if name == "ubiquitous" && without_platforms {
        context.log(Level::Warning, "No metadata, Ubiquitous falls back to Optimal.");
    }
    if let Some(root) = &bundle.root {
        context.info(&format!("the anchoring root is {}", root.subject));
    }
    context.write_out(json::compact(&bundle.expose_json()))
}

/// What `-metadata` names. cfssl passes over a file that it cannot read.
fn read_platforms(context: &mut Context<'_>) -> Result<Vec<Platform>> {
    let path = context.flags.text("metadata").to_owned();
    if path.is_empty() {
        return Ok(Vec::new());
    }
    match load_platforms(context, &path) {
        Ok(platforms) => Ok(platforms),
        Err(error) => {
            let message = format!("the platform metadata is not used: {}", error.in_file(&path));
            context.warn(&[Warning::new(WarningKind::Ignored, message)])?;
            Ok(Vec::new())
        }
    }
}

fn load_platforms(context: &mut Context<'_>, path: &str) -> Result<Vec<Platform>> {
    let directory = Path::new(path).parent().unwrap_or(Path::new(""));
    let mut platforms = Vec::new();
    for file in PlatformFile::read_all(&input::read_file(path)?)? {
        let roots = match file.keystore.as_str() {
            "" => Vec::new(),
            name => {
                // An absolute name, too, is taken to be below the directory of the metadata file.
                let store = directory.join(name.trim_start_matches('/'));
                read_known_certificates(&input::read_file(&store.to_string_lossy())?)
            }
        };
        let platform = file.with_roots(&roots);
        context.info(&format!("Platform metadata is loaded: {} {}", platform.name(), platform.root_count()));
        platforms.push(platform);
    }
    Ok(platforms)
}

fn read_roots(context: &mut Context<'_>) -> Result<Vec<ChainCertificate>> {
    let path = context.flags.text("ca-bundle").to_owned();
    if !path.is_empty() {
        let text = input::read_file(&path).map_err(|error| {
            let message = format!("root bundle failed to load: {}", error.message());
            context.log(Level::Error, &message);
            error.with_kind(ErrorKind::RootRead).hint("-ca-bundle names the file of the roots")
        })?;
        // cfssl takes an empty file, too.
        if text.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        return read_certificates(&text).map_err(|error| {
            let message = format!("failed to parse root bundle: {}", error.cfssl_text());
            context.log(Level::Error, &message);
            Error::of(ErrorKind::RootParse).explain(error.to_string()).in_file(&path)
        });
    }
    let named = context.environment("SSL_CERT_FILE").and_then(|path| path.into_string().ok());
    let named = named.filter(|path| !path.is_empty());
    let places = match named.as_deref() {
        Some(path) => vec![path],
        None => SYSTEM_ROOTS.to_vec(),
    };
    let found = places.into_iter().find_map(|path| input::read_file(path).ok());
    Ok(found.map(|text| read_known_certificates(&text)).unwrap_or_default())
}

fn read_intermediates(context: &mut Context<'_>) -> Result<Vec<ChainCertificate>> {
    let path = context.flags.text("int-bundle").to_owned();
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let text = input::read_file(&path).map_err(|error| {
        let message = format!("intermediate bundle failed to load: {}", error.message());
        context.log(Level::Error, &message);
        error.with_kind(ErrorKind::IntermediateRead).hint("-int-bundle names the file of the intermediates")
    })?;
    // cfssl takes an empty file, too.
    if text.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    read_certificates(&text).map_err(|error| {
        let message = format!("failed to parse intermediate bundle: {}", error.cfssl_text());
        context.log(Level::Error, &message);
        Error::of(ErrorKind::IntermediateParse).explain(error.to_string()).in_file(&path)
    })
}

fn make_directory(context: &mut Context<'_>) -> Result<()> {
    let path = context.flags.text("int-dir").to_owned();
    if path.is_empty() || Path::new(&path).exists() {
        return Ok(());
    }
    context.info(&format!("intermediate stash directory {path} doesn't exist, creating"));
    std::fs::create_dir_all(&path).map_err(|error| {
        let error = Error::io("mkdir", &path, &error);
        let message = format!("failed to create intermediate stash directory {path}: {}", error.message());
        context.log(Level::Error, &message);
        error
    })?;
    context.info(&format!("intermediate stash directory {path} created"));
    Ok(())
}

/// Keeps what was learned in the directory of `-int-dir`. A file that cannot be written is told, no more.
fn stash(context: &mut Context<'_>, bundle: &Bundle) {
    let directory = context.flags.text("int-dir").to_owned();
    if directory.is_empty() {
        return;
    }
    for certificate in &bundle.learned {
        let name = certificate.file_name();
        let path = Path::new(&directory).join(&name);
        match std::fs::write(&path, certificate.to_pem() + "\n") {
            Ok(()) => context.info(&format!("stashed new intermediate {name}")),
            Err(error) => {
                let error = Error::io("open", &path.to_string_lossy(), &error);
                context.log(Level::Error, &format!("failed to write new intermediate: {}", error.message()));
            }
        }
    }
}

/// The certificates of `-cert` and the key of `-key`.
fn read_target(context: &mut Context<'_>) -> Result<BundleInput> {
    let path = context.flags.text("cert").to_owned();
    let bytes = context.read_input(&path).map_err(|error| match path.as_str() {
        "-" => error,
        _ => error.with_kind(ErrorKind::CertificateRead),
    })?;
    let key = read_key(context)?;
    let password = context.flags.text("password").to_owned();
    // The default of cfssl, "0", opens no file that anybody has; an empty password is common.
    let passwords = if context.flags.is_set("password") { vec![password.as_str()] } else { vec!["0", ""] };
    let name = request::input_name(&path);
    let mut target = read_input(&bytes, &passwords).map_err(|error| error.in_file(&name))?;
    if key.is_some() {
        target.key = key;
    }
    Ok(target)
}

fn read_key(context: &mut Context<'_>) -> Result<Option<PrivateKey>> {
    let path = context.flags.text("key").to_owned();
    if path.is_empty() {
        return Ok(None);
    }
    let text = context.read_secret_input(&path).map_err(|error| match path.as_str() {
        "-" => error,
        _ => error.with_kind(ErrorKind::PrivateKeyRead),
    })?;
    parse_key(context, &text, &path).map(Some)
}

/// The certificates of the server at `-domain`, or at `-ip` under the name of `-domain`.
fn ask_server(context: &mut Context<'_>) -> Result<BundleInput> {
    let domain = context.flags.text("domain").to_owned();
    let dial = |error: Error| error.with_kind(ErrorKind::Dial);
    let mut probe = TlsProbe::new(&domain, None, TIMEOUT).map_err(dial)?;
    probe.address = Some(context.flags.text("ip").to_owned()).filter(|ip| !ip.is_empty());
    let answer = probe.ask().map_err(dial)?;
    let certificates =
        answer.certificates().map(|der| ChainCertificate::from_der(der)).collect::<Result<Vec<_>>>()?;
    if let Some(first) = certificates.first() {
        check_host(first, &answer.host)?;
    }
    Ok(BundleInput { certificates, key: None })
}

fn check_host(certificate: &ChainCertificate, name: &str) -> Result<()> {
    let covers = |host: &Host| match host {
        Host::Ip(address) => name.parse() == Ok(*address),
        Host::Dns(pattern) => {
            let wildcard = pattern.strip_prefix("*.").zip(name.split_once('.'));
            pattern.eq_ignore_ascii_case(name)
                || wildcard.is_some_and(|(domain, (_, parent))| domain.eq_ignore_ascii_case(parent))
        }
        _ => false,
    };
    if certificate.hosts.iter().any(covers) {
        return Ok(());
    }
    let names: Vec<String> = certificate
        .hosts
        .iter()
        .filter_map(|host| match host {
            Host::Dns(name) => Some(name.clone()),
            Host::Ip(address) => Some(address.to_string()),
            _ => None,
        })
        .collect();
    let words = match names.is_empty() {
        true => format!("x509: certificate is not valid for any names, but wanted to match {name}"),
        false => format!("x509: certificate is valid for {}, not {name}", names.join(", ")),
    };
    Err(Error::new(ErrorKind::CertificateVerify, words))
}
