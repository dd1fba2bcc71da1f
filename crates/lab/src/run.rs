//! One run that a page has asked for, and what it is told of it.

use std::sync::Mutex;

use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use crate::description::Request;
use crate::random;

/// A run, from the request until the page has heard how it ended.
#[derive(Debug)]
pub struct Run {
    /// Its name in addresses; nobody guesses it.
    pub id: String,
    /// What was asked for.
    pub request: Request,
    /// Unbounded, so that a page that is slow to read does not hold up what is measured. What a run
    /// says is bounded where it is read.
    events: Mutex<Option<mpsc::UnboundedSender<String>>>,
    unwatched: Mutex<Option<Events>>,
    ending: watch::Sender<bool>,
}

/// What a page is told, a JSON object each; they end when the run has.
pub type Events = mpsc::UnboundedReceiver<String>;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Finished,
    Failed,
    Stopped,
    TimedOut,
    Capped,
}

impl Run {
    pub fn new(request: Request) -> Run {
        let (sender, events) = mpsc::unbounded_channel();
        Run {
            id: random::hex(),
            request,
            events: Mutex::new(Some(sender)),
            unwatched: Mutex::new(Some(events)),
            ending: watch::Sender::new(false),
        }
    }

    /// All that the run says from its beginning, for the first who asks.
    pub fn watch(&self) -> Option<Events> {
        self.unwatched.lock().expect("no holder panics").take()
    }

    /// Whether nobody has asked yet.
    pub fn is_unwatched(&self) -> bool {
        self.unwatched.lock().expect("no holder panics").is_some()
    }

    pub fn queued(&self, ahead: usize) {
        self.tell(json!({ "state": "queued", "ahead": ahead }));
    }

    pub fn compiling(&self) {
        self.tell(json!({ "state": "compiling" }));
    }

    pub fn running(&self) {
        self.tell(json!({ "state": "running" }));
    }

    /// Anything else.
    pub fn tell(&self, event: Value) {
        if let Some(events) = &*self.events.lock().expect("no holder panics") {
            // The page may have gone.
            let _ = events.send(event.to_string());
        }
    }

    /// The last thing that the page is told.
    pub fn done(&self, outcome: Outcome, said: &str) {
        let outcome = match outcome {
            Outcome::Finished => "finished",
            Outcome::Failed => "failed",
            Outcome::Stopped => "stopped",
            Outcome::TimedOut => "timed out",
            Outcome::Capped => "capped",
        };
        self.tell(json!({ "state": "done", "outcome": outcome, "said": said }));
        self.events.lock().expect("no holder panics").take();
    }

    /// Whoever runs it is to end it.
    pub fn stop(&self) {
        self.ending.send_replace(true);
    }

    /// Comes when it is to end.
    pub async fn stopped(&self) {
        let mut ending = self.ending.subscribe();
        // The sender lives as long as we.
        let _ = ending.wait_for(|&ending| ending).await;
    }
}
