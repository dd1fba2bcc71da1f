//! Refused in taken_twice: never found
//! Hint: Two can only get one letter

pub trait Letterbox: Sync {
    /// Puts a letter in. `false` if there is one already.
    fn put(&self, letter: u32) -> bool;
    /// Takes the letter out, if there is one.
    fn take(&self) -> Option<u32>;
}

/// Whether an empty letterbox did what it should.
pub fn holds(letterbox: &impl Letterbox) -> bool {
    (0..10).all(|letter| {
        let put = letterbox.put(letter);
        let (first, second) = (letterbox.take(), letterbox.take());
        put && first == Some(letter) && second.is_none()
    })
}
