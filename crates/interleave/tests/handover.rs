//! Under weak memory, whatever hands something over hands over what was
//! written before: a relaxed load behind it is never stale.

extern crate interleave as std;

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, RwLock, mpsc};
use std::thread;

use interleave::tokio::{block_on, sync};
use interleave::{Memory, Scenario};

/// Runs `write` beside `read`; what `read` returns is what it found.
fn found(
    write: impl Fn(&AtomicU32) + Sync,
    read: impl Fn(&AtomicU32) -> Option<u32> + Sync,
) -> String {
    let message = AtomicU32::new(0);
    let found = thread::scope(|scope| {
        scope.spawn(|| write(&message));
        scope.spawn(|| read(&message)).join().unwrap()
    });
    found.map_or("nothing".into(), |found| found.to_string())
}

fn outcomes(run: fn() -> String) -> Vec<String> {
    let graph = Scenario { memory: Memory::Weak, ..Scenario::of(run) }.explore(&[]).unwrap();
    graph.outcomes.iter().map(|outcome| outcome.text.clone()).collect()
}

/// One that hands over nothing, to see that the others are put to the test.
#[test]
fn by_nothing() {
    let run = || {
        let flag = AtomicU32::new(0);
        found(
            |message| {
                message.store(42, Relaxed);
                flag.store(1, Relaxed);
            },
            |message| (flag.load(Relaxed) == 1).then(|| message.load(Relaxed)),
        )
    };
    assert_eq!(outcomes(run), ["0", "42", "nothing"]);
}

#[test]
fn by_a_mutex() {
    let run = || {
        let ready = Mutex::new(false);
        found(
            |message| {
                message.store(42, Relaxed);
                *ready.lock().unwrap() = true;
            },
            |message| {
                let ready = *ready.lock().unwrap();
                ready.then(|| message.load(Relaxed))
            },
        )
    };
    assert_eq!(outcomes(run), ["42", "nothing"]);
}

#[test]
fn by_a_reader_writer_lock() {
    let run = || {
        let ready = RwLock::new(false);
        found(
            |message| {
                message.store(42, Relaxed);
                *ready.write().unwrap() = true;
            },
            |message| {
                let ready = *ready.read().unwrap();
                ready.then(|| message.load(Relaxed))
            },
        )
    };
    assert_eq!(outcomes(run), ["42", "nothing"]);
}

#[test]
fn by_a_condition() {
    let run = || {
        let (ready, bell) = (Mutex::new(false), Condvar::new());
        found(
            |message| {
                message.store(42, Relaxed);
                *ready.lock().unwrap() = true;
                bell.notify_one();
            },
            |message| {
                let guard = bell.wait_while(ready.lock().unwrap(), |ready| !*ready).unwrap();
                drop(guard);
                Some(message.load(Relaxed))
            },
        )
    };
    assert_eq!(outcomes(run), ["42"]);
}

#[test]
fn by_a_barrier() {
    let run = || {
        let barrier = Barrier::new(2);
        found(
            |message| {
                message.store(42, Relaxed);
                barrier.wait();
            },
            |message| {
                barrier.wait();
                Some(message.load(Relaxed))
            },
        )
    };
    assert_eq!(outcomes(run), ["42"]);
}

#[test]
fn by_an_initialiser() {
    let run = || {
        let once = Once::new();
        found(
            |message| once.call_once(|| message.store(42, Relaxed)),
            |message| once.is_completed().then(|| message.load(Relaxed)),
        )
    };
    assert_eq!(outcomes(run), ["42", "nothing"]);
}

#[test]
fn by_a_channel() {
    let run = || {
        let message = Arc::new(AtomicU32::new(0));
        let (sender, receiver) = mpsc::channel();
        let writer = message.clone();
        thread::spawn(move || {
            writer.store(42, Relaxed);
            sender.send(()).unwrap();
        });
        receiver.recv().unwrap();
        message.load(Relaxed).to_string()
    };
    assert_eq!(outcomes(run), ["42"]);
}

#[test]
fn by_starting_and_joining() {
    let run = || {
        let message = Arc::new(AtomicU32::new(0));
        message.store(1, Relaxed);
        let other = message.clone();
        let seen = thread::spawn(move || {
            let seen = other.load(Relaxed);
            other.store(42, Relaxed);
            seen
        });
        let seen = seen.join().unwrap();
        format!("{seen}, {}", message.load(Relaxed))
    };
    assert_eq!(outcomes(run), ["1, 42"]);
}

#[test]
fn by_unparking() {
    let run = || {
        let message = Arc::new(AtomicU32::new(0));
        let other = message.clone();
        let sleeper = thread::spawn(move || {
            thread::park();
            other.load(Relaxed)
        });
        message.store(42, Relaxed);
        sleeper.thread().unpark();
        sleeper.join().unwrap().to_string()
    };
    assert_eq!(outcomes(run), ["42"]);
}

#[test]
fn by_a_notification() {
    let run = || {
        let notify = sync::Notify::new();
        found(
            |message| {
                message.store(42, Relaxed);
                notify.notify_one();
            },
            |message| {
                block_on(notify.notified());
                Some(message.load(Relaxed))
            },
        )
    };
    assert_eq!(outcomes(run), ["42"]);
}

#[test]
fn by_a_permit() {
    let run = || {
        let permits = sync::Semaphore::new(0);
        found(
            |message| {
                message.store(42, Relaxed);
                permits.add_permits(1);
            },
            |message| {
                block_on(permits.acquire()).unwrap().forget();
                Some(message.load(Relaxed))
            },
        )
    };
    assert_eq!(outcomes(run), ["42"]);
}
