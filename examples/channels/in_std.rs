//! Many senders, one receiver: the channels of the standard library.

use std::sync::mpsc;
use std::thread;

use crate::books::{Books, Inbox};

// ANCHOR: unbounded
/// Sending never waits.
pub fn unbounded(books: &Books) -> Inbox<'_> {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for from in 0..books.senders {
            let sender = sender.clone();
            scope.spawn(move || {
                for message in books.messages(from) {
                    sender.send(message).expect("the receiver is there");
                    books.sent(from);
                }
            });
        }
        // The channel ends with its last sender, and this is one.
        drop(sender);

        let mut inbox = books.inbox();
        for message in receiver {
            inbox.take(message);
        }
        inbox
    })
}
// ANCHOR_END: unbounded

// ANCHOR: bounded
/// Sending waits while `bound` messages are waiting to be received.
pub fn bounded(books: &Books, bound: usize) -> Inbox<'_> {
    let (sender, receiver) = mpsc::sync_channel(bound);
    // ANCHOR_END: bounded
    thread::scope(|scope| {
        for from in 0..books.senders {
            let sender = sender.clone();
            scope.spawn(move || {
                for message in books.messages(from) {
                    sender.send(message).expect("the receiver is there");
                    books.sent(from);
                }
            });
        }
        drop(sender);

        let mut inbox = books.inbox();
        for message in receiver {
            inbox.take(message);
        }
        inbox
    })
}
