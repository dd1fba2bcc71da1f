//! Runs real code under every schedule and keeps what it finds as a graph.
//!
//! A program whose threads share something behaves in as many ways as there
//! are orders in which its threads can take their steps. `interleave` goes
//! through all of them, on code that knows nothing of it: a crate that says
//!
//! ```text
//! extern crate interleave as std;
//! #[path = "…/counter.rs"]
//! mod counter;
//! ```
//!
//! at its root compiles `counter.rs` unchanged, with `std::sync`,
//! `std::thread` and `std::hint` taken from here and all else from the real
//! `std`. What is not modelled is not there, and so does not compile.
//!
//! # Example
//!
//! ```
//! use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};
//! use interleave::{Scenario, thread};
//!
//! let graph = Scenario::of(|| {
//!     let counter = AtomicU64::new(0);
//!     thread::scope(|scope| {
//!         for _ in 0..2 {
//!             scope.spawn(|| {
//!                 let seen = counter.load(Relaxed);
//!                 counter.store(seen + 1, Relaxed);
//!             });
//!         }
//!     });
//!     counter.into_inner().to_string()
//! })
//! .explore(&[])?;
//!
//! // Four of the six schedules lose an update; this is the first of them.
//! let lost = graph.outcome_called("1").unwrap();
//! assert_eq!(lost.preemptive.schedules.as_deref(), Some("4"));
//! assert_eq!(lost.preemptive.gentlest.as_deref(), Some("v1.1.2.2.1"));
//! # Ok::<(), interleave::Error>(())
//! ```
//!
//! # Words
//!
//! - A [`Scenario`] is a small program to explore: it builds the shared
//!   values, starts threads, and returns its outcome as a text.
//! - A *step* is one operation on something shared, and all that its thread
//!   does up to the next one. Nobody else can see what lies between.
//! - A [`Schedule`] is the order of steps, as a text: `v1.1.2.2.1`.
//! - A *state* is the shared values and each thread's history, which is all
//!   that it has learned. Equal states are one, so that schedules are counted
//!   as paths and need not be gone through one by one.
//! - An [`Outcome`] is how a schedule ends: with the scenario's text, in a
//!   deadlock (nobody can go on), in a livelock (all go on for ever and get
//!   nowhere) or in a panic.
//! - A [`Graph`] holds all states and steps, with names from the source; it is
//!   all that leaves this crate, as JSON that [`GRAPH_SCHEMA`] describes.
//! - A [`Reading`] says which switches count: all, or those at which a thread
//!   waits, yields or ends. A switch from a thread that could have gone on is
//!   a *preemption*.
//!
//! # What is a step
//!
//! Each of these is one: a load, a store, a read-modify-write; lock, a write
//! through a guard, unlock; waiting on a condition (which unlocks), locking
//! again when notified; notifying; arriving at a barrier and leaving it;
//! entering and finishing an initialiser; send, receive, dropping an end of a
//! channel; park and unpark; acquire and release of a permit; abort; taking the
//! next task of a set.
//!
//! None of these is: starting a thread, joining it, waking up, yielding, a
//! read through a guard, creating a value or taking it apart, cloning or
//! dropping an `Arc`. They cannot be told apart by when they happen, or follow
//! at once.
//!
//! An unlock has no line of its own. It is given the line of the `drop(guard)`
//! in the guard's block if there is one, else that of the block's closing
//! brace; for a guard without a name, as in `let seen = *till.lock().unwrap()`, the
//! last line of its statement.
//!
//! # What is modelled
//!
//! - `std::sync`: `Mutex` with poisoning and `try_lock`, `RwLock`, `Condvar`,
//!   `Barrier`, `Once`, `OnceLock`, `mpsc`, integer and `bool` atomics.
//! - `std::thread`: `spawn`, `scope`, `Builder` names, `join`, `park`,
//!   `unpark`, `yield_now`. `std::hint::spin_loop`.
//! - [`tokio`]: `spawn`, `join!`, `JoinHandle` with `abort`, `JoinSet`,
//!   `yield_now`, `sleep`, and of `sync` `Mutex`, `RwLock`, `Semaphore`, `Notify`,
//!   `OnceCell`, `mpsc`, `oneshot`.
//! - Under [`Memory::Weak`], atomics as C++20 has them: a relaxed load may
//!   read an older store, release and acquire carry what was known, SeqCst
//!   operations have one order.
//!
//! # What is not
//!
//! - Statics: constructors are not `const`, so that one does not compile.
//!   `thread_local!`, `LazyLock`, `AtomicPtr`, fences, time-outs and `select!`
//!   do not either; a channel without room panics.
//! - Stores that come earlier in modification order than those already
//!   made; reads of stores not yet made (load buffering); a failing
//!   compare-and-exchange that reads an old store, or fails for no reason.
//! - Wake-ups without a notification. `notify_one` may wake any waiter, and a
//!   lock may go to any: no order of arrival is kept.
//! - The order of tokio's queue: the executor chooses freely. A future that
//!   waits by itself, without these primitives, panics.
//! - When an `Arc`'s last owner drops it: `strong_count`, `try_unwrap` and
//!   destructors that touch shared values depend on more than steps.
//! - A panic unwinds in one step, whatever its destructors do; one that has to
//!   wait aborts the process, with its line.
//! - Time, files, sockets, processes and chance: a program that depends on
//!   them is found out when the same steps lead to another state.
//! - A loop that waits must say [`hint::spin_loop`], or it has no end of
//!   states; what it learned in a round without success must not matter, and
//!   the hint must come right after the look that failed: a change between the
//!   two is not noticed, and the loop may seem to wait for ever.
//!
//! ```compile_fail,E0015
//! static COUNTER: interleave::sync::Mutex<u32> = interleave::sync::Mutex::new(0);
//! ```
//!
//! ```compile_fail,E0432
//! use interleave::sync::LazyLock;
//! ```
//!
//! ```compile_fail,E0432
//! use interleave::sync::atomic::fence;
//! ```
//!
//! Values behind locks tell states apart by what they hold where their type is
//! a number, a `bool`, a `char`, a string, or an `Option`, `Vec` or `VecDeque`
//! of these; otherwise by who wrote them knowing what, which finds the same
//! outcomes in more states.

mod channel;
mod circle;
mod count;
mod explorer;
mod fault;
mod graph;
pub mod hint;
mod json;
mod macros;
mod memory;
mod names;
mod operation;
mod picture;
mod runtime;
mod scenario;
mod schedule;
mod show;
pub mod sync;
pub mod telling;
pub mod thread;
pub mod tokio;
mod world;

pub use ::std::*;

pub use count::{Counts, allowed};
pub use fault::Error;
pub use graph::{
    Edge, Excerpt, File, Goal, Graph, Outcome, Position, Reached, Reading, Refusal, SCHEMA,
    Schedules, Sources,
};
pub use memory::Memory;
pub use names::Source;
pub use runtime::panic_message;
pub use scenario::Scenario;
pub use schedule::{ParseError, Schedule, Turn, VERSION};

/// The JSON Schema of `schedules.json`.
pub const GRAPH_SCHEMA: &str = include_str!("../graph.schema.json");
