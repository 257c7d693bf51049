//! Private keys: their form and their public half. The secret is not kept.

use crate::inspect::evidence::{Object, PrivateKeyFacts};
use crate::keys::{KeyOpener, KeyOutline};
use crate::pem::Section;

/// The private key in DER; `None` if it is none.
pub(super) fn of_der(der: &[u8], opener: &mut KeyOpener<'_>) -> Option<Object> {
    KeyOutline::of_der(der, None, opener).map(facts)
}

/// The private key in a PEM section, `curve` being the DER of parameters before it; `None` if it is none.
pub(super) fn of_section(
    section: &Section<'_>,
    curve: Option<&[u8]>,
    opener: &mut KeyOpener<'_>,
) -> Option<Object> {
    KeyOutline::of_section(section, curve, opener).map(facts)
}

/// A private key that was found.
pub(super) fn facts(outline: KeyOutline) -> Object {
    Object::PrivateKey(PrivateKeyFacts {
        subject_public_key_info: outline.subject_public_key_info.map(Vec::into_boxed_slice),
        form: outline.form,
        is_encrypted: outline.is_encrypted,
        fault: outline.fault.into(),
    })
}
