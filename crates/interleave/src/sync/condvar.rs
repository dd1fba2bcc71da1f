//! `Condvar`: waiting unlocks and sleeps in one step; a notified thread locks
//! again in a step of its own. `notify_one` may wake any sleeper. Nobody wakes
//! without being told.

use ::std::fmt;
use ::std::marker::PhantomData;
use ::std::panic::Location;
use ::std::sync::{LockResult, PoisonError};

use crate::operation::{Kind, Operation};
use crate::runtime::{step, with};
use crate::sync::MutexGuard;
use crate::world::{Object, ObjectId, Sort};

/// A place to sleep until told that something changed.
pub struct Condvar {
    object: ObjectId,
}

impl Condvar {
    /// Creates a condition that nobody waits for.
    #[track_caller]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let place = Location::caller();
        Condvar { object: with(|world| world.create(Object::new(Sort::Condvar, place))) }
    }

    /// Unlocks, sleeps until notified, locks again.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let place = Location::caller();
        let (lock, locked) = (guard.lock, guard.locked);
        ::std::mem::forget(guard);
        step(Operation::on(self.object, Kind::Wait), place, |world| {
            lock.inner.disown(world);
            let me = world.current;
            world.object(self.object).waiters.push(me);
            world.object(self.object).waiters.sort_unstable();
        });
        let relock = Operation::on(lock.inner.object, Kind::Relock(self.object));
        let poisoned = step(relock, place, |world| lock.inner.own(world));
        let guard = MutexGuard { lock, locked, stays: PhantomData };
        if poisoned { Err(PoisonError::new(guard)) } else { Ok(guard) }
    }

    /// Waits for as long as `condition` holds.
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Wakes one sleeper, if there is one.
    #[track_caller]
    pub fn notify_one(&self) {
        step(Operation::on(self.object, Kind::NotifyOne), Location::caller(), |world| {
            let choice = world.choice;
            let waiters = &mut world.object(self.object).waiters;
            if !waiters.is_empty() {
                waiters.remove(choice);
            }
        });
    }

    /// Wakes all sleepers.
    #[track_caller]
    pub fn notify_all(&self) {
        step(Operation::on(self.object, Kind::NotifyAll), Location::caller(), |world| {
            world.object(self.object).waiters.clear();
        });
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Condvar")
    }
}
