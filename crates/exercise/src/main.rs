//! `cargo exercise` says where the reader stands; `cargo exercise NAME` checks
//! one exercise, and begins it if there is no answer yet.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use exercise::{Course, Exercise, wrapped};

/// An answer that runs for longer goes round without a step.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes back what the line of the terminal says.
const ERASED: &str = "\r\x1b[K";

const USAGE: &str = "\
Usage: cargo exercise                  where you stand
       cargo exercise NAME             begins an exercise, or checks your answer
       cargo exercise NAME --answer FILE
                                       checks another file than answer.rs
       cargo exercise NAME --replay CASE SCHEDULE
                                       goes through a schedule of your answer
";

/// Why there is nothing to say.
enum Failure {
    /// It was asked for in a way that cannot be: exit code 2.
    Usage(String),
    /// It went wrong: exit code 1.
    Failed(String),
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(Failure::Usage(cause)) => {
            eprintln!("error: {cause}");
            ExitCode::from(2)
        }
        Err(Failure::Failed(cause)) => {
            eprintln!("error: {cause}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/exercise");
    let course = Course::read(root).map_err(Failure::Failed)?;
    let mut house = House { root, given: None };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let Some(at) = words.iter().position(|word| *word == "--answer") {
        let file = words.get(at + 1);
        let file = *file.ok_or_else(|| Failure::Usage("--answer needs a file".into()))?;
        let found = Path::new(file).canonicalize();
        let found = found.map_err(|e| Failure::Usage(format!("cannot read `{file}`: {e}")))?;
        house.given = Some(found);
        words.drain(at..at + 2);
    }
    let name = match words[..] {
        [] => return house.overview(&course),
        ["-h" | "--help"] => {
            print!("{USAGE}");
            return Ok(ExitCode::SUCCESS);
        }
        [name] | [name, "--replay", _, _] if !name.starts_with('-') => name,
        _ => {
            let cause = "that is not how it is asked; see cargo exercise --help";
            return Err(Failure::Usage(cause.into()));
        }
    };
    let known = course.exercises.iter().find(|exercise| exercise.name == name);
    let Some(exercise) = known else {
        let names: Vec<_> = course.exercises.iter().map(|exercise| &*exercise.name).collect();
        let cause = format!("there is no exercise `{name}`; there are {}", names.join(", "));
        return Err(Failure::Usage(cause));
    };
    match words[..] {
        [_, _, case, schedule] => match house.build(exercise)? {
            Built::Broken(messages) => {
                eprint!("{messages}");
                Ok(ExitCode::FAILURE)
            }
            Built::Program(program) => {
                house.execute(&program, &["--replay", case, schedule], Stdio::inherit())
            }
        },
        _ => house.check(exercise, &course),
    }
}

struct House<'a> {
    root: &'a Path,
    /// The file that `--answer` names.
    given: Option<PathBuf>,
}

/// What came of compiling an answer.
enum Built {
    Program(PathBuf),
    /// What the compiler said.
    Broken(String),
}

impl House<'_> {
    fn folder(&self, exercise: &Exercise) -> PathBuf {
        self.root.join("exercises").join(&exercise.name)
    }

    fn answer(&self, exercise: &Exercise) -> PathBuf {
        self.given.clone().unwrap_or_else(|| self.folder(exercise).join("answer.rs"))
    }

    /// Begins `exercise` if need be, and checks it.
    fn check(&self, exercise: &Exercise, course: &Course) -> Result<ExitCode, Failure> {
        let name = &exercise.name;
        let answer = self.answer(exercise);
        let file = answer.strip_prefix(self.root).unwrap_or(&answer).display().to_string();
        println!("{}\n", exercise.title);
        if !answer.exists() {
            let starter = self.folder(exercise).join("starter.rs");
            fs::copy(starter, &answer)
                .map_err(|error| Failure::Failed(format!("cannot write `{file}`: {error}")))?;
            for paragraph in exercise.task.split("\n\n") {
                println!("{}\n", wrapped(paragraph, 78, 0));
            }
            println!("Your answer goes into {file}. This is how it begins:\n");
        }
        match self.build(exercise)? {
            Built::Broken(messages) => {
                eprint!("{messages}");
                let unknown = ["E0015", "E0425", "E0432", "E0433", "E0599"];
                if exercise.explored && unknown.iter().any(|code| messages.contains(code)) {
                    eprintln!(
                        "{}",
                        wrapped(
                            "note: An answer is compiled against the explorer's own `std` and \
                             `tokio`. What it does not model is not there: among others sleeping \
                             threads, time-outs, statics. See book/appendix/explorer.md.",
                            78,
                            0
                        )
                    );
                }
                Ok(ExitCode::FAILURE)
            }
            Built::Program(program) => {
                let code = self.execute(&program, &[], Stdio::inherit())?;
                if code == ExitCode::SUCCESS {
                    if self.given.is_none() {
                        self.keep(exercise);
                    }
                    println!(
                        "\nThat is right. One more way to do it: exercises/{name}/solution.rs"
                    );
                    let next = course.exercises.iter().find(|other| !self.is_solved(other));
                    match next {
                        Some(next) => println!("Next: cargo exercise {}", next.name),
                        None => println!("That was the last one."),
                    }
                } else {
                    println!("\nEdit {file} and run this again.");
                    if self.given.is_none() {
                        println!("To start over, delete it.");
                    }
                }
                Ok(code)
            }
        }
    }

    /// Compiles the reader's answer, and nobody else's.
    fn build(&self, exercise: &Exercise) -> Result<Built, Failure> {
        let package = if exercise.explored { "answers" } else { "real-answers" };
        let watched = std::io::stderr().is_terminal();
        let colour = if watched { "always" } else { "never" };
        if watched {
            eprint!("Compiling it …");
        }
        let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
        let output = Command::new(cargo)
            .args(["build", "--quiet", "--color", colour, "--package", package, "--bin", package])
            .env("EXERCISE", &exercise.name)
            .env("ANSWER", self.answer(exercise))
            .current_dir(self.root)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Failure::Failed(format!("cannot run cargo: {error}")));
        if watched {
            eprint!("{ERASED}");
        }
        let output = output?;
        // As a reader who stands in the root calls them.
        let root = format!("{}{}", self.root.display(), std::path::MAIN_SEPARATOR);
        let messages = String::from_utf8_lossy(&output.stderr).replace(&root, "");
        if !output.status.success() {
            return Ok(Built::Broken(messages));
        }
        // Cargo has put it beside this program.
        let here = std::env::current_exe()
            .map_err(|error| Failure::Failed(format!("cannot find this program: {error}")))?;
        let program = format!("{package}{}", std::env::consts::EXE_SUFFIX);
        Ok(Built::Program(here.with_file_name(program)))
    }

    /// Runs a compiled answer, but not for ever.
    fn execute(&self, program: &Path, arguments: &[&str], out: Stdio) -> Result<ExitCode, Failure> {
        let failed = |error| Failure::Failed(format!("cannot run the answer: {error}"));
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(self.root)
            .stdin(Stdio::null())
            .stdout(out)
            .spawn()
            .map_err(failed)?;
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            if began.elapsed() > PATIENCE {
                child.kill().map_err(failed)?;
                child.wait().map_err(failed)?;
                return Err(Failure::Failed(format!(
                    "the answer ran for {} s: is there a loop that takes no step?",
                    PATIENCE.as_secs()
                )));
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        match status.code() {
            Some(0) => Ok(ExitCode::SUCCESS),
            Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
            None => Err(Failure::Failed(format!("the answer broke off: {status}"))),
        }
    }

    /// What an answer was when it was last found right, so that looking where
    /// one stands does not compile everything again.
    fn kept(&self, exercise: &Exercise) -> PathBuf {
        self.root.join("target/exercises").join(format!("{}.right", exercise.name))
    }

    fn keep(&self, exercise: &Exercise) {
        if let Some(text) = self.both(exercise) {
            let file = self.kept(exercise);
            // If it cannot be kept, it is checked again.
            let _ =
                fs::create_dir_all(file.with_file_name("")).and_then(|()| fs::write(file, text));
        }
    }

    /// The answer and what it is held to.
    fn both(&self, exercise: &Exercise) -> Option<String> {
        let answer = self.answer(exercise);
        let check = fs::read_to_string(self.folder(exercise).join("check.rs")).ok()?;
        Some(fs::read_to_string(answer).ok()? + &check)
    }

    fn is_solved(&self, exercise: &Exercise) -> bool {
        let kept = fs::read_to_string(self.kept(exercise)).ok();
        kept.is_some() && kept == self.both(exercise)
    }

    fn overview(&self, course: &Course) -> Result<ExitCode, Failure> {
        let mut solved = 0;
        let mut chapter = None;
        for exercise in &course.exercises {
            if exercise.chapter != chapter {
                chapter = exercise.chapter.clone();
                if let Some((file, title)) = &chapter {
                    println!("{title} ({file})");
                }
            }
            let (mark, word) = self.standing(exercise)?;
            solved += usize::from(mark == '✓');
            println!("  {mark} {:<16} {:<36} {word}", exercise.name, exercise.title);
        }
        println!("\nSolved: {solved} of {}.", course.exercises.len());
        match course.exercises.iter().find(|exercise| !self.is_solved(exercise)) {
            Some(next) => println!("Next: cargo exercise {}", next.name),
            None => println!("That was all."),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn standing(&self, exercise: &Exercise) -> Result<(char, &'static str), Failure> {
        let Ok(answer) = fs::read_to_string(self.answer(exercise)) else {
            return Ok(('·', "not begun"));
        };
        let starter = fs::read_to_string(self.folder(exercise).join("starter.rs"));
        if starter.is_ok_and(|starter| starter == answer) {
            return Ok(('·', "begun"));
        }
        if self.is_solved(exercise) {
            return Ok(('✓', "solved"));
        }
        match self.build(exercise)? {
            Built::Broken(_) => Ok(('✗', "does not compile")),
            Built::Program(program) => match self.execute(&program, &[], Stdio::null()) {
                Ok(ExitCode::SUCCESS) => {
                    self.keep(exercise);
                    Ok(('✓', "solved"))
                }
                _ => Ok(('✗', "not yet")),
            },
        }
    }
}
