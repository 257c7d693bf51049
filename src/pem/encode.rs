//! Sections as they are written.

use crate::base64;
use zeroize::Zeroizing;

/// Letters per line of base64.
const LINE: usize = 64;

/// `der` as a section called `label`: 64 letters a line, a newline at the end.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let letters = Zeroizing::new(base64::encode(der));
    // Room for everything, so that no half of a secret stays behind in a buffer that was outgrown.
    let text_len = 2 * label.len() + 32 + letters.len() + letters.len().div_ceil(LINE);
    let mut text = String::with_capacity(text_len);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
        text.extend([line, "\n"]);
        rest = after;
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}
