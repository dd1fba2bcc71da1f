//! What a thousand connections ask the allocator for if a task of `connections`
//! holds each: the least that tokio's types need. Prints the bytes of
//! a socket, and those of a task.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tokio::net::{TcpListener, TcpStream};

#[path = "../../examples/connections/in_tasks.rs"]
mod in_tasks;

const CONNECTIONS: usize = 1_000;

struct Counting;

// Relaxed: the sum is read by the one thread that there is.
static HELD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system's allocator does it all; the sum beside it is no memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Relaxed);
        // SAFETY: what our caller promises is what the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> io::Result<()> {
    // A runtime each: it forgets a socket some time after it is closed.
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    let socket = runtime()?.block_on(sockets())?;
    let all = runtime()?.block_on(answered())?;
    println!("{socket} {}", all - 2 * socket);
    Ok(())
}

/// Bytes of each end of a connection.
async fn sockets() -> io::Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut ends = Vec::with_capacity(2 * CONNECTIONS);
    let before = HELD.load(Relaxed);
    for _ in 0..CONNECTIONS {
        ends.push(TcpStream::connect(listener.local_addr()?).await?);
        ends.push(listener.accept().await?.0);
    }
    Ok((HELD.load(Relaxed) - before) / ends.len())
}

/// Bytes of both ends of a connection and of the task that holds one.
async fn answered() -> io::Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(in_tasks::serve(listener));
    let mut ends = Vec::with_capacity(CONNECTIONS);
    let before = HELD.load(Relaxed);
    for _ in 0..CONNECTIONS {
        let client = TcpStream::connect(address).await?;
        // Answered, it has its task, which waits for more.
        client.writable().await?;
        client.try_write(b"x")?;
        client.readable().await?;
        client.try_read(&mut [0; 1])?;
        ends.push(client);
    }
    Ok((HELD.load(Relaxed) - before) / CONNECTIONS)
}
