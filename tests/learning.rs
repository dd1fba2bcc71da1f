//! What a reader answers: predictions are kept, marked, listed and forgotten, and without scripts
//! they are questions with an answer to fold out; a wrong answer to an exercise is a page to step
//! through.

mod chromium;

use std::process::Command;

use anyhow::{Context, Result, ensure};
use chromium::{Browser, in_browser};
use house_tests::root;
use thirtyfour::By;

const CHAPTER: &str = "races/race_condition.html";
const LIST: &str = "appendix/predictions.html";

/// The texts of the marks in the contents, with what they say to those who cannot see them.
const MARKS: &str = "[...document.querySelectorAll('#mdbook-sidebar .answered')].map(mark =>
    `${mark.parentElement.getAttribute('href').replace(/^.*\\.\\.\\//, '')} ${mark.textContent} ${mark.ariaLabel}`)";

/// Chooses the option that the record makes right, or one that it does not.
async fn choose(browser: &Browser, right: bool) -> Result<()> {
    let class = if right { "recorded" } else { "other" };
    let script = "
        const predict = document.querySelector('.predict');
        const answers = [...predict.querySelectorAll('details .answers > li')];
        const index = answers.findIndex(answer => answer.classList.contains(arguments[0]));
        predict.querySelectorAll('input[type=radio]')[index].click();
    ";
    browser.execute(script, [class.into()]).await.context("choosing an option")?;
    Ok(())
}

#[tokio::test]
async fn a_prediction_is_kept_marked_listed_and_forgotten() {
    in_browser(root(), async |browser, book| {
        let (chapter, list) = (format!("{book}{CHAPTER}"), format!("{book}{LIST}"));
        let sum = "document.querySelector('.progress-sum').textContent";
        browser.goto(&list).await?;
        let all =
            browser.strings("[...document.querySelectorAll('.progress li a')].map(a => a.href)");
        let all = all.await?;
        ensure!(
            browser
                .string(sum)
                .await?
                .starts_with(&format!("You have answered 0 of {}", all.len()))
        );

        // A wrong one: the explanation, and the right one with its own.
        browser.goto(&chapter).await?;
        choose(browser, false).await?;
        let said = browser
            .strings("[...document.querySelectorAll('.feedback > div')].map(d => d.className)");
        ensure!(said.await? == ["other", "recorded"]);
        ensure!(browser.strings(MARKS).await? == [format!("{CHAPTER} ○ predicted otherwise")]);

        // It is still there after a while, on this page and in the contents of another.
        browser.refresh().await?;
        let chosen = "String(document.querySelectorAll('.predict input:checked').length)";
        ensure!(browser.string(chosen).await? == "1");
        browser.goto(&list).await?;
        ensure!(browser.strings(MARKS).await? == [format!("{CHAPTER} ○ predicted otherwise")]);
        let expected = format!("You have answered 1 of {}, and 0 as recorded.", all.len());
        ensure!(browser.string(sum).await?.starts_with(&expected));

        // A link of the list leads to the question; the right option changes both.
        let question = all.iter().find(|link| link.contains(CHAPTER)).context("a link to it")?;
        browser.goto(question).await?;
        let target = browser.string("document.querySelector(':target')?.className").await?;
        ensure!(target == "predict", "the link leads to {target}");
        choose(browser, true).await?;
        ensure!(browser.strings(MARKS).await? == [format!("{CHAPTER} ✓ predicted as recorded")]);
        browser.goto(&list).await?;
        let expected = format!("You have answered 1 of {}, and 1 as recorded.", all.len());
        ensure!(browser.string(sum).await?.starts_with(&expected));

        // Forgotten, nothing is left; what else the browser keeps for the book stays.
        browser.execute("localStorage.setItem('taking-turns:language', 'Python')", []).await?;
        browser.find(By::Css(".progress button")).await?.click().await?;
        ensure!(browser.strings(MARKS).await?.is_empty());
        ensure!(
            browser.string("Object.keys(localStorage).join()").await? == "taking-turns:language"
        );
        browser.goto(&chapter).await?;
        ensure!(browser.string(chosen).await? == "0");
        browser.console_is_empty().await
    })
    .await;
}

#[tokio::test]
async fn without_scripts_every_question_has_its_answer_folded_away() {
    in_browser(root(), async |browser, book| {
        browser.goto(&format!("{book}{LIST}")).await?;
        let links =
            browser.strings("[...document.querySelectorAll('.progress li a')].map(a => a.href)");
        for link in links.await? {
            // As it is served, which no script has changed.
            let script = "
                const [link, done] = arguments;
                fetch(link).then(answer => answer.text()).then(text => {
                    const page = new DOMParser().parseFromString(text, 'text/html');
                    const predict = page.querySelector(new URL(link).hash);
                    const options = predict?.querySelectorAll('.options > li').length;
                    const answers = predict?.querySelectorAll('details .answers > li').length;
                    const right = predict?.querySelectorAll('details .recorded').length;
                    done(options >= 2 && options === answers && right === 1);
                });
            ";
            let whole = browser.execute_async(script, [link.as_str().into()]).await?;
            ensure!(whole.json() == &serde_json::Value::Bool(true), "{link}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_wrong_answer_can_be_stepped_through_in_its_own_page() {
    in_browser(root(), async |browser, _| {
        let wrong = "exercises/any_transfer/wrong/one_after_the_other.rs";
        let told = Command::new(env!("CARGO"))
            .args(["exercise", "any_transfer", "--answer", wrong])
            .current_dir(root())
            .output()?;
        let told = String::from_utf8(told.stdout)?;
        let link = told.lines().find(|line| line.starts_with("file://")).context("a link")?;
        browser.goto(link).await?;
        let ended =
            browser.string("document.querySelector('.explore-forecast').textContent").await?;
        ensure!(ended == "It ends: 170 counted.", "{ended}");
        let code = browser.string("document.querySelector('.explore-code').textContent").await?;
        ensure!(code.contains("*accounts[from].lock().unwrap() -= amount;"), "{code}");
        let command = browser.string("document.querySelector('.explore-foot code').textContent");
        let command = command.await?;
        ensure!(command.starts_with("cargo exercise any_transfer --replay audit v1."), "{command}");
        // A step back, and it has not ended.
        browser
            .execute("[...document.querySelectorAll('.explore-controls button')][0].click()", [])
            .await?;
        let open =
            browser.string("document.querySelector('.explore-forecast').textContent").await?;
        ensure!(open.starts_with("From here, "), "{open}");
        browser.console_is_empty().await
    })
    .await;
}
