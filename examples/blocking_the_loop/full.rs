//! A pool with fewer threads than there are jobs that wait in it.

use std::thread;
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;

/// What came of it, counted from the moment when the jobs were handed in.
#[derive(Debug)]
pub struct Served {
    /// When each job began and ended.
    pub jobs: Vec<(Duration, Duration)>,
    /// When the question about a file was answered.
    pub answered: Duration,
}

// ANCHOR: ask_behind
/// Hands in jobs that each keep a thread waiting, and then asks for a file's
/// size, which tokio hands to the same pool.
pub async fn ask_behind(jobs: usize, each: Duration) -> Served {
    let handed_in = Instant::now();
    let wait = move || {
        let began = handed_in.elapsed();
        thread::sleep(each);
        (began, handed_in.elapsed())
    };
    let waiting: Vec<_> = (0..jobs).map(|_| spawn_blocking(wait)).collect();

    tokio::fs::metadata(".").await.expect("there is a working folder");
    let answered = handed_in.elapsed();

    let mut jobs = Vec::new();
    for job in waiting {
        jobs.push(job.await.expect("the job does not panic"));
    }
    Served { jobs, answered }
}
// ANCHOR_END: ask_behind

impl Served {
    /// The most jobs that were under way together.
    pub fn at_once(&self) -> usize {
        let under_way = |moment| {
            self.jobs.iter().filter(|(began, ended)| *began <= moment && moment < *ended).count()
        };
        self.jobs.iter().map(|&(began, _)| under_way(began)).max().unwrap_or(0)
    }

    /// Jobs that had ended when the question was answered.
    pub fn before_answer(&self) -> usize {
        self.jobs.iter().filter(|(_, ended)| *ended <= self.answered).count()
    }
}
