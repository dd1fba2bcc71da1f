//! A broker on a Redis server. Four things that apalis-redis 1.0.0 leaves open
//! are done here by hand, each with its reason.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use apalis::prelude::*;
use apalis_redis::{Config, ConnectionManager, RedisStorage};
use redis::aio::ConnectionManagerConfig;
use redis::{AsyncCommands, Client, Script, pipe};
use tokio::sync::watch;
use ulid::Ulid;

use crate::broker::{Broker, Counts, Failed, HEARTBEAT, MISSED, Order, POLL, cause, stopped};
use crate::jobs::{Desk, Lenient, Payload, TRIES, carry_out};

/// A command that the server does not answer for this long has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// A connection to the server, which it mends by itself.
#[derive(Clone)]
pub struct Redis {
    connection: ConnectionManager,
    prefix: String,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// Of a server, the queues whose names begin with `prefix`.
    pub async fn open(url: &str, prefix: &str) -> Result<Redis> {
        let told = || format!("cannot use the broker `{url}`");
        let client = Client::open(url).with_context(told)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let connection = client.get_connection_manager_with_config(config).await;
        let connection = connection.with_context(told)?;
        Ok(Redis { connection, prefix: prefix.to_owned() })
    }

    fn config(&self, queue: &str) -> Config {
        Config::default()
            .queue(format!("{}{queue}", self.prefix))
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED)
            // Without a time to live, 1.0.0 sets one of 0 s, and the key of an
            // order is forgotten at once.
            .idempotency_ttl(Some(Duration::from_secs(3600)))
    }

    fn storage(&self, queue: &str) -> RedisStorage<Payload> {
        RedisStorage::new(self.connection.clone()).with_config(self.config(queue))
    }
}

impl Broker for Redis {
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

    async fn work(&self, name: &str, desk: Desk<Redis>, stop: watch::Receiver<bool>) -> Result<()> {
        let queue = self.storage(desk.queue).with_codec(Lenient).poll_with_interval(POLL);
        let worker = WorkerBuilder::new(name).backend(queue).data(desk).build(carry_out::<Redis>);
        Ok(worker.run_until(stopped(stop)).await?)
    }

    /// 1.0.0 waits by itself: a second after the first try, two after the next.
    /// It would try 25 times, whatever the order says; `carry_out` ends it.
    async fn back_off(&self, _: &TaskId, _: u64) -> Result<()> {
        Ok(())
    }

    /// `check_status` of 1.0.0 also gives the error of a job that will be
    /// tried again. Its state tells which it is.
    async fn result(&self, queue: &str, id: Ulid) -> Result<Option<Result<String, String>>> {
        let ended = self.storage(queue).check_status([TaskId::from_ulid(id)]).await?;
        let ended = ended.into_iter().find(|of| matches!(of.status, Status::Done | Status::Killed));
        Ok(ended.map(|ended| ended.take().map_err(cause)))
    }

    /// `list_tasks` of 1.0.0 reads a list that nobody writes, and finds nothing.
    async fn failed(&self, queue: &str) -> Result<Vec<Failed>> {
        let mut connection = self.connection.clone();
        let ids: Vec<String> = connection.smembers(self.config(queue).dead_jobs_set()).await?;
        let mut failed = Vec::new();
        for id in ids {
            let id = Ulid::from_string(&id).map_err(|error| anyhow!("job {id}: {error}"))?;
            let cause = self.result(queue, id).await?.and_then(Result::err).unwrap_or_default();
            failed.push(Failed { id, cause });
        }
        Ok(failed)
    }

    /// In one step for the server: a connection that is lost in between would
    /// lose the job.
    async fn put_back(&self, queue: &str, id: Ulid) -> Result<()> {
        let config = self.config(queue);
        let script = Script::new(
            "if redis.call('SREM', KEYS[1], ARGV[1]) == 0 then return 0 end
             redis.call('HSET', KEYS[2], 'status', 'Pending', 'attempts', 0)
             redis.call('HDEL', KEYS[2], 'result')
             redis.call('RPUSH', KEYS[3], ARGV[1])
             return 1",
        );
        let removed: u64 = script
            .key(config.dead_jobs_set())
            .key(format!("{}:{id}", config.job_meta_hash()))
            .key(config.active_jobs_list())
            .arg(id.to_string())
            .invoke_async(&mut self.connection.clone())
            .await?;
        ensure!(removed == 1, "`{queue}` has no failed job {id}");
        Ok(())
    }

    async fn counts(&self, queue: &str) -> Result<Counts> {
        let (config, mut connection) = (self.config(queue), self.connection.clone());
        let (active, scheduled, done, failed, workers): (u64, u64, u64, u64, Vec<String>) = pipe()
            .atomic()
            .llen(config.active_jobs_list())
            .zcard(config.scheduled_jobs_set())
            .scard(config.done_jobs_set())
            .scard(config.dead_jobs_set())
            .zrange(config.workers_set(), 0, -1)
            .query_async(&mut connection)
            .await?;
        let mut running = 0;
        for worker in workers {
            let held = format!("{}:{worker}", config.inflight_jobs_set());
            running += connection.scard::<_, u64>(held).await?;
        }
        Ok(Counts { waiting: active + scheduled, running, done, failed })
    }

    async fn forget(&self, queues: &[&str]) -> Result<()> {
        let mut connection = self.connection.clone();
        for queue in queues {
            let config = self.config(queue);
            let mut keys: Vec<String> = Vec::new();
            let mut found = connection.scan_match(format!("{}:*", config.queue)).await?;
            while let Some(key) = found.next_item().await {
                keys.push(key?);
            }
            drop(found);
            if !keys.is_empty() {
                connection.unlink::<_, ()>(keys).await?;
            }
            connection.zrem::<_, _, ()>("core:apalis:queues:list", config.workers_set()).await?;
        }
        Ok(())
    }

    async fn close(&self) {}
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
