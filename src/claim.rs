//! Claims: sentences that a run can decide, each checked in the way it
//! honestly can be.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A sentence with a kind. Declared as a constant; decided in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Unique within the experiment, in kebab-case: the book links to it.
    pub id: &'static str,
    /// How it is checked.
    pub kind: Kind,
    /// The sentence, with no number in it that a run could change.
    pub text: &'static str,
}

impl Claim {
    /// A claim about what can happen, proved by exploring every schedule.
    pub const fn possible(id: &'static str, text: &'static str) -> Claim {
        Claim { id, kind: Kind::Possible, text }
    }

    /// A claim about every run on every machine.
    pub const fn exact(id: &'static str, text: &'static str) -> Claim {
        Claim { id, kind: Kind::Exact, text }
    }

    /// A claim about a ratio measured in one run, with a margin.
    pub const fn robust(id: &'static str, text: &'static str) -> Claim {
        Claim { id, kind: Kind::Robust, text }
    }

    /// What was seen, counted and reported, and never asserted.
    pub const fn observed(id: &'static str, text: &'static str) -> Claim {
        Claim { id, kind: Kind::Observed, text }
    }
}

/// The four ways to check a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Proved by exploring every schedule.
    Possible,
    /// The same on every run.
    Exact,
    /// A ratio in one run, with a margin.
    Robust,
    /// Reported with counts or spread, never asserted.
    Observed,
}

/// What a run says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The evidence supports it.
    #[serde(rename = "holds")]
    Holds,
    /// The evidence contradicts it.
    #[serde(rename = "fails")]
    Fails,
    /// This machine, or this run, cannot tell.
    #[serde(rename = "untestable here")]
    Untestable,
}

impl Verdict {
    /// Holds or fails.
    pub fn of(holds: bool) -> Verdict {
        if holds { Verdict::Holds } else { Verdict::Fails }
    }

    /// The sign that stands before a claim with this verdict; an observed one has `·`.
    pub fn mark(verdict: Option<Verdict>) -> &'static str {
        match verdict {
            Some(Verdict::Holds) => "✓",
            Some(Verdict::Fails) => "✗",
            Some(Verdict::Untestable) => "?",
            None => "·",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Possible => "possible",
            Kind::Exact => "exact",
            Kind::Robust => "robust",
            Kind::Observed => "observed",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Untestable => "untestable here",
        })
    }
}

/// The side of a bound on which a ratio must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
    /// From the first to the second.
    Within(f64, f64),
}

impl Bound {
    /// Whether `ratio` is on the right side.
    pub fn allows(self, ratio: f64) -> bool {
        match self {
            Bound::AtLeast(least) => ratio >= least,
            Bound::AtMost(most) => ratio <= most,
            Bound::Within(least, most) => (least..=most).contains(&ratio),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::AtLeast(least) => write!(f, "≥ {least}"),
            Bound::AtMost(most) => write!(f, "≤ {most}"),
            Bound::Within(least, most) => write!(f, "{least} to {most}"),
        }
    }
}
