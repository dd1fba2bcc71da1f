//! Refused in cut_off: byte 1 was the last, and it is the end
//! Hint: The other has died in the middle

use std::io::{self, ErrorKind, Read, Write};

/// Sends a message.
pub fn send(pipe: &mut impl Write, message: &[u8]) -> io::Result<()> {
    pipe.write_all(&(message.len() as u64).to_be_bytes())?;
    pipe.write_all(message)
}

/// The next message, or nothing if the other has closed its end.
pub fn receive(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match pipe.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut message = vec![0; u64::from_be_bytes(length) as usize];
    pipe.read_exact(&mut message)?;
    Ok(Some(message))
}
