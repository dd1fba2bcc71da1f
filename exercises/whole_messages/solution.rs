//! Messages through a pipe, from one process to another.

use std::io::{self, ErrorKind, Read, Write};

/// Sends a message.
pub fn send(pipe: &mut impl Write, message: &[u8]) -> io::Result<()> {
    // How long it is, always in eight bytes; then what it says.
    pipe.write_all(&(message.len() as u64).to_be_bytes())?;
    pipe.write_all(message)
}

/// The next message, or nothing if the other has closed its end.
pub fn receive(pipe: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let length = up_to(8, pipe)?;
    match <[u8; 8]>::try_from(&length[..]) {
        Err(_) if length.is_empty() => Ok(None),
        Err(_) => Err(ErrorKind::UnexpectedEof.into()),
        Ok(length) => {
            let length = u64::from_be_bytes(length);
            let message = up_to(length, pipe)?;
            let whole = message.len() as u64 == length;
            whole.then_some(Some(message)).ok_or(ErrorKind::UnexpectedEof.into())
        }
    }
}

/// So many bytes, in as many reads as it takes; fewer if the pipe ends there.
fn up_to(bytes: u64, pipe: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    pipe.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}
