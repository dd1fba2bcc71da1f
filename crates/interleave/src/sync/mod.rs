//! `std::sync`, modelled. What is not here is not modelled.

pub mod atomic;
mod barrier;
mod condvar;
mod lock;
pub mod mpsc;
mod once;

pub use ::std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, Weak};

pub use barrier::{Barrier, BarrierWaitResult};
pub use condvar::Condvar;
pub use lock::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use once::{Once, OnceLock};
