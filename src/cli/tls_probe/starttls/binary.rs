//! The protocols of messages: PostgreSQL, MySQL and LDAP.

use super::wire::{Trouble, Wire, fault};

/// PostgreSQL: an `SSLRequest`, answered by one letter (chapter "Message Flow", "SSL Session Encryption").
pub(super) fn postgres(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    // Length 8, then 1234 and 5679 where a version would stand.
    wire.send(&[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])?;
    match wire.byte()? {
        b'S' => Ok(()),
        b'N' => fault("the server has TLS switched off"),
        // What an error says before TLS may come from anybody, so it is not shown.
        b'E' => fault("the server answered with an error"),
        _ => fault("the server does not speak PostgreSQL"),
    }
}

/// MySQL: the server's greeting, then an `SSLRequest` without an answer (chapter "Connection Phase").
pub(super) fn mysql(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    const LONG_PASSWORD: u32 = 0x1;
    const PROTOCOL_41: u32 = 0x200;
    const SSL: u32 = 0x800;
    const SECURE_CONNECTION: u32 = 0x8000;
    let header = wire.bytes(4)?;
    let &[low, middle, high, _] = header.as_slice() else {
        return fault("the server does not speak MySQL");
    };
    // Where another protocol is spoken these are letters, and no greeting is that long.
    if high > 0 {
        return fault("the server does not speak MySQL");
    }
    let greeting = wire.bytes(usize::from(u16::from_le_bytes([low, middle])))?;
    let abilities = match greeting.as_slice() {
        [10, rest @ ..] => greeted_abilities(rest),
        [0xff, low, high, ..] => {
            let code = u16::from_le_bytes([*low, *high]);
            return fault(format!("the server answered with error {code}"));
        }
        _ => None,
    };
    let Some(abilities) = abilities else {
        return fault("the server does not speak MySQL");
    };
    if u32::from(abilities) & SSL == 0 {
        return fault("the server does not offer TLS");
    }
    // Packet 1 of 32 bytes: abilities, the largest packet (16 MiB), the character set utf8, and room.
    let mut request = vec![32, 0, 0, 1];
    request.extend((LONG_PASSWORD | PROTOCOL_41 | SSL | SECURE_CONNECTION).to_le_bytes());
    request.extend((1u32 << 24).to_le_bytes());
    request.push(33);
    request.extend([0; 23]);
    wire.send(&request)
}

/// The lower half of the abilities in a greeting of version 10: behind the server's version, the number of the
/// connection, eight bytes for the password and a zero.
fn greeted_abilities(greeting: &[u8]) -> Option<u16> {
    let version = greeting.iter().position(|byte| *byte == 0)?;
    let rest = greeting.get(version + 1 + 4 + 8 + 1..)?;
    rest.first_chunk().map(|abilities| u16::from_le_bytes(*abilities))
}

/// LDAP: the extended operation StartTLS (RFC 4511 section 4.14).
pub(super) fn ldap(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    const SEQUENCE: u8 = 0x30;
    // Message 1, an ExtendedRequest with nothing but its name.
    wire.send(b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037")?;
    let stranger = "the server does not speak LDAP";
    if wire.byte()? != SEQUENCE {
        return fault(stranger);
    }
    let short = wire.byte()?;
    let length = match short {
        0..=0x7f => usize::from(short),
        0x81..=0x84 => number(&wire.bytes(usize::from(short & 0x7f))?),
        _ => return fault(stranger),
    };
    match result_code(&wire.bytes(length)?) {
        Some(0) => Ok(()),
        Some(code) => fault(format!("the server answered with result {code} to StartTLS")),
        None => fault(stranger),
    }
}

/// The result code of an ExtendedResponse.
fn result_code(message: &[u8]) -> Option<u8> {
    const INTEGER: u8 = 0x02;
    const ENUMERATED: u8 = 0x0a;
    const EXTENDED_RESPONSE: u8 = 0x78;
    let (INTEGER, _, rest) = ber(message)? else { return None };
    let (EXTENDED_RESPONSE, response, _) = ber(rest)? else { return None };
    let (ENUMERATED, &[code], _) = ber(response)? else { return None };
    Some(code)
}

/// Tag, contents and what follows. Active Directory writes lengths in four bytes however short they are, which is BER
/// and no DER.
fn ber(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let &[tag, short, ref rest @ ..] = bytes else { return None };
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (number(length), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

/// Up to four bytes, the highest first.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::super::StartTls;
    use super::*;
    use crate::cli::tls_probe::TlsProbe;
    use crate::cli::tls_probe::test_server::{P256, Pki, Step, front};
    use proptest::prelude::*;
    use std::time::Duration;

    const POSTGRES: &[u8] = &[0, 0, 0, 8, 4, 210, 22, 47];
    const LDAP: &[u8] = b"0\x1d\x02\x01\x01w\x18\x80\x161.3.6.1.4.1.1466.20037";
    const MYSQL: &[u8] = b" \0\0\x01\x01\x8a\0\0\0\0\0\x01!\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

    fn probe(kind: StartTls, address: &str) -> TlsProbe {
        TlsProbe::new(address, Some(kind), Duration::from_secs(10)).unwrap()
    }

    /// A packet of MySQL: a greeting of version 10 with these abilities.
    fn greeting(abilities: [u8; 2]) -> Vec<u8> {
        let body =
            [b"\x0a8.0.36\0\x07\0\0\x0012345678\0", abilities.as_slice(), b"\x21\x02\0\xff\xdf"].concat();
        [&[u8::try_from(body.len()).unwrap(), 0, 0, 0], body.as_slice()].concat()
    }

    #[test]
    fn leads_servers_of_messages_to_tls() {
        let pki = Pki::new();
        pki.issue("node", "issuer", P256, "");
        let server = pki.serve("127.0.0.1", "node", "");
        let mysql = greeting([0xff, 0xff]);
        let cases: [(StartTls, &[Step<'_>]); 4] = [
            (StartTls::Postgres, &[(POSTGRES, b"S")]),
            (StartTls::Mysql, &[(b"", &mysql), (MYSQL, b"")]),
            (StartTls::Ldap, &[(LDAP, b"0\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0")]),
            // As Active Directory writes it.
            (
                StartTls::Ldap,
                &[(LDAP, b"0\x84\0\0\0\x10\x02\x01\x01\x78\x84\0\0\0\x07\x0a\x01\0\x04\0\x04\0")],
            ),
        ];
        for (kind, dialogue) in cases {
            let answer = probe(kind, &front(Some(&server.address), dialogue)).ask();
            assert_eq!(answer.unwrap().certificate.as_ref(), pki.der("node"), "{kind:?}");
        }
    }

    #[test]
    fn says_why_a_server_of_messages_does_not_get_to_tls() {
        let without_tls = greeting([0xff, 0xf7]);
        let broken = greeting([0xff, 0xff]);
        let broken = [&[15, 0, 0, 0], broken.get(4..19).unwrap()].concat();
        let cases: [(StartTls, &[Step<'_>], &str); 14] = [
            (StartTls::Postgres, &[(POSTGRES, b"N")], "the server has TLS switched off"),
            (StartTls::Postgres, &[(POSTGRES, b"E\0\0\0\x09Mno\0\0")], "the server answered with an error"),
            (StartTls::Postgres, &[(POSTGRES, b"H")], "the server does not speak PostgreSQL"),
            (StartTls::Mysql, &[(b"", &without_tls)], "the server does not offer TLS"),
            (StartTls::Mysql, &[(b"", b"\x05\0\0\0\xff\x6a\x04no")], "the server answered with error 1130"),
            (StartTls::Mysql, &[(b"", b"220 mail.example\r\n")], "the server does not speak MySQL"),
            (StartTls::Mysql, &[(b"", b"\x01\0\0\0\x09")], "the server does not speak MySQL"),
            (StartTls::Mysql, &[(b"", b"\0\0\0\0")], "the server does not speak MySQL"),
            (StartTls::Mysql, &[(b"", &broken)], "the server does not speak MySQL"),
            (
                StartTls::Ldap,
                &[(LDAP, b"0\x0c\x02\x01\x01\x78\x07\x0a\x01\x34\x04\0\x04\0")],
                "the server answered with result 52 to StartTLS",
            ),
            (StartTls::Ldap, &[(LDAP, b"HTTP/1.1 400\r\n")], "the server does not speak LDAP"),
            (StartTls::Ldap, &[(LDAP, b"0\x80")], "the server does not speak LDAP"),
            (StartTls::Ldap, &[(LDAP, b"0\x03\x02\x01\x01")], "the server does not speak LDAP"),
            (
                StartTls::Ldap,
                &[(LDAP, b"0\x84\xff\xff\xff\xff")],
                "the server announced a message of 4294967295 bytes",
            ),
        ];
        for (kind, dialogue, words) in cases {
            let error = probe(kind, &front(None, dialogue)).ask().unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_on_garbage(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = result_code(&bytes);
            let _ = result_code(&[b"0\x05\x02\x01\x01\x78".as_slice(), &bytes].concat());
            let _ = greeted_abilities(&bytes);
        }
    }
}
