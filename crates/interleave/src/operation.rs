//! Operations: what a thread announces before it does it.

use ::std::sync::atomic::Ordering;

use crate::world::{ObjectId, Sort, TextId, ThreadId, World};

/// What an operation does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Load(Ordering),
    Store(Ordering),
    /// A read-modify-write, by the name of its method.
    Update(&'static str),
    Lock,
    TryLock,
    Unlock,
    LockShared,
    UnlockShared,
    /// A write through a guard.
    Write,
    /// Unlocks and goes to sleep.
    Wait,
    /// Locks again after `Wait`, which slept on the condition `.0`.
    Relock(ObjectId),
    NotifyOne,
    NotifyAll,
    /// Takes so many permits.
    Acquire(i64),
    Release(i64),
    /// Takes the permit that a notification left, or waits for one.
    Notified,
    Arrive,
    /// Leaves the barrier `object` once released.
    Leave,
    /// Enters the initialiser of a `Once`, or finds it done.
    Enter,
    Finish,
    Get,
    Send,
    TrySend,
    Receive,
    TryReceive,
    CloseSender,
    CloseReceiver,
    Park,
    Unpark(ThreadId),
    Join(ThreadId),
    /// Takes the first task of a set that has ended.
    JoinNext,
    Abort(ThreadId),
}

impl Kind {
    /// It tells the thread nothing: a thread that spins can do it and spin on.
    pub fn tells_nothing(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Store(_) | Unlock | UnlockShared | Write | NotifyOne | NotifyAll | Release(_)
        )
    }
}

/// An operation on an object, with the value it brings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Operation {
    pub kind: Kind,
    pub object: Option<ObjectId>,
    pub text: TextId,
}

impl Operation {
    pub fn on(object: ObjectId, kind: Kind) -> Self {
        Operation { kind, object: Some(object), text: 0 }
    }

    pub fn alone(kind: Kind) -> Self {
        Operation { kind, object: None, text: 0 }
    }

    pub fn bringing(self, text: TextId) -> Self {
        Operation { text, ..self }
    }
}

/// Why a thread cannot take its step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Blocked {
    /// Someone holds what it needs.
    Held(ObjectId, ThreadId),
    /// It sleeps until someone tells it.
    Asleep(ObjectId),
    /// Nothing is there to take.
    Empty(ObjectId),
    /// No room is left.
    Full(ObjectId),
    Parked,
    Unfinished(ThreadId),
    /// It spins, and nothing has changed since it last looked.
    Unchanged,
}

impl World {
    /// Why `thread` cannot do `operation` now, if it cannot.
    pub fn blocked(&self, thread: ThreadId, operation: Operation) -> Option<Blocked> {
        let Some(id) = operation.object else {
            return match operation.kind {
                Kind::Park if !self.threads[thread].as_ref()?.permit => Some(Blocked::Parked),
                Kind::Join(other) if !self.threads[other].as_ref()?.ended => {
                    Some(Blocked::Unfinished(other))
                }
                _ => None,
            };
        };
        let object = self.objects[id].as_ref().expect("a created object");
        let held = || object.owner.map(|owner| Blocked::Held(id, owner));
        match operation.kind {
            Kind::Lock if object.sort == Sort::Lock => {
                held().or_else(|| object.readers.first().map(|&reader| Blocked::Held(id, reader)))
            }
            Kind::LockShared | Kind::Enter => held(),
            Kind::Relock(condition) => {
                let condition_object = self.objects[condition].as_ref().expect("a created object");
                if condition_object.waiters.contains(&thread) {
                    return Some(Blocked::Asleep(condition));
                }
                held()
            }
            Kind::Acquire(permits) if object.count < permits && !object.flag => {
                match object.owner {
                    Some(owner) => Some(Blocked::Held(id, owner)),
                    None => Some(Blocked::Empty(id)),
                }
            }
            Kind::Notified | Kind::Leave if object.waiters.contains(&thread) => {
                Some(Blocked::Asleep(id))
            }
            Kind::Send
                if !object.flag && object.limit.is_some_and(|limit| object.count >= limit) =>
            {
                Some(Blocked::Full(id))
            }
            Kind::JoinNext if object.readers.is_empty() && !object.waiters.is_empty() => {
                Some(Blocked::Empty(id))
            }
            Kind::Receive if object.count == 0 && object.senders > 0 => Some(Blocked::Empty(id)),
            _ => None,
        }
    }

    /// Why `thread` cannot go on, spinning included.
    pub fn reason(&self, thread: ThreadId) -> Option<Blocked> {
        let mine = self.threads[thread].as_ref()?;
        let operation = mine.pending?.operation;
        if self.waits_for_change(thread) {
            return Some(Blocked::Unchanged);
        }
        self.blocked(thread, operation)
    }

    /// In how many ways `thread` can take its step.
    pub fn alternatives(&self, thread: ThreadId) -> usize {
        let mine = self.threads[thread].as_ref().expect("a started thread");
        let Some(operation) = mine.pending.map(|pending| pending.operation) else {
            return 0;
        };
        let Some(id) = operation.object else { return 1 };
        match operation.kind {
            Kind::Load(order) => self.readable(thread, id, order),
            Kind::NotifyOne => {
                self.objects[id].as_ref().expect("a created object").waiters.len().max(1)
            }
            _ => 1,
        }
    }
}
