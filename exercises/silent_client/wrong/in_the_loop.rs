//! Refused in silent: more than 4 KiB in the future
//! Hint: A future has room

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

const LONGEST: usize = u16::MAX as usize;

/// Tells a client how many lines each of its texts has, until it is gone.
pub async fn serve(mut client: UnixStream) -> io::Result<()> {
    while let Ok(length) = client.read_u16().await {
        let mut text = [0; LONGEST];
        let text = &mut text[..length.into()];
        client.read_exact(text).await?;
        client.write_u32(lines(text)).await?;
    }
    Ok(())
}

fn lines(text: &[u8]) -> u32 {
    text.iter().map(|&byte| u32::from(byte == b'\n')).sum()
}
