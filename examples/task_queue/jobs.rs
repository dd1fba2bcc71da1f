//! The jobs, and how one is carried out: tries, a limit on its time, and what
//! becomes of it when it fails.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use apalis::prelude::{AbortError, Attempt, BoxDynError, Codec, Data, TaskId};
use serde::{Deserialize, Serialize};

use crate::broker::Broker;

/// A job is tried this often before it counts as failed.
pub const TRIES: usize = 3;

// ANCHOR: job
/// What a broker stores. It is data, for the program that carries it out need
/// not be the one that ordered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Job {
    /// Is handed to a mail server.
    Letter {
        /// An address.
        to: String,
    },
    /// Is small.
    Thumbnail {
        /// The number of a picture.
        of: u64,
    },
    /// Is asked for late, or by two.
    Report {
        /// A day, or a second.
        period: String,
    },
    /// Waits for what never comes.
    Endless,
}

impl Job {
    /// The queue that it is sent to, and whose worker carries it out.
    pub fn queue(&self) -> &'static str {
        match self {
            Job::Letter { .. } => "mail",
            Job::Thumbnail { .. } | Job::Endless => "thumbnails",
            Job::Report { .. } => "reports",
        }
    }

    /// A try that takes longer is given up. An honest thumbnail takes a few
    /// milliseconds; a mail server is given time.
    pub fn longest(&self) -> Duration {
        match self {
            Job::Thumbnail { .. } | Job::Endless => Duration::from_millis(300),
            Job::Letter { .. } | Job::Report { .. } => Duration::from_secs(10),
        }
    }
}
// ANCHOR_END: job

// ANCHOR: payload
/// A job as it comes out of the broker, or bytes that are none.
pub type Payload = Result<Job, String>;

/// Reading never fails. A worker whose codec fails ends with that error, and
/// the next one finds the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Lenient;

impl Codec<Payload> for Lenient {
    type Error = serde_json::Error;
    type Compact = Vec<u8>;

    fn encode(&self, payload: &Payload) -> Result<Vec<u8>, serde_json::Error> {
        match payload {
            Ok(job) => serde_json::to_vec(job),
            Err(unreadable) => Ok(unreadable.clone().into_bytes()),
        }
    }

    fn decode(&self, bytes: &Vec<u8>) -> Result<Payload, serde_json::Error> {
        Ok(serde_json::from_slice(bytes).map_err(|cause| format!("cannot be read: {cause}")))
    }
}
// ANCHOR_END: payload

/// What a worker has at hand. All workers of a day share one mail server and
/// one log.
#[derive(Clone)]
pub struct Desk<B> {
    /// The worker's own.
    pub queue: &'static str,
    /// Where its jobs come from.
    pub broker: B,
    /// Takes letters.
    pub server: Arc<MailServer>,
    /// Of all tries.
    pub log: Arc<Mutex<Vec<Try>>>,
}

/// One try at a job, as the worker saw it.
#[derive(Clone, Debug)]
pub struct Try {
    /// Of the worker, not of the job.
    pub queue: &'static str,
    /// The order's.
    pub id: String,
    /// None where it could not be read.
    pub job: Option<Job>,
    /// From 1.
    pub number: usize,
    /// By the clock on the wall.
    pub began: SystemTime,
    /// By the same.
    pub ended: SystemTime,
}

// ANCHOR: carry_out
/// The handler of every queue.
pub async fn carry_out<B: Broker>(
    payload: Payload,
    attempt: Attempt,
    id: TaskId,
    desk: Data<Desk<B>>,
) -> Result<String, BoxDynError> {
    let (number, began) = (attempt.current(), SystemTime::now());
    let outcome = match payload.clone() {
        Ok(job) => within_limits(job, desk.server.clone()).await,
        // No retry can mend it.
        Err(cause) => Err(AbortError::new(cause).into()),
    };
    let (job, ended) = (payload.ok(), SystemTime::now());
    let seen = Try { queue: desk.queue, id: id.to_string(), job, number, began, ended };
    desk.log.lock().unwrap().push(seen);
    match outcome {
        Err(cause) if number >= TRIES => Err(AbortError::new(cause).into()),
        Err(cause) if !cause.is::<AbortError>() => {
            desk.broker.back_off(&id, number as u64).await?;
            Err(cause)
        }
        outcome => outcome,
    }
}

/// A task of its own: a panic in it is an error here, and one that takes too
/// long is cut off at its next await.
async fn within_limits(job: Job, server: Arc<MailServer>) -> Result<String, BoxDynError> {
    let longest = job.longest();
    let mut work = tokio::spawn(work(job, server));
    match tokio::time::timeout(longest, &mut work).await {
        Ok(ended) => ended?,
        Err(_) => {
            work.abort();
            Err(format!("given up after {} ms", longest.as_millis()).into())
        }
    }
}
// ANCHOR_END: carry_out

async fn work(job: Job, server: Arc<MailServer>) -> Result<String, BoxDynError> {
    match job {
        Job::Letter { to } => server.deliver(&to),
        Job::Thumbnail { of } => Ok(format!("thumbnail of {of}")),
        Job::Report { period } => Ok(format!("report of {period}")),
        Job::Endless => std::future::pending().await,
    }
}

/// Refuses some letters: those to `twice@` two times, those to `closed@` until
/// it is repaired.
#[derive(Debug, Default)]
pub struct MailServer {
    refused: Mutex<HashMap<String, u32>>,
    repaired: Mutex<bool>,
}

impl MailServer {
    fn deliver(&self, to: &str) -> Result<String, BoxDynError> {
        let mut refused = self.refused.lock().unwrap();
        let times = refused.entry(to.to_owned()).or_default();
        if to.starts_with("twice@") && *times < 2 {
            *times += 1;
            return Err("the mail server is busy".into());
        }
        if to.starts_with("closed@") && !*self.repaired.lock().unwrap() {
            return Err("the mail server knows no such box".into());
        }
        Ok(format!("delivered to {to}"))
    }

    /// From now on every letter to `closed@` is delivered.
    pub fn repair(&self) {
        *self.repaired.lock().unwrap() = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_read_as_it_was_written() {
        for job in [Job::Letter { to: "ann@example.org".to_owned() }, Job::Endless] {
            let bytes = Lenient.encode(&Ok(job.clone())).unwrap();
            assert_eq!(Lenient.decode(&bytes).unwrap(), Ok(job));
        }
    }

    #[test]
    fn what_is_no_job_is_told_and_no_error() {
        for bytes in [&b"\xff\xfe"[..], b"", b"{\"Letter\":{}}", b"{\"Fax\":{}}", b"[1,2"] {
            let cause = Lenient.decode(&bytes.to_vec()).unwrap().unwrap_err();
            assert!(cause.starts_with("cannot be read: "), "{cause}");
        }
    }
}
