//! Runs cfssljson, ours or the installed one, and looks at the files it left.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses a part, and a test may stop")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) const OURS: &str = env!("CARGO_BIN_EXE_cfssljson");

/// What cfssl prints for a new authority, shortened.
pub(crate) const GENCERT: &str = r#"{"cert":"CERT\n","csr":"CSR\n","key":"KEY\n"}"#;

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn last_line(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }
}

/// Runs `program` in `directory` after the shell commands `before`.
pub(crate) fn run_after(
    before: &str,
    program: &str,
    directory: &Path,
    arguments: &[&str],
    input: &str,
) -> Outcome {
    let mut child = Command::new("sh")
        .args(["-c", &format!("{before}\nexec \"$@\""), "sh", program])
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that fails early closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Outcome {
        status: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs our program under the usual umask.
pub(crate) fn run(directory: &Path, arguments: &[&str], input: &str) -> Outcome {
    run_after("umask 022", OURS, directory, arguments, input)
}

/// Name, mode and contents of every file, hidden ones included.
pub(crate) fn files(directory: &Path) -> BTreeMap<String, (u32, String)> {
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.metadata().unwrap().is_file())
        .map(|entry| {
            let mode = entry.metadata().unwrap().mode() & 0o7777;
            let contents = fs::read(entry.path()).unwrap();
            let contents = String::from_utf8_lossy(&contents).into_owned();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, (mode, contents))
        })
        .collect()
}

pub(crate) fn names(directory: &Path) -> Vec<String> {
    files(directory).into_keys().collect()
}

/// A file as someone else left it.
pub(crate) fn put(path: &Path, contents: &str, mode: u32) {
    fs::write(path, contents).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// [`run_after`] by somebody without privileges. Root may do everything, which hides half of the faults.
pub(crate) fn run_as_nobody(
    before: &str,
    program: &str,
    directory: &Path,
    arguments: &[&str],
    input: &str,
) -> Outcome {
    if !is_root() {
        return run_after(before, program, directory, arguments, input);
    }
    // The build directory need not be open to everybody, so a copy is run.
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = place.path().join("program");
    fs::copy(program, &copy).unwrap();
    let before = format!("{before}; set -- setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"");
    run_after(&before, copy.to_str().unwrap(), directory, arguments, input)
}
