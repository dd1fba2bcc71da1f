//! What stays within a process, and what within a thread.

#[cfg(unix)]
use std::process;
use std::thread;

// ANCHOR: look
/// What the variable holds, and where it is.
pub fn look(value: &u64) -> String {
    format!("{value} at {value:p}")
}
// ANCHOR_END: look

// ANCHOR: thread_writes
/// A thread adds one and looks; then we look.
pub fn thread_writes(mut value: u64) -> [String; 2] {
    let theirs = thread::scope(|scope| {
        let thread = scope.spawn(|| {
            value += 1;
            look(&value)
        });
        thread.join().unwrap()
    });
    [theirs, look(&value)]
}
// ANCHOR_END: thread_writes

// ANCHOR: thread_panics
/// A thread panics; what `join` gives.
pub fn thread_panics() -> thread::Result<()> {
    thread::spawn(|| panic!("the thread gave up")).join()
}
// ANCHOR_END: thread_panics

#[cfg(unix)]
// ANCHOR: abort
/// A thread aborts. There is no way back to us.
pub fn abort_in_a_thread() {
    let _ = thread::spawn(|| process::abort()).join();
}
// ANCHOR_END: abort

#[cfg(unix)]
// ANCHOR: crash
/// Writes where nothing is mapped. Wrong by design: run it in a child.
pub fn crash() {
    let nowhere = std::ptr::without_provenance_mut::<u8>(4096);
    // SAFETY: none in Rust's terms. The kernel ends the process at this write,
    // so that nothing runs after it.
    unsafe { nowhere.write_volatile(1) };
}
// ANCHOR_END: crash
