//! A page for one answer: the explorer, with the answer's own code in it.

use interleave::{Excerpt, Graph, Sources};
use serde_json::json;

/// The page of `graph`, which is a case of the exercise `name`. It needs no
/// other file, and asks no host for anything.
pub fn page(name: &str, graph: &Graph, sources: &Sources) -> String {
    let excerpts: Vec<_> = graph
        .listing
        .iter()
        .map(|&Excerpt(file, first, last)| {
            let source = &sources.files[file];
            let lines = &source.lines[first as usize - 1..last as usize];
            json!({ "file": file, "name": source.name, "first": first, "text": lines })
        })
        .collect();
    let replay = format!("cargo exercise {name} --replay {}", graph.name);
    let data =
        json!({ "experiment": name, "excerpts": excerpts, "graph": graph, "replay": replay });
    // No text in it can end the element.
    let data = data.to_string().replace('<', "\\u003c");
    let case = &graph.name;
    let title = escaped(&graph.title);
    format!(
        r#"<!DOCTYPE html>
<html lang="en" class="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}: {title}</title>
<style>
body {{ margin: 2em auto; padding: 0 1em; max-width: 100ch; font-family: system-ui, sans-serif; }}
{panel}
{explorer}
</style>
<script>
if (matchMedia("(prefers-color-scheme: dark)").matches) {{
    document.documentElement.className = "navy";
    document.documentElement.style.background = "rgb(22, 25, 35)";
}}
</script>
</head>
<body>
<section class="explore" id="{name}-{case}" aria-labelledby="title">
<p class="explore-title" id="title">{title}</p>
<p class="explore-goal">Your answer to the exercise <strong>{name}</strong>, under every schedule.</p>
<div class="explore-live" hidden></div>
<script type="application/json">{data}</script>
</section>
<script>{script}</script>
</body>
</html>
"#,
        panel = include_str!("../../mdbook-experiment/web/panel.css"),
        explorer = include_str!("../../mdbook-experiment/web/explorer.css"),
        script = include_str!("../../mdbook-experiment/web/explorer.js"),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
