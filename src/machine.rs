//! The machine, and how busy other programs keep it.

use std::time::SystemTime;

use crate::report::Machine;

/// The part of a trial's processor time that other programs may take before
/// the trial is set aside. Ours to choose: at 10 % one of two cores can be a
/// fifth slower, which is within the margins that claims leave.
pub const DISTURBED: f64 = 0.10;

/// The machine that this program runs on, now.
pub fn describe() -> Machine {
    Machine {
        cpu: cpu(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_bytes: field("/proc/meminfo", "MemTotal")
            .and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok())
            .map(|kibibytes| kibibytes * 1024),
        os: os(),
        rustc: env!("RUSTC_VERSION").to_owned(),
        profile: env!("BUILD_PROFILE").to_owned(),
        recorded: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
    }
}

fn cpu() -> String {
    field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

#[cfg(unix)]
fn os() -> String {
    match nix::sys::utsname::uname() {
        Ok(name) => {
            format!("{} {}", name.sysname().display(), name.release().display())
        }
        Err(_) => std::env::consts::OS.to_owned(),
    }
}

#[cfg(not(unix))]
fn os() -> String {
    std::env::consts::OS.to_owned()
}

/// The first `key: value` of a file in /proc.
fn field(file: &str, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}

#[cfg(target_os = "linux")]
pub(crate) use linux::Watch;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::Watch;

#[cfg(target_os = "linux")]
mod linux {
    use std::time::{Duration, Instant};

    use nix::unistd::{SysconfVar, sysconf};

    use super::DISTURBED;
    use crate::stopwatch::Usage;

    /// Watches how much of the machine's processors other programs use.
    pub(crate) struct Watch {
        started: Instant,
        counted: Option<Counted>,
    }

    struct Counted {
        /// Seconds of processor time used by anybody.
        all: f64,
        /// Those used by this program.
        own: f64,
        cores: f64,
    }

    impl Watch {
        /// The kernel counts in ticks of 10 ms: over less than this, in
        /// seconds, a tick more or less would disturb or clear a trial.
        pub const SHORTEST: f64 = 0.2;

        pub fn start() -> Watch {
            Watch { started: Instant::now(), counted: Counted::now() }
        }

        pub fn seconds(&self) -> f64 {
            self.started.elapsed().as_secs_f64()
        }

        /// Watches until enough time has passed to judge by. A run too short
        /// for that is judged by the moment after it as well.
        pub fn watch_on(&self) {
            let missing = Duration::from_secs_f64(Watch::SHORTEST);
            std::thread::sleep(missing.saturating_sub(self.started.elapsed()));
        }

        /// Whether others have left this program alone since the start; so it
        /// is if the system does not say what they used.
        pub fn was_quiet(&self) -> bool {
            let seconds = self.seconds();
            let Some((before, now)) = self.counted.as_ref().zip(Counted::now()) else {
                return true;
            };
            let others = (now.all - before.all) - (now.own - before.own);
            others <= DISTURBED * seconds * now.cores
        }
    }

    impl Counted {
        fn now() -> Option<Counted> {
            let ticks_per_second = sysconf(SysconfVar::CLK_TCK).ok()?? as f64;
            let stat = std::fs::read_to_string("/proc/stat").ok()?;
            let ticks: Vec<f64> = stat
                .lines()
                .next()?
                .split_whitespace()
                .skip(1)
                .map(|field| field.parse().ok())
                .collect::<Option<_>>()?;
            let [user, nice, system, _idle, _iowait, irq, softirq, steal, ..] = ticks[..] else {
                return None;
            };
            let busy = user + nice + system + irq + softirq + steal;
            let own = Usage::of_process()?.cpu + Usage::of_children()?.cpu;
            let cores = sysconf(SysconfVar::_NPROCESSORS_ONLN).ok()?? as f64;
            Some(Counted { all: busy / ticks_per_second, own, cores })
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    /// Where the system does not say, every trial counts as quiet.
    pub(crate) struct Watch;

    impl Watch {
        pub const SHORTEST: f64 = f64::INFINITY;

        pub fn start() -> Watch {
            Watch
        }

        pub fn seconds(&self) -> f64 {
            0.0
        }

        pub fn watch_on(&self) {}

        pub fn was_quiet(&self) -> bool {
            true
        }
    }
}
