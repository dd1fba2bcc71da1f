//! A server that leaves one task to each client, and has one thread for all.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

// ANCHOR: serve
pub async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (client, _) = listener.accept().await?;
        tokio::spawn(echo(client));
    }
}

/// Gives back what it reads, until the client has gone.
async fn echo(mut client: TcpStream) -> io::Result<()> {
    let mut message = [0; 64];
    loop {
        let length = client.read(&mut message).await?;
        if length == 0 {
            return Ok(());
        }
        client.write_all(&message[..length]).await?;
    }
}
// ANCHOR_END: serve
