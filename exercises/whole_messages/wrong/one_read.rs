//! Refused in long: another message
//! Hint: `read` returns what is there

use std::io::{self, Read, Write};

/// Sends a message.
pub fn send(pipe: &mut impl Write, message: &[u8]) -> io::Result<()> {
    pipe.write_all(&(message.len() as u64).to_be_bytes())?;
    pipe.write_all(message)
}

/// The next message, or nothing if the other has closed its end.
pub fn receive(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    if pipe.read(&mut length)? == 0 {
        return Ok(None);
    }
    let mut message = vec![0; u64::from_be_bytes(length) as usize];
    let length = pipe.read(&mut message)?;
    message.truncate(length);
    Ok(Some(message))
}
