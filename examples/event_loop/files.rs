//! How many files this process may have open, and how many it has.

#![cfg(target_os = "linux")]

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use taking_turns::Misuse;

/// Raises the soft limit as far as it is needed and allowed.
pub fn allow(files: u64) -> anyhow::Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if hard < files {
        let needed = format!("so many connections need {files} open files");
        return Err(Misuse(format!("{needed}, and this system allows {hard}")).into());
    }
    Ok(setrlimit(Resource::RLIMIT_NOFILE, soft.max(files), hard)?)
}

/// Open files, the one that it takes to look among them.
pub fn open() -> std::io::Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}
