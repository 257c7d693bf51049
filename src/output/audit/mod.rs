//! What an audit found, written for people and for other programs: one file per format.
//!
//! Every writer takes a [`Report`](crate::inspect::audit::Report) and returns the whole text. None looks at
//! the clock: the same report gives the same text. Names come from strangers' certificates, so each writer
//! makes them harmless in its own way; control letters and letters that turn the direction of writing are
//! spelled `\u{202e}` where people read.

mod clean;
mod facts;
mod format;
mod group;
mod html;
mod json;
mod jsonl;
mod junit;
mod lines;
mod object;
mod prometheus;
mod sarif;
mod sentence;
mod text;
mod tree;
mod uri;
mod xml;

#[cfg(feature = "cli")]
pub(crate) use facts::counted;
pub use format::ReportFormat;
pub use html::{HtmlStyle, render_html};
pub use json::render_json;
pub use jsonl::render_jsonl;
pub use junit::render_junit;
pub use prometheus::render_prometheus;
pub use sarif::render_sarif;
pub use text::{TextStyle, render_text};
