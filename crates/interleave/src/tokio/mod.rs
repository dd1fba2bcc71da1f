//! The names of tokio that the book teaches, modelled.
//!
//! A task is a thread of the exploration. An await that has to wait blocks it,
//! one that is ready goes on; `yield_now` and `sleep` mark where a cooperative
//! executor may take another task. Which one it takes is left open: this is
//! one thread that chooses freely, not the order of tokio's queue.

pub mod sync;
pub mod task;
pub mod time;

pub use crate::__interleave_join as join;
pub use task::spawn;

#[doc(hidden)]
pub use task::{Branches, branch};

use ::std::future::Future;
use ::std::pin::pin;
use ::std::task::{Context, Poll, Waker};

/// Runs a future to its end on the thread that calls.
///
/// # Panics
/// If it awaits something that is not modelled.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it awaits something that interleave does not model"),
    }
}

/// Runs futures side by side and waits for all, as `tokio::join!` does.
#[doc(hidden)]
#[macro_export]
macro_rules! __interleave_join {
    ($($future:expr),+ $(,)?) => {
        $crate::tokio::Branches::finish(($($crate::tokio::branch($future),)+))
    };
}
