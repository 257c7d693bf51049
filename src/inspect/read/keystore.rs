//! Keystores of Java in its own forms: certificates are not encrypted in them, keys are, in a way of Java's own
//! (`sun.security.provider.JavaKeyStore`, `com.sun.crypto.provider.JceKeyStore`).

use super::contents::{At, Reading};
use crate::inspect::evidence::{Container, Object, PrivateKeyFacts};

/// Reads a keystore. False if `bytes` are none.
pub(super) fn read(reading: &mut Reading<'_, '_>, bytes: &[u8], at: &At<'_>) -> bool {
    let Some(rest) = bytes.strip_prefix(&JKS).or_else(|| bytes.strip_prefix(&JCEKS)) else { return false };
    let container = at.container(Container::JavaKeystore);
    let mut store = Store { rest };
    let mut objects = Vec::new();
    let is_whole = read_entries(&mut store, &mut objects).is_some();
    let mut number = 0;
    for object in objects {
        reading.push(container, at.item(number), object);
        number += 1;
    }
    if !is_whole {
        reading.damaged(
            container,
            at.item(number),
            "Java keystore",
            "it breaks off, or is of an unknown form",
        );
    }
    reading.contents.container.get_or_insert(container);
    true
}

const JKS: [u8; 4] = 0xFEED_FEED_u32.to_be_bytes();
const JCEKS: [u8; 4] = 0xCECE_CECE_u32.to_be_bytes();

/// What follows more objects than this is not read; the largest store of roots has a few hundred.
const MOST: usize = 100_000;

/// Reads the entries into `objects`; `None` where they break off.
fn read_entries(store: &mut Store<'_>, objects: &mut Vec<Object>) -> Option<()> {
    let version = store.number()?;
    for _ in 0..store.number()? {
        let kind = store.number()?;
        store.name()?;
        store.take(8)?;
        match kind {
            1 => {
                store.bytes()?;
                objects.push(Object::PrivateKey(PrivateKeyFacts {
                    subject_public_key_info: None,
                    form: "Java keystore",
                    is_encrypted: true,
                    fault: "keys in a keystore of Java are not opened; convert it with `keytool -importkeystore -deststoretype pkcs12`"
                        .into(),
                }));
                for _ in 0..store.number()? {
                    read_certificate(store, version, objects)?;
                }
            }
            2 => read_certificate(store, version, objects)?,
            // A secret key is an object of Java that does not tell its length.
            _ => return None,
        }
    }
    Some(())
}

fn read_certificate(store: &mut Store<'_>, version: u32, objects: &mut Vec<Object>) -> Option<()> {
    if version == 2 && store.name()? != b"X.509" {
        return store.bytes().map(|_| ());
    }
    // One without an octet takes no room in the file, and there could be millions.
    let der = store.bytes().filter(|der| !der.is_empty() && objects.len() < MOST)?;
    objects.push(Object::Certificate(der.into()));
    Some(())
}

/// Reads what Java's `DataOutputStream` writes.
struct Store<'a> {
    rest: &'a [u8],
}

impl<'a> Store<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// Bytes with a length of four bytes before them.
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }

    /// Text with a length of two bytes before it.
    fn name(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        self.take(usize::from(length))
    }
}
