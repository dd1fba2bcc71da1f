//! Channels with many senders.

use ::std::fmt;
use ::std::future::Future;
use ::std::panic::Location;
use ::std::sync::Arc;

use crate::channel::Queue;
use crate::world::Place;

/// The receiver is gone; here is the message.
#[derive(Debug, PartialEq, Eq)]
pub struct SendError<T>(pub T);

/// Creates a channel that holds `bound` messages.
#[track_caller]
pub fn channel<T>(bound: usize) -> (Sender<T>, Receiver<T>) {
    assert!(bound > 0, "a channel needs room for a message");
    let place = Location::caller();
    let queue = Queue::new(Some(bound), place);
    (Sender { queue: queue.clone(), place }, Receiver { queue, place })
}

/// Creates a channel without a bound.
#[track_caller]
pub fn unbounded_channel<T>() -> (UnboundedSender<T>, Receiver<T>) {
    let place = Location::caller();
    let queue = Queue::new(None, place);
    (UnboundedSender { queue: queue.clone(), place }, Receiver { queue, place })
}

macro_rules! sender {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T> {
            queue: Arc<Queue<T>>,
            place: Place,
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                self.queue.add_sender();
                $name { queue: self.queue.clone(), place: self.place }
            }
        }

        impl<T> Drop for $name<T> {
            fn drop(&mut self) {
                self.queue.drop_sender(self.place);
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(stringify!($name))
            }
        }
    };
}

sender!(
    /// Sends within a bound.
    Sender
);
sender!(
    /// Sends without a bound.
    UnboundedSender
);

impl<T> Sender<T> {
    /// Sends; blocked while the channel is full.
    ///
    /// # Errors
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, message: T) -> impl Future<Output = Result<(), SendError<T>>> {
        let place = Location::caller();
        async move { self.queue.send(message, true, place).map_err(SendError) }
    }
}

impl<T> UnboundedSender<T> {
    /// Sends.
    ///
    /// # Errors
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        self.queue.send(message, true, Location::caller()).map_err(SendError)
    }
}

/// Receives.
pub struct Receiver<T> {
    queue: Arc<Queue<T>>,
    place: Place,
}

/// Receives, without a bound.
pub type UnboundedReceiver<T> = Receiver<T>;

impl<T> Receiver<T> {
    /// Receives; `None` when all senders are gone.
    #[track_caller]
    pub fn recv(&mut self) -> impl Future<Output = Option<T>> {
        let place = Location::caller();
        async move { self.queue.receive(true, place).ok() }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.queue.drop_receiver(self.place);
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Receiver")
    }
}
