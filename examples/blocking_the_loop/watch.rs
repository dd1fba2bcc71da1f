//! What is seen of the heart and of what goes on beside it.

use std::future::Future;
use std::pin::Pin;
use std::thread;
use std::time::{Duration, Instant};

use blocking_the_loop::full::Served;
use blocking_the_loop::heart::{Beat, beside, turns};
use blocking_the_loop::job::{Done, Job};
use taking_turns::{Lane, State};
use tokio::runtime::Runtime;

/// A way to have a job done.
pub type Way = fn(Job) -> Pin<Box<dyn Future<Output = u64> + Send>>;

/// A heart's beats.
pub struct Heart {
    began: Instant,
    beats: Vec<Beat>,
}

/// A job beside a heart.
pub struct Computed {
    pub heart: Heart,
    pub result: u64,
    /// In how many turns of the loop the job's task ended.
    pub turns: u64,
    done: Vec<Done>,
}

/// Waiting jobs beside a heart.
pub struct Waited {
    pub heart: Heart,
    pub served: Served,
}

pub fn watch_job(runtime: &Runtime, every: Duration, way: Way, job: Job) -> Computed {
    let began = Instant::now();
    let task = turns(way(job.clone()));
    let (beats, (result, turns)) = runtime.block_on(beside(every, task));
    Computed { heart: Heart { began, beats }, result, turns, done: job.done() }
}

pub fn watch_pool(
    runtime: &Runtime,
    every: Duration,
    jobs: impl Future<Output = Served> + Send + 'static,
) -> Waited {
    let began = Instant::now();
    let (beats, served) = runtime.block_on(beside(every, jobs));
    Waited { heart: Heart { began, beats }, served }
}

impl Heart {
    /// The lateness of the latest beat, in seconds.
    pub fn latest(&self) -> f64 {
        self.beats.iter().map(Beat::late).max().unwrap_or_default().as_secs_f64()
    }

    /// For each beat, when it was due and how late it came, in seconds.
    pub fn lateness(&self, every: Duration) -> impl Iterator<Item = (f64, f64)> {
        (1..)
            .zip(&self.beats)
            .map(move |(number, beat)| ((number * every).as_secs_f64(), beat.late().as_secs_f64()))
    }

    /// A line as long as it waits for its time, and a gap when it cannot beat.
    fn lane(&self, variant: &str) -> Lane {
        let mut came = self.began;
        let mut spans = Vec::new();
        for beat in &self.beats {
            if came < beat.due {
                spans.push((self.since(came), self.since(beat.due), State::Waiting));
            }
            came = beat.came;
        }
        Lane { variant: variant.to_owned(), name: "heart".to_owned(), spans }
    }

    fn since(&self, moment: Instant) -> f64 {
        (moment - self.began).as_secs_f64()
    }
}

impl Computed {
    /// From its first piece to its last, in seconds.
    pub fn took(&self) -> f64 {
        let (began, ended) = self.span();
        (ended - began).as_secs_f64()
    }

    /// Beats that came while the job was under way.
    pub fn beats_meanwhile(&self) -> usize {
        let (began, ended) = self.span();
        let meanwhile = |beat: &&Beat| began < beat.came && beat.came < ended;
        self.heart.beats.iter().filter(meanwhile).count()
    }

    fn span(&self) -> (Instant, Instant) {
        (self.done[0].began, self.done[self.done.len() - 1].ended)
    }

    /// The heart, and whoever computed: the loop's own thread or one of a pool.
    pub fn lanes(&self, variant: &str) -> [Lane; 2] {
        let own = self.done.iter().all(|done| done.thread == thread::current().id());
        let name = if own { "loop" } else { "pool" }.to_owned();
        let span = |done: &Done| {
            (self.heart.since(done.began), self.heart.since(done.ended), State::Running)
        };
        let spans = self.done.iter().map(span).collect();
        [self.heart.lane(variant), Lane { variant: variant.to_owned(), name, spans }]
    }
}

impl Waited {
    /// The heart, the first few jobs from when they began, and who waits for the answer.
    pub fn lanes(&self, variant: &str) -> Vec<Lane> {
        let lane = |name: String, (from, to): (Duration, Duration)| Lane {
            variant: variant.to_owned(),
            name,
            spans: vec![(from.as_secs_f64(), to.as_secs_f64(), State::Waiting)],
        };
        let jobs = (1..=6).zip(&self.served.jobs);
        let jobs = jobs.map(|(number, &job)| lane(format!("job {number}"), job));
        let asking = lane("question".to_owned(), (Duration::ZERO, self.served.answered));
        [self.heart.lane(variant)].into_iter().chain(jobs).chain([asking]).collect()
    }
}
