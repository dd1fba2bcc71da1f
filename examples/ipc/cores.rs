//! Which core either process keeps to. Left to the scheduler, two processes
//! that talk meet on one core now and then, and a trip that wakes nobody's core
//! is several times shorter.

#[cfg(target_os = "linux")]
pub use linux::Cores;
#[cfg(not(target_os = "linux"))]
pub use other::Cores;

#[cfg(target_os = "linux")]
mod linux {
    use std::io;

    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    /// The calling thread.
    const THIS: Pid = Pid::from_raw(0);

    /// Where we may run, and where either process is to. Dropped, it lets us
    /// run wherever we may.
    pub struct Cores {
        all: CpuSet,
        ours: CpuSet,
        theirs: CpuSet,
    }

    impl Cores {
        /// One or two of the cores that we may use; one if there is only one.
        pub fn choose(count: usize) -> io::Result<Cores> {
            let all = sched_getaffinity(THIS)?;
            let usable = (0..CpuSet::count()).filter(|core| all.is_set(*core).unwrap_or(false));
            let chosen: Vec<_> = usable.take(count).collect();
            let (mut ours, mut theirs) = (CpuSet::new(), CpuSet::new());
            ours.set(chosen[0])?;
            theirs.set(chosen[chosen.len() - 1])?;
            Ok(Cores { all, ours, theirs })
        }

        pub fn keep_us(&self) -> io::Result<()> {
            Ok(sched_setaffinity(THIS, &self.ours)?)
        }

        pub fn keep_them(&self) -> io::Result<()> {
            Ok(sched_setaffinity(THIS, &self.theirs)?)
        }
    }

    impl Drop for Cores {
        fn drop(&mut self) {
            let _ = sched_setaffinity(THIS, &self.all);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::io;

    /// Elsewhere the scheduler decides.
    pub struct Cores;

    impl Cores {
        pub fn choose(_: usize) -> io::Result<Cores> {
            Ok(Cores)
        }

        pub fn keep_us(&self) -> io::Result<()> {
            Ok(())
        }

        pub fn keep_them(&self) -> io::Result<()> {
            Ok(())
        }
    }
}
