//! A test for letterboxes.

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
        // Nothing orders the three: who takes may see the letter come.
        scope.spawn(|| letterbox.put(7));
        let takers = [scope.spawn(|| letterbox.take()), scope.spawn(|| letterbox.take())];
        // They may come too early, both of them. That is no mistake.
        match takers.map(|taker| taker.join().unwrap()) {
            [Some(_), Some(_)] => false,
            [Some(letter), None] | [None, Some(letter)] => letter == 7,
            [None, None] => true,
        }
    })
}
