//! The same programs under loom and under shuttle: the same outcomes.

mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use common::{Op, Program, VARIABLES};
use interleave::{Graph, Memory, Scenario};
use loom::sync::atomic::Ordering::{self, *};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

type Outcomes = BTreeSet<String>;

fn outcomes(graph: &Graph) -> Outcomes {
    graph.outcomes.iter().map(|outcome| outcome.text.clone()).collect()
}

fn ours(program: &Program, memory: Memory) -> Outcomes {
    let scenario = Scenario { memory, limit: 100_000, ..Scenario::of(String::new) };
    outcomes(&scenario.explore_run(&[], &|| common::run(program)).unwrap())
}

macro_rules! interpreter {
    ($name:ident, $checker:ident) => {
        fn $name(program: Arc<Program>, found: &Mutex<Outcomes>) {
            use $checker::sync::Arc;
            use $checker::sync::atomic::AtomicU64;
            let variables: Arc<Vec<AtomicU64>> =
                Arc::new((0..VARIABLES).map(|_| AtomicU64::new(0)).collect());
            let threads: Vec<_> = (0..program.len())
                .map(|thread| {
                    let (program, variables) = (program.clone(), variables.clone());
                    $checker::thread::spawn(move || {
                        let mut register = 0;
                        for op in &program[thread] {
                            match *op {
                                Op::Load(variable, order) => {
                                    register = variables[variable].load(order)
                                }
                                Op::Store(variable, digit, order) => {
                                    variables[variable].store(register * 10 + digit, order);
                                }
                                Op::Add(variable, n) => {
                                    register = variables[variable].fetch_add(n, Ordering::AcqRel)
                                }
                                _ => unreachable!("locks are not compared here"),
                            }
                        }
                        register
                    })
                })
                .collect();
            let registers: Vec<u64> =
                threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            let variables: Vec<u64> =
                variables.iter().map(|variable| variable.load(Relaxed)).collect();
            found.lock().unwrap().insert(format!("{variables:?} {registers:?}"));
        }
    };
}
interpreter!(run_in_loom, loom);
interpreter!(run_in_shuttle, shuttle);

fn looms(program: &Program) -> Outcomes {
    let found = Arc::new(Mutex::new(Outcomes::new()));
    let (program, into) = (Arc::new(program.clone()), found.clone());
    loom::model(move || run_in_loom(program.clone(), &into));
    found.lock().unwrap().clone()
}

fn shuttles(program: &Program) -> Outcomes {
    let found = Arc::new(Mutex::new(Outcomes::new()));
    let (program, into) = (Arc::new(program.clone()), found.clone());
    shuttle::check_dfs(move || run_in_shuttle(program.clone(), &into), None);
    found.lock().unwrap().clone()
}

fn store_buffer(write: Ordering, read: Ordering) -> Program {
    vec![
        vec![Op::Store(0, 1, write), Op::Load(1, read)],
        vec![Op::Store(1, 1, write), Op::Load(0, read)],
    ]
}

fn message_passing(write: Ordering, read: Ordering) -> Program {
    vec![
        vec![Op::Store(0, 1, Relaxed), Op::Store(1, 1, write)],
        vec![Op::Load(1, read), Op::Store(1, 5, Relaxed), Op::Load(0, Relaxed)],
    ]
}

#[test]
fn loom_agrees_on_the_litmus_tests() {
    for (write, read) in [(Relaxed, Relaxed), (Release, Acquire)] {
        for program in [store_buffer(write, read), message_passing(write, read)] {
            assert_eq!(ours(&program, Memory::Weak), looms(&program), "{program:?}");
        }
    }
}

/// loom treats SeqCst accesses as acquire and release, so it cannot judge.
#[test]
fn sequentially_consistent_threads_do_not_both_miss() {
    let found = ours(&store_buffer(SeqCst, SeqCst), Memory::Weak);
    assert_eq!(found, ours(&store_buffer(SeqCst, SeqCst), Memory::Interleaved));
    assert!(!found.contains("[1, 1] [0, 0]"));
}

#[test]
fn shuttle_agrees_on_the_counter() {
    let once = [Op::Load(0, SeqCst), Op::Store(0, 1, SeqCst)];
    let program = vec![[once, once].concat(), [once, once].concat()];
    assert_eq!(ours(&program, Memory::Interleaved), shuttles(&program));
}

/// The registers of each outcome, without the final values.
fn registers(outcomes: &Outcomes) -> Outcomes {
    outcomes.iter().filter_map(|text| Some(text.split_once("] [")?.1.to_string())).collect()
}

/// Whether each variable is written by one thread alone.
fn single_writers(program: &Program) -> bool {
    (0..VARIABLES).all(|variable| {
        let writes = |op: &Op| {
            matches!(*op, Op::Store(written, ..) | Op::Add(written, _) if written == variable)
        };
        program.iter().filter(|ops| ops.iter().any(writes)).count() <= 1
    })
}

fn accesses() -> impl Strategy<Value = Program> {
    let load = prop_oneof![Just(Relaxed), Just(Acquire)];
    let store = prop_oneof![Just(Relaxed), Just(Release)];
    let op = prop_oneof![
        4 => (0..VARIABLES, load).prop_map(|(variable, order)| Op::Load(variable, order)),
        4 => (0..VARIABLES, 1..4_u64, store).prop_map(|(variable, n, order)| Op::Store(variable, n, order)),
        1 => (0..VARIABLES, 1..4_u64).prop_map(|(variable, n)| Op::Add(variable, n)),
    ];
    prop::collection::vec(prop::collection::vec(op, 1..=3), 2)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, rng_seed: RngSeed::Fixed(22), ..ProptestConfig::default() })]

    /// loom may find more where two threads write the same variable: it lets a
    /// later load read either write, whatever their modification order. And it
    /// may find less: it misses, for one, that a load can read what another
    /// thread stores after loading. Where it is right it finds what we find.
    #[test]
    fn loom_finds_nothing_that_we_miss(program in accesses()) {
        let (ours, looms) = (registers(&ours(&program, Memory::Weak)), registers(&looms(&program)));
        if single_writers(&program) {
            prop_assert!(looms.is_subset(&ours), "{:?} is not within {:?}", looms, ours);
        }
    }

    #[test]
    fn shuttle_finds_the_outcomes_that_we_find(program in accesses()) {
        prop_assert_eq!(ours(&program, Memory::Interleaved), shuttles(&program));
    }
}
