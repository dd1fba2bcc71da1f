//! One of the three programs, once, and nothing around it: for tools that
//! watch a whole process. `scripts/thread_sanitizer` compiles it with rustc
//! alone.

mod mended;
mod plain;
mod programs;
mod queue;

use std::process::exit;

use programs::{AS_IT_WAS, MENDED};

const NAMES: [&str; 3] = ["two-consumers", "producer-and-consumer", "producer-and-monitor"];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let known = |word: &str| NAMES.iter().position(|name| *name == word);
    let program = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name] => known(name).map(|place| AS_IT_WAS[place]),
        [name, "mended"] => known(name).map(|place| MENDED[place]),
        _ => None,
    };
    let Some(program) = program else {
        eprintln!("say one of {}, and `mended` after it if you like", NAMES.join(", "));
        exit(2);
    };
    println!("{}", program());
}
