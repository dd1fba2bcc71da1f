//! What the books must say at the end.

use taking_turns::{Claim, Quantity, Run};

pub const TAKEN: Quantity = Quantity::count("taken");
pub const RETURNED: Quantity = Quantity::count("given back");
pub const WENT_ON: Quantity = Quantity::count("went on");

/// A variant, what was counted, and how many it must be.
pub type Expected = (&'static str, Quantity, usize);

/// How many leases were taken and given back, and how many workers went on.
pub fn counts(variant: &'static str, [taken, returned, went_on]: [usize; 3]) -> [Expected; 3] {
    [(variant, TAKEN, taken), (variant, RETURNED, returned), (variant, WENT_ON, went_on)]
}

/// Whether all was counted as expected, in every trial.
pub fn decide(run: &mut Run, claim: &Claim, expected: &[Expected]) {
    let (mut as_expected, mut all) = (0, 0);
    for &(variant, quantity, count) in expected {
        let samples = run.samples(quantity, variant);
        all += samples.len();
        as_expected += samples.iter().filter(|&&sample| sample == count as f64).count();
    }
    let evidence = format!("{as_expected} of {all} counts");
    run.exact(claim, as_expected == all && all > 0, evidence);
}
