//! The same between tasks: tokio's channels.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::books::{Books, Inbox};

/// Sending never waits, so it is no `async fn`.
pub async fn unbounded(books: &Arc<Books>) -> Inbox<'_> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut senders = JoinSet::new();
    for from in 0..books.senders {
        let (sender, books) = (sender.clone(), books.clone());
        senders.spawn(async move {
            for message in books.messages(from) {
                sender.send(message).expect("the receiver is there");
                books.sent(from);
            }
        });
    }
    drop(sender);

    let mut inbox = books.inbox();
    while let Some(message) = receiver.recv().await {
        inbox.take(message);
    }
    senders.join_all().await;
    inbox
}

// ANCHOR: bounded
/// Sending waits while the channel is full, and its worker does other things.
pub async fn bounded(books: &Arc<Books>, bound: usize) -> Inbox<'_> {
    let (sender, mut receiver) = mpsc::channel(bound);
    let mut senders = JoinSet::new();
    for from in 0..books.senders {
        let (sender, books) = (sender.clone(), books.clone());
        senders.spawn(async move {
            for message in books.messages(from) {
                sender.send(message).await.expect("the receiver is there");
                books.sent(from);
            }
        });
    }
    drop(sender);

    let mut inbox = books.inbox();
    while let Some(message) = receiver.recv().await {
        inbox.take(message);
    }
    senders.join_all().await;
    inbox
}
// ANCHOR_END: bounded
