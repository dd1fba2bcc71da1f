//! Refused in first_client: deadlock
//! Hint: A bell rings for those

use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};

/// Starts a thread that opens a server, and serves until it is told to stop.
/// Returns when the server is open.
pub fn start<T: 'static>(
    open: impl FnOnce() -> T + Send + 'static,
    serve: impl FnOnce(T) + Send + 'static,
) -> JoinHandle<()> {
    let opened = Arc::new((Mutex::new(()), Condvar::new()));
    let bell = opened.clone();
    let server = thread::spawn(move || {
        let opened = open();
        bell.1.notify_all();
        serve(opened);
    });
    let (lock, bell) = &*opened;
    drop(bell.wait(lock.lock().unwrap()).unwrap());
    server
}
