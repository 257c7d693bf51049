//! RSA keys of the sizes the cryptographic library does not generate: every size but 2048, 3072, 4096 and 8192 bits.
//!
//! What this module holds is wiped; the copies that the sieve and the primality test make for themselves are not.

use std::num::NonZeroU32;

use crypto_bigint::{BitOps, BoxedUint, NonZero, Resize};
use crypto_primes::hazmat::SmallFactorsSieve;
use crypto_primes::{Flavor, is_prime};
use zeroize::Zeroizing;

use super::backend::random;
use super::encode;
use crate::error::{Error, ErrorKind, Result};

const PUBLIC_EXPONENT: u32 = 65537;

/// A number that is wiped when dropped.
type Secret = Zeroizing<BoxedUint>;

/// The PKCS#1 DER of a new key whose modulus has exactly `bits` bits (FIPS 186-5, appendix A.1.3, in its spirit).
pub(super) fn generate(bits: u32) -> Result<Zeroizing<Vec<u8>>> {
    let (larger, smaller) = (bits.div_ceil(2), bits / 2);
    loop {
        // All further work happens in numbers wide enough for the modulus.
        let first = prime(larger)?;
        let second = prime(smaller)?;
        let (first, second) = (widened(&first, bits), widened(&second, bits));
        let (p, q) = if *first > *second { (first, second) } else { (second, first) };
        if let Some(der) = assemble(&p, &q, bits) {
            return Ok(der);
        }
    }
}

/// A random prime of exactly `bits` bits, at least 3/4 of 2^`bits`, so that the product of two has all its bits.
fn prime(bits: u32) -> Result<Secret> {
    let failed = || Error::of(ErrorKind::PrivateKeyGeneration).explain("no prime number was found");
    let size = NonZeroU32::new(bits).ok_or_else(failed)?;
    loop {
        let start = random_number(bits)?;
        let sieve = SmallFactorsSieve::new((*start).clone(), size, false).map_err(|_| failed())?;
        for candidate in sieve {
            let candidate = Zeroizing::new(candidate);
            if is_prime(Flavor::Any, &*candidate) {
                if coprime_to_public_exponent(&candidate) {
                    return Ok(candidate);
                }
                break;
            }
        }
    }
}

/// A random number of exactly `bits` bits with the two highest set.
fn random_number(bits: u32) -> Result<Secret> {
    let mut bytes = Zeroizing::new(vec![0; bits.div_ceil(8) as usize]);
    random(&mut bytes)?;
    let mut number = Zeroizing::new(BoxedUint::from_be_slice_truncated(&bytes, bits));
    for bit in [bits - 1, bits - 2] {
        number.set_bit_vartime(bit, true);
    }
    Ok(number)
}

/// Whether `prime` - 1 is no multiple of the public exponent, which is a prime itself.
fn coprime_to_public_exponent(prime: &BoxedUint) -> bool {
    let exponent = NonZero::new(BoxedUint::from(PUBLIC_EXPONENT)).into_option();
    exponent.is_some_and(|exponent| prime.rem(&exponent) != BoxedUint::one())
}

/// The key of two primes, the larger first; nothing where they are too close or, against all odds, do not fit.
fn assemble(p: &BoxedUint, q: &BoxedUint, bits: u32) -> Option<Zeroizing<Vec<u8>>> {
    // FIPS 186-5, A.1.3: closer primes could be found from the modulus.
    let distance = Zeroizing::new(p.wrapping_sub(q));
    let modulus = p.wrapping_mul(q);
    if distance.bits() <= bits / 2 - 100 || modulus.bits() != bits {
        return None;
    }
    let one = widened(&BoxedUint::one(), bits);
    let exponent = widened(&BoxedUint::from(PUBLIC_EXPONENT), bits);
    let p_less_one = Zeroizing::new(p.wrapping_sub(&*one));
    let q_less_one = Zeroizing::new(q.wrapping_sub(&*one));
    let totient = modulo(Zeroizing::new(p_less_one.wrapping_mul(&*q_less_one)))?;
    let d = Zeroizing::new(exponent.invert_mod(&totient).into_option()?);
    let exponent_p = Zeroizing::new(d.rem(&*modulo(p_less_one)?));
    let exponent_q = Zeroizing::new(d.rem(&*modulo(q_less_one)?));
    let coefficient = Zeroizing::new(q.invert_mod(&*modulo(Zeroizing::new(p.clone()))?).into_option()?);
    let numbers = [&modulus, &exponent, &d, p, q, &exponent_p, &exponent_q, &coefficient];
    let numbers = numbers.map(|number| Zeroizing::new(number.to_be_bytes().into_vec()));
    Some(encode::pkcs1(&numbers.each_ref().map(|number| number.as_slice())))
}

fn widened(number: &BoxedUint, bits: u32) -> Secret {
    Zeroizing::new(number.resize(bits))
}

/// `number` as a modulus, if it is not zero.
fn modulo(number: Secret) -> Option<Zeroizing<NonZero<BoxedUint>>> {
    NonZero::new((*number).clone()).into_option().map(Zeroizing::new)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn primes_have_their_two_highest_bits() {
        for bits in [512, 513, 525] {
            let prime = prime(bits).unwrap();
            assert_eq!(prime.bits(), bits);
            let highest = &*prime >> (bits - 2);
            assert_eq!(highest, BoxedUint::from(3u32).resize(prime.bits_precision()));
        }
    }

    #[test]
    fn sees_a_common_factor_with_the_public_exponent() {
        assert!(!coprime_to_public_exponent(&BoxedUint::from(65537u32 * 2 + 1)));
        assert!(coprime_to_public_exponent(&BoxedUint::from(65537u32 * 2 + 3)));
    }

    #[test]
    fn refuses_primes_that_are_close() {
        let prime = prime(1024).unwrap();
        let prime = widened(&prime, 2048);
        let neighbour = prime.wrapping_sub(&*widened(&BoxedUint::from(2u32), 2048));
        assert!(assemble(&prime, &neighbour, 2048).is_none());
    }
}
