//! Refused in not_dropped: it comes back without a batch
//! Hint: Who calls it expects

use std::mem;

use tokio::sync::mpsc::{Receiver, Sender};

pub struct Batches {
    numbers: Receiver<u32>,
    batches: Sender<Vec<u32>>,
    batch: Vec<u32>,
}

impl Batches {
    pub fn new(numbers: Receiver<u32>, batches: Sender<Vec<u32>>) -> Self {
        Batches { numbers, batches, batch: Vec::new() }
    }

    /// Passes on the next three. May be dropped at any await.
    pub async fn pass_on(&mut self) {
        while self.batch.len() < 3 {
            let Ok(number) = self.numbers.try_recv() else { return };
            self.batch.push(number);
        }
        let room = self.batches.reserve().await.expect("somebody receives");
        room.send(mem::take(&mut self.batch));
    }
}
