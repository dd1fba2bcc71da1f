//! The search: every state, every step out of it.
//!
//! A run cannot be rewound, so each one starts anew, replays the way to a
//! state that has a step not yet taken, takes it, and goes on until it meets
//! a state that is known. The number of runs is the number of such meetings.

use ::std::cell::RefCell;
use ::std::collections::HashMap;
use ::std::rc::Rc;

use crate::fault::Error;
use crate::memory::Memory;
use crate::operation::{Blocked, Kind};
use crate::runtime::{Runtime, with};
use crate::world::{Object, Pending, Place, Sort, TextId, ThreadId, World, file_and_line};

/// How a run ends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum End {
    /// The program ends with this result.
    Text(String),
    Deadlock,
    Livelock,
    Panic(String),
}

/// Where a thread stands in a state.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Stand {
    /// `None` when it has ended or has not been started.
    pub pending: Option<Pending>,
    pub ended: bool,
    pub reason: Option<Blocked>,
    pub at_await: bool,
    pub learned: Vec<(Place, TextId)>,
}

/// What of an object can be seen.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Shown {
    pub text: TextId,
    pub owner: Option<ThreadId>,
    pub readers: Vec<ThreadId>,
    pub waiters: Vec<ThreadId>,
    pub count: i64,
    pub flag: bool,
}

/// What tells one alternative of a step from another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Note {
    Reads(TextId),
    Wakes(ThreadId),
}

pub(crate) struct Step {
    pub thread: ThreadId,
    pub choice: usize,
    pub note: Option<Note>,
    pub to: Option<usize>,
}

pub(crate) struct Node {
    /// The state and step by which it was first reached.
    parent: Option<(usize, usize)>,
    pub steps: Vec<Step>,
    /// Steps tried so far.
    tried: usize,
    pub values: Vec<Shown>,
    pub stands: Vec<Stand>,
    pub end: Option<End>,
}

/// What exploring found, before it is given names.
pub(crate) struct Found {
    pub nodes: Vec<Node>,
    pub texts: Vec<String>,
    pub thread_names: Vec<Option<String>>,
    /// Where each object was created, and of which sort it is.
    pub objects: Vec<(Place, Sort)>,
}

pub(crate) struct Explorer<'a> {
    main: &'a dyn Fn() -> String,
    limit: usize,
    known: HashMap<Vec<u32>, usize>,
    nodes: Vec<Node>,
    thread_names: Vec<Option<String>>,
    objects: Vec<Option<(Place, Sort)>>,
}

impl<'a> Explorer<'a> {
    pub fn new(main: &'a dyn Fn() -> String, limit: usize) -> Self {
        Explorer {
            main,
            limit,
            known: HashMap::new(),
            nodes: Vec::new(),
            thread_names: Vec::new(),
            objects: Vec::new(),
        }
    }

    pub fn explore(mut self, memory: Memory) -> Result<Found, Error> {
        let mut runtime = Runtime::new(World::new(memory));
        let mut open = vec![];
        loop {
            let end = self.start(&mut runtime);
            let mut at = match open.last() {
                None => {
                    let root = self.arrive(None, &end)?.0;
                    open.push(root);
                    root
                }
                Some(&state) => {
                    self.replay(&mut runtime, state)?;
                    state
                }
            };
            while self.nodes[at].tried < self.nodes[at].steps.len() {
                let nth = self.nodes[at].tried;
                self.nodes[at].tried += 1;
                let step = &self.nodes[at].steps[nth];
                runtime.take(step.thread, step.choice);
                let (to, new) = self.arrive(Some((at, nth)), &end)?;
                self.nodes[at].steps[nth].to = Some(to);
                if !new {
                    break;
                }
                open.push(to);
                at = to;
            }
            runtime.close();
            while open
                .last()
                .is_some_and(|&state| self.nodes[state].tried == self.nodes[state].steps.len())
            {
                open.pop();
            }
            if open.is_empty() {
                break;
            }
        }
        let texts = with(|world| world.tables.texts.all().to_vec());
        drop(runtime);
        let objects =
            self.objects.into_iter().map(|object| object.expect("seen in some state")).collect();
        Ok(Found { nodes: self.nodes, texts, thread_names: self.thread_names, objects })
    }

    fn start(&mut self, runtime: &mut Runtime) -> Rc<RefCell<Option<String>>> {
        let result = Rc::new(RefCell::new(None));
        let written = result.clone();
        // SAFETY: the coroutine that runs it ends in `Runtime::close`, before
        // `explore` returns and thus within the borrow.
        let main: &'static dyn Fn() -> String = unsafe { ::std::mem::transmute(self.main) };
        runtime.start(move || *written.borrow_mut() = Some(main()));
        result
    }

    /// Goes the way by which `state` was first reached, checking each state.
    fn replay(&self, runtime: &mut Runtime, state: usize) -> Result<(), Error> {
        let mut way = vec![];
        let mut at = state;
        while let Some((parent, nth)) = self.nodes[at].parent {
            way.push((parent, nth, at));
            at = parent;
        }
        if !self.is_at(0) {
            return Err(self.unlike(None));
        }
        for &(from, nth, to) in way.iter().rev() {
            let step = &self.nodes[from].steps[nth];
            runtime.take(step.thread, step.choice);
            if !self.is_at(to) {
                return Err(self.unlike(Some((from, nth))));
            }
        }
        Ok(())
    }

    /// Whether the run is in `state`.
    fn is_at(&self, state: usize) -> bool {
        self.known.get(&with(|world| world.key())) == Some(&state) && self.stands_as(state)
    }

    /// Whether the run's threads are about to do what they do in `state`.
    fn stands_as(&self, state: usize) -> bool {
        let same = |old: Option<Pending>, new: Option<Pending>| match (old, new) {
            (Some(old), Some(new)) => (old.operation, old.line) == (new.operation, new.line),
            (old, new) => old.is_none() && new.is_none(),
        };
        let stands = &self.nodes[state].stands;
        with(|world| {
            let threads = world.threads.iter().map(|thread| thread.as_ref()?.pending);
            stands.iter().zip(threads).all(|(stand, pending)| same(stand.pending, pending))
        })
    }

    fn unlike(&self, after: Option<(usize, usize)>) -> Error {
        let (thread, place) = match after {
            None => (0, "the start".into()),
            Some((from, nth)) => {
                let thread = self.nodes[from].steps[nth].thread;
                let pending = self.nodes[from].stands[thread].pending;
                let place = pending.expect("a step has an operation").place;
                (thread, file_and_line(place, place.line()))
            }
        };
        Error::Nondeterministic { place, thread }
    }

    /// Looks up the state that the run is in, or enters it as new.
    fn arrive(
        &mut self,
        parent: Option<(usize, usize)>,
        result: &RefCell<Option<String>>,
    ) -> Result<(usize, bool), Error> {
        let key = with(|world| world.key());
        if let Some(&state) = self.known.get(&key) {
            if !self.stands_as(state) {
                return Err(self.unlike(parent));
            }
            return Ok((state, false));
        }
        let state = self.nodes.len();
        if state == self.limit {
            return Err(self.grown());
        }
        let node = with(|world| self.look(world, parent, result));
        self.nodes.push(node);
        self.known.insert(key, state);
        Ok((state, true))
    }

    fn grown(&self) -> Error {
        let mut visits: HashMap<Place, usize> = HashMap::new();
        let stands = self.nodes.iter().flat_map(|node| &node.stands);
        for pending in stands.filter_map(|stand| stand.pending) {
            if !matches!(pending.operation.kind, Kind::Join(_)) {
                *visits.entry(pending.place).or_default() += 1;
            }
        }
        let most = visits.into_iter().max_by_key(|&(place, count)| (count, place));
        let place =
            most.map_or("the start".into(), |(place, _)| file_and_line(place, place.line()));
        Error::TooManyStates { limit: self.limit, place }
    }

    /// Writes down the state that the run is in.
    fn look(
        &mut self,
        world: &mut World,
        parent: Option<(usize, usize)>,
        result: &RefCell<Option<String>>,
    ) -> Node {
        self.objects.resize(world.objects.len().max(self.objects.len()), None);
        for (mine, theirs) in self.objects.iter_mut().zip(&world.objects) {
            if let Some(object) = theirs {
                *mine = Some((object.created, object.sort));
            }
        }
        self.thread_names.resize(world.threads.len().max(self.thread_names.len()), None);
        for (mine, theirs) in self.thread_names.iter_mut().zip(&world.threads) {
            if let Some(thread) = theirs {
                *mine = thread.name.clone();
            }
        }
        let ended = world.threads[0].as_ref().is_some_and(|thread| thread.ended);
        let mut steps = vec![];
        for thread in 0..world.threads.len() {
            if ended || !world.enabled(thread) {
                continue;
            }
            let alternatives = world.alternatives(thread);
            for choice in 0..alternatives {
                let note = (alternatives > 1).then(|| world.note(thread, choice));
                steps.push(Step { thread, choice, note, to: None });
            }
        }
        let stands: Vec<Stand> =
            (0..world.threads.len()).map(|thread| world.stand(thread)).collect();
        let end = steps.is_empty().then(|| match (ended, result.borrow_mut().take()) {
            (true, Some(text)) => End::Text(text),
            (true, None) => End::Panic(world.panic.clone().unwrap_or_default()),
            _ if stands.iter().any(|stand| stand.reason == Some(Blocked::Unchanged)) => {
                End::Livelock
            }
            _ => End::Deadlock,
        });
        let values = world.values();
        Node { parent, steps, tried: 0, values, stands, end }
    }
}

impl World {
    fn note(&self, thread: ThreadId, choice: usize) -> Note {
        let operation =
            self.threads[thread].as_ref().and_then(|t| t.pending).expect("an operation").operation;
        let object = self.objects[operation.object.expect("an object")].as_ref().expect("created");
        match operation.kind {
            Kind::NotifyOne => Note::Wakes(object.waiters[choice]),
            _ => Note::Reads(object.stores[object.stores.len() - 1 - choice].text),
        }
    }

    fn stand(&self, thread: ThreadId) -> Stand {
        match &self.threads[thread] {
            Some(mine) if !mine.ended => Stand {
                pending: mine.pending,
                ended: false,
                reason: self.reason(thread),
                at_await: mine.at_await,
                learned: mine.learned.clone(),
            },
            other => Stand {
                pending: None,
                ended: other.is_some(),
                reason: None,
                at_await: false,
                learned: vec![],
            },
        }
    }

    fn values(&self) -> Vec<Shown> {
        let shown = |object: &Option<Object>| match object {
            None => Shown::default(),
            Some(object) => Shown {
                text: object.stores.last().map_or(object.text, |store| store.text),
                owner: object.owner,
                readers: object.readers.clone(),
                waiters: object.waiters.clone(),
                count: object.count,
                flag: object.flag,
            },
        };
        self.objects.iter().map(shown).collect()
    }
}
