//! Runs the transcripts in `tests/cmd`: what is typed, what is printed, and the exit status.
//!
//! In a transcript, `$ ` begins a command for the shell, `> ` a line of its standard output, `! ` a line of its
//! standard error, and `? ` its exit status, which is 0 where none is written. `! ...` stands for any further
//! lines. `= peer` demands of the installed cfssl 1.6.5 the same exit status and first line of standard
//! error, `== peer` also the same standard output. Every other line is a remark. In output, TIME stands for the
//! time of a log line and VERSION for this package's version. A directory `NAME.in` beside `NAME.txt` holds
//! files to work on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop")]

#[path = "support/peer.rs"]
mod peer;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug, Default)]
struct Step {
    line: usize,
    command: String,
    stdout: String,
    stderr: String,
    /// `! ...`: what follows on standard error is of no interest.
    stderr_is_open: bool,
    status: i32,
    peer: Peer,
}

#[derive(Debug, Default, PartialEq)]
enum Peer {
    #[default]
    Ignored,
    SameFault,
    SameOutput,
}

struct Outcome {
    stdout: String,
    stderr: String,
    status: i32,
}

#[test]
fn transcripts_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    let mut transcripts = Vec::new();
    collect(&root, &mut transcripts);
    assert!(!transcripts.is_empty(), "no transcripts in {}", root.display());
    let faults: Vec<String> = transcripts.iter().flat_map(|path| run_transcript(path)).collect();
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n"));
}

fn collect(directory: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension {
            Some("txt") => into.push(path),
            Some("in") => {}
            _ if path.is_dir() => collect(&path, into),
            _ => {}
        }
    }
}

fn parse(path: &Path) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (number, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { line: number + 1, command: command.to_owned(), ..Step::default() });
            continue;
        }
        let marked = ['>', '!', '?', '='].iter().any(|mark| line.starts_with(*mark));
        if !marked {
            continue;
        }
        let step = steps.last_mut().unwrap_or_else(|| panic!("{}: no command yet", path.display()));
        match line.split_once(' ').unwrap_or((line, "")) {
            (">", text) => step.stdout += &format!("{text}\n"),
            ("!", "...") => step.stderr_is_open = true,
            ("!", text) => step.stderr += &format!("{text}\n"),
            ("?", status) => step.status = status.parse().unwrap(),
            ("=", "peer") => step.peer = Peer::SameFault,
            ("==", "peer") => step.peer = Peer::SameOutput,
            _ => panic!("{}:{}: what is {line}?", path.display(), number + 1),
        }
    }
    assert!(!steps.is_empty(), "{}: no command", path.display());
    steps
}

fn run_transcript(path: &Path) -> Vec<String> {
    let ours = Path::new(env!("CARGO_BIN_EXE_cfssl")).parent().unwrap();
    let place = tempfile::tempdir().unwrap();
    let peer_place = tempfile::tempdir().unwrap();
    for place in [&place, &peer_place] {
        copy_files(&path.with_extension("in"), place.path());
    }
    let mut faults = Vec::new();
    for step in parse(path) {
        let outcome = run(&step.command, ours, place.path());
        let here = format!("{}:{}: $ {}\n", path.display(), step.line, step.command);
        let stderr_holds = match step.stderr_is_open {
            true => outcome.stderr.starts_with(&step.stderr),
            false => outcome.stderr == step.stderr,
        };
        if (outcome.status, &outcome.stdout) != (step.status, &step.stdout) || !stderr_holds {
            faults.push(format!("{here}{}", shown(&outcome)));
        }
        if step.peer == Peer::Ignored {
            continue;
        }
        let cfssl = peer::NEW.program("cfssl");
        let peer = run(&step.command, Path::new(&cfssl).parent().unwrap(), peer_place.path());
        let agrees = (peer.status, peer.stderr.lines().next())
            == (outcome.status, outcome.stderr.lines().next())
            && (step.peer == Peer::SameFault || peer.stdout == outcome.stdout);
        if !agrees {
            faults.push(format!("{here}our result\n{}the peer's\n{}", shown(&outcome), shown(&peer)));
        }
    }
    faults
}

fn copy_files(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn run(command: &str, programs: &Path, place: &Path) -> Outcome {
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(place)
        .env("PATH", path)
        .env("TZ", "UTC")
        .env_remove("CFSSL_STRICT")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    Outcome {
        stdout: normal(&output.stdout),
        stderr: normal(&output.stderr),
        status: output.status.code().expect("ended by a signal"),
    }
}

/// The text with what changes from run to run replaced.
fn normal(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).replace(env!("CARGO_PKG_VERSION"), "VERSION");
    if !text.is_empty() && !text.ends_with('\n') {
        text += " (no newline)\n";
    }
    let lines = text.lines().map(|line| match line.split_at_checked("2006/01/02 15:04:05".len()) {
        Some((time, rest)) if rest.starts_with(" [") && is_time(time) => format!("TIME{rest}\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

fn is_time(text: &str) -> bool {
    let form = "0000/00/00 00:00:00";
    text.len() == form.len()
        && text.chars().zip(form.chars()).all(|(letter, form)| match form {
            '0' => letter.is_ascii_digit(),
            _ => letter == form,
        })
}

/// An outcome as a transcript has it.
fn shown(outcome: &Outcome) -> String {
    let lines = |mark: &str, text: &str| -> String {
        text.lines().map(|line| format!("{mark} {line}\n").replace(" \n", "\n")).collect()
    };
    let status = match outcome.status {
        0 => String::new(),
        status => format!("? {status}\n"),
    };
    lines(">", &outcome.stdout) + &lines("!", &outcome.stderr) + &status
}
