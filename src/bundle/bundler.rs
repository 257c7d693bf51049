//! From certificates to a bundle.

use super::choice::{self, ECDSA_256, Flavor, SHA_2};
use super::platform::Platform;
use super::verify::{Chain, Pool, Search};
use super::{Bundle, BundleInput, BundleStatus, ChainCertificate, read_fetched_certificate};
use crate::keys::{PrivateKey, SigningKey};
use crate::x509::public_keys_match;
use crate::{Error, ErrorKind, Result};
use std::collections::HashSet;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// Fetches a certificate, in DER or PEM, from a URL that another certificate names.
pub type Fetch<'f> = dyn FnMut(&str) -> Option<Vec<u8>> + 'f;

/// URLs that are asked for one certificate.
const MOST_FETCHES: usize = 16;
/// A chain with less than this left is expiring.
const EXPIRING: Duration = Duration::days(30);

const SHA_2_WARNING: &str = "The bundle contains certificates signed with advanced hash functions such as \
    SHA2, which are problematic for certain operating systems, e.g. Windows XP SP2.";
const ECDSA_WARNING: &str = "The bundle contains ECDSA signatures, which are problematic for certain \
    operating systems, e.g. Windows XP, Android 2.2 and Android 2.3.";
const NO_METADATA: &str = "Unable to measure bundle ubiquity: No platform metadata present.";

/// Makes bundles out of roots and intermediates.
#[derive(Debug, Default)]
pub struct Bundler {
    roots: Pool,
    intermediates: Pool,
    platforms: Vec<Platform>,
}

impl Bundler {
    /// A bundler that trusts `roots`.
    #[must_use]
    pub fn new(roots: Vec<ChainCertificate>, intermediates: Vec<ChainCertificate>) -> Self {
        Self { roots: Pool::new(roots), intermediates: Pool::new(intermediates), platforms: Vec::new() }
    }

    /// The same, for platforms to please.
    #[must_use]
    pub fn with_platforms(mut self, platforms: Vec<Platform>) -> Self {
        self.platforms = platforms;
        self
    }

    /// Finds the chain of the first certificate of `input`. Where no root and intermediate fit, the other
    /// certificates of `input` and what `fetch` brings are tried as intermediates; what proves good is kept
    /// for the next bundle.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateSelfSigned`], [`ErrorKind::UnknownAuthority`] and the other faults of a chain
    /// (codes 1100 to 1220); [`ErrorKind::PrivateKeyMismatch`] for a key of another certificate,
    /// [`ErrorKind::PrivateKeyAlgorithm`] for a certificate whose key is of no known kind, and
    /// [`ErrorKind::CertificateDecode`] without any certificate.
    pub fn bundle(
        &mut self,
        input: BundleInput,
        flavor: Flavor,
        now: OffsetDateTime,
        fetch: &mut Fetch<'_>,
    ) -> Result<Bundle> {
        let BundleInput { certificates, key } = input;
        let given = in_order(certificates.into_iter().map(Arc::new).collect());
        let Some(certificate) = given.first().map(Arc::clone) else {
            return Err(Error::of(ErrorKind::CertificateDecode).explain("there is no certificate to bundle"));
        };
        check_key(&certificate, key.as_ref())?;
        let mut learned = Vec::new();
        let mut chain = if flavor == Flavor::Force {
            if !is_chain(&given) {
                return Err(Error::new(
                    ErrorKind::CertificateVerify,
                    "Unable to verify the certificate chain",
                )
                .explain("the certificates are no chain: each must be signed by the next"));
            }
            given.clone()
        } else {
            if certificate.is_self_signed() {
                return Err(Error::of(ErrorKind::CertificateSelfSigned)
                    .explain("the certificate is self-signed: nothing stands between it and a root"));
            }
            let chains = self.chains(&given, now, fetch, &mut learned)?;
            choice::best(chains, flavor, &self.platforms).unwrap_or_default()
        };
        let (mut status, root) = self.assess(&chain, flavor, now);
        let keeps_root =
            !certificate.ocsp_servers.is_empty() && !certificate.is_authority() && chain.len() <= 2;
        // A trusted certificate is a chain of itself alone.
        if flavor != Flavor::Force && !keeps_root && chain.len() > 1 {
            chain.pop();
        }
        let signatures = |chain: &Chain| chain.iter().map(|link| link.signature.clone()).collect::<Vec<_>>();
        status.rebundled = signatures(&chain) != signatures(&given);
        Ok(Bundle { chain, root, key, status, learned, certificate })
    }

    fn chains(
        &mut self,
        given: &Chain,
        now: OffsetDateTime,
        fetch: &mut Fetch<'_>,
        learned: &mut Chain,
    ) -> Result<Vec<Chain>> {
        let Some(certificate) = given.first() else { return Ok(Vec::new()) };
        match self.search(now).chains(certificate) {
            Err(error) if error.kind() == ErrorKind::UnknownAuthority => {
                let found = self.find_intermediates(given, now, fetch, learned)
                    || self.adopt_in_any_order(given, now, learned);
                if found { self.search(now).chains(certificate) } else { Err(error) }
            }
            result => result,
        }
    }

    fn search(&self, now: OffsetDateTime) -> Search<'_> {
        Search { roots: &self.roots, intermediates: &self.intermediates, now }
    }

    /// Walks from issuer to issuer, in the input and by the URLs in the certificates. True where a chain
    /// was found.
    fn find_intermediates(
        &mut self,
        given: &Chain,
        now: OffsetDateTime,
        fetch: &mut Fetch<'_>,
        learned: &mut Chain,
    ) -> bool {
        let mut seen_signatures: HashSet<Vec<u8>> = given.iter().map(|link| link.signature.clone()).collect();
        let mut seen_urls = HashSet::new();
        let mut found = false;
        // The way so far: the certificate to bundle first, the one nearest to a root last.
        let mut way: Chain = given.clone();
        // How short the way has to be before there is something to find out that was not asked before.
        let mut new_at = usize::MAX;
        while let Some(current) = way.last().map(Arc::clone) {
            if way.len() <= new_at {
                match self.adopt(&way, now, learned) {
                    Ok(()) => (found, new_at) = (true, 0),
                    Err(place) => new_at = place,
                }
            }
            let mut advanced = false;
            for url in &current.issuing_certificate_urls {
                if seen_urls.len() >= MOST_FETCHES || !seen_urls.insert(url.clone()) {
                    continue;
                }
                let Some(issuer) = fetch(url).as_deref().and_then(read_fetched_certificate) else { continue };
                if seen_signatures.insert(issuer.signature.clone()) {
                    way.push(Arc::new(issuer));
                    new_at = usize::MAX;
                    advanced = true;
                    break;
                }
            }
            if !advanced {
                way.pop();
            }
        }
        found
    }

    /// Takes what is good of the certificates that were given, for those who sort them otherwise than TLS
    /// wants; cfssl gives up on them. True where any was.
    fn adopt_in_any_order(&mut self, given: &Chain, now: OffsetDateTime, learned: &mut Chain) -> bool {
        let before = learned.len();
        // Each round finds one that hangs on those before, or is the last.
        for _ in given.iter().take(MOST_FETCHES) {
            let next = given.iter().skip(1).find(|link| {
                !self.roots.knows(link)
                    && !self.intermediates.knows(link)
                    && self.search(now).chains(link).is_ok()
            });
            let Some(link) = next else { break };
            self.intermediates.add(Arc::clone(link));
            learned.push(Arc::clone(link));
        }
        learned.len() > before
    }

    /// Takes the good ones of the way, from the root down, into the intermediates, up to the first that is not good:
    /// its place is the error.
    fn adopt(
        &mut self,
        way: &Chain,
        now: OffsetDateTime,
        learned: &mut Chain,
    ) -> std::result::Result<(), usize> {
        for (place, link) in way.iter().enumerate().rev() {
            if self.roots.knows(link) || self.intermediates.knows(link) {
                continue;
            }
            if self.search(now).chains(link).is_err() {
                return Err(place);
            }
            let is_root = place + 1 == way.len() && link.is_self_signed();
            if place > 0 && !is_root {
                self.intermediates.add(Arc::clone(link));
                learned.push(Arc::clone(link));
            }
        }
        Ok(())
    }

    /// What there is to say of the whole chain, and its root.
    fn assess(
        &self,
        chain: &Chain,
        flavor: Flavor,
        now: OffsetDateTime,
    ) -> (BundleStatus, Option<Arc<ChainCertificate>>) {
        let mut status = BundleStatus::default();
        let mut add = |bit, message: String| {
            status.code |= bit;
            status.messages.push(message);
        };
        let expiring: Vec<(usize, &Arc<ChainCertificate>)> =
            chain.iter().enumerate().filter(|(_, link)| link.not_after - now < EXPIRING).collect();
        if !expiring.is_empty() {
            let verb = if expiring.len() == 1 { "The expiring cert is" } else { "The expiring certs are" };
            let places: String = expiring.iter().map(|(place, _)| format!(" #{}", place + 1)).collect();
            let message = format!("The bundle is expiring within 30 days.{verb}{places} in the chain.");
            add(BundleStatus::EXPIRING, message);
        }
        if choice::chain_hash_reach(chain) <= SHA_2 {
            add(BundleStatus::NOT_UBIQUITOUS, SHA_2_WARNING.to_owned());
        }
        if choice::chain_key_reach(chain) <= ECDSA_256 {
            add(BundleStatus::NOT_UBIQUITOUS, ECDSA_WARNING.to_owned());
        }
        let root = chain.last().filter(|_| flavor != Flavor::Force).cloned();
        let mut untrusting = None;
        if let Some(root) = &root {
            let platforms = self.platforms.iter().filter(|platform| !platform.trusts(root));
            let names: Vec<String> = platforms.map(|platform| platform.name().to_owned()).collect();
            if self.platforms.is_empty() {
                add(BundleStatus::NOT_UBIQUITOUS, NO_METADATA.to_owned());
            } else if !names.is_empty() {
                let list = names.join(", ");
                let message = format!("The bundle may not be trusted by the following platform(s): {list}.");
                add(BundleStatus::NOT_UBIQUITOUS, message);
            }
            untrusting = Some(names);
        }
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        status.expiring_key_identifiers =
            expiring.iter().map(|(_, link)| hex(&link.subject_key_identifier)).collect();
        status.untrusting_platforms = untrusting;
        (status, root)
    }
}

/// The certificates with the one to bundle first, where they were given the other way round.
fn in_order(mut given: Chain) -> Chain {
    if !is_chain(&given) {
        given.reverse();
        if !is_chain(&given) {
            given.reverse();
        }
    }
    given
}

/// True where each is signed by the next.
fn is_chain(certificates: &Chain) -> bool {
    let pairs = certificates.iter().zip(certificates.iter().skip(1));
    pairs.into_iter().all(|(child, parent)| child.check_signature_from(parent).is_ok())
}

fn check_key(certificate: &ChainCertificate, key: Option<&PrivateKey>) -> Result<()> {
    if certificate.key_algorithm().is_none() {
        return Err(Error::of(ErrorKind::PrivateKeyAlgorithm)
            .explain("the certificate's key is of a kind that is not supported"));
    }
    match key {
        Some(key)
            if !public_keys_match(key.subject_public_key_info(), &certificate.subject_public_key_info) =>
        {
            Err(Error::of(ErrorKind::PrivateKeyMismatch)
                .explain("the private key does not belong to the certificate"))
        }
        _ => Ok(()),
    }
}
