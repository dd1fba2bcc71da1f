//! What a worker does with an order.

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
pub fn carry_out(order: &Order, worker: u32, bank: &impl Bank, queue: &impl Queue) {
    queue.report(order);
    let key = format!("{worker} charges {}", order.customer);
    bank.charge_with_key(&key, order);
}
