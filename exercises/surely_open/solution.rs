//! A server in a thread of its own.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};

/// Starts a thread that opens a server, and serves until it is told to stop.
/// Returns when the server is open.
pub fn start<T: 'static>(
    open: impl FnOnce() -> T + Send + 'static,
    serve: impl FnOnce(T) + Send + 'static,
) -> JoinHandle<()> {
    let (say, is_open) = mpsc::channel();
    let server = thread::spawn(move || {
        let opened = open();
        say.send(()).unwrap();
        serve(opened);
    });
    // Not how long it takes, but that it has happened. If `open` panics,
    // nobody is left to say so, and this does too.
    is_open.recv().unwrap();
    server
}
