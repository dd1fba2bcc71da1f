//! Numbers, passed on in batches of three.

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
        let mut batch = Vec::new();
        while batch.len() < 3 {
            batch.push(self.numbers.recv().await.expect("more come"));
        }
        self.batches.send(batch).await.expect("somebody receives");
    }
}
