//! Refused in silent: a wrong answer
//! Hint: `read` gives what has come

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// Tells a client how many lines each of its texts has, until it is gone.
pub async fn serve(mut client: UnixStream) -> io::Result<()> {
    while let Ok(length) = client.read_u16().await {
        let mut text = vec![0; length.into()];
        let read = client.read(&mut text).await?;
        client.write_u32(lines(&text[..read])).await?;
    }
    Ok(())
}

fn lines(text: &[u8]) -> u32 {
    text.iter().map(|&byte| u32::from(byte == b'\n')).sum()
}
