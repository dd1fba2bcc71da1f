//! Refused in few: waits for ever
//! Hint: The program reads until its input ends

use std::io::{self, Read, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

/// Runs `command` with `input`.
pub fn communicate(command: &mut Command, input: &[u8]) -> io::Result<Output> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    thread::scope(|scope| {
        let writer = scope.spawn(|| stdin.write_all(input));
        let stderr = scope.spawn(move || {
            let mut stderr = Vec::new();
            err.read_to_end(&mut stderr).map(|_| stderr)
        });
        let mut stdout = Vec::new();
        out.read_to_end(&mut stdout)?;
        let _ = writer.join();
        Ok(Output { status: child.wait()?, stdout, stderr: stderr.join().unwrap()? })
    })
}
