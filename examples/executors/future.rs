//! A promise and its future: where a result is put, and where it is waited for.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex};

/// What comes of a job.
pub type Outcome = Result<u64, Failure>;

// ANCHOR: failure
/// Why there is no result.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The job panicked; what it said.
    Panicked(String),
    /// The worker ended before the job did; how it ended.
    Lost(String),
    /// Something came back, and it is no result.
    Unreadable(Vec<u8>),
}
// ANCHOR_END: failure

// ANCHOR: future
/// What both sides hold.
struct Place {
    state: Mutex<State>,
    settled: Condvar,
}

enum State {
    /// Nobody knows yet. Who wants to be told, by which number?
    Open(Option<(usize, Sender<usize>)>),
    Settled(Outcome),
}

/// The worker's side.
pub struct Promise(Arc<Place>);

/// The side of whoever submitted the job.
pub struct Future(Arc<Place>);

pub fn promise() -> (Promise, Future) {
    let place = Place { state: Mutex::new(State::Open(None)), settled: Condvar::new() };
    let place = Arc::new(place);
    (Promise(Arc::clone(&place)), Future(place))
}

impl Promise {
    pub fn settle(self, outcome: Outcome) {
        self.0.settle(outcome);
    }
}

/// A promise that is dropped is settled too: nobody waits for it for ever.
impl Drop for Promise {
    fn drop(&mut self) {
        self.0.settle(Err(Failure::Lost("nobody took the job".to_owned())));
    }
}

impl Place {
    /// The first outcome stays.
    fn settle(&self, outcome: Outcome) {
        let mut state = self.state.lock().unwrap();
        if let State::Open(tell) = &mut *state {
            let tell = tell.take();
            *state = State::Settled(outcome);
            self.settled.notify_all();
            if let Some((number, to)) = tell {
                // Whoever asked may have gone; the outcome is there all the same.
                let _ = to.send(number);
            }
        }
    }
}

impl Future {
    /// Waits for the outcome.
    pub fn result(&self) -> Outcome {
        let mut state = self.0.state.lock().unwrap();
        loop {
            match &*state {
                State::Settled(outcome) => return outcome.clone(),
                State::Open(_) => state = self.0.settled.wait(state).unwrap(),
            }
        }
    }
}
// ANCHOR_END: future

// ANCHOR: as_completed
/// The numbers of the futures, in the order in which they are settled.
pub fn as_completed(futures: &[Future]) -> impl Iterator<Item = usize> {
    let (to, settled) = channel();
    for (number, future) in futures.iter().enumerate() {
        match &mut *future.0.state.lock().unwrap() {
            State::Open(tell) => *tell = Some((number, to.clone())),
            State::Settled(_) => to.send(number).expect("we hold the other end"),
        }
    }
    settled.into_iter()
}
// ANCHOR_END: as_completed
