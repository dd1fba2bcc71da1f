//! A worker in a process of its own: how it is started, and its whole life.

use std::env;
use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use redis::{Client, Connection, RedisResult, cmd};

use crate::worker::{Moment, carry_out, open, take};

/// Set for a worker alone: what it has to know, a line each.
pub const WORKER: &str = "WORKER_CRASH_WORKER";

/// Set for a worker on a host of its own: the address of its server.
pub const SERVER: &str = "WORKER_CRASH_SERVER";

/// And the lease.
const LEASE: &str = "WORKER_CRASH_LEASE";

/// So many tries, 10 ms apart, to reach the server; then the worker ends.
const PATIENCE: u32 = 1000;

/// Where a worker halts.
#[derive(Clone, Copy, Debug)]
pub struct Halt {
    pub at: Moment,
    /// At its so many-th order, and at the order of this number; 0 is neither.
    pub taken: u64,
    pub number: u64,
}

/// A worker tells this of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It has halted in the middle of an order.
    Halted(u64),
    /// It has gone on, and has done with that order.
    Done(u64),
}

/// Starts this program once more as a worker. It tells what it does to `tell`.
pub fn start(
    address: &str,
    name: &'static str,
    lease_ms: u64,
    halt: Halt,
    tell: Sender<(&'static str, Told)>,
) -> Result<Child> {
    let before = u8::from(halt.at == Moment::BeforeTheEffect);
    let Halt { taken, number, .. } = halt;
    let known = format!("{name}\n{lease_ms}\n{before}\n{taken}\n{number}\n{address}");
    let mut child = Command::new(env::current_exe()?)
        .env(WORKER, known)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start this program once more")?;
    let output = BufReader::new(child.stdout.take().context("it has no output")?);
    thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            let told = match line.split_once(' ') {
                Some(("halted", number)) => Told::Halted(number.parse().unwrap_or_default()),
                Some(("done", number)) => Told::Done(number.parse().unwrap_or_default()),
                _ => continue,
            };
            let _ = tell.send((name, told));
        }
    });
    Ok(child)
}

/// The whole life of a worker that [`start`] started.
pub fn live(known: &str) -> Result<()> {
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    let mut known = known.split('\n');
    let mut next = || known.next().context("a worker must be told what to do");
    let (me, lease_ms, before) = (next()?, next()?.parse()?, next()? == "1");
    let (taken, number) = (next()?.parse()?, next()?.parse()?);
    let at = if before { Moment::BeforeTheEffect } else { Moment::BeforeTheReport };
    work(me, next()?, lease_ms, Halt { at, taken, number })
}

/// A worker of a server that is somebody else's, on this host or another. It
/// has the name of its host, where it is alone.
pub fn serve(address: &str) -> Result<()> {
    let me = env::var("HOSTNAME").context("a worker needs a name: set HOSTNAME")?;
    let lease = env::var(LEASE).context(format!("{LEASE} must say how many ms a lease has"))?;
    let lease_ms = lease.parse().with_context(|| format!("{LEASE} is `{lease}`, and no number"))?;
    work(&me, address, lease_ms, Halt { at: Moment::BeforeTheEffect, taken: 0, number: 0 })
}

fn work(me: &str, address: &str, lease_ms: u64, halt: Halt) -> Result<()> {
    let mut so_far = 0;
    let mut one = |redis: &mut Connection| -> RedisResult<bool> {
        let Some(order) = take(redis, me, lease_ms)? else {
            return cmd("EXISTS").arg("closed").query::<bool>(redis).map(|closed| !closed);
        };
        so_far += 1;
        let here = so_far == halt.taken || order.number == halt.number && !order.orphan;
        carry_out(redis, me, &order, |moment| {
            if here && moment == halt.at {
                wait_at(order.number);
            }
        })?;
        if here {
            tell("done", order.number);
        }
        Ok(true)
    };
    // ANCHOR: reconnect
    let client = Client::open(address)?;
    let mut failures = 0;
    loop {
        let ended = client.get_connection().and_then(|mut redis| {
            open(&mut redis)?;
            while one(&mut redis)? {
                failures = 0;
            }
            Ok(())
        });
        // What was in hand when the connection was lost is still ours in the
        // server's books, and is an orphan when its lease is over.
        match ended {
            Ok(()) => return Ok(()),
            Err(error) if failures == PATIENCE => return Err(error.into()),
            Err(_) => failures += 1,
        }
        thread::sleep(Duration::from_millis(10));
    }
    // ANCHOR_END: reconnect
}

/// Tells that it has halted, and waits for a byte.
fn wait_at(number: u64) {
    tell("halted", number);
    let _ = stdin().read(&mut [0]);
}

fn tell(what: &str, number: u64) {
    let mut out = stdout().lock();
    // Without a parent we are about to end.
    let _ = writeln!(out, "{what} {number}").and_then(|()| out.flush());
}
