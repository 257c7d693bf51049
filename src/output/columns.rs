//! Text in columns of a terminal, where an East Asian letter takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, or as much of its beginning and end as fits with an ellipsis between: names of one set often
/// differ at their ends only.
pub(crate) fn shortened(text: &str, columns: usize, ellipsis: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    around(text, columns, ellipsis, width, of_letter)
}

/// The text as it fits into this many hundredths of the height of its letters, in a typeface without serifs as
/// browsers have them. No typeface is asked, so letters are taken for as wide as in a wide one, DejaVu Sans.
pub(crate) fn shortened_to_hundredths(text: &str, hundredths: usize) -> String {
    let measure = |text: &str| text.chars().map(hundredths_of).sum();
    if measure(text) <= hundredths {
        return text.to_owned();
    }
    around(text, hundredths, "…", measure, hundredths_of)
}

fn hundredths_of(letter: char) -> usize {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' | ' ' => 34,
        't' | 'f' | 'r' | '-' | '(' | ')' | '[' | ']' | '/' | '\\' => 42,
        'c' | 's' | 'k' | 'v' | 'x' | 'y' | 'z' => 59,
        'a'..='l' | 'n'..='v' | '0'..='9' | '_' => 64,
        'm' | 'W' | 'M' | '@' | '%' | '…' => 100,
        'w' | '+' | '=' | '<' | '>' => 84,
        _ if of_letter(letter) == 2 => 105,
        _ if of_letter(letter) == 0 => 0,
        _ => 78,
    }
}

fn of_letter(letter: char) -> usize {
    letter.width().unwrap_or(1)
}

fn around(
    text: &str,
    most: usize,
    ellipsis: &str,
    measure: impl Fn(&str) -> usize,
    of_letter: fn(char) -> usize,
) -> String {
    let Some(room) = most.checked_sub(measure(ellipsis)).filter(|room| *room > 0) else {
        return beginning(text, most, of_letter).to_owned();
    };
    let tail = if room >= 12 * of_letter('n') { end(text, room / 3, of_letter) } else { "" };
    let head = beginning(text, room.saturating_sub(measure(tail)), of_letter);
    format!("{head}{ellipsis}{tail}")
}

/// The text with blanks up to this width.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let mut out = text.to_owned();
    (width(text)..columns).for_each(|_| out.push(' '));
    out
}

/// Lines of at most this width, broken at blanks; a word longer than a line is broken anywhere.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let gap = usize::from(!line.is_empty());
        if gap > 0 && width(&line) + gap + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        let mut rest = word;
        loop {
            let head = beginning(rest, columns, of_letter);
            if head.len() == rest.len() {
                break;
            }
            lines.push(head.to_owned());
            rest = rest.get(head.len()..).unwrap_or_default();
        }
        line.push_str(rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// As many letters from the start as fit.
fn beginning(text: &str, most: usize, of_letter: fn(char) -> usize) -> &str {
    let mut taken = 0;
    for (at, letter) in text.char_indices() {
        taken += of_letter(letter);
        if taken > most {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// As many letters from the end as fit.
fn end(text: &str, most: usize, of_letter: fn(char) -> usize) -> &str {
    let mut taken = 0;
    let mut from = text.len();
    for (at, letter) in text.char_indices().rev() {
        taken += of_letter(letter);
        if taken > most {
            break;
        }
        from = at;
    }
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(width("節點-1"), 6);
        assert_eq!(padded("節點", 6), "節點  ");
        assert_eq!(shortened("節點憑證授權", 5, "…"), "節點…");
        assert_eq!(shortened("節點憑證授權", 6, "…"), "節點…");
        assert_eq!(shortened("節點", 4, "…"), "節點");
    }

    #[test]
    fn long_names_keep_their_ends() {
        let name = "system:node:kube-cluster-worker-0017.example";
        assert_eq!(shortened(name, 20, "…"), "system:node:k…xample");
        assert_eq!(shortened(name, 8, "…"), "system:…");
        assert_eq!(shortened(name, 2, "..."), "sy");
    }

    #[test]
    fn lines_break_at_blanks_and_in_long_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a 0123456789", 4), ["a", "0123", "4567", "89"]);
        assert_eq!(wrapped("", 4), [""]);
    }
}
