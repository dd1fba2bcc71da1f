//! A server and its client: first all connections speak, then one of them.

#![cfg(target_os = "linux")]

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use nix::sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use nix::unistd::Pid;

use taking_turns::Misuse;
use taking_turns::quantity::Unit;

use crate::client::Client;
use crate::{ASYNC_FN, CALLBACKS, POLLED, TOKIO, WAKERS};
use crate::{async_fn, callbacks, files, in_tokio, polled, wakers};

/// Serves so many connections from a listener, none of them longer than the
/// limit, and counts the polls.
pub type Serve = fn(TcpListener, usize, Duration, Arc<AtomicU64>) -> io::Result<()>;

/// All servers, or the one of that name.
pub fn steps(only: Option<&str>) -> Result<Vec<(&'static str, Serve)>, Misuse> {
    let steps: [(_, Serve); 5] = [
        (CALLBACKS, callbacks::serve),
        (POLLED, polled::serve),
        (WAKERS, wakers::serve),
        (ASYNC_FN, async_fn::serve),
        (TOKIO, in_tokio::serve),
    ];
    let wanted = |&(variant, _): &_| only.is_none_or(|name| name == variant);
    let chosen: Vec<_> = steps.into_iter().filter(wanted).collect();
    if chosen.is_empty() {
        let names = steps.map(|(variant, _)| variant).join(", ");
        return Err(Misuse(format!("there is no such step for --step: {names} are there")));
    }
    Ok(chosen)
}

/// No session takes so long.
const LIMIT: Duration = Duration::from_secs(600);

/// Echoes while one speaks at a time.
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
    /// The part of it that was in the kernel. The system tells by samples, a
    /// few hundred in a second: to be believed over many sessions.
    pub kernel: f64,
    /// Seconds for an echo while one spoke.
    pub alone: f64,
    /// Polls, or callbacks, for each of those.
    pub polls: f64,
    /// Files that the session left open.
    pub left_open: i64,
}

/// Client and server share a core. On two, it would depend on the scheduler
/// whether they run side by side, and that is a factor of two.
pub fn session(serve: Serve, connections: usize, messages: usize) -> anyhow::Result<Session> {
    let this_thread = Pid::from_raw(0);
    let all = sched_getaffinity(this_thread)?;
    let mut one = CpuSet::new();
    one.set(sched_getcpu()?)?;
    // The server's thread inherits it.
    sched_setaffinity(this_thread, &one)?;
    let session = on_this_core(serve, connections, messages);
    sched_setaffinity(this_thread, &all)?;
    session
}

fn on_this_core(serve: Serve, connections: usize, messages: usize) -> anyhow::Result<Session> {
    let files_before = files::open()?;
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen on 127.0.0.1")?;
    let address = listener.local_addr()?;
    let polls = Arc::new(AtomicU64::new(0));
    let counted = polls.clone();
    let server = thread::spawn(move || serve(listener, connections, LIMIT, counted));

    // If this fails the program ends, and the server's thread with it.
    let mut client = Client::connect(address, connections).context("cannot connect")?;
    let (began, [cpu_before, kernel_before]) = (Instant::now(), server_cpu()?);
    let in_chorus = client.all_speak(messages).context("no answer")?;
    let (wall, [cpu, kernel]) = (began.elapsed().as_secs_f64(), server_cpu()?);
    let (cpu, kernel) = (cpu - cpu_before, kernel - kernel_before);

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
        cpu: cpu / all,
        kernel: kernel / all,
        alone: alone / ALONE as f64,
        polls: polls as f64 / ALONE as f64,
        left_open: files::open()? as i64 - files_before as i64,
    })
}

/// `tokio 90 %`: the kernel's part in all sessions of one variant, if there were any.
pub fn in_the_kernel(variant: &str, sessions: &[(&str, Session)]) -> Option<String> {
    let own = sessions.iter().filter(|(name, _)| *name == variant);
    let sum = |sum: [f64; 2], one: [f64; 2]| [sum[0] + one[0], sum[1] + one[1]];
    let [kernel, cpu] = own.map(|(_, one)| [one.kernel, one.cpu]).reduce(sum)?;
    Some(format!("{variant} {}", Unit::Share.format((kernel / cpu).min(1.0))))
}

/// Seconds that the other threads of this process have been on a processor, in
/// all and in the kernel: in a session that is the server alone.
fn server_cpu() -> nix::Result<[f64; 2]> {
    let [all, own] = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_THREAD].map(getrusage);
    let (all, own) = (all?, own?);
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    let user = seconds(all.user_time() - own.user_time());
    let system = seconds(all.system_time() - own.system_time());
    Ok([user + system, system])
}
