//! What a page may weigh, what it may wait for, and how much may move once it is drawn.
//!
//! `cargo test --package house-tests --test budget -- --nocapture` shows what each page weighs.

mod chromium;
mod load;

use anyhow::{Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;
use load::Load;

const CHAPTER: &str = "races/race_condition.html";

#[tokio::test]
async fn every_page_loads_quietly_within_its_budget_and_from_one_host() {
    in_browser(root(), async |browser, book| {
        browser.as_from_a_static_host().await?;
        let mut faults = Vec::new();
        let mut loads = Vec::new();
        for page in browser.pages(book).await? {
            let load = Load::first(browser, &page).await?;
            let needless = browser.strings(NEEDLESS).await?;
            let colourless = browser.strings(COLOURLESS).await?;
            faults.extend(
                load.faults(book)
                    .into_iter()
                    .chain(needless)
                    .chain(colourless)
                    .map(|fault| format!("{page}: {fault}")),
            );
            loads.push((page, load));
        }
        show(book, loads);
        ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
        Ok(())
    })
    .await;
}

/// What has come with a page that has no use for it: a widget's script and its data.
const NEEDLESS: &str = "(() => {
    const inline = [...document.scripts].filter(script => !script.src).map(script => script.text);
    const files = [...document.scripts].map(script => script.src).join();
    const widget = selector => document.querySelector(selector) !== null;
    return [
        !widget('section.explore') && inline.some(text => text.includes('ExplorerCore'))
            && 'has the explorer’s script and no explorer',
        !widget('main pre > code[class*=language-], .explore') && files.includes('/highlight')
            && 'loads what colours code and has no code',
        [...document.querySelectorAll('.explore script')].map(graph => graph.text).join('').length > 80_000
            && 'has more than 80 KB of schedules',
        /elasticlunr|searchindex|report|own-run|lab-/.test(files)
            && `loads at once what is for later: ${files}`,
    ].filter(Boolean);
})()";

/// The languages of a page's code that scripts/highlight does not name.
const COLOURLESS: &str = "[...document.querySelectorAll('main pre > code[class*=language-]')]
    .map(code => /\\blanguage-([\\w+#-]+)/.exec(code.className)[1])
    .filter(language => language !== 'text' && !hljs.getLanguage(language))
    .map(language => `has code in ${language}, which theme/highlight.js does not know`)";

/// The pages and what they weigh, the heaviest first.
fn show(book: &str, mut loads: Vec<(String, Load)>) {
    loads.sort_by_key(|(_, load)| std::cmp::Reverse(load.bytes()));
    println!("{:<44} {:>8} {:>8} {:>8} {:>8}", "", "requests", "bytes", "page", "blocking");
    for (page, load) in loads {
        println!(
            "{:<44} {:>8} {:>8} {:>8} {:>8}",
            page.trim_start_matches(book),
            load.count(),
            load.bytes(),
            load.page_bytes(),
            load.blocking_bytes()
        );
    }
}

/// Holds scripts back until the page has been drawn as it was served: the worst that a slow network
/// can do.
const LATE_SCRIPTS: &str = "
    window.late = [];
    new MutationObserver(changes => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        for (const script of added.filter(node => node.localName === 'script')) {
            if (script.type || !(script.src || document.body)) continue;
            script.type = 'late';
            late.push(script);
        }
    }).observe(document, { childList: true, subtree: true });
";

/// The share of the window that may move, as browsers sum it up, if no script comes before the page
/// is drawn.
const MOST_MOVED: f64 = 0.01;

/// Runs them, those in the page first, as a browser does, and says what has moved.
const MOVED: &str = "
    const [done] = arguments;
    const drawn = () => new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
    const run = late => new Promise(next => {
        const script = document.createElement('script');
        script.async = false;
        if (late.src) { script.src = late.src; script.onload = next; } else { script.text = late.text; next(); }
        document.head.append(script);
    });
    const name = node => node instanceof Element ? node.outerHTML.slice(0, 80) : node?.textContent;
    (async () => {
        await drawn();
        const [inline, files] = [late.filter(script => !script.src), late.filter(script => script.src)];
        await Promise.all(inline.map(run));
        await Promise.all(files.map(run));
        await drawn();
        const moved = [];
        let sum = 0;
        const note = ({ value, sources }) => {
            sum += value;
            moved.push(`by ${value.toFixed(4)}: ${sources.map(({ node }) => name(node)).join(' | ')}`);
        };
        const observer = new PerformanceObserver(list => list.getEntries().forEach(note));
        observer.observe({ type: 'layout-shift', buffered: true });
        await drawn();
        observer.takeRecords().forEach(note);
        done([String(files.length), ...(sum > MOST_MOVED ? moved : [])]);
    })();
";

#[tokio::test]
async fn little_moves_at_a_desk_when_the_scripts_come_late() {
    little_moves((1280, 1000)).await;
}

#[tokio::test]
async fn little_moves_on_a_phone_when_the_scripts_come_late() {
    little_moves((390, 844)).await;
}

async fn little_moves(size: (u32, u32)) {
    in_browser(root(), async |browser, book| {
        browser.as_from_a_static_host().await?;
        let pages = browser.pages(book).await?;
        browser.before_each_page(LATE_SCRIPTS).await?;
        browser.resize(size).await?;
        let mut faults = Vec::new();
        for page in &pages {
            let moved = what_moves(browser, page).await?;
            faults.extend(moved.iter().map(|moved| format!("{page} {moved}")));
        }
        ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
        Ok(())
    })
    .await;
}

async fn what_moves(browser: &Browser, page: &str) -> Result<Vec<String>> {
    browser.goto(page).await?;
    let script = MOVED.replace("MOST_MOVED", &MOST_MOVED.to_string());
    let answer = browser.execute_async(script, []).await?;
    let mut answer: Vec<String> = answer.convert()?;
    let late: usize = answer.remove(0).parse()?;
    ensure!(late >= 3, "{page}: {late} scripts were held back");
    Ok(answer)
}

/// Prints what a chapter takes and how long a reader waits until it is seen. `scripts/bench` shows it.
#[tokio::test]
async fn a_chapter_is_drawn() {
    in_browser(root(), async |browser, book| {
        browser.as_from_a_static_host().await?;
        let chapter = format!("{book}{CHAPTER}");
        let load = Load::first(browser, &chapter).await?;
        println!("first load: {} KB in {} requests", load.bytes() / 1000, load.count());
        let mut times = Vec::new();
        for _ in 0..5 {
            browser.goto(&chapter).await?;
            let script = "
                const [done] = arguments;
                new PerformanceObserver((entries, observer) => {
                    observer.disconnect();
                    done(entries.getEntries()[0].startTime);
                }).observe({ type: 'paint', buffered: true });
            ";
            times.push(browser.execute_async(script, []).await?.convert::<f64>()?);
        }
        times.sort_by(f64::total_cmp);
        println!("first paint: {:.0} ms median of 5, {:.0} ms at best", times[2], times[0]);
        Ok(())
    })
    .await;
}
