//! How a worker carries out a job.

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
    let mut tries = 1;
    while job().await.is_err() {
        tries += 1;
    }
    Ok(tries)
}
