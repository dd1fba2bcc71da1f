//! Refused in two_orders: 1 charge for 2 orders
//! Hint: Two orders have one key

pub struct Order {
    pub number: u32,
    pub customer: u32,
    pub cents: u32,
}

pub trait Bank: Sync {
    /// Charges, whenever it is called.
    fn charge(&self, order: &Order);
    /// Whether a charge for the order has been made by now.
    fn charged(&self, order: &Order) -> bool;
    /// Charges, unless there has been a charge with the same key.
    fn charge_with_key(&self, key: &str, order: &Order);
}

pub trait Queue: Sync {
    /// The order is done, and will not be handed out again.
    fn report(&self, order: &Order);
}

/// Charges the customer for the order, which the queue has handed to `worker`.
pub fn carry_out(order: &Order, _worker: u32, bank: &impl Bank, queue: &impl Queue) {
    bank.charge_with_key(&format!("customer {}: {}", order.customer, order.cents), order);
    queue.report(order);
}
