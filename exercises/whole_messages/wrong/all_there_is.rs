//! Refused in two_short: [onetwo]
//! Hint: The pipe does not know

use std::io::{self, Read, Write};

/// Sends a message.
pub fn send(pipe: &mut impl Write, message: &[u8]) -> io::Result<()> {
    pipe.write_all(message)
}

/// The next message, or nothing if the other has closed its end.
pub fn receive(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut message = Vec::new();
    pipe.read_to_end(&mut message)?;
    Ok((!message.is_empty()).then_some(message))
}
