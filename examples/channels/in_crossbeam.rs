//! Many senders, and as many receivers as one likes: crossbeam's channels.

use std::thread;

use crossbeam_channel::{Receiver, Sender};

use crate::books::{Books, Inbox, Message};

/// One receiver, as in std. Bounded and unbounded channels are of one type.
pub fn one_receiver(books: &Books, channel: (Sender<Message>, Receiver<Message>)) -> Inbox<'_> {
    let (sender, receiver) = channel;
    thread::scope(|scope| {
        for from in 0..books.senders {
            let sender = sender.clone();
            scope.spawn(move || send_all(books, from, sender));
        }
        drop(sender);
        receive_all(books, receiver)
    })
}

// ANCHOR: two_receivers
/// Two receivers, each of which gets what the other does not.
pub fn two_receivers(books: &Books, channel: (Sender<Message>, Receiver<Message>)) -> Inbox<'_> {
    let (sender, receiver) = channel;
    thread::scope(|scope| {
        for from in 0..books.senders {
            let sender = sender.clone();
            scope.spawn(move || send_all(books, from, sender));
        }
        drop(sender);

        let another = receiver.clone();
        let helper = scope.spawn(move || receive_all(books, another));
        let inbox = receive_all(books, receiver);
        inbox.merge(helper.join().unwrap())
    })
}
// ANCHOR_END: two_receivers

fn send_all(books: &Books, from: usize, sender: Sender<Message>) {
    for message in books.messages(from) {
        sender.send(message).expect("the receiver is there");
        books.sent(from);
    }
}

fn receive_all(books: &Books, receiver: Receiver<Message>) -> Inbox<'_> {
    let mut inbox = books.inbox();
    for message in receiver {
        inbox.take(message);
    }
    inbox
}
