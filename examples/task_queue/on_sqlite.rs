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
                Err(MigrateError::Execute(_)) if again > 0 => sleep(POLL).await,
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
mod tests {
    use super::*;
    use crate::day::day;
    use crate::jobs::Job;
    use crate::monitor::Board;

    async fn in_a(folder: &tempfile::TempDir) -> Sqlite {
        Sqlite::open(&folder.path().join("jobs.db"), "test:").await.unwrap()
    }

    fn letter() -> Order {
        Order::of(Job::Letter { to: "ann@example.org".to_owned() })
    }

    async fn refused(file: &Path) -> String {
        let error = Sqlite::open(file, "").await.unwrap_err();
        format!("{error:#}")
    }

    #[tokio::test]
    async fn a_full_disk_is_told_and_loses_no_accepted_job() {
        let folder = tempfile::tempdir().unwrap();
        let shop = in_a(&folder).await;
        shop.close().await;
        // The limit is one of each connection, so there is one.
        let options = SqliteConnectOptions::new().filename(folder.path().join("jobs.db"));
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        let shop = Sqlite { pool, prefix: "test:".to_owned() };
        query("PRAGMA max_page_count = 40").execute(&shop.pool).await.unwrap();
        let mut accepted = 0;
        let refused = loop {
            match shop.push(letter()).await {
                Ok(()) => accepted += 1,
                Err(error) => break format!("{error:#}"),
            }
        };
        assert!(refused.starts_with("the job was not accepted: "), "{refused}");
        assert!(refused.contains("database or disk is full"), "{refused}");
        assert!(accepted > 0);
        assert_eq!(shop.counts("mail").await.unwrap().waiting, accepted);
        // With room again, orders are accepted again.
        query("PRAGMA max_page_count = 4000").execute(&shop.pool).await.unwrap();
        shop.push(letter()).await.unwrap();
        shop.close().await;
        assert_eq!(in_a(&folder).await.counts("mail").await.unwrap().waiting, accepted + 1);
    }

    #[tokio::test]
    async fn a_database_of_another_version_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let shop = in_a(&folder).await;
        let later =
            "INSERT INTO _sqlx_migrations VALUES (99990101000000, 'later', '', 1, x'00', 0)";
        query(later).execute(&shop.pool).await.unwrap();
        shop.close().await;
        let told = refused(&folder.path().join("jobs.db")).await;
        assert!(told.ends_with("it was made by another version of apalis-sqlite"), "{told}");
    }

    #[tokio::test]
    async fn what_is_no_database_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("letter.txt");
        std::fs::write(&file, "Dear Ann, this is a letter and no database. ".repeat(100)).unwrap();
        let told = refused(&file).await;
        assert!(told.contains("file is not a database"), "{told}");
        assert!(!told.contains('\n'), "{told}");
        let told = refused(&folder.path().join("no/such/folder.db")).await;
        assert!(told.contains("unable to open database file"), "{told}");
    }

    #[tokio::test]
    async fn what_has_not_failed_is_not_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let (shop, order) = (in_a(&folder).await, letter());
        let id = order.id;
        shop.push(order).await.unwrap();
        let told = shop.put_back("mail", id).await.unwrap_err().to_string();
        assert_eq!(told, format!("`mail` has no failed job {id}"));
        assert_eq!(shop.counts("mail").await.unwrap(), Counts { waiting: 1, ..Counts::default() });
    }

    #[tokio::test]
    async fn two_days_in_one_file_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jobs.db");
        let [one, other] = ["one:", "other:"].map(|prefix| {
            let file = file.clone();
            day(async move || Sqlite::open(&file, prefix).await, 5, Board::default())
        });
        let (one, other) = tokio::join!(one, other);
        for day in [one.unwrap(), other.unwrap()] {
            assert_eq!(day.failed.len(), 3);
            assert_eq!(day.mishaps, Vec::<String>::new());
            assert_eq!(day.results.values().filter(|result| result.is_none()).count(), 2);
        }
    }
}
