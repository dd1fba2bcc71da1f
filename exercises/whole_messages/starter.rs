//! Messages through a pipe, from one process to another.

use std::io::{self, Read, Write};

/// Sends a message.
pub fn send(pipe: &mut impl Write, message: &[u8]) -> io::Result<()> {
    pipe.write_all(message)
}

/// The next message, or nothing if the other has closed its end.
pub fn receive(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut message = vec![0; 4096];
    let length = pipe.read(&mut message)?;
    message.truncate(length);
    Ok((length > 0).then_some(message))
}
