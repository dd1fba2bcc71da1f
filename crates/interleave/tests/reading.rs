//! Whatever text comes in, the parser and the reader answer with a sentence.

use interleave::sync::Mutex;
use interleave::{ParseError, Scenario, Schedule, Schedules, Turn, thread};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn schedules() -> Schedules {
    let graph = Scenario::of(|| {
        let lock = Mutex::new(0);
        thread::scope(|scope| {
            scope.spawn(|| *lock.lock().unwrap() += 1);
            scope.spawn(|| *lock.lock().unwrap() += 2);
        });
        lock.into_inner().unwrap().to_string()
    });
    Schedules::of("test", &[], vec![graph.explore(&[]).unwrap()])
}

fn refused(text: &str) -> String {
    let graph = &schedules().scenarios[0];
    match text.parse::<Schedule>() {
        Err(error) => error.to_string(),
        Ok(schedule) => graph.replay(&schedule).unwrap_err().to_string(),
    }
}

#[test]
fn a_wrong_schedule_is_told_with_its_step() {
    assert_eq!(refused("v2.1"), "a schedule begins with `v1`, this one with `v2`");
    assert_eq!("".parse::<Schedule>(), Err(ParseError::Version(String::new())));
    assert!(refused("v1.1.x").starts_with("step 2 is `x`: a step is a thread's number"));
    assert_eq!(refused("v1.7"), "step 1 is `7`: there is no such thread; possible there: 1, 2");
    assert_eq!(
        refused("v1.1.2"),
        "step 2 is `2`: thread 2 waits for lock, held by thread 1; possible there: 1"
    );
    assert_eq!(
        refused("v1.1b"),
        "step 1 is `1b`: thread 1 cannot go that way; possible there: 1, 2"
    );
    assert_eq!(refused("v1.1.1.1.1"), "step 4 is `1`: thread 1 is not running; possible there: 2");
    assert_eq!(refused("v1.1.1.1.2.2.2.2"), "step 7 is `2`: the program has ended, with `3`");
}

#[test]
fn another_version_of_the_format_is_told() {
    let json = schedules().to_json().replacen("\"schema\":1", "\"schema\":2", 1);
    assert_eq!(Schedules::from_json(&json).unwrap_err(), "schema 2, where this program reads 1");
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (0..1000_usize, 0..26_usize).prop_map(|(thread, choice)| Turn { thread, choice });
    prop::collection::vec(turn, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Fixed(22), ..ProptestConfig::default() })]

    #[test]
    fn a_schedule_is_read_as_it_was_written(turns in turns()) {
        let schedule = Schedule(turns);
        prop_assert_eq!(schedule.to_string().parse::<Schedule>(), Ok(schedule));
    }

    #[test]
    fn a_text_that_parses_is_the_only_one_for_its_schedule(text in "v1(\\.[0-9]{1,3}[a-z]?){0,5}") {
        if let Ok(schedule) = text.parse::<Schedule>() {
            prop_assert_eq!(schedule.to_string(), text);
        }
    }

    #[test]
    fn any_text_is_a_schedule_or_an_error(text in ".*") {
        let _ = text.parse::<Schedule>();
    }

    #[test]
    fn any_text_is_a_graph_or_an_error(text in ".*") {
        let _ = Schedules::from_json(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(22), ..ProptestConfig::default() })]

    /// One byte of a true graph replaced: what is still read can be used.
    #[test]
    fn a_damaged_graph_is_refused_or_sound(at in any::<prop::sample::Index>(), byte in 0x20..0x7f_u8, turns in turns()) {
        let mut bytes = schedules().to_json().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        let Ok(schedules) = Schedules::from_json(&text) else { return Ok(()) };
        for graph in &schedules.scenarios {
            let _ = graph.replay(&Schedule(turns.clone()));
            let _ = interleave::Counts::of(graph, interleave::Reading::Cooperative);
            for state in 0..graph.states.len() {
                let _ = graph.outcome(state);
                (0..graph.threads.len()).for_each(|thread| drop(graph.position(state, thread).clone()));
            }
        }
    }
}
