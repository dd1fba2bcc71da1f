//! An exercise: its task, where to begin, the command that checks it, and a
//! solution folded away.

use std::path::Path;

use maud::html;

use crate::listing;
use crate::source::Source;

/// The exercise `name` of the book at `root`, as Markdown.
pub(crate) fn render(root: &Path, source: &Source, name: &str) -> Result<String, String> {
    let folder = root.join("exercises").join(name);
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !plain || !folder.is_dir() {
        return Err(format!("there is no exercise `{name}` in exercises/"));
    }
    let read = |file: &str| {
        std::fs::read_to_string(folder.join(file))
            .map_err(|error| format!("cannot read `exercises/{name}/{file}`: {error}"))
    };
    let figure = |file: &str| {
        let path = format!("exercises/{name}/{file}");
        let part = listing::excerpt(&read(file)?, None)
            .map_err(|what| format!("`{path}` {what}"))?
            .ok_or_else(|| format!("`{path}` is empty"))?;
        Ok::<_, String>(listing::figure(source, &path, &part, false))
    };
    let task = read("task.md")?;
    let (title, task) = task
        .split_once('\n')
        .and_then(|(title, task)| Some((title.strip_prefix("# ")?.trim(), task.trim())))
        .ok_or_else(|| format!("`exercises/{name}/task.md` does not begin with a title"))?;
    let head = html! { p.exercise-title id={ "exercise-" (name) "-title" } { (title) } };
    let command = html! {
        p.command { code { "$ " span.typed { "cargo exercise " (name) } } }
        p.quiet {
            "The first time, this puts the code above into "
            code { "exercises/" (name) "/answer.rs" }
            ". Change it there, and run the command again."
        }
    };
    let open = format!(
        "<section class=\"exercise\" id=\"exercise-{name}\" \
         aria-labelledby=\"exercise-{name}-title\">"
    );
    Ok(format!(
        "{open}\n{}\n\n{task}\n\n<div class=\"listing\">\n{}</div>\n{}\n\
         <details>\n<summary>A solution</summary>\n<div class=\"listing\">\n{}</div>\n</details>\n\
         </section>\n",
        head.into_string(),
        figure("starter.rs")?,
        command.into_string(),
        figure("solution.rs")?,
    ))
}
