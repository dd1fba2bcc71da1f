//! How many files a process may have open: each connection is one at either end.

/// What each end needs besides: its standard streams, a listener, a few of the
/// runtime's.
const BESIDES: u64 = 64;

/// The limit, before and after.
pub struct Limit {
    pub before: u64,
    pub now: u64,
}

impl Limit {
    /// How many connections there may be, of so many that are wished for.
    pub fn allows(&self, wished: u64) -> u64 {
        wished.min(self.now.saturating_sub(BESIDES))
    }
}

// ANCHOR: raise
/// A process may raise its soft limit up to the hard one. Those that it starts
/// have its limit.
#[cfg(unix)]
pub fn raise(connections: u64) -> nix::Result<Limit> {
    use nix::sys::resource::{Resource::RLIMIT_NOFILE, getrlimit, setrlimit};
    let (soft, hard) = getrlimit(RLIMIT_NOFILE)?;
    let wanted = (connections + BESIDES).clamp(soft, hard);
    setrlimit(RLIMIT_NOFILE, wanted, hard)?;
    Ok(Limit { before: soft, now: wanted })
}
// ANCHOR_END: raise

/// Elsewhere there is none to raise.
#[cfg(not(unix))]
pub fn raise(_: u64) -> std::io::Result<Limit> {
    Ok(Limit { before: u64::MAX, now: u64::MAX })
}
