//! Says more than anybody wants to read: without end, or, given a word, some, and then a report.

#[path = "../fixture.rs"]
mod fixture;

use std::io::Write;

fn main() {
    fixture::describe("floods");
    let line = [b'x'; 999];
    let lines = if fixture::option("word").is_some() { 1_000 } else { usize::MAX };
    let mut output = std::io::stderr().lock();
    for _ in 0..lines {
        output.write_all(&line).unwrap();
        output.write_all(b"\n").unwrap();
    }
    fixture::report("floods");
}
