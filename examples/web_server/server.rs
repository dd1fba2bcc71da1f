//! The server, in this process or in another one that is this program again.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use std::{env, process, thread};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::handlers::{awaits, blocks, computes, computes_on_a_pool, shed};

/// Threads that run tasks, however many cores there are: what is compared is
/// the handlers.
pub const WORKERS: usize = 2;

/// Requests that are let in where others are sent away: two for each thread of
/// the pool, so that none of those waits for the next job.
pub const PLACES: usize = 4;

/// What a process is told to be the server of an experiment with, and the cost
/// of its handlers in milliseconds.
const SERVER: &str = "WEB_SERVER_COST_MS";

// ANCHOR: router
/// A route for each way, one with a limit, and one that does nothing.
pub fn router(cost: Duration) -> Router {
    let places = Arc::new(Semaphore::new(PLACES));
    Router::new()
        .route("/pool/limited", get(computes_on_a_pool).layer(from_fn_with_state(places, shed)))
        .route("/pool", get(computes_on_a_pool))
        .route("/computes", get(computes))
        .route("/blocks", get(blocks))
        .route("/awaits", get(awaits))
        .route("/health", get("well"))
        .with_state(cost)
}
// ANCHOR_END: router

/// Serves until `stop` is there, and gives the number of requests that were begun.
// ANCHOR: serve
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<u64> {
    let begun = Arc::new(AtomicU64::new(0));
    let router = router.layer(from_fn_with_state(Arc::clone(&begun), count));
    // An answer is not held back until the one before has been acknowledged.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    axum::serve(listener, router).with_graceful_shutdown(stop).await?;
    // Relaxed: the tasks that counted have ended, and serve has awaited that.
    Ok(begun.load(Relaxed))
}
// ANCHOR_END: serve

async fn count(State(begun): State<Arc<AtomicU64>>, request: Request, next: Next) -> Response {
    // Relaxed: a count orders nothing else.
    begun.fetch_add(1, Relaxed);
    next.run(request).await
}

/// Ctrl-C, or what `kill`, systemd and Kubernetes send, from this call on.
// ANCHOR: told_to_stop
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
// ANCHOR_END: told_to_stop

#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

/// Serves on a port of this machine, until told to stop: calls `ready` with
/// the address, and gives the number of requests that were begun.
pub fn run(port: u16, cost: Duration, ready: impl FnOnce(SocketAddr)) -> io::Result<u64> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(WORKERS).build_global();
    pool.map_err(io::Error::other)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let stop = told_to_stop()?;
        ready(listener.local_addr()?);
        serve(listener, router(cost), stop).await
    })
}

/// Unlike `println!`, does not panic if nobody reads it.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// The server for a client of the reader's own.
pub fn serve_alone(port: u16, cost: Duration) -> io::Result<()> {
    let begun = run(port, cost, |address| {
        say(format!("http://{address}/awaits, /blocks, /computes, /pool, /pool/limited, /health"));
        say("Ctrl-C ends it.");
    })?;
    let noun = if begun == 1 { "request" } else { "requests" };
    say(format!("{begun} {noun} begun and answered"));
    Ok(())
}

/// Becomes the server if this process was started by [`Server::start`].
pub fn become_server() {
    let Some(cost) = env::var(SERVER).ok().and_then(|cost| cost.parse().ok()) else { return };
    // The experiment holds the other end of our input: it ends with it,
    // however that may be, and so do we.
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        process::exit(1);
    });
    match run(0, Duration::from_millis(cost), say) {
        Ok(begun) => say(begun),
        Err(error) => eprintln!("{error}"),
    }
    process::exit(0);
}

/// A server in a process of its own. It ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    output: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: String,
}

impl Server {
    /// Starts one, and waits until it listens.
    pub fn start(cost: Duration) -> io::Result<Server> {
        let mut child = Command::new(env::current_exe()?)
            .env(SERVER, cost.as_millis().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut server = Server { child, output, address: String::new() };
        server.address = server.line()?;
        Ok(server)
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// Tells it to answer what it has begun, and then to end.
    #[cfg(unix)]
    pub fn tell_to_stop(&self) -> io::Result<()> {
        use nix::sys::signal::{Signal, kill};
        use nix::unistd::Pid;
        Ok(kill(Pid::from_raw(self.child.id() as i32), Signal::SIGTERM)?)
    }

    /// There is no signal for it here.
    #[cfg(not(unix))]
    pub fn tell_to_stop(&self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Waits until it has stopped by itself; gives how many requests it had begun.
    pub fn stopped(mut self) -> io::Result<usize> {
        let begun = self.line()?;
        self.child.wait()?;
        begun.parse().map_err(io::Error::other)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(io::Error::other("it ended early"));
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
