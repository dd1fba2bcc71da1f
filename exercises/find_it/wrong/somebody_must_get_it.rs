//! Refused in right: found
//! Hint: The letterbox is right, and the test cries

use std::thread;

pub trait Letterbox: Sync {
    /// Puts a letter in. `false` if there is one already.
    fn put(&self, letter: u32) -> bool;
    /// Takes the letter out, if there is one.
    fn take(&self) -> Option<u32>;
}

/// Whether an empty letterbox did what it should.
pub fn holds(letterbox: &impl Letterbox) -> bool {
    thread::scope(|scope| {
        scope.spawn(|| letterbox.put(7));
        let takers = [scope.spawn(|| letterbox.take()), scope.spawn(|| letterbox.take())];
        let taken = takers.map(|taker| taker.join().unwrap());
        taken == [Some(7), None] || taken == [None, Some(7)]
    })
}
