//! Macros: one for scenario files, and those of std that are not modelled.

/// Names the files that a scenario file explores, itself included, as
/// [`Source`](crate::Source)s: `sources!["counter.rs", "scenarios.rs"]`.
#[macro_export]
macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$($crate::Source { name: $name, text: include_str!($name) }),*]
    };
}

/// Not modelled: the threads of an exploration share one real thread.
#[macro_export]
macro_rules! thread_local {
    ($($tokens:tt)*) => {
        compile_error!("interleave does not model `thread_local!`");
    };
}
