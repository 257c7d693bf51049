//! Mail addresses as Go's `net/mail` reads a single one (RFC 5322 section 3.4, with Go's leniencies).

/// The bare `local@domain` where the text is exactly one address, with or without a display name.
pub(crate) fn parse_mail_address(text: &str) -> Option<String> {
    let mut parser = Parser { rest: text };
    let address = parser.address(true)?;
    parser.skip_comments()?;
    parser.rest.is_empty().then_some(address)
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    /// One address, or a group of one such as `friends: a@b;` where that is allowed.
    fn address(&mut self, may_be_group: bool) -> Option<String> {
        self.skip_blanks();
        let start = self.rest;
        if let Some(address) = self.bare_address() {
            return Some(address);
        }
        self.rest = start;
        if !self.rest.starts_with('<') {
            self.phrase()?;
        }
        self.skip_blanks();
        if may_be_group && self.take(':').is_some() {
            self.skip_blanks();
            let address = self.address(false)?;
            self.skip_comments()?;
            self.take(';')?;
            return Some(address);
        }
        self.take('<')?;
        let address = self.bare_address()?;
        self.take('>')?;
        Some(address)
    }

    /// `addr-spec`: the local part may be quoted, the domain may be an address in brackets.
    fn bare_address(&mut self) -> Option<String> {
        self.skip_blanks();
        let local = match self.rest.starts_with('"') {
            true => self.quoted().filter(|text| !text.is_empty())?,
            false => self.atom(false)?,
        };
        self.take('@')?;
        self.skip_blanks();
        let domain = match self.rest.starts_with('[') {
            true => self.address_literal()?,
            false => self.atom(false)?,
        };
        Some(format!("{local}@{domain}"))
    }

    /// A display name: at least one word, quoted or plain.
    fn phrase(&mut self) -> Option<()> {
        let mut words = 0;
        loop {
            if words > 0 {
                self.skip_comments()?;
            }
            self.skip_blanks();
            let word = match self.rest.starts_with('"') {
                true => self.quoted(),
                false => self.atom(true),
            };
            match word {
                Some(_) => words += 1,
                None => return (words > 0).then_some(()),
            }
        }
    }

    /// Dots may stand anywhere in a display name (`loose`), but only between letters in an address.
    fn atom(&mut self, loose: bool) -> Option<String> {
        let special =
            |letter: char| "()<>[]:;@\\,\"".contains(letter) || letter.is_ascii_control() || letter == ' ';
        let end = self.rest.find(special).unwrap_or(self.rest.len());
        let (atom, rest) = self.rest.split_at(end);
        let dotted_badly = atom.starts_with('.') || atom.ends_with('.') || atom.contains("..");
        if atom.is_empty() || (dotted_badly && !loose) {
            return None;
        }
        self.rest = rest;
        Some(atom.to_owned())
    }

    fn quoted(&mut self) -> Option<String> {
        self.take('"')?;
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                '\\' => text.push(letters.next()?.1),
                '\t' | ' '.. => text.push(letter),
                _ => return None,
            }
        }
        None
    }

    fn address_literal(&mut self) -> Option<String> {
        let end = self.rest.find(']')?;
        let (literal, rest) = self.rest.split_at(end + 1);
        let inner = literal.strip_prefix('[')?.strip_suffix(']')?;
        inner.parse::<std::net::IpAddr>().ok()?;
        self.rest = rest;
        Some(literal.to_owned())
    }

    /// Blanks and comments in parentheses, which may nest.
    fn skip_comments(&mut self) -> Option<()> {
        loop {
            self.skip_blanks();
            if !self.rest.starts_with('(') {
                return Some(());
            }
            let mut depth = 0usize;
            let mut escaped = false;
            let closing = self.rest.char_indices().find(|(_, letter)| {
                match (escaped, letter) {
                    (true, _) => escaped = false,
                    (false, '\\') => escaped = true,
                    (false, '(') => depth += 1,
                    (false, ')') => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            self.rest = self.rest.get(closing?.0 + 1..)?;
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn take(&mut self, letter: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(letter)?;
        Some(())
    }
}
