//! Refused in hangs_once: tries at 0 ms; done at try 1 after 3600000 ms
//! Hint: It took an hour

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

/// Before the second try; before each further one, twice as long.
const PAUSE: Duration = Duration::from_millis(100);

/// Does `job` until it goes well, and returns how many tries it took; or the
/// cause for which it is given up.
pub async fn carry_out(mut job: impl AsyncFnMut() -> Result<(), Failure>) -> Result<u32, String> {
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
