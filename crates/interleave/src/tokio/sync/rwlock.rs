//! A lock for one writer or many readers, which a task can hold across an await.

use ::std::fmt;
use ::std::future::Future;
use ::std::ops::{Deref, DerefMut};
use ::std::panic::Location;

use crate::sync as threads;

/// A lock that one writer or any number of readers can hold. It is never
/// poisoned.
#[derive(Debug)]
pub struct RwLock<T>(threads::RwLock<T>);

impl<T> RwLock<T> {
    /// Creates an unlocked lock.
    #[track_caller]
    pub fn new(value: T) -> Self {
        RwLock(threads::RwLock::new(value))
    }

    /// Locks for reading; blocked while a task writes.
    #[track_caller]
    pub fn read(&self) -> impl Future<Output = RwLockReadGuard<'_, T>> {
        let place = Location::caller();
        async move {
            RwLockReadGuard(self.0.read_at(place).unwrap_or_else(|poison| poison.into_inner()))
        }
    }

    /// Locks for writing; blocked while a task reads or writes.
    #[track_caller]
    pub fn write(&self) -> impl Future<Output = RwLockWriteGuard<'_, T>> {
        let place = Location::caller();
        async move {
            RwLockWriteGuard(self.0.write_at(place).unwrap_or_else(|poison| poison.into_inner()))
        }
    }

    /// Takes the value out; nobody else can be there, so it is no step.
    pub fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(|poison| poison.into_inner())
    }
}

/// Reading access to what a [`RwLock`] protects.
pub struct RwLockReadGuard<'a, T>(threads::RwLockReadGuard<'a, T>);

// SAFETY: all tasks of an exploration are coroutines on one real thread, and
// tokio's guard may go to another.
unsafe impl<T: Send + Sync> Send for RwLockReadGuard<'_, T> {}

impl<T> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}

/// Writing access to what a [`RwLock`] protects.
pub struct RwLockWriteGuard<'a, T>(threads::RwLockWriteGuard<'a, T>);

// SAFETY: all tasks of an exploration are coroutines on one real thread, and
// tokio's guard may go to another.
unsafe impl<T: Send + Sync> Send for RwLockWriteGuard<'_, T> {}

impl<T> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}

impl<T> DerefMut for RwLockWriteGuard<'_, T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
