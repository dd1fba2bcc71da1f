//! Refused in copies: waits for ever
//! Hint: Two things have to be done

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

/// Runs `command` with `input`.
pub fn communicate(command: &mut Command, input: &[u8]) -> io::Result<Output> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(move || stdin.write_all(input));
        let _ = writer.join();
        child.wait_with_output()
    })
}
