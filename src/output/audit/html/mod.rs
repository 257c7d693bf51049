//! A report as one page for browsers.

mod page;
mod style;

pub use page::render_html;
pub use style::HtmlStyle;
