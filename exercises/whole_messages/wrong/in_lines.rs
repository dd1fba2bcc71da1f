//! Refused in any_bytes: more than was sent
//! Hint: All bytes may occur

use std::io::{self, Read, Write};

/// Sends a message.
pub fn send(pipe: &mut impl Write, message: &[u8]) -> io::Result<()> {
    pipe.write_all(message)?;
    pipe.write_all(b"\n")
}

/// The next message, or nothing if the other has closed its end.
pub fn receive(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let (mut message, mut byte) = (Vec::new(), [0]);
    while pipe.read(&mut byte)? == 1 {
        match byte {
            [b'\n'] => return Ok(Some(message)),
            [byte] => message.push(byte),
        }
    }
    Ok(None)
}
