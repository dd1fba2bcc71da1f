//! Many requests at once, in threads and in tasks.

pub mod in_tasks;
pub mod in_threads;
