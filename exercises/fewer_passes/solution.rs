//! Questions from one thread, answers from another.

use std::sync::mpsc;
use std::thread;

/// So many are passed at a time.
const BATCH: usize = 1_000;

/// Has another thread `answer` the questions, and takes the answers in order.
pub fn ask_all(
    mut questions: impl Iterator<Item = u64>,
    answer: impl Fn(u64) -> u64 + Send,
    mut take: impl FnMut(u64),
) {
    thread::scope(|scope| {
        let (ask, asked) = mpsc::sync_channel::<Vec<u64>>(0);
        let (reply, replied) = mpsc::sync_channel::<Vec<u64>>(0);
        scope.spawn(move || {
            for batch in asked {
                reply.send(batch.into_iter().map(&answer).collect()).unwrap();
            }
        });
        loop {
            let batch: Vec<u64> = questions.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return;
            }
            // As many switches as for one question, and work for a thousand.
            ask.send(batch).unwrap();
            replied.recv().unwrap().into_iter().for_each(&mut take);
        }
    });
}
