//! Refused in hangs_once: tries at 0 ms; given up after 1000 ms: took too long
//! Hint: The limit was on all

use std::time::Duration;

use tokio::time;

/// Why a try has failed.
pub enum Failure {
    /// It may go well another time.
    ForNow(String),
    /// No retry can mend it.
    ForGood(String),
}

const TRIES: u32 = 3;

const LONGEST: Duration = Duration::from_secs(1);

/// Before the second try; before each further one, twice as long.
const PAUSE: Duration = Duration::from_millis(100);

/// Does `job` until it goes well, and returns how many tries it took; or the
/// cause for which it is given up.
pub async fn carry_out(job: impl AsyncFnMut() -> Result<(), Failure>) -> Result<u32, String> {
    time::timeout(LONGEST, tried(job)).await.unwrap_or(Err("took too long".into()))
}

async fn tried(mut job: impl AsyncFnMut() -> Result<(), Failure>) -> Result<u32, String> {
    let mut pause = PAUSE;
    for number in 1.. {
        let cause = match job().await {
            Ok(()) => return Ok(number),
            Err(Failure::ForGood(cause)) => return Err(cause),
            Err(Failure::ForNow(cause)) => cause,
        };
        if number == TRIES {
            return Err(cause);
        }
        time::sleep(pause).await;
        pause *= 2;
    }
    unreachable!("the last try returns")
}
