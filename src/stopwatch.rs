//! Wall time, processor time and context switches of a piece of work.

use std::time::Instant;

/// Runs from the moment it is made.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    started: Instant,
    usage: Option<Usage>,
}

/// What a piece of work took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spent {
    /// Seconds on the clock on the wall.
    pub wall: f64,
    /// What the system counted for this process, all its threads together.
    pub usage: Option<Usage>,
}

/// What the system counts for a process: see `getrusage(2)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Seconds on a processor, in user and kernel mode.
    pub cpu: f64,
    /// Times it gave the processor up because it had to wait.
    pub voluntary_switches: f64,
    /// Times the scheduler took the processor away.
    pub involuntary_switches: f64,
}

impl Stopwatch {
    /// Starts one.
    pub fn start() -> Stopwatch {
        Stopwatch { usage: Usage::of_process(), started: Instant::now() }
    }

    /// What was spent since the start.
    pub fn stop(self) -> Spent {
        let wall = self.started.elapsed().as_secs_f64();
        let usage = self.usage.zip(Usage::of_process()).map(|(before, now)| Usage {
            cpu: now.cpu - before.cpu,
            voluntary_switches: now.voluntary_switches - before.voluntary_switches,
            involuntary_switches: now.involuntary_switches - before.involuntary_switches,
        });
        Spent { wall, usage }
    }
}

impl Usage {
    /// Of this process since it began, or nothing where the system does not say.
    #[cfg(unix)]
    pub fn of_process() -> Option<Usage> {
        use nix::sys::resource::{UsageWho, getrusage};
        Usage::from(getrusage(UsageWho::RUSAGE_SELF).ok()?)
    }

    /// Of the children that this process has waited for.
    #[cfg(unix)]
    pub(crate) fn of_children() -> Option<Usage> {
        use nix::sys::resource::{UsageWho, getrusage};
        Usage::from(getrusage(UsageWho::RUSAGE_CHILDREN).ok()?)
    }

    #[cfg(unix)]
    fn from(usage: nix::sys::resource::Usage) -> Option<Usage> {
        let seconds =
            |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
        Some(Usage {
            cpu: seconds(usage.user_time()) + seconds(usage.system_time()),
            voluntary_switches: usage.voluntary_context_switches() as f64,
            involuntary_switches: usage.involuntary_context_switches() as f64,
        })
    }

    /// Of this process since it began, or nothing where the system does not say.
    #[cfg(not(unix))]
    pub fn of_process() -> Option<Usage> {
        None
    }
}
