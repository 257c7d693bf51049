//! Settings of etcd in plain text: systemd units, files of environment variables, shell scripts.

use super::contents::Reading;
use super::etcd::Settings;
use super::text;
use crate::inspect::evidence::Container;

/// Reads settings of etcd. False if there are none.
pub(super) fn read(reading: &mut Reading<'_, '_>, bytes: &[u8]) -> bool {
    if !text::contains_any(bytes, &[b"CERT_FILE", b"cert-file", b"_URLS", b"-urls"]) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut settings = Settings::default();
    let mut commands = Vec::new();
    for line in logical_lines(text) {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        if line.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with("ETCD_") || line.starts_with("Environment=") {
            for word in words(line.strip_prefix("Environment=").unwrap_or(line)) {
                if let Some((name, value)) = word.split_once('=') {
                    settings.set_variable(name, value);
                }
            }
        } else if line.contains("etcd") && line.contains(" -") {
            commands.push(words(line.strip_prefix("ExecStart=").unwrap_or(line)));
        }
    }
    let mut members = Vec::new();
    if let [command] = commands.as_slice() {
        // A unit's command and its variables are about the same member; flags win.
        settings.set_flags(command.iter().map(String::as_str));
    } else {
        for command in &commands {
            let mut settings = Settings::default();
            if settings.set_flags(command.iter().map(String::as_str)) {
                members.extend(settings.finish());
            }
        }
    }
    members.extend(settings.finish());
    let found = !members.is_empty();
    for member in members {
        reading.etcd_member(Container::Settings, member);
    }
    found
}

/// Lines, each joined with the next one where it ends in a backslash.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for part in text.lines() {
        match part.trim_end().strip_suffix('\\') {
            Some(part) => {
                line.push_str(part);
                line.push(' ');
            }
            None => {
                line.push_str(part);
                lines.push(std::mem::take(&mut line));
            }
        }
    }
    lines.push(line);
    lines
}

/// The words of a line, quotes taken away.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for letter in line.chars() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter.is_whitespace() => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
