//! JSON text to [`Value`], with the leniencies and the error texts of Go's `encoding/json`.

use super::{Member, Node, Value};
use crate::{Error, ErrorKind, Result};
use zeroize::Zeroize;

/// Nesting deeper than this is refused. Go stops at 10,000; no request comes near either, and this
/// depth fits the stack of any thread.
const MAX_DEPTH: usize = 500;

/// Reads one JSON document.
///
/// Invalid UTF-8 and lone surrogates become U+FFFD. Duplicate keys are kept, in order.
///
/// # Errors
///
/// [`ErrorKind::Json`] in the words of Go's scanner, with line and column, for anything else that RFC
/// 8259 does not allow, and for nesting beyond 500 levels.
pub fn parse(input: &[u8]) -> Result<Value> {
    Reader { input, position: 0, depth: 0, left: usize::MAX }.document()
}

/// As [`parse`], for a document that holds no more than `most` values; `None` for one that holds more.
pub(crate) fn parse_at_most(input: &[u8], most: usize) -> Option<Result<Value>> {
    let mut reader = Reader { input, position: 0, depth: 0, left: most };
    let result = reader.document();
    (reader.left > 0 || result.is_ok()).then_some(result)
}

/// The line and column of a byte offset, both counted from 1; columns count characters.
#[must_use]
pub fn line_and_column(input: &[u8], offset: usize) -> (usize, usize) {
    let before = input.get(..offset).unwrap_or(input);
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let in_line = before.get(line_start..).unwrap_or_default();
    (line, String::from_utf8_lossy(in_line).chars().count() + 1)
}

struct Reader<'i> {
    input: &'i [u8],
    position: usize,
    depth: usize,
    /// How many more values there may be.
    left: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Value> {
        self.skip_blanks();
        let mut value = self.value()?;
        self.skip_blanks();
        match self.peek() {
            None => Ok(value),
            Some(_) => {
                value.wipe();
                Err(self.unexpected("after top-level value"))
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.input.get(self.position).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.position += 1;
        }
    }

    fn value(&mut self) -> Result<Value> {
        let offset = self.position;
        self.left = match self.left.checked_sub(1) {
            Some(left) => left,
            None => return Err(self.error("the document has too many values".to_owned())),
        };
        let node = match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.nested(|reader| reader.object(&mut members)).inspect_err(|_| {
                    // What was read may be a secret.
                    members.iter_mut().for_each(Member::wipe);
                })?;
                Node::Object(members)
            }
            Some(b'[') => {
                let mut items = Vec::new();
                let result = self.nested(|reader| reader.array(&mut items));
                result.inspect_err(|_| items.iter_mut().for_each(Value::wipe))?;
                Node::Array(items)
            }
            Some(b'"') => Node::String(self.string()?),
            Some(b't') => self.literal("true", Node::Bool(true))?,
            Some(b'f') => self.literal("false", Node::Bool(false))?,
            Some(b'n') => self.literal("null", Node::Null)?,
            Some(b'-' | b'0'..=b'9') => Node::Number(self.number()?),
            _ => return Err(self.unexpected("looking for beginning of value")),
        };
        Ok(Value { node, offset })
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.depth == MAX_DEPTH {
            return Err(self.unexpected("exceeded max depth"));
        }
        self.depth += 1;
        self.position += 1;
        read(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn object(&mut self, members: &mut Vec<Member>) -> Result<()> {
        self.skip_blanks();
        if self.peek() == Some(b'}') {
            self.position += 1;
            return Ok(());
        }
        loop {
            self.skip_blanks();
            let key_offset = self.position;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("after object key"));
            }
            self.position += 1;
            self.skip_blanks();
            let value = self.value()?;
            members.push(Member { key, key_offset, value });
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.position += 1,
                Some(b'}') => {
                    self.position += 1;
                    return Ok(());
                }
                _ => return Err(self.unexpected("after object key:value pair")),
            }
        }
    }

    fn array(&mut self, items: &mut Vec<Value>) -> Result<()> {
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.position += 1;
            return Ok(());
        }
        loop {
            self.skip_blanks();
            items.push(self.value()?);
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.position += 1,
                Some(b']') => {
                    self.position += 1;
                    return Ok(());
                }
                _ => return Err(self.unexpected("after array element")),
            }
        }
    }

    fn literal(&mut self, word: &str, node: Node) -> Result<Node> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                let context = format!("in literal {word} (expecting '{}')", char::from(expected));
                return Err(self.unexpected(&context));
            }
            self.position += 1;
        }
        Ok(node)
    }

    fn number(&mut self) -> Result<String> {
        let start = self.position;
        if self.peek() == Some(b'-') {
            self.position += 1;
        }
        match self.peek() {
            Some(b'0') => self.position += 1,
            Some(b'1'..=b'9') => self.skip_digits(),
            _ => return Err(self.unexpected("in numeric literal")),
        }
        if self.peek() == Some(b'.') {
            self.position += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let number = self.input.get(start..self.position).unwrap_or_default();
        Ok(String::from_utf8_lossy(number).into_owned())
    }

    fn digits(&mut self, context: &str) -> Result<()> {
        match self.peek() {
            Some(b'0'..=b'9') => {
                self.skip_digits();
                Ok(())
            }
            _ => Err(self.unexpected(context)),
        }
    }

    fn skip_digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
    }

    fn string(&mut self) -> Result<String> {
        self.position += 1;
        // Room for all of it: it may be a secret, of which no copy is to stay behind in room that was outgrown.
        let mut text = String::with_capacity(self.string_length());
        let result = self.rest_of_string(&mut text);
        result.inspect_err(|_| text.zeroize())?;
        Ok(text)
    }

    /// How many bytes there are before the quote that ends a string.
    fn string_length(&self) -> usize {
        let rest = self.input.get(self.position..).unwrap_or_default();
        let mut is_escaped = false;
        let end = rest.iter().position(|byte| {
            let is_end = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            is_end || *byte < 0x20
        });
        end.unwrap_or(rest.len())
    }

    fn rest_of_string(&mut self, text: &mut String) -> Result<()> {
        loop {
            let start = self.position;
            while matches!(self.peek(), Some(byte) if byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.position += 1;
            }
            let plain = self.input.get(start..self.position).unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(plain));
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.position += 1;
                    text.push(self.escape()?);
                }
                _ => return Err(self.unexpected("in string literal")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let letter = match self.peek() {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.position += 1;
                return self.unicode_escape();
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.position += 1;
        Ok(letter)
    }

    /// After `\u`. A surrogate without its other half becomes U+FFFD, and what follows it stands for itself.
    fn unicode_escape(&mut self) -> Result<char> {
        let unit = self.four_hex_digits()?;
        if let Some(letter) = char::from_u32(unit) {
            return Ok(letter);
        }
        if unit < 0xdc00 && self.input.get(self.position..).is_some_and(|rest| rest.starts_with(b"\\u")) {
            let after_high = self.position;
            self.position += 2;
            let low = self.four_hex_digits()?;
            if (0xdc00..0xe000).contains(&low) {
                let point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.position = after_high;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn four_hex_digits(&mut self) -> Result<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected("in \\u hexadecimal character escape"));
            };
            unit = unit * 16 + digit;
            self.position += 1;
        }
        Ok(unit)
    }

    fn unexpected(&self, context: &str) -> Error {
        match self.peek() {
            None => self.error("unexpected end of JSON input".to_owned()),
            Some(byte) => {
                let error = self.error(format!("invalid character {} {context}", quote_byte(byte)));
                match self.remedy(context) {
                    Some(remedy) => error.hint(remedy),
                    None => error,
                }
            }
        }
    }

    /// What to do about the mistakes that people make most, as other programs read or write them so.
    fn remedy(&self, context: &str) -> Option<&'static str> {
        let rest = self.input.get(self.position..).unwrap_or_default();
        let before = self.input.get(..self.position).unwrap_or_default().trim_ascii_end();
        let at_start = before.is_empty();
        Some(match rest {
            [0xEF, 0xBB, 0xBF, ..] if at_start => "save the file as UTF-8 without a byte order mark",
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] if at_start => "this is UTF-16; save the file as UTF-8",
            [b'-', ..] if before == b"-" => "this looks like PEM where JSON is expected",
            [b'/', b'/' | b'*', ..] | [b'#', ..] if context != "in string literal" => {
                "JSON has no comments; take it out"
            }
            [b'\'', ..] if context.starts_with("looking for") => "write strings in double quotes",
            [b'}' | b']', ..] if before.ends_with(b",") => "take the comma before it out",
            [b'"', ..]
                if context.starts_with("after object key:value") || context == "after array element" =>
            {
                "a comma is missing before it"
            }
            [b'\n' | b'\r', ..] if context == "in string literal" => {
                "a quote is missing at the end of this line, or the line break must be written \\n"
            }
            [0..=0x1f, ..] if context == "in string literal" => {
                "write control characters as escapes such as \\t or \\u0000"
            }
            _ if context == "exceeded max depth" => "no document of this program nests so deeply",
            _ => return None,
        })
    }

    fn error(&self, message: String) -> Error {
        Error::new(ErrorKind::Json, message).at_position(line_and_column(self.input, self.position))
    }
}

/// A byte as Go's scanner names it: quoted, one byte one character.
fn quote_byte(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\\' => r"'\\'".to_owned(),
        7 => r"'\a'".to_owned(),
        8 => r"'\b'".to_owned(),
        9 => r"'\t'".to_owned(),
        10 => r"'\n'".to_owned(),
        11 => r"'\v'".to_owned(),
        12 => r"'\f'".to_owned(),
        13 => r"'\r'".to_owned(),
        0..=0x1f | 0x7f => format!("'\\x{byte:02x}'"),
        0x80..=0x9f | 0xad => format!("'\\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn message(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().message().to_owned()
    }

    #[test]
    fn names_syntax_errors_in_the_words_of_go() {
        for (text, expected) in [
            ("", "unexpected end of JSON input"),
            ("{", "unexpected end of JSON input"),
            (r#"{"CN":"a",}"#, "invalid character '}' looking for beginning of object key string"),
            ("[1,]", "invalid character ']' looking for beginning of value"),
            ("{} x", "invalid character 'x' after top-level value"),
            ("// c", "invalid character '/' looking for beginning of value"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\":1 2}", "invalid character '2' after object key:value pair"),
            ("[1 2]", "invalid character '2' after array element"),
            ("nul", "unexpected end of JSON input"),
            ("nulx", "invalid character 'x' in literal null (expecting 'l')"),
            ("-x", "invalid character 'x' in numeric literal"),
            ("1.x", "invalid character 'x' after decimal point in numeric literal"),
            ("1ex", "invalid character 'x' in exponent of numeric literal"),
            ("01", "invalid character '1' after top-level value"),
            ("\"a\nb\"", "invalid character '\\n' in string literal"),
            (r#""\x""#, "invalid character 'x' in string escape code"),
            (r#""\u12g4""#, "invalid character 'g' in \\u hexadecimal character escape"),
            ("\u{feff}{}", "invalid character 'ï' looking for beginning of value"),
            ("'a'", "invalid character '\\'' looking for beginning of value"),
        ] {
            assert_eq!(message(text), expected, "{text}");
        }
    }

    #[test]
    fn replaces_what_is_not_unicode() {
        assert_eq!(parse(br#""\ud800x""#).unwrap().as_str(), Some("\u{fffd}x"));
        assert_eq!(parse(br#""\ud800\u0041""#).unwrap().as_str(), Some("\u{fffd}A"));
        assert_eq!(parse(br#""\ud83d\ude00""#).unwrap().as_str(), Some("\u{1f600}"));
        assert_eq!(parse(b"\"a\xffb\"").unwrap().as_str(), Some("a\u{fffd}b"));
    }

    #[test]
    fn refuses_bottomless_nesting() {
        assert_eq!(message(&"[".repeat(10_000_000)), "invalid character '[' exceeded max depth");
    }

    #[test]
    fn counts_lines_and_columns_in_characters() {
        let error = parse("{\n  \"é\": x}".as_bytes()).unwrap_err();
        assert_eq!(error.place().position, Some((2, 8)));
    }
}
