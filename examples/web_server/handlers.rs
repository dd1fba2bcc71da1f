//! One handler in four ways, and a limit on how many are under way.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, oneshot};
use tokio::time;

// ANCHOR: awaits
/// The task waits. Its thread goes on with other tasks.
pub async fn awaits(State(cost): State<Duration>) -> &'static str {
    time::sleep(cost).await;
    "found"
}
// ANCHOR_END: awaits

// ANCHOR: blocks
/// The thread waits, and every task that it would have run waits with it.
pub async fn blocks(State(cost): State<Duration>) -> &'static str {
    thread::sleep(cost);
    "found"
}
// ANCHOR_END: blocks

// ANCHOR: computes
/// The thread computes, and its other tasks wait for that as well.
pub async fn computes(State(cost): State<Duration>) -> String {
    checksum(cost).to_string()
}
// ANCHOR_END: computes

// ANCHOR: computes_on_a_pool
/// A thread of another pool computes. The task awaits its result.
pub async fn computes_on_a_pool(State(cost): State<Duration>) -> String {
    let (send, receive) = oneshot::channel();
    rayon::spawn(move || {
        // A client that has gone away leaves nobody to send to.
        let _ = send.send(checksum(cost));
    });
    receive.await.expect("a job on the pool ends by sending").to_string()
}
// ANCHOR_END: computes_on_a_pool

// ANCHOR: shed
/// Lets in as many requests as there are places, and sends the others away at once.
pub async fn shed(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response(),
    }
}
// ANCHOR_END: shed

/// On the machine of the record. Elsewhere `cost` is about right, which is enough.
const ROUNDS_IN_A_MILLISECOND: u64 = 700_000;

/// Arithmetic that takes about as long as `cost`, and whose result takes part
/// in every round.
pub fn checksum(cost: Duration) -> u64 {
    let rounds = cost.as_millis() as u64 * ROUNDS_IN_A_MILLISECOND;
    (0..rounds).fold(1, |sum: u64, round| {
        let sum = (sum ^ round).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        sum ^ (sum >> 29)
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::*;

    async fn serve_with(places: usize) -> String {
        let limit = from_fn_with_state(Arc::new(Semaphore::new(places)), shed);
        let router = Router::new().route("/", get("found").layer(limit));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        url
    }

    #[tokio::test]
    async fn without_a_place_a_request_is_told_to_come_back() {
        let answer = reqwest::get(serve_with(0).await).await.unwrap();
        assert_eq!(answer.status().as_u16(), 503);
        assert_eq!(answer.headers()["retry-after"], "1");
    }

    #[tokio::test]
    async fn a_place_is_free_again_after_the_answer() {
        let url = serve_with(1).await;
        for _ in 0..3 {
            assert_eq!(reqwest::get(&url).await.unwrap().status().as_u16(), 200);
        }
    }
}
