//! Refused in hangs: tries at 0, 100, 1300 ms; given up after 2300 ms: refused, try 1
//! Hint: That was the first failure

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Why a try has failed.
pub enum Failure {
    /// It may go well another time.
    ForNow(String),
    /// No retry can mend it.
    ForGood(String),
}

/// Does `job` until it goes well, and returns how many tries it took; or the
/// cause for which it is given up.
pub async fn carry_out(mut job: impl AsyncFnMut() -> Result<(), Failure>) -> Result<u32, String> {
    let mut given_up = String::from("took too long");
    for tries in 1..=3 {
        if tries > 1 {
            sleep(Duration::from_millis(100) * (tries - 1)).await;
        }
        match timeout(Duration::from_secs(1), job()).await {
            Ok(Ok(())) => return Ok(tries),
            Ok(Err(Failure::ForGood(cause))) => return Err(cause),
            Ok(Err(Failure::ForNow(cause))) => given_up = cause,
            Err(_) => {}
        }
    }
    Err(given_up)
}
