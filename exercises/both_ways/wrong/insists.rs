//! Refused in deaf: an error: Broken pipe (os error 32)
//! Hint: The program has ended

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
        let output = child.wait_with_output()?;
        writer.join().unwrap()?;
        Ok(output)
    })
}
