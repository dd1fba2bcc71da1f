//! How fast a task queue is on each of its brokers: jobs accepted in a second,
//! jobs carried out in a second by one worker, and the time from an order to
//! its start. `scripts/bench` runs it:
//!
//! ```text
//! cargo run --package queue --example queue_speed
//! ```
//!
//! The Redis server is one of its own, and forces each change to the disk
//! before it answers, as the file is forced.

#[cfg(target_os = "linux")]
#[path = "../../examples/worker_crash/server.rs"]
mod server;

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    use queue::{on_redis::Redis, on_sqlite::Sqlite};

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("jobs.db");
    println!("SQLite {}", speed::measure(Sqlite::open(&file, "").await?).await?);

    let folder = server::Folder::new()?;
    let server = server::Server::start(folder.path())?;
    let redis = Redis::open(&server::address(folder.path()), "").await?;
    println!("Redis {}", speed::measure(redis).await?);
    server.kill()?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("it starts a Redis server of its own, and can on Linux alone");
}

#[cfg(target_os = "linux")]
mod speed {
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant, SystemTime};

    use anyhow::Result;
    use queue::broker::{Broker, Order};
    use queue::jobs::{Desk, Job, MailServer};
    use tokio::sync::watch;
    use tokio::time::sleep;

    const JOBS: u64 = 1_000;

    /// One at a time, so that each finds its worker idle.
    const ALONE: u64 = 50;

    pub async fn measure<B: Broker>(broker: B) -> Result<String> {
        let start = Instant::now();
        for of in 0..JOBS {
            broker.push(Order::of(Job::Thumbnail { of })).await?;
        }
        let accepted = JOBS as f64 / start.elapsed().as_secs_f64();

        let (log, (stop, stopping)) = (Arc::new(Mutex::new(Vec::new())), watch::channel(false));
        let desk = Desk {
            queue: "thumbnails",
            broker: broker.clone(),
            server: Arc::new(MailServer::default()),
            log: log.clone(),
        };
        let (of_the_worker, start) = (broker.clone(), Instant::now());
        let worker = tokio::spawn(async move { of_the_worker.work("speed", desk, stopping).await });
        until_done(&broker, JOBS).await?;
        let carried_out = JOBS as f64 / start.elapsed().as_secs_f64();

        let mut latencies = Vec::new();
        for of in 0..ALONE {
            let pushed = SystemTime::now();
            broker.push(Order::of(Job::Thumbnail { of })).await?;
            until_done(&broker, JOBS + of + 1).await?;
            let began = log.lock().unwrap().last().map_or(pushed, |last| last.began);
            latencies.push(began.duration_since(pushed).unwrap_or_default());
        }
        latencies.sort();
        let [median, worst] = [ALONE as usize / 2, ALONE as usize - 1].map(|at| latencies[at]);
        stop.send(true)?;
        worker.await??;
        Ok(format!(
            "{accepted:.0} accepted/s, {carried_out:.0} done/s, start after {:.0} ms ({:.0})",
            median.as_secs_f64() * 1e3,
            worst.as_secs_f64() * 1e3
        ))
    }

    async fn until_done<B: Broker>(broker: &B, jobs: u64) -> Result<()> {
        while broker.counts("thumbnails").await?.done < jobs {
            sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }
}
