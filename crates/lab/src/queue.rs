//! What is to be done on this machine, one thing at a time: a run that is timed shares the
//! processors with no other run and with no compiler.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;

use crate::experiments::Experiments;
use crate::run::{Outcome, Run};

/// Runs that may wait behind the one that runs.
pub const MOST_WAITING: usize = 8;

/// The runs that wait, and the experiments to build when none does.
#[derive(Debug)]
pub struct Queue {
    experiments: Arc<Experiments>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// All that a page may still ask about.
    runs: HashMap<String, Arc<Run>>,
    waiting: VecDeque<Arc<Run>>,
    /// The one under way.
    current: Option<Arc<Run>>,
    /// The experiment that is built on its own.
    building: Option<String>,
    /// Experiments whose chapters are open, the latest last.
    open: Vec<String>,
}

/// What is to be done next.
#[derive(Debug)]
pub enum Task {
    Run(Arc<Run>),
    /// Build the experiment whose chapter is open.
    Build(String),
    /// Build all that are not built.
    BuildAll,
}

impl Queue {
    pub fn new(experiments: Arc<Experiments>) -> Queue {
        Queue { experiments, state: Mutex::default(), changed: Notify::new() }
    }

    /// Puts `run` behind all others, unless too many wait.
    pub fn add(&self, run: Arc<Run>) -> bool {
        let mut state = self.state();
        if state.waiting.len() >= MOST_WAITING {
            return false;
        }
        run.queued(state.waiting.len() + usize::from(state.current.is_some()));
        if state.waiting.is_empty() && state.building.as_ref() == Some(&run.request.experiment) {
            run.compiling();
        }
        state.runs.insert(run.id.clone(), Arc::clone(&run));
        state.waiting.push_back(run);
        self.changed.notify_one();
        true
    }

    /// The run of this name.
    pub fn run(&self, id: &str) -> Option<Arc<Run>> {
        self.state().runs.get(id).cloned()
    }

    /// Ends `run`, or takes it out of the queue.
    pub fn stop(&self, run: &Run) {
        let mut state = self.state();
        run.stop();
        if let Some(place) = state.waiting.iter().position(|waiting| waiting.id == run.id) {
            state.waiting.remove(place);
            run.done(Outcome::Stopped, "stopped before it began");
            state.tell_places(place);
        }
    }

    /// Ends `run`, of which nobody is going to hear any more.
    pub fn forget(&self, run: &Run) {
        self.stop(run);
        self.state().runs.remove(&run.id);
    }

    /// The chapter of `experiment` is open: it is built first.
    pub fn open(&self, experiment: &str) {
        let mut state = self.state();
        state.open.retain(|open| open != experiment);
        state.open.push(experiment.to_owned());
        self.changed.notify_one();
    }

    /// Sources have changed.
    pub fn look_again(&self) {
        self.changed.notify_one();
    }

    /// Waits for something to do.
    pub async fn next(&self) -> Task {
        loop {
            if let Some(task) = self.first() {
                return task;
            }
            self.changed.notified().await;
        }
    }

    /// Comes when something has come up that is not to wait for a build: of the experiment
    /// `building`, or of all.
    pub async fn something_urgent(&self, building: Option<&str>) {
        let urgent = || {
            let state = self.state();
            match (state.waiting.front(), building) {
                (Some(run), Some(building)) => run.request.experiment != building,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => self.open_and_waiting(&state).is_some(),
            }
        };
        while !urgent() {
            self.changed.notified().await;
        }
    }

    /// The run that [`Queue::next`] gave has ended.
    pub fn finished(&self) {
        self.state().current = None;
    }

    fn first(&self) -> Option<Task> {
        let mut state = self.state();
        state.building = None;
        if let Some(run) = state.waiting.pop_front() {
            state.current = Some(Arc::clone(&run));
            state.tell_places(0);
            return Some(Task::Run(run));
        }
        if let Some(open) = self.open_and_waiting(&state) {
            state.building = Some(open.clone());
            return Some(Task::Build(open));
        }
        let names = self.experiments.names();
        let waits = names.iter().any(|name| self.experiments.is_waiting(name));
        waits.then_some(Task::BuildAll)
    }

    fn open_and_waiting(&self, state: &State) -> Option<String> {
        // While all are being built, the open one is compiling too, but its turn may be far off.
        let wants = |name: &&String| {
            let experiments = &self.experiments;
            experiments.ready(name).is_none() && experiments.problem(name).is_none()
        };
        state.open.iter().rev().find(wants).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }
}

impl State {
    /// Those from `place` on have moved up.
    fn tell_places(&self, place: usize) {
        let current = usize::from(self.current.is_some());
        for (ahead, run) in self.waiting.iter().enumerate().skip(place) {
            run.queued(ahead + current);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use futures_util::FutureExt;
    use serde_json::json;

    use super::*;

    /// A queue over experiments of these names, none of which is built.
    fn queue(names: &[&str]) -> (tempfile::TempDir, Arc<Experiments>, Queue) {
        let root = tempfile::tempdir().unwrap();
        for name in names {
            let folder = root.path().join("examples").join(name);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("main.rs"), "").unwrap();
        }
        let experiments = Arc::new(Experiments::new(root.path()));
        let queue = Queue::new(Arc::clone(&experiments));
        (root, experiments, queue)
    }

    fn run(experiment: &str) -> Arc<Run> {
        let request = serde_json::from_value(json!({ "experiment": experiment })).unwrap();
        Arc::new(Run::new(request))
    }

    fn told(run: &Run) -> Vec<serde_json::Value> {
        let mut events = run.watch().unwrap();
        let events = std::iter::from_fn(|| events.try_recv().ok());
        events.map(|event| serde_json::from_str(&event).unwrap()).collect()
    }

    #[test]
    fn runs_come_first_then_the_chapter_opened_last_then_all_the_rest() {
        let (_root, experiments, queue) = queue(&["a", "b", "c"]);
        queue.open("b");
        queue.open("c");
        assert!(queue.add(run("a")));
        assert!(matches!(queue.first(), Some(Task::Run(run)) if run.request.experiment == "a"));
        queue.finished();
        for name in ["c", "b"] {
            assert!(matches!(queue.first(), Some(Task::Build(open)) if open == name));
            let sources = experiments.begin(name);
            experiments.done(name, sources, Err("no".to_owned()));
        }
        assert!(matches!(queue.first(), Some(Task::BuildAll)));
        let sources = experiments.begin("a");
        experiments.done("a", sources, Err("no".to_owned()));
        assert!(queue.first().is_none());
    }

    #[test]
    fn a_build_makes_way_for_a_run_but_not_for_the_one_that_needs_it() {
        let (_root, _, queue) = queue(&["a", "b"]);
        let interrupts = |building| queue.something_urgent(building).now_or_never().is_some();
        assert!(!interrupts(None));
        queue.open("a");
        assert!(interrupts(None), "the chapter that is open");
        assert!(matches!(queue.first(), Some(Task::Build(open)) if open == "a"));
        assert!(!interrupts(Some("a")));
        let run = run("a");
        queue.add(Arc::clone(&run));
        assert!(!interrupts(Some("a")));
        assert!(interrupts(Some("b")));
        let states = [json!({ "state": "queued", "ahead": 0 }), json!({ "state": "compiling" })];
        assert_eq!(told(&run), states);
    }
}
