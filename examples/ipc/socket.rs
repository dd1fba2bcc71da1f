//! A pair of connected Unix sockets: one file for both directions.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

use crate::talk::{Ends, Line};

// ANCHOR: socket
struct Socket {
    them: UnixStream,
    message: Vec<u8>,
}

pub fn ends(size: usize) -> io::Result<Ends> {
    let (a, b) = UnixStream::pair()?;
    let [a, b] = [a, b].map(|them| Box::new(Socket { them, message: vec![0; size] }));
    Ok((a, b))
}

impl Line for Socket {
    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.them.write_all(message)
    }

    fn receive(&mut self) -> io::Result<&[u8]> {
        self.them.read_exact(&mut self.message)?;
        Ok(&self.message)
    }
}
// ANCHOR_END: socket
