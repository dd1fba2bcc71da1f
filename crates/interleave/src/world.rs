//! One run of the program under test: its shared objects, its threads, and
//! what each thread is about to do.
//!
//! The world knows nothing of schedules. It says which threads can go on and
//! in how many ways; [`crate::explorer`] chooses.

use ::std::collections::HashMap;
use ::std::hash::Hash;
use ::std::panic::Location;

use crate::memory::{Memory, Store, View};
use crate::operation::{Kind, Operation};

/// A place in the source: where an operation was called.
pub(crate) type Place = &'static Location<'static>;

/// `counter.rs:10`.
pub(crate) fn file_and_line(place: Place, line: u32) -> String {
    let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
    format!("{file}:{line}")
}

/// A thread's number; 0 is the thread that the scenario starts on.
pub(crate) type ThreadId = usize;
/// A shared object's number.
pub(crate) type ObjectId = usize;
/// An interned text; 0 is the empty one.
pub(crate) type TextId = u32;

/// Gives equal things equal numbers, for as long as the exploration lasts.
pub(crate) struct Interner<T> {
    numbers: HashMap<T, u32>,
    things: Vec<T>,
}

impl<T: Clone + Eq + Hash> Interner<T> {
    pub fn new() -> Self {
        Interner { numbers: HashMap::new(), things: Vec::new() }
    }

    pub fn starting_with(first: T) -> Self {
        let mut interner = Interner::new();
        interner.number(first);
        interner
    }

    pub fn number(&mut self, thing: T) -> u32 {
        if let Some(&number) = self.numbers.get(&thing) {
            return number;
        }
        let number = self.things.len() as u32;
        self.things.push(thing.clone());
        self.numbers.insert(thing, number);
        number
    }

    pub fn all(&self) -> &[T] {
        &self.things
    }
}

/// What outlives a run: numbers that mean the same in every run.
pub(crate) struct Tables {
    pub texts: Interner<String>,
    /// A history is the one before it and what was learned since.
    pub histories: Interner<(u32, TextId)>,
    /// The thread started by thread `.0` as its `.1`th.
    pub threads: Interner<(ThreadId, usize)>,
    /// The object created by thread `.0` as its `.1`th.
    pub objects: Interner<(ThreadId, usize)>,
}

impl Tables {
    pub fn new() -> Self {
        let mut tables = Tables {
            texts: Interner::starting_with(String::new()),
            histories: Interner::starting_with((u32::MAX, 0)),
            threads: Interner::starting_with((usize::MAX, 0)),
            objects: Interner::new(),
        };
        for small in 0..10 {
            tables.texts.number(small.to_string());
        }
        tables
    }
}

/// What an object is; it decides how its value is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    Atomic,
    Lock,
    Condvar,
    Semaphore,
    Notify,
    Barrier,
    Once,
    Channel,
    /// Tasks that are waited for in the order in which they end: `waiters` run,
    /// `readers` have ended.
    Tasks,
}

/// A shared object. One form serves every sort; what a sort has no use for
/// stays empty.
#[derive(Clone)]
pub(crate) struct Object {
    pub sort: Sort,
    pub created: Place,
    /// The stores of an atomic, oldest first; the last is the newest.
    pub stores: Vec<Store>,
    /// Who holds it alone.
    pub owner: Option<ThreadId>,
    /// Who shares it for reading.
    pub readers: Vec<ThreadId>,
    /// Who sleeps until told.
    pub waiters: Vec<ThreadId>,
    /// Permits left, messages waiting, threads arrived, senders alive.
    pub count: i64,
    pub limit: Option<i64>,
    pub senders: i64,
    /// Poisoned, closed, done.
    pub flag: bool,
    /// What it holds, as text.
    pub text: TextId,
    /// What has happened before its last release.
    pub view: View,
}

impl Object {
    pub fn new(sort: Sort, created: Place) -> Self {
        Object {
            sort,
            created,
            stores: Vec::new(),
            owner: None,
            readers: Vec::new(),
            waiters: Vec::new(),
            count: 0,
            limit: None,
            senders: 0,
            flag: false,
            text: 0,
            view: View::default(),
        }
    }
}

/// A value behind a lock that a thread holds: read again before each step.
pub(crate) struct Held {
    pub object: ObjectId,
    pub address: *const (),
    pub show: unsafe fn(*const ()) -> Option<String>,
}

/// An operation announced and not yet done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pending {
    pub operation: Operation,
    pub place: Place,
    /// The source line, where it is not that of `place` (an unlock at a brace).
    pub line: u32,
}

pub(crate) struct Thread {
    pub name: Option<String>,
    /// `None` while it runs or when it has ended.
    pub pending: Option<Pending>,
    pub ended: bool,
    pub panicked: Option<String>,
    /// All it has learned so far; with the program, this fixes what it does next.
    pub history: u32,
    pub view: View,
    /// It stands at an await or a yield: a cooperative switch is allowed here.
    pub at_await: bool,
    /// It spins: nothing new until shared state changes.
    pub spinning: bool,
    /// Histories at the first visit of each spin hint.
    pub rounds: Vec<(Place, u32)>,
    /// Its next park returns at once.
    pub permit: bool,
    /// What whoever unparked it knew.
    pub unparked: View,
    pub aborted: bool,
    /// The set of tasks to tell when it ends.
    pub set: Option<ObjectId>,
    pub held: Vec<Held>,
    /// Where it last learned which value: what its locals hold.
    pub learned: Vec<(Place, TextId)>,
    /// The operation it is doing or did last.
    pub place: Option<Place>,
    created: usize,
    spawned: usize,
}

impl Thread {
    fn new(name: Option<String>, view: View) -> Self {
        Thread {
            name,
            pending: None,
            ended: false,
            panicked: None,
            history: 0,
            view,
            at_await: false,
            spinning: false,
            rounds: Vec::new(),
            permit: false,
            unparked: View::default(),
            aborted: false,
            set: None,
            held: Vec::new(),
            learned: Vec::new(),
            place: None,
            created: 0,
            spawned: 0,
        }
    }
}

/// The state of one run.
pub(crate) struct World {
    pub tables: Tables,
    pub memory: Memory,
    /// Indexed by [`ThreadId`]; `None` is a thread this run has not started.
    pub threads: Vec<Option<Thread>>,
    /// Indexed by [`ObjectId`].
    pub objects: Vec<Option<Object>>,
    pub current: ThreadId,
    /// Which of an operation's alternatives was chosen.
    pub choice: usize,
    /// Bodies of threads that were spawned and have not begun.
    pub newborn: Vec<(ThreadId, Box<dyn FnOnce()>)>,
    /// The message of the first panic.
    pub panic: Option<String>,
    /// The run is over: what is left unwinds without being observed.
    pub closing: bool,
    /// For each object, the last store that a SeqCst operation touched.
    pub total: View,
}

impl World {
    pub fn new(memory: Memory) -> Self {
        World {
            tables: Tables::new(),
            memory,
            threads: Vec::new(),
            objects: Vec::new(),
            current: 0,
            choice: 0,
            newborn: Vec::new(),
            panic: None,
            closing: false,
            total: View::default(),
        }
    }

    /// Forgets the run, keeps the tables.
    pub fn reset(&mut self) {
        self.threads.clear();
        self.threads.push(Some(Thread::new(None, View::default())));
        self.objects.clear();
        self.current = 0;
        self.newborn.clear();
        self.panic = None;
        self.closing = false;
        self.total.clear();
    }

    pub fn thread(&mut self, id: ThreadId) -> &mut Thread {
        self.threads[id].as_mut().expect("a started thread")
    }

    pub fn me(&mut self) -> &mut Thread {
        self.thread(self.current)
    }

    pub fn object(&mut self, id: ObjectId) -> &mut Object {
        self.objects[id].as_mut().expect("a created object")
    }

    /// Numbers a new object. The number depends on who creates it and how
    /// many it has created before, and so not on the schedule.
    pub fn create(&mut self, object: Object) -> ObjectId {
        let current = self.current;
        let nth = self.me().created;
        self.me().created += 1;
        let id = self.tables.objects.number((current, nth)) as usize;
        if self.objects.len() <= id {
            self.objects.resize_with(id + 1, || None);
        }
        self.objects[id] = Some(object);
        id
    }

    pub fn spawn(&mut self, name: Option<String>, body: Box<dyn FnOnce()>) -> ThreadId {
        let current = self.current;
        let nth = self.me().spawned;
        self.me().spawned += 1;
        let view = self.me().view.clone();
        let id = self.tables.threads.number((current, nth)) as usize;
        if self.threads.len() <= id {
            self.threads.resize_with(id + 1, || None);
        }
        self.threads[id] = Some(Thread::new(name, view));
        self.newborn.push((id, body));
        id
    }

    /// Adds to what the running thread knows.
    pub fn know(&mut self, number: u32) {
        let history = self.me().history;
        self.me().history = self.tables.histories.number((history, number));
    }

    /// Records the value that the running thread's operation gave it.
    pub fn learn(&mut self, text: TextId) {
        self.know(text);
        let me = self.me();
        if let Some(place) = me.place.filter(|_| text != 0) {
            me.learned.retain(|&(other, _)| other != place);
            me.learned.push((place, text));
        }
    }

    pub fn text(&mut self, text: impl Into<String>) -> TextId {
        self.tables.texts.number(text.into())
    }

    /// Reads again what is behind the locks that the running thread holds.
    pub fn refresh(&mut self) {
        let me = self.current;
        for index in 0..self.me().held.len() {
            let held = &self.me().held[index];
            let object = held.object;
            // SAFETY: an entry is there only while its guard lives, and the
            // guard borrows the lock that owns the value, so the address holds;
            // the thread that could write there is the one that is announcing.
            if let Some(text) = unsafe { (held.show)(held.address) } {
                let text = self.text(text);
                self.object(object).text = text;
            }
        }
        debug_assert_eq!(me, self.current);
    }

    /// Everything by which two states can differ, in a fixed order.
    pub fn key(&self) -> Vec<u32> {
        let mut key = Vec::with_capacity(8 * (self.objects.len() + self.threads.len()));
        self.memory_key(&mut key);
        for object in self.objects.iter() {
            let Some(object) = object else {
                key.push(u32::MAX);
                continue;
            };
            if object.sort == Sort::Atomic {
                continue;
            }
            key.push(object.text);
            key.push(object.owner.map_or(0, |owner| owner as u32 + 1));
            key.push(object.flag as u32 | (object.senders as u32) << 1);
            key.push(object.count as u32);
            for list in [&object.readers, &object.waiters] {
                key.push(list.len() as u32);
                key.extend(list.iter().map(|&thread| thread as u32));
            }
        }
        for thread in &self.threads {
            let Some(thread) = thread else {
                key.push(u32::MAX);
                continue;
            };
            let flags =
                [thread.ended, thread.at_await, thread.spinning, thread.permit, thread.aborted];
            key.push(flags.iter().fold(0, |all, &flag| all << 1 | flag as u32));
            key.push(thread.history);
        }
        key
    }

    /// What the shared objects hold: what a spinning thread waits to see change.
    pub fn shared(&self) -> Vec<(u64, TextId, i64, bool, Option<ThreadId>)> {
        self.objects
            .iter()
            .flatten()
            .map(|object| {
                let newest = object.stores.last().map_or(0, |store| store.bits);
                (
                    newest ^ (object.stores.len() as u64) << 56,
                    object.text,
                    object.count,
                    object.flag,
                    object.owner,
                )
            })
            .collect()
    }

    /// Whether a thread can take its step now; joins count too.
    pub fn ready(&self, id: ThreadId) -> bool {
        let Some(Some(thread)) = self.threads.get(id) else {
            return false;
        };
        let Some(pending) = thread.pending else {
            return false;
        };
        if thread.aborted {
            return true;
        }
        !self.waits_for_change(id) && self.blocked(id, pending.operation).is_none()
    }

    /// Whether a thread can be chosen for a step.
    pub fn enabled(&self, id: ThreadId) -> bool {
        self.ready(id) && !self.follows_at_once(id)
    }

    /// A join or a wake-up is no step: it follows at once, without a choice.
    pub fn follows_at_once(&self, id: ThreadId) -> bool {
        let thread = self.threads[id].as_ref().expect("a started thread");
        thread.aborted || matches!(thread.pending.map(|p| p.operation.kind), Some(Kind::Join(_)))
    }

    /// Whether it spins, would look again, and nothing has changed.
    pub fn waits_for_change(&self, id: ThreadId) -> bool {
        let thread = self.threads[id].as_ref().expect("a started thread");
        let looks = thread.pending.is_some_and(|pending| !pending.operation.kind.tells_nothing());
        thread.spinning && looks && !self.unread(id)
    }
}
