//! Messages on a stream, read while something else is awaited as well.

use std::io::{self, ErrorKind::UnexpectedEof};
use std::pin::pin;

use tokio::io::{AsyncReadExt, DuplexStream};
use tokio::select;
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot::Sender;

/// Something that wants to be noticed at once: whoever sent it awaits the answer.
pub type Tick = Sender<()>;

// ANCHOR: read_message
/// A message is one byte that tells the length of its text, and the text.
pub async fn read_message(stream: &mut DuplexStream) -> io::Result<String> {
    let length = stream.read_u8().await?;
    let mut text = vec![0; length.into()];
    stream.read_exact(&mut text).await?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
// ANCHOR_END: read_message

// ANCHOR: read_anew
/// A tick drops the read that was under way. The next round starts another.
pub async fn read_anew(mut stream: DuplexStream, mut ticks: Receiver<Tick>) -> Vec<String> {
    let mut messages = Vec::new();
    loop {
        select! {
            message = read_message(&mut stream) => match message {
                Ok(message) => messages.push(message),
                Err(_) => return messages,
            },
            Some(tick) = ticks.recv() => drop(tick.send(())),
        }
    }
}
// ANCHOR_END: read_anew

// ANCHOR: read_on
/// A tick is answered beside the read, which goes on where it was.
pub async fn read_on(mut stream: DuplexStream, mut ticks: Receiver<Tick>) -> Vec<String> {
    let mut messages = Vec::new();
    loop {
        let mut read = pin!(read_message(&mut stream));
        let message = loop {
            select! {
                message = &mut read => break message,
                Some(tick) = ticks.recv() => drop(tick.send(())),
            }
        };
        match message {
            Ok(message) => messages.push(message),
            Err(_) => return messages,
        }
    }
}
// ANCHOR_END: read_on

// ANCHOR: buffered
/// A stream, and what has come of a message that is not complete.
struct Messages {
    stream: DuplexStream,
    come: Vec<u8>,
}

impl Messages {
    /// May be dropped at its await: what has come is in `self`.
    async fn next(&mut self) -> io::Result<String> {
        loop {
            if let Some(&length) = self.come.first()
                && self.come.len() > length.into()
            {
                let message: Vec<u8> = self.come.drain(..=usize::from(length)).collect();
                return Ok(String::from_utf8_lossy(&message[1..]).into_owned());
            }
            if self.stream.read_buf(&mut self.come).await? == 0 {
                return Err(UnexpectedEof.into());
            }
        }
    }
}
// ANCHOR_END: buffered

/// As [`read_anew`], with a read that may be dropped.
pub async fn read_buffered(stream: DuplexStream, mut ticks: Receiver<Tick>) -> Vec<String> {
    let mut stream = Messages { stream, come: Vec::new() };
    let mut messages = Vec::new();
    loop {
        select! {
            message = stream.next() => match message {
                Ok(message) => messages.push(message),
                Err(_) => return messages,
            },
            Some(tick) = ticks.recv() => drop(tick.send(())),
        }
    }
}
