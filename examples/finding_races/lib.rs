//! A queue with three mistakes, the same without, and the programs that meet
//! them: against the real `std`.

pub mod mended;
pub mod plain;
pub mod programs;
pub mod queue;

#[cfg(test)]
mod tests {
    use hmac_sha256::Hash;

    /// All that `scripts/thread_sanitizer` compiles.
    const COMPILED: [&str; 5] = [
        include_str!("alone.rs"),
        include_str!("mended.rs"),
        include_str!("plain.rs"),
        include_str!("programs.rs"),
        include_str!("queue.rs"),
    ];

    #[test]
    fn thread_sanitizer_saw_the_present_sources() {
        let hash = Hash::hash(COMPILED.concat().as_bytes());
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let noted = include_str!("thread_sanitizer.txt").lines().next().unwrap();
        assert_eq!(noted, format!("sources  {hash}"), "run scripts/thread_sanitizer");
    }
}
