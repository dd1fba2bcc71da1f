//! Threads that look at a clock all the time, and so notice when they did not run.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// When a thread had a core, from its first look at the clock to its last.
pub type Turn = (Duration, Duration);

// ANCHOR: look
/// Between two looks, the clock of a thread that runs moves on by less than a
/// microsecond. The system's own work on a core takes some; a turn of another
/// thread takes more than this.
const JUMP: Duration = Duration::from_micros(100);

/// Looks at the clock for as long as `time`. Where it has jumped, this thread
/// was not running: one turn was over, and another began.
pub fn look_at(clock: Instant, time: Duration) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut began = clock.elapsed();
    let mut seen = began;
    let end = began + time;
    while seen < end {
        let now = clock.elapsed();
        if now - seen > JUMP {
            turns.push((began, seen));
            began = now;
        }
        seen = now;
    }
    turns.push((began, seen));
    turns
}
// ANCHOR_END: look

// ANCHOR: together
/// None begins before all are there. Nothing here says whose turn it is, or
/// when it is over.
pub fn together(threads: usize, time: Duration) -> Vec<Vec<Turn>> {
    let (clock, all_there) = (Instant::now(), Barrier::new(threads));
    let look = || {
        all_there.wait();
        look_at(clock, time)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(look)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
// ANCHOR_END: together

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
