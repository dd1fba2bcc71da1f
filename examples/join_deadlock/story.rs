//! One child under the eyes of the watchdog.

use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{io, thread};

use anyhow::{Context, ensure};
use taking_turns::{Lane, State};

use crate::pipe::{self, Order};
use crate::watchdog::{Deadlock, Pair, this_thread, watch};

/// One child, from start to end.
pub struct Story {
    began: Instant,
    ended: Instant,
    pub deadlock: Option<Deadlock>,
    pub sent: usize,
    pub arrived: usize,
}

/// Waits in the given order for a child that writes `size` of what its pipe
/// holds, under the eyes of the watchdog.
pub fn attempt(
    order: Order,
    room: usize,
    size: fn(usize) -> usize,
    patience: Duration,
) -> anyhow::Result<Story> {
    let (reader, writer) = io::pipe()?;
    #[cfg(target_os = "linux")]
    let room = pipe::resize(&reader, room)
        .with_context(|| format!("cannot give a pipe room for {room} bytes"))?;
    let sent = size(room);
    let (watched, parent) = (reader.try_clone()?, this_thread().context("cannot look into /proc")?);
    let began = Instant::now();
    let child = pipe::spawn(sent, writer).context("cannot start this program once more")?;
    let pair =
        Pair { parent, child: format!("/proc/{}", child.id()), pipe: watched, capacity: room };
    let (waiting, ended) = mpsc::channel();
    thread::scope(|scope| {
        let watchdog = scope.spawn(|| watch(pair, ended, patience));
        let end = order(child, reader);
        let ended = Instant::now();
        drop(waiting);
        let deadlock = watchdog.join().expect("it does not panic")?;
        let (status, output) = end?;
        ensure!(status.success(), "the child ended with {status}");
        let arrived = output.len() + deadlock.as_ref().map_or(0, |deadlock| deadlock.drained);
        Ok(Story { began, ended, deadlock, sent, arrived })
    })
}

impl Story {
    /// Whether all that was sent has arrived.
    pub fn whole(&self) -> bool {
        self.sent == self.arrived
    }

    /// The parent waits throughout. The child works but for the deadlock.
    pub fn lanes(&self, variant: &str) -> [Lane; 2] {
        let time = |instant: Instant| (instant - self.began).as_secs_f64();
        let (end, running, waiting) = (time(self.ended), State::Running, State::Waiting);
        let child = match &self.deadlock {
            None => vec![(0.0, end, running)],
            Some(deadlock) => {
                let (found, released) = (time(deadlock.found), time(deadlock.released));
                vec![(0.0, found, running), (found, released, waiting), (released, end, running)]
            }
        };
        [("parent", vec![(0.0, end, waiting)]), ("child", child)].map(|(name, spans)| Lane {
            variant: variant.to_owned(),
            name: name.to_owned(),
            spans,
        })
    }
}
