//! Three servers, of which the second is the quickest; and a caller who does
//! not wait so long. The clock is tokio's own: what takes so many milliseconds
//! takes exactly those.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use exercise::{Case, Check, Hint, Once};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep, timeout};

use super::answer::{Server, first_answer};

/// How long each takes to answer, in milliseconds.
const SERVERS: [u64; 3] = [30, 10, 20];

const ALL_ENDED: &str = "no request is under way";

pub const CHECK: Check = Check {
    starter: ("answered", "requests go on"),
    cases: &[
        Case::Once(Once {
            name: "answered",
            title: "The quickest of three has answered",
            run: answered,
            good: &[ALL_ENDED],
            hints: &[
                Hint::on(
                    "requests go on",
                    "The others have been told to stop, and have not had a turn yet in which they \
                     could. Connections are given back when a task has ended, and that can be \
                     awaited.",
                )
                .when("abort"),
                Hint::on(
                    "requests go on",
                    "A set that is dropped is aborted, and not waited for. What does a `JoinSet` \
                     have that does both?",
                )
                .when("JoinSet"),
                Hint::on(
                    "requests go on",
                    "A task does not end because nobody looks at it. Who owns these?",
                ),
                Hint::on(
                    "it takes longer than the quickest",
                    "All must be under way before you wait for one of them, and the first that \
                     is done must be noticed at once.",
                ),
                Hint::on("not the quickest", "Whose answer comes first is not known beforehand."),
            ],
        }),
        Case::Once(Once {
            name: "given_up",
            title: "The caller waits for five milliseconds",
            run: given_up,
            good: &[ALL_ENDED],
            hints: &[Hint::on(
                "requests go on",
                "The function was dropped at an await, and the line that stops the others never \
                 ran. Only destructors run then. What would stop the tasks when it is dropped?",
            )],
        }),
    ],
    without: &[],
};

fn answered() -> String {
    run(async |under_way| {
        let began = Instant::now();
        let answer = first_answer(servers(under_way)).await;
        match answer.as_str() {
            _ if under_way.load(Relaxed) > 0 => "requests go on",
            "10" if began.elapsed() > Duration::from_millis(15) => {
                "it takes longer than the quickest"
            }
            "10" => ALL_ENDED,
            _ => "not the quickest",
        }
    })
}

fn given_up() -> String {
    run(async |under_way| {
        let waited = timeout(Duration::from_millis(5), first_answer(servers(under_way))).await;
        assert!(waited.is_err(), "nobody answers so soon");
        // Who is aborted needs a turn to end in.
        sleep(Duration::from_millis(1)).await;
        if under_way.load(Relaxed) > 0 { "requests go on" } else { ALL_ENDED }
    })
}

fn run(case: impl AsyncFnOnce(&Arc<AtomicUsize>) -> &'static str) -> String {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(case(&Arc::default())).into()
}

fn servers(under_way: &Arc<AtomicUsize>) -> Vec<Slow> {
    SERVERS.map(|milliseconds| Slow { milliseconds, under_way: under_way.clone() }).into()
}

struct Slow {
    milliseconds: u64,
    under_way: Arc<AtomicUsize>,
}

impl Server for Slow {
    async fn ask(&self) -> String {
        let _connection = Connection::open(&self.under_way);
        sleep(Duration::from_millis(self.milliseconds)).await;
        self.milliseconds.to_string()
    }
}

/// Counted as long as it is there.
struct Connection<'a>(&'a AtomicUsize);

impl<'a> Connection<'a> {
    fn open(under_way: &'a AtomicUsize) -> Self {
        under_way.fetch_add(1, Relaxed);
        Connection(under_way)
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}
