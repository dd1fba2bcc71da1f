//! A test for letterboxes.

pub trait Letterbox: Sync {
    /// Puts a letter in. `false` if there is one already.
    fn put(&self, letter: u32) -> bool;
    /// Takes the letter out, if there is one.
    fn take(&self) -> Option<u32>;
}

/// Whether an empty letterbox did what it should.
pub fn holds(letterbox: &impl Letterbox) -> bool {
    let put = letterbox.put(7);
    let (first, second) = (letterbox.take(), letterbox.take());
    put && first == Some(7) && second.is_none()
}
