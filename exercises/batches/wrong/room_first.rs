//! Refused in while_it_receives: 3 4 5, 6 7 8, 9 10 11
//! Hint: What had been received was

use tokio::sync::mpsc::{Receiver, Sender};

pub struct Batches {
    numbers: Receiver<u32>,
    batches: Sender<Vec<u32>>,
}

impl Batches {
    pub fn new(numbers: Receiver<u32>, batches: Sender<Vec<u32>>) -> Self {
        Batches { numbers, batches }
    }

    /// Passes on the next three. May be dropped at any await.
    pub async fn pass_on(&mut self) {
        let room = self.batches.reserve().await.expect("somebody receives");
        let mut batch = Vec::new();
        while batch.len() < 3 {
            batch.push(self.numbers.recv().await.expect("more come"));
        }
        room.send(batch);
    }
}
