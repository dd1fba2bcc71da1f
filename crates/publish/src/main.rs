//! The program of `scripts/publish`: all of it is in the library.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, Command, value_parser};
use publish::{Address, cover, publish};

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {
            print!("{}", error.render());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            // Clap's message is its first line; the rest is advice.
            let text = error.render().to_string();
            eprintln!(
                "publish: {}",
                text.lines().next().unwrap_or_default().replace("error: ", "")
            );
            return ExitCode::from(2);
        }
    };
    let root = PathBuf::from(".");
    let folder: &PathBuf = matches.get_one("into").expect("it has a default");
    let done = match matches.get_one::<PathBuf>("cover") {
        Some(file) => cover(&root, file).map(|()| format!("the cover is `{}`", file.display())),
        None => publish(&root, folder, matches.get_one::<Address>("address"))
            .map(|published| format!("{published} in `{}`", folder.display())),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("publish: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Command {
    Command::new("publish")
        .about("Builds the book as a site to be found and shared, and an archive to take along.")
        .arg(
            Arg::new("address")
                .long("address")
                .value_name("URL")
                .help("Where the site will stand; without it nothing names an address")
                .value_parser(|text: &str| text.parse::<Address>()),
        )
        .arg(
            Arg::new("into")
                .long("into")
                .value_name("FOLDER")
                .help("The folder to write")
                .default_value("target/site")
                .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            Arg::new("cover")
                .long("cover")
                .value_name("FILE")
                .help("Draw the cover of the e-book, and nothing else")
                .conflicts_with_all(["address", "into"])
                .value_parser(value_parser!(PathBuf)),
        )
}
