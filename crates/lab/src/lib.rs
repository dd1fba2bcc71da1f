//! `cargo run`: builds the book, serves it on this machine, builds it again as it changes, and runs
//! its experiments for its pages.
//!
//! The book:
//! - `options`: the command line;
//! - `book`: from the manuscript to a `Site`, in this process;
//! - `site`: the pages and files of one build, held in memory;
//! - `changes`: which files the book is made of, and when they have changed.
//!
//! Who asks:
//! - `server`: connections, and how long one may be silent;
//! - `guard`: which requests are let through, of pages and of all else;
//! - `routes`: the table of addresses, answered by `pages`, `experiments_api` and `runs_api`.
//!
//! The experiments:
//! - `experiments`: which there are, and how far each is built;
//! - `description`: what one allows to be asked of it;
//! - `queue` and `worker`: one thing at a time, a `run` or a build by the `builder`;
//! - `process` and `keeper`: the two ends of a program that runs, and how it ends whole;
//! - `output`: what it says, made harmless.
//!
//! The first line on standard output is the address, written once there is something to see at it.
//! All else goes to standard error.

mod book;
mod builder;
mod changes;
mod description;
mod experiments;
mod experiments_api;
mod guard;
#[cfg(unix)]
mod keeper;
mod lab;
mod options;
mod output;
mod pages;
mod process;
mod queue;
mod random;
pub mod routes;
mod run;
mod runs_api;
mod server;
mod site;
mod worker;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::changes::Changes;
use crate::experiments::Experiments;
use crate::lab::Lab;
use crate::options::Options;
use crate::queue::Queue;
use crate::site::Site;

/// For what runs to end after Ctrl-C. With what follows it makes less than a second.
const PATIENCE: Duration = Duration::from_millis(700);

/// For mdBook to end, and to remove what it was writing.
const PATIENCE_WITH_BOOK: Duration = Duration::from_millis(250);

/// The program, from its command line to its exit code.
pub fn main() -> ExitCode {
    #[cfg(unix)]
    {
        let mut arguments = std::env::args_os().skip(1);
        if arguments.next().is_some_and(|first| first == keeper::ARGUMENT) {
            return keeper::main(arguments);
        }
    }
    let options = match Options::parse(std::env::args_os()) {
        Ok(options) => options,
        Err(stop) => return stop.exit(),
    };
    // mdBook's warnings, one line each.
    tracing_subscriber::fmt()
        .compact()
        .without_time()
        .with_target(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(io::stderr)
        .init();
    let ended = tokio::runtime::Runtime::new().context("cannot start tokio").and_then(|runtime| {
        let ended = runtime.block_on(run(options));
        // The book may be in the midst of being built.
        runtime.shutdown_timeout(PATIENCE_WITH_BOOK);
        ended
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lab: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until Ctrl-C.
async fn run(options: Options) -> Result<()> {
    let root = book::root()?;
    let listener = server::listen(options.address, options.port).await?;
    let address = listener.local_addr().context("cannot tell the address listened on")?;
    let changes = Changes::watch(&root)?;
    if !address.ip().is_loopback() {
        eprintln!("warning: whoever can reach {address} can run the experiments on this machine");
    }

    let (site, newest) = watch::channel(Arc::new(first_build(&root).await));
    let experiments = Arc::new(Experiments::new(&root));
    let queue = Arc::new(Queue::new(Arc::clone(&experiments)));
    let lab = Lab {
        token: random::hex().into(),
        newest,
        experiments: Arc::clone(&experiments),
        queue: Arc::clone(&queue),
    };
    let router = routes::router(lab);

    let (close, closing) = watch::channel(false);
    let worker =
        tokio::spawn(worker::work(Arc::clone(&queue), experiments, options.run_limit, closing));
    // A reader of standard output may have gone; the book is served all the same.
    let _ = writeln!(io::stdout(), "http://{address}");

    let ended = tokio::select! {
        () = server::serve(listener, router) => Ok(()),
        rebuilt = rebuild(root, changes, site, &queue) => rebuilt,
        interrupted = interrupted() => interrupted.context("cannot wait for Ctrl-C"),
    };
    close.send_replace(true);
    // Should it take longer, the keeper of what runs ends it without us.
    let _ = timeout(PATIENCE, worker).await;
    ended
}

/// Comes with Ctrl-C, and where there are such with the signals that end a program or its terminal.
async fn interrupted() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        let mut hung_up = signal(SignalKind::hangup())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
            _ = hung_up.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// The book, or, as long as it has a mistake, a page that says which.
async fn first_build(root: &Path) -> Site {
    build(root, 1).await.unwrap_or_else(|error| {
        tell(&error);
        Site::failed(1, &format!("{error:#}"))
    })
}

/// Builds again after every change. A build that fails leaves the last good one in its place.
async fn rebuild(
    root: PathBuf,
    mut changes: Changes,
    site: watch::Sender<Arc<Site>>,
    queue: &Queue,
) -> Result<()> {
    loop {
        let changed = changes.next().await?;
        let started = Instant::now();
        let number = site.borrow().build + 1;
        match build(&root, number).await {
            Ok(built) => {
                site.send_replace(Arc::new(built));
                let seconds = started.elapsed().as_secs_f64();
                eprintln!("rebuilt in {seconds:.2} s: {} changed", changed.display());
            }
            Err(error) => tell(&error),
        }
        queue.look_again();
    }
}

/// Says why there is no new book: on one line, or on one for each page that has a mistake.
fn tell(error: &anyhow::Error) {
    let mistakes = format!("{error:#}");
    let gap = if mistakes.contains('\n') { '\n' } else { ' ' };
    eprintln!("cannot build the book:{gap}{mistakes}");
}

/// Builds on a thread of its own, so that pages are served meanwhile.
async fn build(root: &Path, build: u64) -> Result<Site> {
    let root = root.to_owned();
    tokio::task::spawn_blocking(move || book::build(&root, build))
        .await
        .context("mdBook panicked")?
}
