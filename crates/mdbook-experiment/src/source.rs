//! Where readers find a file of the repository, once that has a public address.

use mdbook_preprocessor::config::Config;

use crate::problem::Problem;

/// The setting: an address with `{path}` in it, in the manner of mdBook's
/// `edit-url-template`.
const SETTING: &str = "source-url-template";
const PATH: &str = "{path}";

/// The public address of the source, if it has one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Source(Option<String>);

impl Source {
    /// What `book.toml` says.
    pub fn read(config: &Config) -> Result<Source, Problem> {
        let problem = |message| Problem { file: "book.toml".to_owned(), line: 1, message };
        let template = config
            .get::<String>(&format!("preprocessor.experiment.{SETTING}"))
            .map_err(|error| problem(format!("cannot read `{SETTING}`: {error:#}")))?;
        match template {
            Some(template) if !template.contains(PATH) => {
                Err(problem(format!("`{SETTING}` is `{template}`, which has no `{PATH}`")))
            }
            template => Ok(Source(template)),
        }
    }

    /// The address of the file at `path`, at `line` of it.
    pub fn link(&self, path: &str, line: Option<usize>) -> Option<String> {
        let address = self.0.as_ref()?.replace(PATH, path);
        Some(match line {
            Some(line) => format!("{address}#L{line}"),
            None => address,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(setting: &str) -> Result<Source, String> {
        let config: Config = format!("[preprocessor.experiment]\n{setting}").parse().unwrap();
        Source::read(&config).map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_file_has_an_address_where_the_repository_has_one() {
        let public =
            source("source-url-template = \"https://example.org/blob/main/{path}\"").unwrap();
        let link = public.link("examples/ipc/bell.rs", Some(7)).unwrap();
        assert_eq!(link, "https://example.org/blob/main/examples/ipc/bell.rs#L7");
        let whole = public.link("exercises/turns/starter.rs", None).unwrap();
        assert_eq!(whole, "https://example.org/blob/main/exercises/turns/starter.rs");
        assert_eq!(source("").unwrap().link("examples/ipc/bell.rs", None), None);
    }

    #[test]
    fn an_address_without_a_place_for_the_path_is_refused() {
        assert_eq!(
            source("source-url-template = \"https://example.org\"").unwrap_err(),
            "book.toml:1: `source-url-template` is `https://example.org`, which has no `{path}`"
        );
        let error = source("source-url-template = 7").unwrap_err();
        assert!(error.starts_with("book.toml:1: cannot read `source-url-template`: "), "{error}");
    }
}
