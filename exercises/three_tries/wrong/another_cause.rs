//! Refused in hangs: tries at 0, 100, 1300 ms; given up after 2300 ms: deadline has elapsed
//! Hint: A try that is cut off is a failure

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
    for tries in 1.. {
        let cause = match timeout(Duration::from_secs(1), job()).await {
            Ok(Ok(())) => return Ok(tries),
            Ok(Err(Failure::ForGood(cause))) => return Err(cause),
            Ok(Err(Failure::ForNow(cause))) => cause,
            Err(elapsed) => elapsed.to_string(),
        };
        if tries == 3 {
            return Err(cause);
        }
        sleep(Duration::from_millis(100) * tries).await;
    }
    unreachable!()
}
