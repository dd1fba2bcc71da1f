//! Tasks.

use ::std::any::Any;
use ::std::collections::HashMap;
use ::std::fmt;
use ::std::future::Future;
use ::std::panic::Location;
use ::std::pin::Pin;
use ::std::task::{Context, Poll};

use crate::operation::{Kind, Operation};
use crate::runtime::{step, with};
use crate::thread::{Slot, start, take};
use crate::tokio::block_on;
use crate::world::{Object, ObjectId, Place, Sort, ThreadId};

/// Starts a task.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (number, slot) = start(None, || block_on(future));
    JoinHandle { number, slot, place: Location::caller() }
}

/// Lets other tasks run. No step: it marks where a task can be left.
pub async fn yield_now() {
    with(|world| world.me().at_await = true);
}

/// The right to wait for a task and to have its result.
pub struct JoinHandle<T> {
    number: ThreadId,
    slot: Slot<T>,
    place: Place,
}

// SAFETY: all threads of an exploration are coroutines on one real thread.
unsafe impl<T: Send> Send for JoinHandle<T> {}
// SAFETY: as above, and the slot is taken through a unique reference.
unsafe impl<T: Send> Sync for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// Ends the task where it waits next; nothing happens if it has ended.
    #[track_caller]
    pub fn abort(&self) {
        let number = self.number;
        step(Operation::alone(Kind::Abort(number)), Location::caller(), |world| {
            let task = world.thread(number);
            task.aborted = !task.ended;
        });
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(result(take(self.number, &self.slot, self.place)))
    }
}

fn result<T>(taken: Option<::std::thread::Result<T>>) -> Result<T, JoinError> {
    match taken {
        None => Err(JoinError(None)),
        Some(result) => result.map_err(|payload| JoinError(Some(payload))),
    }
}

/// Tasks that are awaited in the order in which they end, and end with the set.
pub struct JoinSet<T> {
    object: ObjectId,
    tasks: HashMap<ThreadId, Slot<T>>,
}

impl<T: Send + 'static> JoinSet<T> {
    /// Creates an empty set.
    #[track_caller]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let tasks = Object::new(Sort::Tasks, Location::caller());
        JoinSet { object: with(|world| world.create(tasks)), tasks: HashMap::new() }
    }

    /// Starts a task in the set.
    pub fn spawn<F: Future<Output = T> + Send + 'static>(&mut self, future: F) {
        let (number, slot) = start(None, || block_on(future));
        with(|world| {
            world.thread(number).set = Some(self.object);
            world.object(self.object).waiters.push(number);
            world.object(self.object).waiters.sort_unstable();
        });
        self.tasks.insert(number, slot);
    }

    /// The result of the next task to end; `None` if the set is empty.
    #[track_caller]
    pub fn join_next(&mut self) -> impl Future<Output = Option<Result<T, JoinError>>> {
        let place = Location::caller();
        async move {
            let number = step(Operation::on(self.object, Kind::JoinNext), place, |world| {
                let ended = &mut world.object(self.object).readers;
                let number = (!ended.is_empty()).then(|| ended.remove(0))?;
                world.know(number as u32);
                Some(number)
            })?;
            let slot = self.tasks.remove(&number).expect("a task of this set");
            Some(result(take(number, &slot, place)))
        }
    }

    /// How many tasks have not been joined.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether all tasks have been joined.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Ends the tasks where they wait next.
    pub fn abort_all(&mut self) {
        with(|world| {
            for &number in self.tasks.keys() {
                let task = world.thread(number);
                task.aborted = !task.ended;
            }
        });
    }
}

impl<T> Drop for JoinSet<T> {
    fn drop(&mut self) {
        with(|world| {
            for &number in self.tasks.keys() {
                let task = world.thread(number);
                task.aborted = !task.ended;
            }
        });
    }
}

impl<T> fmt::Debug for JoinSet<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JoinSet")
    }
}

/// Why a task has no result.
pub struct JoinError(Option<Box<dyn Any + Send>>);

impl JoinError {
    /// Whether it was aborted.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_none()
    }

    /// Whether it panicked.
    pub fn is_panic(&self) -> bool {
        self.0.is_some()
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.is_panic() { "a task panicked" } else { "a task was cancelled" })
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JoinHandle")
    }
}

/// A branch of `join!`: it may borrow, for `join!` waits for it.
#[doc(hidden)]
pub struct Branch<T> {
    number: ThreadId,
    slot: Slot<T>,
    place: Place,
}

#[doc(hidden)]
#[track_caller]
pub fn branch<F: Future>(future: F) -> Branch<F::Output> {
    let (number, slot) = start(None, || block_on(future));
    Branch { number, slot, place: Location::caller() }
}

impl<T> Branch<T> {
    fn finish(self) -> T {
        match take(self.number, &self.slot, self.place) {
            Some(Ok(value)) => value,
            Some(Err(payload)) => ::std::panic::resume_unwind(payload),
            None => unreachable!("nobody can abort a branch"),
        }
    }
}

/// The branches of one `join!`.
#[doc(hidden)]
pub trait Branches {
    type Output;
    fn finish(self) -> Self::Output;
}

macro_rules! branches {
    ($($name:ident)+) => {
        impl<$($name),+> Branches for ($(Branch<$name>,)+) {
            type Output = ($($name,)+);
            #[allow(non_snake_case)]
            fn finish(self) -> Self::Output {
                let ($($name,)+) = self;
                ($($name.finish(),)+)
            }
        }
    };
}
branches!(A);
branches!(A B);
branches!(A B C);
branches!(A B C D);
