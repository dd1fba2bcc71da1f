//! A ledger of locks: who holds which, and who waits for which.

use std::fmt::{self, Display};
use std::panic::Location;
use std::sync::Mutex;
use std::sync::mpsc::Sender;

/// A lock by its number, and the line that asked for it.
type Asked = (usize, &'static Location<'static>);

// ANCHOR: ledger
/// Kept by the threads themselves: a note before each lock, and one after it.
pub struct Ledger {
    /// For each thread, the locks that it holds and the one that it waits for.
    threads: Mutex<Vec<(Vec<Asked>, Option<Asked>)>>,
    /// Where a circle is reported.
    watchdog: Sender<Circle>,
}

impl Ledger {
    /// A thread is about to lock. If that closes a circle, the watchdog hears of it.
    #[track_caller]
    pub fn wants(&self, thread: usize, lock: usize) {
        let mut threads = self.threads.lock().unwrap();
        threads[thread].1 = Some((lock, Location::caller()));
        if let Some(circle) = circle(&threads, thread) {
            // Nobody may be listening any more.
            let _ = self.watchdog.send(circle);
        }
    }

    /// It has the lock.
    pub fn holds(&self, thread: usize) {
        let mut threads = self.threads.lock().unwrap();
        let got = threads[thread].1.take();
        threads[thread].0.extend(got);
    }
    // ANCHOR_END: ledger

    /// A ledger for so many threads, which reports to `watchdog`.
    pub fn new(threads: usize, watchdog: Sender<Circle>) -> Ledger {
        Ledger { threads: Mutex::new(vec![(Vec::new(), None); threads]), watchdog }
    }
}

// ANCHOR: circle
/// From `first`, on to whoever holds what is wanted, until back at `first`.
fn circle(threads: &[(Vec<Asked>, Option<Asked>)], first: usize) -> Option<Circle> {
    let mut links = Vec::new();
    let mut thread = first;
    // A chain that is longer than the table goes round without `first`.
    while links.len() < threads.len() {
        let wants = threads[thread].1?;
        let holds = |(held, _): &(Vec<Asked>, _)| held.iter().any(|(lock, _)| *lock == wants.0);
        let holder = threads.iter().position(holds)?;
        links.push(Link { thread, wants, holds: *threads[thread].0.first()? });
        thread = holder;
        if thread == first {
            return Some(Circle(links));
        }
    }
    None
}
// ANCHOR_END: circle

/// Threads of which each waits for a lock that the next one holds.
pub struct Circle(Vec<Link>);

struct Link {
    thread: usize,
    holds: Asked,
    wants: Asked,
}

impl Display for Circle {
    /// A line for each thread.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        for Link { thread, holds: (held, at), wants: (wanted, asked) } in &self.0 {
            let thread = thread + 1;
            let [at, asked] = [at, asked].map(|place| {
                let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
                format!("{file}:{}", place.line())
            });
            writeln!(
                formatter,
                "thread {thread} holds lock {held} ({at}), waits for lock {wanted} ({asked})"
            )?;
        }
        Ok(())
    }
}
