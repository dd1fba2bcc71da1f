//! Threads in a ring, each with a lock of its own, who also need the next one's.

use std::hint;
use std::sync::{Barrier, Mutex};

// ANCHOR: at_once
/// Finds the next lock taken, gives its own back, and tries again at once.
/// Returns how many tries it took.
pub fn at_once(locks: &[Mutex<()>], me: usize) -> u64 {
    let mut tries = 1;
    loop {
        let own = locks[me].lock().unwrap();
        if locks[(me + 1) % locks.len()].try_lock().is_ok() {
            return tries;
        }
        // Taken: nothing to do but give back, and look again.
        hint::spin_loop();
        drop(own);
        tries += 1;
    }
}
// ANCHOR_END: at_once

// ANCHOR: in_step
/// The same to a common beat: all who try take their own lock, then all look
/// at the next one, then all give back. Whoever fails sits out as many rounds
/// as `pause` says. Returns how many tries it took, and the round that it got
/// in, if it did.
pub fn in_step(
    locks: &[Mutex<()>],
    me: usize,
    beat: &Barrier,
    rounds: u64,
    mut pause: impl FnMut(u64) -> u64,
) -> (u64, Option<u64>) {
    let (mut tries, mut to_sit_out, mut got_in) = (0, 0_u64, None);
    for round in 1..=rounds {
        if to_sit_out > 0 {
            to_sit_out -= 1;
            beat.wait();
            beat.wait();
            continue;
        }
        tries += 1;
        let own = locks[me].lock().unwrap();
        beat.wait();
        let both = locks[(me + 1) % locks.len()].try_lock().is_ok();
        beat.wait();
        drop(own);
        if both {
            got_in = Some(round);
            to_sit_out = rounds;
        } else {
            to_sit_out = pause(tries);
            hint::spin_loop();
        }
    }
    (tries, got_in)
}
// ANCHOR_END: in_step
