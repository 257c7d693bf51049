//! Words for people about what a document holds.

/// The known word nearest to what was written, where one is near enough to be meant.
#[must_use]
pub(crate) fn did_you_mean<'k>(written: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    // No word that means something is nearly as long, and comparing takes room and time.
    if written.len() > 100 {
        return None;
    }
    let written = written.to_lowercase();
    let distance = |word: &str| {
        let word = word.to_lowercase();
        let plain = |text: &str| text.replace(['-', '_', ' '], "");
        if plain(&word) == plain(&written) || plain(&word) == plain(&written) + "s" {
            return 0;
        }
        strsim::damerau_levenshtein(&written, &word)
    };
    let allowed = match written.chars().count() {
        0..=2 => 1,
        3..=7 => 2,
        _ => 3,
    };
    known
        .map(|word| (distance(word), word))
        .filter(|(distance, word)| *distance <= allowed && *distance < word.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// What a Go type looks like in JSON, for people.
pub(super) fn expectation(go_type: &str) -> &'static str {
    match go_type {
        "string" => "a string",
        "bool" => "true or false",
        "int" | "time.Duration" | "uint8" => "a whole number",
        _ if go_type.starts_with("[]") => "a list",
        _ => "an object",
    }
}

pub(super) fn with_article(kind: &str) -> String {
    match kind {
        "bool" => "true or false".to_owned(),
        "null" => "null".to_owned(),
        "array" => "a list".to_owned(),
        "object" => "an object".to_owned(),
        _ => format!("a {kind}"),
    }
}
