//! Does what the [queue](crate::queue) says: runs an experiment, or builds some while none waits.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use taking_turns::live::Live;
use taking_turns::report::Report;
use tokio::io::AsyncReadExt;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use crate::builder;
use crate::experiments::Experiments;
use crate::output::{MOST, Output};
use crate::process::{End, Process};
use crate::queue::{Queue, Task};
use crate::run::{Outcome, Run};

/// Where orphans are not found, one may hold a pipe open.
const PATIENCE: Duration = Duration::from_secs(1);

/// Works until `closing` says so, and leaves nothing that runs.
pub async fn work(
    queue: Arc<Queue>,
    experiments: Arc<Experiments>,
    limit: Duration,
    mut closing: watch::Receiver<bool>,
) {
    let mut closed = closing.clone();
    loop {
        let task = tokio::select! {
            biased;
            () = until(&mut closing) => return,
            task = queue.next() => task,
        };
        match task {
            Task::Run(run) => {
                let end = async {
                    tokio::select! {
                        () = run.stopped() => {}
                        () = until(&mut closed) => {}
                    }
                };
                let (outcome, said) = execute(&run, &experiments, limit, end).await;
                queue.finished();
                run.done(outcome, &said);
            }
            Task::Build(_) | Task::BuildAll => {
                let name = if let Task::Build(name) = &task { Some(name.as_str()) } else { None };
                let interrupt = async {
                    tokio::select! {
                        () = queue.something_urgent(name) => {}
                        () = until(&mut closed) => {}
                    }
                };
                // Interrupted, it comes up again.
                let _ = builder::build(&experiments, name, interrupt).await;
            }
        };
    }
}

async fn until(flag: &mut watch::Receiver<bool>) {
    // Its owner going means the same.
    let _ = flag.wait_for(|&set| set).await;
}

/// Builds what is to be run if need be, runs it until `end`, and says how it went.
async fn execute(
    run: &Run,
    experiments: &Experiments,
    limit: Duration,
    end: impl Future<Output = ()>,
) -> (Outcome, String) {
    tokio::pin!(end);
    let name = &run.request.experiment;
    let mut tried = false;
    let ready = loop {
        match (experiments.ready(name), experiments.problem(name)) {
            (Some(ready), _) => break ready,
            (None, Some(problem)) if tried => {
                return (Outcome::Failed, format!("cannot build `{name}`: {problem}"));
            }
            _ if tried => {}
            _ => run.compiling(),
        }
        // Its sources may change while it is built; then it is built again.
        if builder::build(experiments, Some(name), &mut end).await.is_err() {
            return (Outcome::Stopped, "stopped while it was built".to_owned());
        }
        tried = true;
    };
    let arguments = match run.request.arguments(&ready.description) {
        Ok(arguments) => arguments,
        Err(problem) => return (Outcome::Failed, problem),
    };
    run.running();
    let live = ["--json".to_owned(), "--live".to_owned()];
    let arguments = live.into_iter().chain(arguments);
    match Process::start(&ready.executable, arguments, experiments.root()) {
        Ok(process) => follow(run, process, limit, end).await,
        Err(error) => (Outcome::Failed, format!("{error:#}")),
    }
}

/// Why a run was ended.
#[derive(Clone, Copy)]
enum Why {
    Stopped,
    TimedOut,
    Flooded,
}

/// Tells the page what the process says until it ends or has to.
async fn follow(
    run: &Run,
    mut process: Process,
    limit: Duration,
    end: impl Future<Output = ()>,
) -> (Outcome, String) {
    tokio::pin!(end);
    let began = Instant::now();
    let mut printed = Printed::default();
    let (mut out, mut err) = ([0; 16 << 10], [0; 16 << 10]);
    let mut why = None;
    let ended = loop {
        let flooded = printed.report.len() > MOST || printed.output.is_flood();
        if flooded && why.is_none() {
            why = Some(Why::Flooded);
            process.stop.now();
        }
        tokio::select! {
            // What was said before the end is read before the end.
            biased;
            () = &mut end, if why.is_none() => {
                why = Some(Why::Stopped);
                process.stop.now();
            }
            () = sleep_until(began + limit), if why.is_none() => {
                why = Some(Why::TimedOut);
                process.stop.now();
            }
            Ok(read) = process.stderr.read(&mut err), if printed.more_err && why.is_none() => {
                printed.take_err(&err[..read], run);
            }
            Ok(read) = process.stdout.read(&mut out), if printed.more_out && why.is_none() => {
                printed.more_out = read > 0;
                printed.report.extend_from_slice(&out[..read]);
            }
            ended = &mut process.end => break ended,
        }
    };
    if why.is_none() {
        // What is still in the pipes; nobody holds their other ends.
        let rest = async {
            while let Ok(read) = process.stderr.read(&mut err).await {
                printed.take_err(&err[..read], run);
                if read == 0 {
                    break;
                }
            }
            let _ = process.stdout.read_to_end(&mut printed.report).await;
        };
        let _ = timeout(PATIENCE, rest).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    match (why, ended) {
        (Some(Why::Stopped), _) => (Outcome::Stopped, format!("stopped after {seconds:.1} s")),
        (Some(Why::TimedOut), _) => {
            (Outcome::TimedOut, format!("ended after {} s, the time limit", limit.as_secs_f64()))
        }
        (Some(Why::Flooded), _) => {
            (Outcome::Capped, format!("ended, for it printed more than {} MB", MOST >> 20))
        }
        (None, Ok(ended)) => judge(run, &ended, &printed, seconds),
        (None, Err(error)) => (Outcome::Failed, format!("{error:#}")),
    }
}

/// What a process has printed so far.
struct Printed {
    /// Standard output: the report and nothing else.
    report: Vec<u8>,
    output: Output,
    /// The last line for people that was no empty one.
    last: String,
    more_out: bool,
    more_err: bool,
}

impl Default for Printed {
    fn default() -> Printed {
        Printed {
            report: Vec::new(),
            output: Output::default(),
            last: String::new(),
            more_out: true,
            more_err: true,
        }
    }
}

impl Printed {
    fn take_err(&mut self, bytes: &[u8], run: &Run) {
        let mut said = Vec::new();
        self.more_err = !bytes.is_empty();
        match bytes {
            [] => self.output.end(&mut said),
            bytes => self.output.take(bytes, &mut said),
        }
        for live in said {
            match live {
                Live::Say(text) => {
                    if let Some(line) = text.lines().rfind(|line| !line.trim().is_empty()) {
                        self.last = line.chars().take(200).collect();
                    }
                    run.tell(json!({ "output": text }));
                }
                Live::Progress(done, of) => run.tell(json!({ "progress": [done, of] })),
            }
        }
    }
}

/// What a process that ended by itself amounts to.
fn judge(run: &Run, end: &End, printed: &Printed, seconds: f64) -> (Outcome, String) {
    let left = match end.left {
        0 => String::new(),
        1 => "; it left a process behind, which was ended".to_owned(),
        left => format!("; it left {left} processes behind, which were ended"),
    };
    if end.code != Some(0) {
        let cause = end.cause();
        let said = match (end.signal, printed.last.as_str()) {
            (None, "") => format!("it failed with {cause}"),
            (None, last) => format!("it failed with {cause}: {last}"),
            (Some(_), _) => format!("it crashed with {cause}"),
        };
        return (Outcome::Failed, said + &left);
    }
    let report = std::str::from_utf8(&printed.report).map_err(anyhow::Error::from);
    match report.and_then(Report::parse) {
        Ok(report) if report.experiment == run.request.experiment => {
            run.tell(json!({ "report": report }));
            (Outcome::Finished, format!("ran for {seconds:.1} s{left}"))
        }
        Ok(report) => {
            let other = crate::description::brief(&report.experiment);
            (Outcome::Failed, format!("it printed a report of `{other}`{left}"))
        }
        Err(error) => (Outcome::Failed, format!("it printed no report: {error:#}{left}")),
    }
}
