//! A thread that asks for answers beside one that computes, under one lock or
//! none.

use std::hint::black_box;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use crate::gil::Gil;

/// How long the server takes: a round trip within a data centre.
const LATENCY: Duration = Duration::from_micros(200);

/// An answer that takes longer than this is taken for lost.
const LOST: Duration = Duration::from_secs(5);

// ANCHOR: sockets
/// A socket that is its own other end: an answer is there as soon as something
/// was sent.
pub fn near() -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(socket.local_addr()?)?;
    socket.set_read_timeout(Some(LOST))?;
    Ok(socket)
}

/// A socket whose other end somebody else must answer.
pub fn far() -> io::Result<(UdpSocket, UdpSocket)> {
    let (socket, server) = (near()?, near()?);
    socket.connect(server.local_addr()?)?;
    server.connect(socket.local_addr()?)?;
    server.set_read_timeout(None)?;
    Ok((socket, server))
}
// ANCHOR_END: sockets

// ANCHOR: answer
/// Sends back what comes, until nothing comes. It stands for another machine,
/// and has no lock to wait for.
pub fn answer(server: &UdpSocket) -> io::Result<()> {
    let mut message = [0; 8];
    while server.recv(&mut message)? > 0 {
        thread::sleep(LATENCY);
        server.send(&message)?;
    }
    Ok(())
}
// ANCHOR_END: answer

// ANCHOR: compute
/// Computes until it is told to stop. At each jump backward it looks whether
/// it is asked for the lock.
pub fn compute(gil: Option<&Gil>, stop: &AtomicBool) -> u64 {
    let mut steps = 0;
    take(gil);
    // Relaxed: it may stop a little later.
    while !stop.load(Relaxed) {
        steps = black_box(steps + 1);
        look(gil);
    }
    release(gil);
    steps
}
// ANCHOR_END: compute

// ANCHOR: ask
/// Asks and waits for the answer, again and again for `time`, and tells how
/// long each round trip took, from one answer to the next. It holds the lock
/// but for the two calls that may have to wait.
pub fn ask(gil: Option<&Gil>, socket: &UdpSocket, time: Duration) -> io::Result<Vec<Duration>> {
    let mut round_trips = Vec::new();
    take(gil);
    let began = Instant::now();
    let mut last = began;
    while last - began < time {
        let question = (round_trips.len() as u64).to_le_bytes();
        let mut answer = [0; 8];

        release(gil);
        socket.send(&question)?;
        take(gil);

        release(gil);
        socket.recv(&mut answer)?;
        if answer != question {
            return Err(io::Error::other("this answers another question"));
        }
        take(gil);

        look(gil);
        let now = Instant::now();
        round_trips.push(now - last);
        last = now;
    }
    release(gil);
    Ok(round_trips)
}
// ANCHOR_END: ask

// ANCHOR: beside
/// Asks for `time` while another thread computes. No lock is held on return,
/// whatever happened.
pub fn beside(gil: Option<&Gil>, socket: &UdpSocket, time: Duration) -> io::Result<Vec<Duration>> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| compute(gil, &stop));
        let round_trips = ask(gil, socket, time);
        stop.store(true, Relaxed);
        round_trips
    })
}
// ANCHOR_END: beside

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
