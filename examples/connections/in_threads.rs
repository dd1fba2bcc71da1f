//! A server that leaves one thread to each client.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

// ANCHOR: serve
pub fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (client, _) = listener.accept()?;
        thread::Builder::new().spawn(|| echo(client))?;
    }
}

/// Gives back what it reads, until the client has gone.
fn echo(mut client: TcpStream) -> io::Result<()> {
    let mut message = [0; 64];
    loop {
        let length = client.read(&mut message)?;
        if length == 0 {
            return Ok(());
        }
        client.write_all(&message[..length])?;
    }
}
// ANCHOR_END: serve
