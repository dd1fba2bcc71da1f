//! The answer that a reader is working on: `cargo exercise` builds and runs it.

#[allow(unused_imports)]
#[macro_use]
extern crate interleave as std;

use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/answer.rs"));

fn main() -> ExitCode {
    exercise::tell(ANSWER)
}
