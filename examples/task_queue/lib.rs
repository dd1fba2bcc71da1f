//! Jobs that outlive the program that ordered them, on two brokers.

pub mod broker;
pub mod day;
pub mod jobs;
pub mod monitor;
pub mod on_redis;
pub mod on_sqlite;

#[cfg(all(test, target_os = "linux"))]
#[path = "../worker_crash/server.rs"]
mod server;
