//! What these programs share. Standard library alone: the lab compiles them within a second.

#![allow(dead_code)]

use std::io::Write;
use std::net::TcpStream;
use std::process::{Command, exit};
use std::thread;

/// The value of `--name=VALUE`.
pub fn option(name: &str) -> Option<String> {
    let option = format!("--{name}=");
    std::env::args().find_map(|argument| argument.strip_prefix(&option).map(str::to_owned))
}

/// Answers `--describe`, and nothing else.
pub fn describe(name: &str) {
    if !std::env::args().any(|argument| argument == "--describe") {
        return;
    }
    println!(
        r#"{{"schema": 1, "experiment": "{name}", "question": "?", "twin": false,
            "parameters": [
                {{"name": "port", "kind": "count", "help": "", "unit": "",
                  "default": 0, "quick": 0, "least": 0, "most": 65535}},
                {{"name": "word", "kind": "text", "help": "", "placeholder": "WORD"}}],
            "trials": {{"default": 1, "quick": 1, "least": 1, "most": 10}},
            "variants": [], "claims": []}}"#
    );
    exit(0);
}

/// Prints a report in which nothing was measured.
pub fn report(name: &str) {
    println!(
        r#"{{"schema": 1, "experiment": "{name}", "question": "?", "command": "",
            "source": {{"files": [], "sha256": ""}},
            "machine": {{"cpu": "", "cores": 1, "memory_bytes": null, "os": "", "rustc": "",
                "profile": "", "recorded": ""}},
            "parameters": [], "trials": {{"run": 1, "set_aside": 0}}, "measurements": [],
            "charts": [], "claims": [], "timeline": null, "twins": []}}"#
    );
}

/// Tells the test, which listens on `--port`, that this process lives. The connection closes when
/// it does so no more.
pub fn live() {
    if let Some(port) = option("port") {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        writeln!(stream, "{}", std::process::id()).unwrap();
        std::mem::forget(stream);
    }
}

/// This program once more, as a process that is told to be a `part`.
pub fn another(part: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(part).args(option("port").map(|port| format!("--port={port}")));
    command
}

/// Whether this process is that part.
pub fn is(part: &str) -> bool {
    std::env::args().nth(1).as_deref() == Some(part)
}

/// Does nothing, for ever.
pub fn wait() -> ! {
    loop {
        thread::park();
    }
}

unsafe extern "C" {
    fn setsid() -> i32;
    fn signal(signal: i32, handler: usize) -> usize;
}

/// Leaves the group and the session of whoever started this process.
pub fn leave() {
    // SAFETY: it takes and gives numbers.
    unsafe { setsid() };
}

/// Ignores all signals that can be.
pub fn ignore_signals() {
    const IGNORE: usize = 1;
    for number in 1..32 {
        // SAFETY: no handler of ours is called.
        unsafe { signal(number, IGNORE) };
    }
}
