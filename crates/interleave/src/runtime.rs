//! Threads of the program under test, as coroutines on one real thread.
//!
//! A coroutine pauses when it announces an operation and goes on when it is
//! chosen. What lies between two announcements is seen by nobody else, so the
//! order in which threads do it does not matter.

use ::std::any::Any;
use ::std::cell::{Cell, RefCell};
use ::std::panic::{self, AssertUnwindSafe};
use ::std::sync::Once;

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use crate::memory;
use crate::operation::{Kind, Operation};
use crate::world::{Pending, Place, ThreadId, World};

/// Of address space; only what is touched takes memory.
const STACK_BYTES: usize = 1024 * 1024;

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
    static YIELDER: Cell<*const Yielder<(), ()>> = const { Cell::new(::std::ptr::null()) };
}

/// Thrown through a coroutine whose run is over.
struct Closing;

/// Calls `body` with the world of the exploration that this code runs in.
///
/// # Panics
/// If it runs in none: interleave's primitives mean nothing outside of one.
pub(crate) fn with<R>(body: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(|world| {
        body(world.as_mut().expect("interleave's primitives work only inside an exploration"))
    })
}

/// Announces `operation`, waits to be chosen, then does `act`.
pub(crate) fn step<R>(operation: Operation, place: Place, act: impl FnOnce(&mut World) -> R) -> R {
    step_at(operation, place, place.line(), act)
}

/// The same, for an operation that no line calls: an unlock at a brace.
pub(crate) fn step_at<R>(
    operation: Operation,
    place: Place,
    line: u32,
    act: impl FnOnce(&mut World) -> R,
) -> R {
    // While a thread unwinds it keeps the baton: a panic unwinds in one step.
    if !::std::thread::panicking() {
        with(|world| {
            world.refresh();
            world.me().pending = Some(Pending { operation, place, line });
        });
        pause();
    } else if with(|world| !world.closing && world.blocked(world.current, operation).is_some()) {
        eprintln!("{place}: a destructor waits while its thread unwinds, which is not modelled");
        ::std::process::abort();
    }
    with(|world| {
        world.me().at_await = false;
        world.me().spinning &= operation.kind.tells_nothing();
        let watched = world.threads.iter().flatten().any(|thread| thread.spinning);
        let before = watched.then(|| world.shared());
        world.me().place = Some(place);
        let history = world.me().history;
        let result = act(world);
        if world.me().history == history {
            world.learn(0);
        }
        if before.is_some_and(|before| before != world.shared()) {
            let current = world.current;
            let others = world.threads.iter_mut().enumerate().filter(|(id, _)| *id != current);
            others
                .filter_map(|(_, thread)| thread.as_mut())
                .for_each(|thread| thread.spinning = false);
        }
        result
    })
}

fn pause() {
    let yielder = YIELDER.get();
    // SAFETY: each coroutine sets it when it begins and again whenever it goes
    // on, so it is that of the coroutine we are in, which lives.
    unsafe { (*yielder).suspend(()) };
    YIELDER.set(yielder);
    if with(|world| world.closing || world.me().aborted) {
        panic::resume_unwind(Box::new(Closing));
    }
}

/// Lets pass what unwinds through a `catch_unwind` of ours because the run is
/// over or the task aborted.
pub(crate) fn pass_on(payload: Box<dyn Any + Send>) -> Box<dyn Any + Send> {
    if payload.is::<Closing>() {
        panic::resume_unwind(payload);
    }
    payload
}

/// A panic's message.
pub fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".into())
}

/// Waits for a thread to end. No step: it follows at once when the thread has.
pub(crate) fn join(thread: ThreadId, place: Place) {
    step(Operation::alone(Kind::Join(thread)), place, |world| {
        let view = world.thread(thread).view.clone();
        memory::join(&mut world.me().view, &view);
        let result = world.thread(thread).history;
        world.know(result);
    });
}

/// Runs `body` as the thread `id`, and notes how it ended.
pub(crate) fn live(id: ThreadId, body: impl FnOnce()) {
    let result = panic::catch_unwind(AssertUnwindSafe(body));
    with(|world| {
        if let Err(payload) = &result
            && !payload.is::<Closing>()
        {
            let message = panic_message(payload.as_ref());
            world.panic.get_or_insert_with(|| message.clone());
            world.thread(id).panicked = Some(message);
        }
        if let Some(set) = world.thread(id).set {
            let tasks = world.object(set);
            tasks.waiters.retain(|&task| task != id);
            tasks.readers.push(id);
        }
        let thread = world.thread(id);
        thread.ended = true;
        thread.pending = None;
        thread.at_await = false;
        thread.learned.clear();
    });
}

type Body = Coroutine<(), (), (), DefaultStack>;

/// The coroutines of a run.
pub(crate) struct Runtime {
    coroutines: Vec<Option<Body>>,
    stacks: Vec<DefaultStack>,
}

impl Runtime {
    pub fn new(world: World) -> Self {
        silence_panics();
        WORLD.set(Some(world));
        Runtime { coroutines: Vec::new(), stacks: Vec::new() }
    }

    /// Starts `main` as thread 0 and lets every thread come to its first step.
    pub fn start(&mut self, main: impl FnOnce() + 'static) {
        with(World::reset);
        self.begin(0, Box::new(main));
        self.settle();
    }

    /// Lets `thread` take its step, the `choice`th of its alternatives.
    pub fn take(&mut self, thread: ThreadId, choice: usize) {
        with(|world| world.choice = choice);
        self.go_on(thread);
        self.settle();
    }

    /// Starts what was spawned and joins what has ended: neither is a step.
    fn settle(&mut self) {
        loop {
            let newborn = with(|world| ::std::mem::take(&mut world.newborn));
            if !newborn.is_empty() {
                for (id, body) in newborn {
                    self.begin(id, body);
                }
                continue;
            }
            let next = with(|world| {
                (0..world.threads.len()).find(|&id| world.ready(id) && world.follows_at_once(id))
            });
            match next {
                Some(id) => self.go_on(id),
                None => return,
            }
        }
    }

    fn begin(&mut self, id: ThreadId, body: Box<dyn FnOnce()>) {
        let stack = self.stacks.pop().unwrap_or_else(|| {
            DefaultStack::new(STACK_BYTES).expect("memory for one more thread's stack")
        });
        let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder<(), ()>, ()| {
            YIELDER.set(yielder);
            live(id, body);
        });
        if self.coroutines.len() <= id {
            self.coroutines.resize_with(id + 1, || None);
        }
        self.coroutines[id] = Some(coroutine);
        self.go_on(id);
    }

    fn go_on(&mut self, id: ThreadId) {
        let Some(mut coroutine) = self.coroutines[id].take() else {
            return;
        };
        with(|world| {
            world.current = id;
            if let Some(Some(thread)) = world.threads.get_mut(id) {
                thread.pending = None;
            }
        });
        let result = coroutine.resume(());
        YIELDER.set(::std::ptr::null());
        match result {
            CoroutineResult::Yield(()) => self.coroutines[id] = Some(coroutine),
            CoroutineResult::Return(()) => self.stacks.push(coroutine.into_stack()),
        }
    }

    /// Ends the run: whoever still waits unwinds, the youngest first, since
    /// it may borrow from the older ones.
    pub fn close(&mut self) {
        with(|world| world.closing = true);
        for id in (0..self.coroutines.len()).rev() {
            while self.coroutines[id].is_some() {
                self.go_on(id);
            }
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.close();
        WORLD.set(None);
    }
}

/// Panics of the program under test are outcomes, not messages.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !YIELDER.get().is_null() {
                return;
            }
            report(info);
        }));
    });
}
