//! Each modelled primitive in a program small enough to count by hand.

extern crate interleave as std;

use interleave::{Error, Graph, Memory, Reading, Scenario};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock, RwLock, mpsc};
use std::thread;

fn explore(run: fn() -> String) -> Graph {
    Scenario::of(run).explore(&[]).unwrap()
}

/// `outcome: schedules`, one after the other.
fn counts(graph: &Graph) -> String {
    counts_under(graph, Reading::Preemptive)
}

fn counts_under(graph: &Graph, reading: Reading) -> String {
    let counts = graph.outcomes.iter().map(|outcome| {
        let reached = match reading {
            Reading::Preemptive => &outcome.preemptive,
            Reading::Cooperative => &outcome.cooperative,
        };
        format!("{}: {}", outcome.text, reached.schedules.as_deref().unwrap_or("endless"))
    });
    counts.collect::<Vec<_>>().join("; ")
}

fn twice(body: impl Fn() + Send + Sync) {
    thread::scope(|scope| {
        scope.spawn(&body);
        scope.spawn(&body);
    });
}

#[test]
fn threads_without_steps_have_one_schedule() {
    let graph = explore(|| {
        let sum: u32 = (0..3).map(|n| thread::spawn(move || n)).map(|t| t.join().unwrap()).sum();
        sum.to_string()
    });
    assert_eq!(counts(&graph), "3: 1");
    assert_eq!(graph.states.len(), 1);
}

#[test]
fn a_panic_in_a_thread_is_what_join_returns() {
    let graph = explore(|| match thread::spawn(|| panic!("no")).join() {
        Ok(()) => "fine".into(),
        Err(payload) => format!("{:?}", payload.downcast_ref::<&str>()),
    });
    assert_eq!(counts(&graph), "Some(\"no\"): 1");
}

#[test]
fn a_failed_assertion_is_an_outcome() {
    let graph = explore(|| {
        let flag = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| flag.store(true, Relaxed));
            scope.spawn(|| assert!(!flag.load(Relaxed), "too late"));
        });
        "fine".into()
    });
    assert_eq!(counts(&graph), "fine: 1; panic: too late: 1");
}

#[test]
fn a_panic_poisons_the_mutex() {
    let graph = explore(|| {
        let lock = Mutex::new(0);
        thread::scope(|scope| {
            let _ = scope
                .spawn(|| {
                    let _guard = lock.lock().unwrap();
                    panic!("while it is held");
                })
                .join();
            scope.spawn(|| lock.lock().is_err()).join().unwrap().to_string()
        })
    });
    assert_eq!(counts(&graph), "true: 1");
}

#[test]
fn locking_twice_is_a_deadlock_with_oneself() {
    let graph = explore(|| {
        let lock = Mutex::new(());
        let _first = lock.lock().unwrap();
        let _second = lock.lock().unwrap();
        "never".into()
    });
    assert_eq!(counts(&graph), "deadlock: 1");
    let end = graph.ends[0].0;
    assert_eq!(graph.position(end, 0).blocked.as_deref(), Some("waits for lock, held by itself"));
}

#[test]
fn try_lock_fails_while_the_lock_is_held() {
    let graph = explore(|| {
        let lock = Mutex::new(());
        let got = thread::scope(|scope| {
            scope.spawn(|| drop(lock.lock().unwrap()));
            scope.spawn(|| lock.try_lock().is_ok()).join().unwrap()
        });
        got.to_string()
    });
    // The try comes before the lock, between lock and unlock, or after; got,
    // its own unlock can come after the other's lock is tried, or before.
    assert_eq!(counts(&graph), "false: 1; true: 2");
}

#[test]
fn readers_share_and_writers_do_not() {
    let graph = explore(|| {
        let lock = RwLock::new(());
        twice(|| drop(lock.read().unwrap()));
        "read".into()
    });
    assert_eq!(counts(&graph), "read: 6");
    let graph = explore(|| {
        let lock = RwLock::new(0);
        twice(|| *lock.write().unwrap() += 1);
        lock.into_inner().unwrap().to_string()
    });
    assert_eq!(counts(&graph), "2: 2");
}

#[test]
fn nobody_leaves_a_barrier_before_all_have_come() {
    let graph = explore(|| {
        let (barrier, before) = (Barrier::new(2), AtomicU32::new(0));
        twice(|| {
            before.fetch_add(1, Relaxed);
            barrier.wait();
            assert_eq!(before.load(Relaxed), 2);
        });
        "all".into()
    });
    assert_eq!(graph.outcomes.len(), 1);
    assert_eq!(graph.outcomes[0].text, "all");
}

#[test]
fn an_initialiser_runs_once() {
    let graph = explore(|| {
        let (once, runs) = (Once::new(), AtomicU32::new(0));
        twice(|| {
            once.call_once(|| {
                runs.fetch_add(1, Relaxed);
            });
            assert!(once.is_completed());
        });
        runs.into_inner().to_string()
    });
    assert_eq!(graph.outcomes.iter().map(|o| &o.text[..]).collect::<Vec<_>>(), ["1"]);
    let graph = explore(|| {
        let cell = OnceLock::new();
        thread::scope(|scope| {
            scope.spawn(|| cell.set(1).is_ok());
            let other = scope.spawn(|| *cell.get_or_init(|| 2)).join().unwrap();
            other.to_string()
        })
    });
    let outcomes: Vec<&str> = graph.outcomes.iter().map(|outcome| outcome.text.as_str()).collect();
    assert_eq!(outcomes, ["1", "2"]);
}

#[test]
fn messages_arrive_in_the_order_of_their_sending() {
    let graph = explore(|| {
        let (sender, receiver) = mpsc::sync_channel(1);
        thread::spawn(move || (0..3).for_each(|n| sender.send(n).unwrap()));
        format!("{:?}", receiver.iter().collect::<Vec<_>>())
    });
    let outcomes: Vec<&str> = graph.outcomes.iter().map(|outcome| outcome.text.as_str()).collect();
    assert_eq!(outcomes, ["[0, 1, 2]"]);
}

#[test]
fn a_sender_learns_that_the_receiver_is_gone() {
    let graph = explore(|| {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || drop(receiver));
        thread::spawn(move || sender.send(1).is_ok()).join().unwrap().to_string()
    });
    let outcomes: Vec<&str> = graph.outcomes.iter().map(|outcome| outcome.text.as_str()).collect();
    assert_eq!(outcomes, ["false", "true"]);
}

#[test]
fn a_full_channel_takes_nothing_and_a_closed_one_never_will() {
    let graph = explore(|| {
        let (sender, receiver) = mpsc::sync_channel(1);
        let first = sender.try_send(1);
        let full = matches!(sender.try_send(2), Err(mpsc::TrySendError::Full(2)));
        let mut received = receiver.into_iter();
        let got = received.next();
        drop(received);
        let closed = matches!(sender.try_send(3), Err(mpsc::TrySendError::Disconnected(3)));
        format!("{first:?} {full} {got:?} {closed}")
    });
    assert_eq!(counts(&graph), "Ok(()) true Some(1) true: 1");
}

/// As std's: a load and a compare-and-exchange, until that succeeds.
#[test]
fn an_update_begins_again_if_another_came_between() {
    let graph = explore(|| {
        let free = AtomicU32::new(1);
        let take = || free.fetch_update(Relaxed, Relaxed, |free| free.checked_sub(1)).is_ok();
        let taken = thread::scope(|scope| {
            let threads = [scope.spawn(take), scope.spawn(take)];
            threads.map(|thread| thread.join().unwrap())
        });
        taken.iter().filter(|taken| **taken).count().to_string()
    });
    assert_eq!(counts(&graph), "1: 6");
    let graph = explore(|| {
        let number = AtomicU32::new(0);
        twice(|| _ = number.update(Relaxed, Relaxed, |number| number + 1));
        number.into_inner().to_string()
    });
    assert_eq!(counts(&graph), "2: 6");
}

#[test]
fn an_early_notification_is_lost() {
    let graph = explore(|| {
        let (lock, bell) = (Mutex::new(()), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| drop(bell.wait(lock.lock().unwrap()).unwrap()));
            scope.spawn(|| bell.notify_one());
        });
        "woken".into()
    });
    // lock, wait | notify | relock, unlock: the notification comes third, or too early.
    assert_eq!(counts(&graph), "woken: 1; deadlock: 2");
}

#[test]
fn an_early_unpark_is_kept() {
    let graph = explore(|| {
        let sleeper = thread::spawn(thread::park);
        sleeper.thread().unpark();
        sleeper.join().unwrap();
        "woken".into()
    });
    assert_eq!(counts(&graph), "woken: 1");
}

#[test]
fn a_spinning_thread_waits_for_a_change() {
    let graph = explore(|| {
        let ready = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| ready.store(true, Release));
            scope.spawn(|| {
                while !ready.load(Acquire) {
                    std::hint::spin_loop();
                }
            });
        });
        "seen".into()
    });
    assert_eq!(counts(&graph), "seen: 2");
}

#[test]
fn spinning_for_nothing_is_a_livelock() {
    let graph = explore(|| {
        let never = AtomicBool::new(false);
        while !never.load(Acquire) {
            std::hint::spin_loop();
        }
        "never".into()
    });
    assert_eq!(counts(&graph), "livelock: 1");
}

#[test]
fn giving_way_in_step_is_a_livelock() {
    let graph = explore(|| {
        let (left, right) = (Mutex::new(()), Mutex::new(()));
        let take = |first: &Mutex<()>, second: &Mutex<()>| {
            loop {
                let _first = first.lock().unwrap();
                if second.try_lock().is_ok() {
                    break;
                }
                std::hint::spin_loop();
            }
        };
        thread::scope(|scope| {
            scope.spawn(|| take(&left, &right));
            scope.spawn(|| take(&right, &left));
        });
        "both".into()
    });
    assert_eq!(counts(&graph), "both: endless; livelock: endless");
    let witness = graph.outcome_called("livelock").unwrap().preemptive.shortest.as_ref().unwrap();
    let states = graph.replay(&witness.parse().unwrap()).unwrap();
    assert!(graph.circles.iter().any(|circle| circle.contains(states.last().unwrap())));
}

#[test]
fn a_spinning_thread_sees_a_store_in_the_end_under_weak_memory() {
    let graph = Scenario {
        memory: Memory::Weak,
        ..Scenario::of(|| {
            let (ready, message) = (AtomicBool::new(false), AtomicU32::new(0));
            thread::scope(|scope| {
                scope.spawn(|| {
                    message.store(42, Relaxed);
                    ready.store(true, Release);
                });
                let reader = scope.spawn(|| {
                    while !ready.load(Acquire) {
                        std::hint::spin_loop();
                    }
                    message.load(Relaxed)
                });
                reader.join().unwrap().to_string()
            })
        })
    }
    .explore(&[])
    .unwrap();
    let outcomes: Vec<&str> = graph.outcomes.iter().map(|outcome| outcome.text.as_str()).collect();
    assert_eq!(outcomes, ["42"]);
}

#[test]
fn a_loop_without_a_hint_is_an_error_that_names_its_line() {
    let scenario = Scenario {
        limit: 200,
        ..Scenario::of(|| {
            let flag = AtomicBool::new(false);
            while !flag.load(Relaxed) {}
            "never".into()
        })
    };
    let error = scenario.explore(&[]).unwrap_err();
    assert!(matches!(&error, Error::TooManyStates { limit: 200, .. }), "{error}");
    assert!(error.to_string().contains("at primitives.rs:"), "{error}");
}

#[test]
fn what_does_not_depend_on_the_schedule_alone_is_an_error() {
    thread_local!(static RUNS: core::cell::Cell<u32> = const { core::cell::Cell::new(0) });
    let error = Scenario::of(|| {
        let run = RUNS.get();
        RUNS.set(run + 1);
        let counter = AtomicU32::new(0);
        twice(|| counter.store(run, Relaxed));
        "done".into()
    })
    .explore(&[])
    .unwrap_err();
    assert!(matches!(error, Error::Nondeterministic { .. }), "{error}");
}

#[test]
fn yielding_is_where_a_cooperative_thread_is_left() {
    let graph = explore(|| {
        let counter = AtomicU32::new(0);
        twice(|| {
            let seen = counter.load(Relaxed);
            thread::yield_now();
            counter.store(seen + 1, Relaxed);
        });
        counter.into_inner().to_string()
    });
    assert_eq!(counts_under(&graph, Reading::Preemptive), "1: 4; 2: 2");
    assert_eq!(counts_under(&graph, Reading::Cooperative), "1: 4; 2: 2");
}

#[test]
fn shared_ownership_needs_no_step() {
    let graph = explore(|| {
        let counter = Arc::new(AtomicU32::new(0));
        let threads = [(); 2].map(|()| {
            let counter = counter.clone();
            thread::spawn(move || counter.fetch_add(1, Relaxed))
        });
        for thread in threads {
            thread.join().unwrap();
        }
        counter.load(Relaxed).to_string()
    });
    assert_eq!(counts(&graph), "2: 2");
}
