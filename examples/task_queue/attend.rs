//! A day that the reader may end.

use queue::broker::Broker;
use queue::day::{Day, QUEUES, day};
use queue::monitor::Board;
use tokio::runtime::Runtime;
use tokio::sync::watch::{self, Receiver};

/// A day, unless the reader has seen enough: then nothing is left of it.
pub fn attend<B: Broker>(
    runtime: &Runtime,
    mut told: Receiver<bool>,
    open: impl AsyncFn() -> anyhow::Result<B>,
    plain: u64,
    board: &Board,
) -> anyhow::Result<Day> {
    runtime.block_on(async {
        let ended = tokio::select! {
            ended = day(&open, plain, board.clone()) => ended,
            _ = told.wait_for(|&told| told) => Err(anyhow::anyhow!("interrupted")),
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

/// From now on the reader or the system may ask us to end, and is heard, also
/// between two days. Call it before there is anything to leave behind.
pub fn listen(runtime: &Runtime) -> std::io::Result<Receiver<bool>> {
    let (tell, told) = watch::channel(false);
    let _within = runtime.enter();
    #[cfg(unix)]
    let asked = {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut end) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = end.recv() => {} }
        }
    };
    #[cfg(not(unix))]
    let asked = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    runtime.spawn(async move {
        asked.await;
        let _ = tell.send(true);
    });
    Ok(told)
}
