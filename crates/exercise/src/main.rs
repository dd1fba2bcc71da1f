//! `cargo exercise` says where the reader stands; `cargo exercise NAME` checks
//! one exercise, and begins it if there is no answer yet.

mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use exercise::{Course, Exercise, kept, root, wrapped};
use program::{Built, build, execute};

const USAGE: &str = "\
Usage: cargo exercise                  where you stand
       cargo exercise NAME             begins an exercise, or checks your answer
       cargo exercise NAME --answer FILE
                                       checks another file than answer.rs
       cargo exercise NAME --replay CASE SCHEDULE
                                       goes through a schedule of your answer
";

/// For an answer that is explored and names what the explorer does not have.
const NOT_MODELLED: &str = "\
note: An answer is compiled against the explorer's own `std` and `tokio`. What \
it does not model is not there: among others sleeping threads, time-outs, \
fences, statics. See book/appendix/explorer.md.";

/// For the one of those that is missed most.
const NO_SLEEP: &str = "\
note: An answer is compiled against the explorer's own `std`, which has no \
`sleep`: whatever it was to wait for, there is a schedule in which that comes \
later. What could say that it has come?";

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
    let course = Course::read(root()).map_err(Failure::Failed)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answers = Answers { given: given(&mut words)? };
    match words[..] {
        [] => answers.overview(&course),
        ["-h" | "--help"] => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        [name] if !name.starts_with('-') => answers.check(find(&course, name)?, &course),
        [name, "--replay", case, schedule] if !name.starts_with('-') => {
            answers.replay(find(&course, name)?, case, schedule)
        }
        _ => Err(Failure::Usage("that is not how it is asked; see cargo exercise --help".into())),
    }
}

/// Takes `--answer FILE` out of `words`.
fn given(words: &mut Vec<&str>) -> Result<Option<PathBuf>, Failure> {
    let Some(at) = words.iter().position(|word| *word == "--answer") else { return Ok(None) };
    let file = words.get(at + 1);
    let file = *file.ok_or_else(|| Failure::Usage("--answer needs a file".into()))?;
    let found = Path::new(file).canonicalize();
    let found = found.map_err(|e| Failure::Usage(format!("cannot read `{file}`: {e}")))?;
    words.drain(at..at + 2);
    Ok(Some(found))
}

fn find<'a>(course: &'a Course, name: &str) -> Result<&'a Exercise, Failure> {
    course.exercises.iter().find(|exercise| exercise.name == name).ok_or_else(|| {
        let names: Vec<_> = course.exercises.iter().map(|exercise| &*exercise.name).collect();
        let known = names.join(", ");
        Failure::Usage(format!("there is no exercise `{name}`; there are {known}"))
    })
}

/// The reader's answers.
struct Answers {
    /// The file that `--answer` names, in place of the one that belongs to the exercise.
    given: Option<PathBuf>,
}

impl Answers {
    fn folder(&self, exercise: &Exercise) -> PathBuf {
        root().join("exercises").join(&exercise.name)
    }

    fn answer(&self, exercise: &Exercise) -> PathBuf {
        self.given.clone().unwrap_or_else(|| self.folder(exercise).join("answer.rs"))
    }

    fn build(&self, exercise: &Exercise) -> Result<Built, Failure> {
        build(exercise, &self.answer(exercise))
    }

    /// Begins `exercise` if need be, and checks it.
    fn check(&self, exercise: &Exercise, course: &Course) -> Result<ExitCode, Failure> {
        let answer = self.answer(exercise);
        let file = answer.strip_prefix(root()).unwrap_or(&answer).display().to_string();
        println!("{}\n", exercise.title);
        if !answer.exists() {
            self.begin(exercise, &file)?;
        }
        let program = match self.build(exercise)? {
            Built::Program(program) => program,
            Built::Broken(messages) => return Ok(not_compiled(exercise, &messages)),
        };
        let code = execute(&program, &[], Stdio::inherit())?;
        if code == ExitCode::SUCCESS {
            if self.given.is_none() {
                self.keep(exercise);
            }
            let name = &exercise.name;
            println!("\nThat is right. One more way to do it: exercises/{name}/solution.rs");
            println!(
                "{}",
                self.next(course, Some(exercise)).unwrap_or("That was the last one.".into())
            );
        } else {
            println!("\nEdit {file} and run this again.");
            if self.given.is_none() {
                println!("To start over, delete it.");
            }
        }
        Ok(code)
    }

    /// Copies the starter to the answer, which is `file`, and says what is asked.
    fn begin(&self, exercise: &Exercise, file: &str) -> Result<(), Failure> {
        let starter = self.folder(exercise).join("starter.rs");
        fs::copy(starter, self.answer(exercise))
            .map_err(|error| Failure::Failed(format!("cannot write `{file}`: {error}")))?;
        for paragraph in exercise.task.split("\n\n") {
            println!("{}\n", wrapped(paragraph, 78, 0));
        }
        println!("Your answer goes into {file}. This is how it begins:\n");
        Ok(())
    }

    /// Goes through a schedule of the answer.
    fn replay(&self, exercise: &Exercise, case: &str, to: &str) -> Result<ExitCode, Failure> {
        match self.build(exercise)? {
            Built::Program(program) => execute(&program, &["--replay", case, to], Stdio::inherit()),
            Built::Broken(messages) => Ok(not_compiled(exercise, &messages)),
        }
    }

    /// Which exercise is next in the order of the book, after this one and round, if one is left.
    fn next(&self, course: &Course, after: Option<&Exercise>) -> Option<String> {
        let at =
            |this: &Exercise| course.exercises.iter().position(|other| other.name == this.name);
        let (before, rest) = course.exercises.split_at(after.and_then(at).map_or(0, |at| at + 1));
        let next = rest.iter().chain(before).find(|other| !self.is_solved(other))?;
        Some(format!("Next: cargo exercise {}", next.name))
    }

    /// What an answer was when it was last found right, so that looking where
    /// one stands does not compile everything again.
    fn kept(&self, exercise: &Exercise) -> PathBuf {
        kept().join(format!("{}.right", exercise.name))
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
        println!("{}", self.next(course, None).unwrap_or("That was all.".into()));
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
            Built::Program(program) => match execute(&program, &[], Stdio::null()) {
                Ok(ExitCode::SUCCESS) => {
                    self.keep(exercise);
                    Ok(('✓', "solved"))
                }
                _ => Ok(('✗', "not yet")),
            },
        }
    }
}

/// What the compiler said, and what is special here.
fn not_compiled(exercise: &Exercise, messages: &str) -> ExitCode {
    eprint!("{messages}");
    let unknown = ["E0015", "E0425", "E0432", "E0433", "E0599"];
    if exercise.explored && unknown.iter().any(|code| messages.contains(code)) {
        let note = if messages.contains("`sleep`") { NO_SLEEP } else { NOT_MODELLED };
        eprintln!("{}", wrapped(note, 78, 0));
    }
    ExitCode::FAILURE
}
