//! Channels of three libraries, and the books that are kept of what goes
//! through them.

pub mod books;
pub mod in_crossbeam;
pub mod in_std;
pub mod in_tokio;
/// Only the explorer runs these: some of them never end.
pub mod pipeline;
