//! `Mutex` and `RwLock`: lock, write and unlock are steps; a read through a
//! guard is none, for nobody can change what it reads.

use ::std::cell::UnsafeCell;
use ::std::fmt;
use ::std::marker::PhantomData;
use ::std::ops::{Deref, DerefMut};
use ::std::panic::Location;
use ::std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use crate::operation::{Kind, Operation};
use crate::runtime::{step, step_at, with};
use crate::show::show;
use crate::world::{Held, Object, ObjectId, Place, Sort, World};

/// A value that one thread, or several readers, may hold.
pub(crate) struct Guarded<T> {
    pub object: ObjectId,
    value: UnsafeCell<T>,
}

// SAFETY: all threads of an exploration are coroutines on one real thread, and
// the model grants access as the lock that wraps this would.
unsafe impl<T: Send> Send for Guarded<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Guarded<T> {}

impl<T> Guarded<T> {
    pub fn new(value: T, place: Place) -> Self {
        // SAFETY: the value is ours.
        let text = unsafe { show::<T>((&raw const value).cast()) }.unwrap_or_default();
        let object = with(|world| {
            let mut object = Object::new(Sort::Lock, place);
            object.text = world.text(text);
            world.create(object)
        });
        Guarded { object, value: UnsafeCell::new(value) }
    }

    /// Becomes the owner. Returns whether the lock is poisoned.
    pub fn own(&self, world: &mut World) -> bool {
        let me = world.current;
        world.acquire(self.object);
        let object = world.object(self.object);
        object.owner = Some(me);
        let (text, poisoned) = (object.text, object.flag);
        let held = Held {
            object: self.object,
            address: self.value.get().cast_const().cast(),
            show: show::<T>,
        };
        world.me().held.push(held);
        world.know(text);
        poisoned
    }

    /// Is the owner no longer.
    pub fn disown(&self, world: &mut World) {
        let panicking = ::std::thread::panicking() && !world.closing;
        world.release(self.object);
        let object = world.object(self.object);
        object.owner = None;
        object.flag |= panicking;
        let id = self.object;
        world.me().held.retain(|held| held.object != id);
    }

    fn unlock(&self, locked: Place) {
        step_at(Operation::on(self.object, Kind::Unlock), locked, 0, |world| self.disown(world));
    }

    fn write(&self, place: Place) -> *mut T {
        step(Operation::on(self.object, Kind::Write), place, |world| {
            // A value of a type we cannot show is known by who wrote it and
            // by what the writer knew.
            if unsafe { show::<T>(self.value.get().cast_const().cast()) }.is_none() {
                let (thread, history) = (world.current, world.me().history);
                let text = world.text(format!("\0{thread}.{history}"));
                world.object(self.object).text = text;
            }
        });
        self.value.get()
    }

    fn share(&self, world: &mut World) -> bool {
        let me = world.current;
        world.acquire(self.object);
        let object = world.object(self.object);
        object.readers.push(me);
        object.readers.sort_unstable();
        let (text, poisoned) = (object.text, object.flag);
        world.know(text);
        poisoned
    }

    fn unshare(&self, locked: Place) {
        step_at(Operation::on(self.object, Kind::UnlockShared), locked, 0, |world| {
            let me = world.current;
            world.release(self.object);
            let readers = &mut world.object(self.object).readers;
            if let Some(index) = readers.iter().position(|&reader| reader == me) {
                readers.remove(index);
            }
        });
    }

    fn is_free(&self, world: &mut World, shared: bool) -> bool {
        let object = world.object(self.object);
        object.owner.is_none() && (shared || object.readers.is_empty())
    }
}

fn result<G>(guard: G, poisoned: bool) -> LockResult<G> {
    if poisoned { Err(PoisonError::new(guard)) } else { Ok(guard) }
}

/// A lock that one thread at a time can hold.
pub struct Mutex<T> {
    pub(crate) inner: Guarded<T>,
}

/// Access to what a [`Mutex`] protects, until it is dropped.
pub struct MutexGuard<'a, T> {
    pub(crate) lock: &'a Mutex<T>,
    pub(crate) locked: Place,
    /// As in std, no guard goes to another thread.
    pub(crate) stays: PhantomData<*const ()>,
}

// SAFETY: shared access to `T` needs `T: Sync`, as in std.
unsafe impl<T: Sync> Sync for MutexGuard<'_, T> {}

impl<T> Mutex<T> {
    /// Creates an unlocked mutex.
    #[track_caller]
    pub fn new(value: T) -> Self {
        Mutex { inner: Guarded::new(value, Location::caller()) }
    }

    /// Locks; blocked while another thread, or this one, holds the lock.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.lock_at(Location::caller())
    }

    pub(crate) fn lock_at(&self, locked: Place) -> LockResult<MutexGuard<'_, T>> {
        let operation = Operation::on(self.inner.object, Kind::Lock);
        let poisoned = step(operation, locked, |world| self.inner.own(world));
        result(MutexGuard { lock: self, locked, stays: PhantomData }, poisoned)
    }

    /// Locks if the lock is free.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let locked = Location::caller();
        let operation = Operation::on(self.inner.object, Kind::TryLock);
        let got = step(operation, locked, |world| {
            let free = self.inner.is_free(world, false);
            if !free {
                let busy = world.text("busy");
                world.learn(busy);
            }
            free.then(|| self.inner.own(world))
        });
        match got {
            None => Err(TryLockError::WouldBlock),
            Some(poisoned) => {
                Ok(result(MutexGuard { lock: self, locked, stays: PhantomData }, poisoned)?)
            }
        }
    }

    /// Takes the value out; nobody else can be there, so it is no step.
    pub fn into_inner(self) -> LockResult<T> {
        let poisoned = with(|world| world.object(self.inner.object).flag);
        result(self.inner.value.into_inner(), poisoned)
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the model lets one guard live at a time.
        unsafe { &*self.lock.inner.value.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        let value = self.lock.inner.write(Location::caller());
        // SAFETY: the model lets one guard live at a time.
        unsafe { &mut *value }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.inner.unlock(self.locked);
    }
}

impl<T> fmt::Debug for Mutex<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Mutex")
    }
}

impl<T: fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}

/// A lock that one writer or any number of readers can hold.
///
/// Who comes first when both wait is left open: each is tried.
pub struct RwLock<T> {
    inner: Guarded<T>,
}

/// Reading access to what a [`RwLock`] protects.
pub struct RwLockReadGuard<'a, T> {
    lock: &'a RwLock<T>,
    locked: Place,
    stays: PhantomData<*const ()>,
}

/// Writing access to what a [`RwLock`] protects.
pub struct RwLockWriteGuard<'a, T> {
    lock: &'a RwLock<T>,
    locked: Place,
    stays: PhantomData<*const ()>,
}

// SAFETY: shared access to `T` needs `T: Sync`, as in std.
unsafe impl<T: Sync> Sync for RwLockReadGuard<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for RwLockWriteGuard<'_, T> {}

impl<T> RwLock<T> {
    /// Creates an unlocked lock.
    #[track_caller]
    pub fn new(value: T) -> Self {
        RwLock { inner: Guarded::new(value, Location::caller()) }
    }

    /// Locks for reading; blocked while someone writes.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        self.read_at(Location::caller())
    }

    pub(crate) fn read_at(&self, locked: Place) -> LockResult<RwLockReadGuard<'_, T>> {
        let operation = Operation::on(self.inner.object, Kind::LockShared);
        let poisoned = step(operation, locked, |world| self.inner.share(world));
        result(RwLockReadGuard { lock: self, locked, stays: PhantomData }, poisoned)
    }

    /// Locks for writing; blocked while someone reads or writes.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.write_at(Location::caller())
    }

    pub(crate) fn write_at(&self, locked: Place) -> LockResult<RwLockWriteGuard<'_, T>> {
        let operation = Operation::on(self.inner.object, Kind::Lock);
        let poisoned = step(operation, locked, |world| self.inner.own(world));
        result(RwLockWriteGuard { lock: self, locked, stays: PhantomData }, poisoned)
    }

    /// Takes the value out; nobody else can be there, so it is no step.
    pub fn into_inner(self) -> LockResult<T> {
        let poisoned = with(|world| world.object(self.inner.object).flag);
        result(self.inner.value.into_inner(), poisoned)
    }
}

impl<T> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the model lets no writer in while readers live.
        unsafe { &*self.lock.inner.value.get() }
    }
}

impl<T> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.inner.unshare(self.locked);
    }
}

impl<T> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the model lets one writer live at a time.
        unsafe { &*self.lock.inner.value.get() }
    }
}

impl<T> DerefMut for RwLockWriteGuard<'_, T> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        let value = self.lock.inner.write(Location::caller());
        // SAFETY: the model lets one writer live at a time.
        unsafe { &mut *value }
    }
}

impl<T> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.inner.unlock(self.locked);
    }
}

impl<T> fmt::Debug for RwLock<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("RwLock")
    }
}
