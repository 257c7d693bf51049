//! A report as one page for browsers: no other file, no request, and no script that it cannot do without.

mod axis;
mod bins;
mod certificates;
mod chains;
mod charts;
mod findings;
mod histogram;
mod page;
mod style;
mod svg;
mod timeline;
mod words;

pub use page::render_html;
pub use style::HtmlStyle;
