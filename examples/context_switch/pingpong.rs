//! A ball that goes to and fro between two players: one holds it, the other waits.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Release},
};
use std::thread::{self, Thread};

use tokio::sync::Notify;

// ANCHOR: pipes
/// A player: waits for a byte, and passes it on, until nobody is left to send.
fn play(mut from: PipeReader, mut to: PipeWriter) -> io::Result<()> {
    let mut ball = [0];
    while from.read(&mut ball)? == 1 {
        to.write_all(&ball)?;
    }
    Ok(())
}

/// The other player: passes the ball and waits until it is back.
fn serve(rounds: u64, mut from: PipeReader, mut to: PipeWriter) -> io::Result<()> {
    let mut ball = [0];
    for _ in 0..rounds {
        to.write_all(&ball)?;
        from.read_exact(&mut ball)?;
    }
    Ok(())
}
// ANCHOR_END: pipes

// ANCHOR: processes
/// Call it while this process has no other thread.
#[cfg(target_os = "linux")]
pub fn processes(rounds: u64) -> io::Result<()> {
    use nix::sys::wait::waitpid;
    use nix::unistd::{ForkResult, fork};

    let (from_them, to_us) = io::pipe()?;
    let (from_us, to_them) = io::pipe()?;
    // SAFETY: no other thread is running, so the child's copy of this process
    // holds no lock that nobody will release.
    match unsafe { fork()? } {
        ForkResult::Child => {
            // Holding the parent's ends, it would wait for itself for ever.
            drop((from_them, to_them));
            let played = play(from_us, to_us);
            // SAFETY: ends the process at once, without the parent's clean-up.
            unsafe { nix::libc::_exit(played.is_err().into()) }
        }
        ForkResult::Parent { child } => {
            drop((from_us, to_us));
            let served = serve(rounds, from_them, to_them);
            waitpid(child, None)?;
            served
        }
    }
}
// ANCHOR_END: processes

// ANCHOR: threads
pub fn threads(rounds: u64) -> io::Result<()> {
    let (from_them, to_us) = io::pipe()?;
    let (from_us, to_them) = io::pipe()?;
    thread::scope(|scope| {
        let other = scope.spawn(|| play(from_us, to_us));
        serve(rounds, from_them, to_them)?;
        other.join().unwrap()
    })
}
// ANCHOR_END: threads

// ANCHOR: alone
/// The same system calls by one player: it waits for nobody.
#[cfg(target_os = "linux")]
pub fn alone(rounds: u64) -> io::Result<()> {
    let (mut from, mut to) = io::pipe()?;
    let mut ball = [0];
    for _ in 0..2 * rounds {
        to.write_all(&ball)?;
        from.read_exact(&mut ball)?;
    }
    Ok(())
}
// ANCHOR_END: alone

// ANCHOR: parked
/// Threads without pipes: each waits until the number of passes is its own.
pub fn parked(rounds: u64) {
    let passes = AtomicU64::new(0);
    let turn = |own: u64, other: &Thread| {
        for n in 0..rounds {
            // Acquire and Release: who holds the ball sees what the other did.
            while passes.load(Acquire) != 2 * n + own {
                thread::park();
            }
            passes.store(2 * n + own + 1, Release);
            other.unpark();
        }
    };
    let first = thread::current();
    thread::scope(|scope| {
        let second = scope.spawn(|| turn(1, &first));
        turn(0, second.thread());
    });
}
// ANCHOR_END: parked

// ANCHOR: tasks
/// Two tasks on one thread. The system does not know that there are two.
pub async fn tasks(rounds: u64) {
    let ping = Arc::new(Notify::new());
    let pong = Arc::new(Notify::new());
    let other = tokio::spawn(pass(rounds, ping.clone(), pong.clone()));
    let one = tokio::spawn(pass(rounds, pong, ping.clone()));
    ping.notify_one();
    one.await.unwrap();
    other.await.unwrap();
}

/// A player: waits for the ball, and passes it on.
async fn pass(rounds: u64, from: Arc<Notify>, to: Arc<Notify>) {
    for _ in 0..rounds {
        from.notified().await;
        to.notify_one();
    }
}
// ANCHOR_END: tasks

// ANCHOR: on_one_core
/// Does `work` on the core that this thread is on, and on no other. What it
/// starts meanwhile, threads and processes, inherits the restriction.
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
