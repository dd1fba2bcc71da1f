//! What a reader may change about an experiment.

/// One option of one experiment. Declared as a constant, read by
/// [`Run::count`](crate::Run::count) or [`Run::text`](crate::Run::text).
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The option without its dashes.
    pub name: &'static str,
    /// What it means, with its unit, for `--help`.
    pub help: &'static str,
    /// What it may be.
    pub kind: ParameterKind,
}

/// The type of a parameter's value.
#[derive(Clone, Copy, Debug)]
pub enum ParameterKind {
    /// A whole number.
    Count {
        /// Its value if none is given.
        default: u64,
        /// Its value under `--quick`.
        quick: u64,
        /// The smallest that is allowed.
        least: u64,
        /// The largest that is allowed.
        most: u64,
        /// What the number counts, if the name does not say: `ms`.
        unit: &'static str,
    },
    /// A text that may be left out.
    Text {
        /// What stands for the value in `--help`.
        placeholder: &'static str,
    },
    /// The name of a file to read or write, which may be left out. It is for
    /// the terminal: a page cannot give one.
    File,
}

impl Parameter {
    /// A whole number from `least` to `most`.
    pub const fn count(
        name: &'static str,
        default: u64,
        (least, most): (u64, u64),
        help: &'static str,
    ) -> Parameter {
        assert!(least <= default && default <= most);
        Parameter {
            name,
            help,
            kind: ParameterKind::Count { default, quick: default, least, most, unit: "" },
        }
    }

    /// A text that may be left out.
    pub const fn text(
        name: &'static str,
        placeholder: &'static str,
        help: &'static str,
    ) -> Parameter {
        Parameter { name, help, kind: ParameterKind::Text { placeholder } }
    }

    /// The name of a file, which may be left out.
    pub const fn file(name: &'static str, help: &'static str) -> Parameter {
        Parameter { name, help, kind: ParameterKind::File }
    }

    /// The same parameter with another value under `--quick`.
    pub const fn quick(mut self, value: u64) -> Parameter {
        match &mut self.kind {
            ParameterKind::Count { quick, least, most, .. } => {
                assert!(*least <= value && value <= *most);
                *quick = value;
            }
            _ => panic!("only a count has a quick value"),
        }
        self
    }

    /// The same parameter with a unit behind its value.
    pub const fn unit(mut self, symbol: &'static str) -> Parameter {
        match &mut self.kind {
            ParameterKind::Count { unit, .. } => *unit = symbol,
            _ => panic!("only a count has a unit"),
        }
        self
    }
}
