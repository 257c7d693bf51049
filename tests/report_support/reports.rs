//! The reports.

use super::builder::{Added, Builder, Draft};
use super::rules;
use certmint::inspect::audit::Report;
use certmint::inspect::view::Role;

/// A three-node etcd cluster below its own authorities, and a control plane as kubeadm lays it out.
pub(crate) fn cluster() -> Report {
    let mut builder = Builder::new();
    let root = |builder: &mut Builder, name: &str, to: i64, file: &str| {
        let files = &[file];
        builder.add(&Draft { name, role: Role::RootAuthority, issuer: None, from: -730, to, files })
    };
    let etcd = root(&mut builder, "etcd CA", 1094, "/etc/etcd/pki/ca.pem");
    let kubernetes = root(&mut builder, "kubernetes", 2920, "/etc/kubernetes/pki/ca.crt");
    let front = root(&mut builder, "front-proxy-ca", 2920, "/etc/kubernetes/pki/front-proxy-ca.crt");
    let company = root(&mut builder, "Example Root CA 2016", 3650, "/etc/ssl/company/root.pem");
    let issuing = builder.add(&Draft {
        name: "Example Issuing CA 3",
        role: Role::IntermediateAuthority,
        issuer: Some(company),
        from: -1400,
        to: 420,
        files: &[
            "/etc/ssl/company/chain.pem#section 2, line 31",
            "/etc/nginx/tls/chain.pem#section 2, line 24",
        ],
    });
    let mut leaf = |name: &str, role, issuer: Added, [from, to]: [i64; 2], files: &[&str]| {
        builder.add(&Draft { name, role, issuer: Some(issuer), from, to, files })
    };
    let mut peers = Vec::new();
    for (node, to) in [(1, -12), (2, 9), (3, 240)] {
        let file = format!("/etc/etcd/pki/kube-cluster-master0{node}-peer.pem");
        peers.push(leaf(&format!("kube-cluster-master0{node}"), Role::Peer, etcd, [to - 365, to], &[&file]));
    }
    let health =
        leaf("kube-etcd-healthcheck-client", Role::Client, etcd, [-90, 275], &["/etc/etcd/pki/health.pem"]);
    let apiserver = leaf(
        "kube-apiserver",
        Role::Server,
        kubernetes,
        [-340, 25],
        &["/etc/kubernetes/pki/apiserver.crt", "192.168.100.111:6443"],
    );
    leaf(
        "kube-apiserver-kubelet-client",
        Role::Client,
        kubernetes,
        [-340, 25],
        &["/etc/kubernetes/pki/apiserver-kubelet-client.crt"],
    );
    for name in ["admin", "controller-manager", "scheduler"] {
        let file = format!("/etc/kubernetes/{name}.conf#users[0].user.client-certificate-data");
        let name =
            if name == "admin" { "kubernetes-admin".to_owned() } else { format!("system:kube-{name}") };
        leaf(&name, Role::Client, kubernetes, [-340, 25], &[&file]);
    }
    leaf(
        "front-proxy-client",
        Role::Client,
        front,
        [-340, 205],
        &["/etc/kubernetes/pki/front-proxy-client.crt"],
    );
    let web = leaf(
        "registry.example",
        Role::Server,
        issuing,
        [-30, 500],
        &["/etc/nginx/tls/chain.pem#section 1, line 1"],
    );
    let next = leaf("registry.example", Role::Server, issuing, [3, 368], &["/etc/nginx/tls/next.pem"]);

    builder.find(&rules::EXPIRED, peers[0], "it ended on 2026-11-10, 12 days ago");
    builder.find(&rules::EXPIRES_SOON, peers[1], "it ends on 2026-12-01, in 9 days");
    builder.find(&rules::EXPIRES_SOON, apiserver, "it ends on 2026-12-17, in 25 days");
    builder.find(&rules::PEER_WITHOUT_CLIENT, peers[2], "its purposes are serverAuth only");
    builder.find(&rules::OUTLIVES_ISSUER, web, "it ends 80 days after Example Issuing CA 3");
    builder.find(&rules::NO_ALTERNATIVE_NAMES, web, "it names no host; its common name is registry.example");
    builder.find(&rules::LONG_SERIAL, health, "it has 21 octets");
    builder.find_in_file(
        &rules::KEY_READABLE,
        "/etc/etcd/pki/kube-cluster-master02-peer-key.pem",
        "its mode is 0644",
    );
    builder.suppress(
        &rules::OUTLIVES_ISSUER,
        next,
        "it ends 12 days later",
        "by -ignore leaf-outlives-issuer",
    );
    builder.unreadable("/etc/kubernetes/pki/sa.key", "permission denied");
    builder.unreadable("/etc/etcd/pki/backup.p12", "it is encrypted, and no password opens it");
    builder.counts(14, 1, 3);
    builder.build()
}

/// Names that strangers chose to mislead, break or fill the page.
pub(crate) const ODD_NAMES: [&str; 12] = [
    "節點一・正體中文憑證授權中心（測試用）",
    "esc\u{1b}[2J\u{1b}[31mred\u{9b}2J",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "\u{202e}gpj.exe\u{2066}",
    "\"quoted\" 'single' & back\\slash `tick`",
    "line\nbreak\r\ttab\0null",
    "]]> --> */ </style></script></pre>",
    "[link](https://example.invalid) {0} %s ${x}",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "\u{feff}\u{200b}\u{fffe}\u{ffff}\u{e0041}",
    "",
    "e\u{301}\u{302}\u{303} 👩‍👩‍👧‍👦 مرحبا שלום",
];

/// A certificate and a finding for each odd name, in a file that is called so.
pub(crate) fn odd() -> Report {
    let mut builder = Builder::new();
    let files = &["/pki/odd root.pem"];
    let root = builder.add(&Draft {
        name: ODD_NAMES[0],
        role: Role::RootAuthority,
        issuer: None,
        from: -10,
        to: 4000,
        files,
    });
    for (position, name) in ODD_NAMES.into_iter().enumerate() {
        let to = 5 + 40 * i64::try_from(position).unwrap();
        // `#` splits a place in drafts only.
        let file = format!("/pki/{}.pem", name.replace('#', ""));
        let files = &[file.as_str()];
        let added =
            builder.add(&Draft { name, role: Role::Server, issuer: Some(root), from: -20, to, files });
        builder.find(&rules::EXPIRES_SOON, added, &format!("it is called {name}"));
        builder.find_in_file(&rules::KEY_READABLE, &file, name);
        builder.unreadable(name, name);
        if position % 3 == 0 {
            builder.suppress(&rules::LONG_SERIAL, added, name, name);
        }
    }
    // What cannot be dated, and what never ends.
    for (position, end) in
        [None, Some(time::macros::datetime!(9999-12-31 23:59:59 UTC))].into_iter().enumerate()
    {
        let name = ["without an end", "without end"][position];
        let files = &["/pki/ends.pem"];
        let added = builder.add(&Draft { name, role: Role::Any, issuer: None, from: -9000, to: 1, files });
        builder.change(added, |certificate| certificate.not_after = end);
    }
    builder.build()
}

/// This many certificates below as many authorities as a large company has.
pub(crate) fn large(number: usize) -> Report {
    let mut builder = Builder::new();
    let mut authorities = Vec::new();
    for root in 0..3 {
        let (name, file) = (format!("Fleet Root {root}"), format!("/srv/pki/root{root}.pem"));
        let files = &[file.as_str()];
        let draft = Draft {
            name: &name,
            role: Role::RootAuthority,
            issuer: None,
            from: -2000,
            to: 5000 + root,
            files,
        };
        let root_added = builder.add(&draft);
        for below in 0..4 {
            let (name, file) =
                (format!("Fleet Issuing {root}.{below}"), format!("/srv/pki/issuing{root}{below}.pem"));
            let files = &[file.as_str()];
            let issuer = Some(root_added);
            let to = 900 + 100 * below;
            let role = Role::IntermediateAuthority;
            authorities.push(builder.add(&Draft { name: &name, role, issuer, from: -1000, to, files }));
        }
    }
    let roles = [Role::Server, Role::Client, Role::Peer];
    for index in 0..number.saturating_sub(15) {
        let name = format!("node{index:05}.rack{:03}.fleet.example", index % 211);
        let file = format!("/srv/pki/leaves/{name}.pem");
        // Spread over two years, with more of them in one month as after a rollout.
        let spread = i64::try_from(index * 7919 % 700).unwrap();
        let to = if index % 5 == 0 { 128 + spread % 14 } else { spread - 20 };
        let files = &[file.as_str()];
        let issuer = Some(authorities[index % authorities.len()]);
        let role = roles[index % 3];
        let added = builder.add(&Draft { name: &name, role, issuer, from: (to - 365).min(-1), to, files });
        if to < 0 {
            builder.find(&rules::EXPIRED, added, &format!("it ended {} days ago", -to));
        } else if to < 30 {
            builder.find(&rules::EXPIRES_SOON, added, &format!("it ends in {to} days"));
        }
    }
    builder.counts(u32::try_from(number).unwrap(), 12, 0);
    builder.build()
}

/// Nothing at all.
pub(crate) fn empty() -> Report {
    Builder::new().build()
}

/// Chains of this many certificates, each issued by the one before.
pub(crate) fn deep(number: usize) -> Report {
    let mut builder = Builder::new();
    let mut issuer = None;
    for depth in 0..number {
        let name = format!("authority {depth}");
        let role = Role::IntermediateAuthority;
        let draft = Draft { name: &name, role, issuer, from: -10, to: 1000, files: &["deep.pem"] };
        issuer = Some(builder.add(&draft));
    }
    builder.build()
}

/// This many certificates that end evenly within this many days.
pub(crate) fn spread(number: u32, days: u32) -> Report {
    let mut builder = Builder::new();
    for index in 0..number {
        let name = format!("node{index}");
        let to = i64::from(days * index / number);
        let files = &["spread.pem"];
        builder.add(&Draft { name: &name, role: Role::Server, issuer: None, from: -400, to, files });
    }
    builder.build()
}
