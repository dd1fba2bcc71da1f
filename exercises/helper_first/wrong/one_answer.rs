//! Refused in log_free: the first was 9, then an error
//! Hint: The first answer is right

use std::io::{self, PipeReader, PipeWriter, Read, Write};

use nix::libc::_exit;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};

use super::check::work;

pub struct Helper {
    process: Pid,
    questions: PipeWriter,
    answers: PipeReader,
}

impl Helper {
    /// Called before there is a second thread.
    pub fn start() -> io::Result<Helper> {
        let (mut asked, questions) = io::pipe()?;
        let (answers, mut told) = io::pipe()?;
        // SAFETY: there is no other thread, and so no lock that it could hold.
        match unsafe { fork()? } {
            ForkResult::Child => {
                // With our copy of it, the questions would never end.
                drop((questions, answers));
                let mut number = [0];
                if asked.read_exact(&mut number).is_ok() {
                    let _ = told.write_all(&[work(number[0])]);
                }
                // SAFETY: ends the child at once, without the parent's clean-up code.
                unsafe { _exit(0) }
            }
            ForkResult::Parent { child } => Ok(Helper { process: child, questions, answers }),
        }
    }

    /// What `work` makes of a number. Called while other threads run.
    pub fn ask(&mut self, number: u8) -> io::Result<u8> {
        self.questions.write_all(&[number])?;
        let mut told = [0];
        self.answers.read_exact(&mut told)?;
        Ok(told[0])
    }

    /// No more will be asked.
    pub fn end(self) -> io::Result<()> {
        drop(self.questions);
        waitpid(self.process, None)?;
        Ok(())
    }
}
