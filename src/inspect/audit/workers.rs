//! Work on many things by several threads, with the same result for any number of them.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many things a thread takes at a time: enough that taking costs nothing, and few enough that no thread
/// is left alone with the last ones.
const CHUNK: usize = 64;

/// What `work` makes of the ranges that `0..count` falls into, in their order.
pub(super) fn in_chunks<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let chunks = count.div_ceil(CHUNK);
    let range = |chunk: usize| chunk * CHUNK..count.min((chunk + 1) * CHUNK);
    if threads <= 1 || chunks <= 1 {
        return (0..chunks).map(|chunk| work(range(chunk))).collect();
    }
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            if chunk >= chunks {
                return done;
            }
            done.push((chunk, work(range(chunk))));
        }
    };
    let mut results = std::thread::scope(|scope| {
        // Where there is no room for one more thread, those that there are do it all.
        let start = |_| std::thread::Builder::new().spawn_scoped(scope, run).ok();
        let helpers: Vec<_> = (1..threads.min(chunks)).map_while(start).collect();
        let mut results = run();
        for helper in helpers {
            match helper.join() {
                Ok(done) => results.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_unstable_by_key(|(chunk, _)| *chunk);
    results.into_iter().map(|(_, result)| result).collect()
}

/// What `work` makes of each number below `count`, in order.
pub(super) fn for_each<T: Send>(count: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let chunks = in_chunks(count, threads, |range| range.map(&work).collect::<Vec<_>>());
    let mut results = Vec::with_capacity(count);
    chunks.into_iter().for_each(|chunk| results.extend(chunk));
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_with_any_number_of_threads() {
        for count in [0, 1, CHUNK, CHUNK + 1, 10 * CHUNK + 3] {
            let expected: Vec<usize> = (0..count).map(|number| number * 2).collect();
            for threads in [0, 1, 2, 7] {
                assert_eq!(for_each(count, threads, |number| number * 2), expected, "{count} {threads}");
            }
        }
    }
}
