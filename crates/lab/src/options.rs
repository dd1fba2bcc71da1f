//! The lab's command line.

use std::ffi::OsString;
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};

/// What the command line asks for.
#[derive(Debug)]
pub struct Options {
    /// The port to listen on; 0 takes any that is free.
    pub port: u16,
    /// The address to listen on; other than this machine's own only if that was meant.
    pub address: IpAddr,
    /// The longest that one run may take.
    pub run_limit: Duration,
}

/// Why there are no options: a text to print and the exit code to end with.
#[derive(Debug)]
pub struct Stop {
    text: String,
    code: u8,
}

impl Options {
    /// The first of the arguments is the program's name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, Stop> {
        let matches = command().try_get_matches_from(arguments).map_err(|error| {
            let text = error.render().to_string();
            match error.kind() {
                ErrorKind::DisplayHelp => Stop { text: text.trim_end().to_owned(), code: 0 },
                // Clap's message is its first line; the rest is advice.
                _ => Stop { text: first_line(&text), code: 2 },
            }
        })?;
        let address: IpAddr = *matches.get_one("address").expect("it has a default");
        if !address.is_loopback() && !matches.get_flag("let-others-run") {
            let text = format!(
                "with '--address {address}' whoever reaches that address can run the experiments \
                 on this machine; if that is meant, add --let-others-run"
            );
            return Err(Stop { text, code: 2 });
        }
        let seconds: u64 = *matches.get_one("run-limit").expect("it has a default");
        Ok(Options {
            port: *matches.get_one("port").expect("it has a default"),
            address,
            run_limit: Duration::from_secs(seconds),
        })
    }
}

impl Stop {
    /// Prints help to standard output and a mistake to standard error.
    pub fn exit(self) -> ExitCode {
        if self.code == 0 {
            println!("{}", self.text);
        } else {
            eprintln!("lab: {}", self.text);
        }
        ExitCode::from(self.code)
    }
}

fn command() -> Command {
    Command::new("lab")
        .about("Builds the book, serves it on this machine and runs its experiments for its pages.")
        .override_usage("cargo run -- [OPTIONS]")
        .disable_version_flag(true)
        .arg(
            Arg::new("port")
                .long("port")
                .value_name("N")
                .default_value("3000")
                .allow_hyphen_values(true)
                .value_parser(port)
                .help("The port to listen on; 0 takes any that is free"),
        )
        .arg(
            Arg::new("address")
                .long("address")
                .value_name("ADDRESS")
                .default_value("127.0.0.1")
                .value_parser(address)
                .help("The address to listen on; other machines' too need --let-others-run"),
        )
        .arg(
            Arg::new("let-others-run")
                .long("let-others-run")
                .action(ArgAction::SetTrue)
                .help("Whoever can reach the address may run the experiments on this machine"),
        )
        .arg(
            Arg::new("run-limit")
                .long("run-limit")
                .value_name("SECONDS")
                .default_value("300")
                .allow_hyphen_values(true)
                .value_parser(seconds)
                .help("The longest that a run from a page may take"),
        )
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "a whole number from 0 to 65535 is allowed".to_owned())
}

fn address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| "an IP address such as 127.0.0.1 is allowed".to_owned())
}

fn seconds(text: &str) -> Result<u64, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
    seconds.ok_or_else(|| "a whole number from 1 to 86400 is allowed".to_owned())
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, Stop> {
        Options::parse(["lab"].iter().chain(arguments).map(OsString::from))
    }

    #[test]
    fn the_port_is_3000_unless_another_is_asked_for() {
        assert_eq!(parse(&[]).unwrap().port, 3000);
        assert_eq!(parse(&["--port", "4000"]).unwrap().port, 4000);
        assert_eq!(parse(&["--port=0"]).unwrap().port, 0);
    }

    #[test]
    fn mistakes_name_the_option_the_value_and_what_is_allowed() {
        let mistakes = [
            (&["--port", "65536"][..], "'65536' for '--port <N>': a whole number from 0 to 65535"),
            (&["--port", "-1"], "'-1' for '--port <N>': a whole number from 0 to 65535"),
            (&["--port", "http"], "'http' for '--port <N>': a whole number from 0 to 65535"),
            (&["--port"], "'--port <N>'"),
            (&["--host", "::"], "'--host'"),
            (&["--address", "localhost"], "'localhost' for '--address <ADDRESS>': an IP address"),
            (&["--run-limit", "0"], "'0' for '--run-limit <SECONDS>': a whole number from 1"),
            (&["book"], "'book'"),
        ];
        for (arguments, message) in mistakes {
            let stop = parse(arguments).unwrap_err();
            assert!(stop.text.contains(message), "{arguments:?}: {}", stop.text);
            assert!(!stop.text.contains('\n'), "{arguments:?}: {}", stop.text);
            assert_eq!(stop.code, 2, "{arguments:?}");
        }
    }

    #[test]
    fn others_are_let_in_only_if_that_was_meant() {
        assert!(parse(&[]).unwrap().address.is_loopback());
        assert!(parse(&["--address", "::1"]).unwrap().address.is_loopback());
        for address in ["0.0.0.0", "::", "192.0.2.7"] {
            let stop = parse(&["--address", address]).unwrap_err();
            assert!(stop.text.ends_with("if that is meant, add --let-others-run"), "{}", stop.text);
            assert_eq!(stop.code, 2);
            let meant = parse(&["--address", address, "--let-others-run"]).unwrap();
            assert_eq!(meant.address.to_string(), address);
        }
    }

    #[test]
    fn help_is_no_mistake() {
        let stop = parse(&["--help"]).unwrap_err();
        assert_eq!(stop.code, 0);
        assert!(stop.text.contains("--port <N>"), "{}", stop.text);
    }
}
