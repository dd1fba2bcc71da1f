//! The book without a site: all chapters on one page, on paper, and as an e-book.

mod chromium;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::{experiments, root, script};
use serde_json::{Value, json};
use thirtyfour::By;

/// What lies between the margins of the sheet in theme/css/print.css, on A4, in CSS pixels.
const SHEET: (u32, u32) = (658, 964);

/// Text that is not shown, by where it is. What is left out serves the widgets of a screen, or is
/// printed elsewhere: the figures of bars in the table above them, those of a timeline in its lanes,
/// a twin's code once on a page, and what Rust to Python says of a difference in Python to Rust.
const NOT_SHOWN: &str = "
    const onScreenOnly = `script, style, button, .own-run, .explore-live, .tools, .feedback, nav.track,
        .standing, .progress-sum, .ways, [role=tablist], .img-wrapper, svg > title, svg > desc,
        .chart:not(.map, :has(.trace)) > details, .chart > details :is(summary, caption), .screen,
        .boring, [data-repeated], .by-rust :is(th, td):nth-child(3)`;
    const words = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const hidden = new Set();
    while (words.nextNode()) {
        const holder = words.currentNode.parentElement;
        if (!words.currentNode.data.trim() || holder.closest(onScreenOnly)) continue;
        if (!holder.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
            hidden.add(`${holder.closest('[id]').id}: ${words.currentNode.data.trim().slice(0, 60)}`);
    }
    return [...hidden];
";

/// What is wider than the sheet, or would have to be scrolled.
const CUT_OFF: &str = "
    const cut = new Set();
    for (const element of document.querySelectorAll('main *:not(img, svg, svg *)')) {
        if (!element.checkVisibility()) continue;
        const { right, width } = element.getBoundingClientRect();
        const { overflowX, overflowY } = getComputedStyle(element);
        if (width && (right > innerWidth + 1 || overflowX !== 'visible' || overflowY !== 'visible'))
            cut.add(`${element.closest('[id]').id}: ${element.tagName} ${element.className}, to ${right}`);
    }
    return [...cut];
";

/// Listings that end on another page than they begin, though a third of a page would hold them.
const TORN: &str = "
    return [...document.querySelectorAll('main pre')]
        .filter(pre => pre.textContent.trim().split('\\n').length <= 16)
        .filter(pre => getComputedStyle(pre).breakInside !== 'avoid')
        .map(pre => `${pre.closest('[id]').id}: ${pre.textContent.trim().slice(0, 60)}`);
";

/// What can be pressed, or begins elsewhere than at the left of its listing.
const OF_A_SCREEN: &str = "
    const found = new Set();
    for (const element of document.querySelectorAll('main :is(button, input, select, [role=tablist], .live)'))
        if (element.checkVisibility()) found.add(`${element.closest('[id]').id}: ${element.outerHTML.slice(0, 80)}`);
    for (const name of document.querySelectorAll('main .listing .language')) {
        if (!name.checkVisibility()) continue;
        const indent = name.getBoundingClientRect().left - name.closest('.listing').getBoundingClientRect().left;
        if (indent > 1) found.add(`${name.closest('[id]').id}: a listing of ${name.textContent} begins at ${indent}`);
    }
    return [...found];
";

/// Words that are hard to read on white paper, and dark grounds.
const NOT_BLACK_ON_WHITE: &str = "
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const known = new Map();
    const luminance = colour => known.get(colour) ?? known.set(colour, (() => {
        canvas.fillStyle = '#fff';
        canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const linear = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
            .map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    })()).get(colour);
    const bad = new Set();
    for (const element of document.querySelectorAll('html, body, main *:not(svg, svg *, .sign)')) {
        if (!element.checkVisibility()) continue;
        const { color, backgroundColor } = getComputedStyle(element);
        const contrast = (luminance(backgroundColor) + 0.05) / (luminance(color) + 0.05);
        if (contrast < 4.5) bad.add(`${element.tagName} ${element.className}: ${color} on ${backgroundColor}`);
    }
    return [...bad];
";

/// Of each explorer what it shows and what its graph has: id, lines of code, outcomes, steps.
const EXPLORERS: &str = "
    const shown = element => element.checkVisibility() && element.getBoundingClientRect().height > 0;
    return [...document.querySelectorAll('section.explore')].map(section => {
        const { excerpts, graph } = JSON.parse(section.querySelector('script').textContent);
        const count = selector => [...section.querySelectorAll(selector)].filter(shown).length;
        const gentlest = graph.outcomes.map(outcome => outcome.preemptive.gentlest).filter(Boolean);
        const has = [excerpts.flatMap(excerpt => excerpt.text).length, graph.outcomes.length,
            gentlest.length, gentlest.flatMap(way => way.split('.').slice(1)).length];
        const shows = ['.explore-print li', '.explore-outcomes tbody tr', '.explore-witnesses ol',
            '.explore-witnesses ol li'].map(count);
        return `${section.id} ${section.matches('.is-live')} ${has.join()} ${shows.join()}`;
    });
";

/// Of each panel its name, the rows of its tables and its pictures.
const PANELS: &str = "
    const shown = element => element.checkVisibility() && element.getBoundingClientRect().height > 0;
    return [...document.querySelectorAll('section.panel:has(.own-run)')].map(panel => {
        const count = selector => [...panel.querySelectorAll(selector)].filter(shown).length;
        const rows = [...panel.querySelectorAll('table.results > tbody > tr')].filter(row => !row.closest('.twins'));
        return [panel.querySelector('.panel-name code').textContent, rows.filter(shown).length,
            count('.chart > svg, .chart.map[id]'), count('.claims > li')].join(' ');
    });
";

/// Ids that two elements have, and links within the page that lead nowhere.
const LOST: &str = "
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
    const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
    const links = [...document.querySelectorAll('main a[href]:not(.explore-live a)')].map(link => link.getAttribute('href'));
    const into = new Set(ids.map(id => `#${id}`));
    return [...twice, ...links.filter(link =>
        link.startsWith('#') ? !into.has(decodeURIComponent(link)) : !/^https?:/.test(link))];
";

#[tokio::test]
async fn all_chapters_are_one_page_that_works_and_prints_whole() {
    in_browser(root(), async |browser, book| {
        browser.goto(book).await?;
        browser.find(By::Css(".bar a.one-page")).await?.click().await?;
        let page = browser.current_url().await?;
        ensure!(page.as_str() == format!("{book}print.html"), "the bar leads to {page}");
        browser.console_is_empty().await?;
        ensure!(list(browser, LOST).await?.is_empty(), "{:#?}", list(browser, LOST).await?);

        let (width, height) = SHEET;
        let sheet =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        browser.cdp().send_raw("Emulation.setDeviceMetricsOverride", sheet).await?;
        browser.cdp().send_raw("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
        for (fault, script) in [
            ("not shown", NOT_SHOWN),
            ("of a screen", OF_A_SCREEN),
            ("cut off", CUT_OFF),
            ("torn", TORN),
        ] {
            let found = list(browser, script).await?;
            ensure!(found.is_empty(), "{fault}: {found:#?}");
        }
        for theme in ["light", "rust", "coal", "navy", "ayu"] {
            let choose = format!("document.documentElement.className = 'js {theme}'");
            browser.execute(choose, []).await?;
            let faint = list(browser, NOT_BLACK_ON_WHITE).await?;
            ensure!(faint.is_empty(), "{theme}: {faint:#?}");
        }
        explorers_are_whole(&list(browser, EXPLORERS).await?)?;
        panels_are_whole(&list(browser, PANELS).await?)
    })
    .await;
}

async fn list(browser: &Browser, script: &str) -> Result<Vec<String>> {
    Ok(browser.execute(script, []).await?.convert()?)
}

fn explorers_are_whole(explorers: &[String]) -> Result<()> {
    ensure!(explorers.len() > 30, "{} explorers", explorers.len());
    for explorer in explorers {
        let words: Vec<_> = explorer.split(' ').collect();
        let [_, live, has, shows] = words[..] else { panic!("{explorer}") };
        ensure!(live == "true" && has == shows, "{explorer}");
    }
    Ok(())
}

/// Each record that the book shows has its rows, pictures and claims on paper.
fn panels_are_whole(panels: &[String]) -> Result<()> {
    for name in experiments() {
        let record = root().join(format!("examples/{name}/recorded.json"));
        let record: Value = serde_json::from_str(&fs::read_to_string(record)?)?;
        let all = |list: &str| record[list].as_array().map_or(0, Vec::len);
        let mut rows = BTreeMap::new();
        let measured = record["measurements"].as_array().context("measurements")?;
        for measurement in measured.iter().filter(|measurement| measurement["at"].is_null()) {
            rows.insert(measurement["variant"].as_str(), ());
        }
        let pictures = all("charts") + usize::from(record["timeline"].is_object());
        let whole = format!("{name} {} {pictures} {}", rows.len(), all("claims"));
        let found: Vec<_> =
            panels.iter().filter(|panel| panel.split(' ').next() == Some(&name)).collect();
        ensure!(!found.is_empty(), "no panel of {name}");
        ensure!(found.iter().all(|panel| **panel == whole), "{found:?}, and not {whole}");
    }
    Ok(())
}

#[test]
fn the_e_book_has_every_chapter_and_picture_and_is_without_fault() -> Result<()> {
    let pages = tempfile::tempdir()?;
    let mut mdbook = Command::new("mdbook");
    run(mdbook.arg("build").arg("--dest-dir").arg(pages.path()).current_dir(root()))
        .context("cargo install mdbook, or scripts/test, which does")?;
    run(script("epub").arg(pages.path()))?;
    let book = pages.path().join("taking-turns.epub");
    let mut epubcheck = Command::new("java");
    run(epubcheck.args(["-jar", "/usr/share/java/epubcheck.jar", "--failonwarnings"]).arg(&book))
        .context("on Debian: apt-get install epubcheck")?;

    let unpacked = tempfile::tempdir()?;
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&book).arg(unpacked.path()))?;
    let count = |text: &str, what: &str| text.matches(what).count();
    let cover = fs::read(unpacked.path().join("book/cover.png"))?;
    ensure!(
        cover.starts_with(b"\x89PNG") && cover[16..24] == [0, 0, 6, 64, 0, 0, 10, 0],
        "the cover"
    );
    let contents = fs::read_to_string(unpacked.path().join("book/contents.xhtml"))?;
    let chapters: Vec<_> = contents.split("href=\"").skip(2).collect();
    ensure!(chapters.len() > 50, "{} chapters", chapters.len());
    for chapter in chapters {
        let name = chapter.split('"').next().context("an address")?;
        let text = fs::read_to_string(unpacked.path().join("book").join(name))?;
        let page = fs::read_to_string(pages.path().join(name.replace(".xhtml", ".html")))?;
        let page = without_what_it_hides(&page);
        for what in [
            "<svg",
            "<pre>",
            "class=\"explore-witnesses\"",
            "class=\"predict\"",
            "class=\"exercise\"",
        ] {
            ensure!(count(&text, what) == count(&page, what), "{name}: {what}");
        }
        ensure!(!text.contains("<script") && !text.contains("<button"), "{name} has a script");
        let (code, of_page) = (blocks_of_code(&text), blocks_of_code(&page));
        // Solutions stand at the end.
        let words =
            |blocks: &[&str]| blocks.iter().map(|block| words(block)).collect::<BTreeSet<_>>();
        ensure!(words(&code) == words(&of_page), "{name}: its code is not that of the page");
        let (asked, answers) =
            text.split_once("<section class=\"answers-last\">").unwrap_or((&text, ""));
        ensure!(
            !asked.contains("<details") || !asked.contains("class=\"answers\""),
            "{name} tells at once"
        );
        let questions = count(asked, "class=\"predict\"") + count(asked, "class=\"exercise\"");
        ensure!(
            count(answers, "class=\"set-aside\"") == questions,
            "{name}: answers to {questions} questions"
        );
        let plain =
            code.iter().find(|block| block.contains('\n') && !block.contains("class=\"code-"));
        ensure!(plain.is_none(), "{name} has code without colours: {plain:?}");
    }
    Ok(())
}

/// Readers choose the paper, and often a black one.
#[test]
fn the_colours_of_code_in_the_e_book_can_be_read_on_white_and_on_black() -> Result<()> {
    let sheet = fs::read_to_string(root().join("theme/epub.css"))?;
    let rules: Vec<_> = sheet.lines().filter(|line| line.starts_with(".code-")).collect();
    ensure!(rules.len() == 6, "{rules:?}");
    for rule in rules {
        let colour = rule.split_once("color: #").context("a colour")?.1;
        let parts =
            [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()));
        let linear = parts.map(|part| part / 255.0).map(|part| {
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        let (on_white, on_black) = (1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05);
        ensure!(on_white >= 4.5 && on_black >= 4.5, "{rule}: {on_white:.2}, {on_black:.2}");
    }
    Ok(())
}

/// The first chapter below: its answer stands behind all that it asks.
const FIRST: &str = "Taking Turns First First See there (p. 4). One or two? 1. One. The answer (p. 3) \
    Answers One or two? (p. 3) A. Two. 3";

/// Two chapters, and a link from the first to the second.
#[test]
fn the_pdf_has_contents_heads_and_the_numbers_of_pages_on_either_paper() -> Result<()> {
    let pages = tempfile::tempdir()?;
    let contents = r#"<li><a href="one.html">First</a></li><li class="part-title">A part</li><li><a href="two.html">Second</a></li>"#;
    fs::write(pages.path().join("toc.html"), contents)?;
    let style =
        format!("<link rel=\"stylesheet\" href=\"{}/theme/css/print.css\">", root().display());
    let between = r#"<div style="break-before: page; page-break-before: always;"></div>"#;
    let chapters = format!(
        "<html><head>{style}</head><body><header class=\"bar\"></header><main>\
         <h1 id=\"one\">First</h1><p>See <a href=\"#two\">there</a>.</p>\
         <section class=\"predict\" id=\"q\"><p>One or two?</p><ol><li>One.</li></ol><details>\
         <summary>The answer</summary><ol class=\"answers\"><li>Two.</li></ol></details></section>{between}\
         <h1 id=\"two\">Second</h1><p>Here.</p></main></body></html>"
    );
    for (options, size) in [(&[][..], "595 x 842"), (&["--letter"][..], "612 x 792")] {
        fs::write(pages.path().join("print.html"), &chapters)?;
        run(script("pdf").args(options).arg(pages.path()))?;
        let pdf = pages.path().join("taking-turns.pdf");
        let about = run(Command::new("pdfinfo").arg(&pdf))?;
        ensure!(about.contains("Pages:           4"), "{about}");
        let found =
            about.lines().find_map(|line| line.strip_prefix("Page size:")).context("size")?;
        let found = found.replace("594.96 x 841.92", "595 x 842");
        ensure!(found.contains(size), "{options:?}: {found}");
        let text = run(Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-"))?;
        let sheets: Vec<String> = text
            .split('\u{c}')
            .map(|sheet| sheet.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        ensure!(sheets[1] == "Contents First 3 A part Second 4", "{sheets:#?}");
        ensure!(sheets[2] == FIRST, "{sheets:#?}");
        ensure!(sheets[3] == "A part Second Second Here. 4", "{sheets:#?}");
    }
    Ok(())
}

#[test]
fn an_edition_of_pages_that_are_not_there_is_refused_in_one_line() -> Result<()> {
    let empty = tempfile::tempdir()?;
    for edition in ["pdf", "epub"] {
        let output = script(edition).arg(empty.path()).output()?;
        let said = String::from_utf8(output.stderr)?;
        ensure!(output.status.code() == Some(1), "{said}");
        ensure!(said.lines().count() == 1 && said.contains("run mdbook build"), "{said}");
        ensure!(fs::read_dir(empty.path())?.next().is_none(), "{edition} leaves something");
        let output = script(edition).args(["a", "b"]).output()?;
        ensure!(output.status.code() == Some(2), "{output:?}");
    }
    Ok(())
}

/// A page without hidden lines of code, and without a twin's code that stands there once more.
fn without_what_it_hides(page: &str) -> String {
    let mut rest = page.to_owned();
    for (from, to) in [("<span class=\"boring\">", "</span>"), ("data-repeated", "</figure>")] {
        while let Some((before, hidden)) = rest.split_once(from) {
            let after = hidden.split_once(to).map_or("", |(_, after)| after);
            rest = format!("{before}{after}");
        }
    }
    rest
}

/// The code in Rust and Python that stands between the tags of a page, with tags of its own.
fn blocks_of_code(page: &str) -> Vec<&str> {
    let blocks = page.split("<code class=\"language-").skip(1);
    let known = blocks.filter(|block| block.starts_with("rust") || block.starts_with("python"));
    known.filter_map(|block| block.split_once('>')?.1.split("</code>").next()).collect()
}

/// What a reader sees of `html`.
fn words(html: &str) -> String {
    let pieces = html.split('<').map(|piece| piece.rsplit('>').next().unwrap_or_default());
    pieces.collect::<String>().replace("&quot;", "\"").replace("&#x27;", "'").replace("&#39;", "'")
}

/// What it says, if it ends well.
fn run(command: &mut Command) -> Result<String> {
    let program = Path::new(command.get_program()).display().to_string();
    let output = command.output().with_context(|| format!("cannot run `{program}`"))?;
    let said = String::from_utf8(output.stdout)?;
    ensure!(
        output.status.success(),
        "{program}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(said)
}
