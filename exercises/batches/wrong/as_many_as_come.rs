//! Refused in not_dropped: 1 2 3 4, 5 6 7 8, 9 10 11 12
//! Hint: `recv_many` gives up to

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
            self.numbers.recv_many(&mut self.batch, 3).await;
        }
        let room = self.batches.reserve().await.expect("somebody receives");
        room.send(mem::take(&mut self.batch));
    }
}
