//! A heart that beats on an event loop, a job that needs a processor, and a
//! pool with too few threads.

pub mod full;
pub mod heart;
pub mod job;
pub mod ways;
