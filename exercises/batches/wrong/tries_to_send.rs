//! Refused in while_it_passes_on: panic: called `Result::unwrap()` on an `Err` value: "Full(..)"
//! Hint: A full channel is no failure

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
        self.batches.try_send(mem::take(&mut self.batch)).unwrap();
    }
}
