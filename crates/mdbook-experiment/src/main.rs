//! The program that mdBook runs: see the library of the same name.

use std::io;
use std::process::ExitCode;

use anyhow::Result;
use mdbook_experiment::Experiments;
use mdbook_preprocessor::{Preprocessor, parse_input};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => match preprocess() {
            Ok(()) => ExitCode::SUCCESS,
            Err(problems) => {
                eprintln!("{problems:#}");
                ExitCode::FAILURE
            }
        },
        // Every renderer can show HTML, or skips it.
        ["supports", _] => ExitCode::SUCCESS,
        _ => {
            eprintln!("usage: mdbook-experiment [supports RENDERER]; mdBook runs it");
            ExitCode::from(2)
        }
    }
}

fn preprocess() -> Result<()> {
    let (context, book) = parse_input(io::stdin())?;
    let book = Experiments.run(&context, book)?;
    Ok(serde_json::to_writer(io::stdout(), &book)?)
}
