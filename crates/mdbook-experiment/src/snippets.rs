//! Compiles and runs the book's Rust snippets, with every crate that they may
//! use: the dependencies of the package `snippets`.
//!
//! mdBook's own test hands each page to rustdoc, which then finds no crates.
//! We hand rustdoc a library whose modules are images of the pages, the code
//! of each snippet at its place, as documentation; so rustdoc's rules hold
//! (`should_panic`, `no_run`, hidden lines) and its messages have the page's
//! lines. What rustdoc on stable does not do is check the code of a
//! `compile_fail,E0133`; the compiler is asked for that.
//!
//! The paths of the counterparts are held to the same crates, as links of
//! documentation: rustdoc finds a method of a generic type as well as a macro,
//! where a `use` would not.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use regex::{Captures, Regex};
use serde_json::Value;

use crate::counterparts::{FILE, Named};
use crate::includes::Expanded;
use crate::page::{Page, line};
use crate::problem::Problem;

/// A block of Rust code on a page.
#[derive(Debug, PartialEq)]
pub(crate) struct Snippet {
    /// The page, from the book's root.
    file: String,
    /// The line of its fence, from 1, and for each line of code the line that
    /// it comes from.
    line: usize,
    lines: Vec<usize>,
    /// What rustdoc understands of the words after the fence, `rust` first.
    attributes: Vec<String>,
    code: String,
}

/// The Rust blocks of `page`, which is `expanded`; those that are to be
/// ignored are.
pub(crate) fn find(page: &Page, expanded: &Expanded) -> Vec<Snippet> {
    let mut found: Vec<Snippet> = Vec::new();
    let mut inside = false;
    let from = |line: usize| expanded.lines.get(line - 1).copied().unwrap_or(line);
    let events = new_cmark_parser(&expanded.text, &MarkdownOptions::default());
    for (event, range) in events.into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let Some(attributes) = attributes(&info) else { continue };
                inside = true;
                let fence = line(&expanded.text, range.start);
                let lines = expanded.text[range].lines().count().saturating_sub(2);
                found.push(Snippet {
                    file: page.file.clone(),
                    line: from(fence),
                    lines: (1..=lines).map(|line| from(fence + line)).collect(),
                    attributes,
                    code: String::new(),
                });
            }
            Event::Text(text) if inside => {
                if let Some(snippet) = found.last_mut() {
                    snippet.code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            _ => {}
        }
    }
    found
}

/// The words after a fence, if they ask for a test.
fn attributes(info: &str) -> Option<Vec<String>> {
    let words: Vec<&str> =
        info.split([',', ' ', '\t']).map(str::trim).filter(|word| !word.is_empty()).collect();
    let rust = words.first() == Some(&"rust");
    if !rust || words.iter().any(|word| word.starts_with("ignore") || *word == "text") {
        return None;
    }
    let known = |word: &&&str| {
        matches!(**word, "should_panic" | "no_run" | "compile_fail" | "standalone_crate")
            || word.starts_with("edition20")
            || error_code(word)
    };
    let known = words.iter().filter(known).map(|word| (*word).to_owned());
    Some(["rust".to_owned()].into_iter().chain(known).collect())
}

fn error_code(word: &str) -> bool {
    word.len() == 5
        && word.starts_with('E')
        && word.chars().skip(1).all(|digit| digit.is_ascii_digit())
}

impl Snippet {
    fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|word| word == attribute)
    }

    /// Error codes that it must be refused with.
    fn codes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(String::as_str).filter(|word| error_code(word))
    }

    fn edition(&self) -> &str {
        let edition = self.attributes.iter().find_map(|word| word.strip_prefix("edition"));
        edition.unwrap_or("2024")
    }

    /// The line of the page on which `line` of the code is, both from 1.
    fn line_of(&self, line: usize) -> usize {
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.line)
    }

    /// Its code as the compiler sees it: hidden lines shown, a `main` around
    /// it if it has none, attributes of the crate first. On each line as much
    /// as before, so that lines keep their numbers.
    fn program(&self) -> String {
        static MAIN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?m)^\s*(async\s+)?fn\s+main\s*\(").expect("an expression")
        });
        let mut attributes = String::new();
        let mut body = String::new();
        for line in self.code.lines() {
            let bare = line.trim_start();
            let line = match bare.strip_prefix("# ") {
                Some(hidden) => hidden,
                None if bare == "#" => "",
                None => {
                    bare.strip_prefix('#').filter(|rest| rest.starts_with("##")).unwrap_or(line)
                }
            };
            if line.trim_start().starts_with("#![") {
                attributes.push_str(line.trim());
                body.push('\n');
            } else {
                body.push_str(line);
                body.push('\n');
            }
        }
        if MAIN.is_match(&body) {
            format!("{attributes}{body}")
        } else {
            format!("{attributes}fn main() {{ {body}\n}}\n")
        }
    }
}

/// Tests `snippets`, and that there is each of `paths`; says on standard error
/// how many passed. What failed is printed there as well, and returned; an
/// error means that nothing was tested.
pub(crate) fn test(root: &Path, snippets: &[Snippet], paths: &[Named]) -> Result<Vec<Problem>> {
    if snippets.is_empty() && paths.is_empty() {
        return Ok(Vec::new());
    }
    let crates = Crates::build(root)?;
    let folder = root.file_name().map_or(PathBuf::new(), PathBuf::from);
    let folder = crates.target.join("snippets").join(folder);
    let mut problems = Vec::new();
    if !snippets.is_empty() {
        problems.extend(run_all(root, &folder, &crates, snippets)?);
    }
    if !paths.is_empty() {
        problems.extend(missing(&folder, &crates, paths)?);
    }
    Ok(problems)
}

/// Runs `snippets`.
fn run_all(
    root: &Path,
    folder: &Path,
    crates: &Crates,
    snippets: &[Snippet],
) -> Result<Vec<Problem>> {
    let mut problems = document(root, folder, crates, snippets)?;
    for snippet in snippets.iter().filter(|snippet| snippet.has("compile_fail")) {
        // Rustdoc has said so if it compiled; with which errors it did not is asked here.
        let place = |problem: &Problem| (problem.file.clone(), problem.line);
        let failed: BTreeSet<_> = problems.iter().map(place).collect();
        if failed.contains(&(snippet.file.clone(), snippet.line)) {
            continue;
        }
        if let Some(message) = wrong_code(folder, crates, snippet)? {
            problems.push(Problem { file: snippet.file.clone(), line: snippet.line, message });
        }
    }
    let failed = problems.len();
    eprintln!("book snippets: {} passed, {failed} failed", snippets.len() - failed);
    Ok(problems)
}

/// Runs rustdoc over images of the pages in `folder`.
fn document(
    root: &Path,
    folder: &Path,
    crates: &Crates,
    snippets: &[Snippet],
) -> Result<Vec<Problem>> {
    let mut library = String::from("#![allow(unused)]\n");
    let mut images: Vec<(PathBuf, Vec<&Snippet>)> = Vec::new();
    for (number, page) in snippets.chunk_by(|a, b| a.file == b.file).enumerate() {
        let image = folder.join(format!("page{number}.rs"));
        let lines = image_of(page);
        write(&image, &lines)?;
        writeln!(library, "mod page{number};")?;
        images.push((image, page.iter().collect()));
    }
    let library_file = folder.join("lib.rs");
    write(&library_file, &library)?;

    let mut rustdoc = Command::new(tool("RUSTDOC", "rustdoc"));
    rustdoc.current_dir(root).args(["--test", "--edition", "2024", "--crate-name", "snippets"]);
    rustdoc.args(crates.arguments()).arg(&library_file);
    // A backtrace tells of our wrapping; the message has page and line.
    rustdoc.env("RUST_BACKTRACE", "0");
    let output = run(&mut rustdoc)?;
    let report = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let names = Names::new(&images);
    let failed = names.failed(&report);
    if failed.is_empty() {
        let ran = names.ran(&report);
        if !output.status.success() || ran != snippets.len() {
            bail!(
                "rustdoc tested {ran} of {} snippets: {}\n{report}",
                snippets.len(),
                output.status
            );
        }
    } else {
        eprintln!("{}", names.translate(&report).trim());
    }
    Ok(failed
        .into_iter()
        .map(|(file, line)| Problem {
            file,
            line,
            message: "this snippet failed its test, see above".to_owned(),
        })
        .collect())
}

/// Those of `paths` that lead to nothing.
fn missing(folder: &Path, crates: &Crates, paths: &[Named]) -> Result<Vec<Problem>> {
    // Elsewhere nix has less or is not there, nor is what is Unix's of std and tokio.
    let here = |path: &&Named| {
        cfg!(target_os = "linux")
            || !(path.path.starts_with("nix::") || path.path.contains("::unix::"))
    };
    let paths: Vec<_> = paths.iter().filter(here).collect();
    // One line each, behind the line that makes a dead link an error.
    let mut library = String::from("#![deny(rustdoc::broken_intra_doc_links)]\n");
    for Named { path, .. } in &paths {
        let bare = path.trim_start_matches("#[").trim_end_matches(['!', ']']);
        let item = bare.rsplit("::").next().unwrap_or(bare);
        let kind = match path.ends_with(['!', ']']) {
            true => "macro@",
            false if item.starts_with(char::is_lowercase) => "fn@",
            false => "",
        };
        writeln!(library, "//! [{kind}{bare}]")?;
    }
    let file = folder.join("paths.rs");
    write(&file, &library)?;
    let mut rustdoc = Command::new(tool("RUSTDOC", "rustdoc"));
    rustdoc.args(["--edition", "2024", "--crate-name", "paths", "--error-format", "json"]);
    rustdoc.arg("--out-dir").arg(folder.join("paths")).args(crates.arguments()).arg(&file);
    let output = run(&mut rustdoc)?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let dead: BTreeSet<u64> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["spans"][0]["line_start"].as_u64())
        .collect();
    if !output.status.success() && dead.is_empty() {
        bail!("rustdoc could not look for the counterparts: {}\n{messages}", output.status);
    }
    let problems: Vec<_> = dead
        .into_iter()
        .filter_map(|line| paths.get(usize::try_from(line).ok()?.checked_sub(2)?))
        .map(|Named { line, path }| Problem {
            file: FILE.to_owned(),
            line: *line,
            message: format!("there is no `{path}`"),
        })
        .collect();
    let (all, dead) = (paths.len(), problems.len());
    eprintln!("counterparts: {} paths found, {dead} not", all - dead);
    Ok(problems)
}

/// A module with each snippet of a page at its lines, as far as includes allow.
fn image_of(page: &[Snippet]) -> String {
    let mut image = String::new();
    for snippet in page {
        let here = image.lines().count() + 1;
        image.push_str(&"//!\n".repeat(snippet.line.saturating_sub(here)));
        let longest = snippet.code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(3.max(longest + 1));
        let attributes = snippet.attributes.join(",");
        let _ = writeln!(image, "//! {fence}{attributes}");
        for line in snippet.code.lines() {
            let _ = writeln!(image, "//! {line}");
        }
        let _ = writeln!(image, "//! {fence}");
    }
    image
}

/// The lines of images, and of the pages that they are images of.
struct Names {
    /// For each image its name as rustdoc writes it, its page, and for each
    /// of its lines the page's line.
    images: Vec<(String, String, Vec<usize>)>,
}

static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<path>[^\s:]*page(?P<image>\d+)\.rs)(?: - page\d+ \(line |:)(?P<line>\d+)\)?")
        .expect("a regular expression")
});
static RESULT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^test (?P<name>.*?)(?: - (?:should panic|compile fail|compile))* \.\.\. (?P<result>\w+)")
        .expect("a regular expression")
});

impl Names {
    fn new(images: &[(PathBuf, Vec<&Snippet>)]) -> Names {
        let images = images.iter().map(|(path, snippets)| {
            let mut lines: Vec<usize> = Vec::new();
            for snippet in snippets {
                let blank = snippet.line.saturating_sub(lines.len() + 1);
                lines.extend(lines.len() + 1..=lines.len() + blank);
                lines.push(snippet.line);
                let code = (1..=snippet.code.lines().count()).map(|line| snippet.line_of(line));
                lines.extend(code);
                lines.push(snippet.line);
            }
            (path.display().to_string(), snippets[0].file.clone(), lines)
        });
        Names { images: images.collect() }
    }

    fn place(&self, captures: &Captures) -> Option<(String, usize)> {
        let (_, file, lines) = self.images.get(captures["image"].parse::<usize>().ok()?)?;
        let line: usize = captures["line"].parse().ok()?;
        Some((file.clone(), lines.get(line.checked_sub(1)?).copied().unwrap_or(line)))
    }

    /// `text` with places on pages instead of places in images.
    fn translate(&self, text: &str) -> String {
        let replaced = PLACE.replace_all(text, |captures: &Captures| match self.place(captures) {
            Some((file, line)) => format!("{file}:{line}"),
            None => captures[0].to_owned(),
        });
        replaced.into_owned()
    }

    /// How many tests were run.
    fn ran(&self, report: &str) -> usize {
        RESULT.captures_iter(report).filter(|result| PLACE.is_match(&result["name"])).count()
    }

    /// Pages and lines of the snippets that failed.
    fn failed(&self, report: &str) -> Vec<(String, usize)> {
        RESULT
            .captures_iter(report)
            .filter(|result| &result["result"] == "FAILED")
            .filter_map(|result| self.place(&PLACE.captures(&result["name"])?))
            .collect()
    }
}

/// What is wrong with the errors that the compiler refuses `snippet` with.
fn wrong_code(folder: &Path, crates: &Crates, snippet: &Snippet) -> Result<Option<String>> {
    if snippet.codes().next().is_none() {
        return Ok(None);
    }
    let file = folder.join("refused.rs");
    write(&file, &snippet.program())?;
    let mut rustc = Command::new(tool("RUSTC", "rustc"));
    rustc.args(["--crate-type", "bin", "--emit", "metadata", "--error-format", "json"]);
    rustc.args(["--edition", snippet.edition(), "--out-dir"]).arg(folder);
    rustc.args(crates.arguments()).arg(&file);
    let output = run(&mut rustc)?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<Value> = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        // The last one has no place: it counts the others.
        .filter(|message: &Value| message["level"] == "error" && !message["spans"][0].is_null())
        .collect();
    let found: BTreeSet<&str> =
        errors.iter().filter_map(|error| error["code"]["code"].as_str()).collect();
    let missing: Vec<&str> = snippet.codes().filter(|code| !found.contains(code)).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    for error in &errors {
        let line = error["spans"][0]["line_start"].as_u64().unwrap_or(0) as usize;
        let text = error["message"].as_str().unwrap_or_default();
        eprintln!("{}:{}: {text}", snippet.file, snippet.line_of(line));
    }
    let found = if found.is_empty() { "no code".to_owned() } else { join(found) };
    Ok(Some(format!("the compiler refuses this snippet with {found}, not with {}", join(missing))))
}

fn join<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
    codes.into_iter().collect::<Vec<_>>().join(", ")
}

/// What Cargo built for the snippets to use.
struct Crates {
    /// The target folder.
    target: PathBuf,
    /// Name and file of each crate that a snippet may name.
    named: Vec<(String, PathBuf)>,
    /// Folders with what those depend on.
    folders: BTreeSet<PathBuf>,
}

impl Crates {
    /// Builds the package `snippets` of the workspace that `root` is in. Which
    /// file is which crate is Cargo's to say: a target folder can hold several
    /// of one name.
    fn build(root: &Path) -> Result<Crates> {
        let cargo = || {
            let mut cargo = Command::new(tool("CARGO", "cargo"));
            cargo.current_dir(root);
            cargo
        };
        let output = run(cargo().args(["metadata", "--format-version", "1"]))?;
        if !output.status.success() {
            bail!("cannot list the book's crates: {}", String::from_utf8_lossy(&output.stderr));
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let target = PathBuf::from(metadata["target_directory"].as_str().unwrap_or("target"));
        let dependencies = dependencies(&metadata).context("there is no package `snippets`")?;

        let build = ["build", "--quiet", "--package", "snippets", "--message-format"];
        let mut build_command = cargo();
        build_command.args(build).arg("json-render-diagnostics");
        let output = run(&mut build_command)?;
        if !output.status.success() {
            bail!(
                "cannot build the crates that snippets use: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let mut crates = Crates { target, named: Vec::new(), folders: BTreeSet::new() };
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            let file = message["filenames"].as_array().into_iter().flatten().find_map(|file| {
                let path = Path::new(file.as_str()?);
                let linked = ["rlib", "so", "dylib", "dll"];
                let extension = path.extension()?.to_str()?;
                linked.contains(&extension).then(|| path.to_owned())
            });
            let (Some(file), Some(package)) = (file, message["package_id"].as_str()) else {
                continue;
            };
            if let Some(folder) = file.parent() {
                crates.folders.insert(folder.to_owned());
                // A crate of the workspace lies above what it depends on.
                crates.folders.insert(folder.join("deps"));
            }
            for (name, _) in dependencies.iter().filter(|(_, id)| id == package) {
                crates.named.push((name.clone(), file.clone()));
            }
        }
        for (name, _) in &dependencies {
            if !crates.named.iter().any(|(named, _)| named == name) {
                bail!("cargo built no library for `{name}`, which the package snippets names");
            }
        }
        Ok(crates)
    }

    fn arguments(&self) -> Vec<String> {
        let named = self
            .named
            .iter()
            .flat_map(|(name, file)| ["--extern".to_owned(), format!("{name}={}", file.display())]);
        let folders = self
            .folders
            .iter()
            .flat_map(|folder| ["-L".to_owned(), format!("dependency={}", folder.display())]);
        named.chain(folders).collect()
    }
}

/// Names and package identifiers of what `snippets` depends on here.
fn dependencies(metadata: &Value) -> Option<Vec<(String, String)>> {
    let packages = metadata["packages"].as_array()?;
    let snippets = packages.iter().find(|package| package["name"] == "snippets")?;
    let nodes = metadata["resolve"]["nodes"].as_array()?;
    let node = nodes.iter().find(|node| node["id"] == snippets["id"])?;
    let host = |dependency: &&Value| {
        // On another system, a crate for one system alone is not built.
        cfg!(unix)
            || dependency["dep_kinds"]
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| kind["target"].is_null()))
    };
    let name = |dependency: &Value| {
        Some((dependency["name"].as_str()?.to_owned(), dependency["pkg"].as_str()?.to_owned()))
    };
    node["deps"].as_array()?.iter().filter(host).map(name).collect()
}

/// The tool that Cargo named when it started us, or the one of the path.
fn tool(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from)
}

fn run(command: &mut Command) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().with_context(|| format!("cannot run `{program}`"))
}

fn write(path: &Path, text: &str) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(code: &str) -> Snippet {
        Snippet {
            file: "book/page.md".to_owned(),
            line: 7,
            lines: (8..8 + code.lines().count()).collect(),
            attributes: vec!["rust".to_owned()],
            code: code.to_owned(),
        }
    }

    #[test]
    fn the_words_after_a_fence_decide() {
        let words = |info| attributes(info).map(|words| words.join(" "));
        assert_eq!(words("rust").as_deref(), Some("rust"));
        assert_eq!(words("rust,editable, no_run").as_deref(), Some("rust no_run"));
        assert_eq!(
            words("rust,compile_fail,E0133,edition2021").as_deref(),
            Some("rust compile_fail E0133 edition2021")
        );
        for ignored in ["", "text", "python", "rust,ignore", "rust,ignore-windows", "rust text"] {
            assert_eq!(words(ignored), None, "{ignored}");
        }
    }

    #[test]
    fn a_program_keeps_its_lines() {
        let program = snippet("#![allow(unused)]\n# use std::fs;\nlet a = 1;\n").program();
        assert_eq!(program, "#![allow(unused)]fn main() { \nuse std::fs;\nlet a = 1;\n\n}\n");
        let program = snippet("# fn main() {\n##[test]\n# }\n").program();
        assert!(program.starts_with("fn main() {\n"), "{program}");
    }

    #[test]
    fn an_image_has_a_snippet_where_its_page_has_it() {
        let image = image_of(&[snippet("let a = 1;\n")]);
        assert_eq!(image.lines().nth(6), Some("//! ```rust"));
        assert_eq!(image.lines().nth(7), Some("//! let a = 1;"));
    }

    #[test]
    fn places_in_images_become_places_on_pages() {
        let snippet = snippet("let a = 1;\n");
        let names = Names::new(&[(PathBuf::from("target/snippets/x/page0.rs"), vec![&snippet])]);
        let report = "test target/snippets/x/page0.rs - page0 (line 7) - compile fail ... FAILED\n\
                      --> target/snippets/x/page0.rs:8:5";
        assert_eq!(names.failed(report), [("book/page.md".to_owned(), 7)]);
        assert_eq!(names.ran(report), 1);
        assert!(names.translate(report).contains("--> book/page.md:8:5"));
        assert!(names.translate(report).starts_with("test book/page.md:7 - compile fail"));
    }
}
