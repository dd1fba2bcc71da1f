//! Three ways to share out work, and two kinds of work to share.

pub mod columns;
pub mod picture;
pub mod share;
