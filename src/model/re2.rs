//! Patterns of RE2's syntax, as Go's `regexp/syntax` reads them, written for the regex package. The two agree on
//! most, but the same letters can mean more there: `\w` takes every alphabet, and `[[a]b]` is a set in a set.

use std::fmt::Write;

/// The largest number of repetitions.
const MOST_REPETITIONS: u32 = 1000;

/// The POSIX classes that may stand in brackets.
const NAMED_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

/// The categories of letters.
const CATEGORIES: [&str; 36] = [
    "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl",
    "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
];

type Translated<T> = Result<T, &'static str>;

/// The pattern in the syntax of the regex package, with RE2's meaning.
///
/// # Errors
///
/// What is malformed where RE2 refuses the pattern. Some faults are left for the regex package to find.
pub(super) fn translate(pattern: &str) -> Result<String, &'static str> {
    let mut reader =
        Reader { rest: pattern, out: String::with_capacity(pattern.len()), may_name_classes: true };
    reader.pattern()?;
    Ok(reader.out)
}

/// Whether the name may be that of a script: RE2 knows them by their exact names, such as `Old_Italic`, and without
/// the `Is` that others put before them.
fn is_script(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && name.len() > 2
        && !name.starts_with("Is")
}

struct Reader<'p> {
    rest: &'p str,
    out: String,
    /// False once it is known that no `:]` follows.
    may_name_classes: bool,
}

impl<'p> Reader<'p> {
    fn pattern(&mut self) -> Translated<()> {
        let mut behind_repetition = false;
        while let Some(letter) = self.take() {
            let repeats = match letter {
                '\\' => self.escape().map(|()| false)?,
                '[' => self.class().map(|()| false)?,
                '(' => self.group().map(|()| false)?,
                '*' | '+' | '?' => {
                    self.out.push(letter);
                    true
                }
                '{' => self.repetition()?,
                '}' | ']' => {
                    self.literal(letter);
                    false
                }
                _ => {
                    self.out.push(letter);
                    false
                }
            };
            if repeats {
                if behind_repetition {
                    return Err("a repetition is repeated; put the first into parentheses");
                }
                if self.take_if("?") {
                    self.out.push('?');
                }
            }
            behind_repetition = repeats;
        }
        Ok(())
    }

    /// What follows `{`; false where that is no number of repetitions, and the brace means itself.
    fn repetition(&mut self) -> Translated<bool> {
        // Only as far as there are numbers, as there may be very many braces.
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit() && letter != ',');
        let (numbers, behind) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let Some(behind) = behind.strip_prefix('}') else {
            self.literal('{');
            return Ok(false);
        };
        let (least, most) = match numbers.split_once(',') {
            Some((least, "")) => (least, None),
            Some((least, most)) => (least, Some(most)),
            None => (numbers, Some(numbers)),
        };
        let is_number = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_digit())
                && !text.is_empty()
                && (text == "0" || !text.starts_with('0'))
        };
        if !is_number(least) || !most.is_none_or(is_number) {
            self.literal('{');
            return Ok(false);
        }
        let number = |text: &str| text.parse().ok().filter(|number| *number <= MOST_REPETITIONS);
        let least: u32 = number(least).ok_or("more than 1000 repetitions")?;
        match most.map(number) {
            Some(None) => return Err("more than 1000 repetitions"),
            Some(Some(most)) if most < least => return Err("the repetitions end before they begin"),
            _ => {}
        }
        self.out.extend(["{", numbers, "}"]);
        self.rest = behind;
        Ok(true)
    }

    /// What follows `(`. No group captures, as nothing refers to it: captures take memory at each place of the pattern,
    /// gigabytes for tens of thousands.
    fn group(&mut self) -> Translated<()> {
        if !self.take_if("?") {
            self.out.push_str("(?:");
            return Ok(());
        }
        if self.take_if("P<") || self.take_if("<") {
            let (name, behind) = self.rest.split_once('>').ok_or("the name of a group has no end")?;
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                return Err("the name of a group is malformed");
            }
            self.rest = behind;
            self.out.push_str("(?:");
            return Ok(());
        }
        let end = self.rest.find([':', ')']).ok_or("the flags of a group have no end")?;
        let (flags, behind) = self.rest.split_at(end);
        let (set, cleared) =
            flags.split_once('-').map_or((flags, None), |(set, cleared)| (set, Some(cleared)));
        let known = |flags: &str| flags.bytes().all(|flag| b"imsU".contains(&flag));
        if !known(set) || !cleared.is_none_or(|flags| known(flags) && !flags.is_empty()) {
            return Err("a group has a flag that is not known");
        }
        self.rest = behind;
        if flags.is_empty() && self.take_if(")") {
            return Ok(());
        }
        self.out.push_str("(?");
        // A flag may be given twice.
        for flag in
            "imsU".chars().filter(|flag| set.contains(*flag) && !cleared.is_some_and(|it| it.contains(*flag)))
        {
            self.out.push(flag);
        }
        if let Some(cleared) = cleared {
            self.out.push('-');
            self.out.extend("imsU".chars().filter(|flag| cleared.contains(*flag)));
        }
        Ok(())
    }

    /// What follows a backslash outside brackets.
    fn escape(&mut self) -> Translated<()> {
        if self.take_if("Q") {
            let (literal, behind) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
            literal.chars().for_each(|letter| self.literal(letter));
            self.rest = behind;
            return Ok(());
        }
        if self.set()? {
            return Ok(());
        }
        for (name, written) in [("A", "\\A"), ("z", "\\z"), ("b", "(?-u:\\b)"), ("B", "(?-u:\\B)")] {
            if self.take_if(name) {
                self.out.push_str(written);
                return Ok(());
            }
        }
        let letter = self.escaped_letter()?;
        self.literal(letter);
        Ok(())
    }

    /// The name of a set that a backslash is followed by, in brackets or outside; false where it is none.
    fn set(&mut self) -> Translated<bool> {
        for (name, written) in [
            ("d", "[0-9]"),
            ("D", "[^0-9]"),
            ("w", "[0-9A-Za-z_]"),
            ("W", "[^0-9A-Za-z_]"),
            ("s", "[\\t\\n\\x0C\\r ]"),
            ("S", "[^\\t\\n\\x0C\\r ]"),
        ] {
            if self.take_if(name) {
                self.out.push_str(written);
                return Ok(true);
            }
        }
        let Some(negated) = ["p", "P"].iter().position(|name| self.take_if(name)) else {
            return Ok(false);
        };
        let name = match self.take() {
            Some('{') => {
                let (name, behind) = self.rest.split_once('}').ok_or("the name of a set has no end")?;
                self.rest = behind;
                name.to_owned()
            }
            letter => letter.map(String::from).unwrap_or_default(),
        };
        let (name, twice) = name.strip_prefix('^').map_or((name.as_str(), false), |name| (name, true));
        let kind = if (negated == 1) == twice { "\\p{" } else { "\\P{" };
        let property = match name {
            "Any" => "any",
            _ if CATEGORIES.contains(&name) => name,
            _ if is_script(name) => "sc=",
            _ => return Err("a set of letters has a name that is not known"),
        };
        self.out.extend([kind, property, if property == "sc=" { name } else { "" }, "}"]);
        Ok(true)
    }

    /// What follows `[`, up to its end.
    fn class(&mut self) -> Translated<()> {
        self.out.push('[');
        if self.take_if("^") {
            self.out.push('^');
        }
        let mut is_first = true;
        while is_first || !self.take_if("]") {
            is_first = false;
            if let Some((name, behind)) = self.named_class() {
                if !NAMED_CLASSES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                    return Err("a class of letters in brackets has a name that is not known");
                }
                self.out.extend(["[:", name, ":]"]);
                self.rest = behind;
                continue;
            }
            let before = self.rest;
            if self.take_if("\\") {
                if self.set()? {
                    continue;
                }
                self.rest = before;
            }
            let first = self.letter_of_class()?;
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1;
            let last = match is_range && self.take_if("-") {
                true => self.letter_of_class()?,
                false => first,
            };
            if last < first {
                return Err("a range of letters ends before it begins");
            }
            self.literal(first);
            self.out.push('-');
            self.literal(last);
        }
        self.out.push(']');
        Ok(())
    }

    /// The name between `[:` and `:]`, and what follows. Where there is no further `:]`, it is looked for once.
    fn named_class(&mut self) -> Option<(&'p str, &'p str)> {
        let rest = self.rest.strip_prefix("[:").filter(|_| self.may_name_classes)?;
        let named = rest.split_once(":]");
        self.may_name_classes = named.is_some();
        named
    }

    fn letter_of_class(&mut self) -> Translated<char> {
        match self.take().ok_or("a bracket is not closed")? {
            '\\' => self.escaped_letter(),
            letter => Ok(letter),
        }
    }

    /// The letter that a backslash and what follows stand for.
    fn escaped_letter(&mut self) -> Translated<char> {
        const UNKNOWN: &str = "a backslash is followed by what has no meaning";
        let letter = self.take().ok_or("a backslash is the last letter")?;
        match letter {
            'a' => Ok('\x07'),
            'f' => Ok('\x0C'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\x0B'),
            'x' => {
                let digits = match self.take_if("{") {
                    true => self.until('}').ok_or(UNKNOWN)?,
                    false => self.split_at(2).ok_or(UNKNOWN)?,
                };
                let value = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(digits);
                let value = value.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                value.and_then(char::from_u32).ok_or(UNKNOWN)
            }
            // One digit alone would be a reference to a group, which there is not; only 0 stands for itself.
            '0'..='7' => {
                let octal =
                    |text: &str| text.bytes().take(2).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
                let more = octal(self.rest);
                if letter != '0' && more == 0 {
                    return Err(UNKNOWN);
                }
                let digits = format!("{letter}{}", self.split_at(more).ok_or(UNKNOWN)?);
                u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32).ok_or(UNKNOWN)
            }
            _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Ok(letter),
            _ => Err(UNKNOWN),
        }
    }

    /// Writes a letter that means itself, whatever stands around it.
    fn literal(&mut self, letter: char) {
        if letter.is_ascii_alphanumeric() || !letter.is_ascii() {
            self.out.push(letter);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(self.out, "\\x{{{:X}}}", u32::from(letter));
        }
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = self.rest.get(letter.len_utf8()..)?;
        Some(letter)
    }

    fn take_if(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn until(&mut self, end: char) -> Option<&'p str> {
        let (text, behind) = self.rest.split_once(end)?;
        self.rest = behind;
        Some(text)
    }

    fn split_at(&mut self, length: usize) -> Option<&'p str> {
        let (text, behind) = self.rest.split_at_checked(length)?;
        self.rest = behind;
        Some(text)
    }
}

#[cfg(test)]
mod tests;
