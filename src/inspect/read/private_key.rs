//! Private keys: their form and their public half. The secret is not kept.

use crate::inspect::evidence::{Object, PrivateKeyFacts};
use crate::keys::KeyOutline;
use crate::pem::Section;

/// The private key in DER; `None` if it is none.
pub(super) fn of_der(der: &[u8], passwords: &[&str]) -> Option<Object> {
    KeyOutline::of_der(der, None, passwords).map(facts)
}

/// The private key in a PEM section, `curve` being the DER of parameters before it; `None` if it is none.
pub(super) fn of_section(section: &Section<'_>, curve: Option<&[u8]>, passwords: &[&str]) -> Option<Object> {
    KeyOutline::of_section(section, curve, passwords).map(facts)
}

/// A private key whose public half is known.
pub(super) fn known(form: &'static str, is_encrypted: bool, subject_public_key_info: &[u8]) -> Object {
    Object::PrivateKey(PrivateKeyFacts {
        subject_public_key_info: Some(subject_public_key_info.into()),
        form,
        is_encrypted,
        fault: "".into(),
    })
}

fn facts(outline: KeyOutline) -> Object {
    Object::PrivateKey(PrivateKeyFacts {
        subject_public_key_info: outline.subject_public_key_info.map(Vec::into_boxed_slice),
        form: outline.form,
        is_encrypted: outline.is_encrypted,
        fault: outline.fault.into(),
    })
}
