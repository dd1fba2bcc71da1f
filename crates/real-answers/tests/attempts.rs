//! Each starter fails for its reason, each solution passes, and each wrong
//! answer meets the refusal and the hint that it names. An answer that runs
//! once is forked off, and so this is a program of one thread.

// Each attempt is compiled with a check of its own.
#![allow(clippy::duplicate_mod)]

use std::process::ExitCode;

include!(concat!(env!("OUT_DIR"), "/attempts.rs"));

fn main() -> ExitCode {
    // A panic is an outcome here; those of the examination are told below.
    std::panic::set_hook(Box::new(|_| {}));
    let faults = exercise::examine(ATTEMPTS);
    for fault in &faults {
        eprintln!("{fault}");
    }
    println!("{} attempts, {} with a fault", ATTEMPTS.len(), faults.len());
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
