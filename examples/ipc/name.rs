//! Shared memory and message queues are found by name, and keep theirs until
//! somebody removes it: a program's end does not.

use std::process;

use nix::sys::signal::{SigSet, SigmaskHow};

/// No two running processes of the machine have the same.
pub fn name(of: &str) -> String {
    format!("/taking-turns-{}-{of}", process::id())
}

// ANCHOR: unlinked
/// Opens what has a name and removes the name at once. What is open stays open,
/// in this process and in its children, and goes when the last of them ends.
pub fn unlinked<T>(
    open: impl FnOnce() -> nix::Result<T>,
    unlink: impl FnOnce() -> nix::Result<()>,
) -> nix::Result<T> {
    // A Ctrl-C between the two would leave the name, so it has to wait.
    let before = SigSet::all().thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    let opened = open();
    let removed = if opened.is_ok() { unlink() } else { Ok(()) };
    before.thread_set_mask()?;
    removed.and(opened)
}
// ANCHOR_END: unlinked
