//! `std::thread`, modelled: starting and joining are no steps, parking is one.

use ::std::cell::RefCell;
use ::std::fmt;
use ::std::io;
use ::std::marker::PhantomData;
use ::std::panic::{self, AssertUnwindSafe, Location};
use ::std::rc::Rc;

pub use ::std::thread::{AccessError, Result, panicking};

use crate::operation::{Kind, Operation};
use crate::runtime::{join, pass_on, step, with};
use crate::show::show;
use crate::world::{Place, ThreadId as Number};

pub(crate) type Slot<T> = Rc<RefCell<Option<Result<T>>>>;

/// Starts a thread that runs `body` and leaves its result in the slot.
pub(crate) fn start<'a, T: 'a>(
    name: Option<String>,
    body: impl FnOnce() -> T + 'a,
) -> (Number, Slot<T>) {
    let slot: Slot<T> = Rc::default();
    let filled = slot.clone();
    let run = move || {
        let result = panic::catch_unwind(AssertUnwindSafe(body)).map_err(pass_on);
        with(|world| {
            // What the thread knew dies with it, but for what it returns.
            let shown = match &result {
                // SAFETY: the value is ours.
                Ok(value) => unsafe { show::<T>((&raw const *value).cast()) },
                Err(_) => Some("\0panic".into()),
            };
            if let Some(shown) = shown {
                let text = world.text(shown);
                world.me().history = 0;
                world.me().place = None;
                world.learn(text);
            }
        });
        match result {
            Ok(value) => *filled.borrow_mut() = Some(Ok(value)),
            Err(payload) => {
                let message = crate::runtime::panic_message(payload.as_ref());
                *filled.borrow_mut() = Some(Err(payload));
                panic::resume_unwind(Box::new(message));
            }
        }
    };
    let run: Box<dyn FnOnce() + 'a> = Box::new(run);
    // SAFETY: what `body` borrows outlives the coroutine: for `spawn` it is
    // 'static, a scope joins its threads before it ends, and a run that is
    // closed early unwinds its youngest threads first.
    let run: Box<dyn FnOnce() + 'static> = unsafe { ::std::mem::transmute(run) };
    (with(|world| world.spawn(name, run)), slot)
}

/// Waits for a thread and takes its result; `None` if it was aborted.
pub(crate) fn take<T>(number: Number, slot: &Slot<T>, place: Place) -> Option<Result<T>> {
    join(number, place);
    slot.borrow_mut().take()
}

/// Starts a thread.
pub fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let (number, slot) = start(None, body);
    JoinHandle { thread: Thread { number }, slot }
}

/// The right to wait for a thread and to have its result.
pub struct JoinHandle<T> {
    thread: Thread,
    slot: Slot<T>,
}

// SAFETY: all threads of an exploration are coroutines on one real thread.
unsafe impl<T: Send> Send for JoinHandle<T> {}
// SAFETY: as above, and the slot is taken by value.
unsafe impl<T: Send> Sync for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// Waits for the thread to end.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        take(self.thread.number, &self.slot, Location::caller()).expect("threads are not aborted")
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

/// Settings of a thread that is to be started: its name.
#[derive(Debug, Default)]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// No name yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the thread.
    pub fn name(self, name: String) -> Self {
        Builder { name: Some(name) }
    }

    /// Starts the thread; this never fails here.
    pub fn spawn<T: Send + 'static>(
        self,
        body: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<JoinHandle<T>> {
        let (number, slot) = start(self.name, body);
        Ok(JoinHandle { thread: Thread { number }, slot })
    }

    /// Starts a thread of `scope`; this never fails here.
    pub fn spawn_scoped<'scope, T: Send + 'scope>(
        self,
        scope: &'scope Scope<'scope, '_>,
        body: impl FnOnce() -> T + Send + 'scope,
    ) -> io::Result<ScopedJoinHandle<'scope, T>> {
        Ok(scope.start(self.name, body))
    }
}

/// Within which threads may borrow.
pub struct Scope<'scope, 'env: 'scope> {
    threads: RefCell<Vec<Number>>,
    joined: RefCell<Vec<Number>>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

// SAFETY: all threads of an exploration are coroutines on one real thread.
unsafe impl Sync for Scope<'_, '_> {}

/// Runs `body`, which may start threads that borrow, and waits for them all.
#[track_caller]
pub fn scope<'env, T>(body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T) -> T {
    let place = Location::caller();
    let scope = Scope {
        threads: RefCell::default(),
        joined: RefCell::default(),
        scope: PhantomData,
        env: PhantomData,
    };
    let result = panic::catch_unwind(AssertUnwindSafe(|| body(&scope))).map_err(pass_on);
    let threads = scope.threads.borrow().clone();
    for &thread in &threads {
        join(thread, place);
    }
    let unseen = threads.iter().any(|thread| {
        !scope.joined.borrow().contains(thread)
            && with(|world| world.thread(*thread).panicked.is_some())
    });
    match result {
        Err(payload) => panic::resume_unwind(payload),
        Ok(_) if unseen => panic!("a scoped thread panicked"),
        Ok(value) => value,
    }
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread that may borrow what outlives the scope.
    pub fn spawn<T: Send + 'scope>(
        &'scope self,
        body: impl FnOnce() -> T + Send + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        self.start(None, body)
    }

    fn start<T: 'scope>(
        &'scope self,
        name: Option<String>,
        body: impl FnOnce() -> T + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        let (number, slot) = start(name, body);
        self.threads.borrow_mut().push(number);
        ScopedJoinHandle { thread: Thread { number }, slot, joined: &self.joined }
    }
}

/// The right to wait for a scoped thread and to have its result.
pub struct ScopedJoinHandle<'scope, T> {
    thread: Thread,
    slot: Slot<T>,
    joined: &'scope RefCell<Vec<Number>>,
}

// SAFETY: all threads of an exploration are coroutines on one real thread.
unsafe impl<T: Send> Send for ScopedJoinHandle<'_, T> {}
// SAFETY: as above, and the slot is taken by value.
unsafe impl<T: Send> Sync for ScopedJoinHandle<'_, T> {}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the thread to end.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        self.joined.borrow_mut().push(self.thread.number);
        take(self.thread.number, &self.slot, Location::caller()).expect("threads are not aborted")
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

/// A thread, to be unparked or told from others.
#[derive(Clone, Debug)]
pub struct Thread {
    number: Number,
}

/// A thread's identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ThreadId(Number);

impl Thread {
    /// Lets the thread's next, or present, `park` return.
    #[track_caller]
    pub fn unpark(&self) {
        let number = self.number;
        step(Operation::alone(Kind::Unpark(number)), Location::caller(), |world| {
            let view = world.me().view.clone();
            let other = world.thread(number);
            other.permit = true;
            other.unparked = view;
        });
    }

    /// Its identity.
    pub fn id(&self) -> ThreadId {
        ThreadId(self.number)
    }
}

/// The thread that asks.
pub fn current() -> Thread {
    Thread { number: with(|world| world.current) }
}

/// Waits to be unparked. It returns for no other reason here.
#[track_caller]
pub fn park() {
    step(Operation::alone(Kind::Park), Location::caller(), |world| {
        let me = world.me();
        me.permit = false;
        let view = ::std::mem::take(&mut me.unparked);
        crate::memory::join(&mut me.view, &view);
    });
}

/// Lets others run. No step: it marks where a cooperative thread can be left.
pub fn yield_now() {
    with(|world| world.me().at_await = true);
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JoinHandle")
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ScopedJoinHandle")
    }
}
