//! Two ways to load a server: on schedule, and waiting for each answer.

use std::io;
use std::time::Duration;

use hdrhistogram::Histogram;
use reqwest::Client;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::server::Server;

/// Clients of the closed loop: two for each thread of the server.
pub const CLIENTS: u32 = 4;

/// What became of one request.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Until its answer had been read, from when the request was due or was sent.
    pub latency: Duration,
    /// The answer's status; nothing if no connection could be made, or it broke.
    pub status: Option<u16>,
}

/// A proxy that the environment names is none for this machine.
pub fn client() -> reqwest::Result<Client> {
    Client::builder().no_proxy().build()
}

// ANCHOR: open_loop
/// Sends on schedule, whether or not earlier requests have been answered.
/// A latency counts from when its request was due.
pub async fn open_loop(client: &Client, url: &str, rate: f64, requests: u32) -> Vec<Asked> {
    let start = Instant::now();
    let mut under_way = JoinSet::new();
    for number in 0..requests {
        let due = start + Duration::from_secs_f64(f64::from(number) / rate);
        sleep_until(due).await;
        under_way.spawn(ask(client.clone(), url.to_owned(), due));
    }
    under_way.join_all().await
}
// ANCHOR_END: open_loop

// ANCHOR: closed_loop
/// Each client sends its next request when it has the answer to the last.
/// A latency counts from when its request was sent.
pub async fn closed_loop(client: &Client, url: String, clients: u32, requests: u32) -> Vec<Asked> {
    let mut loops = JoinSet::new();
    for _ in 0..clients {
        let (client, url) = (client.clone(), url.clone());
        loops.spawn(async move {
            let mut asked = Vec::new();
            for _ in 0..requests.div_ceil(clients) {
                asked.push(ask(client.clone(), url.clone(), Instant::now()).await);
            }
            asked
        });
    }
    loops.join_all().await.concat()
}
// ANCHOR_END: closed_loop

/// One request to /health for so many others.
const HEALTH_EVERY: u32 = 5;

/// An open loop on `path`, and a slower one on `/health` meanwhile.
pub async fn beside_health(
    client: &Client,
    server: &Server,
    path: &str,
    rate: f64,
    requests: u32,
) -> (Vec<Asked>, Vec<Asked>) {
    let (url, health) = (server.url(path), server.url("health"));
    tokio::join!(
        open_loop(client, &url, rate, requests),
        open_loop(client, &health, rate / f64::from(HEALTH_EVERY), requests / HEALTH_EVERY),
    )
}

/// An open loop, in the middle of which the server is told to stop.
pub async fn stopped_halfway(
    client: &Client,
    server: &Server,
    path: &str,
    rate: f64,
    requests: u32,
) -> io::Result<Vec<Asked>> {
    let (url, halfway) = (server.url(path), f64::from(requests) / 2.0 / rate);
    let (asked, told) = tokio::join!(open_loop(client, &url, rate, requests), async {
        sleep(Duration::from_secs_f64(halfway)).await;
        server.tell_to_stop()
    });
    told.map(|()| asked)
}

async fn ask(client: Client, url: String, since: Instant) -> Asked {
    let answer = async {
        let response = client.get(url).send().await?;
        let status = response.status().as_u16();
        response.bytes().await.map(|_| status)
    };
    let status = answer.await.ok();
    Asked { latency: since.elapsed(), status }
}

/// How many of them were answered, with whatever status.
pub fn answered(asked: &[Asked]) -> usize {
    asked.iter().filter(|asked| asked.status.is_some()).count()
}

/// The latencies of the requests that were answered with `status`, in
/// microseconds and to three digits.
pub fn latencies(asked: &[Asked], status: u16) -> Histogram<u64> {
    let mut histogram = Histogram::new(3).expect("three digits are allowed");
    for asked in asked {
        if asked.status == Some(status) {
            histogram += asked.latency.as_micros() as u64;
        }
    }
    histogram
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::State;
    use axum::routing::get;
    use std::sync::Arc;
    use tokio::net::TcpListener;
    use tokio::sync::Barrier;

    use super::*;

    /// Answers nobody until `together` requests have come.
    async fn serve(together: usize) -> String {
        let gather = async |State(barrier): State<Arc<Barrier>>| {
            barrier.wait().await;
            "found"
        };
        let router =
            Router::new().route("/", get(gather)).with_state(Arc::new(Barrier::new(together)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        url
    }

    #[tokio::test]
    async fn an_open_loop_does_not_wait_for_answers() {
        let asked = open_loop(&client().unwrap(), &serve(8).await, 1e4, 8).await;
        assert_eq!(latencies(&asked, 200).len(), 8);
    }

    #[tokio::test]
    async fn a_closed_loop_has_one_request_under_way_for_each_client() {
        // Three come together, three times. A fourth would be left over.
        let asked = closed_loop(&client().unwrap(), serve(3).await, 3, 9).await;
        assert_eq!(latencies(&asked, 200).len(), 9);
    }

    #[tokio::test]
    async fn who_finds_no_server_has_no_status() {
        let asked = open_loop(&client().unwrap(), "http://127.0.0.1:1/", 1e4, 2).await;
        assert!(asked.iter().all(|asked| asked.status.is_none()), "{asked:?}");
    }
}
