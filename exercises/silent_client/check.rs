//! Two hundred clients, each of which sends one long text and then nothing.

use std::fs;

use exercise::{Case, Check, Hint, Once};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::runtime::Builder;
use tokio::task::yield_now;

use super::answer::serve;

/// Two open files each: a process may have 1024, often.
const CLIENTS: usize = 200;

/// A socket's place in the runtime and a small future take about 1 KiB; what is
/// to be found out, 64.
const LITTLE: usize = 4 * 1024;

/// After each, the loop looks at all sockets. One would do, or two.
const TURNS: usize = 8;

const GOOD: &str = "little is kept for each";

pub const CHECK: Check = Check {
    starter: ("silent", "more than 4 KiB in the future"),
    cases: &[Case::Once(Once {
        name: "silent",
        title: "Two hundred clients that have sent one long text",
        run: silent,
        good: &[GOOD],
        hints: &[
            Hint::on(
                "more than 4 KiB in the future",
                "A future has room for all that ever lives across one of its awaits, at whichever \
                 await it is. Between the braces of the loop or before them is the same to it. \
                 What can be as large as the text at hand, and is not in the future itself?",
            ),
            Hint::on(
                "more than 4 KiB for each",
                "A reader with a buffer of its own keeps it for as long as it lives.",
            )
            .when("BufReader"),
            Hint::on(
                "more than 4 KiB for each",
                "The text is not in the future any more, and still there while the client is \
                 silent. When is it dropped? (A `Vec` that is cleared keeps its room.)",
            ),
            Hint::on(
                "a wrong answer",
                "`read` gives what has come so far, which need not be all of the text.",
            )
            .when(".read("),
            Hint::on("a wrong answer", "A text can be as long as 65 535 bytes. Is all of it read?"),
        ],
    })],
    without: &[],
};

fn silent() -> String {
    let (one, _other) = std::os::unix::net::UnixStream::pair().expect("two sockets");
    one.set_nonblocking(true).expect("a socket");
    let runtime = Builder::new_current_thread().enable_all().build();
    let outcome = runtime.expect("a runtime").block_on(async {
        let future = serve(UnixStream::from_std(one).expect("a socket"));
        if size_of_val(&future) >= LITTLE {
            return "more than 4 KiB in the future";
        }
        drop(future);
        let mut clients = Vec::with_capacity(CLIENTS);
        // What is needed for one at a time stays, and is not counted.
        let mut before = None;
        for number in 0..CLIENTS {
            let (mut client, server) = UnixStream::pair().expect("two sockets");
            tokio::spawn(serve(server));
            if !ask(&mut client, number as u16).await {
                return "a wrong answer";
            }
            clients.push(client);
            before = before.or_else(own_memory);
        }
        let kept = own_memory().zip(before).map(|(now, before)| now.saturating_sub(before));
        match kept {
            Some(kept) if kept >= CLIENTS * LITTLE => "more than 4 KiB for each",
            _ => GOOD,
        }
    });
    outcome.into()
}

/// Sends the longest text, with so many lines.
async fn ask(client: &mut UnixStream, lines: u16) -> bool {
    let mut text = vec![b'.'; usize::from(u16::MAX)];
    // From the end, and so far apart that all of it must have been read.
    text.iter_mut().rev().step_by(200).take(lines.into()).for_each(|byte| *byte = b'\n');
    // In two parts, the second when the server has seen the first.
    let (first, second) = text.split_at(1_000);
    client.write_u16(u16::MAX).await.expect("a server");
    client.write_all(first).await.expect("a server");
    for _ in 0..TURNS {
        yield_now().await;
    }
    let sent = client.write_all(second).await;
    sent.is_ok() && client.read_u32().await.ok() == Some(lines.into())
}

/// The process's own memory, page by page, where the system tells. (The sums
/// in `status` are off by some pages for each core.)
fn own_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("Anonymous:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? * 1024)
}
