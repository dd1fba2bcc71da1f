//! Refused in complains: waits for ever
//! Hint: You read one of the two

use std::io::{self, Read, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

/// Runs `command` with `input`.
pub fn communicate(command: &mut Command, input: &[u8]) -> io::Result<Output> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        child.stdout.take().unwrap().read_to_end(&mut stdout)?;
        child.stderr.take().unwrap().read_to_end(&mut stderr)?;
        Ok(Output { status: child.wait()?, stdout, stderr })
    })
}
