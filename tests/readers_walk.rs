//! Gathering from files and folders.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

mod readers;

use certmint::inspect::evidence::{Evidence, Object};
use certmint::inspect::read::{GatherOptions, ReadOptions};
use readers::*;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use tempfile::TempDir;

fn gather<P: AsRef<Path>>(paths: &[P]) -> Evidence {
    let mut evidence = Evidence::default();
    evidence.gather(paths, &GatherOptions::default(), &mut |_| {});
    evidence
}

/// The names of the sources below the folder.
fn sources(evidence: &Evidence, folder: &TempDir) -> Vec<String> {
    let root = format!("{}/", folder.path().display());
    evidence
        .sources
        .iter()
        .map(|source| source.name.strip_prefix(&root).unwrap_or(&source.name).to_owned())
        .collect()
}

/// What could not be read, one line each.
fn unreadable(evidence: &Evidence, folder: &TempDir) -> Vec<String> {
    let root = format!("{}/", folder.path().display());
    evidence
        .unreadable
        .iter()
        .map(|entry| format!("{}: {}", entry.name, entry.reason).replace(&root, ""))
        .collect()
}

/// A folder with these files of the PKI, each under its path.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, file) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, pki_file(file)).unwrap();
    }
    folder
}

#[test]
fn walks_through_folders_in_the_order_of_names() {
    let folder = tree(&[
        ("b.pem", "leaf.pem"),
        ("a/z.pem", "ca.pem"),
        ("a/a/.hidden", "crl.pem"),
        ("c/without-extension", "leaf.csr"),
        ("B.key", "leaf-key.pem"),
    ]);
    let evidence = gather(&[folder.path()]);
    assert_eq!(
        sources(&evidence, &folder),
        ["B.key", "a/a/.hidden", "a/z.pem", "b.pem", "c/without-extension"]
    );
    assert_eq!(evidence.objects.len(), 5);
    assert!(evidence.objects.iter().zip(0..).all(|(found, source)| found.source == source));
    assert_eq!(unreadable(&evidence, &folder), [""; 0]);
}

#[test]
fn passes_over_what_is_irrelevant_in_a_folder_but_not_what_is_named() {
    let folder = tree(&[("a.pem", "ca.pem")]);
    let path = |name: &str| folder.path().join(name);
    fs::write(path("text"), "hello").unwrap();
    fs::write(path("empty"), "").unwrap();
    fs::write(path("binary"), b"\x7fELF\0\0-----BEGIN CERTIFICATE-----").unwrap();
    let evidence = gather(&[folder.path()]);
    assert_eq!(sources(&evidence, &folder), ["a.pem"]);
    assert_eq!(unreadable(&evidence, &folder), [""; 0]);
    let evidence = gather(&[path("text"), path("empty"), path("missing"), path("a.pem"), path("a.pem")]);
    assert_eq!(sources(&evidence, &folder), ["a.pem"]);
    assert_eq!(
        unreadable(&evidence, &folder),
        [
            "text: there is no certificate, key, request or revocation list in it",
            "empty: it is empty",
            "missing: no such file or directory"
        ]
    );
}

#[test]
fn reads_der_and_utf16_in_a_folder() {
    let folder = tree(&[]);
    fs::write(folder.path().join("a.cer"), pki_der("leaf.pem")).unwrap();
    let text = format!("\u{feff}{}", pki_text("ca.pem"));
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("b.txt"), utf16).unwrap();
    let key = openssl(pki(), "genpkey -algorithm ED25519 -outform DER");
    fs::write(folder.path().join("c.key"), key).unwrap();
    assert_eq!(sources(&gather(&[folder.path()]), &folder), ["a.cer", "b.txt", "c.key"]);
}

#[test]
fn follows_links_once_and_prefers_real_names() {
    let folder = tree(&[("real/2026.pem", "leaf.pem"), ("real/deep/x.pem", "ca.pem")]);
    let path = |name: &str| folder.path().join(name);
    symlink("real/2026.pem", path("a-link.pem")).unwrap();
    symlink("2026.pem", path("real/current.pem")).unwrap();
    // Cycles: to the folder itself, to the one above, and of two links that lead to each other.
    symlink(".", path("self")).unwrap();
    symlink("../..", path("real/deep/up")).unwrap();
    fs::hard_link(path("real/2026.pem"), path("real/hard.pem")).unwrap();
    let outside = tree(&[("o/o.pem", "crl.pem")]);
    symlink(outside.path(), path("outside")).unwrap();
    let evidence = gather(&[folder.path()]);
    assert_eq!(sources(&evidence, &folder), ["real/2026.pem", "real/deep/x.pem", "outside/o/o.pem"]);
    assert_eq!(unreadable(&evidence, &folder), [""; 0]);
    let root = folder.path().to_str().unwrap();
    let others: Vec<(&str, u32)> =
        evidence.other_names.iter().map(|one| (one.name.strip_prefix(root).unwrap(), one.source)).collect();
    // Of hard links the first by name is the source.
    assert_eq!(others, [("/real/hard.pem", 0), ("/a-link.pem", 0), ("/real/current.pem", 0)]);
    let folders: Vec<&str> = evidence.folders.iter().filter_map(|folder| folder.strip_prefix(root)).collect();
    assert_eq!(folders, ["/", "/real/", "/real/deep/", "/outside/", "/outside/o/"]);
    // A link that is named is followed at once.
    let evidence = gather(&[path("a-link.pem"), path("real/2026.pem"), path("self")]);
    assert_eq!(sources(&evidence, &folder)[0], "a-link.pem");
    assert_eq!(evidence.sources.len(), 3);
}

#[test]
fn tells_folders_in_which_everybody_can_replace_files() {
    let folder = tree(&[("open/a.pem", "leaf.pem"), ("sticky/b.pem", "ca.pem"), ("own/c.pem", "crl.pem")]);
    for (name, mode) in [("open", 0o777), ("sticky", 0o1777), ("own", 0o775)] {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    let evidence = gather(&[folder.path()]);
    let open = format!("{}/open/", folder.path().display());
    assert_eq!(evidence.writable_folders, [open.clone().into()]);
    assert_eq!(gather(&[folder.path().join("open/")]).writable_folders, [open.into()]);
}

#[test]
fn tells_links_that_lead_nowhere() {
    let folder = tree(&[("a.pem", "leaf.pem")]);
    let path = |name: &str| folder.path().join(name);
    symlink("gone.pem", path("dangling")).unwrap();
    symlink("gone.pem", path("dangling.pem")).unwrap();
    symlink("../modules", path("modules.conf")).unwrap();
    symlink("/usr/share/man/man1/mawk.1.gz", path("awk.1.gz")).unwrap();
    symlink("loop-b", path("loop-a")).unwrap();
    symlink("loop-a", path("loop-b")).unwrap();
    let evidence = gather(&[folder.path()]);
    assert_eq!(sources(&evidence, &folder), ["a.pem"]);
    assert_eq!(
        unreadable(&evidence, &folder),
        [
            "dangling: no such file or directory (a link to gone.pem)",
            "dangling.pem: no such file or directory (a link to gone.pem)",
            "loop-a: too many levels of symbolic links (a link to loop-b)",
            "loop-b: too many levels of symbolic links (a link to loop-a)"
        ]
    );
}

#[test]
fn passes_over_special_files_in_a_folder_and_reads_a_pipe_that_is_named() {
    let folder = tree(&[("a.pem", "leaf.pem")]);
    let pipe = folder.path().join("pipe");
    run(folder.path(), "mkfifo", &["pipe"]);
    let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
    symlink("/dev/zero", folder.path().join("zero")).unwrap();
    symlink("pipe", folder.path().join("to-pipe")).unwrap();
    let evidence = gather(&[folder.path()]);
    assert_eq!(sources(&evidence, &folder), ["a.pem"]);
    assert_eq!(unreadable(&evidence, &folder), [""; 0]);

    let writer = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::write(pipe, pki_file("leaf.pem")).unwrap())
    };
    let evidence = gather(&[&pipe]);
    writer.join().unwrap();
    assert_eq!(sources(&evidence, &folder), ["pipe"]);
    assert_eq!(evidence.sources[0].mode, None);
}

#[test]
fn does_not_read_devices_without_end() {
    let mut options = GatherOptions::default();
    options.largest_file = 1 << 20;
    let mut evidence = Evidence::default();
    evidence.gather(&["/dev/zero"], &options, &mut |_| {});
    assert_eq!(&*evidence.unreadable[0].reason, "it has more than 1048576 bytes, and was passed over");
}

#[test]
fn tells_files_that_are_too_large_if_they_are_named_or_look_like_ours() {
    let folder = tree(&[("small.pem", "leaf.pem")]);
    let long = |text: &str| format!("{text}{}", "x\n".repeat(40_000));
    fs::write(folder.path().join("bundle.pem"), long(&pki_text("ca.pem"))).unwrap();
    fs::write(folder.path().join("log"), long("")).unwrap();
    let mut options = GatherOptions::default();
    (options.largest_file, options.largest_bundle) = (50_000, 50_000);
    let told = |paths: &[&Path]| {
        let mut evidence = Evidence::default();
        evidence.gather(paths, &options, &mut |_| {});
        assert_eq!(evidence.sources.len(), 1);
        unreadable(&evidence, &folder)
    };
    let words = "it has more than 50000 bytes, and was passed over";
    assert_eq!(told(&[folder.path()]), [format!("bundle.pem: {words}")]);
    assert_eq!(
        told(&[&folder.path().join("log"), folder.path()]),
        [format!("log: {words}"), format!("bundle.pem: {words}")]
    );
}

#[test]
fn reads_a_bundle_that_is_larger_than_other_files_may_be() {
    let folder = tree(&[]);
    let bundle = pki_text("ca.pem").repeat(100);
    fs::write(folder.path().join("bundle.pem"), &bundle).unwrap();
    fs::write(folder.path().join("log"), "x\n".repeat(bundle.len() / 2)).unwrap();
    let size = bundle.len() as u64;
    let gathered = |largest_bundle| {
        let mut options = GatherOptions::default();
        (options.largest_file, options.largest_bundle) = (20_000, largest_bundle);
        let mut evidence = Evidence::default();
        evidence.gather(&[folder.path()], &options, &mut |_| {});
        (evidence.objects.len(), unreadable(&evidence, &folder).len())
    };
    assert_eq!(gathered(size), (100, 0));
    assert_eq!(gathered(size - 1), (0, 1));
}

#[test]
fn keeps_the_permission_bits() {
    let folder = tree(&[("key.pem", "leaf-key.pem")]);
    let path = folder.path().join("key.pem");
    for mode in [0o640, 0o600, 0o4755] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        symlink("key.pem", folder.path().join("link")).unwrap();
        assert_eq!(gather(&[folder.path().join("link")]).sources[0].mode, Some(mode));
        fs::remove_file(folder.path().join("link")).unwrap();
    }
}

#[test]
fn opens_names_that_are_no_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"\xff.pem");
    fs::write(folder.path().join(name), pki_file("leaf.pem")).unwrap();
    assert_eq!(sources(&gather(&[folder.path()]), &folder), ["\u{fffd}.pem"]);
}

#[test]
fn reads_what_a_kubeconfig_that_is_named_names() {
    let folder = tree(&[("pki/ca.crt", "ca.pem"), ("pki/leaf.pem", "leaf.pem")]);
    let config = folder.path().join("kubelet.conf");
    let absolute = folder.path().join("pki/leaf.pem");
    let text = format!(
        "kind: Config\nclusters:\n- cluster: {{certificate-authority: pki/ca.crt}}\nusers:\n- user:\n    \
         client-certificate: {}\n    client-key: gone.pem\n",
        absolute.display()
    );
    fs::write(&config, text).unwrap();
    let evidence = gather(&[&config]);
    assert_eq!(sources(&evidence, &folder), ["kubelet.conf", "pki/ca.crt", "pki/leaf.pem"]);
    assert_eq!(
        unreadable(&evidence, &folder),
        ["gone.pem: no such file or directory (named as client-key in kubelet.conf)"]
    );
    // In a folder too, where what is not there is no fault of reading.
    let other = tempfile::tempdir().unwrap();
    fs::copy(&config, other.path().join("x")).unwrap();
    let evidence = gather(&[other.path()]);
    assert_eq!(evidence.sources.len(), 2);
    assert_eq!(*evidence.sources[1].name, *absolute.to_str().unwrap());
    assert_eq!(evidence.unreadable, []);
    let missing: Vec<_> = evidence.missing_files.iter().map(|file| (file.setting, &*file.path)).collect();
    assert_eq!(missing, [("certificate-authority", "pki/ca.crt"), ("client-key", "gone.pem")]);
}

#[test]
fn reads_those_files_of_etcd_that_are_there() {
    let folder = tree(&[("server.crt", "leaf.pem")]);
    let config = folder.path().join("etcd.yaml");
    fs::write(&config, "client-transport-security:\n  cert-file: server.crt\n  key-file: server.key\n")
        .unwrap();
    let evidence = gather(&[&config]);
    assert_eq!(sources(&evidence, &folder), ["etcd.yaml", "server.crt"]);
    assert_eq!(evidence.etcd_members.len(), 1);
    assert_eq!(unreadable(&evidence, &folder), [""; 0]);
}

#[test]
fn tells_pkcs12_files_that_no_password_opens() {
    let folder = tree(&[]);
    let pkcs12 = openssl(pki(), "pkcs12 -export -inkey leaf-key.pem -in leaf.pem -passout pass:x");
    fs::write(folder.path().join("a.p12"), pkcs12).unwrap();
    let evidence = gather(&[folder.path()]);
    assert_eq!(unreadable(&evidence, &folder), ["a.p12: a PKCS #12 file under a password that is not given"]);
    let wrong = vec![zeroize::Zeroizing::new("y".to_owned())];
    let mut options = GatherOptions::default();
    options.read = ReadOptions::with_passwords(wrong);
    let mut evidence = Evidence::default();
    evidence.gather(&[folder.path()], &options, &mut |_| {});
    assert_eq!(
        unreadable(&evidence, &folder),
        ["a.p12: a PKCS #12 file that the password that is given does not open"]
    );
    let passwords = vec![zeroize::Zeroizing::new("x".to_owned())];
    let mut options = GatherOptions::default();
    options.read = ReadOptions::with_passwords(passwords);
    let mut evidence = Evidence::default();
    evidence.gather(&[folder.path()], &options, &mut |_| {});
    assert_eq!(evidence.objects.len(), 2);
}

#[test]
fn tells_how_far_it_has_come() {
    let folder = tree(&[("a.pem", "leaf.pem"), ("b.pem", "ca.pem"), ("c.txt", "ca.cnf")]);
    let mut told = Vec::new();
    let mut evidence = Evidence::default();
    evidence.gather(&[folder.path()], &GatherOptions::default(), &mut |progress| {
        let name = progress.path.file_name().unwrap().to_str().unwrap().to_owned();
        told.push((progress.files, progress.objects, name));
    });
    assert_eq!(told, [(0, 0, "a.pem".to_owned()), (1, 1, "b.pem".to_owned()), (2, 2, "c.txt".to_owned())]);
}

#[test]
fn a_folder_as_deep_as_the_system_allows_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    // Deeper than a path may be long: made in two steps.
    let half = format!("{}/", "d".repeat(30)).repeat(100);
    run(folder.path(), "sh", &["-c", &format!("mkdir -p {half} && cd {half} && mkdir -p {half}")]);
    let evidence = gather(&[folder.path()]);
    assert_eq!(evidence.objects, []);
    let told: Vec<_> = evidence.unreadable.iter().map(|entry| &*entry.reason).collect();
    assert_eq!(told, ["file name too long"]);
    run(folder.path(), "rm", &["-rf", &"d".repeat(30)]);
}

#[test]
fn adds_bytes_that_came_another_way() {
    let mut evidence = Evidence::default();
    assert!(evidence.add_bytes("-", None, &pki_file("leaf.pem"), &ReadOptions::default()));
    assert!(!evidence.add_bytes("-", None, b"hello", &ReadOptions::default()));
    assert_eq!(evidence.sources.len(), 1);
    assert_eq!(&*evidence.sources[0].name, "-");
    assert!(matches!(evidence.objects[0].object, Object::Certificate(_)));
}

#[test]
fn files_that_are_named_name_no_others_and_open_no_devices() {
    let folder = tree(&[("leaf.pem", "leaf.pem")]);
    let user = |file: &str| format!("kind: Config\nclusters: []\nusers:\n- user: {{client-key: {file}}}\n");
    for number in 0..2000 {
        fs::write(folder.path().join(format!("k{number}.conf")), user(&format!("k{}.conf", number + 1)))
            .unwrap();
    }
    let evidence = gather(&[&folder.path().join("k0.conf")]);
    assert_eq!(sources(&evidence, &folder), ["k0.conf", "k1.conf"]);
    assert_eq!(evidence.unreadable, []);
    // A pipe without a writer, and a device without an end.
    run(folder.path(), "mkfifo", &["fifo"]);
    for (name, told) in [
        ("fifo", "fifo: it is no file (named as client-key in k.conf)"),
        ("/dev/zero", "/dev/zero: it is no file (named as client-key in k.conf)"),
        (".", ".: is a directory (named as client-key in k.conf)"),
    ] {
        let config = folder.path().join("k.conf");
        fs::write(&config, user(name)).unwrap();
        assert_eq!(unreadable(&gather(&[&config]), &folder), [told]);
    }
}

#[test]
fn does_not_follow_links_into_the_kernels_file_systems() {
    let folder = tree(&[("leaf.pem", "leaf.pem")]);
    for (name, target) in
        [("proc", "/proc"), ("self", "/proc/self"), ("mounts", "/proc/self/mounts"), ("sys", "/sys")]
    {
        std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
    }
    let mut files = Vec::new();
    let mut evidence = Evidence::default();
    evidence
        .gather(&[folder.path()], &GatherOptions::default(), &mut |step| files.push(step.path.to_owned()));
    assert_eq!(files, [folder.path().join("leaf.pem")]);
    assert_eq!(evidence.unreadable, []);
}

#[test]
fn tells_files_that_hold_nothing_of_what_their_names_promise() {
    let folder = tree(&[("server-key.pem", "leaf-key.pem")]);
    for (name, text) in [
        ("server.pem", ""),
        ("page.crt", "<html>404 not found</html>"),
        ("zero.pem", &"\0".repeat(600)),
        ("dh.pem", "-----BEGIN DH PARAMETERS-----\nMAYCAQUCAQI=\n-----END DH PARAMETERS-----\n"),
        ("licence.key", "1234-5678"),
        ("words.txt", ""),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let der = pki_der("rsa-key.pem");
    fs::write(folder.path().join("half.key"), der.split_at(der.len() / 2).0).unwrap();
    let evidence = gather(&[folder.path()]);
    let told: Vec<_> = evidence
        .objects
        .iter()
        .filter_map(|found| match &found.object {
            Object::Damaged { label, fault } => {
                let name = &*evidence.sources[found.source as usize].name;
                Some(format!("{}: {label}: {fault}", Path::new(name).file_name()?.to_str()?))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            "half.key: private key: it is DER that breaks off",
            "page.crt: certificate: it is an HTML page",
            "server.pem: PEM: the file is empty",
            "zero.pem: PEM: there are only zeros in the file",
        ]
    );
    // Half a key is half a secret.
    let keys: Vec<_> = evidence
        .objects
        .iter()
        .filter(|found| matches!(found.object, Object::PrivateKey(_)))
        .map(|found| evidence.sources[found.source as usize].name.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(keys, ["half.key", "server-key.pem"]);
}

#[test]
fn tells_a_folder_that_was_named_and_holds_nothing() {
    let folder = tree(&[("full/leaf.pem", "leaf.pem")]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("empty/readme"), "hello").unwrap();
    fs::create_dir(folder.path().join("linked")).unwrap();
    std::os::unix::fs::symlink("../full/leaf.pem", folder.path().join("linked/x")).unwrap();
    let paths = ["empty", "full", "linked", "full"].map(|name| folder.path().join(name));
    let told = unreadable(&gather(&paths), &folder);
    assert_eq!(told, ["empty: there is no certificate, key, request or revocation list in it"]);
    assert_eq!(gather(&[folder.path()]).unreadable, []);
}
