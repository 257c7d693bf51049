//! Blocks described in order, on several processors where there are enough of them.

use super::blocks::{Block, Blocks};
use crate::{Error, ErrorKind, Result};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// A thread costs more than it saves where there is no more text than this.
const ALONE: usize = 256 << 10;

/// More threads than this wait for the one that reads and writes.
const MOST: usize = 4;

/// Blocks under way for each thread.
const DEPTH: usize = 2;

/// Hands every block to `work`, which fills the result, and every result to `take`, in the order of the blocks.
///
/// # Errors
///
/// Those of reading, and those of `take`, after which nothing more is done.
pub(super) fn run<T: Default + Send>(
    blocks: &mut Blocks<'_>,
    work: &(impl Fn(&Block, &mut T) + Sync),
    take: &mut impl FnMut(&mut T) -> Result<()>,
) -> Result<()> {
    let mut block = Block::default();
    let mut result = T::default();
    let mut done = 0;
    while done < ALONE {
        if !blocks.next(&mut block)? {
            return Ok(());
        }
        work(&block, &mut result);
        take(&mut result)?;
        done += block.text.len();
    }
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST);
    if threads > 1 {
        return thread::scope(|scope| {
            let workers = (0..threads).map(|_| Worker::start(scope, work)).collect();
            share(blocks, workers, take)
        });
    }
    while blocks.next(&mut block)? {
        work(&block, &mut result);
        take(&mut result)?;
    }
    Ok(())
}

/// A block, and the room for its result.
type Task<T> = (Block, T);

struct Worker<T> {
    tasks: SyncSender<Task<T>>,
    results: Receiver<Task<T>>,
}

impl<T: Default + Send> Worker<T> {
    fn start<'scope, 'env: 'scope>(
        scope: &'scope thread::Scope<'scope, 'env>,
        work: &'env (impl Fn(&Block, &mut T) + Sync),
    ) -> Self
    where
        T: 'scope,
    {
        let (tasks, incoming) = mpsc::sync_channel::<Task<T>>(DEPTH);
        let (outgoing, results) = mpsc::sync_channel(DEPTH);
        scope.spawn(move || {
            for (block, mut result) in incoming {
                work(&block, &mut result);
                if outgoing.send((block, result)).is_err() {
                    return;
                }
            }
        });
        Self { tasks, results }
    }
}

/// Deals the blocks out in turn, and collects the results in the same turn.
fn share<T: Default>(
    blocks: &mut Blocks<'_>,
    workers: Vec<Worker<T>>,
    take: &mut impl FnMut(&mut T) -> Result<()>,
) -> Result<()> {
    let gone = || Error::new(ErrorKind::Io, "a thread of this program ended early");
    let most = workers.len() * DEPTH;
    let mut under_way = 0;
    // The room of results that were taken is used again.
    let mut spare: Vec<Task<T>> = Vec::new();
    let mut waiting = None;
    let mut is_more = true;
    let mut next = 0;
    loop {
        if is_more && waiting.is_none() {
            let (mut block, result) = spare.pop().unwrap_or_default();
            is_more = blocks.next(&mut block)?;
            waiting = is_more.then_some((block, result));
        }
        // One large block at a time is enough to hold.
        let is_due = |(block, _): &mut Task<T>| under_way == 0 || (under_way < most && !is_large(block));
        if let Some(task) = waiting.take_if(is_due) {
            let worker = workers.get(next % workers.len()).ok_or_else(gone)?;
            worker.tasks.send(task).map_err(|_| gone())?;
            next += 1;
            under_way += 1;
            continue;
        }
        if under_way == 0 {
            break;
        }
        // The oldest task is that of the worker whose turn it was `under_way` tasks ago.
        let worker = workers.get((next - under_way) % workers.len()).ok_or_else(gone)?;
        let (block, mut result) = worker.results.recv().map_err(|_| gone())?;
        under_way -= 1;
        take(&mut result)?;
        if !is_large(&block) {
            spare.push((block, result));
        }
    }
    Ok(())
}

fn is_large(block: &Block) -> bool {
    block.text.len() > ALONE
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use super::*;
    use crate::inspect::read::SecretBytes;
    use crate::pem;

    #[test]
    fn results_come_in_the_order_of_the_blocks() {
        let text: String = (0..20_000u32).map(|number| pem::encode(&number.to_string(), &[7; 99])).collect();
        let (mut input, mut seen) = (text.as_bytes(), String::new());
        let mut blocks = Blocks::new(SecretBytes::new(), &mut input, "x");
        let work = |block: &Block, result: &mut Vec<u8>| block.text.clone_into(result);
        run(&mut blocks, &work, &mut |result: &mut Vec<u8>| {
            seen.push_str(std::str::from_utf8(result).unwrap());
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, text);
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
