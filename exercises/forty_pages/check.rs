//! A server that is 50 ms away, on a clock that jumps.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use exercise::{Case, Check, Hint, Once};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex, split};
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use super::answer::fetch;

/// There and back.
const LATENCY: Duration = Duration::from_millis(50);

const PAGES: u32 = 40;

/// For all questions, and all answers.
const ROOM: usize = 64 * 1024;

static CONNECTIONS: AtomicU32 = AtomicU32::new(0);

/// A connection to the server, which is read and written as a `TcpStream` is.
/// To open it takes as long as an answer.
pub async fn connect() -> DuplexStream {
    CONNECTIONS.fetch_add(1, Relaxed);
    sleep(LATENCY).await;
    let (ours, theirs) = duplex(ROOM);
    tokio::spawn(serve(theirs));
    ours
}

/// Each answer comes so long after its question.
async fn serve(connection: DuplexStream) {
    let (questions, mut answers) = split(connection);
    let (ask, mut asked) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut questions = BufReader::new(questions).lines();
        while let Ok(Some(question)) = questions.next_line().await {
            let _ = ask.send((Instant::now() + LATENCY, question));
        }
    });
    while let Some((due, question)) = asked.recv().await {
        sleep_until(due).await;
        // Whoever has gone need not be told.
        let _ = answers.write_all(format!("page {question}\n").as_bytes()).await;
    }
}

const ONE_BY_ONE: &str = "40 pages, connections: 1, 2050 ms";

pub const CHECK: Check = Check {
    starter: ("forty", "40 pages, connections: 40, 4000 ms"),
    cases: &[Case::Once(Once {
        name: "forty",
        title: "Forty pages",
        run: forty,
        good: &["40 pages, connections: 1, 100 ms"],
        hints: &[
            Hint::on(
                ONE_BY_ONE,
                "Forty tasks take turns at the connection, and each keeps it from its question to \
                 its answer. What has to be one after the other: the questions, or the waits?",
            )
            .when("lock()"),
            Hint::on(
                ONE_BY_ONE,
                "No connection is opened twice, and that was half of it. Still each question waits \
                 for the answer to the one before. Does it need that answer?",
            ),
            Hint::on(
                "40 pages, connections: 40, 100 ms",
                "The waits overlap, and the server has forty connections to look after, each used \
                 once. Forty questions fit into one.",
            ),
            Hint::on(
                "waits for ever",
                "An answer is waited for that does not come. Either its question is still in a \
                 buffer of yours, or a reader has taken it in with the answer before and was \
                 dropped with it.",
            ),
            Hint::on(
                "40 pages, connections: 40, 4000 ms",
                "Count the waits: there are two for each page. Which of them has to happen once \
                 only, and which could overlap with others?",
            ),
            Hint::on(
                "40 pages, connections: 0, 0 ms",
                "Nobody was asked. These pages are right as long as the server's are never \
                 changed.",
            ),
            Hint::on("other pages", "`read_line` appends to the text that it is given.")
                .when("read_line"),
            Hint::on("", "All pages have to be there, each once, in their order."),
        ],
    })],
    without: &[],
};

fn forty() -> String {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
    let (pages, time) = runtime.unwrap().block_on(async {
        let began = Instant::now();
        (fetch(PAGES).await, began.elapsed())
    });
    for number in 1..=PAGES {
        let wanted = format!("page {number}");
        match pages.get(number as usize - 1) {
            Some(page) if *page == wanted => {}
            Some(page) => return format!("other pages: where {wanted} should be is {page:?}"),
            None => return format!("other pages: there is no {wanted}"),
        }
    }
    if pages.len() > PAGES as usize {
        return format!("other pages: {} of them", pages.len());
    }
    let connections = CONNECTIONS.load(Relaxed);
    format!("{PAGES} pages, connections: {connections}, {} ms", time.as_millis())
}
