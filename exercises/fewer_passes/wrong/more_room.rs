//! Refused in one_thread: too slow
//! Hint: Whichever way the ball

use std::sync::mpsc;
use std::thread;

/// Has another thread `answer` the questions, and takes the answers in order.
pub fn ask_all(
    questions: impl Iterator<Item = u64>,
    answer: impl Fn(u64) -> u64 + Send,
    mut take: impl FnMut(u64),
) {
    thread::scope(|scope| {
        let (ask, asked) = mpsc::sync_channel(1_000);
        let (reply, replied) = mpsc::sync_channel(1_000);
        scope.spawn(move || {
            for question in asked {
                reply.send(answer(question)).unwrap();
            }
        });
        for question in questions {
            ask.send(question).unwrap();
            take(replied.recv().unwrap());
        }
    });
}
