//! The protocols that turn to TLS on the way.

use super::super::connect::Timed;
use super::super::failure::{Cause, Failure, is_timeout};
use super::wire::{Trouble, Wire};
use super::{binary, text};
use crate::cli::flags::closest;
use crate::error::{Error, ErrorKind, Result};
use crate::json;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// A protocol with a command that starts TLS; its name is that of `openssl s_client -starttls`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartTls {
    /// `AUTH TLS` (RFC 4217).
    Ftp,
    /// `STARTTLS` (RFC 9051 section 6.2.1).
    Imap,
    /// The extended operation 1.3.6.1.4.1.1466.20037 (RFC 4511 section 4.14).
    Ldap,
    /// The `SSLRequest` packet of MySQL and MariaDB.
    Mysql,
    /// `STLS` (RFC 2595 section 4).
    Pop3,
    /// The `SSLRequest` message of PostgreSQL.
    Postgres,
    /// `STARTTLS` (RFC 3207).
    Smtp,
}

impl StartTls {
    const ALL: [Self; 7] =
        [Self::Ftp, Self::Imap, Self::Ldap, Self::Mysql, Self::Pop3, Self::Postgres, Self::Smtp];

    /// The protocol called `name`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for any other name.
    pub(crate) fn from_name(name: &str) -> Result<Self> {
        if let Some(kind) = Self::ALL.into_iter().find(|kind| kind.name() == name) {
            return Ok(kind);
        }
        let error = Error::new(ErrorKind::Usage, format!("-starttls does not know {}", json::quote(name)));
        Err(match closest(name, Self::ALL.into_iter().map(Self::name)) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error.hint(format!("write one of {}", Self::ALL.map(Self::name).join(", "))),
        })
    }

    /// As `-starttls` takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ftp => "ftp",
            Self::Imap => "imap",
            Self::Ldap => "ldap",
            Self::Mysql => "mysql",
            Self::Pop3 => "pop3",
            Self::Postgres => "postgres",
            Self::Smtp => "smtp",
        }
    }

    /// As people call it.
    pub(crate) const fn protocol(self) -> &'static str {
        match self {
            Self::Ftp => "FTP",
            Self::Imap => "IMAP",
            Self::Ldap => "LDAP",
            Self::Mysql => "MySQL",
            Self::Pop3 => "POP3",
            Self::Postgres => "PostgreSQL",
            Self::Smtp => "SMTP",
        }
    }

    /// The port registered for it. That of SMTP is where mail servers hand mail to each other; where people hand in
    /// theirs, 587, the protocol has another name and nearly always the same certificate.
    pub(crate) const fn port(self) -> u16 {
        match self {
            Self::Ftp => 21,
            Self::Imap => 143,
            Self::Ldap => 389,
            Self::Mysql => 3306,
            Self::Pop3 => 110,
            Self::Postgres => 5432,
            Self::Smtp => 25,
        }
    }

    /// What servers at `port` speak first.
    pub(in super::super) fn at_port(port: u16) -> Option<Self> {
        // The submission of mail, RFC 6409.
        let port = if port == 587 { 25 } else { port };
        Self::ALL.into_iter().find(|kind| kind.port() == port)
    }

    /// Leads the server to where it expects the first record of TLS.
    pub(in super::super) fn negotiate(
        self,
        stream: &mut Timed,
        address: SocketAddr,
    ) -> std::result::Result<(), Failure> {
        let own = stream.stream.local_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |own| own.ip());
        let mut wire = Wire::new(stream);
        let dialogue = match self {
            Self::Ftp => text::ftp(&mut wire),
            Self::Imap => text::imap(&mut wire),
            Self::Ldap => binary::ldap(&mut wire),
            Self::Mysql => binary::mysql(&mut wire),
            Self::Pop3 => text::pop3(&mut wire),
            Self::Postgres => binary::postgres(&mut wire),
            Self::Smtp => text::smtp(&mut wire, own),
        };
        dialogue.and_then(|()| wire.end()).map_err(|trouble| match trouble {
            Trouble::Connection(error) if is_timeout(&error) => Failure::of_connection(&error, address),
            Trouble::Connection(_) => Failure {
                words: "EOF".to_owned(),
                cause: Cause::StartTls("the server ended the connection".to_owned()),
            },
            Trouble::Server(reason) => Failure {
                words: format!("starttls {}: {reason}", self.name()),
                cause: Cause::StartTls(reason),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use crate::cli::tls_probe::TlsProbe;
    use std::time::Duration;

    #[test]
    fn names_lead_to_protocols_and_ports_back_to_names() {
        for kind in StartTls::ALL {
            assert_eq!(StartTls::from_name(kind.name()), Ok(kind));
            assert_eq!(StartTls::at_port(kind.port()), Some(kind));
            let probe = TlsProbe::new("host.example", Some(kind), Duration::ZERO).unwrap();
            assert_eq!(probe.port(), kind.port(), "where no port is given");
        }
        assert_eq!(StartTls::at_port(587), Some(StartTls::Smtp));
        assert_eq!(StartTls::at_port(443), None);
        let text = |name| StartTls::from_name(name).unwrap_err().to_string();
        assert_eq!(text("postgre"), "-starttls does not know \"postgre\"; did you mean postgres?");
        assert!(text("gopher").ends_with("; write one of ftp, imap, ldap, mysql, pop3, postgres, smtp"));
    }
}
