//! The load generator [wrk](https://github.com/wg/wrk), where it is installed.

use std::io::{self, ErrorKind};
use std::process::Command;

/// The 99th percentile that it finds in one second with so many connections.
/// Nothing if there is no wrk.
pub fn p99(url: &str, connections: u32) -> io::Result<Option<String>> {
    let connections = format!("-c{connections}");
    let mut wrk = Command::new("wrk");
    let output = match wrk.args(["-t1", &connections, "-d1s", "--latency", url]).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        output => output?,
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.trim().strip_prefix("99%"));
    let line = line.ok_or_else(|| io::Error::other("it printed no 99th percentile"))?.trim();
    // It prints `41.30ms`.
    let unit = line.find(|c: char| c.is_alphabetic()).unwrap_or(line.len());
    Ok(Some(format!("{} {}", &line[..unit], &line[unit..])))
}
