//! A broker in a file.

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow, ensure};
use apalis::prelude::*;
use apalis_sqlite::{Config, SqliteStorage};
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Row, query};
use tokio::sync::watch;
use tokio::time::sleep;
use ulid::Ulid;

use crate::broker::{
    Broker, Counts, Failed, HEARTBEAT, MISSED, Order, POLL, cause, seconds, stopped,
};
use crate::jobs::{Desk, Lenient, Payload, TRIES, carry_out};

/// Several programs may open the same file. One writes at a time, and another
/// waits this long for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tables are made in steps, and of two programs that make them at once one
/// fails at each step.
const ATTEMPTS: u32 = 40;

/// Some connections to the file.
#[derive(Clone, Debug)]
pub struct Sqlite {
    pool: SqlitePool,
    /// Before the name of each queue.
    prefix: String,
}

impl Sqlite {
    // ANCHOR: open
    /// Of a file, the queues whose names begin with `prefix`.
    pub async fn open(file: &Path, prefix: &str) -> Result<Sqlite> {
        let told = || format!("cannot use `{}` as a job database", file.display());
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A job is accepted when it is on the disk.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options);
        let pool = pool.await.with_context(told)?;
        // `SqliteStorage::setup` would do this, and turn `synchronous` off.
        let migrations = SqliteStorage::migrations();
        for again in (0..ATTEMPTS).rev() {
            match migrations.run(&pool).await {
                Ok(()) => break,
                Err(MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_)) => {
                    let cause = anyhow!("it was made by another version of apalis-sqlite");
                    return Err(cause).with_context(told);
                }
                // Another program makes its tables at this moment.
                Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) if again > 0 => {
                    sleep(POLL).await;
                }
                Err(error) => return Err(error).with_context(told),
            }
        }
        Ok(Sqlite { pool, prefix: prefix.to_owned() })
    }
    // ANCHOR_END: open

    fn storage(&self, queue: &str) -> SqliteStorage<Payload> {
        let config = Config::default()
            .queue(self.name(queue))
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED);
        SqliteStorage::new(&self.pool).with_config(config)
    }

    fn name(&self, queue: &str) -> String {
        format!("{}{queue}", self.prefix)
    }
}

impl Broker for Sqlite {
    // ANCHOR: push
    async fn push(&self, order: Order) -> Result<()> {
        let mut task = TaskBuilder::new(order.payload)
            .task_id(TaskId::from_ulid(order.id))
            .max_attempts(TRIES);
        if let Some(due) = order.due {
            task = task.run_at_timestamp(due);
        }
        if let Some(key) = order.once {
            task = task.idempotency_key(key);
        }
        let mut queue = self.storage(order.queue).with_codec(Lenient);
        queue.push_task(task.build()).await.context("the job was not accepted")
    }
    // ANCHOR_END: push

    // ANCHOR: work
    async fn work(
        &self,
        name: &str,
        desk: Desk<Sqlite>,
        stop: watch::Receiver<bool>,
    ) -> Result<()> {
        let queue = self.storage(desk.queue).with_codec(Lenient).poll_with_interval(POLL);
        let worker = WorkerBuilder::new(name).backend(queue).data(desk).build(carry_out::<Sqlite>);
        Ok(worker.run_until(stopped(stop)).await?)
    }
    // ANCHOR_END: work

    // ANCHOR: back_off
    /// A failed job may be fetched again at once. Its time is moved while this
    /// worker still holds it.
    async fn back_off(&self, id: &TaskId, later: u64) -> Result<()> {
        let time = (seconds(SystemTime::now()) + later) as i64;
        let update = query("UPDATE Jobs SET run_at = ? WHERE id = ?");
        update.bind(time).bind(id.to_string()).execute(&self.pool).await?;
        Ok(())
    }
    // ANCHOR_END: back_off

    async fn result(&self, queue: &str, id: Ulid) -> Result<Option<Result<String, String>>> {
        let ended = self.storage(queue).check_status([TaskId::from_ulid(id)]).await?;
        Ok(ended.into_iter().next().map(|ended| ended.take().map_err(cause)))
    }

    // ANCHOR: failed
    async fn failed(&self, queue: &str) -> Result<Vec<Failed>> {
        let rows =
            query("SELECT id, last_result FROM Jobs WHERE job_type = ? AND status = 'Killed'")
                .bind(self.name(queue))
                .fetch_all(&self.pool)
                .await?;
        let failed = rows.iter().map(|row| {
            let result: Result<String, String> = serde_json::from_str(row.get("last_result"))?;
            let cause = cause(result.err().unwrap_or_default());
            Ok(Failed { id: Ulid::from_string(row.get("id"))?, cause })
        });
        failed.collect()
    }

    async fn put_back(&self, queue: &str, id: Ulid) -> Result<()> {
        let changed = query(
            "UPDATE Jobs SET status = 'Pending', attempts = 0, lock_by = NULL, lock_at = NULL, \
             done_at = NULL WHERE id = ? AND job_type = ? AND status = 'Killed'",
        );
        let changed = changed.bind(id.to_string()).bind(self.name(queue)).execute(&self.pool);
        ensure!(changed.await?.rows_affected() == 1, "`{queue}` has no failed job {id}");
        Ok(())
    }
    // ANCHOR_END: failed

    async fn counts(&self, queue: &str) -> Result<Counts> {
        let rows = query("SELECT status, count(*) AS n FROM Jobs WHERE job_type = ? GROUP BY 1");
        let mut counts = Counts::default();
        for row in rows.bind(self.name(queue)).fetch_all(&self.pool).await? {
            let n = row.get::<i64, _>("n") as u64;
            match row.get("status") {
                "Done" => counts.done += n,
                "Killed" => counts.failed += n,
                "Running" | "Queued" => counts.running += n,
                _ => counts.waiting += n,
            }
        }
        Ok(counts)
    }

    async fn forget(&self, queues: &[&str]) -> Result<()> {
        for queue in queues {
            for forget in ["DELETE FROM Jobs WHERE job_type = ?", WORKERS] {
                query(forget).bind(self.name(queue)).execute(&self.pool).await?;
            }
        }
        Ok(())
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

const WORKERS: &str = "DELETE FROM Workers WHERE worker_type = ?";

#[cfg(test)]
mod tests;
