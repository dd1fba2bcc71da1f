//! A transfer that panics half way, with the lock in hand: what the next one
//! to lock is told, and what it finds.

use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

/// Two accounts that hold 200 between them, whatever is transferred.
pub struct Accounts {
    /// What one of them holds.
    pub ours: u64,
    /// And the other.
    pub theirs: u64,
}

/// Before any transfer.
pub const OPENING: Accounts = Accounts { ours: 100, theirs: 100 };

impl Accounts {
    /// What has left one account and not reached the other.
    pub fn missing(&self) -> u64 {
        200 - self.ours - self.theirs
    }
}

// ANCHOR: half
/// Panics when the money has left one account and not reached the other.
fn transfer_half(accounts: &mut Accounts) {
    accounts.ours -= 30;
    panic!("the line went dead");
}
// ANCHOR_END: half

/// What the next one to lock finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether it is told that somebody panicked.
    pub told: bool,
    /// What is missing from the accounts then.
    pub missing: u64,
    /// Whether the one after it is told too, when it has put things right.
    pub told_again: bool,
    /// And what is missing then.
    pub missing_again: u64,
}

// ANCHOR: std
/// std's: whoever locks next gets the guard inside an error.
pub fn in_std() -> Found {
    let accounts = Mutex::new(OPENING);
    die_in_a_thread(|| transfer_half(&mut accounts.lock().unwrap()));

    let mut found = Found::default();
    let mut guard = accounts.lock().unwrap_or_else(|poisoned| {
        found.told = true;
        poisoned.into_inner()
    });
    found.missing = guard.missing();
    guard.theirs += found.missing;
    accounts.clear_poison();
    drop(guard);

    found.told_again = accounts.is_poisoned();
    found.missing_again = accounts.into_inner().unwrap().missing();
    found
}
// ANCHOR_END: std

// ANCHOR: parking_lot
/// parking_lot's: whoever locks next gets the guard.
pub fn in_parking_lot() -> Found {
    let accounts = parking_lot::Mutex::new(OPENING);
    die_in_a_thread(|| transfer_half(&mut accounts.lock()));

    // Nothing to be told by: `lock` gives the guard and nothing else.
    let guard = accounts.lock();
    let missing = guard.missing();
    drop(guard);
    Found { missing, missing_again: accounts.into_inner().missing(), ..Found::default() }
}
// ANCHOR_END: parking_lot

/// The same with a lock for readers and writers, if a writer panics.
pub fn writing() -> Found {
    let accounts = RwLock::new(OPENING);
    die_in_a_thread(|| transfer_half(&mut accounts.write().unwrap()));

    let told = accounts.is_poisoned();
    let mut guard = accounts.write().unwrap_or_else(PoisonError::into_inner);
    let missing = guard.missing();
    guard.theirs += missing;
    accounts.clear_poison();
    drop(guard);
    let told_again = accounts.is_poisoned();
    let missing_again = accounts.into_inner().unwrap().missing();
    Found { told, missing, told_again, missing_again }
}

/// And if a reader does, who has changed nothing.
pub fn reading() -> Found {
    let accounts = RwLock::new(OPENING);
    die_in_a_thread(|| {
        let accounts = accounts.read().unwrap();
        panic!("read {} and went dead", accounts.ours);
    });

    let told = accounts.is_poisoned();
    let missing = accounts.into_inner().unwrap().missing();
    Found { told, missing, ..Found::default() }
}

fn die_in_a_thread(die: impl FnOnce() + Send) {
    let died = thread::scope(|scope| scope.spawn(die).join().is_err());
    assert!(died, "the thread was to panic");
}
