//! Blocks described in order, on several processors where there are enough of them.
//!
//! Every thread reads, describes and writes in turn, so that neither text nor results have to cross from one processor
//! to another, and no thread waits for one that deals out work.

use super::blocks::{Block, Blocks};
use crate::Result;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A thread costs more than it saves where there is no more text than this.
const ALONE: usize = 256 << 10;

/// More threads than this wait for the one that reads or writes.
const MOST: usize = 4;

/// Results for each thread that may wait for earlier ones.
const DEPTH: usize = 2;

/// Hands every block to `work`, which fills the result, and every result to `take`, in the order of the blocks.
///
/// # Errors
///
/// Those of reading, and those of `take`, after which nothing more is done.
pub(super) fn run<T: Default + Send>(
    blocks: &mut Blocks<'_>,
    work: &(impl Fn(&Block, &mut T) + Sync),
    take: &mut (impl FnMut(&mut T) -> Result<()> + Send),
) -> Result<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST);
    let alone = if threads > 1 { ALONE } else { usize::MAX };
    let (mut block, mut result) = (Block::default(), T::default());
    let mut done = 0_usize;
    while done < alone {
        if !blocks.next(&mut block)? {
            return Ok(());
        }
        work(&block, &mut result);
        take(&mut result)?;
        done = done.saturating_add(block.text.len());
    }
    let line = Line {
        source: Mutex::new(Source { blocks, next: 0, is_at_end: false }),
        sink: Mutex::new(Sink { take, next: 0, early: Vec::new(), spare: Vec::new(), end: None }),
        moved: Condvar::new(),
        most_early: threads * DEPTH,
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where there is no room for one more thread, those that there are do it all.
            let _ = thread::Builder::new().spawn_scoped(scope, || line.work(work));
        }
        line.work(work);
    });
    let sink = line.sink.into_inner().unwrap_or_else(PoisonError::into_inner);
    sink.end.unwrap_or(Ok(()))
}

/// What the threads share. A thread that holds `source` may ask for `sink`, never the other way round.
struct Line<'l, 'r, T, F> {
    source: Mutex<Source<'l, 'r>>,
    sink: Mutex<Sink<'l, T, F>>,
    /// Told when `Sink::next` or `Sink::end` changes.
    moved: Condvar,
    /// Results this far behind the one whose turn it is wait outside.
    most_early: usize,
}

struct Source<'l, 'r> {
    blocks: &'l mut Blocks<'r>,
    /// The number of the next block.
    next: usize,
    is_at_end: bool,
}

struct Sink<'l, T, F> {
    take: &'l mut F,
    /// The number of the block whose result is taken next.
    next: usize,
    /// Results that were ready before their turn, with the numbers of their blocks.
    early: Vec<(usize, T)>,
    /// The room of such results is used again.
    spare: Vec<T>,
    /// Set where nothing more is to be done.
    end: Option<Result<()>>,
}

impl<T, F: FnMut(&mut T) -> Result<()>> Sink<'_, T, F> {
    fn take(&mut self, result: &mut T) {
        if self.end.is_none() {
            self.end = (self.take)(result).err().map(Err);
        }
        self.next += 1;
    }
}

impl<T: Default, F: FnMut(&mut T) -> Result<()>> Line<'_, '_, T, F> {
    /// Reads, describes and writes until there is nothing more.
    fn work(&self, work: &impl Fn(&Block, &mut T)) {
        let _alarm = Alarm(|| self.end(Ok(())));
        let (mut block, mut result) = (Block::default(), T::default());
        loop {
            let mut source = lock(&self.source);
            let Some(number) = self.next_block(&mut source, &mut block) else { return };
            let goes_on = if block.text.len() > ALONE {
                // One large block at a time is enough to hold, so nobody reads on before it is done with.
                work(&block, &mut result);
                let goes_on = self.hand_on(number, &mut result, 0);
                (block, result) = <(Block, T)>::default();
                goes_on
            } else {
                drop(source);
                work(&block, &mut result);
                self.hand_on(number, &mut result, self.most_early)
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Fills `block` and gives its number; `None` at the end.
    fn next_block(&self, source: &mut Source<'_, '_>, block: &mut Block) -> Option<usize> {
        if source.is_at_end {
            return None;
        }
        let next = source.blocks.next(block);
        source.is_at_end = !matches!(next, Ok(true));
        if let Err(error) = next {
            // What was read before is told first.
            let mut sink = lock(&self.sink);
            while sink.end.is_none() && sink.next < source.next {
                sink = self.wait(sink);
            }
            drop(sink);
            self.end(Err(error));
        }
        let number = source.next;
        source.next += 1;
        (!source.is_at_end).then_some(number)
    }

    /// Has the result of a block taken: by this thread where it is its turn, otherwise by the one whose turn it is. Waits
    /// for its turn to be no more than `most_early` blocks away. False where nothing more is to be done.
    fn hand_on(&self, number: usize, result: &mut T, most_early: usize) -> bool {
        let mut sink = lock(&self.sink);
        while sink.end.is_none() && number > sink.next + most_early {
            sink = self.wait(sink);
        }
        if sink.end.is_some() {
            return false;
        }
        if number > sink.next {
            let spare = sink.spare.pop().unwrap_or_default();
            sink.early.push((number, std::mem::replace(result, spare)));
            return true;
        }
        sink.take(result);
        while let Some(at) = sink.early.iter().position(|(number, _)| *number == sink.next) {
            let (_, mut early) = sink.early.swap_remove(at);
            sink.take(&mut early);
            sink.spare.push(early);
        }
        self.moved.notify_all();
        sink.end.is_none()
    }

    fn end(&self, how: Result<()>) {
        lock(&self.sink).end.get_or_insert(how);
        self.moved.notify_all();
    }

    fn wait<'s, S>(&self, guard: MutexGuard<'s, S>) -> MutexGuard<'s, S> {
        self.moved.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one thread left behind is whole for the others: it ends them all, see [`Alarm`].
fn lock<S>(mutex: &Mutex<S>) -> MutexGuard<'_, S> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs when a thread panics, whose turn the others would wait for.
struct Alarm<F: Fn()>(F);

impl<F: Fn()> Drop for Alarm<F> {
    fn drop(&mut self) {
        if thread::panicking() {
            (self.0)();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use crate::inspect::read::SecretBytes;
    use crate::pem;
    use crate::{Error, ErrorKind};
    use std::io::Read;

    /// What comes out where every block is copied, and how it ends.
    fn copy_of(input: &mut (dyn Read + Send)) -> (Vec<u8>, Result<()>) {
        let mut seen = Vec::new();
        let mut blocks = Blocks::new(SecretBytes::new(), input, "x");
        let work = |block: &Block, result: &mut Vec<u8>| {
            result.clear();
            result.extend_from_slice(&block.text);
        };
        let end = run(&mut blocks, &work, &mut |result: &mut Vec<u8>| {
            seen.extend_from_slice(result);
            Ok(())
        });
        (seen, end)
    }

    fn many_sections() -> String {
        (0..20_000u32).map(|number| pem::encode(&number.to_string(), &[7; 99])).collect()
    }

    #[test]
    fn results_come_in_the_order_of_the_blocks() {
        let text = many_sections();
        let (seen, end) = copy_of(&mut text.as_bytes());
        end.unwrap();
        assert!(seen == text.as_bytes());
    }

    #[test]
    fn large_blocks_keep_their_places() {
        let small = pem::encode("SMALL", &[7; 9_000]);
        let large = pem::encode("LARGE", &[7; 900_000]);
        let text = format!("{}{large}{small}{large}{large}{}", small.repeat(50), small.repeat(50)).repeat(3);
        let (seen, end) = copy_of(&mut text.as_bytes());
        end.unwrap();
        assert!(seen == text.as_bytes());
    }

    #[test]
    fn what_was_read_before_a_fault_is_told() {
        struct Broken;

        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::TimedOut.into())
            }
        }

        let text = many_sections();
        let (seen, end) = copy_of(&mut text.as_bytes().chain(Broken));
        assert_eq!(end.unwrap_err().kind(), ErrorKind::Io);
        assert!(seen.len() + 64 * 1024 > text.len(), "{} of {}", seen.len(), text.len());
        assert!(text.as_bytes().starts_with(&seen));
    }

    #[test]
    #[should_panic(expected = "panicked")]
    fn a_thread_that_panics_ends_the_others() {
        let text = many_sections();
        let mut input = text.as_bytes();
        let mut blocks = Blocks::new(SecretBytes::new(), &mut input, "x");
        let is_late = |block: &Block| block.number > 10_000;
        let work = |block: &Block, _: &mut ()| assert!(!is_late(block), "this thread panicked");
        let _ = run(&mut blocks, &work, &mut |()| Ok(()));
    }

    #[test]
    fn stops_where_a_result_cannot_be_taken() {
        let text = pem::encode("A", &[7; 99]).repeat(20_000);
        let mut input = text.as_bytes();
        let mut blocks = Blocks::new(SecretBytes::new(), &mut input, "x");
        let mut taken = 0;
        let result = run(&mut blocks, &|_, _: &mut ()| {}, &mut |()| {
            taken += 1;
            if taken < 20 { Ok(()) } else { Err(Error::of(ErrorKind::Io)) }
        });
        assert!(result.is_err());
        assert_eq!(taken, 20);
    }
}
