//! Work that is done by one thread, shared out beforehand, or taken when there is time for it.

use std::thread;

use rayon::prelude::*;

// ANCHOR: one_thread
/// One piece after another.
pub fn one_thread<T, Work>(pieces: usize, work: Work) -> Vec<T>
where
    Work: Fn(usize) -> T,
{
    (0..pieces).map(work).collect()
}
// ANCHOR_END: one_thread

// ANCHOR: static_split
/// As many shares of equal length as there are workers, each with its own thread.
pub fn static_split<T, Work>(pieces: usize, work: Work) -> Vec<T>
where
    T: Send,
    Work: Fn(usize) -> T + Sync,
{
    let workers = rayon::current_num_threads();
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| pieces * worker / workers..pieces * (worker + 1) / workers)
            .map(|share| scope.spawn(move || share.map(work).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}
// ANCHOR_END: static_split

// ANCHOR: work_stealing
/// Halves of halves, for whoever has nothing to do.
pub fn work_stealing<T, Work>(pieces: usize, work: Work) -> Vec<T>
where
    T: Send,
    Work: Fn(usize) -> T + Sync + Send,
{
    (0..pieces).into_par_iter().map(work).collect()
}
// ANCHOR_END: work_stealing
