//! Three small programs, each of which meets one of the mistakes, if it is
//! there and the schedule is right.

use std::sync::Arc;
use std::thread;

use super::{mended, queue};

/// Two consumers have got one item.
pub const TWICE: &str = "taken twice";
/// A consumer has got what nobody pushed.
pub const STALE: &str = "not what was pushed";
/// All that can be said of a run in which nothing was noticed.
pub const RIGHT: &str = "nothing wrong";

/// Runs a program once and tells how it ended.
pub type Program = fn() -> &'static str;

/// The programs with the queue that has the mistakes: two consumers, producer
/// and consumer, producer and monitor.
pub const AS_IT_WAS: [Program; 3] = [
    || two_consumers(queue::Queue::holding(42), queue::Queue::pop),
    || producer_and_consumer(queue::Queue::empty(), queue::Queue::push, queue::Queue::pop),
    || producer_and_monitor(queue::Queue::empty(), queue::Queue::push, queue::Queue::longest),
];

/// The same with the queue that has none.
pub const MENDED: [Program; 3] = [
    || two_consumers(mended::Queue::holding(42), mended::Queue::pop),
    || producer_and_consumer(mended::Queue::empty(), mended::Queue::push, mended::Queue::pop),
    || producer_and_monitor(mended::Queue::empty(), mended::Queue::push, mended::Queue::longest),
];

// ANCHOR: two_consumers
/// One item, and two who want it.
pub fn two_consumers<Q>(queue: Q, pop: fn(&Q) -> Option<u32>) -> &'static str
where
    Q: Send + Sync + 'static,
{
    let queue = Arc::new(queue);
    let consumers = [queue.clone(), queue].map(|queue| thread::spawn(move || pop(&queue)));
    match consumers.map(|consumer| consumer.join().unwrap()) {
        [Some(_), Some(_)] => TWICE,
        _ => RIGHT,
    }
}
// ANCHOR_END: two_consumers

// ANCHOR: producer_and_consumer
/// One pushes 42, one pops what is there.
pub fn producer_and_consumer<Q>(
    queue: Q,
    push: fn(&Q, u32) -> bool,
    pop: fn(&Q) -> Option<u32>,
) -> &'static str
where
    Q: Send + Sync + 'static,
{
    let queue = Arc::new(queue);
    let producer = thread::spawn({
        let queue = queue.clone();
        move || push(&queue, 42)
    });
    let consumer = thread::spawn(move || pop(&queue));
    producer.join().unwrap();
    match consumer.join().unwrap() {
        None | Some(42) => RIGHT,
        Some(_) => STALE,
    }
}
// ANCHOR_END: producer_and_consumer

// ANCHOR: producer_and_monitor
/// One pushes, one reads the statistic. Whatever it reads is plausible.
pub fn producer_and_monitor<Q>(
    queue: Q,
    push: fn(&Q, u32) -> bool,
    longest: fn(&Q) -> usize,
) -> &'static str
where
    Q: Send + Sync + 'static,
{
    let queue = Arc::new(queue);
    let producer = thread::spawn({
        let queue = queue.clone();
        move || push(&queue, 42)
    });
    let monitor = thread::spawn(move || longest(&queue));
    producer.join().unwrap();
    assert!(monitor.join().unwrap() <= 1);
    RIGHT
}
// ANCHOR_END: producer_and_monitor
