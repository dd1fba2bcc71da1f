//! All that a reader does with a mouse can be done with the keys, and one sees where one is.

mod chromium;

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;
use serde_json::{Value, json};
use thirtyfour::{By, Key, TypingData};

const CHAPTER: &str = "races/race_condition.html";

/// Presses a key, wherever the focus is.
async fn press(browser: &Browser, key: impl Into<TypingData>) -> Result<()> {
    Ok(browser.action_chain().send_keys(key).perform().await?)
}

async fn focus(browser: &Browser, selector: &str) -> Result<()> {
    Ok(browser.find(By::Css(selector)).await?.focus().await?)
}

/// Whether `expression` holds in the page.
async fn holds(browser: &Browser, expression: &str) -> Result<bool> {
    Ok(browser.string(&format!("String(Boolean({expression}))")).await? == "true")
}

/// Where the focus is, and how that is seen. Numbered are all elements that take it, in the order of
/// the page.
const STOP: &str = "
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')];
    const at = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    const { left, top, width, height } = at.getBoundingClientRect();
    const inside = document.elementFromPoint(left + Math.min(width / 2, innerWidth / 2), top + Math.min(height / 2, 20));
    return {
        number: all.indexOf(at),
        name: at.outerHTML.slice(0, 100),
        outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        covered: inside !== null && !at.contains(inside) && !inside.contains(at),
        outside: top < 0 || top >= innerHeight,
    };
";

/// The numbers of those that Tab should come to, by the same numbering: a radio button stands for
/// its group.
const REACHABLE: &str = "
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')];
    const groups = new Set();
    return [...all.keys()].filter(number => {
        const one = all[number];
        if (!one.checkVisibility({ visibilityProperty: true }) || one.tabIndex < 0 || one.disabled) return false;
        if (one.type !== 'radio') return true;
        const chosen = document.querySelector(`input[name='${one.name}']:checked`);
        if (chosen ? chosen !== one : groups.has(one.name)) return false;
        return groups.add(one.name);
    });
";

#[tokio::test]
async fn tab_comes_to_everything_in_order_and_is_seen_there() {
    in_browser(root(), async |browser, book| {
        browser.as_from_a_static_host().await?;
        browser.with_less_motion().await?;
        for size in [(1280, 1000), (390, 844)] {
            browser.resize(size).await?;
            browser.goto(format!("{book}{CHAPTER}")).await?;
            let wanted: Vec<i64> = browser.execute(REACHABLE, []).await?.convert()?;
            ensure!(wanted.len() > 40, "{} places to go", wanted.len());
            let mut met = Vec::new();
            for _ in 0..=wanted.len() {
                press(browser, Key::Tab).await?;
                let stop: Value = browser.execute(STOP, []).await?.convert()?;
                let Some(number) = stop["number"].as_i64().filter(|number| *number >= 0) else {
                    break;
                };
                for (fault, wrong) in [("outlined", false), ("covered", true), ("outside", true)] {
                    ensure!(stop[fault] != wrong, "at {size:?}, {fault} is {wrong}: {stop}");
                }
                met.push(number);
            }
            ensure!(met.is_sorted(), "the order is {met:?}");
            let (wanted, met) = (BTreeSet::from_iter(wanted), BTreeSet::from_iter(met));
            let differ: Vec<_> = wanted.symmetric_difference(&met).collect();
            ensure!(
                differ.is_empty(),
                "at {size:?} Tab comes not to these, or to others: {differ:?}"
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_can_skip_to_the_text_and_no_key_is_taken_from_who_reads() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{CHAPTER}")).await?;
        press(browser, Key::Tab).await?;
        let skip = "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0";
        ensure!(holds(browser, skip).await?, "the first stop is no visible way to the text");
        press(browser, Key::Enter).await?;
        ensure!(holds(browser, "document.activeElement === document.querySelector('main')").await?);
        let before = browser.string("location.href").await?;
        for key in [Key::Right, Key::Left, Key::Down] {
            press(browser, key).await?;
        }
        ensure!(browser.string("location.href").await? == before, "an arrow key turned the page");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn the_contents_on_a_phone_open_close_and_give_the_focus_back() {
    in_browser(root(), async |browser, book| {
        browser.resize((390, 844)).await?;
        browser.goto(format!("{book}{CHAPTER}")).await?;
        let open = "document.getElementById('mdbook-sidebar').checkVisibility()";
        let on_toggle = "document.activeElement.id === 'mdbook-sidebar-toggle'";
        for escapes in [true, false] {
            ensure!(!holds(browser, open).await?, "they are open");
            focus(browser, "#mdbook-sidebar-toggle").await?;
            press(browser, Key::Enter).await?;
            ensure!(holds(browser, open).await?, "they do not open");
            let here = "document.activeElement.getAttribute('aria-current') === 'page'";
            ensure!(holds(browser, here).await?, "the focus is not on this page’s line");
            if escapes {
                press(browser, Key::Escape).await?;
                ensure!(holds(browser, &format!("!{open} && {on_toggle}")).await?, "Escape");
            }
        }
        // Left behind, they make room for what has the focus then.
        focus(browser, "main a").await?;
        ensure!(!holds(browser, open).await?, "they lie over what has the focus");
        browser.console_is_empty().await
    })
    .await;
}

async fn open_search(browser: &Browser) -> Result<()> {
    let keys = browser.action_chain().key_down(Key::Control).send_keys("k").key_up(Key::Control);
    Ok(keys.perform().await?)
}

/// Whoever dictates presses them with every word.
async fn letters_do_nothing(browser: &Browser) -> Result<()> {
    press(browser, "s/?k").await?;
    let closed = "document.getElementById('mdbook-search-toggle').ariaExpanded === 'false'";
    ensure!(holds(browser, closed).await?, "a letter has opened the search");
    Ok(())
}

#[tokio::test]
async fn themes_and_search_are_used_with_keys() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{CHAPTER}")).await?;
        focus(browser, "#theme").await?;
        for theme in ["light", "rust", "coal"] {
            press(browser, Key::Down).await?;
            let class = browser.string("document.documentElement.className").await?;
            ensure!(class.split(' ').any(|name| name == theme), "{theme}: {class}");
        }

        focus(browser, "main").await?;
        letters_do_nothing(browser).await?;
        open_search(browser).await?;
        let bar = "bar => bar === document.activeElement && bar";
        browser.wait_for("mdbook-searchbar", bar).await?;
        press(browser, Key::Escape).await?;
        letters_do_nothing(browser).await.context("once the search has come")?;
        open_search(browser).await?;
        browser.wait_for("mdbook-searchbar", bar).await?;
        press(browser, "deadlock").await?;
        let found = "list => list.querySelector('a') && list";
        browser.wait_for("mdbook-searchresults", found).await?;
        press(browser, Key::Down).await?;
        let first = browser
            .string("document.querySelector('#mdbook-searchresults .focus a')?.href ?? ''")
            .await?;
        ensure!(!first.is_empty(), "the first result is not chosen");
        let stay = "navigation.addEventListener('navigate', leave => {
            leave.preventDefault();
            window.went = leave.destination.url;
        })";
        browser.execute(stay, []).await?;
        press(browser, Key::Enter).await?;
        let gone = "const [done] = arguments;
            if (window.went) done(window.went);
            else navigation.addEventListener('navigate', leave => done(leave.destination.url));";
        let went: String = browser.execute_async(gone, []).await?.convert()?;
        ensure!(went == first, "to {went}, not to {first}");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn a_prediction_is_looked_through_with_arrows_and_answered_with_the_space_bar() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{CHAPTER}")).await?;
        let chosen = "document.querySelectorAll('.predict input:checked').length";
        focus(browser, ".predict input").await?;
        for _ in 0..2 {
            press(browser, Key::Down).await?;
        }
        let third = "document.activeElement === document.querySelectorAll('.predict input')[2]";
        ensure!(holds(browser, third).await?, "the arrows do not lead to the third option");
        ensure!(!holds(browser, chosen).await?, "an arrow has answered");
        press(browser, " ").await?;
        ensure!(holds(browser, &format!("{third} && document.activeElement.checked")).await?);
        ensure!(holds(browser, "document.querySelector('.feedback').childElementCount").await?);
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn languages_and_turns_are_chosen_with_keys() {
    in_browser(root(), async |browser, book| {
        browser.goto(format!("{book}{CHAPTER}")).await?;
        focus(browser, "[role=tab][aria-selected=true]").await?;
        press(browser, Key::Right).await?;
        let python = "document.activeElement.textContent === 'Python' \
                      && document.getElementById(document.activeElement.getAttribute('aria-controls')).checkVisibility()";
        ensure!(holds(browser, python).await?, "the arrow does not show Python");

        let steps = "document.querySelectorAll('.explore-dot').length";
        focus(browser, ".explore-step").await?;
        for key in [TypingData::from(Key::Enter), " ".into()] {
            press(browser, key).await?;
        }
        ensure!(browser.string(&format!("String({steps})")).await? == "2", "{}", browser.string(&format!("String({steps})")).await?);
        let note = browser.string("document.querySelector('.explore-note[role=status]').textContent").await?;
        ensure!(note.starts_with("thread "), "nobody is told: {note}");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn nothing_moves_for_who_wants_no_motion() {
    in_browser(root(), async |browser, book| {
        browser.with_less_motion().await?;
        browser.goto(format!("{book}{CHAPTER}")).await.context("the chapter")?;
        let script = "return [...document.querySelectorAll('*')].flatMap(element => ['', '::before', '::after'].map(part => {
            const style = getComputedStyle(element, part);
            const still = /^(0s(, )?)+$/.test(style.transitionDuration) && style.animationName === 'none' && style.scrollBehavior === 'auto';
            return still ? '' : `${element.outerHTML.slice(0, 60)} ${part}`;
        })).filter(Boolean)";
        let moving: Vec<String> = browser.execute(script, []).await?.convert()?;
        ensure!(moving.is_empty(), "{moving:#?}");
        let parameters = json!({ "features": [] });
        browser.cdp().send_raw("Emulation.setEmulatedMedia", parameters).await?;
        Ok(())
    })
    .await;
}
