//! The answer that a reader is working on, where it is to run for real.

use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/answer.rs"));

fn main() -> ExitCode {
    exercise::tell(ANSWER)
}
