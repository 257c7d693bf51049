//! URIs as Go prints a parsed one.

use super::text::lossy;
use crate::json::Value;
use crate::model::Uri;

/// The object that Go prints for a parsed URI. One that Go refuses comes back whole in `Opaque`.
pub(super) fn describe(text: &str) -> Value {
    let uri = Uri::parse(text).unwrap_or_else(|| Uri { opaque: text.to_owned(), ..Uri::default() });
    // Go keeps name and password to itself.
    let user = uri.user.map_or_else(Value::null, |_| Value::object([]));
    Value::object([
        ("Scheme", Value::string(uri.scheme)),
        ("Opaque", Value::string(uri.opaque)),
        ("User", user),
        ("Host", Value::string(lossy(&uri.host))),
        ("Path", Value::string(lossy(&uri.path))),
        ("RawPath", Value::string(uri.raw_path)),
        ("OmitHost", Value::boolean(uri.omit_host)),
        ("ForceQuery", Value::boolean(uri.force_query)),
        ("RawQuery", Value::string(uri.raw_query)),
        ("Fragment", Value::string(lossy(&uri.fragment))),
        ("RawFragment", Value::string(uri.raw_fragment)),
    ])
}
