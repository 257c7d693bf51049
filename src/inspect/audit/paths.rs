//! What the names of files say: folders, and which key goes with which certificate.

/// The folder of a path, with the slash at its end; empty where there is none.
pub(super) fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or_default()
}

/// A path without its folder.
pub(super) fn file_name(path: &str) -> &str {
    path.rfind('/').and_then(|slash| path.get(slash + 1..)).unwrap_or(path)
}

/// Endings of keys, and those of the certificates that go with them.
const PAIRS: [(&str, &[&str]); 7] = [
    ("-key.pem", &[".pem", ".crt", ".cert", "-cert.pem", "-crt.pem"]),
    (".key.pem", &[".pem", ".crt", ".cert.pem", ".crt.pem"]),
    ("_key.pem", &["_cert.pem", ".pem"]),
    // In documents, Traefik calls them `key` and `certificate`; Vault and cfssl's server say `private_key`.
    (".key", &[".crt", ".pem", ".cer", ".cert", ".certificate"]),
    ("private_key", &["certificate"]),
    ("client-key-data", &["client-certificate-data"]),
    ("privkey.pem", &["cert.pem", "fullchain.pem"]),
];

/// Folders for keys, and those beside them in which the certificates are: as in Debian's and Fedora's, easy-rsa's and
/// strongSwan's. In the folder above both, authorities have theirs.
const KEY_FOLDERS: [&str; 2] = ["private", "keys"];
const CERTIFICATE_FOLDERS: [&str; 5] = ["certs/", "cert/", "issued/", "x509/", ""];

/// The names that the certificate of a key may have, by the name of the file or of the value in a document that the
/// key is in; none where the name follows no custom.
pub(super) fn certificate_names(key: &str) -> Vec<String> {
    let name = file_name(key);
    if matches!(name, "key.pem" | "key") {
        let base = key.strip_suffix(name).unwrap_or_default();
        return vec![format!("{base}{}", name.replace("key", "cert"))];
    }
    // certbot counts: `privkey3.pem` goes with `cert3.pem`.
    if let Some(number) = name.strip_prefix("privkey").and_then(|rest| rest.strip_suffix(".pem"))
        && !number.is_empty()
        && number.bytes().all(|digit| digit.is_ascii_digit())
    {
        return ["cert", "fullchain"].map(|other| format!("{}{other}{number}.pem", folder(key))).to_vec();
    }
    // haproxy adds an ending: `web.pem.key` goes with `web.pem`.
    let whole =
        key.strip_suffix(".key").filter(|whole| [".crt", ".pem"].iter().any(|end| whole.ends_with(end)));
    if let Some(whole) = whole {
        return vec![whole.to_owned()];
    }
    let pair = PAIRS.iter().find_map(|(end, others)| key.strip_suffix(end).map(|stem| (stem, *others)));
    let (stem, others) = pair.unwrap_or_default();
    let mut names: Vec<String> = others.iter().map(|other| format!("{stem}{other}")).collect();
    names.extend(names_apart(key));
    names
}

/// The names that the certificate of a key may have where keys have a folder of their own.
fn names_apart(key: &str) -> Vec<String> {
    let own = folder(key).strip_suffix('/').unwrap_or_default();
    if !KEY_FOLDERS.contains(&file_name(own)) {
        return Vec::new();
    }
    let (above, name) = (folder(own), file_name(key));
    if name == "cakey.pem" {
        return vec![format!("{above}cacert.pem")];
    }
    let stem = ["-key.pem", ".key.pem", "_key.pem", "Key.pem", ".key", ".pem"];
    let stem = stem.iter().find_map(|end| name.strip_suffix(end)).unwrap_or_default();
    if stem.is_empty() {
        return Vec::new();
    }
    let names = CERTIFICATE_FOLDERS.iter().flat_map(|folder| {
        let ends = [".crt", ".pem", ".cer", ".cert", "-cert.pem", ".cert.pem", "Cert.pem"].iter();
        ends.map(move |end| format!("{above}{folder}{stem}{end}"))
    });
    names.collect()
}

/// True where a name says that a private key is in the file.
pub(super) fn is_named_key(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let stem = name.strip_suffix(".pem").unwrap_or(&name);
    name.ends_with(".key") || ["-key", "_key", ".key"].iter().any(|end| stem.ends_with(end))
}

/// How many parts two paths have in common at their ends: at least 1 for the same file name.
pub(super) fn shared_end(one: &str, other: &str) -> usize {
    let parts = |path| str::rsplit(path, '/').filter(|part| !matches!(*part, "" | "."));
    parts(one).zip(parts(other)).take_while(|(one, other)| one == other).count()
}

/// How many parts two paths have in common at their beginnings.
pub(super) fn shared_beginning(one: &str, other: &str) -> usize {
    let parts = |path| str::split(path, '/').filter(|part| *part != ".");
    parts(one).zip(parts(other)).take_while(|(one, other)| one == other).count()
}

/// A path the same for every way to spell it: `./a//b` and `/here/a/b` in the folder `/here` are `a/b`.
pub(super) fn stable_name(name: &str, folder: &str) -> String {
    let folder = folder.trim_end_matches('/');
    let below = name.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    let path = below.filter(|_| !folder.is_empty()).unwrap_or(name);
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    let joined = parts.collect::<Vec<_>>().join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_spelled() {
        for name in ["a/b.pem", "./a/b.pem", "a//b.pem", "a/./b.pem", "/here/a/b.pem", "/here/./a/b.pem"] {
            assert_eq!(stable_name(name, "/here"), "a/b.pem", "{name}");
        }
        for name in ["/a/b.pem", "../a/b.pem", "/hereafter/b.pem", "a/b.pem", "-", "host:443"] {
            assert_eq!(stable_name(name, "/here"), name);
            assert_eq!(stable_name(name, ""), name);
        }
    }

    #[test]
    fn takes_paths_apart() {
        assert_eq!((folder("a/b/c.pem"), file_name("a/b/c.pem")), ("a/b/", "c.pem"));
        assert_eq!((folder("c.pem"), file_name("c.pem")), ("", "c.pem"));
        assert_eq!((folder("/c"), file_name("/c")), ("/", "c"));
    }

    #[test]
    fn finds_the_certificate_of_a_key_by_custom() {
        let has =
            |key: &str, certificate: &str| certificate_names(key).iter().any(|name| name == certificate);
        assert!(has("pki/etcd-key.pem", "pki/etcd.pem"));
        assert!(has("pki/ca.key", "pki/ca.crt"));
        assert!(has("data.tls.key", "data.tls.crt"));
        assert!(has("users[0].user.client-key-data", "users[0].user.client-certificate-data"));
        assert!(has("live/privkey.pem", "live/fullchain.pem"));
        assert!(has("live/key.pem", "live/cert.pem"));
        assert!(has("key", "cert"));
        assert!(has("le.Certificates[0].key", "le.Certificates[0].certificate"));
        assert!(has("data.private_key", "data.certificate"));
        assert!(has("private_key", "certificate"));
        assert!(has("archive/example.com/privkey12.pem", "archive/example.com/cert12.pem"));
        assert!(has("haproxy/web.pem.key", "haproxy/web.pem"));
        assert!(has("haproxy/web.crt.key", "haproxy/web.crt"));
        assert!(has("/etc/ssl/private/web.key", "/etc/ssl/certs/web.pem"));
        assert!(has("/etc/pki/tls/private/localhost.key", "/etc/pki/tls/certs/localhost.crt"));
        assert!(has("pki/private/alice.key", "pki/issued/alice.crt"));
        assert!(has("pki/private/ca.key", "pki/ca.crt"));
        assert!(has("demoCA/private/cakey.pem", "demoCA/cacert.pem"));
        assert!(has("ipsec.d/private/gatewayKey.pem", "ipsec.d/certs/gatewayCert.pem"));
        assert!(has("swanctl/private/gateway.pem", "swanctl/x509/gateway.pem"));
        assert!(has("private/web.key", "certs/web.crt"));
        assert!(!has("pki/secret/alice.key", "pki/issued/alice.crt"));
        assert!(certificate_names("monkey.pem").is_empty());
        assert!(certificate_names("privkeys.pem").is_empty());
    }

    #[test]
    fn compares_paths_from_both_ends() {
        assert_eq!(shared_end("/etc/etcd/pki/server.crt", "./pki/server.crt"), 2);
        assert_eq!(shared_end("/etc/etcd/pki/server.crt", "other/server.crt"), 1);
        assert_eq!(shared_end("/etc/etcd/pki/server.crt", "pki/peer.crt"), 0);
        assert_eq!(shared_beginning("node1/etc/a", "./node1/etc/b"), 2);
        assert_eq!(shared_beginning("node1/etc/a", "node2/etc/a"), 0);
    }
}
