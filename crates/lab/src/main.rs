//! `cargo run`: builds the book, serves it on this machine and builds it again as it changes.
//!
//! - [`options`]: the command line;
//! - [`book`]: from the manuscript to a [`site::Site`], in this process;
//! - [`site`]: the pages and files of one build, held in memory;
//! - [`server`]: the routes, and the socket over which open pages hear of a new build;
//! - [`changes`]: which files the book is made of, and when they have changed.
//!
//! The first line on standard output is the address, written once there is something to see at it.
//! All else goes to standard error.

mod book;
mod changes;
mod options;
mod server;
mod site;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use tokio::sync::watch;

use crate::changes::Changes;
use crate::options::Options;
use crate::site::Site;

#[tokio::main]
async fn main() -> ExitCode {
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
    match run(options).await {
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
    let listener = server::listen(options.port).await?;
    let address = listener.local_addr().context("cannot tell the address listened on")?;
    let changes = Changes::watch(&root)?;

    let (site, served) = watch::channel(Arc::new(first_build(&root).await));
    // A reader of standard output may have gone; the book is served all the same.
    let _ = writeln!(io::stdout(), "http://{address}");

    tokio::select! {
        served = server::serve(listener, served) => served,
        rebuilt = rebuild(root, changes, site) => rebuilt,
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot wait for Ctrl-C"),
    }
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
