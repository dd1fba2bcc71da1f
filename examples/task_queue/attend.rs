//! A day that the reader may end.

use queue::broker::Broker;
use queue::day::{Day, QUEUES, day};
use queue::monitor::Board;
use tokio::runtime::Runtime;

/// A day, unless the reader has seen enough: then nothing is left of it.
pub fn attend<B: Broker>(
    runtime: &Runtime,
    open: impl AsyncFn() -> anyhow::Result<B>,
    plain: u64,
    board: &Board,
) -> anyhow::Result<Day> {
    runtime.block_on(async {
        let ended = tokio::select! {
            ended = day(&open, plain, board.clone()) => ended,
            () = interrupted() => Err(anyhow::anyhow!("interrupted")),
        };
        if ended.is_err() {
            // If the broker is gone, it is not there to be swept either.
            if let Ok(broker) = open().await {
                let _ = broker.forget(&QUEUES).await;
            }
        }
        ended
    })
}

/// Resolves when the reader or the system asks us to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut end)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        {
            tokio::select! { _ = interrupt.recv() => {}, _ = end.recv() => {} }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
