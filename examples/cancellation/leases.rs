//! Something that is taken and has to be given back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::sync::Semaphore;
use tokio::task::yield_now;

/// The books, and signals that are counted: a permit is a signal.
#[derive(Debug)]
pub struct Books {
    taken: AtomicU64,
    returned: AtomicU64,
    went_on: AtomicU64,
    begun: Semaphore,
    ended: Semaphore,
    go_on: Semaphore,
}

/// Dropped, it is given back.
pub struct Lease(Arc<Books>);

// ANCHOR: worker
/// Takes a lease, awaits a signal, and does what remains to be done.
pub async fn worker(books: Arc<Books>) {
    let _lease = books.lease();
    books.may_go_on().await;
    books.note_went_on();
}
// ANCHOR_END: worker

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.returned.fetch_add(1, Relaxed);
        self.0.ended.add_permits(1);
    }
}

// The counts are read when all signals have been awaited, which orders them.
impl Books {
    pub fn open() -> Arc<Books> {
        Arc::new(Books {
            taken: AtomicU64::new(0),
            returned: AtomicU64::new(0),
            went_on: AtomicU64::new(0),
            begun: Semaphore::new(0),
            ended: Semaphore::new(0),
            go_on: Semaphore::new(0),
        })
    }

    pub fn lease(self: &Arc<Books>) -> Lease {
        self.taken.fetch_add(1, Relaxed);
        self.begun.add_permits(1);
        Lease(Arc::clone(self))
    }

    /// Waits until so many leases have been taken since the last call.
    pub async fn begun(&self, leases: u32) {
        take(&self.begun, leases).await;
    }

    /// Waits until so many have been given back since the last call.
    pub async fn ended(&self, leases: u32) {
        take(&self.ended, leases).await;
    }

    /// Lets so many workers go on that wait, or will.
    pub fn go_on(&self, workers: usize) {
        self.go_on.add_permits(workers);
    }

    /// Lets all go on that are left, and gives them time for it.
    pub async fn let_all_go_on(&self) {
        self.go_on(100);
        for _ in 0..100 {
            yield_now().await;
        }
    }

    pub async fn may_go_on(&self) {
        take(&self.go_on, 1).await;
    }

    pub fn note_went_on(&self) {
        self.went_on.fetch_add(1, Relaxed);
    }

    /// Leases taken, leases given back, workers that went on.
    pub fn counts(&self) -> [u64; 3] {
        [&self.taken, &self.returned, &self.went_on].map(|count| count.load(Relaxed))
    }
}

async fn take(signals: &Semaphore, number: u32) {
    signals.acquire_many(number).await.expect("nobody closes it").forget();
}
