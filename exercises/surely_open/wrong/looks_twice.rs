//! Refused in first_client: it found nobody
//! Hint: However many turns

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread::{self, JoinHandle};

/// Starts a thread that opens a server, and serves until it is told to stop.
/// Returns when the server is open.
pub fn start<T: 'static>(
    open: impl FnOnce() -> T + Send + 'static,
    serve: impl FnOnce(T) + Send + 'static,
) -> JoinHandle<()> {
    let is_open = Arc::new(AtomicBool::new(false));
    let says_so = is_open.clone();
    let server = thread::spawn(move || {
        let opened = open();
        says_so.store(true, SeqCst);
        serve(opened);
    });
    if !is_open.load(SeqCst) {
        thread::yield_now();
    }
    server
}
