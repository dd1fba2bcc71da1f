//! Refused in first_client: it found nobody
//! Hint: You wait for a word

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
        say.send(()).unwrap();
        serve(open());
    });
    is_open.recv().unwrap();
    server
}
