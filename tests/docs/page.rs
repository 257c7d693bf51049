//! A page in Markdown: its fenced blocks, and what becomes of them.

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) struct Page {
    name: String,
    pub(crate) blocks: Vec<Block>,
}

pub(crate) struct Block {
    /// What stands after the opening fence.
    pub(crate) info: String,
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// A command and what the page says it prints.
pub(crate) struct Step {
    pub(crate) command: String,
    pub(crate) shown: String,
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

impl Page {
    pub(crate) fn load(file: &str) -> Self {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (number, line) in read(file).lines().enumerate() {
            open = match (open.take(), line.strip_prefix("```")) {
                (None, Some(info)) => {
                    Some(Block { info: info.to_owned(), text: String::new(), line: number + 1 })
                }
                (Some(block), Some("")) => {
                    blocks.push(block);
                    None
                }
                (Some(mut block), _) => {
                    block.text += &format!("{line}\n");
                    Some(block)
                }
                (None, None) => None,
            };
        }
        assert!(open.is_none(), "{file}: the last block does not end");
        assert!(!blocks.is_empty(), "{file}: no block");
        Self { name: file.to_owned(), blocks }
    }

    /// The text of the block that is a file of this name.
    pub(crate) fn file(&self, name: &str) -> &str {
        let block = self.blocks.iter().find(|block| block.file_name() == Some(name));
        &block.unwrap_or_else(|| panic!("{}: no file {name}", self.name)).text
    }

    pub(crate) fn write_files(&self, place: &Path) {
        for block in &self.blocks {
            block.write_file(place);
        }
    }

    /// Goes through the page as a reader would: writes its files, runs its commands, looks at what is printed.
    pub(crate) fn run(&self, place: &Path) {
        let mut commands = 0;
        for block in &self.blocks {
            block.write_file(place);
            if block.kind() == "sh" {
                let (_, complaint) = shell(&format!("sh -n <<'END'\n{}END", block.text), place);
                assert_eq!(complaint, "", "{}:{}", self.name, block.line);
            }
            if block.info != "console" {
                continue;
            }
            for step in block.steps() {
                commands += 1;
                let (_, printed) = shell(&step.command, place);
                self.compare(block, &step, &printed);
            }
        }
        assert!(commands > 0, "{}: no command", self.name);
    }

    #[track_caller]
    pub(crate) fn compare(&self, block: &Block, step: &Step, printed: &str) {
        let (shown, printed) = (normal(&step.shown), normal(printed));
        assert!(
            matches(&shown, &printed),
            "{}:{}: $ {}\nshows\n{shown}\nand prints\n{printed}",
            self.name,
            block.line,
            step.command
        );
    }
}

impl Block {
    pub(crate) fn kind(&self) -> &str {
        self.info.split(' ').next().unwrap_or_default()
    }

    fn file_name(&self) -> Option<&str> {
        let (kind, name) = self.info.split_once(' ')?;
        ["json", "yaml", "ini"].contains(&kind).then_some(name)
    }

    fn write_file(&self, place: &Path) {
        // The service is no file of this directory; `ls` on the page does not show it.
        if let Some(name) = self.file_name().filter(|name| !name.ends_with(".service")) {
            fs::write(place.join(name), &self.text).unwrap();
        }
    }

    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for line in self.text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                steps.push(Step { command: command.to_owned(), shown: String::new() });
            } else {
                let step = steps.last_mut().unwrap_or_else(|| panic!("line {}: no command", self.line));
                step.shown += &format!("{line}\n");
            }
        }
        steps
    }
}

/// Runs a line with our programs; what it prints on both streams, in the order it comes.
pub(crate) fn shell(line: &str, place: &Path) -> (bool, String) {
    let ours = Path::new(env!("CARGO_BIN_EXE_cfssl")).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let status = Command::new("bash")
        .args(["-c", line])
        .current_dir(place)
        .env("PATH", format!("{ours}:{path}"))
        .env("LC_ALL", "C")
        .env_remove("CFSSL_STRICT")
        .stdin(Stdio::null())
        .stdout(append(log.path()))
        .stderr(append(log.path()))
        .status()
        .expect("bash runs");
    (status.success(), fs::read_to_string(log.path()).unwrap())
}

fn append(path: &Path) -> fs::File {
    fs::OpenOptions::new().append(true).open(path).unwrap()
}

/// The text with what changes from run to run replaced.
pub(crate) fn normal(text: &str) -> String {
    let rules = [
        (r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", "TIME"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "DATE"),
        (r"\b\d{40,49}\b", "SERIAL"),
        (r"\b([0-9A-F]{2}:){19}[0-9A-F]{2}\b", "KEY-IDENTIFIER"),
        (r"-----BEGIN ([A-Z ]+)-----[^-]*-----END [A-Z ]+-----", "PEM $1"),
        // openssl before 3.2 writes `CN = etcd`, later ones `CN=etcd`.
        (r"([A-Z]) = ", "$1="),
    ];
    rules.iter().fold(text.to_owned(), |text, (pattern, with)| {
        Regex::new(pattern).unwrap().replace_all(&text, *with).into_owned()
    })
}

/// True where the lines are equal, `…` standing for any.
fn matches(shown: &str, printed: &str) -> bool {
    let pattern: String = shown
        .split_inclusive('\n')
        .map(|line| match line.trim() {
            "…" => "(?:.*\n)*?".to_owned(),
            _ => regex::escape(line),
        })
        .collect();
    Regex::new(&format!("^{pattern}$")).unwrap().is_match(printed)
}

#[test]
fn an_ellipsis_stands_for_any_lines_and_nothing_else_does() {
    assert!(matches("a\n…\nd\n", "a\nb\nc\nd\n"));
    assert!(matches("a\n…\nd\n", "a\nd\n"));
    assert!(!matches("a\n…\nd\n", "a\nb\n"));
    assert!(!matches("a\n", "a\nb\n"));
    assert!(!matches("a.c\n", "abc\n"));
    assert_eq!(normal("2026/11/22 17:14:45 [INFO] x\n"), "TIME [INFO] x\n");
}
