//! The same jobs in seven ways, each with as little around it as it needs.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use std::{env, thread};

use rayon::prelude::*;
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinSet;

// ANCHOR: job
/// What a job is made of, in this order. Either part may be nothing.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Until an answer comes, say.
    pub wait: Duration,
    /// Steps of a computation, a nanosecond or two each.
    pub steps: u64,
}

impl Job {
    /// Does job `number`, on this thread.
    pub fn run(self, number: u64) -> u64 {
        if !self.wait.is_zero() {
            thread::sleep(self.wait);
        }
        compute(number, self.steps)
    }
}

/// A number that depends on every step.
pub fn compute(number: u64, steps: u64) -> u64 {
    (0..steps).fold(number, |mixed, step| {
        (mixed ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31)
    })
}
// ANCHOR_END: job

// ANCHOR: one_by_one
/// On this thread, in a row.
pub fn one_by_one(jobs: u64, job: Job) -> u64 {
    sum((0..jobs).map(|number| job.run(number)))
}
// ANCHOR_END: one_by_one

// ANCHOR: threads
/// A thread for each job.
pub fn threads(jobs: u64, job: Job) -> u64 {
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..jobs).map(|number| scope.spawn(move || job.run(number))).collect();
        sum(threads.into_iter().map(|thread| thread.join().unwrap()))
    })
}
// ANCHOR_END: threads

// ANCHOR: pool
/// `workers` threads. Whoever is free takes the next job.
pub fn pool(jobs: u64, job: Job, workers: u64) -> u64 {
    let next = &AtomicU64::new(0);
    thread::scope(|scope| {
        let work = move || {
            // Nothing but the number is shared.
            let numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Relaxed)));
            sum(numbers.take_while(|&number| number < jobs).map(|number| job.run(number)))
        };
        let workers: Vec<_> = (0..workers.min(jobs)).map(|_| scope.spawn(work)).collect();
        sum(workers.into_iter().map(|worker| worker.join().unwrap()))
    })
}
// ANCHOR_END: pool

// ANCHOR: rayon
/// A part of the jobs at a time for each thread of rayon's pool: one a core.
pub fn rayon(jobs: u64, job: Job) -> u64 {
    (0..jobs).into_par_iter().map(|number| job.run(number)).reduce(|| 0, u64::wrapping_add)
}
// ANCHOR_END: rayon

// ANCHOR: tasks
/// A task for each job. The runtime has a thread for each core.
pub fn tasks(jobs: u64, job: Job) -> u64 {
    RUNTIME.block_on(joined(jobs, move |number| async move {
        wait(job).await;
        compute(number, job.steps)
    }))
}
// ANCHOR_END: tasks

// ANCHOR: tasks_and_pool
/// A task for each job, which waits and then hands its computing to rayon.
pub fn tasks_and_pool(jobs: u64, job: Job) -> u64 {
    RUNTIME.block_on(joined(jobs, move |number| async move {
        wait(job).await;
        let (send, receive) = tokio::sync::oneshot::channel();
        rayon::spawn(move || send.send(compute(number, job.steps)).unwrap());
        receive.await.unwrap()
    }))
}
// ANCHOR_END: tasks_and_pool

/// Even a wait for no time at all would wait for the timer's next millisecond.
async fn wait(job: Job) {
    if !job.wait.is_zero() {
        tokio::time::sleep(job.wait).await;
    }
}

/// Runs a task for each number and adds up what they give.
async fn joined<F: Future<Output = u64> + Send + 'static>(
    jobs: u64,
    task: impl Fn(u64) -> F,
) -> u64 {
    let mut tasks = JoinSet::new();
    for number in 0..jobs {
        tasks.spawn_on(task(number), &Handle::current());
    }
    sum(tasks.join_all().await.into_iter())
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

fn sum(results: impl Iterator<Item = u64>) -> u64 {
    results.fold(0, u64::wrapping_add)
}

/// This program once more, several times, ready for work.
pub struct Processes {
    workers: Vec<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

/// Set for a worker process alone.
const WORKER: &str = "CHOOSING_WORKER";

// ANCHOR: processes
impl Processes {
    /// Starts them, and does not wait until they are ready.
    pub fn start(workers: usize) -> io::Result<Processes> {
        let start = |_| {
            let mut child = Command::new(env::current_exe()?)
                .env(WORKER, "1")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
            Ok((child, to, BufReader::new(from)))
        };
        Ok(Processes { workers: (0..workers).map(start).collect::<io::Result<_>>()? })
    }

    /// An equal part of the jobs for each process, as a line; a line comes back.
    pub fn run(&mut self, jobs: u64, job: Job) -> io::Result<u64> {
        let workers = self.workers.len() as u64;
        let edge = |n| jobs * n / workers;
        for ((_, to, _), n) in self.workers.iter_mut().zip(0..) {
            let (first, last) = (edge(n), edge(n + 1));
            writeln!(to, "{first} {last} {} {}", job.wait.as_nanos(), job.steps)?;
        }
        let mut total = 0_u64;
        for (_, _, from) in &mut self.workers {
            let mut line = String::new();
            from.read_line(&mut line)?;
            total = total.wrapping_add(line.trim().parse().map_err(io::Error::other)?);
        }
        Ok(total)
    }
}

/// The whole life of a worker process, if this is one: until nobody writes to it.
pub fn worker() -> Option<io::Result<()>> {
    env::var_os(WORKER)?;
    Some(io::stdin().lines().try_for_each(|line| {
        let line = line?;
        let numbers: Vec<u64> = line.split(' ').map_while(|n| n.parse().ok()).collect();
        let &[first, last, wait, steps] = &numbers[..] else {
            return Err(io::Error::other("a line that is no order"));
        };
        let job = Job { wait: Duration::from_nanos(wait), steps };
        println!("{}", sum((first..last).map(|number| job.run(number))));
        Ok(())
    }))
}
// ANCHOR_END: processes

impl Drop for Processes {
    /// Whoever reads to the end of its input ends.
    fn drop(&mut self) {
        for (mut child, to, _) in self.workers.drain(..) {
            drop(to);
            let _ = child.wait();
        }
    }
}
