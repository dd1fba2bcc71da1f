//! Channels for one message.

use ::std::fmt;
use ::std::future::Future;
use ::std::panic::Location;
use ::std::pin::Pin;
use ::std::sync::Arc;
use ::std::task::{Context, Poll};

use crate::channel::Queue;
use crate::world::Place;

/// Creates a channel for one message.
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let place = Location::caller();
    let queue = Queue::new(None, place);
    (Sender { queue: queue.clone(), place }, Receiver { queue, place })
}

/// Sends, once.
pub struct Sender<T> {
    queue: Arc<Queue<T>>,
    place: Place,
}

impl<T> Sender<T> {
    /// Sends.
    ///
    /// # Errors
    /// The message, if the receiver is gone.
    #[track_caller]
    pub fn send(self, message: T) -> Result<(), T> {
        self.queue.send(message, true, Location::caller())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.queue.drop_sender(self.place);
    }
}

/// Receives, once, by being awaited.
pub struct Receiver<T> {
    queue: Arc<Queue<T>>,
    place: Place,
}

/// The sender was dropped without sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecvError(());

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(self.queue.receive(true, self.place).map_err(|_| RecvError(())))
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.queue.drop_receiver(self.place);
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sender")
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Receiver")
    }
}
