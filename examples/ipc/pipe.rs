//! Two pipes, one for either direction: bytes come out in the order they went in.

use std::io::{self, PipeReader, PipeWriter, Read, Write};

use crate::talk::{Ends, Line};

// ANCHOR: pipe
struct Pipes {
    from_them: PipeReader,
    to_them: PipeWriter,
    message: Vec<u8>,
}

pub fn ends(size: usize) -> io::Result<Ends> {
    Ok(connect(size, io::pipe()?, io::pipe()?))
}

fn connect(size: usize, to_a: (PipeReader, PipeWriter), to_b: (PipeReader, PipeWriter)) -> Ends {
    let a = Pipes { from_them: to_a.0, to_them: to_b.1, message: vec![0; size] };
    let b = Pipes { from_them: to_b.0, to_them: to_a.1, message: vec![0; size] };
    (Box::new(a), Box::new(b))
}

/// The same with more room: all that Linux gives without a privilege.
#[cfg(target_os = "linux")]
pub fn large_ends(size: usize) -> io::Result<Ends> {
    use nix::fcntl::{FcntlArg, fcntl};
    let (to_a, to_b) = (io::pipe()?, io::pipe()?);
    for (reader, _) in [&to_a, &to_b] {
        fcntl(reader, FcntlArg::F_SETPIPE_SZ(1 << 20))?;
    }
    Ok(connect(size, to_a, to_b))
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
