//! Refused in long: another message
//! Hint: How long a message can be

use std::io::{self, ErrorKind, Read, Write};

/// Sends a message.
pub fn send(pipe: &mut impl Write, message: &[u8]) -> io::Result<()> {
    pipe.write_all(&(message.len() as u16).to_be_bytes())?;
    pipe.write_all(message)
}

/// The next message, or nothing if the other has closed its end.
pub fn receive(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 2];
    match pipe.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut message = vec![0; u16::from_be_bytes(length).into()];
    pipe.read_exact(&mut message)?;
    Ok(Some(message))
}
