//! The other end: many connections, each held by nobody but a variable.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A server that takes longer than this for an answer is taken for dead.
const PATIENCE: Duration = Duration::from_secs(10);

/// A listener of the standard library keeps 128 clients waiting and no more.
pub const AT_ONCE: usize = 100;

/// So many more, at most [`AT_ONCE`]. Each has been answered once, so the server has
/// taken it in.
pub fn open(server: SocketAddr, count: usize) -> io::Result<Vec<TcpStream>> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        let connection = TcpStream::connect_timeout(&server, PATIENCE)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        connections.push(connection);
    }
    match ask_all(&mut connections)? {
        right if right == count => Ok(connections),
        right => Err(io::Error::other(format!("{right} of {count} answers were right"))),
    }
}

/// Sends a number of its own on every connection, and then looks for the
/// answers: how many gave back what was sent.
pub fn ask_all(connections: &mut [TcpStream]) -> io::Result<usize> {
    for (number, connection) in connections.iter_mut().enumerate() {
        connection.write_all(&number.to_le_bytes())?;
    }
    let mut right = 0;
    for (number, connection) in connections.iter_mut().enumerate() {
        let mut answer = [0; size_of::<usize>()];
        connection.read_exact(&mut answer)?;
        right += usize::from(usize::from_le_bytes(answer) == number);
    }
    Ok(right)
}
