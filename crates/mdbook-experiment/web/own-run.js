// A run of the reader's own beside the recorded one: from a file, from the clipboard, dropped on
// the panel. Nothing of it leaves the page.
"use strict";

const OwnRun = (() => {
    const { html } = Reports;

    /** The recorded report, which lies in the panel. */
    const recorded = (panel) => JSON.parse(panel.querySelector("script.recorded").textContent);

    /** What is done with a report that a reader gives to `panel`. */
    const givers = new WeakMap();

    /** Adds to the panel's “your own run” what takes a report. */
    function attach(panel) {
        const details = panel.querySelector(".own-run");
        const name = details.dataset.experiment;
        const id = `${panel.id}-given`;
        const status = html("p", { class: "told", role: "status" });
        const shown = html("div");
        const remove = html("button", { type: "button", class: "again", hidden: true }, "remove your run");
        const file = html("input", { type: "file", accept: ".json,application/json", id: `${id}-file` });
        const paste = html("textarea", {
            id: `${id}-paste`, rows: 2, spellcheck: "false", autocomplete: "off",
        });

        const give = async (source) => {
            shown.replaceChildren();
            remove.hidden = true;
            try {
                readReport.tooLarge(source.size ?? source.length);
                const text = typeof source === "string" ? source : await source.text();
                const report = readReport(text, name);
                shown.append(Reports.comparison(report, recorded(panel), id));
                tell(status, "Here it is, beside the recorded run.");
                remove.hidden = false;
            } catch (error) {
                tell(status, error.message, true);
            }
        };
        givers.set(panel, give);

        file.addEventListener("change", async () => {
            if (file.files.length === 0) return;
            await give(file.files[0]);
            file.value = "";
        });
        paste.addEventListener("input", async () => {
            const text = paste.value;
            paste.value = "";
            if (text.trim()) await give(text);
        });
        paste.addEventListener("paste", (event) => {
            const text = event.clipboardData?.getData("text/plain");
            if (!text) return;
            // A text area would lay out every line of it first.
            event.preventDefault();
            give(text);
        });
        remove.addEventListener("click", () => {
            shown.replaceChildren();
            remove.hidden = true;
            tell(status, "Removed.");
            file.focus();
        });

        details.append(
            html("p", {}, "Its report comes into this page with"),
            html("p", { class: "command" }, html("code", {}, "$ ",
                html("span", { class: "typed" }, `cargo run --example ${name} -- --json > run.json`))),
            html("div", { class: "give" },
                html("label", { for: file.id }, "Choose the file, or drop it on this panel"), file,
                html("label", { for: paste.id }, "or paste its text here"), paste),
            html("p", { class: "quiet" }, "It stays in this page: nothing is sent anywhere."),
            status, remove, shown);
        return details;
    }

    /** Says `text` in a status line, as a mistake or not. */
    function tell(status, text, mistake = false) {
        status.classList.toggle("mistake", mistake);
        status.textContent = text;
    }

    /** Opens “your own run” of `panel` and draws what was dropped, a file or a text. */
    function receive(panel, source) {
        panel.querySelector(".own-run").open = true;
        return givers.get(panel)(source);
    }

    return { attach, receive, recorded, tell };
})();
