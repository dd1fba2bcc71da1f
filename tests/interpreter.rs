//! The interpreter of `gil`: what its programs compute, what it says of wrong
//! ones, and what its lock promises.

#[allow(dead_code)]
#[path = "../examples/gil/interpreter/mod.rs"]
mod interpreter;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use house_tests::{experiment, root};
use interpreter::assembler::assemble;
use interpreter::gil::Gil;
use interpreter::threads::{Way, no_lock, one_by_one, one_lock, one_lock_3_9, own_locks};

const INTERVAL: Duration = Duration::from_micros(50);
const WAYS: [Way; 5] = [one_by_one, one_lock, one_lock_3_9, no_lock, own_locks];

fn program(name: &str) -> String {
    let path = root().join("examples/gil/programs").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// What the threads of a program return, the same in every way to run it.
fn results(text: &str, number: i64) -> Vec<i64> {
    let program = assemble(text).unwrap();
    let results = WAYS.map(|way| -> Vec<i64> {
        let end = way(&program, number, INTERVAL).unwrap();
        end.threads.iter().map(|thread| thread.result).collect()
    });
    assert!(results.iter().all(|others| *others == results[0]), "{results:?}");
    results[0].clone()
}

#[test]
fn programs_compute() {
    assert_eq!(results(&program("primes.asm"), 100), [25, 25]);
    let arithmetic = "threads 1\nfunction main\npush 7\npush 3\nsubtract\npush 5\nmultiply\n\
                      push 6\nremainder\nreturn";
    assert_eq!(results(arithmetic, 0), [2]);
    let factorial = "threads 3
        function factorial n
            load_local n
            jump_if more
            push 1
            return
        more:
            load_local n
            load_local n
            push 1
            subtract
            call factorial
            multiply
            return
        function main n
            load_local n
            call factorial
            return";
    assert_eq!(results(factorial, 10), [3_628_800; 3]);
}

#[test]
fn a_mistake_is_told_with_its_line() {
    for (text, told) in [
        ("", "line 1: the program ends and has no function `main`"),
        ("push 1", "line 1: `push` stands before the first function"),
        ("function main\n\n  push x # so?\n", "line 3: `x` is not a whole number"),
        ("function main\npusch 1", "line 2: `pusch 1` is no instruction"),
        ("function main\nadd 1", "line 2: `add 1` is no instruction"),
        ("function main\nload_global counter", "line 2: there is no global `counter`"),
        ("function main\nload_local n", "line 2: nothing is ever stored in a local `n`"),
        ("function main\njump there", "line 2: `main` has no label `there`"),
        ("function main\ncall f", "line 2: there is no function `f`"),
        ("global a\nglobal a", "line 2: there is a `a` already"),
        ("global", "line 1: `global` of what?"),
        ("threads 65", "line 1: `65` threads, where 1 to 64 can be"),
        ("function main a b\npush 1\nreturn", "line 3: `main` has more than one parameter"),
        ("function main\na:\na:", "line 3: this function has a label `a` already"),
        ("function main\npush 1", "line 2: `main` ends here without `return` or `jump`"),
        ("function main\npush 1\nadd", "line 3: this takes 2 from the stack, which holds 1"),
        ("function main\nreturn", "line 2: this takes 1 from the stack, which holds 0"),
        (
            "function main\nagain:\npush 1\njump again",
            "line 4: the stack would hold 1 on one way from here and 0 on another",
        ),
        ("function main\nend:", "line 1: `main` ends here without `return` or `jump`"),
        ("function f\nfunction main", "line 1: `f` ends here without `return` or `jump`"),
    ] {
        let mistake = assemble(text).unwrap_err();
        assert_eq!(mistake.to_string(), told, "{text}");
    }
}

#[test]
fn a_fault_is_told_with_its_line() {
    for (text, told) in [
        ("function main\npush 1\npush 0\nremainder\nreturn", "line 4: division by zero"),
        ("function main\ncall main\nreturn", "line 2: too many calls within calls"),
    ] {
        let program = assemble(text).unwrap();
        for way in WAYS {
            assert_eq!(way(&program, 0, INTERVAL).unwrap_err().to_string(), told);
        }
    }
}

#[test]
fn the_lock_keeps_every_update_of_a_counter() {
    let counter = assemble(&program("counter.asm")).unwrap();
    assert_eq!(one_lock(&counter, 100_000, INTERVAL).unwrap().globals, [200_000]);
    assert_eq!(one_by_one(&counter, 1_000, INTERVAL).unwrap().globals, [2_000]);
    assert_eq!(own_locks(&counter, 1_000, INTERVAL).unwrap().globals, [1_000, 1_000]);
}

#[test]
fn the_holder_is_asked_and_the_one_who_asked_is_next() {
    let gil = Gil::new(Duration::from_millis(1));
    let had_it = AtomicBool::new(false);
    gil.take();
    thread::scope(|scope| {
        scope.spawn(|| {
            gil.take();
            had_it.store(true, Ordering::SeqCst);
            gil.release();
        });
        while !gil.asked() {
            thread::yield_now();
        }
        assert!(!had_it.load(Ordering::SeqCst), "there were two holders");
        gil.hand_over();
        assert!(had_it.load(Ordering::SeqCst), "nobody else has had the lock");
        assert!(!gil.asked(), "taking the lock answers the request");
        gil.release();
    });
}

#[test]
fn a_program_of_the_readers_is_run_or_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |text: &str| {
        let file = folder.path().join("mine.asm");
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let mut run = experiment("gil");
        let output = run.args(["--trials", "1", "--times", "10", "--program", file]).output();
        let output = output.unwrap();
        let errors = String::from_utf8(output.stderr).unwrap().replace(file, "mine.asm");
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), errors)
    };
    let (code, text, errors) = run(&program("counter.asm"));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(text.contains("yours, one lock    results [0, 0]\n"), "{text}");
    assert!(text.contains("counter = 20\n"), "{text}");
    assert!(text.contains("thread 2: counter = 10\n"), "{text}");

    let (code, _, errors) = run("function main\n\npop");
    assert_eq!(code, Some(2));
    assert_eq!(errors, "gil: cannot run `mine.asm`: line 3: `pop` is no instruction\n");
    let (code, _, errors) = run("function main\npush 1\npush 0\nremainder\nreturn");
    assert_eq!(code, Some(1));
    assert_eq!(errors, "gil: cannot run `mine.asm`: line 4: division by zero\n");

    let output = experiment("gil").args(["--program", "gone.asm"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("gil: cannot run `gone.asm`: No such file"), "{errors}");
}
