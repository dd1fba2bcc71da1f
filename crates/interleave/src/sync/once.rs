//! `Once` and `OnceLock`: entering the initialiser is a step, finishing it
//! another; who comes meanwhile waits.

use ::std::cell::UnsafeCell;
use ::std::panic::Location;

use crate::operation::{Kind, Operation};
use crate::runtime::{step, with};
use crate::world::{Object, ObjectId, Place, Sort};

/// Runs an initialiser once.
#[derive(Debug)]
pub struct Once {
    object: ObjectId,
}

impl Once {
    /// Creates one that has not run.
    #[track_caller]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Once::at(Location::caller())
    }

    fn at(place: Place) -> Self {
        Once { object: with(|world| world.create(Object::new(Sort::Once, place))) }
    }

    /// Runs `initialise` unless some call has; returns when it has run.
    ///
    /// An initialiser that panics is not modelled.
    #[track_caller]
    pub fn call_once(&self, initialise: impl FnOnce()) {
        self.run(initialise, Location::caller());
    }

    /// Whether an initialiser has run.
    #[track_caller]
    pub fn is_completed(&self) -> bool {
        self.look(Location::caller())
    }

    fn look(&self, place: Place) -> bool {
        step(Operation::on(self.object, Kind::Get), place, |world| {
            world.acquire(self.object);
            let done = world.object(self.object).flag;
            world.know(done.into());
            done
        })
    }

    fn run(&self, initialise: impl FnOnce(), place: Place) {
        let mine = step(Operation::on(self.object, Kind::Enter), place, |world| {
            let me = world.current;
            world.acquire(self.object);
            let once = world.object(self.object);
            let mine = !once.flag;
            once.owner = mine.then_some(me);
            world.know(mine.into());
            mine
        });
        if mine {
            initialise();
            step(Operation::on(self.object, Kind::Finish), place, |world| {
                world.release(self.object);
                let once = world.object(self.object);
                once.owner = None;
                once.flag = true;
            });
        }
    }
}

/// A value that is written once.
#[derive(Debug)]
pub struct OnceLock<T> {
    once: Once,
    value: UnsafeCell<Option<T>>,
}

// SAFETY: all threads of an exploration are coroutines on one real thread, and
// the value is written once, before anyone reads it.
unsafe impl<T: Send + Sync> Sync for OnceLock<T> {}

impl<T> OnceLock<T> {
    /// Creates an empty one.
    #[track_caller]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        OnceLock { once: Once::at(Location::caller()), value: UnsafeCell::new(None) }
    }

    /// The value, if it has been written.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        // SAFETY: once done, it is not written again.
        let done = self.once.look(Location::caller());
        if done { unsafe { (*self.value.get()).as_ref() } } else { None }
    }

    /// The value, written by `initialise` if nobody has.
    #[track_caller]
    pub fn get_or_init(&self, initialise: impl FnOnce() -> T) -> &T {
        self.get_or_init_at(initialise, Location::caller())
    }

    pub(crate) fn get_or_init_at(&self, initialise: impl FnOnce() -> T, place: Place) -> &T {
        // SAFETY: only the one that enters writes, and nobody reads before.
        self.once.run(|| unsafe { *self.value.get() = Some(initialise()) }, place);
        // SAFETY: written by now, and not written again.
        unsafe { (*self.value.get()).as_ref() }.expect("a value once it is done")
    }

    /// Writes the value.
    ///
    /// # Errors
    /// The value itself, if another was there first.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        // SAFETY: only the one that enters writes, and nobody reads before.
        self.once.run(|| unsafe { *self.value.get() = value.take() }, Location::caller());
        value.map_or(Ok(()), Err)
    }
}
