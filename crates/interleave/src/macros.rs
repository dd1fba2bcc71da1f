//! Macros for scenario files.

/// Names the files that a scenario file explores, itself included, as
/// [`Source`](crate::Source)s: `sources!["counter.rs", "scenarios.rs"]`.
#[macro_export]
macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$($crate::Source { name: $name, text: include_str!($name) }),*]
    };
}
