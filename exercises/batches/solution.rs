//! Numbers, passed on in batches of three.

use std::mem;

use tokio::sync::mpsc::{Receiver, Sender};

pub struct Batches {
    numbers: Receiver<u32>,
    batches: Sender<Vec<u32>>,
    /// Received and not yet passed on.
    batch: Vec<u32>,
}

impl Batches {
    pub fn new(numbers: Receiver<u32>, batches: Sender<Vec<u32>>) -> Self {
        Batches { numbers, batches, batch: Vec::new() }
    }

    /// Passes on the next three. May be dropped at any await.
    pub async fn pass_on(&mut self) {
        while self.batch.len() < 3 {
            self.batch.push(self.numbers.recv().await.expect("more come"));
        }
        // First room, which may take a while; then, without an await, the batch.
        let room = self.batches.reserve().await.expect("somebody receives");
        room.send(mem::take(&mut self.batch));
    }
}
