//! How an answer that is run for real may end, and that nothing of it is left. It is forked off,
//! and so this is a program of one thread.

#![cfg_attr(not(unix), allow(unused))]

use std::process::{self, Command};
use std::sync::Mutex;

use exercise::{Attempt, Case, Check, Hint, Once, Source, grade};

static CODE: &[Source] = &[Source { name: "answer.rs", text: "fn main() {}" }];

macro_rules! ends {
    ($run:expr) => {{
        const CHECK: Check = Check {
            starter: ("", ""),
            cases: &[Case::Once(Once {
                name: "once",
                title: "Once",
                run: $run,
                good: &["well"],
                hints: &[Hint::on("", "a hint")],
            })],
            without: &[],
        };
        let attempt = Attempt { exercise: "none", file: "answer.rs", check: &CHECK, sources: CODE };
        let verdict = grade(&attempt);
        verdict.refusal.map_or("well".to_owned(), |refusal| refusal.outcome)
    }};
}

#[cfg(unix)]
fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    assert_eq!(ends!(|| "well".into()), "well");
    assert_eq!(ends!(|| "badly".into()), "badly");
    assert_eq!(ends!(|| panic!("two of {}", 3)), "panic: two of 3");
    assert_eq!(ends!(|| process::exit(3)), "exited with 3");
    assert_eq!(ends!(|| process::abort()), "killed by SIGABRT");
    #[cfg(target_os = "linux")]
    {
        let waits = ends!(|| {
            let lock = Mutex::new(());
            let _once = lock.lock();
            let _twice = lock.lock();
            "well".into()
        });
        assert_eq!(waits, "waits for ever");
        // Whoever computes is not taken for one who waits.
        let slow = ends!(|| {
            let began = std::time::Instant::now();
            while began.elapsed().as_secs() < 2 {}
            "well".into()
        });
        assert_eq!(slow, "well");
    }
    // The orphan is ended and reaped: it was this process's last child.
    #[expect(clippy::zombie_processes, reason = "an answer may forget to wait")]
    let left = ends!(|| {
        let child = Command::new("sleep").arg("1000").spawn().unwrap();
        child.id().to_string()
    });
    let left = nix::unistd::Pid::from_raw(left.parse().unwrap());
    assert_eq!(nix::sys::signal::kill(left, None), Err(nix::errno::Errno::ESRCH));
    println!("8 passed, 0 failed");
}

#[cfg(not(unix))]
fn main() {}
