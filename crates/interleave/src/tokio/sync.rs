//! `tokio::sync`, modelled: whoever waits may be served next, in any order.

pub mod mpsc;
mod once_cell;
pub mod oneshot;
mod rwlock;

pub use once_cell::OnceCell;
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use ::std::fmt;
use ::std::future::Future;
use ::std::ops::{Deref, DerefMut};
use ::std::panic::Location;

use crate::operation::{Kind, Operation};
use crate::runtime::{step, with};
use crate::sync as threads;
use crate::world::{Object, ObjectId, Place, Sort};

/// A lock that a task can hold across an await. It is never poisoned.
pub struct Mutex<T>(threads::Mutex<T>);

/// Access to what a [`Mutex`] protects, until it is dropped.
pub struct MutexGuard<'a, T>(threads::MutexGuard<'a, T>);

// SAFETY: all tasks of an exploration are coroutines on one real thread, and
// tokio's guard may go to another.
unsafe impl<T: Send> Send for MutexGuard<'_, T> {}

/// The lock is held.
#[derive(Debug)]
pub struct TryLockError(());

impl<T> Mutex<T> {
    /// Creates an unlocked mutex.
    #[track_caller]
    pub fn new(value: T) -> Self {
        Mutex(threads::Mutex::new(value))
    }

    /// Locks; blocked while a task, this one included, holds the lock.
    #[track_caller]
    pub fn lock(&self) -> impl Future<Output = MutexGuard<'_, T>> {
        let place = Location::caller();
        async move { MutexGuard(self.0.lock_at(place).unwrap_or_else(|poison| poison.into_inner())) }
    }

    /// Takes the value out; nobody else can be there, so it is no step.
    pub fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(|poison| poison.into_inner())
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> fmt::Debug for Mutex<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Mutex")
    }
}

impl<T: fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A number of permits.
#[derive(Debug)]
pub struct Semaphore {
    object: ObjectId,
}

/// A permit, until it is dropped.
#[derive(Debug)]
pub struct SemaphorePermit<'a> {
    semaphore: &'a Semaphore,
    permits: i64,
    acquired: Place,
}

/// The semaphore is closed: here it never is.
#[derive(Debug)]
pub struct AcquireError(());

impl Semaphore {
    /// Creates a semaphore with so many permits.
    #[track_caller]
    pub fn new(permits: usize) -> Self {
        let mut object = Object::new(Sort::Semaphore, Location::caller());
        object.count = permits as i64;
        Semaphore { object: with(|world| world.create(object)) }
    }

    /// Takes a permit; blocked while there is none.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<SemaphorePermit<'_>, AcquireError>> {
        self.take(1, Location::caller())
    }

    /// Takes so many permits at once; blocked while there are fewer.
    #[track_caller]
    pub fn acquire_many(
        &self,
        permits: u32,
    ) -> impl Future<Output = Result<SemaphorePermit<'_>, AcquireError>> {
        self.take(permits.into(), Location::caller())
    }

    async fn take(
        &self,
        permits: i64,
        acquired: Place,
    ) -> Result<SemaphorePermit<'_>, AcquireError> {
        step(Operation::on(self.object, Kind::Acquire(permits)), acquired, |world| {
            world.acquire(self.object);
            world.object(self.object).count -= permits;
        });
        Ok(SemaphorePermit { semaphore: self, permits, acquired })
    }

    /// Adds permits.
    #[track_caller]
    pub fn add_permits(&self, permits: usize) {
        self.give(permits as i64, Location::caller(), None);
    }

    fn give(&self, permits: i64, place: Place, line: Option<u32>) {
        let operation = Operation::on(self.object, Kind::Release(permits));
        crate::runtime::step_at(operation, place, line.unwrap_or(place.line()), |world| {
            world.release(self.object);
            world.object(self.object).count += permits;
        });
    }
}

impl SemaphorePermit<'_> {
    /// Keeps the permit from the semaphore for good.
    pub fn forget(self) {
        ::std::mem::forget(self);
    }
}

impl Drop for SemaphorePermit<'_> {
    fn drop(&mut self) {
        self.semaphore.give(self.permits, self.acquired, Some(0));
    }
}

/// Tells tasks that something happened.
#[derive(Debug)]
pub struct Notify {
    object: ObjectId,
}

impl Notify {
    /// Creates one that nobody waits for.
    #[track_caller]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let place = Location::caller();
        Notify { object: with(|world| world.create(Object::new(Sort::Notify, place))) }
    }

    /// Takes the permit that `notify_one` left, or waits for a notification.
    ///
    /// It waits from the first poll on; enabling it earlier is not modelled.
    #[track_caller]
    pub fn notified(&self) -> impl Future<Output = ()> {
        let place = Location::caller();
        async move {
            step(Operation::on(self.object, Kind::Arrive), place, |world| {
                let me = world.current;
                let notify = world.object(self.object);
                if !::std::mem::take(&mut notify.flag) {
                    notify.waiters.push(me);
                    notify.waiters.sort_unstable();
                }
            });
            step(Operation::on(self.object, Kind::Notified), place, |world| {
                world.acquire(self.object);
            });
        }
    }

    /// Wakes one task, or leaves a permit for the next to come.
    #[track_caller]
    pub fn notify_one(&self) {
        step(Operation::on(self.object, Kind::NotifyOne), Location::caller(), |world| {
            let choice = world.choice;
            world.release(self.object);
            let notify = world.object(self.object);
            if notify.waiters.is_empty() {
                notify.flag = true;
            } else {
                notify.waiters.remove(choice);
            }
        });
    }

    /// Wakes the tasks that wait now, and leaves nothing.
    #[track_caller]
    pub fn notify_waiters(&self) {
        step(Operation::on(self.object, Kind::NotifyAll), Location::caller(), |world| {
            world.release(self.object);
            world.object(self.object).waiters.clear();
        });
    }
}
