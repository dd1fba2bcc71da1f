//! A ball that goes to and fro between two players: one holds it, the other waits.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering::{Acquire, Release}};
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
#[cfg(unix)]
pub fn processes(rounds: u64) -> io::Result<()> {
    use nix::sys::wait::waitpid;
    use nix::unistd::{ForkResult, fork};

    let (our_end, their_answer) = io::pipe()?;
    let (their_end, our_serve) = io::pipe()?;
    // SAFETY: no other thread is running, so the child's copy of this process
    // holds no lock that nobody will release.
    match unsafe { fork()? } {
        ForkResult::Child => {
            // Or the child would wait for itself when the parent is gone.
            drop((our_end, our_serve));
            let played = play(their_end, their_answer);
            // SAFETY: ends the process at once, without the parent's clean-up.
            unsafe { nix::libc::_exit(played.is_err().into()) }
        }
        ForkResult::Parent { child } => {
            drop((their_end, their_answer));
            serve(rounds, our_end, our_serve)?;
            waitpid(child, None)?;
            Ok(())
        }
    }
}
// ANCHOR_END: processes

// ANCHOR: threads
pub fn threads(rounds: u64) -> io::Result<()> {
    let (our_end, their_answer) = io::pipe()?;
    let (their_end, our_serve) = io::pipe()?;
    thread::scope(|scope| {
        let other = scope.spawn(|| play(their_end, their_answer));
        serve(rounds, our_end, our_serve)?;
        other.join().unwrap()
    })
}
// ANCHOR_END: threads

// ANCHOR: alone
/// The same system calls by one player: it waits for nobody.
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
    let (ping, pong) = (Notify::new(), Notify::new());
    let serve = async {
        for _ in 0..rounds {
            ping.notify_one();
            pong.notified().await;
        }
    };
    let play = async {
        for _ in 0..rounds {
            ping.notified().await;
            pong.notify_one();
        }
    };
    tokio::join!(serve, play);
}
// ANCHOR_END: tasks
