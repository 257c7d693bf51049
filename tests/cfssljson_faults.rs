//! Disks that fill up, directories that may not be written, kills in the middle: old files stay whole.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

mod cfssljson_support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cfssljson_support::{GENCERT, OURS, files, is_root, mode, names, put, run, run_after};
use tempfile::tempdir;

const OLD: [(&str, &str); 3] = [("x.pem", "OLD C"), ("x.csr", "OLD R"), ("x-key.pem", "OLD K")];

fn put_old(directory: &Path) {
    for (name, text) in OLD {
        put(&directory.join(name), text, 0o600);
    }
}

fn assert_untouched(directory: &Path) {
    let expected = OLD.map(|(name, text)| (name.to_owned(), (0o600, text.to_owned())));
    assert_eq!(files(directory), expected.into());
}

/// As run by somebody without privileges.
fn run_as_nobody(directory: &Path, arguments: &[&str], input: &str) -> cfssljson_support::Outcome {
    cfssljson_support::run_as_nobody("umask 022", OURS, directory, arguments, input)
}

fn large(letter: &str) -> String {
    letter.repeat(300_000)
}

fn large_input() -> String {
    format!(r#"{{"cert":"{0}","key":"{0}","csr":"{0}"}}"#, large("n"))
}

#[test]
fn an_existing_file_keeps_owner_group_and_mode() {
    let directory = tempdir().unwrap();
    let key = directory.path().join("x-key.pem");
    put(&key, "old", 0o640);
    if is_root() {
        chown(&key, Some(12345), Some(23456)).unwrap();
    }
    put(&directory.path().join("x.pem"), "old", 0o604);
    let outcome = run(directory.path(), &["-bare", "x"], GENCERT);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""));
    let metadata = fs::metadata(&key).unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o640);
    if is_root() {
        assert_eq!((metadata.uid(), metadata.gid()), (12345, 23456));
    }
    assert_eq!(mode(&directory.path().join("x.pem")), 0o604);
    assert_eq!(fs::read_to_string(key).unwrap(), "KEY\n");
}

#[test]
fn a_key_never_stays_open_to_others() {
    for (before, after) in [(0o644, 0o640), (0o666, 0o660), (0o755, 0o750), (0o604, 0o600)] {
        let directory = tempdir().unwrap();
        put(&directory.path().join("x-key.pem"), "old", before);
        put(&directory.path().join("x-key.enc"), "old", before);
        let input = r#"{"key":"K","encrypted_key":"E"}"#;
        let outcome = run(directory.path(), &["-bare", "x"], input);
        assert_eq!(outcome.status, Some(0));
        for name in ["x-key.pem", "x-key.enc"] {
            assert_eq!(mode(&directory.path().join(name)), after);
            let warning = format!(
                "[WARNING] {name}: a private key that everybody could use: its mode is now {after:04o} instead of {before:04o}\n"
            );
            assert!(outcome.stderr.contains(&warning), "{}", outcome.stderr);
        }
    }
}

#[test]
fn an_owner_that_cannot_be_kept_is_told_and_gives_no_group_the_key() {
    assert!(is_root() || std::env::var_os("CI").is_none(), "only root can give files away");
    if !is_root() {
        eprintln!("not checked: only root can give files away");
        return;
    }
    let directory = tempdir().unwrap();
    let key = directory.path().join("x-key.pem");
    chown(directory.path(), Some(65534), Some(65534)).unwrap();
    put(&key, "old", 0o662);
    chown(&key, Some(12345), Some(23456)).unwrap();
    let outcome = run_as_nobody(directory.path(), &["-bare", "x"], GENCERT);
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("x-key.pem: its owner 12345:23456 could not be kept"));
    assert_eq!(mode(&key), 0o600);
}

#[test]
fn a_symbolic_link_stays_and_the_file_behind_it_is_replaced() {
    let directory = tempdir().unwrap();
    let real = directory.path().join("real");
    fs::create_dir(&real).unwrap();
    put(&real.join("key"), "old", 0o600);
    symlink("real/key", directory.path().join("x-key.pem")).unwrap();
    symlink("real/not-yet", directory.path().join("x.pem")).unwrap();
    let outcome = run(directory.path(), &["-bare", "x"], GENCERT);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""));
    assert_eq!(fs::read_to_string(real.join("key")).unwrap(), "KEY\n");
    assert_eq!(fs::read_to_string(real.join("not-yet")).unwrap(), "CERT\n");
    for name in ["x-key.pem", "x.pem"] {
        assert!(directory.path().join(name).is_symlink(), "{name}");
    }
    symlink("loop.pem", directory.path().join("loop.pem")).unwrap();
    let outcome = run(directory.path(), &["-bare", "loop"], GENCERT);
    assert_eq!(outcome.status, Some(1));
    assert_eq!(outcome.stderr, "open loop.pem: too many levels of symbolic links\n");
}

#[test]
fn what_another_user_put_into_a_directory_of_everybody_gets_no_key() {
    assert!(is_root() || std::env::var_os("CI").is_none(), "only root can give files away");
    if !is_root() {
        eprintln!("not checked: only root can give files away");
        return;
    }
    let directory = tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o1777)).unwrap();
    let elsewhere = tempdir().unwrap();
    symlink(elsewhere.path().join("stolen"), directory.path().join("link-key.pem")).unwrap();
    let fifo = directory.path().join("pipe-key.pem");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    put(&directory.path().join("file-key.pem"), "old", 0o600);
    for name in ["link", "pipe", "file"] {
        let key = directory.path().join(format!("{name}-key.pem"));
        lchown(&key, Some(12345), Some(23456)).unwrap();
        let outcome = run(directory.path(), &["-bare", name], GENCERT);
        let words = "permission denied: another user put it into a directory where everybody may write";
        assert_eq!(outcome.stderr, format!("open {name}-key.pem: {words}\n"));
        assert_eq!(outcome.status, Some(1));
        assert!(!directory.path().join(format!("{name}.pem")).exists(), "{name}");
        // What the directory's owner put there, or we did, is as good as anywhere else.
        lchown(&key, Some(0), Some(0)).unwrap();
    }
    assert!(names(elsewhere.path()).is_empty());
    assert_eq!(fs::read_to_string(directory.path().join("file-key.pem")).unwrap(), "old");
    for name in ["link", "file"] {
        assert_eq!(run(directory.path(), &["-bare", name], GENCERT).status, Some(0));
    }
    assert_eq!(names(elsewhere.path()), ["stolen"]);
}

#[test]
fn devices_and_pipes_are_written_to() {
    let directory = tempdir().unwrap();
    symlink("/dev/stdout", directory.path().join("x.pem")).unwrap();
    symlink("/dev/null", directory.path().join("x.csr")).unwrap();
    let fifo = directory.path().join("x-key.pem");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let reader = std::thread::spawn(move || fs::read_to_string(fifo).unwrap());
    let outcome = run(directory.path(), &["-bare", "x"], GENCERT);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""));
    assert_eq!(outcome.stdout, "CERT\n");
    assert_eq!(reader.join().unwrap(), "KEY\n");
    assert!(names(directory.path()).is_empty());
    // An output that is a file must not be replaced under the shell that holds it.
    let before = "exec > out; echo before >&2";
    let outcome = run_after(before, OURS, directory.path(), &["-bare", "x"], r#"{"cert":"C"}"#);
    assert_eq!(outcome.status, Some(0));
    assert_eq!(fs::read_to_string(directory.path().join("out")).unwrap(), "C");
}

#[test]
fn a_full_device_is_a_fault_and_touches_nothing_else() {
    let directory = tempdir().unwrap();
    put_old(directory.path());
    fs::remove_file(directory.path().join("x.csr")).unwrap();
    symlink("/dev/full", directory.path().join("x.csr")).unwrap();
    let outcome = run(directory.path(), &["-bare", "x"], GENCERT);
    assert_eq!(outcome.status, Some(1));
    assert_eq!(outcome.stderr, "write x.csr: no space left on device\n");
    let left = files(directory.path());
    assert_eq!(left.get("x.pem"), Some(&(0o600, "OLD C".to_owned())));
    assert_eq!(left.get("x-key.pem"), Some(&(0o600, "OLD K".to_owned())));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 3);
}

#[test]
fn no_room_for_the_last_file_leaves_all_as_they_were() {
    let directory = tempdir().unwrap();
    put_old(directory.path());
    let input = format!(r#"{{"cert":"C","key":"K","csr":"{}"}}"#, large("n"));
    // A limit on the size of files stands for the full disk; first as an error, then as a kill.
    let before = "ulimit -f 16; trap '' XFSZ";
    let outcome = run_after(before, OURS, directory.path(), &["-bare", "x"], &input);
    assert_eq!(outcome.status, Some(1), "{}", outcome.stderr);
    assert!(outcome.last_line().starts_with("write x.csr: file too large"), "{}", outcome.stderr);
    assert_untouched(directory.path());
    let outcome = run_after("ulimit -f 16", OURS, directory.path(), &["-bare", "x"], &input);
    assert_eq!(outcome.status, None, "{}", outcome.stderr);
    for (name, text) in OLD {
        assert_eq!(fs::read_to_string(directory.path().join(name)).unwrap(), text);
    }
}

#[test]
fn a_target_that_cannot_be_replaced_leaves_the_others_as_they_were() {
    let directory = tempdir().unwrap();
    put_old(directory.path());
    fs::remove_file(directory.path().join("x.csr")).unwrap();
    fs::create_dir(directory.path().join("x.csr")).unwrap();
    let outcome = run(directory.path(), &["-bare", "x"], GENCERT);
    assert_eq!((outcome.status, outcome.last_line()), (Some(1), "open x.csr: is a directory"));
    assert_eq!(names(directory.path()), ["x-key.pem", "x.pem"]);
    assert_eq!(fs::read_to_string(directory.path().join("x.pem")).unwrap(), "OLD C");
    let outcome = run(directory.path(), &["-bare", "x.pem/y"], GENCERT);
    assert_eq!((outcome.status, outcome.last_line()), (Some(1), "open x.pem/y.pem: not a directory"));
    let outcome = run(directory.path(), &["-bare", "missing/y"], GENCERT);
    let fault = "open missing/y.pem: no such file or directory\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(1), fault));
    let name = "y".repeat(300);
    let outcome = run(directory.path(), &["-bare", &name], GENCERT);
    assert!(outcome.last_line().ends_with(".pem: file name too long"), "{}", outcome.stderr);
}

#[test]
fn a_directory_or_file_that_may_not_be_written_is_a_fault() {
    let directory = tempdir().unwrap();
    put_old(directory.path());
    let writable = directory.path().join("x.pem");
    fs::set_permissions(&writable, fs::Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let outcome = run_as_nobody(directory.path(), &["-bare", "new"], GENCERT);
    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(1), "open new.pem: permission denied\n"));
    // Overwriting this one in place would be possible and could leave half of it.
    let outcome = run_as_nobody(directory.path(), &["-bare", "x"], r#"{"cert":"C"}"#);
    assert_eq!((outcome.status, outcome.last_line()), (Some(1), "open x.pem: permission denied"));
    assert!(outcome.stderr.contains("its directory must be writable"), "{}", outcome.stderr);
    assert_eq!(fs::read_to_string(&writable).unwrap(), "OLD C");
    // The other way round: renaming over a protected file would be possible.
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(&writable, fs::Permissions::from_mode(0o444)).unwrap();
    let outcome = run_as_nobody(directory.path(), &["-bare", "x"], r#"{"cert":"C"}"#);
    assert_eq!((outcome.status, outcome.last_line()), (Some(1), "open x.pem: permission denied"));
    assert_eq!(fs::read_to_string(&writable).unwrap(), "OLD C");
    assert_eq!(names(directory.path()).len(), 3);
}

#[test]
fn a_kill_at_any_moment_leaves_old_or_new_files_and_no_readable_key() {
    let directory = tempdir().unwrap();
    fs::write(directory.path().join("in.json"), large_input()).unwrap();
    let (old, new) = (large("o"), large("n"));
    for round in 0..60 {
        for name in ["x.pem", "x.csr", "x-key.pem"] {
            put(&directory.path().join(name), &old, 0o600);
        }
        let mut child = Command::new(OURS)
            .args(["-f", "in.json", "-bare", "x"])
            .current_dir(directory.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(round * 700));
        child.kill().unwrap();
        child.wait().unwrap();
        for (name, (mode, text)) in files(directory.path()) {
            if name.starts_with(".certmint-") {
                assert_eq!(mode, 0o600, "a temporary file is open to others");
            } else if name != "in.json" {
                assert!(text == old || text == new, "round {round}: {name} is in pieces");
            }
        }
        look_at(directory.path(), "x.pem");
        assert_one_set(directory.path(), &[&old, &new]);
    }
    let outcome = run(directory.path(), &["-f", "in.json", "-bare", "x"], "");
    assert_eq!(outcome.status, Some(0));
    let left = files(directory.path());
    assert_eq!(left.len(), 4);
    assert!(left.iter().all(|(name, (_, text))| name == "in.json" || *text == new));
}

/// Reads a file of the directory with our `cfssl`, which finishes what was interrupted.
fn look_at(directory: &Path, name: &str) {
    let cfssl = env!("CARGO_BIN_EXE_cfssl");
    let status = Command::new(cfssl)
        .args(["certinfo", "-cert", name])
        .current_dir(directory)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1), "it is no certificate");
}

/// All three files hold the same, one of `texts`.
fn assert_one_set(directory: &Path, texts: &[&str]) -> String {
    let found = files(directory);
    let text = &found["x.pem"].1;
    assert!(texts.contains(&text.as_str()));
    for name in ["x.csr", "x-key.pem"] {
        assert!(&found[name].1 == text, "{name} is of another set than x.pem");
    }
    text.clone()
}

#[test]
fn a_kill_at_each_rename_leaves_one_set_for_the_next_of_ours() {
    for reads in [true, false] {
        let mut outcomes = Vec::new();
        for kill in 1.. {
            assert!(kill < 20, "the program is killed for ever");
            let directory = tempdir().unwrap();
            fs::write(directory.path().join("in.json"), r#"{"cert":"new","key":"new","csr":"new"}"#).unwrap();
            for name in ["x.pem", "x.csr", "x-key.pem"] {
                put(&directory.path().join(name), "old", 0o600);
            }
            let inject = format!("inject=rename,renameat,renameat2:signal=SIGKILL:when={kill}");
            let output = Command::new("strace")
                .args(["-f", "-o", "/dev/null", "-e", "trace=rename,renameat,renameat2", "-e", &inject])
                .args([OURS, "-f", "in.json", "-bare", "x"])
                .current_dir(directory.path())
                .output()
                .unwrap_or_else(|error| panic!("strace: {error}; apt-get install strace"));
            let killed = output.status.code() != Some(0);
            if reads {
                look_at(directory.path(), "x.csr");
            } else {
                assert_eq!(run(directory.path(), &["-bare", "y"], r#"{"cert":"y"}"#).status, Some(0));
                // And nothing of the dead is left.
                assert!(!names(directory.path()).iter().any(|name| name.starts_with(".certmint-")));
            }
            outcomes.push(assert_one_set(directory.path(), &["old", "new"]));
            if !killed {
                break;
            }
        }
        // The journal's own rename, one for each file, and a run to the end.
        assert_eq!(outcomes, ["old", "new", "new", "new", "new"], "reads: {reads}");
    }
}

#[test]
fn a_journal_that_is_not_to_be_trusted_changes_nothing() {
    let journal = "certmint journal 1\0.certmint-a\0x.pem\0.certmint-b\0x.csr\0.certmint-c\0x-key.pem";
    let prepared = |age: u64| {
        let directory = tempdir().unwrap();
        put_old(directory.path());
        for name in [".certmint-a", ".certmint-b", ".certmint-c"] {
            put(&directory.path().join(name), "NEW", 0o600);
        }
        put(&directory.path().join(".certmint-journal"), journal, 0o600);
        let file = fs::File::options().write(true).open(directory.path().join(".certmint-journal")).unwrap();
        file.set_modified(file.metadata().unwrap().modified().unwrap() - Duration::from_secs(age)).unwrap();
        directory
    };
    let old = |directory: &Path| {
        look_at(directory, "x.pem");
        OLD.iter().all(|(name, text)| fs::read_to_string(directory.join(name)).unwrap() == *text)
    };
    // As it is meant, for comparison.
    assert!(!old(prepared(0).path()));
    // Somebody has put other files there since the kill.
    let directory = prepared(60);
    assert!(old(directory.path()));
    assert_eq!(names(directory.path()).len(), 3);
    // Everybody could have written it.
    let directory = prepared(0);
    let path = directory.path().join(".certmint-journal");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(old(directory.path()));
    // A link to somewhere else, and somebody else's.
    let directory = prepared(0);
    let path = directory.path().join(".certmint-journal");
    fs::rename(&path, directory.path().join("journal")).unwrap();
    symlink("journal", &path).unwrap();
    assert!(old(directory.path()));
    if is_root() {
        let directory = prepared(0);
        chown(directory.path().join(".certmint-journal"), Some(12345), None).unwrap();
        assert!(old(directory.path()));
    }
}

#[test]
fn writers_at_the_same_time_leave_the_set_of_one() {
    let directory = tempdir().unwrap();
    for round in 0..5 {
        std::thread::scope(|scope| {
            for writer in 0..6 {
                let place = directory.path();
                scope.spawn(move || {
                    let text = format!("{round} {writer}");
                    let input = format!(r#"{{"cert":"{text}","key":"{text}","csr":"{text}"}}"#);
                    let outcome = run(place, &["-bare", "x"], &input);
                    assert_eq!((outcome.status, outcome.stderr.as_str()), (Some(0), ""));
                });
            }
        });
        let texts: Vec<_> = (0..6).map(|writer| format!("{round} {writer}")).collect();
        assert_one_set(directory.path(), &texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(names(directory.path()).len(), 3);
    }
}

#[test]
fn a_key_is_private_from_the_first_byte_be_it_new_or_replaced() {
    let input = format!(r#"{{"key":"{}"}}"#, large("n"));
    for replaced in [false, true] {
        let directory = tempdir().unwrap();
        if replaced {
            put(&directory.path().join("x-key.pem"), "old", 0o600);
        }
        // The kill by the size limit comes while the key is being written.
        let before = "umask 0; ulimit -f 16";
        let outcome = run_after(before, OURS, directory.path(), &["-bare", "x"], &input);
        assert_eq!(outcome.status, None);
        let left = files(directory.path());
        assert_eq!(left.len(), 1 + usize::from(replaced));
        assert!(left.values().all(|(mode, _)| *mode == 0o600), "replaced: {replaced}");
        assert!(left.values().any(|(_, text)| text.starts_with("nnn")));
    }
}

#[test]
fn a_reader_that_has_gone_away_is_success_and_a_full_output_is_not() {
    let directory = tempdir().unwrap();
    fs::write(directory.path().join("in.json"), large_input()).unwrap();
    let script = format!("{{ '{OURS}' -f in.json -bare -stdout; echo $? >status; }} | head -c 1");
    let output = Command::new("sh").args(["-c", &script]).current_dir(directory.path()).output().unwrap();
    assert_eq!(fs::read_to_string(directory.path().join("status")).unwrap(), "0\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let arguments = ["-f", "in.json", "-bare", "-stdout"];
    let outcome = run_after("exec >/dev/full", OURS, directory.path(), &arguments, "");
    assert_eq!(outcome.status, Some(1));
    assert_eq!(outcome.last_line(), "write /dev/stdout: no space left on device");
    for closed in [">&-", "<&-", "2>&-"] {
        let outcome = run_after(&format!("exec {closed}"), OURS, directory.path(), &["-bare", "x"], GENCERT);
        assert_eq!(outcome.status, Some(i32::from(closed == "<&-")), "{closed}");
    }
}

#[test]
fn other_hard_links_are_named_because_they_keep_the_old_contents() {
    let directory = tempdir().unwrap();
    put(&directory.path().join("x.pem"), "old", 0o644);
    fs::hard_link(directory.path().join("x.pem"), directory.path().join("y.pem")).unwrap();
    let outcome = run(directory.path(), &["-bare", "x"], GENCERT);
    assert_eq!(outcome.status, Some(0));
    assert!(
        outcome.stderr.contains("x.pem: its other hard links still name the old contents"),
        "{}",
        outcome.stderr
    );
    let other = fs::read_to_string(directory.path().join("y.pem")).unwrap();
    assert_eq!(other, "old");
}
