//! Refused in first_client: it found nobody
//! Hint: However many turns

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
    for _ in 0..1_000 {
        thread::yield_now();
    }
    server
}
