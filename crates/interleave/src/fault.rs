//! What can go wrong when a program is explored.

use ::std::fmt;

/// Why an exploration gave no graph.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The program has more states than allowed; `place` is where most of
    /// them have a thread waiting.
    TooManyStates {
        /// How many states were allowed.
        limit: usize,
        /// The file and line met most often.
        place: String,
    },
    /// The graph, as JSON, is larger than a page can bear.
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The size allowed.
        limit: usize,
        /// Its largest part.
        part: String,
    },
    /// The same steps led to another state: the program depends on something
    /// other than the schedule.
    Nondeterministic {
        /// The operation after which the state differed.
        place: String,
        /// Whose operation it was.
        thread: usize,
    },
    /// A source file that is not Rust.
    Source {
        /// Its name.
        file: String,
        /// What the parser said.
        cause: String,
    },
    /// A scenario that ended in a way it does not declare.
    Undeclared {
        /// The outcome found.
        outcome: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooManyStates { limit, place } => write!(
                out,
                "more than {limit} states; most have a thread at {place} (a loop without a spin hint?)"
            ),
            Error::TooLarge { bytes, limit, part } => {
                write!(
                    out,
                    "a graph of {bytes} bytes, where {limit} are allowed; the most are in `{part}`"
                )
            }
            Error::Nondeterministic { place, thread } => write!(
                out,
                "thread {thread}'s operation at {place} led to another state than before: \
                 the program depends on something other than its schedule"
            ),
            Error::Source { file, cause } => write!(out, "cannot parse `{file}`: {cause}"),
            Error::Undeclared { outcome } => {
                write!(out, "the outcome `{outcome}` is neither among the good nor the bad ones")
            }
        }
    }
}

impl ::std::error::Error for Error {}
