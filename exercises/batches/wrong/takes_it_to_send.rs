//! Refused in while_it_passes_on: 1 2 3, 7 8 9
//! Hint: A batch that waits for room

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
            self.batch.push(self.numbers.recv().await.expect("more come"));
        }
        let batch = mem::take(&mut self.batch);
        self.batches.send(batch).await.expect("somebody receives");
    }
}
