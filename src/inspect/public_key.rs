//! Public keys as Go prints its structs.

use crate::base64;
use crate::json::Value;
use crate::x509::der_reader::{Item, Reader, tag};
use crate::x509::unsigned_decimal;

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Go's number of the algorithm of a `SubjectPublicKeyInfo` (0: unknown), and the key, `null` where Go
/// could not read it.
pub(super) fn describe(key_info: Item<'_>) -> (u8, Value) {
    let mut parts = key_info.open();
    let mut identifier = match parts.take_if(tag::SEQUENCE) {
        Some(identifier) => identifier.open(),
        None => return (0, Value::null()),
    };
    let Some(oid) = identifier.take_if(tag::OID) else {
        return (0, Value::null());
    };
    let parameters = identifier.next();
    let bits = parts.take_if(tag::BIT_STRING).map(bytes).unwrap_or_default();
    let (number, key) = match oid.value {
        RSA => (1, rsa(&bits)),
        DSA => (2, dsa(&bits, parameters)),
        ECDSA => (3, ecdsa(&bits)),
        ED25519 => (4, Some(Value::string(base64::encode(&bits)))),
        _ => (0, None),
    };
    (number, key.unwrap_or_else(Value::null))
}

/// A BIT STRING's bytes, moved right so that unused bits come first, as Go does.
pub(super) fn bytes(bits: Item<'_>) -> Vec<u8> {
    let Some((&unused @ 0..=7, bytes)) = bits.value.split_first() else {
        return Vec::new();
    };
    let mut carry = 0;
    let shifted = bytes.iter().map(|&byte| {
        let moved = (u16::from(carry) << 8 | u16::from(byte)) >> unused;
        carry = byte;
        moved.to_be_bytes()[1]
    });
    shifted.collect()
}

fn rsa(key: &[u8]) -> Option<Value> {
    let mut numbers = Reader::only(key, tag::SEQUENCE)?.open();
    let modulus = integer(numbers.next()?)?;
    let exponent = integer(numbers.next()?)?;
    Some(Value::object([("N", modulus), ("E", exponent)]))
}

fn dsa(key: &[u8], parameters: Option<Item<'_>>) -> Option<Value> {
    let mut group = parameters.filter(|item| item.tag == tag::SEQUENCE)?.open();
    let p = integer(group.next()?)?;
    let q = integer(group.next()?)?;
    let g = integer(group.next()?)?;
    let y = integer(Reader::only(key, tag::INTEGER)?)?;
    Some(Value::object([("P", p), ("Q", q), ("G", g), ("Y", y)]))
}

/// Go prints nothing of the curve. A compressed point is left out: Go does not read one.
fn ecdsa(point: &[u8]) -> Option<Value> {
    let coordinates = point.strip_prefix(&[4])?;
    let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
    Some(Value::object([
        ("Curve", Value::object([])),
        ("X", Value::number(unsigned_decimal(x)?)),
        ("Y", Value::number(unsigned_decimal(y)?)),
    ]))
}

fn integer(item: Item<'_>) -> Option<Value> {
    let is_integer = item.tag == tag::INTEGER && item.value.first().is_some_and(|&byte| byte < 0x80);
    let decimal = unsigned_decimal(item.value).filter(|_| is_integer)?;
    Some(Value::number(decimal))
}
