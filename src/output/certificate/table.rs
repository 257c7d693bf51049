//! Tables for people.

use super::fields::Field;
use super::look::{Ink, Look};
use crate::output::columns::{padded, shortened, width};
use crate::quote::shown;

/// A column is made no narrower than this to fit the terminal.
const NARROWEST: usize = 8;
/// A column in a file is made no wider than this for all rows because of one; its cell is whole all the same.
const WIDEST: usize = 400;
/// Between two columns.
const GAP: &str = "  ";

/// Adds a line of headings, and a line for each row. On a terminal, long cells are shortened until a line fits;
/// in files and pipes they are whole. A cell without anything is `-`.
pub fn write_table(out: &mut String, fields: &[Field], rows: &[Vec<String>], look: &Look) {
    let headings: Vec<String> = fields.iter().map(|field| field.name.to_ascii_uppercase()).collect();
    let widths = widths(&headings, rows, look);
    line(out, &headings, &widths, look, Some(Ink::Heading));
    for row in rows {
        line(out, row, &widths, look, None);
    }
}

fn cell(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { shown(text).into_owned() }
}

/// The columns that each field takes.
fn widths(headings: &[String], rows: &[Vec<String>], look: &Look) -> Vec<usize> {
    let mut widths: Vec<usize> = headings.iter().map(|heading| width(heading)).collect();
    for row in rows {
        for (most, text) in widths.iter_mut().zip(row) {
            *most = (*most).max(width(&cell(text)));
        }
    }
    let Some(columns) = look.columns else {
        return widths.into_iter().map(|width| width.min(WIDEST)).collect();
    };
    let room = columns.saturating_sub(GAP.len() * widths.len().saturating_sub(1));
    // The widest gives way first, down to the next one.
    loop {
        let taken: usize = widths.iter().sum();
        let Some(excess) = taken.checked_sub(room).filter(|excess| *excess > 0) else { return widths };
        let widest = widths.iter().copied().max().unwrap_or_default();
        if widest <= NARROWEST {
            return widths;
        }
        let next = widths.iter().copied().filter(|width| *width < widest).max().unwrap_or_default();
        let many = widths.iter().filter(|width| **width == widest).count();
        let lower = (widest - next.max(NARROWEST).min(widest - 1)).min(excess.div_ceil(many));
        widths.iter_mut().filter(|width| **width == widest).for_each(|width| *width -= lower);
    }
}

fn line(out: &mut String, cells: &[String], widths: &[usize], look: &Look, ink: Option<Ink>) {
    let mut text = String::new();
    for (position, (content, width)) in cells.iter().zip(widths).enumerate() {
        if position > 0 {
            text.push_str(GAP);
        }
        let content = cell(content);
        let content = match look.columns {
            Some(_) => shortened(&content, *width, look.ellipsis()),
            None => content,
        };
        text.push_str(&padded(&content, *width));
    }
    out.push_str(&look.paint(ink, text.trim_end()));
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::certificate::fields;

    fn table(columns: Option<usize>) -> String {
        let rows =
            [["etcd-1.example", "etcd-1.example,etcd-1,10.0.0.1,10.0.0.2", "3"], ["a\u{1b}[2Jb", "", "-12"]]
                .map(|row| row.map(str::to_owned).to_vec());
        let mut out = String::new();
        let look = Look { columns, ..Look::PLAIN };
        write_table(&mut out, &fields("name,sans,days").unwrap_or_default(), &rows, &look);
        out
    }

    #[test]
    fn whole_cells_in_files() {
        assert_eq!(
            table(None),
            "NAME            SANS                                     DAYS\n\
             etcd-1.example  etcd-1.example,etcd-1,10.0.0.1,10.0.0.2  3\n\
             a\\u{1b}[2Jb     -                                        -12\n"
        );
    }

    #[test]
    fn one_long_cell_does_not_widen_a_column_for_all_rows() {
        let rows = ["x".repeat(100_000), "y".to_owned()].map(|name| vec![name, "3".to_owned()]);
        let mut out = String::new();
        write_table(&mut out, &fields("name,days").unwrap_or_default(), &rows, &Look::PLAIN);
        let lengths: Vec<usize> = out.lines().map(str::len).collect();
        assert_eq!(lengths, [406, 100_003, 403]);
    }

    #[test]
    fn fits_the_terminal_where_it_can() {
        for columns in 30..70 {
            let table = table(Some(columns));
            assert!(table.lines().all(|line| width(line) <= columns), "{columns}\n{table}");
        }
        assert!(table(Some(5)).contains("NAME"));
    }
}
