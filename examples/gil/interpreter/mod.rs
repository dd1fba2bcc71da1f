//! A small interpreter: a stack machine whose threads share globals, and one
//! lock if they are given one.
//!
//! In the order in which it is best read: [`program`] is what it executes,
//! [`assembler`] makes that from a text, [`eval`] executes it on one thread,
//! [`gil`] is the lock, and [`threads`] puts them together.

pub mod assembler;
pub mod eval;
pub mod gil;
pub mod program;
pub mod threads;
