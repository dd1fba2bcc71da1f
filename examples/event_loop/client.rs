//! Who speaks to the servers: one thread with many sockets, all of them blocking.

#![cfg(target_os = "linux")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::time::Duration;

/// A server that takes longer to answer is taken for dead.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Fewer than the 128 callers that the standard library has the system remember.
const GROUP: usize = 100;

/// Bytes of a message.
const MESSAGE: usize = 64;

/// Its connections, each of which has been served once.
pub struct Client {
    streams: Vec<TcpStream>,
    spoken: u64,
}

impl Client {
    /// Connects, a group at a time, and says a word on each connection before
    /// the next group comes: no server can remember any number of callers at
    /// its door.
    pub fn connect(server: SocketAddr, connections: usize) -> io::Result<Client> {
        let mut client = Client { streams: Vec::with_capacity(connections), spoken: 0 };
        while client.streams.len() < connections {
            let known = client.streams.len();
            for _ in known..connections.min(known + GROUP) {
                let stream = TcpStream::connect(server)?;
                stream.set_read_timeout(Some(TIMEOUT))?;
                client.streams.push(stream);
            }
            client.echo(known..client.streams.len())?;
        }
        Ok(client)
    }

    /// Speaks on all connections, then listens on all of them, so many times
    /// over. How many of the messages came back as they were.
    pub fn all_speak(&mut self, messages: usize) -> io::Result<u64> {
        (0..messages).map(|_| self.echo(0..self.streams.len())).sum()
    }

    /// Speaks on one connection after another, so many times, from the last
    /// to the first and round again, while all others are silent. How many of
    /// the messages came back as they were.
    ///
    /// Backwards: a server that looks at its connections one by one, in the
    /// order in which they came, has just passed the next that speaks.
    pub fn one_speaks(&mut self, messages: usize) -> io::Result<u64> {
        let who = (0..self.streams.len()).rev().cycle();
        who.take(messages).map(|one| self.echo(one..one + 1)).sum()
    }

    /// No two messages are the same.
    fn echo(&mut self, who: Range<usize>) -> io::Result<u64> {
        let first = self.spoken;
        for stream in &mut self.streams[who.clone()] {
            stream.write_all(&message(self.spoken))?;
            self.spoken += 1;
        }
        let mut answer = [0; MESSAGE];
        let mut echoed = 0;
        for (stream, number) in self.streams[who].iter_mut().zip(first..) {
            stream.read_exact(&mut answer)?;
            echoed += u64::from(answer == message(number));
        }
        Ok(echoed)
    }
}

fn message(number: u64) -> [u8; MESSAGE] {
    let mut message = [b'.'; MESSAGE];
    message[..8].copy_from_slice(&number.to_be_bytes());
    message
}
