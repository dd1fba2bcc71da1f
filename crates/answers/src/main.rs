//! The answer that a reader is working on: `cargo exercise` builds and runs it.

#[allow(unused_imports)]
#[macro_use]
extern crate interleave as std;

use std::path::Path;
use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/answer.rs"));

fn main() -> ExitCode {
    let Some(attempt) = ANSWER else {
        eprintln!("error: no answer is compiled in; run cargo exercise NAME");
        return ExitCode::from(2);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/answers");
    exercise::tell(&attempt, &root.join("target/exercises"))
}
