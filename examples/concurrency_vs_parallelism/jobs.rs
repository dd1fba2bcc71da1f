//! Jobs that compute and jobs that wait, in a row or at once, on one core or all.

use std::thread;
use std::time::{Duration, Instant};

/// What a job leaves behind: its answer, and when it had its turns.
pub struct Job {
    pub answer: u64,
    pub turns: Vec<(Duration, Duration)>,
}

// ANCHOR: compute
/// The clock of a job that has the core never jumps as far as this.
const JUMP: Duration = Duration::from_micros(500);

/// Counts the primes up to `limit` and looks at the clock now and then. Where
/// the clock has jumped, somebody else had the core.
pub fn compute(limit: u64, clock: Instant) -> Job {
    let is_prime = |n: u64| n > 1 && (2..).take_while(|d| d * d <= n).all(|d| n % d != 0);

    let (mut answer, mut turns) = (0, Vec::new());
    let mut began = clock.elapsed();
    let mut seen = began;
    for n in 0..=limit {
        answer += u64::from(is_prime(n));
        if n % 64 == 0 || n == limit {
            let now = clock.elapsed();
            if now - seen > JUMP {
                turns.push((began, seen));
                began = now;
            }
            seen = now;
        }
    }
    turns.push((began, seen));
    Job { answer, turns }
}
// ANCHOR_END: compute

// ANCHOR: wait
/// Waits, and does nothing else.
pub fn wait(time: Duration, clock: Instant) -> Job {
    let began = clock.elapsed();
    thread::sleep(time);
    Job { answer: 0, turns: vec![(began, clock.elapsed())] }
}
// ANCHOR_END: wait

// ANCHOR: one_by_one
pub fn one_by_one(jobs: u64, job: impl Fn() -> Job) -> Vec<Job> {
    (0..jobs).map(|_| job()).collect()
}
// ANCHOR_END: one_by_one

// ANCHOR: at_once
/// A thread for each job; the system decides where and when each of them runs.
pub fn at_once(jobs: u64, job: impl Fn() -> Job + Sync) -> Vec<Job> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(&job)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
// ANCHOR_END: at_once

// ANCHOR: on_one_core
/// Does `work` on the core that this thread is on, and on no other. Threads
/// that it spawns meanwhile inherit the restriction.
#[cfg(target_os = "linux")]
pub fn on_one_core<T>(work: impl FnOnce() -> T) -> nix::Result<T> {
    use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
    use nix::unistd::Pid;

    let this_thread = Pid::from_raw(0);
    let all = sched_getaffinity(this_thread)?;
    let mut one = CpuSet::new();
    one.set(sched_getcpu()?)?;
    sched_setaffinity(this_thread, &one)?;
    let result = work();
    sched_setaffinity(this_thread, &all)?;
    Ok(result)
}
// ANCHOR_END: on_one_core
