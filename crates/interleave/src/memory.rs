//! Atomics: which stores a load may read.
//!
//! Each atomic keeps its stores in the order in which they were made. A
//! thread's *view* says how far it is along each: it may read the store it
//! stands at or any later one, never an earlier one. A release store carries
//! its thread's view; an acquire load that reads it takes that view over.
//! SeqCst operations also share one view, and a SeqCst load reads nothing
//! older than it. That is C++20 without fences, without consume, with every
//! store last in modification order, and without reads from the future.

use ::std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use crate::operation::Kind;
use crate::world::{ObjectId, TextId, ThreadId, World};

/// What an atomic load may return.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Memory {
    /// The newest store, always: threads interleave and nothing else happens.
    ///
    /// For a program whose threads share one atomic alone this loses nothing,
    /// since coherence already makes such a program behave as if interleaved.
    #[default]
    Interleaved,
    /// Any store that the C++20 memory model lets it read, as far as modelled.
    Weak,
}

/// How far a thread is along each atomic: the index of a store, by object.
pub(crate) type View = Vec<u32>;

/// One store to an atomic.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub bits: u64,
    pub text: TextId,
    /// What a thread that acquires this store knows from then on.
    pub carries: View,
}

pub(crate) fn seen(view: &View, object: ObjectId) -> u32 {
    view.get(object).copied().unwrap_or(0)
}

pub(crate) fn raise(view: &mut View, object: ObjectId, to: u32) {
    if view.len() <= object {
        view.resize(object + 1, 0);
    }
    view[object] = view[object].max(to);
}

pub(crate) fn join(view: &mut View, other: &View) {
    if view.len() < other.len() {
        view.resize(other.len(), 0);
    }
    for (mine, theirs) in view.iter_mut().zip(other) {
        *mine = (*mine).max(*theirs);
    }
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

impl World {
    /// How many stores a load by `thread` has to choose from.
    pub fn readable(&self, thread: ThreadId, object: ObjectId, order: Ordering) -> usize {
        if self.memory == Memory::Interleaved {
            return 1;
        }
        let stores = self.objects[object].as_ref().expect("a created object").stores.len();
        let mine = self.threads[thread].as_ref().expect("a started thread");
        let mut oldest = seen(&mine.view, object) as usize;
        if order == Ordering::SeqCst {
            oldest = oldest.max(seen(&self.total, object) as usize);
        }
        if mine.spinning && oldest + 1 < stores {
            // A spinning thread goes round again because something is new.
            oldest += 1;
        }
        stores - oldest
    }

    /// Whether `thread` is about to load something it has not seen the last of.
    pub fn unread(&self, thread: ThreadId) -> bool {
        let mine = self.threads[thread].as_ref().expect("a started thread");
        let Some(pending) = mine.pending else {
            return false;
        };
        match (self.memory, pending.operation.kind, pending.operation.object) {
            (Memory::Weak, Kind::Load(_), Some(object)) => {
                let stores = &self.objects[object].as_ref().expect("a created object").stores;
                (seen(&mine.view, object) as usize) + 1 < stores.len()
            }
            _ => false,
        }
    }

    /// Performs a load: the newest store is choice 0, older ones follow.
    pub fn load(&mut self, object: ObjectId, order: Ordering) -> (u64, TextId) {
        let index = self.object(object).stores.len() - 1 - self.choice;
        let store = self.object(object).stores[index].clone();
        self.observe(object, order, index as u32, &store);
        (store.bits, store.text)
    }

    fn observe(&mut self, object: ObjectId, order: Ordering, index: u32, store: &Store) {
        if self.memory == Memory::Interleaved {
            return;
        }
        let mine = &mut self.me().view;
        raise(mine, object, index);
        if acquires(order) {
            join(mine, &store.carries);
        }
        if order == Ordering::SeqCst {
            raise(&mut self.total, object, index);
        }
    }

    /// The newest value.
    pub fn newest(&mut self, object: ObjectId) -> (u64, TextId) {
        let store = self.object(object).stores.last().expect("an atomic holds a value");
        (store.bits, store.text)
    }

    /// Performs a store, which becomes the newest.
    pub fn store(&mut self, object: ObjectId, order: Ordering, bits: u64, text: TextId) {
        self.append(object, order, bits, text, View::default());
    }

    fn append(
        &mut self,
        object: ObjectId,
        order: Ordering,
        bits: u64,
        text: TextId,
        mut carries: View,
    ) {
        if self.memory == Memory::Interleaved {
            let stores = &mut self.object(object).stores;
            stores.clear();
            stores.push(Store { bits, text, carries });
            return;
        }
        let index = self.object(object).stores.len() as u32;
        raise(&mut self.me().view, object, index);
        raise(&mut carries, object, index);
        if releases(order) {
            join(&mut carries, &self.me().view);
        }
        if order == Ordering::SeqCst {
            raise(&mut self.total, object, index);
        }
        self.object(object).stores.push(Store { bits, text, carries });
    }

    /// Performs a read-modify-write: it reads the newest store, always, and
    /// goes on with the release sequence of what it read.
    pub fn update(&mut self, object: ObjectId, order: Ordering, bits: u64, text: TextId) {
        let index = self.object(object).stores.len() as u32 - 1;
        let store = self.object(object).stores[index as usize].clone();
        self.observe(object, order, index, &store);
        self.append(object, order, bits, text, store.carries);
    }

    /// A failed compare-and-exchange: a load that reads the newest store.
    pub fn peek(&mut self, object: ObjectId, order: Ordering) {
        let index = self.object(object).stores.len() as u32 - 1;
        let store = self.object(object).stores[index as usize].clone();
        self.observe(object, order, index, &store);
    }

    /// Makes what the running thread knows available to who acquires `object`.
    pub fn release(&mut self, object: ObjectId) {
        if self.memory == Memory::Weak {
            let mine = self.me().view.clone();
            join(&mut self.object(object).view, &mine);
        }
    }

    /// Takes over what was known at the last release of `object`.
    pub fn acquire(&mut self, object: ObjectId) {
        if self.memory == Memory::Weak {
            let theirs = self.object(object).view.clone();
            join(&mut self.me().view, &theirs);
        }
    }

    /// Atomics and views, numbered from the oldest store that anyone can read.
    pub fn memory_key(&self, key: &mut Vec<u32>) {
        let atomics = self.objects.iter().enumerate().filter_map(|(id, object)| {
            let object = object.as_ref()?;
            (!object.stores.is_empty()).then_some((id, object))
        });
        if self.memory == Memory::Interleaved {
            for (_, object) in atomics {
                let bits = object.stores[0].bits;
                key.extend([bits as u32, (bits >> 32) as u32]);
            }
            return;
        }
        let live = || self.threads.iter().flatten().filter(|thread| !thread.ended);
        let bases: Vec<(ObjectId, u32)> = atomics
            .map(|(id, object)| {
                let newest = object.stores.len() as u32 - 1;
                (id, live().map(|thread| seen(&thread.view, id)).min().unwrap_or(newest))
            })
            .collect();
        let push_view = |view: &View, key: &mut Vec<u32>| {
            key.extend(bases.iter().map(|&(id, base)| seen(view, id).saturating_sub(base)));
        };
        for &(id, base) in &bases {
            let stores =
                &self.objects[id].as_ref().expect("a created object").stores[base as usize..];
            key.push(stores.len() as u32);
            for store in stores {
                key.extend([store.bits as u32, (store.bits >> 32) as u32]);
                push_view(&store.carries, key);
            }
        }
        for thread in live() {
            push_view(&thread.view, key);
            push_view(&thread.unparked, key);
        }
        for object in self.objects.iter().flatten().filter(|object| !object.view.is_empty()) {
            push_view(&object.view, key);
        }
        push_view(&self.total, key);
    }
}
