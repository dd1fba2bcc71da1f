//! The same factorial several times: in a row, on threads, in processes, in rayon's pool.

use std::env;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::thread;

use factorial::product_tree;
use num_bigint::BigUint;
use rayon::prelude::*;

/// Set for a child alone: the number whose factorial it computes.
pub const NUMBER: &str = "FACTORIAL_NUMBER";

// ANCHOR: one_by_one
pub fn one_by_one(jobs: usize, number: u32) -> Vec<BigUint> {
    (0..jobs).map(|_| product_tree(number)).collect()
}
// ANCHOR_END: one_by_one

// ANCHOR: threads
/// A thread for each job.
pub fn threads(jobs: usize, number: u32) -> Vec<BigUint> {
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..jobs).map(|_| scope.spawn(move || product_tree(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
// ANCHOR_END: threads

// ANCHOR: processes
/// A process for each job: this program once more, with a pipe for its output.
/// Reading until the pipe is closed comes before waiting for the child.
pub fn processes(jobs: usize, number: u32) -> io::Result<Vec<BigUint>> {
    let children = (0..jobs)
        .map(|_| {
            Command::new(env::current_exe()?)
                .env(NUMBER, number.to_string())
                .stdout(Stdio::piped())
                .spawn()
        })
        .collect::<io::Result<Vec<Child>>>()?;
    children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output()?;
            if !output.status.success() {
                return Err(io::Error::other(format!("a child ended with {}", output.status)));
            }
            Ok(BigUint::from_bytes_le(&output.stdout))
        })
        .collect()
}

/// The whole life of a child: it computes, sends the bytes, and ends.
pub fn child(number: u32) -> io::Result<()> {
    io::stdout().write_all(&product_tree(number).to_bytes_le())
}
// ANCHOR_END: processes

// ANCHOR: rayon
/// One job after another for each thread of rayon's pool, of which there is
/// one for each core.
pub fn rayon(jobs: usize, number: u32) -> Vec<BigUint> {
    (0..jobs).into_par_iter().map(|_| product_tree(number)).collect()
}
// ANCHOR_END: rayon
