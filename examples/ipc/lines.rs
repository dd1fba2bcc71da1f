//! The kinds of line that there are.

#[cfg(target_os = "linux")]
use crate::queue;
#[cfg(unix)]
use crate::{memory, pipe, socket, talk::Open};

pub const PIPE: &str = "pipe";
pub const LARGE: &str = "pipe of 1 MiB";
pub const SOCKET: &str = "Unix socket";
pub const MEMORY: &str = "shared memory";
pub const QUEUE: &str = "message queue";

/// A name, and what is known of it.
pub type Of<T> = Vec<(&'static str, T)>;

/// Those that this machine lets us open, each with the function that opens
/// one, and why the others are not among them.
#[cfg(unix)]
pub fn available(size: usize) -> (Of<Open>, Of<String>) {
    let mut refused = Vec::new();
    let mut lines: Vec<(_, Open)> = vec![
        (PIPE, pipe::ends),
        #[cfg(target_os = "linux")]
        (LARGE, pipe::large_ends),
        (SOCKET, socket::ends),
        (MEMORY, memory::ends),
        #[cfg(target_os = "linux")]
        (QUEUE, queue::ends),
    ];
    // A container may forbid queues, or large pipes.
    lines.retain(|(line, open)| match open(size) {
        Ok(_) => true,
        Err(error) => {
            refused.push((*line, format!("cannot open a {line}: {error}")));
            false
        }
    });
    #[cfg(not(target_os = "linux"))]
    refused.extend([LARGE, QUEUE].map(|line| (line, format!("this system has no {line}"))));
    (lines, refused)
}

/// Whether anybody can still find what this process has open.
#[cfg(unix)]
pub fn have_a_name() -> bool {
    #[cfg(target_os = "linux")]
    if queue::has_a_name() {
        return true;
    }
    memory::has_a_name()
}
