//! The preprocessor over whole books.
//!
//! `INSTA_UPDATE=always cargo test -p mdbook-experiment` writes the snapshots
//! anew.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use mdbook_experiment::{Experiments, Problems};
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::config::Config;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use regex::Regex;
use taking_turns::report::Report;

fn root(fixture: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(fixture)
}

/// The book of a fixture, its pages by name, and how `renderer` asks for it.
fn load(fixture: &str, renderer: &str) -> (PreprocessorContext, Book) {
    let root = root(fixture);
    let config: Config = "[book]\nsrc = \"book\"".parse().unwrap();
    let src = root.join("book");
    let mut book = Book::new();
    let mut pages = pages(&src);
    pages.sort();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let path = page.strip_prefix(&src).unwrap();
        if path != Path::new("SUMMARY.md") && path != Path::new("parts/part.md") {
            book.push_item(Chapter::new(&path.display().to_string(), text, path, Vec::new()));
        }
    }
    (PreprocessorContext::new(root, config, renderer.to_owned()), book)
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => pages(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect()
}

fn run(fixture: &str, renderer: &str) -> Result<Book, Problems> {
    let (context, book) = load(fixture, renderer);
    Experiments.run(&context, book).map_err(|error| error.downcast().expect("problems"))
}

/// What mdBook does with the program.
fn run_program(fixture: &str, renderer: &str) -> Output {
    let input = serde_json::to_vec(&load(fixture, renderer)).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_mdbook-experiment"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(&input).unwrap();
    program.wait_with_output().unwrap()
}

/// One element a line, for people who compare; records lie in files of their own.
fn lines(markdown: &str) -> String {
    let records = Regex::new(r#"(<script class="recorded"[^>]*>).*?(</script>)"#).unwrap();
    records.replace_all(markdown, "$1…$2").replace("><", ">\n<")
}

#[test]
fn a_panel_holds_its_record_whatever_that_says() {
    let book = run("good", "html").unwrap();
    let held = Regex::new(r#"<script class="recorded" type="application/json">(.*?)</script>"#);
    let mut panels = 0;
    for page in book.chapters() {
        for held in held.as_ref().unwrap().captures_iter(&page.content) {
            let report: Report = serde_json::from_str(&held[1]).unwrap();
            let folder = root("good").join("examples").join(&report.experiment);
            let recorded = Report::recorded(&folder, &report.experiment).unwrap();
            assert_eq!(report, without_what_is_not_drawn(recorded));
            assert!(!held[1].contains('<'));
            panels += 1;
        }
    }
    assert!(panels > 0);
}

/// No script draws the samples of what was swept, or of a twin.
fn without_what_is_not_drawn(mut report: Report) -> Report {
    let twins = report.twins.iter_mut().flat_map(|twin| &mut twin.measurements);
    let swept = report.measurements.iter_mut().filter(|measured| measured.at.is_some());
    twins.chain(swept).for_each(|measured| measured.samples.clear());
    report
}

#[test]
fn a_good_book_is_filled_from_its_record() {
    let book = run("good", "html").unwrap();
    // What its widgets need surrounds a page; that has tests of its own.
    let content = |page: &Chapter| {
        let text = page.content.rsplit("</style>").next().unwrap();
        text.split("\n<script>").next().unwrap().trim_start().to_owned()
    };
    let texts: Vec<_> =
        book.chapters().map(|page| format!("=== {}\n{}", page.name, content(page))).collect();
    insta::assert_snapshot!("good", lines(&texts.join("\n")));
}

#[test]
fn every_mistake_is_told_with_its_page_and_line() {
    let problems = run("wrong", "html").unwrap_err();
    insta::assert_snapshot!("wrong", problems.to_string());
    let silent: Vec<_> = load("wrong", "html")
        .1
        .chapters()
        .filter(|page| !problems.0.iter().any(|problem| problem.file.ends_with(&page.name)))
        .map(|page| page.name.clone())
        .collect();
    assert_eq!(silent, [""; 0], "pages with a mistake that nobody told");
}

#[test]
fn the_program_tells_mistakes_and_fails() {
    let output = run_program("wrong", "html");
    let problems = run("wrong", "html").unwrap_err();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), problems.to_string());
    assert_eq!(output.stdout, b"");
}

#[test]
fn the_program_answers_mdbook() {
    let output = run_program("good", "html");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let book: Book = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(book, run("good", "html").unwrap());
    let mut program = Command::new(env!("CARGO_BIN_EXE_mdbook-experiment"));
    assert!(program.args(["supports", "html"]).status().unwrap().success());
}

#[test]
fn good_snippets_pass_with_every_crate() {
    let output = run_program("snippets_good", "test");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "book snippets: 9 passed, 0 failed\n");
    assert!(output.status.success());
    // Nothing is left for mdBook to test without our crates.
    let book: Book = serde_json::from_slice(&output.stdout).unwrap();
    assert!(book.chapters().all(|page| page.content.is_empty()));
}

// One test, because two runs over one book would write their probes into one folder.
#[test]
fn a_snippet_or_a_path_that_is_wrong_fails_with_its_page_and_line() {
    let output = run_program("snippets_wrong", "test");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("book snippets: 1 passed, 7 failed\n"), "{said}");
    let problems: Vec<_> = said.lines().filter(|line| line.starts_with("book/page.md:")).collect();
    for line in [5, 12, 24, 30, 36, 42] {
        let problem = format!("book/page.md:{line}: this snippet failed its test, see above");
        assert!(problems.contains(&problem.as_str()), "{problem}\n{said}");
    }
    let code = "book/page.md:18: the compiler refuses this snippet with E0308, not with E0499";
    assert!(problems.contains(&code), "{said}");
    // What the compiler and the run said is there, at the lines of the page.
    for heard in ["one and one", "book/page.md:13", "book/page.md:19: mismatched types"] {
        assert!(said.contains(heard), "{heard}\n{said}");
    }
    assert!(!said.contains("page0"), "a name of our own in\n{said}");
    // A path of the tables that leads nowhere, at its line in their file.
    assert!(said.contains("counterparts: 3 paths found, 2 not\n"), "{said}");
    for (line, path) in [(6, "std::sync::mpsc::Sender::dispatch"), (11, "tokio::choose!")] {
        let problem = format!("book/appendix/counterparts.toml:{line}: there is no `{path}`\n");
        assert!(said.contains(&problem), "{problem}\n{said}");
    }
}
