//! Refused in one_thread: too slow
//! Hint: Whichever way the ball

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

enum Ball {
    Nothing,
    Question(u64),
    Answer(u64),
    End,
}

/// Has another thread `answer` the questions, and takes the answers in order.
pub fn ask_all(
    questions: impl Iterator<Item = u64>,
    answer: impl Fn(u64) -> u64 + Send,
    mut take: impl FnMut(u64),
) {
    let passes = AtomicU64::new(0);
    let ball = Mutex::new(Ball::Nothing);
    let caller = thread::current();
    thread::scope(|scope| {
        let (ball, passes) = (&ball, &passes);
        let other = scope.spawn(move || {
            loop {
                let mut now = ball.lock().unwrap();
                match *now {
                    Ball::Question(question) => {
                        *now = Ball::Answer(answer(question));
                        drop(now);
                        passes.fetch_add(1, SeqCst);
                        caller.unpark();
                    }
                    Ball::End => return,
                    Ball::Nothing | Ball::Answer(_) => {
                        drop(now);
                        thread::park();
                    }
                }
            }
        });
        let pass = |next| {
            *ball.lock().unwrap() = next;
            other.thread().unpark();
        };
        for (number, question) in questions.enumerate() {
            pass(Ball::Question(question));
            while passes.load(SeqCst) <= number as u64 {
                thread::park();
            }
            if let Ball::Answer(answer) = *ball.lock().unwrap() {
                take(answer);
            }
        }
        pass(Ball::End);
    });
}
