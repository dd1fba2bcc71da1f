//! [`interleave::tokio`] as a crate, so that an idea file's `use tokio::…`
//! finds it: depend on it as `tokio = { package = "interleave-tokio", … }`.

pub use interleave::tokio::*;
