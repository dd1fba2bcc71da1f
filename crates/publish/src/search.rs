//! The index of the search, without what nobody types.
//!
//! To mdBook a word is whatever stands between blanks, so that a page's code fills the index with
//! words such as `counter.load(relaxed`, a node for each letter. Here such a word ends before its
//! first bracket or operator. What a reader types is found as before, for the search finds a word by
//! its beginning, and theme/book.js looks for the parts of what is typed.

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// What mdBook writes round the index.
const BEFORE: &str = "window.search = Object.assign(window.search, JSON.parse('";
const AFTER: &str = "'));";

/// `script`, the index as mdBook wrote it, with the same words, shorter.
pub(crate) fn shorten(script: &str) -> Result<String> {
    let text = script
        .strip_prefix(BEFORE)
        .and_then(|rest| rest.strip_suffix(AFTER))
        .context("this is not how mdBook writes the index of the search")?;
    let text = text.replace("\\'", "'").replace("\\\\", "\\");
    let mut index: Value = serde_json::from_str(&text)?;
    let fields = index["index"]["index"].as_object_mut().context("the index has no fields")?;
    for field in fields.values_mut() {
        cut(field["root"].as_object_mut().context("a field has no words")?);
    }
    let text = index.to_string().replace('\\', "\\\\").replace('\'', "\\'");
    Ok(format!("{BEFORE}{text}{AFTER}"))
}

/// Whatever follows one of these in a word is code.
const ENDS: &str = "(){}[]<>;=,|+*&\"\\";

/// A word's beginning: in `docs` where it stands as a whole word, and how often (`tf`), how many
/// places that are (`df`), and under each letter with which it goes on, the longer one.
type Node = Map<String, Value>;

/// Ends the words below `node` before the first of `ENDS`.
fn cut(node: &mut Node) {
    let letters: Vec<String> =
        node.keys().filter(|key| key.chars().count() == 1).cloned().collect();
    for letter in letters {
        if ENDS.contains(&letter) {
            let below = node.remove(&letter).unwrap_or_default();
            let places = places_of(below);
            if let Some(docs) = node["docs"].as_object_mut() {
                docs.extend(places);
            }
        } else if let Some(below) = node[&letter].as_object_mut() {
            cut(below);
        }
    }
    if let Some(docs) = node["docs"].as_object_mut() {
        docs.values_mut().for_each(round);
        node["df"] = docs.len().into();
    }
}

/// Where the words stand that begin so.
fn places_of(node: Value) -> Node {
    let Value::Object(node) = node else { return Node::new() };
    let mut places = Node::new();
    for (key, value) in node {
        match (&*key, value) {
            ("docs", Value::Object(docs)) => places.extend(docs),
            ("df", _) => {}
            (_, below) => places.extend(places_of(below)),
        }
    }
    places
}

/// A root of a count, of which two digits put pages in the same order as sixteen.
fn round(place: &mut Value) {
    if let Some(root) = place["tf"].as_f64() {
        place["tf"] = ((root * 100.0).round() / 100.0).into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_word_ends_before_its_first_bracket_and_stands_where_it_stood() {
        let stands = |docs: Value| json!({ "df": docs.as_object().unwrap().len(), "docs": docs });
        let mut long = stands(json!({ "1": { "tf": 1.0 } }));
        long["("] = stands(json!({ "2": { "tf": 1.4142135623730951 } }));
        long["("]["x"] = stands(json!({ "3": { "tf": 1.0 } }));
        let mut root = stands(json!({}));
        root["f"] = long;
        let index =
            json!({ "index": { "index": { "body": { "root": root } } }, "text": "it's \\ \"" });

        let text = index.to_string().replace('\\', "\\\\").replace('\'', "\\'");
        let short = shorten(&format!("{BEFORE}{text}{AFTER}")).unwrap();

        let short = &short[BEFORE.len()..short.len() - AFTER.len()];
        let short: Value =
            serde_json::from_str(&short.replace("\\'", "'").replace("\\\\", "\\")).unwrap();
        let places = json!({ "1": { "tf": 1.0 }, "2": { "tf": 1.41 }, "3": { "tf": 1.0 } });
        assert_eq!(short["index"]["index"]["body"]["root"]["f"], stands(places));
        assert_eq!(short["text"], index["text"]);
    }

    #[test]
    fn what_is_no_index_is_said() {
        assert!(shorten("window.search = {}").unwrap_err().to_string().contains("no"));
    }
}
