//! Schedules as text: `v1.1.1.2.2` is thread 1 twice, then thread 2 twice.
//!
//! A step is a thread's number, and a letter where the step can go in several
//! ways: none for the first way, `b` for the second, and so on. The text needs
//! no escaping in a URL. Thread 0 is the one that starts the others.

use ::std::fmt;
use ::std::str::FromStr;

/// One step of a schedule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Turn {
    /// Whose step it is.
    pub thread: usize,
    /// Which of the step's alternatives, from 0.
    pub choice: usize,
}

/// The order in which threads take their steps, from the start.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Schedule(pub Vec<Turn>);

/// The prefix of every schedule: the version of the format.
pub const VERSION: &str = "v1";

impl fmt::Display for Turn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.thread)?;
        match self.choice {
            0 => Ok(()),
            choice => write!(out, "{}", (b'a' + choice as u8) as char),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(VERSION)?;
        self.0.iter().try_for_each(|turn| write!(out, ".{turn}"))
    }
}

/// Why a text is not a schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ParseError {
    /// It does not begin with the version that this program reads.
    Version(String),
    /// This step, counted from 1, is not a thread's number with at most a letter.
    Step(usize, String),
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Version(found) => {
                write!(out, "a schedule begins with `{VERSION}`, this one with `{found}`")
            }
            ParseError::Step(step, found) => write!(
                out,
                "step {step} is `{found}`: a step is a thread's number, as in `2`, \
                 with a letter where it can go in several ways, as in `2b`"
            ),
        }
    }
}

impl ::std::error::Error for ParseError {}

impl FromStr for Turn {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, choice) = match text.as_bytes().last() {
            Some(letter @ b'b'..=b'z') => (&text[..text.len() - 1], usize::from(letter - b'a')),
            _ => (text, 0),
        };
        let canonical = number == "0" || !number.starts_with('0');
        let digits =
            !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit());
        if !canonical || !digits {
            return Err(());
        }
        Ok(Turn { thread: number.parse().map_err(|_| ())?, choice })
    }
}

impl FromStr for Schedule {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut parts = text.split('.');
        let version = parts.next().unwrap_or_default();
        if version != VERSION {
            return Err(ParseError::Version(version.into()));
        }
        let turns = parts.enumerate().map(|(index, part)| {
            part.parse().map_err(|()| ParseError::Step(index + 1, part.into()))
        });
        turns.collect::<Result<_, _>>().map(Schedule)
    }
}
