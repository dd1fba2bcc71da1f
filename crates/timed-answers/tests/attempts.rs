//! Each starter fails for its reason, each solution passes, and each wrong
//! answer meets the refusal and the hint that it names.

// Each attempt is compiled with a check of its own.
#![allow(clippy::duplicate_mod)]

include!(concat!(env!("OUT_DIR"), "/attempts.rs"));

#[test]
fn every_attempt_meets_what_it_should() {
    // A panic is an outcome here; those of the examination are told below.
    std::panic::set_hook(Box::new(|_| {}));
    let faults = exercise::examine(ATTEMPTS);
    let _ = std::panic::take_hook();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
