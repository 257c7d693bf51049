//! Files by their names: what a configuration means by a path, and what stands in it.

use super::material::Item;
use super::set::Set;

/// What follows the last slash.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What stands before the last slash; empty where there is none.
pub(super) fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// The source that a setting in the source `by` means by `path`. The tree may have been copied from its
/// machine, so that the source with the most of the end of the path in common is taken, and of several the one
/// nearest to the file with the setting.
pub(super) fn named_source(set: &Set<'_>, by: u32, path: &str) -> Option<u32> {
    let near = set.source(by).map_or("", |source| directory(&source.name));
    let common =
        |name: &str| path.rsplit('/').zip(name.rsplit('/')).take_while(|(one, other)| one == other).count();
    let candidates = (0u32..).zip(&set.material.sources);
    let scored = candidates.map(|(at, source)| (common(&source.name), directory(&source.name) == near, at));
    // The first of equals.
    let best = scored
        .filter(|(common, ..)| *common > 0)
        .max_by_key(|(common, is_near, at)| (*common, *is_near, u32::MAX - *at));
    best.map(|(.., at)| at)
}

/// The first certificate in a source: in a chain it is the one that is used.
pub(super) fn leaf_of(set: &Set<'_>, source: u32) -> Option<u32> {
    set.material.contents_of(source).iter().find_map(|content| match content.item {
        Item::Certificate(index) => Some(index),
        _ => None,
    })
}
