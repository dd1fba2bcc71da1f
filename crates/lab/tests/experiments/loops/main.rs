//! Loops for ever, and has made a temporary file and shared memory that it will not remove.

#[path = "../fixture.rs"]
mod fixture;

use std::fs;

fn main() {
    fixture::describe("loops");
    let file = std::env::temp_dir().join("file");
    let memory = format!("/dev/shm/taking-turns-{}-ring", std::process::id());
    fs::write(&file, "").unwrap();
    // Not every system has it.
    let _ = fs::write(&memory, "");
    eprintln!("{}", file.display());
    eprintln!("{memory}");
    fixture::live();
    loop {
        std::hint::spin_loop();
    }
}
