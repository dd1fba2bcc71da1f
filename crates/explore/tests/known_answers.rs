//! Numbers that were counted independently of this explorer.

use explore::{EXPERIMENTS, FIVE_PHILOSOPHERS};
use interleave::{Graph, Memory, Reached, Scenario};

fn scenario(experiment: &str, name: &str) -> Scenario {
    let experiment = EXPERIMENTS.iter().find(|known| known.name == experiment).unwrap();
    *experiment.scenarios.iter().find(|known| known.name == name).unwrap()
}

fn explore(experiment: &str, name: &str) -> Graph {
    scenario(experiment, name).explore(&[]).unwrap()
}

fn count(reached: &Reached) -> u128 {
    reached.schedules.as_ref().unwrap().parse().unwrap()
}

/// Outcomes that happen and how many schedules end in each.
fn preemptive(graph: &Graph) -> Vec<(&str, u128)> {
    let all =
        graph.outcomes.iter().map(|outcome| (outcome.text.as_str(), count(&outcome.preemptive)));
    all.filter(|(_, count)| *count > 0).collect()
}

fn cooperative(graph: &Graph) -> Vec<(&str, u128)> {
    let all =
        graph.outcomes.iter().map(|outcome| (outcome.text.as_str(), count(&outcome.cooperative)));
    all.filter(|(_, count)| *count > 0).collect()
}

#[test]
fn load_and_store_twice_each_lose_in_64_of_70() {
    let graph = explore("race_condition", "load_then_store");
    assert_eq!(preemptive(&graph), [("4", 6), ("3", 32), ("2", 32)]);
    assert_eq!(cooperative(&graph), [("4", 2)]);
}

#[test]
fn load_and_store_three_times_each_have_924_schedules() {
    let graph = explore("race_condition", "load_then_store_3");
    assert_eq!(preemptive(&graph).iter().map(|(_, count)| count).sum::<u128>(), 924);
    assert_eq!(cooperative(&graph), [("6", 2)]);
}

/// Coherence alone makes one variable behave as if threads took turns, which
/// is why the scenario need not be explored under weak memory.
#[test]
fn one_counter_has_the_same_outcomes_under_weak_memory() {
    for name in ["load_then_store", "load_then_store_3", "fetch_add"] {
        let interleaved = explore("race_condition", name);
        let weak =
            Scenario { memory: Memory::Weak, limit: 100_000, ..scenario("race_condition", name) };
        let weak = weak.explore(&[]).unwrap();
        let texts = |graph: &Graph| {
            graph.outcomes.iter().map(|outcome| outcome.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(texts(&interleaved), texts(&weak), "{name}");
    }
}

#[test]
fn a_mutex_leaves_six_schedules() {
    assert_eq!(preemptive(&explore("race_condition", "locked")), [("4", 6)]);
}

#[test]
fn two_locks_in_two_orders_deadlock_in_two_of_six() {
    let graph = explore("deadlock", "two_orders");
    assert_eq!(preemptive(&graph), [("90, 110", 4), ("deadlock", 2)]);
    assert_eq!(graph.outcome_called("deadlock").unwrap().preemptive.preemptions, Some(1));
    assert_eq!(preemptive(&explore("deadlock", "one_order")), [("90, 110", 2)]);
}

#[test]
fn five_philosophers_deadlock_in_120_of_66_468_720() {
    let graph = FIVE_PHILOSOPHERS.explore(&[]).unwrap();
    assert_eq!(preemptive(&graph), [("all ate", 66_468_720 - 120), ("deadlock", 120)]);
}

#[test]
fn checking_before_an_await_pays_twice_in_four_of_six() {
    let graph = explore("await_race", "pay_across");
    assert_eq!(cooperative(&graph), [("paid once", 2), ("paid twice", 4)]);
    assert_eq!(cooperative(&explore("await_race", "pay_after")), [("paid once", 2)]);
    assert_eq!(preemptive(&explore("await_race", "pay_locked")), [("paid once", 2)]);
}

#[test]
fn an_await_between_read_and_write_loses_in_four_of_six() {
    assert_eq!(cooperative(&explore("await_race", "deposit_across")), [("20", 2), ("10", 4)]);
    assert_eq!(cooperative(&explore("await_race", "deposit_after")), [("20", 2)]);
    assert_eq!(preemptive(&explore("await_race", "deposit_locked")), [("20", 2)]);
}

#[test]
fn tasks_that_wait_for_each_other_deadlock_though_nobody_is_preempted() {
    assert_eq!(
        cooperative(&explore("await_race", "two_orders")),
        [("90, 110", 2), ("deadlock", 2)]
    );
    assert_eq!(preemptive(&explore("await_race", "one_order")), [("90, 110", 2)]);
    assert_eq!(cooperative(&explore("await_race", "await_first")), [("90, 110", 2)]);
}

#[test]
fn tasks_that_await_after_each_step_lose_nothing() {
    assert_eq!(cooperative(&explore("cooperative_counter", "tasks")), [("4", 6)]);
}

#[test]
fn a_buyer_who_looks_once_can_leave_without() {
    let graph = explore("coordination", "if");
    assert_eq!(preemptive(&graph), [("both bought", 158), ("a buyer left without", 10)]);
    assert_eq!(bakery::count(false), (158, 10));
    assert_eq!(preemptive(&explore("coordination", "while")), [("both bought", 168)]);
    assert_eq!(bakery::count(true), (168, 0));
}

#[test]
fn both_miss_unless_sequentially_consistent() {
    for (name, missed) in [
        ("store_buffer_relaxed", true),
        ("store_buffer_release_acquire", true),
        ("store_buffer_seqcst", false),
    ] {
        assert_eq!(
            explore("memory_ordering", name).outcome_called("0 and 0").is_some(),
            missed,
            "{name}"
        );
    }
}

#[test]
fn a_message_is_stale_only_under_relaxed() {
    for (name, stale) in [
        ("message_passing_relaxed", true),
        ("message_passing_release_acquire", false),
        ("message_passing_seqcst", false),
    ] {
        assert_eq!(
            explore("memory_ordering", name).outcome_called("stale").is_some(),
            stale,
            "{name}"
        );
    }
}

/// The bakery once more, as a table of what each thread does, gone through one
/// schedule at a time.
mod bakery {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Buyer {
        Locks,
        Waits,
        Asleep,
        Woken,
        Takes,
        Unlocks,
        Gone,
    }

    #[derive(Clone)]
    struct State {
        loaves: u32,
        owner: Option<usize>,
        /// Two bakes of lock, write, unlock, notify.
        baked: usize,
        buyers: [Buyer; 2],
        served: [bool; 2],
    }

    /// Schedules that serve both, and schedules that do not.
    pub fn count(again: bool) -> (u128, u128) {
        let state = State {
            loaves: 0,
            owner: None,
            baked: 0,
            buyers: [Buyer::Locks; 2],
            served: [false; 2],
        };
        go_on(&state, again)
    }

    fn sum(ends: impl Iterator<Item = (u128, u128)>) -> (u128, u128) {
        ends.fold((0, 0), |all, more| (all.0 + more.0, all.1 + more.1))
    }

    fn go_on(state: &State, again: bool) -> (u128, u128) {
        let mut next = vec![];
        for buyer in 0..2 {
            let mut after = state.clone();
            let free = state.owner.is_none();
            after.buyers[buyer] = match state.buyers[buyer] {
                Buyer::Locks if free => {
                    after.owner = Some(buyer);
                    if state.loaves == 0 { Buyer::Waits } else { Buyer::Takes }
                }
                Buyer::Woken if free => {
                    after.owner = Some(buyer);
                    if again && state.loaves == 0 { Buyer::Waits } else { Buyer::Takes }
                }
                Buyer::Waits => {
                    after.owner = None;
                    Buyer::Asleep
                }
                Buyer::Takes => {
                    after.served[buyer] = state.loaves > 0;
                    after.loaves = state.loaves.saturating_sub(1);
                    Buyer::Unlocks
                }
                Buyer::Unlocks => {
                    after.owner = None;
                    Buyer::Gone
                }
                _ => continue,
            };
            next.push(after);
        }
        next.extend(bake(state));
        if next.is_empty() {
            let both = state.served == [true, true];
            return if both { (1, 0) } else { (0, 1) };
        }
        sum(next.iter().map(|after| go_on(after, again)))
    }

    fn bake(state: &State) -> Vec<State> {
        let mut after = State { baked: state.baked + 1, ..state.clone() };
        if state.baked == 8 {
            return vec![];
        }
        match state.baked % 4 {
            0 if state.owner.is_some() => return vec![],
            0 => after.owner = Some(2),
            1 => after.loaves += 1,
            2 => after.owner = None,
            _ => {
                let asleep = (0..2).filter(|&buyer| state.buyers[buyer] == Buyer::Asleep);
                let woken = asleep.map(|buyer| {
                    let mut woken = after.clone();
                    woken.buyers[buyer] = Buyer::Woken;
                    woken
                });
                let woken: Vec<State> = woken.collect();
                return if woken.is_empty() { vec![after] } else { woken };
            }
        }
        vec![after]
    }
}
