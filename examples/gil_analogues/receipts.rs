//! Standard output has a lock, and `println!` holds it while it formats.

use std::fmt;

use crate::ledger::{Order, price};

// ANCHOR: receipt
/// What a receipt says is found out when it is written.
pub struct Receipt(pub Order);

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Receipt(order) = self;
        write!(f, "customer {} owes {}", order.customer, price(order))
    }
}
// ANCHOR_END: receipt

// ANCHOR: inside
/// `println!` locks, formats, writes and unlocks.
pub fn format_inside(orders: &[Order]) {
    for order in orders {
        println!("{}", Receipt(*order));
    }
}
// ANCHOR_END: inside

// ANCHOR: before
/// A text that is ready is all that is left to write under the lock.
pub fn format_before(orders: &[Order]) {
    for order in orders {
        let line = Receipt(*order).to_string();
        println!("{line}");
    }
}
// ANCHOR_END: before
