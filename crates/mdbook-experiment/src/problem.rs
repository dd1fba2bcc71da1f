//! What is wrong with a book, and where.

use std::error::Error;
use std::fmt;

/// A mistake on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The page, from the book's root: `book/races/race_condition.md`.
    pub file: String,
    /// The line on it, from 1.
    pub line: usize,
    /// One sentence: what is wrong, and what helps.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// All mistakes that were found, in the order of the book; one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl Error for Problems {}
