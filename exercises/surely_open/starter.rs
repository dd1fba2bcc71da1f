//! A server in a thread of its own.

use std::thread::{self, JoinHandle};

/// Starts a thread that opens a server, and serves until it is told to stop.
/// Returns when the server is open.
pub fn start<T: 'static>(
    open: impl FnOnce() -> T + Send + 'static,
    serve: impl FnOnce(T) + Send + 'static,
) -> JoinHandle<()> {
    let server = thread::spawn(move || {
        let opened = open();
        serve(opened);
    });
    // Surely open by now.
    thread::yield_now();
    server
}
