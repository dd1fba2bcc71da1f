//! Atomics: every load, store and update is a step.

use ::std::fmt;
use ::std::marker::PhantomData;
use ::std::panic::Location;
pub use ::std::sync::atomic::Ordering;

use crate::memory::{Store, View};
use crate::operation::{Kind, Operation};
use crate::runtime::{step, with};
use crate::world::{Object, ObjectId, Sort};

fn ordering_fits_load(order: Ordering) {
    assert!(
        !matches!(order, Ordering::Release | Ordering::AcqRel),
        "there is no such thing as a release load"
    );
}

fn ordering_fits_store(order: Ordering) {
    assert!(
        !matches!(order, Ordering::Acquire | Ordering::AcqRel),
        "there is no such thing as an acquire store"
    );
}

macro_rules! atomic {
    ($(#[$doc:meta])* $name:ident, $value:ty, $to:expr, $from:expr) => {
        $(#[$doc])*
        pub struct $name {
            object: ObjectId,
            value: PhantomData<$value>,
        }

        impl $name {
            /// Creates an atomic that holds `value`.
            #[track_caller]
            #[allow(clippy::new_without_default)]
            pub fn new(value: $value) -> Self {
                let place = Location::caller();
                let object = with(|world| {
                    let text = world.text(value.to_string());
                    let mut object = Object::new(Sort::Atomic, place);
                    let view = if world.memory == crate::memory::Memory::Weak {
                        world.me().view.clone()
                    } else {
                        View::default()
                    };
                    object.stores.push(Store { bits: ($to)(value), text, carries: view });
                    world.create(object)
                });
                $name { object, value: PhantomData }
            }

            /// Takes the value out; nobody else can be there, so it is no step.
            pub fn into_inner(self) -> $value {
                with(|world| {
                    ($from)(world.object(self.object).stores.last().expect("a value").bits)
                })
            }

            /// Reads the value.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                ordering_fits_load(order);
                let operation = Operation::on(self.object, Kind::Load(order));
                step(operation, Location::caller(), |world| {
                    let (bits, text) = world.load(self.object, order);
                    world.learn(text);
                    ($from)(bits)
                })
            }

            /// Writes `value`.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                ordering_fits_store(order);
                let text = with(|world| world.text(value.to_string()));
                let operation = Operation::on(self.object, Kind::Store(order)).bringing(text);
                step(operation, Location::caller(), |world| {
                    world.store(self.object, order, ($to)(value), text);
                });
            }

            /// Writes `value` and returns what was there, in one step.
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                self.modify("swap", order, Location::caller(), |_| value)
            }

            fn modify(
                &self,
                name: &'static str,
                order: Ordering,
                place: &'static Location<'static>,
                change: impl FnOnce($value) -> $value,
            ) -> $value {
                step(Operation::on(self.object, Kind::Update(name)), place, |world| {
                    let (bits, text) = world.newest(self.object);
                    let new = change(($from)(bits));
                    let new_text = world.text(new.to_string());
                    world.update(self.object, order, ($to)(new), new_text);
                    world.learn(text);
                    ($from)(bits)
                })
            }

            /// Writes `new` if the newest value is `current`, in one step.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                ordering_fits_load(failure);
                let operation = Operation::on(self.object, Kind::Update("compare_exchange"));
                step(operation, Location::caller(), |world| {
                    let (bits, text) = world.newest(self.object);
                    let found = ($from)(bits);
                    let same = bits == ($to)(current);
                    if same {
                        let new_text = world.text(new.to_string());
                        world.update(self.object, success, ($to)(new), new_text);
                    } else {
                        world.peek(self.object, failure);
                    }
                    world.learn(text);
                    if same { Ok(found) } else { Err(found) }
                })
            }

            /// As [`compare_exchange`](Self::compare_exchange): that it may
            /// fail without a reason is not modelled.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(current, new, success, failure)
            }

            /// Loads, then writes what `change` makes of that unless it has
            /// changed meanwhile, and else begins again with what it is now.
            ///
            /// # Errors
            /// The value of which `change` makes nothing.
            #[track_caller]
            pub fn try_update(
                &self,
                success: Ordering,
                failure: Ordering,
                mut change: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut seen = self.load(failure);
                while let Some(new) = change(seen) {
                    match self.compare_exchange_weak(seen, new, success, failure) {
                        Ok(old) => return Ok(old),
                        Err(newer) => seen = newer,
                    }
                }
                Err(seen)
            }

            /// The older name of [`try_update`](Self::try_update).
            ///
            /// # Errors
            /// The value of which `change` makes nothing.
            #[track_caller]
            pub fn fetch_update(
                &self,
                success: Ordering,
                failure: Ordering,
                change: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                self.try_update(success, failure, change)
            }

            /// As [`try_update`](Self::try_update) with a `change` that always
            /// makes something. Returns what was there.
            #[track_caller]
            pub fn update(
                &self,
                success: Ordering,
                failure: Ordering,
                mut change: impl FnMut($value) -> $value,
            ) -> $value {
                match self.try_update(success, failure, |seen| Some(change(seen))) {
                    Ok(old) | Err(old) => old,
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(stringify!($name))
            }
        }
    };
}

macro_rules! integer {
    ($($name:ident, $value:ty;)*) => {$(
        atomic!(
            #[doc = concat!("An atomic `", stringify!($value), "`.")]
            $name, $value, |value: $value| value as u64, |bits: u64| bits as $value
        );

        impl $name {
            /// Adds, wrapping around, and returns what was there.
            #[track_caller]
            pub fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                self.modify("fetch_add", order, Location::caller(), |old| old.wrapping_add(value))
            }

            /// Subtracts, wrapping around, and returns what was there.
            #[track_caller]
            pub fn fetch_sub(&self, value: $value, order: Ordering) -> $value {
                self.modify("fetch_sub", order, Location::caller(), |old| old.wrapping_sub(value))
            }

            /// Keeps the greater, and returns what was there.
            #[track_caller]
            pub fn fetch_max(&self, value: $value, order: Ordering) -> $value {
                self.modify("fetch_max", order, Location::caller(), |old| old.max(value))
            }

            /// Keeps the smaller, and returns what was there.
            #[track_caller]
            pub fn fetch_min(&self, value: $value, order: Ordering) -> $value {
                self.modify("fetch_min", order, Location::caller(), |old| old.min(value))
            }

            /// Sets bits, and returns what was there.
            #[track_caller]
            pub fn fetch_or(&self, value: $value, order: Ordering) -> $value {
                self.modify("fetch_or", order, Location::caller(), |old| old | value)
            }

            /// Keeps bits, and returns what was there.
            #[track_caller]
            pub fn fetch_and(&self, value: $value, order: Ordering) -> $value {
                self.modify("fetch_and", order, Location::caller(), |old| old & value)
            }
        }
    )*};
}

integer! {
    AtomicU8, u8;
    AtomicU16, u16;
    AtomicU32, u32;
    AtomicU64, u64;
    AtomicUsize, usize;
    AtomicI8, i8;
    AtomicI16, i16;
    AtomicI32, i32;
    AtomicI64, i64;
    AtomicIsize, isize;
}

atomic!(
    /// An atomic `bool`.
    AtomicBool, bool, |value: bool| value as u64, |bits: u64| bits != 0
);

impl AtomicBool {
    /// Ors, and returns what was there.
    #[track_caller]
    pub fn fetch_or(&self, value: bool, order: Ordering) -> bool {
        self.modify("fetch_or", order, Location::caller(), |old| old | value)
    }

    /// Ands, and returns what was there.
    #[track_caller]
    pub fn fetch_and(&self, value: bool, order: Ordering) -> bool {
        self.modify("fetch_and", order, Location::caller(), |old| old & value)
    }
}
