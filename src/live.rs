//! What a run says while it is still under way, for a program that shows it.
//!
//! Under `--json` standard output is the report and nothing else. A program
//! that starts an experiment and wants to show how far it is adds `--live`;
//! the run then writes a [`Live`] to standard error for each thing said, as
//! JSON on a line of its own. What else stands there, a panic or the words of
//! a child, is plain text.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// Who looks on must not disturb what is measured: progress is told no more
/// often than a reader would notice.
const PAUSE: Duration = Duration::from_millis(200);

/// One thing said: `{"say":"two threads"}` or `{"progress":[12,50]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Live {
    /// Lines for people, with their line ends.
    Say(String),
    /// Trials done, and how many there will be.
    Progress(usize, usize),
}

impl Live {
    /// Reads one line of standard error; nothing if it is plain text.
    pub fn parse(line: &str) -> Option<Live> {
        if line.starts_with('{') { serde_json::from_str(line).ok() } else { None }
    }

    pub(crate) fn write(&self) -> io::Result<()> {
        let line = serde_json::to_string(self).expect("it is text and numbers") + "\n";
        io::stderr().lock().write_all(line.as_bytes())
    }
}

/// Tells how many trials are done, but not too often.
#[derive(Debug)]
pub(crate) struct Progress {
    trials: usize,
    told: Option<Instant>,
}

impl Progress {
    pub fn of(trials: usize) -> Progress {
        Progress { trials, told: None }
    }

    pub fn tell(&mut self, done: usize) -> io::Result<()> {
        let told_lately = self.told.is_some_and(|told| told.elapsed() < PAUSE);
        if told_lately && done < self.trials {
            return Ok(());
        }
        self.told = Some(Instant::now());
        Live::Progress(done, self.trials).write()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_thing_said_or_plain_text() {
        let said = |text: &str| Some(Live::Say(text.to_owned()));
        assert_eq!(Live::parse(r#"{"say":"two\nlines\n"}"#), said("two\nlines\n"));
        assert_eq!(Live::parse(r#"{"progress":[12,50]}"#), Some(Live::Progress(12, 50)));
        for plain in ["", "thread 'main' panicked", "{", r#"{"say":1}"#, r#"{"x":[1,2]}"#] {
            assert_eq!(Live::parse(plain), None, "{plain}");
        }
    }
}
