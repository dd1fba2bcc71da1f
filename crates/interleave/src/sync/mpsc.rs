//! Channels: sending, receiving and dropping an end are steps.

use ::std::fmt;
use ::std::panic::Location;
use ::std::sync::Arc;
pub use ::std::sync::mpsc::{RecvError, SendError, TryRecvError, TrySendError};

use crate::channel::{Nothing, Queue};
use crate::world::Place;

/// Creates a channel without a bound.
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let place = Location::caller();
    let queue = Queue::new(None, place);
    (Sender { queue: queue.clone(), place }, Receiver { queue, place })
}

/// Creates a channel that holds `bound` messages.
///
/// # Panics
/// If the bound is 0: a rendezvous is not modelled.
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    assert!(bound > 0, "a channel without room, a rendezvous, is not modelled");
    let place = Location::caller();
    let queue = Queue::new(Some(bound), place);
    (SyncSender { queue: queue.clone(), place }, Receiver { queue, place })
}

macro_rules! sender {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T> {
            queue: Arc<Queue<T>>,
            place: Place,
        }

        impl<T> $name<T> {
            /// Sends; blocked while there is a bound and it is reached.
            ///
            /// # Errors
            /// The message, if the receiver is gone.
            #[track_caller]
            pub fn send(&self, message: T) -> Result<(), SendError<T>> {
                self.queue.send(message, true, Location::caller()).map_err(SendError)
            }
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
    /// Sends without a bound.
    Sender
);
sender!(
    /// Sends within a bound.
    SyncSender
);

impl<T> SyncSender<T> {
    /// Sends if there is room.
    ///
    /// # Errors
    /// The message, if there is none or the receiver is gone.
    #[track_caller]
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        let sent = self.queue.send(message, false, Location::caller());
        sent.map_err(|message| match self.queue.is_closed() {
            true => TrySendError::Disconnected(message),
            false => TrySendError::Full(message),
        })
    }
}

/// Receives.
pub struct Receiver<T> {
    queue: Arc<Queue<T>>,
    place: Place,
}

impl<T> Receiver<T> {
    /// Receives; blocked while there is nothing and someone could send.
    ///
    /// # Errors
    /// If there is nothing and all senders are gone.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.queue.receive(true, Location::caller()).map_err(|_| RecvError)
    }

    /// Receives what is there.
    ///
    /// # Errors
    /// If there is nothing yet, or ever.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.queue.receive(false, Location::caller()).map_err(|nothing| match nothing {
            Nothing::Yet => TryRecvError::Empty,
            Nothing::Ever => TryRecvError::Disconnected,
        })
    }

    /// Receives until all senders are gone.
    #[track_caller]
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { receiver: self, place: Location::caller() }
    }
}

/// What [`Receiver::iter`] returns.
#[derive(Debug)]
pub struct Iter<'a, T> {
    receiver: &'a Receiver<T>,
    place: Place,
}

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.queue.receive(true, self.place).ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    #[track_caller]
    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// What a [`Receiver`] that is used up by a loop becomes.
#[derive(Debug)]
pub struct IntoIter<T> {
    receiver: Receiver<T>,
    place: Place,
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.queue.receive(true, self.place).ok()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    #[track_caller]
    fn into_iter(self) -> IntoIter<T> {
        IntoIter { receiver: self, place: Location::caller() }
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
