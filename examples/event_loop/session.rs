//! A server and its client: first all connections speak, then one of them.

#![cfg(target_os = "linux")]

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use nix::time::{ClockId, clock_gettime};

use crate::client::Client;
use crate::files;

/// Serves so many connections from a listener, none of them longer than the
/// limit, and counts the polls.
pub type Serve = fn(TcpListener, usize, Duration, &Arc<AtomicU64>) -> io::Result<()>;

/// No session takes so long.
const LIMIT: Duration = Duration::from_secs(600);

/// Echoes of the one connection that speaks.
const ALONE: usize = 200;

/// What a session came to.
#[derive(Debug)]
pub struct Session {
    pub sent: u64,
    /// Messages that came back as they were.
    pub echoed: u64,
    /// Echoes in a second while all spoke.
    pub rate: f64,
    /// Seconds that the server's thread computed for each of them.
    pub cpu: f64,
    /// Seconds for an echo while one connection spoke.
    pub alone: f64,
    /// Polls, or callbacks, for each of those.
    pub polls: f64,
    /// Files that the session left open.
    pub left_open: i64,
}

pub fn session(serve: Serve, connections: usize, messages: usize) -> anyhow::Result<Session> {
    let files_before = files::open()?;
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen on 127.0.0.1")?;
    let address = listener.local_addr()?;
    let polls = Arc::new(AtomicU64::new(0));
    let counted = polls.clone();
    let server = thread::spawn(move || serve(listener, connections, LIMIT, &counted));

    // If this fails the program ends, and the server's thread with it.
    let mut client = Client::connect(address, connections).context("cannot connect")?;
    let (began, server_before) = (Instant::now(), others_cpu()?);
    let in_chorus = client.all_speak(messages).context("no answer")?;
    let (wall, server_now) = (began.elapsed().as_secs_f64(), others_cpu()?);

    // Relaxed: the socket puts our echo after the polls that it took.
    let (began, polls_before) = (Instant::now(), polls.load(Relaxed));
    let solo = client.one_speaks(ALONE).context("no answer")?;
    let (alone, polls) = (began.elapsed().as_secs_f64(), polls.load(Relaxed) - polls_before);

    drop(client);
    server.join().expect("a server does not panic").context("cannot serve")?;
    let all = (connections * messages) as f64;
    Ok(Session {
        sent: (connections * messages + ALONE) as u64,
        echoed: in_chorus + solo,
        rate: all / wall,
        cpu: (server_now - server_before) / all,
        alone: alone / ALONE as f64,
        polls: polls as f64 / ALONE as f64,
        left_open: files::open()? as i64 - files_before as i64,
    })
}

/// Seconds that the other threads of this process have been on a processor: in
/// a session that is the server alone.
fn others_cpu() -> nix::Result<f64> {
    let seconds = |clock| clock_gettime(clock).map(|time| Duration::from(time).as_secs_f64());
    Ok(seconds(ClockId::CLOCK_PROCESS_CPUTIME_ID)? - seconds(ClockId::CLOCK_THREAD_CPUTIME_ID)?)
}
