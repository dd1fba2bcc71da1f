//! A program that is given its input, and its output taken.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

/// Runs `command` with `input`.
pub fn communicate(command: &mut Command, input: &[u8]) -> io::Result<Output> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input)?;
    drop(stdin);
    child.wait_with_output()
}
