//! A small day of the loop, with a note of each poll: two guests, a clock, a sum
//! that is worked out elsewhere, and a signal at the end.

#![cfg(target_os = "linux")]

use std::cell::RefCell;
use std::future::poll_fn;
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::AtomicU64;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::getpid;
use taking_turns::quantity::Unit;
use taking_turns::{Lane, State};

use crate::async_fn::{accept, block_on, echo, listen, on_a_thread, signal, spawn, timeout};
use crate::event_loop::{EventLoop, Sleep};

/// What the loop did.
#[derive(Debug)]
struct Story {
    lanes: Vec<Lane>,
    /// Echoes that came back as they were.
    echoed: u64,
    /// How late each timer was, or nothing if one was early.
    late: Option<Vec<Duration>>,
    sum_is_right: bool,
}

impl Story {
    /// Whether all of it was as it should be.
    fn held(&self) -> bool {
        self.echoed == ECHOES && self.sum_is_right && self.late.is_some()
    }

    fn end(&self) -> f64 {
        let spans = self.lanes.iter().flat_map(|lane| &lane.spans);
        spans.map(|span| span.1).fold(0.0, f64::max)
    }
}

/// Lives through some days. Whether they went as they should, what was seen, and
/// the lanes of the shortest, in which other programs took the least time.
pub fn days(variant: &'static str) -> io::Result<(bool, String, Vec<Lane>)> {
    let mut days = (0..DAYS).map(|_| day(variant)).collect::<io::Result<Vec<_>>>()?;
    let held = days.iter().filter(|day| day.held()).count();
    let latest = days.iter().flat_map(|day| day.late.iter().flatten()).max();
    let latest = Unit::Seconds.format(latest.map_or(0.0, Duration::as_secs_f64));
    let evidence = format!("{held} of {DAYS} days, the latest timer {latest} late");
    days.sort_by(|one, other| one.end().total_cmp(&other.end()));
    Ok((held == DAYS, evidence, days.swap_remove(0).lanes))
}

const DAYS: usize = 9;

/// Echoes of all guests together.
const ECHOES: u64 = 2 * ROUNDS as u64;

const ROUNDS: u8 = 4;

const TICKS: u32 = 3;
const TICK: Duration = Duration::from_millis(1);
const LIMIT: Duration = Duration::from_secs(10);
/// Numbers to add up, in a fraction of a millisecond.
const NUMBERS: u64 = 100_000;

type Notes = Rc<RefCell<Vec<Lane>>>;

// ANCHOR: day
/// Serves until it is told to stop, and then those who are still there.
fn day(variant: &'static str) -> io::Result<Story> {
    let stop = SigSet::from(Signal::SIGUSR1);
    // Blocked here, and so in the threads that are started from here: a signal
    // that is blocked waits until the loop reads it as a file.
    stop.thread_block()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let guests = thread::spawn(move || visit(address));
    let on = EventLoop::new()?;
    let notes = Notes::default();
    let watch = Watch { variant, began: Instant::now(), notes: notes.clone() };

    let main = {
        let on = on.clone();
        async move {
            let listener = listen(&on, listener)?;
            let clock = spawn(&on, tick(on.clone()));
            let sum = async { on_a_thread(add_up).join().await };
            let sum = spawn(&on, watch.of("sum", sum));
            let mut guests = Vec::new();
            for name in ["guest 1", "guest 2"] {
                let stream = accept(&listener).await?;
                guests.push(spawn(&on, watch.of(name, echo(stream, LIMIT))));
            }
            let told = watch.of("signal", signal(&on, stop));
            timeout(&on, LIMIT, told).await??;
            for guest in guests {
                guest.join().await?;
            }
            io::Result::Ok((clock.join().await, sum.join().await))
        }
    };
    let (late, sum) = block_on(&on, main, &AtomicU64::new(0))??;
    stop.thread_unblock()?;
    let echoed = guests.join().expect("a guest does not panic")?;
    let sum_is_right = sum == NUMBERS * (NUMBERS - 1) / 2;
    let mut lanes = notes.take();
    let first = lanes.iter().map(|lane| lane.spans[0].0).fold(f64::INFINITY, f64::min);
    for (start, end, _) in lanes.iter_mut().flat_map(|lane| &mut lane.spans) {
        // To the nanosecond: no clock is finer.
        for time in [start, end] {
            *time = ((*time - first) * 1e9).round() / 1e9;
        }
    }
    Ok(Story { lanes, echoed, late, sum_is_right })
}

/// Sleeps again and again. How late it was woken each time, or nothing if it
/// was early once.
async fn tick(on: Rc<EventLoop>) -> Option<Vec<Duration>> {
    let mut late = Vec::new();
    for _ in 0..TICKS {
        let began = Instant::now();
        Sleep::until(&on, began + TICK).await;
        late.push(began.elapsed().checked_sub(TICK)?);
    }
    Some(late)
}
// ANCHOR_END: day

/// One by one, which the compiler would otherwise know a formula for.
fn add_up() -> u64 {
    (0..NUMBERS).map(black_box).sum()
}

/// Two guests, each of whom speaks while the other is silent; the signal is
/// sent while they are there.
fn visit(server: SocketAddr) -> io::Result<u64> {
    let mut guests = [TcpStream::connect(server)?, TcpStream::connect(server)?];
    let mut echoed = 0;
    for round in 0..ROUNDS {
        for guest in &mut guests {
            guest.write_all(&[round])?;
            let mut answer = [0];
            guest.read_exact(&mut answer)?;
            echoed += u64::from(answer == [round]);
        }
        if round == 1 {
            kill(getpid(), Signal::SIGUSR1)?;
        }
    }
    Ok(echoed)
}

/// Notes the polls of futures.
struct Watch {
    variant: &'static str,
    began: Instant,
    notes: Notes,
}

impl Watch {
    /// The same future: running while it is polled, waiting in between.
    fn of<T, F: Future<Output = T>>(
        &self,
        name: &str,
        work: F,
    ) -> impl Future<Output = T> + use<T, F> {
        let Watch { variant, began, notes } = self;
        let (began, notes) = (*began, notes.clone());
        let lane = notes.borrow().len();
        let (variant, name) = ((*variant).to_owned(), name.to_owned());
        notes.borrow_mut().push(Lane { variant, name, spans: Vec::new() });
        async move {
            let mut work = pin!(work);
            let mut left = None;
            poll_fn(|context| {
                let clock = || began.elapsed().as_secs_f64();
                let start = clock();
                let polled = work.as_mut().poll(context);
                let spans = &mut notes.borrow_mut()[lane].spans;
                spans.extend(left.map(|left| (left, start, State::Waiting)));
                let end = clock();
                spans.push((start, end, State::Running));
                left = Some(end);
                polled
            })
            .await
        }
    }
}
