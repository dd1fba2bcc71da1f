//! All predictions of the book, and what the reader's browser keeps of them.

use std::path::Path;

use maud::{Markup, html};

/// A prediction, as the page that lists all of them needs it.
pub(crate) struct Asked<'a> {
    /// What the browser remembers the answer by.
    pub id: &'a str,
    /// The page that asks.
    pub page: &'a Path,
    /// What the contents call that page.
    pub title: String,
    /// Which option the record makes right.
    pub answer: usize,
}

/// The list, with links from a page that is `up` away from the book's root. A
/// script adds what was answered; without one it is a list of questions.
pub(crate) fn render(asked: &[Asked], up: &str) -> Markup {
    html! {
        section.progress aria-label="Your predictions" {
            p.progress-sum aria-live="polite" {
                (asked.len()) " predictions. Your answers are kept by your browser, if it runs scripts."
            }
            ol {
                @for one in asked {
                    @let page = one.page.with_extension("html");
                    @let link = page.to_string_lossy().replace('\\', "/");
                    li data-predict={ "predict-" (one.id) } data-answer=(one.answer) {
                        a href={ (up) (link) "#predict-" (one.id) } { (one.title) }
                    }
                }
            }
        }
    }
}
