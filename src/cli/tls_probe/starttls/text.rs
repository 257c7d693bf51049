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
