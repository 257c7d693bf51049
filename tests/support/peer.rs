//! The programs of cfssl that ours are compared with.
#![allow(dead_code, reason = "each test file uses a part")]

use std::path::Path;

/// The release that we stand in for.
pub(crate) const NEW: Peer = Peer { version: "1.6.5", programs: "/opt/cfssl-1.6.5/usr/bin" };
/// What Debian 12 and Ubuntu have.
pub(crate) const OLD: Peer = Peer { version: "1.2.0", programs: "/opt/cfssl-1.2.0/usr/bin" };

/// One release of cfssl, as `scripts/install-peers.sh` leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) version: &'static str,
    programs: &'static str,
}

impl Peer {
    /// The path of a program by its own name.
    pub(crate) fn program(self, name: &str) -> String {
        let path = match name {
            // As Debian calls it.
            "mkbundle" => format!("{}/cfssl-mkbundle", self.programs),
            _ => format!("{}/{name}", self.programs),
        };
        assert!(
            Path::new(&path).exists(),
            "{path} is missing; `make peers` installs cfssl {} there (it runs scripts/install-peers.sh, as root)",
            self.version
        );
        path
    }
}
