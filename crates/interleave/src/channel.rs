//! The queue under every channel.

use ::std::cell::RefCell;
use ::std::collections::VecDeque;
use ::std::sync::Arc;

use crate::operation::{Kind, Operation};
use crate::runtime::{step, with};
use crate::show::show;
use crate::world::{Object, ObjectId, Place, Sort, World};

/// Messages on their way, with what is known of both ends.
pub(crate) struct Queue<T> {
    object: ObjectId,
    messages: RefCell<VecDeque<T>>,
}

// SAFETY: all threads of an exploration are coroutines on one real thread.
unsafe impl<T: Send> Send for Queue<T> {}
// SAFETY: as above, and no borrow of the messages outlives a step.
unsafe impl<T: Send> Sync for Queue<T> {}

/// Why nothing was received.
pub(crate) enum Nothing {
    Yet,
    Ever,
}

impl<T> Queue<T> {
    /// A queue with one sender and its receiver.
    pub fn new(limit: Option<usize>, place: Place) -> Arc<Self> {
        let mut object = Object::new(Sort::Channel, place);
        object.limit = limit.map(|limit| limit as i64);
        object.senders = 1;
        let object = with(|world| world.create(object));
        Arc::new(Queue { object, messages: RefCell::default() })
    }

    /// Shows the messages, or counts them where their type is not a plain one.
    fn changed(&self, world: &mut World) {
        let messages = self.messages.borrow();
        let shown = messages.iter().map(|message| {
            // SAFETY: the message is ours.
            unsafe { show::<T>((&raw const *message).cast()) }
        });
        let shown: Option<Vec<String>> = shown.collect();
        let text = match shown {
            Some(shown) if !shown.is_empty() => world.text(shown.join(", ")),
            Some(_) => 0,
            None => {
                let (thread, history) = (world.current, world.me().history);
                world.text(format!("\0{thread}.{history}"))
            }
        };
        world.object(self.object).text = text;
        world.object(self.object).count = messages.len() as i64;
    }

    /// Puts a message in; blocked while the queue is full. The message comes
    /// back when the receiver is gone, or `wait` is off and there is no room.
    pub fn send(&self, message: T, wait: bool, place: Place) -> Result<(), T> {
        // SAFETY: the message is ours.
        let text = unsafe { show::<T>((&raw const message).cast()) }.unwrap_or_default();
        let text = with(|world| world.text(text));
        let kind = if wait { Kind::Send } else { Kind::TrySend };
        step(Operation::on(self.object, kind).bringing(text), place, |world| {
            let channel = world.object(self.object);
            let full = channel.limit.is_some_and(|limit| channel.count >= limit);
            if channel.flag || full {
                world.know(1);
                return Err(message);
            }
            world.release(self.object);
            self.messages.borrow_mut().push_back(message);
            self.changed(world);
            Ok(())
        })
    }

    /// Takes the oldest message; blocked while there is none and `wait` is on.
    pub fn receive(&self, wait: bool, place: Place) -> Result<T, Nothing> {
        let kind = if wait { Kind::Receive } else { Kind::TryReceive };
        step(Operation::on(self.object, kind), place, |world| {
            world.acquire(self.object);
            let before = world.object(self.object).text;
            let message = self.messages.borrow_mut().pop_front();
            let message = match message {
                Some(message) => message,
                None if world.object(self.object).senders > 0 => {
                    world.know(1);
                    return Err(Nothing::Yet);
                }
                None => {
                    world.know(2);
                    return Err(Nothing::Ever);
                }
            };
            // SAFETY: the message is ours.
            match unsafe { show::<T>((&raw const message).cast()) } {
                Some(text) => {
                    let text = world.text(text);
                    world.learn(text);
                }
                None => world.know(before),
            }
            self.changed(world);
            Ok(message)
        })
    }

    /// Whether the receiver is gone. No step: asked right after one.
    pub fn is_closed(&self) -> bool {
        with(|world| world.object(self.object).flag)
    }

    /// One more sender. No step: while its origin lives it changes nothing.
    pub fn add_sender(&self) {
        with(|world| world.object(self.object).senders += 1);
    }

    pub fn drop_sender(&self, place: Place) {
        step(Operation::on(self.object, Kind::CloseSender), place, |world| {
            world.release(self.object);
            world.object(self.object).senders -= 1;
        });
    }

    pub fn drop_receiver(&self, place: Place) {
        step(Operation::on(self.object, Kind::CloseReceiver), place, |world| {
            world.object(self.object).flag = true;
            let messages = self.messages.take();
            self.changed(world);
            messages
        });
    }
}
