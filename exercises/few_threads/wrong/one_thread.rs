//! Refused in one_by_one: one thread
//! Hint: That is quick

pub fn run_all(jobs: usize, job: impl Fn(usize) -> u64 + Sync) -> Vec<u64> {
    (0..jobs).map(job).collect()
}
