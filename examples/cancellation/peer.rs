//! Who sends the messages, with a tick in the middle of one of them.

use std::future::Future;
use std::io;

use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::join;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use crate::framed::Tick;

/// No letter is as small as all of them together are long: whoever takes a
/// letter for a length waits for more than will ever come.
pub const MESSAGES: [&str; 6] = ["apples", "pears", "plums", "quinces", "figs", "dates"];

/// Sends all messages to `reader`, and a tick in the middle of the one of that
/// number, counted from 1. Returns what the reader got.
pub async fn send_to<R: Future<Output = Vec<String>>>(
    reader: impl FnOnce(DuplexStream, Receiver<Tick>) -> R,
    number: usize,
) -> io::Result<Vec<String>> {
    // A stream that holds one byte: what has been written beyond it was read.
    let (near, far) = duplex(1);
    let (ticks, ticked) = channel(1);
    let (sent, got) = join!(send(near, ticks, number), reader(far, ticked));
    sent.map(|()| got)
}

// ANCHOR: send
async fn send(mut stream: DuplexStream, ticks: Sender<Tick>, number: usize) -> io::Result<()> {
    for (message, text) in (1..).zip(MESSAGES) {
        let (first, rest) = text.split_at(text.len() / 2);
        stream.write_u8(text.len() as u8).await?;
        stream.write_all(first.as_bytes()).await?;
        if message == number {
            // The length has been read. Now the tick, and nothing more until it is answered.
            let (tick, answered) = oneshot::channel();
            let _ = ticks.send(tick).await;
            let _ = answered.await;
        }
        stream.write_all(rest.as_bytes()).await?;
    }
    Ok(())
}
// ANCHOR_END: send
