//! Three services, and how long a page takes that asks them.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use exercise::{Case, Check, Hint, Once};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use super::answer::page;

/// Who has logged in. It takes 300 ms to learn.
pub async fn user() -> String {
    answer(300, "Ada").await
}

/// What a user has ordered. It takes 200 ms to learn.
pub async fn orders_of(user: &str) -> String {
    answer(200, if user == "Ada" { "3 orders" } else { "no orders" }).await
}

/// What it is like outside. It takes 400 ms to learn.
pub async fn weather() -> String {
    answer(400, "rain").await
}

static QUESTIONS: AtomicU32 = AtomicU32::new(0);

async fn answer(milliseconds: u64, text: &str) -> String {
    QUESTIONS.fetch_add(1, Relaxed);
    sleep(Duration::from_millis(milliseconds)).await;
    text.into()
}

const ONE_BY_ONE: &str = "Ada, 3 orders, rain: 900 ms, 3 questions";

pub const CHECK: Check = Check {
    starter: ("one_page", ONE_BY_ONE),
    cases: &[Case::Once(Once {
        name: "one_page",
        title: "One page",
        run: one_page,
        good: &["Ada, 3 orders, rain: 500 ms, 3 questions"],
        hints: &[
            Hint::on(
                ONE_BY_ONE,
                "Each task is waited for as soon as it is started. What could be done between the \
                 start and the wait?",
            )
            .when("spawn"),
            Hint::on(
                ONE_BY_ONE,
                "To call an `async fn` asks nobody anything: the question is asked when the future \
                 is first awaited. As with a coroutine in Python, something has to run it \
                 meanwhile.",
            )
            .when("= weather();"),
            Hint::on(
                ONE_BY_ONE,
                "Which of the three answers is needed to ask for another? All other waits can \
                 overlap.",
            ),
            Hint::on(
                "Ada, 3 orders, rain: 600 ms, 3 questions",
                "The orders wait for the weather, which they do not need. What does each question \
                 have to come after?",
            ),
            Hint::on(
                "Ada, 3 orders, rain: 500 ms, 4 questions",
                "One service is asked twice, and that is somebody's bill. Two of the questions are \
                 one after the other in any case: they can share a task.",
            ),
            Hint::on("", "The page has to have all three answers in it, in their order."),
        ],
    })],
    without: &[],
};

fn one_page() -> String {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build();
    let (page, time) = runtime.unwrap().block_on(async {
        let began = Instant::now();
        (page().await, began.elapsed())
    });
    let questions = QUESTIONS.load(Relaxed);
    format!("{page}: {} ms, {questions} questions", time.as_millis())
}
