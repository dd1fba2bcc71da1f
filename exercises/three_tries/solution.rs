//! How a worker carries out a job.

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
pub async fn carry_out(mut job: impl AsyncFnMut() -> Result<(), Failure>) -> Result<u32, String> {
    let mut pause = PAUSE;
    for number in 1.. {
        let cause = match time::timeout(LONGEST, job()).await {
            Ok(Ok(())) => return Ok(number),
            Ok(Err(Failure::ForGood(cause))) => return Err(cause),
            Ok(Err(Failure::ForNow(cause))) => cause,
            Err(_) => "took too long".into(),
        };
        if number == TRIES {
            return Err(cause);
        }
        time::sleep(pause).await;
        pause *= 2;
    }
    unreachable!("the last try returns")
}
