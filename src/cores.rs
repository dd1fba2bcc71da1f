//! What the machine's cores are worth, at the moment.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

/// Steps of about a nanosecond each: half a probe takes about five milliseconds.
const STEPS: u64 = 5_000_000;

/// A thread that only computes needs little, and so leaves no stack behind that
/// an experiment's own threads would be given.
const STACK: usize = 64 * 1024;

/// Compares what all cores get done with what one does, by threads that share
/// nothing.
///
/// Two cores of a rented machine are seldom worth two: a core may be half of
/// one that somebody else has the other half of, and no counter shows it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cores {
    /// Seconds for a piece of work by one thread, over all probes.
    alone: f64,
    /// Seconds for one by each of as many threads as cores.
    together: f64,
}

impl Cores {
    pub fn count() -> usize {
        thread::available_parallelism().map_or(1, usize::from)
    }

    pub fn probe(&mut self) {
        let others = Cores::count() - 1;
        if others == 0 {
            return;
        }
        let started = Instant::now();
        work();
        self.alone += started.elapsed().as_secs_f64();
        let started = Instant::now();
        thread::scope(|scope| {
            for _ in 0..others {
                // Without them the machine seems worth less, which it then is.
                let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            }
            work();
        });
        self.together += started.elapsed().as_secs_f64();
    }

    /// How many cores' work was done by all of them, on average.
    pub fn worth(&self) -> f64 {
        if self.together > 0.0 { Cores::count() as f64 * self.alone / self.together } else { 1.0 }
    }
}

fn work() {
    let mut mixed = 1_u64;
    for n in 0..STEPS {
        mixed = (mixed ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    black_box(mixed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_that_slow_each_other_down_are_worth_less() {
        let cores = Cores::count() as f64;
        assert_eq!(Cores { alone: 2.0, together: 2.0 }.worth(), cores);
        assert_eq!(Cores { alone: 2.0, together: 2.5 }.worth(), cores * 0.8);
        let mut probed = Cores::default();
        probed.probe();
        assert!(probed.worth() > 0.0, "{probed:?}");
    }
}
