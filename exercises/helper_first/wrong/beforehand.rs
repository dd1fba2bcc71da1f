//! Refused in own_log: 16 pieces of work
//! Hint: This process has done the work

use std::io;

use super::check::work;

pub struct Helper {
    answers: Vec<u8>,
}

impl Helper {
    /// Called before there is a second thread.
    pub fn start() -> io::Result<Helper> {
        Ok(Helper { answers: (0..16).map(work).collect() })
    }

    /// What `work` makes of a number. Called while other threads run.
    pub fn ask(&mut self, number: u8) -> io::Result<u8> {
        Ok(self.answers[usize::from(number)])
    }

    /// No more will be asked.
    pub fn end(self) -> io::Result<()> {
        Ok(())
    }
}
