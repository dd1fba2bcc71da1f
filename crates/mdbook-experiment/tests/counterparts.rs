//! Python's names in the counterparts, by Python's own word.
//!
//! Looks in `python3`, in each `python3.N` of the path, and in those that
//! `PYTHONS` names, as `scripts/record` does. Rust's paths are looked for by
//! `mdbook test`.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

// On Windows asyncio has other loops, and no sockets with a path.
#[cfg(unix)]
#[test]
fn every_name_of_python_exists_and_every_public_one_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("book/appendix/counterparts.toml")).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let modules: Vec<Value> = table["module"].as_array().unwrap().iter().map(names).collect();
    let input = serde_json::to_string(&modules).unwrap();

    let mut pythons: BTreeSet<String> = (8..20).map(|minor| format!("python3.{minor}")).collect();
    pythons.insert("python3".to_owned());
    pythons
        .extend(std::env::var("PYTHONS").iter().flat_map(|some| some.split(',')).map(Into::into));
    let mut asked = 0;
    for python in &pythons {
        let Some(said) = ask(python, &input) else { continue };
        assert_eq!(said, "", "{python}");
        asked += 1;
    }
    assert!(asked > 0, "no interpreter to ask");
}

/// The module, its names with their versions, and what it has that no table lists.
fn names(module: &toml::Value) -> Value {
    let entries = module["entry"].as_array().unwrap();
    let names: Vec<Value> = entries
        .iter()
        .flat_map(|entry| {
            let version = |key| entry.get(key).and_then(toml::Value::as_str);
            let (since, until) = (version("since"), version("until"));
            let names = entry["python"].as_array().unwrap();
            names.iter().map(move |name| json!([name.as_str().unwrap(), since, until]))
        })
        .collect();
    let unlisted = module.get("unlisted").and_then(toml::Value::as_array);
    let unlisted: Vec<_> = unlisted.into_iter().flatten().filter_map(toml::Value::as_str).collect();
    json!([module["name"].as_str().unwrap(), names, unlisted])
}

/// What `python` has to object; nothing if there is no such interpreter, or
/// only a stand-in that finds none.
fn ask(python: &str, input: &str) -> Option<String> {
    let works = Command::new(python).arg("--version").output();
    match works {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => panic!("cannot run `{python}`: {error}"),
        Ok(output) if !output.status.success() => return None,
        Ok(_) => {}
    }
    let mut child = Command::new(python)
        .args(["-W", "ignore", "-c", include_str!("names.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "`{python}` failed");
    Some(String::from_utf8(output.stdout).unwrap())
}
