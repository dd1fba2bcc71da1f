//! A program that is given its input, and its output taken.

use std::io::{self, ErrorKind, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

/// Runs `command` with `input`.
pub fn communicate(command: &mut Command, input: &[u8]) -> io::Result<Output> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // It owns the writing end: the input is over when it is done.
        let writer = scope.spawn(move || stdin.write_all(input));
        // Reads both pipes at once, then waits.
        let output = child.wait_with_output()?;
        match writer.join().unwrap() {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            _ => Ok(output),
        }
    })
}
