//! Values behind locks, as text, where their type is a plain one.

use ::std::collections::VecDeque;

/// The value at `address`, if `T` is a type we know how to show.
///
/// # Safety
/// `address` points to a `T` that nobody is writing.
pub(crate) unsafe fn show<T>(address: *const ()) -> Option<String> {
    macro_rules! plain {
        ($($plain:ty),*) => {$(
            for_type!($plain);
            for_type!(Option<$plain>);
            for_type!(Vec<$plain>);
            for_type!(VecDeque<$plain>);
        )*};
    }
    macro_rules! for_type {
        ($known:ty) => {
            if ::std::any::type_name::<T>() == ::std::any::type_name::<$known>() {
                // SAFETY: names with the paths of core and alloc belong to
                // their types alone, so `T` is this type.
                return Some(format!("{:?}", unsafe { &*address.cast::<$known>() }));
            }
        };
    }
    plain!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, bool, char, &'static str, String);
    if ::std::any::type_name::<T>() == "()" {
        return Some(String::new());
    }
    None
}
