//! Refused in taken_twice: never found
//! Hint: Two can only get one letter

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
        scope.spawn(|| letterbox.put(7)).join().unwrap();
        let first = scope.spawn(|| letterbox.take()).join().unwrap();
        let second = scope.spawn(|| letterbox.take()).join().unwrap();
        first == Some(7) && second.is_none()
    })
}
