//! Two pipes: bytes go in at one end, and come out at the other in their order.

use std::io::{self, PipeReader, PipeWriter, Read, Write};

use crate::talk::{Ends, Line};

// ANCHOR: pipe
struct Pipes {
    from_them: PipeReader,
    to_them: PipeWriter,
    message: Vec<u8>,
}

pub fn ends(size: usize) -> io::Result<Ends> {
    let (from_b, to_a) = io::pipe()?;
    let (from_a, to_b) = io::pipe()?;
    let a = Pipes { from_them: from_b, to_them: to_b, message: vec![0; size] };
    let b = Pipes { from_them: from_a, to_them: to_a, message: vec![0; size] };
    Ok((Box::new(a), Box::new(b)))
}

impl Line for Pipes {
    /// The kernel copies the bytes to itself, as many as it has room for.
    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.to_them.write_all(message)
    }

    /// The kernel copies to us what there is, until the message is whole.
    fn receive(&mut self) -> io::Result<&[u8]> {
        self.from_them.read_exact(&mut self.message)?;
        Ok(&self.message)
    }
}
// ANCHOR_END: pipe
