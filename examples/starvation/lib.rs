//! Two locks that spin, the rush at them and at others, and a writer among
//! readers.

pub mod readers;
pub mod rush;
pub mod spin;
