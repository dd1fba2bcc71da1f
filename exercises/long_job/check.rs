//! The job beside a task that beats whenever it has a turn.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use exercise::{Case, Check, Hint, Once};
use tokio::runtime::Builder;
use tokio::task::yield_now;

use super::answer::count_words;

const LINES: usize = 10_000;
const LINES_IN_A_TURN: usize = 200;

const GOOD: &str = "the others had their turns";
const NONE: &str = "no turn for others";
const SLEEPS: &str = "sleeps between the lines";

/// Whoever gives up a turn after each line lets others have one each time.
const TURNS: usize = 3 * LINES;

pub const CHECK: Check = Check {
    starter: ("beside_a_heart", NONE),
    cases: &[Case::Once(Once {
        name: "beside_a_heart",
        title: "The job beside a task that beats",
        run: beside_a_heart,
        good: &[GOOD],
        hints: &[
            Hint::on(
                NONE,
                "A task of its own is still a task: it has its turn on the loop's one thread, and \
                 keeps it until it awaits something that makes it wait.",
            )
            .when("spawn("),
            Hint::on(
                NONE,
                "An `async fn` without an await inside is done when it is first polled, and who \
                 awaits it goes straight on. What does a task await to give up its turn?",
            ),
            Hint::on(
                "more than 200 lines in a turn",
                "It gives up its turn, and not often enough.",
            ),
            Hint::on(
                SLEEPS,
                "The others had their turns, hundreds for each line. A sleep waits for the clock, \
                 tokio's for the next millisecond at least, and ten thousand of them take more \
                 than ten seconds. What gives up a turn, and has the next one as soon as it can?",
            ),
            Hint::on(
                "waits for ever",
                "The counting has left the loop's thread, and the loop's thread waits for it. A \
                 `join`, a blocking `recv` and an iterator of rayon's hold the thread that calls \
                 them. What gives the turn back until the result is there?",
            ),
            Hint::on(
                "panic",
                "To block is not allowed on this runtime, which has no second thread to carry on. \
                 Await what you start.",
            ),
            Hint::on("a wrong number of words", "Is each line counted once?"),
        ],
    })],
    without: &[],
};

/// The loop's thread.
static LOOP: OnceLock<ThreadId> = OnceLock::new();

/// Lines counted on it since others had a turn.
static IN_THIS_TURN: AtomicUsize = AtomicUsize::new(0);
static IN_A_TURN: AtomicUsize = AtomicUsize::new(0);

/// Whether a line was counted on the loop's thread, or on another.
static HERE: AtomicBool = AtomicBool::new(false);
static ELSEWHERE: AtomicBool = AtomicBool::new(false);

static BEATS: Mutex<usize> = Mutex::new(0);
static BEAT: Condvar = Condvar::new();

fn beside_a_heart() -> String {
    LOOP.set(thread::current().id()).expect("set once");
    let lines: Vec<_> = (0..LINES).map(|line| "word ".repeat(line % 4)).collect();
    let right: usize = lines.iter().map(|line| line.split_whitespace().count()).sum();
    let runtime = Builder::new_current_thread().enable_all().build();
    let words = runtime.expect("a runtime").block_on(async {
        let mut heart = tokio::spawn(beat());
        let words = tokio::select! {
            words = count_words(lines, count) => Some(words),
            _ = &mut heart => None,
        };
        heart.abort();
        words
    });
    note_turn();
    let Some(words) = words else { return SLEEPS.into() };
    match IN_A_TURN.load(SeqCst) {
        _ if words != right => "a wrong number of words",
        LINES.. => NONE,
        most if most > LINES_IN_A_TURN => "more than 200 lines in a turn",
        _ => GOOD,
    }
    .into()
}

/// A task that has a turn whenever it can. It ends if it has had more of them
/// than whoever counts on the loop's thread can have given up.
async fn beat() {
    while !(HERE.load(SeqCst) && !ELSEWHERE.load(SeqCst) && *BEATS.lock().unwrap() > TURNS) {
        note_turn();
        *BEATS.lock().unwrap() += 1;
        BEAT.notify_all();
        yield_now().await;
    }
}

fn note_turn() {
    IN_A_TURN.fetch_max(IN_THIS_TURN.swap(0, SeqCst), SeqCst);
}

/// On a thread other than the loop's, it does not go on without a beat: so a
/// loop that is kept waiting for the job keeps the job waiting.
fn count(line: &str) -> usize {
    if LOOP.get() == Some(&thread::current().id()) {
        HERE.store(true, SeqCst);
        IN_THIS_TURN.fetch_add(1, SeqCst);
    } else {
        ELSEWHERE.store(true, SeqCst);
        let beats = BEATS.lock().unwrap();
        drop(BEAT.wait_while(beats, |beats| *beats == 0).unwrap());
    }
    line.split_whitespace().count()
}
