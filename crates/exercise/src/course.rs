//! The exercises in the order of the book, and where each stands.

use std::fs;
use std::path::{Path, PathBuf};

/// All exercises.
#[derive(Debug)]
pub struct Course {
    root: PathBuf,
    /// In the order of the book.
    pub exercises: Vec<Exercise>,
}

/// One exercise, as its folder and the book tell it.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Its folder's name.
    pub name: String,
    /// The first line of its task.
    pub title: String,
    /// What is asked, in Markdown.
    pub task: String,
    /// The page that has it and what the contents call that; none has it yet
    /// while a chapter is being written.
    pub chapter: Option<(String, String)>,
    /// Whether it is run under every schedule, or else for real.
    pub explored: bool,
}

impl Course {
    /// Reads `exercises/` and `book/` of `root`.
    ///
    /// # Errors
    /// The first file that cannot be read, or a task without a title.
    pub fn read(root: &Path) -> Result<Course, String> {
        let folder = root.join("exercises");
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("cannot read exercises/: {error}"))?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_dir())
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect();
        names.sort();
        let mut course = Course { root: root.to_owned(), exercises: Vec::new() };
        for name in names {
            let read = |file: &str| {
                fs::read_to_string(folder.join(&name).join(file))
                    .map_err(|error| format!("cannot read `exercises/{name}/{file}`: {error}"))
            };
            let task = read("task.md")?;
            let (title, task) = task
                .split_once('\n')
                .and_then(|(title, task)| Some((title.strip_prefix("# ")?, task.trim())))
                .ok_or_else(|| format!("`exercises/{name}/task.md` has no title"))?;
            let (title, task) = (title.trim().to_owned(), task.to_owned());
            let explored = read("check.rs")?.contains("Case::Explored");
            course.exercises.push(Exercise { name, title, task, chapter: None, explored });
        }
        course.find_chapters()?;
        Ok(course)
    }

    fn find_chapters(&mut self) -> Result<(), String> {
        let read = |file: &str| {
            fs::read_to_string(self.root.join("book").join(file))
                .map_err(|error| format!("cannot read `book/{file}`: {error}"))
        };
        let mut ordered = Vec::new();
        for line in read("SUMMARY.md")?.lines() {
            let link = line.trim().trim_start_matches("- ").strip_prefix('[');
            let Some((title, file)) = link.and_then(|link| link.split_once("](")) else { continue };
            let file = file.trim_end_matches(')');
            let text = read(file)?;
            let directives = text.lines().filter_map(|line| line.strip_prefix("{{#exercise "));
            for name in directives.filter_map(|rest| rest.strip_suffix("}}")) {
                let known = self.exercises.iter().position(|exercise| exercise.name == name.trim());
                if let Some(known) = known {
                    let mut exercise = self.exercises.remove(known);
                    exercise.chapter = Some((format!("book/{file}"), title.to_owned()));
                    ordered.push(exercise);
                }
            }
        }
        ordered.append(&mut self.exercises);
        self.exercises = ordered;
        Ok(())
    }
}
