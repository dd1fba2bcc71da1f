//! What befalls the workers and their server, in this order.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::process::Child;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use redis::{Client, Connection, RedisResult, cmd};
use taking_turns::{Lane, State};

use crate::process::{self, Halt, Told};
use crate::server::{self, Folder, Server};
use crate::worker::{self, Moment, hand_in, in_hand, now};

pub const BEFORE: &str = "killed before";
pub const AFTER: &str = "killed after";
pub const STOPPED: &str = "stopped";
pub const STEADY: &str = "steady";
pub const SERVER: &str = "server";

/// A worker halts at so many-th order; it has done some before.
const HALT: u64 = 5;

/// What is waited for comes in milliseconds here. This long, and it never does.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the server's books say in the end, and the times of what we did.
#[derive(Debug, Default)]
pub struct Story {
    pub started: HashMap<u64, u64>,
    pub charged: HashMap<u64, u64>,
    /// By whom.
    pub paid: HashMap<u64, String>,
    /// The order that each worker had when it was killed or stopped.
    pub halted: HashMap<&'static str, u64>,
    /// From the end of a worker until another had its order, in seconds.
    pub orphaned: HashMap<&'static str, f64>,
    /// How many orders the server had not yet given out then.
    pub waiting: u64,
    /// Of the workers and the server.
    pub lanes: Vec<Lane>,
}

/// The folder of the server, and the workers.
struct Crew {
    folder: Folder,
    lease_ms: u64,
    tell: Sender<(&'static str, Told)>,
    told: Receiver<(&'static str, Told)>,
    workers: HashMap<&'static str, Child>,
    began: Instant,
    spans: BTreeMap<&'static str, Vec<(f64, f64, State)>>,
}

/// Runs the story with so many orders.
pub fn story(orders: u64, lease_ms: u64) -> Result<Story> {
    let mut story = Story::default();
    let (tell, told) = channel();
    let folder = Folder::new()?;
    let (workers, spans) = (HashMap::new(), BTreeMap::new());
    let mut crew = Crew { folder, lease_ms, tell, told, workers, began: Instant::now(), spans };

    let server = Server::start(crew.folder.path())?;
    crew.now(SERVER, State::Running);
    let mut redis = crew.connect()?;
    worker::open(&mut redis)?;
    let (half, late) = (orders / 2, orders * 3 / 4);
    for number in 1..=half {
        hand_in(&mut redis, number)?;
    }

    // ANCHOR: killed
    let at = Moment::BeforeTheEffect;
    crew.start(BEFORE, Halt { at, taken: HALT, number: 0 })?;
    crew.start(AFTER, Halt { at: Moment::BeforeTheReport, taken: HALT, number: 0 })?;
    crew.start(STOPPED, Halt { at, taken: HALT, number: late })?;
    let mut since = HashMap::new();
    for _ in 0..3 {
        let (name, number) = crew.halted()?;
        crew.signal(name, if name == STOPPED { Signal::SIGSTOP } else { Signal::SIGKILL })?;
        since.insert(name, now());
        story.halted.insert(name, number);
    }
    // ANCHOR_END: killed

    // One is left, and has the orders of the other three when their lease is over.
    crew.start(STEADY, Halt { at, taken: 0, number: late })?;
    for (&name, &number) in &story.halted {
        let when = crew.until(|| Ok(taken_up(number, &mut redis)?))?;
        story.orphaned.insert(name, when - since[name]);
    }
    // ANCHOR: continued
    // It knows nothing of all this, and finishes what it was about to do.
    crew.signal(STOPPED, Signal::SIGCONT)?;
    crew.go_on(STOPPED)?;
    crew.hears(|told| *told == Told::Done(story.halted[STOPPED]))?;
    // ANCHOR_END: continued

    for number in half + 1..=orders {
        hand_in(&mut redis, number)?;
    }
    // ANCHOR: restarted
    let (name, number) = crew.halted()?;
    story.halted.insert(SERVER, number);
    story.waiting = orders - cmd("HLEN").arg("started").query::<u64>(&mut redis)?;
    server.kill()?;
    crew.now(SERVER, State::Waiting);
    let _server = Server::start(crew.folder.path())?;
    let (mut redis, up) = (crew.connect()?, now());
    crew.now(SERVER, State::Running);
    crew.go_on(name)?;
    // ANCHOR_END: restarted

    crew.until(|| {
        let paid: u64 = cmd("HLEN").arg("paid").query(&mut redis)?;
        Ok((paid == orders && in_hand(&mut redis)? == 0).then_some(()))
    })?;
    let when = taken_up(number, &mut redis)?.context("the order in hand was not taken up")?;
    story.orphaned.insert(SERVER, when - up);
    () = cmd("SET").arg(&["closed", "1"]).query(&mut redis)?;
    story.started = cmd("HGETALL").arg("started").query(&mut redis)?;
    story.charged = cmd("HGETALL").arg("charged").query(&mut redis)?;
    story.paid = cmd("HGETALL").arg("paid").query(&mut redis)?;
    for name in [STOPPED, STEADY] {
        let mut worker = crew.workers.remove(name).context("it was started")?;
        ensure!(worker.wait()?.success(), "the worker `{name}` did not end well");
    }
    story.lanes = crew.lanes();
    Ok(story)
}

/// In seconds since 1970.
fn taken_up(number: u64, redis: &mut Connection) -> RedisResult<Option<f64>> {
    cmd("HGET").arg("taken up").arg(number).query(redis)
}

impl Crew {
    fn connect(&self) -> Result<Connection> {
        Ok(Client::open(server::address(self.folder.path()))?.get_connection()?)
    }

    fn start(&mut self, name: &'static str, halt: Halt) -> Result<()> {
        let tell = self.tell.clone();
        let address = server::address(self.folder.path());
        let child = process::start(&address, name, self.lease_ms, halt, tell)?;
        self.workers.insert(name, child);
        self.now(name, State::Running);
        Ok(())
    }

    /// The next worker that halts, and the order that it has.
    fn halted(&mut self) -> Result<(&'static str, u64)> {
        match self.hears(|told| matches!(told, Told::Halted(_)))? {
            (name, Told::Halted(number)) => Ok((name, number)),
            (name, told) => bail!("`{name}` told {told:?}"),
        }
    }

    fn hears(&mut self, wanted: impl Fn(&Told) -> bool) -> Result<(&'static str, Told)> {
        loop {
            let told = self.told.recv_timeout(PATIENCE).context("no worker told of itself")?;
            if wanted(&told.1) {
                return Ok(told);
            }
        }
    }

    /// Returns when the signal has had its effect.
    fn signal(&mut self, name: &'static str, signal: Signal) -> Result<()> {
        let pid = Pid::from_raw(self.worker(name)?.id() as i32);
        kill(pid, signal)?;
        match signal {
            Signal::SIGKILL => {
                self.worker(name)?.wait()?;
                self.workers.remove(name);
                self.end(name);
            }
            Signal::SIGSTOP => {
                waitpid(pid, Some(WaitPidFlag::WUNTRACED))?;
                self.now(name, State::Waiting);
            }
            _ => self.now(name, State::Running),
        }
        Ok(())
    }

    /// Lets a worker that has halted go on.
    fn go_on(&mut self, name: &str) -> Result<()> {
        let input = self.worker(name)?.stdin.as_mut().context("it has an input")?;
        Ok(input.write_all(b"\n")?)
    }

    fn worker(&mut self, name: &str) -> Result<&mut Child> {
        self.workers.get_mut(name).context("it was started")
    }

    fn until<T>(&self, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        let begun = Instant::now();
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            ensure!(begun.elapsed() < PATIENCE, "what was waited for did not come");
            sleep(Duration::from_millis(2));
        }
    }

    /// From now on, `name` is in this state.
    fn now(&mut self, name: &'static str, state: State) {
        self.end(name);
        let now = self.began.elapsed().as_secs_f64();
        self.spans.entry(name).or_default().push((now, f64::INFINITY, state));
    }

    fn end(&mut self, name: &str) {
        let now = self.began.elapsed().as_secs_f64();
        if let Some(last) = self.spans.get_mut(name).and_then(|spans| spans.last_mut()) {
            last.1 = last.1.min(now);
        }
    }

    fn lanes(&mut self) -> Vec<Lane> {
        for name in [STOPPED, STEADY, SERVER] {
            self.end(name);
        }
        let lane = |name: &&'static str| Lane {
            variant: (*name).to_owned(),
            name: "process".to_owned(),
            spans: self.spans.get(name).cloned().unwrap_or_default(),
        };
        [BEFORE, AFTER, STOPPED, STEADY, SERVER].iter().map(lane).collect()
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for worker in self.workers.values_mut() {
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}
