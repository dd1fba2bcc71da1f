//! Tells the notebook which compiler and profile built it: a report says so.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = std::env::var_os("RUSTC").expect("cargo sets RUSTC");
    let version = Command::new(rustc).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&version.stdout);
    let number = version.split_whitespace().nth(1).unwrap_or("unknown");
    println!("cargo::rustc-env=RUSTC_VERSION={number}");

    let name = match std::env::var("PROFILE").as_deref() {
        Ok("debug") => "dev".to_owned(),
        Ok(name) => name.to_owned(),
        Err(_) => "unknown".to_owned(),
    };
    let level = std::env::var("OPT_LEVEL").unwrap_or_default();
    println!("cargo::rustc-env=BUILD_PROFILE={name}, opt-level {level}");
}
