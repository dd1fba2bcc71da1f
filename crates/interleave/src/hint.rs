//! `std::hint`, with a spin hint that waits for a change.

use ::std::panic::Location;

pub use ::std::hint::{assert_unchecked, black_box, unreachable_unchecked};

use crate::runtime::with;

/// Says that the thread goes round a loop and has learned nothing.
///
/// Its next operation waits until some shared value has changed, and what the
/// thread learned since it was last here is forgotten: a loop that counts its
/// rounds, and acts on the count, is not modelled.
#[track_caller]
pub fn spin_loop() {
    let place = Location::caller();
    with(|world| {
        let me = world.me();
        me.spinning = true;
        match me.rounds.iter().find(|round| round.0 == place) {
            Some(&(_, history)) => me.history = history,
            None => me.rounds.push((place, me.history)),
        }
    });
}
