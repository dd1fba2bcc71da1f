//! A hundred pages. The clock is tokio's own and stands still while anybody
//! has something to do: what takes so many milliseconds takes exactly those.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use exercise::{Case, Check, Hint, Once};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use super::answer::{AT_A_TIME, Server, fetch_all};

const PAGES: usize = 100;

/// Whoever always has twenty under way needs 140 ms; in five batches, each as
/// long as its longest, it is 500.
const LONGEST: Duration = Duration::from_millis(200);

const GOOD: &str = "all pages, in order, and in time";

pub const CHECK: Check = Check {
    starter: ("hundred_pages", "more than 20 under way"),
    cases: &[Case::Once(Once {
        name: "hundred_pages",
        title: "A hundred pages, of which some take longer",
        run: hundred_pages,
        good: &[GOOD],
        hints: &[
            Hint::on(
                "more than 20 under way",
                "A permit is given back when it is dropped, and what is not bound to a name is \
                 dropped at once. Until when must it be held?",
            )
            .when("acquire"),
            Hint::on(
                "more than 20 under way",
                "A task begins when it is spawned, not when it is awaited. What could a task wait \
                 for before it asks, or who could do one page after another?",
            ),
            Hint::on(
                "out of order",
                "Pages come in the order in which they are answered. How does each find its place?",
            ),
            Hint::on("0 requests for 100 pages", "The pages are to come from the server."),
            Hint::on("pages are missing", "Is the last page as welcome as the first?"),
            Hint::on(
                "",
                "While the slowest of a batch is under way the other nineteen do nothing. When \
                 may the next page be asked for?",
            )
            .when("spawn"),
            Hint::on(
                "",
                "How many requests are under way at a time? A future does nothing until somebody \
                 awaits it, and who awaits it waits.",
            ),
        ],
    })],
    without: &[],
};

fn hundred_pages() -> String {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
    let office = Office::default();
    runtime.expect("a runtime").block_on(async {
        let began = Instant::now();
        let mut fetched = fetch_all(office.clone(), PAGES).await;
        let right: Vec<_> = (0..PAGES).map(text).collect();
        let in_order = fetched == right;
        fetched.sort();
        let took = began.elapsed();
        if office.most.load(Relaxed) > AT_A_TIME {
            "more than 20 under way".into()
        } else if fetched.len() != PAGES || !fetched.iter().all(|page| right.contains(page)) {
            "pages are missing".into()
        } else if office.asked.load(Relaxed) != PAGES {
            format!("{} requests for {PAGES} pages", office.asked.load(Relaxed))
        } else if !in_order {
            "out of order".into()
        } else if took > LONGEST {
            format!("{} ms, where {} are enough", took.as_millis(), LONGEST.as_millis())
        } else {
            GOOD.into()
        }
    })
}

fn text(page: usize) -> String {
    format!("page {page}")
}

#[derive(Clone, Default)]
struct Office {
    asked: Arc<AtomicUsize>,
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Server for Office {
    async fn fetch(&self, page: usize) -> String {
        self.asked.fetch_add(1, Relaxed);
        let under_way = self.under_way.fetch_add(1, Relaxed) + 1;
        self.most.fetch_max(under_way, Relaxed);
        let long = page % AT_A_TIME == 7;
        sleep(Duration::from_millis(if long { 100 } else { 10 })).await;
        self.under_way.fetch_sub(1, Relaxed);
        text(page)
    }
}
