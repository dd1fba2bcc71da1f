//! Ignores every signal that can be ignored.

#[path = "../fixture.rs"]
mod fixture;

fn main() {
    fixture::describe("ignores");
    fixture::ignore_signals();
    fixture::live();
    fixture::wait();
}
