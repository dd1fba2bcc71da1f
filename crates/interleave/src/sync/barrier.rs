//! `Barrier`: arriving is a step, and leaving is one.

use ::std::panic::Location;

use crate::operation::{Kind, Operation};
use crate::runtime::{step, with};
use crate::world::{Object, ObjectId, Sort};

/// Where threads wait until all have come.
#[derive(Debug)]
pub struct Barrier {
    object: ObjectId,
}

/// What [`Barrier::wait`] returns.
#[derive(Debug)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Whether this thread came last.
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    /// Creates a barrier for `threads` threads.
    #[track_caller]
    pub fn new(threads: usize) -> Self {
        let mut object = Object::new(Sort::Barrier, Location::caller());
        object.limit = Some(threads.max(1) as i64);
        Barrier { object: with(|world| world.create(object)) }
    }

    /// Waits until as many threads as the barrier is for have come.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let place = Location::caller();
        let leader = step(Operation::on(self.object, Kind::Arrive), place, |world| {
            let me = world.current;
            world.release(self.object);
            let barrier = world.object(self.object);
            barrier.count += 1;
            let leader = Some(barrier.count) == barrier.limit;
            if leader {
                barrier.count = 0;
                barrier.waiters.clear();
            } else {
                barrier.waiters.push(me);
                barrier.waiters.sort_unstable();
            }
            world.know(leader.into());
            leader
        });
        step(Operation::on(self.object, Kind::Leave), place, |world| world.acquire(self.object));
        BarrierWaitResult(leader)
    }
}
