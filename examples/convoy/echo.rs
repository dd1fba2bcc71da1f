//! A thread that sends and receives beside one that computes, under one lock
//! or none.

use std::hint::black_box;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use crate::gil::Gil;

/// Both ends of a connection over the loopback interface.
pub fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    Ok((near, far))
}

// ANCHOR: busy
/// Computes until it is told to stop. At each jump backward it looks whether
/// it is asked for the lock.
pub fn compute(gil: Option<&Gil>, stop: &AtomicBool) -> u64 {
    let mut steps = 0;
    take(gil);
    // Relaxed: it stops a little sooner or later.
    while !stop.load(Relaxed) {
        steps = black_box(steps + 1);
        look(gil);
    }
    release(gil);
    steps
}
// ANCHOR_END: busy

// ANCHOR: ask
/// Sends a byte and waits for the answer, again and again for `time`, and
/// tells how long each took. As in Python, no lock is held in a call that may
/// have to wait.
pub fn ask(
    gil: Option<&Gil>,
    mut server: &TcpStream,
    mut echo: impl FnMut() -> io::Result<()>,
    time: Duration,
) -> io::Result<Vec<Duration>> {
    let mut round_trips = Vec::new();
    let mut byte = [0];
    let began = Instant::now();
    take(gil);
    while began.elapsed() < time {
        let sent = Instant::now();
        release(gil);
        server.write_all(&byte)?;
        take(gil);
        echo()?;
        release(gil);
        server.read_exact(&mut byte)?;
        take(gil);
        round_trips.push(sent.elapsed());
        look(gil);
    }
    release(gil);
    Ok(round_trips)
}
// ANCHOR_END: ask

/// Answers each byte with the same until the other end is closed. It is a
/// server far away, and has nothing to do with anybody's lock.
pub fn echo(mut client: TcpStream) -> io::Result<()> {
    let mut byte = [0];
    while client.read(&mut byte)? == 1 {
        client.write_all(&byte)?;
    }
    Ok(())
}

fn take(gil: Option<&Gil>) {
    if let Some(gil) = gil {
        gil.take();
    }
}

fn release(gil: Option<&Gil>) {
    if let Some(gil) = gil {
        gil.release();
    }
}

fn look(gil: Option<&Gil>) {
    if let Some(gil) = gil
        && gil.asked()
    {
        gil.hand_over();
    }
}
