//! The protocols of lines: SMTP, IMAP, POP3 and FTP.

use super::wire::{Trouble, Wire, fault, said};
use std::net::IpAddr;

/// SMTP: greeting, `EHLO`, `STARTTLS` (RFC 3207). `own` is our address, the only name we can vouch for.
pub(super) fn smtp(wire: &mut Wire<'_>, own: IpAddr) -> Result<(), Trouble> {
    Reply::read(wire, "SMTP")?.expect(220, "the connection")?;
    let name = match own {
        IpAddr::V4(address) => format!("[{address}]"),
        IpAddr::V6(address) => format!("[IPv6:{address}]"),
    };
    wire.send(format!("EHLO {name}\r\n").as_bytes())?;
    let abilities = Reply::read(wire, "SMTP")?;
    abilities.expect(250, "EHLO")?;
    if !abilities.lines.iter().any(|line| line.trim().eq_ignore_ascii_case("STARTTLS")) {
        return fault("the server does not offer STARTTLS");
    }
    wire.send(b"STARTTLS\r\n")?;
    Reply::read(wire, "SMTP")?.expect(220, "STARTTLS")
}

/// FTP: greeting, `AUTH TLS` (RFC 4217 section 4).
pub(super) fn ftp(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    Reply::read(wire, "FTP")?.expect(220, "the connection")?;
    wire.send(b"AUTH TLS\r\n")?;
    Reply::read(wire, "FTP")?.expect(234, "AUTH TLS")
}

/// IMAP: greeting, `STARTTLS` (RFC 9051 section 6.2.1).
pub(super) fn imap(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    let greeting = wire.line()?;
    match Words::of(&greeting) {
        Words("*", status) if is(status, "OK") || is(status, "PREAUTH") => {}
        Words("*", status) if is(status, "BYE") => return refused(&greeting, "the connection"),
        _ => return stranger(&greeting, "IMAP"),
    }
    wire.send(b"a STARTTLS\r\n")?;
    loop {
        let line = wire.line()?;
        match Words::of(&line) {
            Words("a", status) if is(status, "OK") => return Ok(()),
            Words("a", _) => return refused(&line, "STARTTLS"),
            // What the server tells without being asked.
            _ => {}
        }
    }
}

/// POP3: greeting, `STLS` (RFC 2595 section 4).
pub(super) fn pop3(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    let greeting = wire.line()?;
    match Words::of(&greeting).0 {
        "+OK" => {}
        "-ERR" => return refused(&greeting, "the connection"),
        _ => return stranger(&greeting, "POP3"),
    }
    wire.send(b"STLS\r\n")?;
    let answer = wire.line()?;
    match Words::of(&answer).0 {
        "+OK" => Ok(()),
        _ => refused(&answer, "STLS"),
    }
}

/// The first two words of a line.
struct Words<'l>(&'l str, &'l str);

impl<'l> Words<'l> {
    fn of(line: &'l str) -> Self {
        let mut words = line.split_whitespace();
        Self(words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }
}

fn is(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
}

fn refused<T>(line: &str, command: &str) -> Result<T, Trouble> {
    fault(format!("the server answered {} to {command}", said(line)))
}

fn stranger<T>(line: &str, protocol: &str) -> Result<T, Trouble> {
    fault(format!("the server does not speak {protocol}: it sent {}", said(line)))
}

/// A reply of SMTP or FTP: a code, and lines (RFC 5321 section 4.2.1, RFC 959 section 4.2).
struct Reply {
    code: u16,
    /// The last line whole.
    last: String,
    /// The lines without the code.
    lines: Vec<String>,
}

impl Reply {
    fn read(wire: &mut Wire<'_>, protocol: &str) -> Result<Self, Trouble> {
        let first = wire.line()?;
        let parts = |line: &str| {
            let (code, rest) = line.split_at_checked(3)?;
            let code: u16 = code.parse().ok().filter(|_| code.bytes().all(|byte| byte.is_ascii_digit()))?;
            Some((code, rest.starts_with('-'), rest.get(1..).unwrap_or_default().to_owned()))
        };
        let Some((code, mut goes_on, text)) = parts(&first) else {
            return stranger(&first, protocol);
        };
        let mut reply = Self { code, last: first, lines: vec![text] };
        while goes_on {
            let line = wire.line()?;
            // The lines between may be anything in FTP; only the code at the front ends the reply.
            match parts(&line) {
                Some((same, more, text)) if same == code => {
                    goes_on = more;
                    reply.lines.push(text);
                }
                _ => reply.lines.push(line.clone()),
            }
            reply.last = line;
        }
        Ok(reply)
    }

    fn expect(&self, code: u16, command: &str) -> Result<(), Trouble> {
        if self.code == code { Ok(()) } else { refused(&self.last, command) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::super::StartTls;
    use crate::cli::tls_probe::TlsProbe;
    use crate::cli::tls_probe::test_server::{P256, Pki, Step, front};
    use std::time::Duration;

    type Dialogue = &'static [Step<'static>];

    fn probe(kind: StartTls, address: &str) -> TlsProbe {
        TlsProbe::new(address, Some(kind), Duration::from_secs(10)).unwrap()
    }

    #[test]
    fn leads_servers_of_lines_to_tls() {
        let pki = Pki::new();
        pki.issue("node", "issuer", P256, "");
        let server = pki.serve("127.0.0.1", "node", "");
        let cases: [(StartTls, Dialogue); 9] = [
            (
                StartTls::Smtp,
                &[
                    (b"", b"220-mail.example ESMTP\r\n220 ready\r\n"),
                    (
                        b"EHLO [127.0.0.1]\r\n",
                        b"250-mail.example\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 HELP\r\n",
                    ),
                    (b"STARTTLS\r\n", b"220 2.0.0 Ready to start TLS\r\n"),
                ],
            ),
            // Without carriage returns, words or an order.
            (
                StartTls::Smtp,
                &[(b"", b"220\n"), (b"EHLO [127.0.0.1]\r\n", b"250 starttls\n"), (b"STARTTLS\r\n", b"220\n")],
            ),
            (StartTls::Imap, &[(b"", b"* OK IMAP4rev1\r\n"), (b"a STARTTLS\r\n", b"a OK begin\r\n")]),
            (
                StartTls::Imap,
                &[(b"", b"* ok\r\n"), (b"a STARTTLS\r\n", b"* CAPABILITY IMAP4rev1\r\na ok\r\n")],
            ),
            (StartTls::Pop3, &[(b"", b"+OK POP3 <1@mail>\r\n"), (b"STLS\r\n", b"+OK\r\n")]),
            (StartTls::Ftp, &[(b"", b"220 ready\r\n"), (b"AUTH TLS\r\n", b"234 AUTH TLS\r\n")]),
            // Between the first and the last line of a reply anything may stand.
            (
                StartTls::Ftp,
                &[
                    (b"", b"220-Welcome\r\n 220 files\r\n\r\n123 x\r\n220-more\r\n220 ready\r\n"),
                    (b"AUTH TLS\r\n", b"234 go\r\n"),
                ],
            ),
            (StartTls::Ftp, &[(b"", b"220\r\n"), (b"AUTH TLS\r\n", b"234-a\r\n234\r\n")]),
            (StartTls::Imap, &[(b"", b"* PREAUTH in\r\n"), (b"a STARTTLS\r\n", b"a OK\r\n")]),
        ];
        for (kind, dialogue) in cases {
            let answer = probe(kind, &front(Some(&server.address), dialogue)).ask();
            assert_eq!(answer.unwrap().certificate.as_ref(), pki.der("node"), "{kind:?}");
        }
    }

    #[test]
    fn says_why_a_server_of_lines_does_not_get_to_tls() {
        const EHLO: &[u8] = b"EHLO [127.0.0.1]\r\n";
        let cases: [(StartTls, Dialogue, &str); 13] = [
            (StartTls::Smtp, &[(b"", b"554 no\r\n")], r#"the server answered "554 no" to the connection"#),
            (
                StartTls::Smtp,
                &[(b"", b"220 x\r\n"), (EHLO, b"502 what?\r\n")],
                r#"the server answered "502 what?" to EHLO"#,
            ),
            (
                StartTls::Smtp,
                &[(b"", b"220 x\r\n"), (EHLO, b"250-x\r\n250 STARTTLSX\r\n")],
                "the server does not offer STARTTLS",
            ),
            (
                StartTls::Smtp,
                &[
                    (b"", b"220 x\r\n"),
                    (EHLO, b"250 STARTTLS\r\n"),
                    (b"STARTTLS\r\n", b"454 4.7.0 TLS not available\r\n"),
                ],
                r#"the server answered "454 4.7.0 TLS not available" to STARTTLS"#,
            ),
            (
                StartTls::Smtp,
                &[(b"", b"SSH-2.0-OpenSSH\x1b[2J\r\n")],
                r#"the server does not speak SMTP: it sent "SSH-2.0-OpenSSH\u001b[2J""#,
            ),
            (StartTls::Smtp, &[(b"", b"+22 x\r\n")], r#"does not speak SMTP: it sent "+22 x""#),
            (StartTls::Smtp, &[(b"", b"\xff\xff\r\n")], "the server does not speak SMTP"),
            (
                StartTls::Ftp,
                &[(b"", b"220 x\r\n"), (b"AUTH TLS\r\n", b"530 no\r\n")],
                r#""530 no" to AUTH TLS"#,
            ),
            (StartTls::Imap, &[(b"", b"* BYE busy\r\n")], r#"answered "* BYE busy" to the connection"#),
            (StartTls::Imap, &[(b"", b"+OK POP3\r\n")], "the server does not speak IMAP"),
            (
                StartTls::Imap,
                &[(b"", b"* OK\r\n"), (b"a STARTTLS\r\n", b"* 1\r\na BAD unknown\r\n")],
                r#"answered "a BAD unknown" to STARTTLS"#,
            ),
            (StartTls::Pop3, &[(b"", b"-ERR busy\r\n")], r#"answered "-ERR busy" to the connection"#),
            (StartTls::Pop3, &[(b"", b"+OK\r\n"), (b"STLS\r\n", b"-ERR no\r\n")], r#""-ERR no" to STLS"#),
        ];
        for (kind, dialogue, words) in cases {
            let address = front(None, dialogue);
            let error = probe(kind, &address).ask().unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
            assert!(error.cfssl_text().starts_with(&format!("starttls {}: ", kind.name())), "{error:?}");
            assert!(
                error.to_string().starts_with(&format!("{address}: {} did not lead to TLS", kind.protocol()))
            );
        }
    }
}
