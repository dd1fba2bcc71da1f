use std::sync::{Arc, Mutex};

use tokio::time::sleep;

use super::*;
use crate::day::{self, day, keep_working};
use crate::jobs::{Job, MailServer};
use crate::monitor::Board;
use crate::server::{Folder, Server, address};

async fn told(url: &str) -> String {
    format!("{:#}", Redis::open(url, "").await.unwrap_err())
}

#[tokio::test]
async fn a_broker_that_is_not_there_is_told() {
    let told = told("redis://127.0.0.1:1").await;
    assert!(told.starts_with("cannot use the broker `redis://127.0.0.1:1`: "), "{told}");
    assert!(told.contains("refused"), "{told}");
    assert!(!told.contains('\n'), "{told}");
}

#[tokio::test]
async fn a_day_goes_as_it_does_on_sqlite() {
    let folder = Folder::new().unwrap();
    let _server = Server::start(folder.path()).unwrap();
    let url = address(folder.path());
    let day = day(async || Redis::open(&url, "test:").await, 5, Board::default()).await.unwrap();
    assert_eq!(day.failed.len(), 3);
    assert_eq!(day.put_back.len(), 1);
    assert_eq!(day.mishaps, Vec::<String>::new());
    let open = Redis::open(&url, "").await.unwrap();
    let left: Vec<String> = open.connection.clone().keys("*").await.unwrap();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn what_has_not_failed_is_not_put_back() {
    let folder = Folder::new().unwrap();
    let _server = Server::start(folder.path()).unwrap();
    let shop = Redis::open(&address(folder.path()), "test:").await.unwrap();
    let order = Order::of(Job::Letter { to: "ann@example.org".to_owned() });
    let id = order.id;
    shop.push(order).await.unwrap();
    let told = shop.put_back("mail", id).await.unwrap_err().to_string();
    assert_eq!(told, format!("`mail` has no failed job {id}"));
    assert_eq!(shop.counts("mail").await.unwrap(), Counts { waiting: 1, ..Counts::default() });
}

#[tokio::test]
async fn a_broker_that_is_killed_and_restarted_loses_no_accepted_job() {
    const LETTERS: usize = 300;
    let folder = Folder::new().unwrap();
    let server = Server::start(folder.path()).unwrap();
    let shop = Redis::open(&address(folder.path()), "test:").await.unwrap();
    let mut accepted = Vec::new();
    for number in 0..LETTERS {
        let order = Order::of(Job::Letter { to: format!("{number}@example.org") });
        accepted.push(order.id);
        shop.push(order).await.unwrap();
    }
    let (log, (stop, stopping)) = (Arc::new(Mutex::new(Vec::new())), watch::channel(false));
    let worker = tokio::spawn(keep_working(
        Desk {
            queue: "mail",
            broker: shop.clone(),
            server: Arc::new(MailServer::default()),
            log: log.clone(),
        },
        stopping,
    ));
    // In the middle of its work.
    while log.lock().unwrap().is_empty() {
        sleep(Duration::from_millis(1)).await;
    }
    server.kill().unwrap();
    let refused = shop.push(Order::of(Job::Endless)).await.unwrap_err();
    assert!(format!("{refused:#}").starts_with("the job was not accepted: "), "{refused:#}");
    let _server = Server::start(folder.path()).unwrap();
    let reader = Redis::open(&address(folder.path()), "test:").await.unwrap();
    for id in accepted {
        let result = loop {
            match reader.result("mail", id).await.unwrap() {
                Some(result) => break result,
                None => sleep(Duration::from_millis(10)).await,
            }
        };
        assert!(result.is_ok(), "{result:?}");
    }
    stop.send(true).unwrap();
    let mishaps = worker.await.unwrap();
    assert!(!mishaps.is_empty());
    assert!(log.lock().unwrap().len() >= LETTERS);
}

#[tokio::test]
async fn what_is_no_job_is_put_back_and_fails_again() {
    let folder = Folder::new().unwrap();
    let _server = Server::start(folder.path()).unwrap();
    let redis = Redis::open(&address(folder.path()), "test:").await.unwrap();
    day::what_is_no_job_is_put_back_and_fails_again(redis).await;
}
