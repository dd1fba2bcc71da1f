//! What a page says of itself: its title, and its question or first sentence.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use mdbook_driver::MDBook;
use mdbook_driver::book::Chapter;
use mdbook_experiment::{Problem, Problems};
use mdbook_markdown::pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use taking_turns::report::Report;

/// Search engines cut longer descriptions.
const LONGEST: usize = 200;

/// A page, as search engines and previews show it.
#[derive(Debug)]
pub(crate) struct About {
    /// Its heading.
    pub title: String,
    /// Its question, or its first sentence.
    pub sentence: String,
    /// The record of the experiment that bears the page's name.
    pub report: Option<Report>,
    /// The first page stands at the root of the site, too.
    pub is_first: bool,
    /// From the site's root, without an extension: `races/race_condition`.
    path: String,
}

impl About {
    /// The files of the site that hold the page.
    pub fn files(&self) -> Vec<String> {
        let own = format!("{}.html", self.path);
        if self.is_first { vec![own, "index.html".to_owned()] } else { vec![own] }
    }

    /// Its place below the address of the site.
    pub fn place(&self) -> String {
        if self.is_first { String::new() } else { format!("{}.html", self.path) }
    }

    /// The file of its picture.
    pub fn picture(&self) -> String {
        format!("shared/{}.png", self.path)
    }
}

/// All pages of `book`; fails with [`Problems`] where one does not say what it is about, or says
/// what another says.
pub(crate) fn all(root: &Path, book: &MDBook) -> Result<Vec<About>> {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for chapter in book.book.chapters() {
        let (Some(path), Some(source)) = (&chapter.path, &chapter.source_path) else { continue };
        let file = book.config.book.src.join(source).to_string_lossy().replace('\\', "/");
        let mut complain =
            |message: String| problems.push(Problem { file: file.clone(), line: 1, message });
        let (title, sentence) = match introduce(chapter) {
            Ok(introduced) => introduced,
            Err(message) => {
                complain(message);
                continue;
            }
        };
        for words in [&title, &sentence] {
            if let Some(other) = said.insert(words.clone(), file.clone()) {
                complain(format!("`{words}` is what {other} says of itself"));
            }
        }
        let path = path.with_extension("").to_string_lossy().replace('\\', "/");
        let report = record(root, &path)?;
        pages.push(About { title, sentence, report, is_first: pages.is_empty(), path });
    }
    if problems.is_empty() { Ok(pages) } else { Err(Problems(problems).into()) }
}

/// A chapter bears the name of its experiment.
fn record(root: &Path, path: &str) -> Result<Option<Report>> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = root.join("examples").join(name);
    if !folder.join("recorded.json").is_file() {
        return Ok(None);
    }
    Report::recorded(&folder, name).map(Some)
}

/// The title of a chapter, and the question in italics under it or else its first sentence.
fn introduce(chapter: &Chapter) -> Result<(String, String), String> {
    let mut events = Parser::new(&chapter.content);
    let heading = Event::Start(Tag::Heading {
        level: HeadingLevel::H1,
        id: None,
        classes: Vec::new(),
        attrs: Vec::new(),
    });
    if events.next() != Some(heading) {
        return Err("a page begins with its title".to_owned());
    }
    let title = words(events.by_ref().take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_)))));
    let paragraph = events
        .skip_while(|event| *event != Event::Start(Tag::Paragraph))
        .take_while(|event| *event != Event::End(TagEnd::Paragraph));
    let paragraph = words(paragraph);
    let end = [". ", "? ", "! "].iter().filter_map(|end| paragraph.find(end)).min();
    let sentence = end.map_or(paragraph.as_str(), |end| &paragraph[..=end]).to_owned();
    if sentence.is_empty() {
        return Err("a page has a question or a sentence under its title".to_owned());
    }
    if sentence.contains("{{") {
        return Err("the first sentence is shown where no number can be filled in".to_owned());
    }
    if sentence.chars().count() > LONGEST {
        return Err(format!("the first sentence is longer than {LONGEST} characters"));
    }
    Ok((title, sentence))
}

fn words<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    events
        .map(|event| match event {
            Event::Text(text) | Event::Code(text) => text.into_string(),
            Event::SoftBreak | Event::HardBreak => " ".to_owned(),
            _ => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn introduced(text: &str) -> Result<(String, String), String> {
        introduce(&Chapter::new("A", text.to_owned(), "a.md", Vec::new()))
    }

    fn ok(title: &str, sentence: &str) -> Result<(String, String), String> {
        Ok((title.to_owned(), sentence.to_owned()))
    }

    #[test]
    fn a_page_is_introduced_by_its_question_or_its_first_sentence() {
        assert_eq!(
            introduced("# The `loop`\n\n*What is it?*\n\nA."),
            ok("The loop", "What is it?")
        );
        assert_eq!(introduced("# A\n\nOne [two](b.md)\nthree. Four."), ok("A", "One two three."));
        assert_eq!(introduced("# A\n\nCPython 3.15 has it. So."), ok("A", "CPython 3.15 has it."));
    }

    #[test]
    fn a_page_that_says_nothing_of_itself_is_a_problem() {
        let wrong = ["", "Text.", "## A\n\nB.", "# A", "# A\n\nIt takes {{#value a b}}."];
        for text in wrong {
            assert!(introduced(text).is_err(), "{text}");
        }
        assert!(introduced(&format!("# A\n\n{}", "long ".repeat(50))).is_err());
    }
}
