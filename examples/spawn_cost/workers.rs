//! One more worker that does nothing, of four kinds: started, and waited for.

use std::io;
use std::path::Path;
use std::process::Command;
use std::thread;

/// Set for a process that is to be a worker: what it is to do.
pub const ROLE: &str = "SPAWN_COST_ROLE";
pub const NOTHING: &str = "nothing";

// ANCHOR: task
pub async fn task() {
    tokio::spawn(async {}).await.unwrap();
}
// ANCHOR_END: task

// ANCHOR: thread
pub fn thread() {
    thread::spawn(|| {}).join().unwrap();
}
// ANCHOR_END: thread

// ANCHOR: fork
/// Call it while this process has no other thread.
#[cfg(unix)]
pub fn fork() -> io::Result<()> {
    use nix::unistd::ForkResult;
    // SAFETY: no other thread is running, so the child's copy of this process
    // holds no lock that nobody will release.
    match unsafe { nix::unistd::fork()? } {
        // SAFETY: ends the child at once, without the parent's clean-up code.
        ForkResult::Child => unsafe { nix::libc::_exit(0) },
        ForkResult::Parent { child } => nix::sys::wait::waitpid(child, None)?,
    };
    Ok(())
}
// ANCHOR_END: fork

// ANCHOR: exec
/// Runs `program`, this one, which is told to do nothing.
pub fn exec(program: &Path) -> io::Result<()> {
    let status = Command::new(program).env(ROLE, NOTHING).status()?;
    status.success().then_some(()).ok_or_else(|| io::Error::other(status.to_string()))
}
// ANCHOR_END: exec
