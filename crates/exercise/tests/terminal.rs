//! `cargo exercise` as a reader meets it. The compiler is run for each answer.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use exercise::{Course, root};

/// Its exit code and what it prints.
fn said(arguments: &[&str]) -> (i32, String, String) {
    let program = env!("CARGO_BIN_EXE_exercise");
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Links are whole, to be clicked.
fn fits(text: &str) {
    for line in text.lines().filter(|line| !line.contains("file://")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_in_a_line() {
    for wrong in [
        &["nonsense"][..],
        &["--nonsense"],
        &["last_seat", "torn_pair"],
        &["last_seat", "--answer"],
        &["last_seat", "--answer", "exercises/last_seat/no_such.rs"],
    ] {
        let (code, out, error) = said(wrong);
        assert_eq!((code, out.as_str(), error.lines().count()), (2, "", 1), "{wrong:?}: {error}");
        assert!(error.starts_with("error: "), "{error}");
    }
    let (code, help, _) = said(&["--help"]);
    assert_eq!(code, 0);
    fits(&help);
}

/// One after the other, because all are compiled into the same program and wait for it.
#[test]
fn an_answer_is_graded_shown_and_replayed() {
    let wrong = "exercises/last_seat/wrong/takes_back.rs";
    let (code, out, error) = said(&["last_seat", "--answer", wrong]);
    assert_eq!((code, error.as_str()), (1, ""), "{out}");
    fits(&out);
    for part in [
        "✓ Two enter a room with one seat: all",
        "✗ One leaves the only seat",
        "| self.taken.fetch_sub(1, Relaxed);",
        "It ends: nobody sits.",
        "\nHint: Who has not got a seat",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }

    // The link leads to a page with the answer in it, at the schedule that is shown.
    let link = out.lines().find(|line| line.starts_with("file://")).unwrap();
    let (file, place) = link["file://".len()..].split_once('#').unwrap();
    let page = std::fs::read_to_string(file).unwrap();
    assert!(page.contains("self.taken.fetch_sub(1, Relaxed);"));
    let schedule = place.strip_prefix("last_seat-come_back=").unwrap();
    assert!(page.contains(&format!("\"{schedule}\"")));

    let replay =
        |schedule| said(&["last_seat", "--answer", wrong, "--replay", "come_back", schedule]);
    let (code, again, _) = replay(schedule);
    assert_eq!(code, 0);
    assert!(out.contains(again.trim_end()), "{again}");
    let (code, _, error) = replay("v1.9");
    assert_eq!((code, error.lines().count()), (2, 1), "{error}");

    let (code, out, error) = said(&["last_seat", "--answer", "exercises/last_seat/solution.rs"]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert!(out.contains("\nThat is right."), "{out}");
    fits(&out);
    let next = out.lines().find_map(|line| line.strip_prefix("Next: cargo exercise ")).unwrap();
    only_begun_are_skipped("last_seat", next);

    // Where nobody has a step, there is neither a schedule nor a page to follow it on.
    let wrong = "exercises/each_part/wrong/shows_the_box.rs";
    let (code, out, error) = said(&["each_part", "--answer", wrong]);
    assert_eq!((code, error.as_str()), (1, ""), "{out}");
    assert!(out.contains("panics: its one way to run ends in 10; failed: Any"), "{out}");
    assert!(!out.contains("So it goes wrong") && !out.contains("file://"), "{out}");

    let (code, out, _) = said(&["tally", "--answer", "exercises/tally/starter.rs"]);
    assert_eq!(code, 1);
    assert!(out.contains("times the processor time"), "{out}");
    fits(&out);

    one_waits_for_another();

    // What does not compile is the compiler's to explain, and ours what is special here.
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.rs");
    let text = std::fs::read_to_string(root().join("exercises/last_seat/starter.rs")).unwrap();
    let sleeping = "fn nap() { std::thread::sleep(std::time::Duration::ZERO) }";
    std::fs::write(&broken, text + sleeping).unwrap();
    let (code, _, error) = said(&["last_seat", "--answer", broken.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(error.contains("E0425") && error.contains("whatever it was to wait for"), "{error}");

    // So is a guard of the thread's that is held while the task waits.
    let held = folder.path().join("held.rs");
    let text = std::fs::read_to_string(root().join("exercises/fetch_once/solution.rs")).unwrap();
    let text = text.replace("tokio::sync::Mutex", "std::sync::Mutex");
    std::fs::write(&held, text.replace(".lock().await", ".lock().unwrap()")).unwrap();
    let (code, _, error) = said(&["fetch_once", "--answer", held.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(error.contains("future cannot be sent between threads safely"), "{error}");
}

fn one_waits_for_another() {
    let turn = File::create(exercise::kept().join("turn")).unwrap();
    turn.lock().unwrap();
    let mut second = Command::new(env!("CARGO_BIN_EXE_exercise"))
        .args(["tally", "--answer", "exercises/tally/solution.rs"])
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(second.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "waiting for another `cargo exercise` in this folder\n");
    assert_eq!(second.try_wait().unwrap(), None);
    turn.unlock().unwrap();
    assert!(second.wait().unwrap().success());
}

/// In the order of the book and round, from `name` to the next that it says.
fn only_begun_are_skipped(name: &str, next: &str) {
    let course = Course::read(root()).unwrap();
    let names = course.exercises.iter().map(|exercise| &exercise.name);
    let from_name = names.cycle().skip_while(|other| *other != name).skip(1);
    for skipped in from_name.take_while(|other| *other != next) {
        let answer = root().join("exercises").join(skipped).join("answer.rs");
        assert!(answer.exists(), "{next} follows {name}, and {skipped} is not begun");
    }
}

#[test]
fn every_exercise_has_a_chapter_and_a_line() {
    let course = Course::read(root()).unwrap();
    assert!(!course.exercises.is_empty());
    for exercise in &course.exercises {
        assert!(exercise.chapter.is_some(), "no chapter has the exercise {}", exercise.name);
        let line = format!("  x {:<16} {:<36} does not compile", exercise.name, exercise.title);
        assert!(line.chars().count() <= 80, "{line}");
    }
}
