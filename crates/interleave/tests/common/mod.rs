//! A language of small concurrent programs, an interpreter that runs them on
//! interleave's primitives, and one that enumerates every schedule by itself.

#![allow(dead_code)]

use std::collections::BTreeMap;

use interleave::sync::Mutex;
use interleave::sync::atomic::{AtomicU64, Ordering};
use proptest::prelude::*;

pub const VARIABLES: usize = 2;
pub const LOCKS: usize = 2;

/// One operation. Every thread has one register, which starts at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// The register becomes the variable's value.
    Load(usize, Ordering),
    /// The variable becomes the register's value, ten times, and this digit.
    Store(usize, u64, Ordering),
    /// The variable grows by this much, and the register is what it was.
    Add(usize, u64),
    Lock(usize),
    Unlock(usize),
    Yield,
}

pub type Program = Vec<Vec<Op>>;

fn simple() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0..VARIABLES).prop_map(|variable| Op::Load(variable, Ordering::Relaxed)),
        3 => (0..VARIABLES, 1..4_u64).prop_map(|(variable, n)| Op::Store(variable, n, Ordering::Relaxed)),
        1 => (0..VARIABLES, 1..4_u64).prop_map(|(variable, n)| Op::Add(variable, n)),
        1 => Just(Op::Yield),
    ]
}

/// Operations, some of them under a lock, with locks nested at most once.
fn body(most: usize) -> impl Strategy<Value = Vec<Op>> {
    let part = prop_oneof![
        3 => simple().prop_map(|op| vec![op]),
        1 => (0..LOCKS, simple()).prop_map(|(lock, op)| vec![Op::Lock(lock), op, Op::Unlock(lock)]),
        1 => (0..LOCKS).prop_map(|lock| {
            vec![Op::Lock(lock), Op::Lock(1 - lock), Op::Unlock(1 - lock), Op::Unlock(lock)]
        }),
    ];
    prop::collection::vec(part, 1..=most)
        .prop_map(|parts| parts.concat())
        .prop_filter("short enough to enumerate", |ops| ops.len() <= 5)
}

/// Two or three threads.
pub fn program() -> impl Strategy<Value = Program> {
    prop_oneof![
        3 => prop::collection::vec(body(4), 2),
        1 => prop::collection::vec(body(1), 3).prop_filter("short enough to enumerate", |threads| {
            threads.iter().map(Vec::len).sum::<usize>() <= 9
        }),
    ]
}

/// How each schedule ends, and in how many ways; by exploring.
pub fn run(program: &Program) -> String {
    let variables: Vec<AtomicU64> = (0..VARIABLES).map(|_| AtomicU64::new(0)).collect();
    let locks: Vec<Mutex<()>> = (0..LOCKS).map(|_| Mutex::new(())).collect();
    let registers = interleave::thread::scope(|scope| {
        let threads: Vec<_> =
            program.iter().map(|ops| scope.spawn(|| interpret(ops, &variables, &locks))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let variables: Vec<u64> = variables.into_iter().map(AtomicU64::into_inner).collect();
    format!("{variables:?} {registers:?}")
}

fn interpret(ops: &[Op], variables: &[AtomicU64], locks: &[Mutex<()>]) -> u64 {
    let mut register = 0;
    let mut guards: Vec<_> = locks.iter().map(|_| None).collect();
    for op in ops {
        match *op {
            Op::Load(variable, order) => register = variables[variable].load(order),
            Op::Store(variable, digit, order) => {
                variables[variable].store(register * 10 + digit, order);
            }
            Op::Add(variable, n) => register = variables[variable].fetch_add(n, Ordering::AcqRel),
            Op::Lock(lock) => guards[lock] = Some(locks[lock].lock().unwrap()),
            Op::Unlock(lock) => guards[lock] = None,
            Op::Yield => interleave::thread::yield_now(),
        }
    }
    register
}

/// The state of the enumerator.
#[derive(Clone)]
struct State {
    next: Vec<usize>,
    variables: Vec<u64>,
    registers: Vec<u64>,
    owners: Vec<Option<usize>>,
}

/// How each schedule ends, and in how many ways; by trying them one by one.
pub fn enumerate(program: &Program, cooperative: bool) -> BTreeMap<String, u128> {
    let state = State {
        next: vec![0; program.len()],
        variables: vec![0; VARIABLES],
        registers: vec![0; program.len()],
        owners: vec![None; LOCKS],
    };
    let mut ends = BTreeMap::new();
    go_on(program, cooperative, state, None, &mut ends);
    ends
}

fn go_on(
    program: &Program,
    cooperative: bool,
    state: State,
    last: Option<usize>,
    ends: &mut BTreeMap<String, u128>,
) {
    // A yield is no operation: look at the one after it, and remember.
    let upcoming = |thread: usize| {
        let rest = &program[thread][state.next[thread]..];
        let yields = rest.iter().take_while(|op| **op == Op::Yield).count();
        (rest.get(yields).copied(), yields)
    };
    let can_go = |thread: usize| match upcoming(thread).0 {
        None => false,
        Some(Op::Lock(lock)) => state.owners[lock].is_none(),
        Some(_) => true,
    };
    let mut enabled: Vec<usize> = (0..program.len()).filter(|&thread| can_go(thread)).collect();
    if enabled.is_empty() {
        let done = (0..program.len()).all(|thread| upcoming(thread).0.is_none());
        let end = match done {
            true => format!("{:?} {:?}", state.variables, state.registers),
            false => "deadlock".into(),
        };
        *ends.entry(end).or_default() += 1;
        return;
    }
    if let Some(last) = last
        && cooperative
        && enabled.contains(&last)
        && upcoming(last).1 == 0
    {
        enabled = vec![last];
    }
    for thread in enabled {
        let mut after = state.clone();
        let (op, yields) = upcoming(thread);
        after.next[thread] += yields + 1;
        match op.unwrap() {
            Op::Load(variable, _) => after.registers[thread] = after.variables[variable],
            Op::Store(variable, digit, _) => {
                after.variables[variable] = after.registers[thread] * 10 + digit;
            }
            Op::Add(variable, n) => {
                after.registers[thread] = after.variables[variable];
                after.variables[variable] += n;
            }
            Op::Lock(lock) => after.owners[lock] = Some(thread),
            Op::Unlock(lock) => after.owners[lock] = None,
            Op::Yield => unreachable!(),
        }
        go_on(program, cooperative, after, Some(thread), ends);
    }
}
