//! From what was found to a graph: names, words, and numbers that do not
//! depend on the order of the search.

use ::std::collections::{BTreeSet, HashMap};
use ::std::path::Path;

use crate::circle::LIVELOCK;
use crate::explorer::{End, Found, Note, Shown, Stand};
use crate::fault::Error;
use crate::graph::{Edge, Excerpt, Graph, Outcome, Position, Reached};
use crate::names::{Names, Source};
use crate::operation::{Blocked, Kind};
use crate::scenario::Scenario;
use crate::world::{ObjectId, Pending, Place, Sort, TextId, ThreadId};

pub(crate) struct Picture<'a> {
    scenario: &'a Scenario,
    found: Found,
    files: Vec<(&'static str, Names)>,
    threads: Vec<String>,
    variables: Vec<String>,
}

impl<'a> Picture<'a> {
    pub fn of(scenario: &'a Scenario, sources: &[Source], found: Found) -> Result<Self, Error> {
        let files = sources.iter().map(|source| Ok((source.name, Names::of(source)?)));
        let files = files.collect::<Result<Vec<_>, Error>>()?;
        let threads =
            found.thread_names.iter().enumerate().map(|(number, name)| match (number, name) {
                (_, Some(name)) => name.clone(),
                (0, None) => "main".into(),
                (number, None) => format!("{} {number}", scenario.worker),
            });
        let threads = threads.collect();
        let mut picture = Picture { scenario, found, files, threads, variables: vec![] };
        picture.variables = picture.name_variables();
        Ok(picture)
    }

    /// The file that a place is in, and what is known of it.
    fn file(&self, place: Place) -> Option<(usize, &Names)> {
        let path = Path::new(place.file());
        let index = self.files.iter().position(|file| path.ends_with(file.0))?;
        Some((index, &self.files[index].1))
    }

    /// `counter`; or `fork 1`, `fork 2`, where one line made several.
    fn name_variables(&self) -> Vec<String> {
        let names: Vec<String> = (self.found.objects.iter())
            .map(|&(place, sort)| {
                let name = self
                    .file(place)
                    .and_then(|(_, names)| names.variable((place.line(), place.column())));
                name.map_or_else(|| sort_name(sort).into(), str::to_string)
            })
            .collect();
        let mut counted: HashMap<&str, usize> = HashMap::new();
        let numbered = names.iter().map(|name| {
            if names.iter().filter(|other| *other == name).count() == 1 {
                return name.clone();
            }
            let number = counted.entry(name).or_default();
            *number += 1;
            format!("{} {number}", name.strip_suffix('s').unwrap_or(name))
        });
        numbered.collect()
    }

    fn text(&self, text: TextId) -> &str {
        let text = self.found.texts[text as usize].as_str();
        if text.starts_with('\0') { "…" } else { text }
    }

    fn line(&self, pending: &Pending) -> u32 {
        if pending.line != 0 {
            return pending.line;
        }
        let place = pending.place;
        let dropped =
            self.file(place).and_then(|(_, names)| names.dropped((place.line(), place.column())));
        dropped.unwrap_or(place.line())
    }

    fn variable(&self, object: Option<ObjectId>) -> &str {
        object.map_or("", |object| &self.variables[object])
    }

    fn next(&self, pending: &Pending) -> String {
        let operation = pending.operation;
        let name = self.variable(operation.object);
        let value = self.text(operation.text);
        match operation.kind {
            Kind::Load(_) | Kind::Get => format!("loads {name}"),
            Kind::Store(_) => format!("stores {value} in {name}"),
            Kind::Update(method) => format!("does {method} on {name}"),
            Kind::Lock => format!("locks {name}"),
            Kind::TryLock => format!("tries to lock {name}"),
            Kind::Unlock => format!("unlocks {name}"),
            Kind::LockShared => format!("locks {name} for reading"),
            Kind::UnlockShared => format!("unlocks {name}"),
            Kind::Write => format!("writes {name}"),
            Kind::Wait => format!("unlocks and waits on {name}"),
            Kind::Relock(_) => format!("locks {name} again"),
            Kind::NotifyOne => format!("notifies one on {name}"),
            Kind::NotifyAll => format!("notifies all on {name}"),
            Kind::Acquire(1) => format!("acquires {name}"),
            Kind::Acquire(permits) => format!("acquires {permits} of {name}"),
            Kind::Release(1) => format!("releases {name}"),
            Kind::Release(permits) => format!("releases {permits} of {name}"),
            Kind::Notified => format!("is notified on {name}"),
            Kind::Arrive => format!("arrives at {name}"),
            Kind::Leave => format!("leaves {name}"),
            Kind::Enter => format!("enters {name}"),
            Kind::Finish => format!("finishes {name}"),
            Kind::TrySend => format!("tries to send on {name}"),
            Kind::Send if value.is_empty() => format!("sends on {name}"),
            Kind::Send => format!("sends {value} on {name}"),
            Kind::Receive => format!("receives from {name}"),
            Kind::TryReceive => format!("tries to receive from {name}"),
            Kind::CloseSender => format!("drops a sender of {name}"),
            Kind::CloseReceiver => format!("drops the receiver of {name}"),
            Kind::Park => "parks".into(),
            Kind::Unpark(thread) => format!("unparks {}", self.threads[thread]),
            Kind::Join(thread) => format!("joins {}", self.threads[thread]),
            Kind::JoinNext => format!("joins the next of {name}"),
            Kind::Abort(thread) => format!("aborts {}", self.threads[thread]),
        }
    }

    fn blocked(&self, thread: ThreadId, reason: Blocked) -> String {
        let who = |owner: ThreadId| {
            if owner == thread { "itself" } else { &self.threads[owner] }
        };
        match reason {
            Blocked::Held(object, owner) => {
                format!("waits for {}, held by {}", self.variables[object], who(owner))
            }
            Blocked::Asleep(object) => {
                format!("waits to be notified on {}", self.variables[object])
            }
            Blocked::Empty(object) => match self.found.objects[object].1 {
                Sort::Semaphore => {
                    format!("waits for {}, of which none is left", self.variables[object])
                }
                Sort::Tasks => format!("waits for one of {} to end", self.variables[object]),
                _ => format!("waits for {}, which is empty", self.variables[object]),
            },
            Blocked::Full(object) => format!("waits for {}, which is full", self.variables[object]),
            Blocked::Parked => "is parked".into(),
            Blocked::Unfinished(other) => format!("waits for {} to end", self.threads[other]),
            Blocked::Unchanged => "spins until something changes".into(),
        }
    }

    fn list(&self, threads: &[ThreadId]) -> String {
        let names: Vec<&str> =
            threads.iter().map(|&thread| self.threads[thread].as_str()).collect();
        names.join(", ")
    }

    fn value(&self, object: ObjectId, shown: &Shown) -> String {
        let mut parts = vec![];
        let sort = self.found.objects[object].1;
        match sort {
            Sort::Atomic | Sort::Lock => parts.push(self.text(shown.text).to_string()),
            Sort::Semaphore | Sort::Barrier => parts.push(shown.count.to_string()),
            Sort::Channel if shown.text != 0 => parts.push(self.text(shown.text).to_string()),
            Sort::Channel => parts.push(format!("{} waiting", shown.count)),
            Sort::Once => parts.push(if shown.flag { "done" } else { "not done" }.into()),
            Sort::Notify => parts.push(if shown.flag { "notified" } else { "" }.into()),
            Sort::Tasks => {
                parts.push(format!(
                    "{} running, {} ended",
                    shown.waiters.len(),
                    shown.readers.len()
                ));
            }
            Sort::Condvar => {}
        }
        parts.extend(shown.owner.map(|owner| format!("held by {}", self.threads[owner])));
        if !shown.readers.is_empty() && sort != Sort::Tasks {
            parts.push(format!("read by {}", self.list(&shown.readers)));
        }
        if !shown.waiters.is_empty() && sort != Sort::Tasks {
            parts.push(format!("{} asleep", self.list(&shown.waiters)));
        }
        if shown.flag && sort == Sort::Lock {
            parts.push("poisoned".into());
        }
        parts.retain(|part| !part.is_empty());
        match (parts.is_empty(), sort) {
            (true, Sort::Lock) => "free".into(),
            (true, Sort::Condvar | Sort::Notify) => "nobody asleep".into(),
            _ => parts.join(", "),
        }
    }

    fn position(&self, thread: ThreadId, stand: &Stand) -> Position {
        let Some(pending) = &stand.pending else {
            return Position {
                next: String::new(),
                at: None,
                blocked: None,
                at_await: false,
                locals: vec![],
            };
        };
        let line = self.line(pending);
        let locals = stand.learned.iter().filter_map(|&(place, text)| {
            let (file, names) = self.file(place)?;
            let local = names.local((place.line(), place.column()))?;
            let same_function = Some(file) == self.file(pending.place).map(|(file, _)| file);
            let in_scope = same_function && (local.lines.0..=local.lines.1).contains(&line);
            in_scope.then(|| (local.name.clone(), self.text(text).to_string()))
        });
        Position {
            next: self.next(pending),
            at: self.file(pending.place).map(|(file, _)| (file, line)),
            blocked: stand.reason.map(|reason| self.blocked(thread, reason)),
            at_await: stand.at_await,
            locals: locals.filter(|(_, text)| text != "…").collect(),
        }
    }

    fn note(&self, note: &Note) -> String {
        match note {
            Note::Reads(text) => format!("reads {}", self.text(*text)),
            Note::Wakes(thread) => format!("wakes {}", self.threads[*thread]),
        }
    }

    /// States by their distance from the first, then by the steps to them.
    fn order(&self) -> Vec<usize> {
        let mut order = vec![0];
        let mut seen = vec![false; self.found.nodes.len()];
        seen[0] = true;
        let mut next = 0;
        while let Some(&state) = order.get(next) {
            next += 1;
            for step in &self.found.nodes[state].steps {
                let to = step.to.expect("every step was taken");
                if !::std::mem::replace(&mut seen[to], true) {
                    order.push(to);
                }
            }
        }
        order
    }

    fn outcomes(&self) -> Vec<Outcome> {
        let ends: BTreeSet<&End> =
            self.found.nodes.iter().filter_map(|node| node.end.as_ref()).collect();
        let mut texts: Vec<String> = ends.into_iter().map(end_text).collect();
        let declared = |text: &String| {
            let mut all = self.scenario.good.iter().chain(self.scenario.bad);
            all.position(|declared| declared == text).unwrap_or(usize::MAX)
        };
        texts.sort_by_key(declared);
        let outcome = |text: String| Outcome {
            good: self.scenario.good.contains(&text.as_str()),
            text,
            preemptive: Reached::default(),
            cooperative: Reached::default(),
        };
        texts.into_iter().map(outcome).collect()
    }

    pub fn graph(self) -> Graph {
        let order = self.order();
        let mut numbers = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, &old)| numbers[old] = new);
        let outcomes = self.outcomes();
        let mut values = Table::default();
        let mut positions = Table::default();
        let (mut states, mut edges, mut ends) = (vec![], vec![], vec![]);
        for (state, &old) in order.iter().enumerate() {
            let node = &self.found.nodes[old];
            let absent = (Shown::default(), Stand::default());
            let shown = (0..self.variables.len())
                .map(|id| values.number(self.value(id, node.values.get(id).unwrap_or(&absent.0))));
            let mut row: Vec<usize> = shown.collect();
            row.extend((0..self.threads.len()).map(|thread| {
                positions
                    .number(self.position(thread, node.stands.get(thread).unwrap_or(&absent.1)))
            }));
            states.push(row);
            let steps = node.steps.iter().map(|step| {
                let to = numbers[step.to.expect("every step was taken")];
                match &step.note {
                    None => Edge::Plain(step.thread, to),
                    Some(note) => Edge::Chosen(step.thread, to, step.choice, self.note(note)),
                }
            });
            edges.push(steps.collect());
            if let Some(end) = &node.end {
                let text = end_text(end);
                let outcome = outcomes.iter().position(|outcome| outcome.text == text);
                ends.push((state, outcome.expect("every end is an outcome")));
            }
        }
        Graph {
            name: self.scenario.name.into(),
            title: self.scenario.title.into(),
            goal: self.scenario.goal(),
            reading: self.scenario.reading,
            memory: self.scenario.memory,
            listing: self.listing(),
            threads: self.threads,
            variables: self.variables,
            values: values.things,
            positions: positions.things,
            states,
            edges,
            ends,
            circles: vec![],
            outcomes,
        }
    }

    /// The functions in which a step was taken, in the order of the files.
    fn listing(&self) -> Vec<Excerpt> {
        let stands = self.found.nodes.iter().flat_map(|node| &node.stands);
        let pending = stands.filter_map(|stand| stand.pending);
        let steps = pending.filter(|pending| !matches!(pending.operation.kind, Kind::Join(_)));
        let functions = steps.filter_map(|pending| {
            let (file, names) = self.file(pending.place)?;
            let (first, last) = names.function(pending.place.line())?;
            Some(Excerpt(file, first, last))
        });
        functions.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn end_text(end: &End) -> String {
    match end {
        End::Text(text) => text.clone(),
        End::Deadlock => "deadlock".into(),
        End::Livelock => LIVELOCK.into(),
        End::Panic(message) => format!("panic: {message}"),
    }
}

fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Atomic => "atomic",
        Sort::Lock => "lock",
        Sort::Condvar => "condition",
        Sort::Semaphore => "semaphore",
        Sort::Notify => "notification",
        Sort::Barrier => "barrier",
        Sort::Once => "once",
        Sort::Channel => "channel",
        Sort::Tasks => "tasks",
    }
}

/// Things by number, each once.
struct Table<T> {
    things: Vec<T>,
    numbers: HashMap<T, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { things: vec![], numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + ::std::hash::Hash> Table<T> {
    fn number(&mut self, thing: T) -> usize {
        *self.numbers.entry(thing).or_insert_with_key(|thing| {
            self.things.push(thing.clone());
            self.things.len() - 1
        })
    }
}
