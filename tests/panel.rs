//! The panel in the page: its scripts draw what Rust draws, refuse what Rust refuses, and a reader
//! sets a run of their own beside the recorded one.

mod chromium;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;
use jsonschema::Validator;
use serde_json::{Value, json};
use taking_turns::quantity::Unit;
use taking_turns::report::{Chart, Report, Scale};
use thirtyfour::By;

const PAGE: &str = "races/race_condition.html";
const NAME: &str = "race_condition";

const UNITS: [(Unit, &str); 6] = [
    (Unit::Seconds, "s"),
    (Unit::Bytes, "B"),
    (Unit::Count, "count"),
    (Unit::Ratio, "ratio"),
    (Unit::Share, "share"),
    (Unit::PerSecond, "1/s"),
];

/// Loads a page with a panel and what draws reports in it.
async fn open(browser: &Browser, page: &str) -> Result<()> {
    browser.goto(page).await?;
    let script = r#"
        const [done] = arguments;
        const details = document.querySelector(".own-run");
        const look = () => {
            if (!details.querySelector(".give")) return;
            observer.disconnect();
            done();
        };
        const observer = new MutationObserver(look);
        observer.observe(details, { childList: true });
        details.open = true;
        look();
    "#;
    browser.execute_async(script, []).await.context("opening “your own run”")?;
    Ok(())
}

/// What Rust has written into the page and what the script makes of the same record, where they
/// differ. The page is asked for anew, as no script has changed it.
const REDRAWN: &str = r#"
    const done = arguments[0];
    const shape = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return /^\s*\n\s*$/.test(node.data) ? "" : node.data;
        const attributes = [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort();
        const inner = [];
        for (const child of [...node.childNodes].map(shape)) {
            if (typeof child === "string" && typeof inner.at(-1) === "string") inner.push(inner.pop() + child);
            else if (child !== "") inner.push(child);
        }
        return [node.nodeName, attributes, inner];
    };
    const differ = (one, other) => {
        if (JSON.stringify(one) === JSON.stringify(other)) return null;
        if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
            for (const [index, part] of one.entries()) {
                const found = differ(part, other[index]);
                if (found) return found;
            }
        }
        return [one, other].map((part) => JSON.stringify(part).slice(0, 300)).join(" against ");
    };
    fetch(location.href).then((answer) => answer.text()).then((text) => {
        const page = new DOMParser().parseFromString(text, "text/html");
        const found = [];
        for (const panel of page.querySelectorAll("section.panel:has(script.recorded)")) {
            const report = OwnRun.recorded(panel);
            const body = [...panel.children].filter(({ tagName }) => !["HEADER", "FOOTER"].includes(tagName));
            const written = [panel.querySelector(".settings"), ...body, panel.querySelector(".machine")];
            const drawn = Reports.panel(report);
            found.push([panel.id, differ(written.map(shape), drawn.map(shape))]);
        }
        done(found);
    }).catch((error) => done([["the script", error.message]]));
"#;

#[tokio::test]
async fn every_record_is_drawn_by_the_script_as_it_is_by_the_preprocessor() {
    in_browser(root(), async |browser, book| {
        browser.goto(book).await?;
        let pages = browser
            .strings("[...document.querySelectorAll('#mdbook-sidebar a')].map(a => a.href)")
            .await?;
        let mut drawn = 0;
        for page in pages {
            browser.goto(&page).await?;
            if browser.find_all(By::Css(".own-run")).await?.is_empty() {
                continue;
            }
            open(browser, &page).await?;
            let found: Vec<(String, Option<String>)> =
                browser.execute_async(REDRAWN, []).await?.convert()?;
            for (name, difference) in found {
                ensure!(difference.is_none(), "{page}, {name}: {}", difference.unwrap_or_default());
                drawn += 1;
            }
        }
        ensure!(drawn > 5, "only {drawn} panels were found");
        browser.console_is_empty().await
    })
    .await;
}

/// The fixture has something of everything, which no record of the book needs to have.
#[tokio::test]
async fn every_kind_of_picture_is_drawn_by_the_script_as_it_is_by_the_preprocessor() {
    let book = tempfile::tempdir().expect("a temporary folder");
    write_book(book.path());
    in_browser(book.path(), async |browser, book| {
        open(browser, book).await?;
        let kinds = "[...new Set(OwnRun.recorded(document.querySelector('.panel')).charts.map(c => c.kind))]";
        let kinds = browser.strings(kinds).await?;
        ensure!(kinds.len() == 4, "the fixture has {kinds:?}");
        let found: Vec<(String, Option<String>)> =
            browser.execute_async(REDRAWN, []).await?.convert()?;
        ensure!(found == [(NAME.to_owned(), None)], "{found:?}");
        // The console names the lab, which has no such experiment to run.
        Ok(())
    })
    .await;
}

/// Writes a book of one page, with the panel of the fixture's experiment, in the look of ours.
fn write_book(folder: &Path) {
    let from = root().join("crates/mdbook-experiment");
    let copy = |from: PathBuf, to: &str| {
        let to = folder.join(to);
        std::fs::create_dir_all(&to).expect("a folder");
        for file in std::fs::read_dir(from).expect("a folder") {
            let file = file.expect("a file").path();
            std::fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("a copy");
        }
    };
    copy(from.join("tests/fixtures/good/examples/race_condition"), "examples/race_condition");
    copy(from.join("web"), "crates/mdbook-experiment/web");
    std::fs::create_dir(folder.join("book")).expect("a folder");
    let ours = std::fs::read_to_string(root().join("book.toml")).expect("book.toml");
    let extra = ours.split_once("\nadditional-css").expect("it names its sheets and scripts").1;
    let extra = extra.split_once("\n\n").expect("it goes on").0;
    let theme = root().join("theme");
    for (file, text) in [
        ("book/SUMMARY.md", "- [Panel](panel.md)\n".to_owned()),
        ("book/panel.md", "# Panel\n\n{{#experiment race_condition}}\n".to_owned()),
        (
            "book.toml",
            format!(
                "[book]\nsrc = \"book\"\n[output.html]\ntheme = {theme:?}\nadditional-css{extra}\n"
            ),
        ),
    ] {
        std::fs::write(folder.join(file), text).expect("a file");
    }
}

/// Numbers of every size, and those at which a format changes or rounding is a tie.
fn numbers() -> Vec<f64> {
    let mut numbers = vec![0.0, -0.0, -12_345.0, -0.25, 1e21, 2.5e21, 0.1 + 0.2];
    for power in -12..=16 {
        let ten = 10f64.powi(power);
        numbers.extend([0.9994, 0.9995, 0.99951, 9.9949, 9.995, 99.949, 99.95].map(|x| x * ten));
    }
    for eighths in 0..400 {
        numbers.extend([1.0, 10.0, 1e-3].map(|x| f64::from(eighths) / 8.0 * x));
    }
    numbers.extend((0..40).map(|power| 2f64.powi(power)));
    // A generator of Lehmer's, of which a seed is the whole state.
    let mut state: u64 = 1;
    for _ in 0..1_000 {
        state = state * 48_271 % 0x7fff_ffff;
        let size = f64::from((state % 26) as u32) - 12.0;
        numbers.push(state as f64 / f64::from(0x7fff_ffff_u32) * 10f64.powf(size));
    }
    numbers
}

#[tokio::test]
async fn numbers_are_written_by_the_script_as_they_are_by_the_notebook() {
    in_browser(root(), async |browser, book| {
        open(browser, &format!("{book}{PAGE}")).await?;
        let numbers = numbers();
        for (unit, word) in UNITS {
            let script = "const [unit, numbers] = arguments; return numbers.map((x) => \
                [Reports.format(unit, x), Reports.formatPoint(unit, Math.abs(x)), \
                 Reports.formatRange(unit, x, x / 3, x * 7)]);";
            let written: Vec<[String; 3]> =
                browser.execute(script, [json!(word), json!(numbers)]).await?.convert()?;
            for (&x, written) in numbers.iter().zip(written) {
                let expected = [
                    unit.format(x),
                    unit.format_point(x.abs()),
                    unit.format_range(x, x / 3.0, x * 7.0),
                ];
                ensure!(written == expected, "{x:?} {word}: {written:?}, not {expected:?}");
            }
        }
        Ok(())
    })
    .await;
}

/// A change of a report, which makes it wrong or not.
struct Change {
    /// Keys and indices that lead to what is changed.
    path: Vec<Value>,
    /// What stands there after it; nothing if it is taken away.
    value: Option<Value>,
}

impl Change {
    fn apply(&self, report: &Value) -> Value {
        let mut changed = report.clone();
        let (last, inner) = self.path.split_last().expect("a path has an end");
        let mut at = &mut changed;
        for key in inner {
            at = match key {
                Value::String(name) => &mut at[name.as_str()],
                key => &mut at[key.as_u64().expect("an index") as usize],
            };
        }
        match (at, &self.value) {
            (Value::Object(object), Some(value)) => {
                object.insert(last.as_str().expect("a key").to_owned(), value.clone());
            }
            (Value::Object(object), None) => {
                object.remove(last.as_str().expect("a key"));
            }
            (Value::Array(list), value) => {
                let index = last.as_u64().expect("an index") as usize;
                match value {
                    Some(value) => list[index] = value.clone(),
                    None => drop(list.remove(index)),
                }
            }
            _ => unreachable!("a path leads through objects and lists"),
        }
        changed
    }
}

/// Every field of a report taken away and replaced by something strange, and a strange one added.
fn changes(report: &Value) -> Vec<Change> {
    fn walk(value: &Value, path: &mut Vec<Value>, changes: &mut Vec<Change>) {
        let strange = [
            json!(null),
            json!(true),
            json!(-1),
            json!(0),
            json!(2.5),
            json!(""),
            json!("wait?"),
            json!("holds"),
            json!([]),
            json!({}),
        ];
        if !path.is_empty() {
            changes.push(Change { path: path.clone(), value: None });
            let all =
                strange.into_iter().map(|value| Change { path: path.clone(), value: Some(value) });
            changes.extend(all);
        }
        let inner: Vec<(Value, &Value)> = match value {
            Value::Object(object) => {
                let mut path = path.clone();
                path.push(json!("__proto__"));
                changes.push(Change { path, value: Some(json!({})) });
                object.iter().map(|(key, value)| (json!(key), value)).collect()
            }
            // The parts of a list are alike, but for charts.
            Value::Array(list) => {
                list.iter().enumerate().map(|(n, value)| (json!(n), value)).take(4).collect()
            }
            _ => Vec::new(),
        };
        for (key, value) in inner {
            path.push(key);
            walk(value, path, changes);
            path.pop();
        }
    }
    let mut all = Vec::new();
    walk(report, &mut Vec::new(), &mut all);
    all
}

/// Whether it is a report of `NAME` by all that Rust knows.
fn is_report(schema: &Validator, value: &Value) -> bool {
    let Ok(report) = Report::parse(&value.to_string()) else { return false };
    let drawn = report.charts.iter().all(|chart| match chart {
        Chart::Histogram { measurement, variant } => {
            report.measurement(measurement, variant).is_some()
        }
        Chart::Bars { measurement } => report.measurements.iter().any(|m| m.name == *measurement),
        Chart::Lines { measurement, scales, .. } => {
            let mut shown = report.measurements.iter().filter(|m| m.name == *measurement);
            let zero = |m: &taking_turns::report::Measurement| {
                (scales.0 == Scale::Logarithmic && m.at.is_some_and(|at| at <= 0.0))
                    || (scales.1 == Scale::Logarithmic && m.at.is_some() && m.min <= 0.0)
            };
            chart.draws(&report.measurements) && !shown.any(zero)
        }
        Chart::Map { .. } => chart.draws(&report.measurements),
    });
    schema.is_valid(value) && drawn && report.experiment == NAME
}

#[tokio::test]
async fn the_script_takes_a_report_if_rust_does() {
    let fixture = root()
        .join("crates/mdbook-experiment/tests/fixtures/good/examples/race_condition/recorded.json");
    let fixture = std::fs::read_to_string(fixture).expect("a report with something of everything");
    let report: Value = serde_json::from_str(&fixture).expect("JSON");
    let schema = serde_json::from_str(include_str!("../src/report.schema.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    assert!(is_report(&schema, &report), "the fixture is no report");
    let changes = changes(&report);

    in_browser(root(), async |browser, book| {
        open(browser, &format!("{book}{PAGE}")).await?;
        let script = r#"
            const [name, text, changes] = arguments;
            return changes.map(({ path, value }) => {
                const report = JSON.parse(text);
                const last = path.at(-1);
                const at = path.slice(0, -1).reduce((at, key) => at[key], report);
                if (value !== undefined) {
                    Object.defineProperty(at, last, { value, enumerable: true, configurable: true });
                } else if (Array.isArray(at)) at.splice(last, 1);
                else delete at[last];
                try {
                    const read = readReport(JSON.stringify(report), name);
                    Reports.comparison(read, JSON.parse(text), "changed");
                    Reports.comparison(JSON.parse(text), read, "changed");
                    return null;
                } catch (error) {
                    return error.message;
                }
            });
        "#;
        let sent: Vec<Value> = changes
            .iter()
            .map(|change| match &change.value {
                Some(value) => json!({ "path": change.path, "value": value }),
                None => json!({ "path": change.path }),
            })
            .collect();
        let arguments = [json!(NAME), json!(fixture), json!(sent)];
        let said: Vec<Option<String>> = browser.execute(script, arguments).await?.convert()?;
        ensure!(said.len() > 1_000, "only {} changes", said.len());
        for (change, said) in changes.iter().zip(said) {
            let taken = is_report(&schema, &change.apply(&report));
            let what = format!("{} = {:?}", json!(change.path), change.value);
            ensure!(taken == said.is_none(), "{what}: Rust takes it: {taken}; the script: {said:?}");
            if let Some(said) = said {
                let of_ours = said.starts_with("this ") || said.starts_with("not a report: ");
                ensure!(of_ours && !said.contains('\n') && said.len() < 200, "{what}: {said}");
            }
        }
        browser.console_is_empty().await
    })
    .await;
}

/// Gives a text to the panel as a reader would who has it on the clipboard.
const PASTE: &str = r#"
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", arguments[0]);
    document.querySelector(".give textarea").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
"#;

/// Drops a file with this text on the panel.
const DROP: &str = r#"
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([arguments[0]], "run.json", { type: "application/json" }));
    for (const kind of ["dragover", "drop"]) {
        document.querySelector("section.panel").dispatchEvent(
            new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    }
"#;

/// What the panel says of what it was given, once it says something else than `before`.
async fn told(browser: &Browser, before: &str) -> Result<String> {
    let ready = format!(
        "panel => {{ const told = panel.querySelector('.own-run .told'); \
         return told && told.textContent !== {} && told; }}",
        json!(before)
    );
    Ok(browser.wait_for(NAME, &ready).await?.text().await?)
}

/// A quick run of this machine, as `--json` prints it.
fn own_run() -> String {
    let mut experiment = house_tests::experiment(NAME);
    let output =
        experiment.args(["--quick", "--threads", "3", "--json"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

const HERE: &str = "Here it is, beside the recorded run.";

#[tokio::test]
async fn a_reader_sets_their_own_run_beside_the_recorded_one() {
    let report = own_run();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("run.json");
    std::fs::write(&file, &report).expect("a file");

    in_browser(root(), async |browser, book| {
        // Dropped on a panel that nobody has opened.
        browser.goto(format!("{book}{PAGE}")).await?;
        browser.execute(DROP, [json!(report)]).await?;
        let said = told(browser, "").await?;
        ensure!(said == HERE, "{said}");

        // From a file, and from the clipboard.
        open(browser, &format!("{book}{PAGE}")).await?;
        let input = browser.find(By::Css(".give input[type=file]")).await?;
        input.send_keys(file.display().to_string()).await?;
        ensure!(told(browser, "").await? == HERE);
        browser.find(By::Css(".own-run button.again")).await?.click().await?;
        ensure!(told(browser, HERE).await? == "Removed.");
        ensure!(browser.find_all(By::Css(".compared")).await?.is_empty(), "it is still there");
        browser.execute(PASTE, [json!(report)]).await?;
        ensure!(told(browser, "Removed.").await? == HERE);

        // Both runs are named, and stand in one table, one scale and one list of claims.
        let shown = browser.find(By::Css(".compared")).await?.text().await?;
        for words in [
            "Your run threads 3 · increments 10 000 · 10 trials",
            "Recorded threads 2 · increments 100 000 · ",
            "your run, ",
            "recorded 20",
            "your run: final value of load, store, over 10 samples",
            "recorded: final value of load, store, over ",
            "yours and recorded: holds: 70 schedules end",
        ] {
            ensure!(shown.replace('\u{a0}', " ").contains(words), "{words}\n{shown}");
        }
        let axes = browser
            .strings(
                "[...document.querySelectorAll('.compared .chart > svg')].map(svg => \
                 [...svg.querySelectorAll('.tick')].map(tick => tick.textContent).join('|'))",
            )
            .await?;
        ensure!(axes.len() == 2 && axes[0] == axes[1], "{axes:?}");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_wrong_file_is_told_in_one_line() {
    let report: Value = serde_json::from_str(&own_run()).expect("JSON");
    let with = |path: &str, value: Value| {
        let mut report = report.clone();
        *report.pointer_mut(path).expect("a place in the report") = value;
        report.to_string()
    };
    let image = "<img src=x onerror=document.title='taken'>";
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let wrong = [
        ("<html>".to_owned(), "this is not JSON; the experiment prints its report with --json"),
        (r#"{"schema": NaN}"#.to_owned(), "this is not JSON; "),
        ("[1, 2".to_owned(), "this is not JSON; "),
        ("[]".to_owned(), "this is JSON, but not a report: it has no `schema`"),
        ("null".to_owned(), "this is JSON, but not a report: it has no `schema`"),
        (deep(100_000), "this is"),
        (
            report.to_string().replacen("\"race_condition\"", &deep(5_000), 1),
            "not a report: `experiment` is a list, where an experiment is expected",
        ),
        (with("/schema", json!(2)), "this report has schema 2, where 1 is understood"),
        (with("/schema", json!("1")), "this report has schema “1”, where 1 is understood"),
        (
            with("/experiment", json!("threads")),
            "this is a run of `threads`, not of `race_condition`",
        ),
        (with("/claims", json!(7)), "not a report: `claims` is 7, where a list is expected"),
        (
            with("/measurements/0/unit", json!(image)),
            "not a report: `measurements[0].unit` is “<img src=x onerror=document.title='take…, \
             where s, B, count, ratio, share, 1/s, B/s is expected",
        ),
        (
            with("/measurements/0/median", json!(1)),
            "not a report: `measurements[0]` has a median or a range that its samples do not have",
        ),
        (
            with("/measurements/0/samples", json!(vec![1; 100_001])),
            "not a report: `measurements[0].samples` has 100001 parts, where 1 to 100000 are allowed",
        ),
        (
            with("/measurements/0/min", json!("MIN")).replace("\"MIN\"", "1e999"),
            "not a report: `measurements[0].min` is Infinity, where a number is expected",
        ),
        (
            with("/charts/0/variant", json!("heat")),
            "this run of `race_condition` has histogram of final value, not measured",
        ),
        (
            with("/question", json!(format!("{}?", "why".repeat(1_000)))),
            "not a report: `question` has 3001 characters, where 2000 are allowed",
        ),
        (" ".repeat(8_000_001), "this has 8.0 MB; a report has 8 MB at most"),
    ];

    in_browser(root(), async |browser, book| {
        open(browser, &format!("{book}{PAGE}")).await?;
        let mut before = String::new();
        for (text, expected) in wrong {
            browser.execute(DROP, [json!(text)]).await?;
            let said = told(browser, &before).await?;
            let of = text.chars().take(60).collect::<String>();
            ensure!(said.starts_with(expected) && !said.contains('\n'), "{of}: {said}");
            ensure!(browser.find_all(By::Css(".compared")).await?.is_empty(), "{of}: it is drawn");
            // A good one between two wrong ones, so that each is seen to be told.
            browser.execute(DROP, [json!(report.to_string())]).await?;
            before = told(browser, &said).await?;
            ensure!(before == HERE, "{before}");
        }
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn markup_in_a_report_is_text() {
    let image = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>";
    let mut report: Value = serde_json::from_str(&own_run()).expect("JSON");
    report["machine"]["cpu"] = json!(image);
    for claim in report["claims"].as_array_mut().expect("claims") {
        claim["text"] = json!(image);
        claim["evidence"] = json!(image);
    }
    let text = report
        .to_string()
        .replace("load, store", image)
        .replace("\"wall time\"", &json!(image).to_string());

    in_browser(root(), async |browser, book| {
        open(browser, &format!("{book}{PAGE}")).await?;
        browser.execute(DROP, [json!(text)]).await?;
        ensure!(told(browser, "").await? == HERE);
        let compared = browser.find(By::Css(".compared")).await?;
        let shown = compared.text().await?;
        ensure!(shown.matches(image).count() > 10, "{shown}");
        let made = compared.find_all(By::Css("img, script")).await?;
        ensure!(made.is_empty(), "{} elements were made of text", made.len());
        ensure!(browser.title().await? != "taken");
        browser.console_is_empty().await
    })
    .await;
}
