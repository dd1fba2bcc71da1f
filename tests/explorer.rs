//! The explorer in the page: its script agrees with the engine, and a reader can use it.

mod chromium;

use anyhow::{Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;
use interleave::{Counts, Graph, Reading, Schedules};
use serde_json::{Value, json};
use thirtyfour::By;

const PAGE: &str = "races/race_condition.html";
const WIDGET: &str = "race_condition-load_then_store";

/// Every scenario of the repository.
fn graphs() -> Vec<(String, Graph)> {
    let mut folders: Vec<_> =
        std::fs::read_dir(root().join("examples")).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let texts = folders
        .iter()
        .filter_map(|folder| std::fs::read_to_string(folder.join("schedules.json")).ok());
    texts
        .flat_map(|text| {
            let explored = Schedules::from_json(&text).unwrap();
            let experiment = explored.experiment;
            explored
                .scenarios
                .into_iter()
                .map(move |graph| (format!("{experiment} {}", graph.name), graph))
        })
        .collect()
}

/// What the engine says of a graph, as the script is asked to say it.
fn engine(graph: &Graph, reading: Reading) -> Value {
    let counts = Counts::of(graph, reading);
    let rows = counts.as_ref().map(|counts| -> Vec<Vec<String>> {
        let states = 0..graph.states.len();
        let all = states.flat_map(|state| {
            let lasts = [None].into_iter().chain((0..graph.threads.len()).map(Some));
            lasts.map(move |last| (state, last))
        });
        all.map(|(state, last)| counts.from(state, last).iter().map(ToString::to_string).collect())
            .collect()
    });
    let ends = graph.outcomes.iter().map(|outcome| {
        let reached = match reading {
            Reading::Preemptive => &outcome.preemptive,
            Reading::Cooperative => &outcome.cooperative,
        };
        reached.shortest.as_ref().map(|schedule| json!([schedule, outcome.text]))
    });
    json!({ "rows": rows, "ends": ends.collect::<Vec<_>>() })
}

const SCRIPT: &str = r#"
    const [graph, reading] = arguments;
    const core = ExplorerCore;
    const from = core.counts(graph, reading);
    const lasts = [null, ...graph.threads.keys()];
    const rows = from && graph.states.flatMap((_, state) =>
        lasts.map(last => from(state, last).map(String)));
    const ends = graph.outcomes.map(outcome => {
        const shortest = outcome[reading].shortest;
        if (shortest === undefined) return null;
        const states = core.replay(graph, reading, core.parse(shortest));
        const end = core.outcome(graph, states.at(-1));
        const round = graph.circles?.some(circle => circle.includes(states.at(-1)));
        return [core.format(core.parse(shortest)), round ? "livelock" : graph.outcomes[end].text];
    });
    return { rows, ends };
"#;

#[tokio::test]
async fn the_script_counts_and_replays_as_the_engine_does() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{PAGE}")).await?;
        for (name, graph) in graphs() {
            for (reading, word) in
                [(Reading::Preemptive, "preemptive"), (Reading::Cooperative, "cooperative")]
            {
                let arguments = [serde_json::to_value(&graph)?, json!(word)];
                let script: Value = browser.execute(SCRIPT, arguments).await?.convert()?;
                ensure!(script == engine(&graph, reading), "{name}, {word}: they differ");
            }
        }
        Ok(())
    })
    .await;
}

/// The text of the part of the widget that `selector` names.
async fn text(browser: &Browser, selector: &str) -> Result<String> {
    let part = By::Css(format!("#{WIDGET} {selector}"));
    Ok(browser.find(part).await?.text().await?)
}

async fn click(browser: &Browser, selector: &str) -> Result<()> {
    let part = By::Css(format!("#{WIDGET} {selector}"));
    Ok(browser.find(part).await?.click().await?)
}

const FIRST: &str = ".explore-step:nth-child(1)";
const SECOND: &str = ".explore-step:nth-child(2)";
const FORECAST: &str = ".explore-forecast";

#[tokio::test]
async fn a_reader_loses_an_update_by_hand() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{PAGE}")).await?;
        let start = "From here, 70 of 70 schedules: 6 end in “4”, 32 end in “3”, 32 end in “2”.";
        ensure!(text(browser, FORECAST).await? == start, "{}", text(browser, FORECAST).await?);
        ensure!(text(browser, FIRST).await?.contains("loads counter"));

        // Both load the 0, both store 1.
        for thread in [FIRST, SECOND, FIRST, SECOND] {
            click(browser, thread).await?;
        }
        ensure!(text(browser, ".explore-values tr:first-child td").await? == "1");
        // One after the other from here on.
        for thread in [FIRST, FIRST, SECOND, SECOND] {
            click(browser, thread).await?;
        }
        let end = text(browser, FORECAST).await?;
        ensure!(end == "It ends: 3. Goal reached ✓", "{end}");
        let status = text(browser, ".explore-note").await?;
        ensure!(status.ends_with("counter is 3."), "{status}");
        ensure!(text(browser, FIRST).await?.contains("has ended"));

        // The address holds the schedule: whoever opens it stands at the same step.
        let address = browser.string("location.href").await?;
        ensure!(address.ends_with(&format!("#{WIDGET}=v1.1.2.1.2.1.1.2.2")), "{address}");
        browser.goto("about:blank").await?;
        browser.goto(&address).await?;
        let again = text(browser, FORECAST).await?;
        ensure!(again == end, "{again}");
        let command = text(browser, ".explore-foot code").await?;
        ensure!(
            command == "cargo explore race_condition load_then_store --replay v1.1.2.1.2.1.1.2.2"
        );
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn keys_step_undo_redo_and_reset() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{PAGE}")).await?;
        let widget = browser.find(By::Css(format!("#{WIDGET} {FIRST}"))).await?;
        let schedule = async || {
            let address = browser.string("location.hash").await?;
            anyhow::Ok(address.split_once('=').map_or(String::new(), |(_, text)| text.to_owned()))
        };
        for (keys, then) in
            [("12", "v1.1.2"), ("u", "v1.1"), ("r", "v1.1.2"), ("x9", "v1.1.2"), ("0", "")]
        {
            widget.send_keys(keys).await?;
            let now = schedule().await?;
            ensure!(now == then, "after {keys}: {now}, not {then}");
        }
        // Elsewhere on the page the same keys mean nothing to it.
        browser.find(By::Css("body")).await?.send_keys("12").await?;
        ensure!(schedule().await?.is_empty());
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_step_that_cannot_be_taken_says_why() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{PAGE}")).await?;
        click(browser, "input[type=radio]:not(:checked)").await?;
        let coop = text(browser, FORECAST).await?;
        ensure!(coop == "From here, 2 of 2 schedules: 2 end in “4”.", "{coop}");
        click(browser, FIRST).await?;
        let reason = text(browser, SECOND).await?;
        ensure!(reason.contains("not before thread 1 waits"), "{reason}");
        let button = browser.find(By::Css(format!("#{WIDGET} {SECOND}"))).await?;
        ensure!(button.attr("aria-disabled").await?.as_deref() == Some("true"));
        button.click().await?;
        ensure!(browser.string("location.hash").await?.ends_with("=v1.1"), "it took the step");

        for (hash, message) in [
            ("v1.1.3", "step 2: there is no thread 3"),
            ("v1.x", "step 1 is “x”, and not a thread’s number"),
            ("v2.1", "a schedule begins with “v1”, this one with “v2”"),
            ("v1.1.1.1.1.1", "step 5: thread 1 cannot take that step"),
        ] {
            browser.execute(format!("location.hash = '{WIDGET}={hash}'"), []).await?;
            let told = browser
                .wait_for(
                    WIDGET,
                    "widget => widget.querySelector('.explore-note').textContent\
                     .startsWith('The address') && widget.querySelector('.explore-note')",
                )
                .await?
                .text()
                .await?;
            ensure!(told.contains(message), "{hash}: {told}");
            browser
                .execute(
                    format!("document.querySelector('#{WIDGET} .explore-note').textContent = ''"),
                    [],
                )
                .await?;
        }
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn an_outcome_is_shown_by_its_shortest_schedule() {
    in_browser(root(), async |browser, book| {
        browser.with_less_motion().await?;
        browser.goto(format!("{book}{PAGE}")).await?;
        click(browser, ".explore-chip:nth-child(3)").await?;
        let end = text(browser, FORECAST).await?;
        ensure!(end == "It ends: 2.", "{end}");
        browser.console_is_empty().await
    })
    .await;
}

/// Prints how long a click takes until its picture is laid out. `scripts/bench` shows it.
#[tokio::test]
async fn a_click_is_drawn() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}races/puzzles.html")).await?;
        let script = r#"
            const widget = document.getElementById("deadlock-philosophers");
            const times = [];
            for (let round = 0; round < 50; round += 1) {
                for (const button of widget.querySelectorAll(".explore-step")) {
                    const before = performance.now();
                    button.click();
                    widget.getBoundingClientRect();
                    times.push(performance.now() - before);
                }
                widget.querySelectorAll(".explore-controls button")[2].click();
            }
            times.sort((a, b) => a - b);
            return [times[times.length >> 1], times.at(-1)];
        "#;
        let [median, most]: [f64; 2] = browser.execute(script, []).await?.convert()?;
        println!("click to picture: {median:.1} ms median, {most:.1} ms at most, of 200");
        Ok(())
    })
    .await;
}
