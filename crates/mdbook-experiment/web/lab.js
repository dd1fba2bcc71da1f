// The panel on a page that the lab serves: its experiment is run on this machine. The requests are
// those of crates/lab; every one bears the token that the lab has put into the page.
"use strict";

const Lab = (() => {
    const { html, format, unbroken } = Reports;
    const { tell } = OwnRun;

    const token = document.querySelector('meta[name="lab-token"]')?.content;
    const root = new URL(`${path_to_root}lab/`, location.href);
    /** How often a page asks whether the experiment is built, in milliseconds. */
    const PATIENCE = 1_000;
    /** Characters of output that are kept. */
    const MOST_OUTPUT = 100_000;
    const GONE = "The lab does not answer. Is `cargo run` still running?";

    // ── Asking ──────────────────────────────────────────────────────────────────────────────

    /** What the lab answers, as JSON; throws an Error whose message is for the reader. */
    async function ask(method, path, body) {
        const headers = { "X-Lab-Token": token };
        if (body) headers["Content-Type"] = "application/json";
        let response;
        try {
            response = await fetch(new URL(path, root), { method, headers, body: body && JSON.stringify(body) });
        } catch {
            throw new Error(GONE);
        }
        const answer = await response.json().catch(() => ({}));
        if (response.ok) return answer;
        // Another process has another token, and knows nothing of this page.
        if (response.status === 403) throw new Error("The lab has been started again: reload this page.");
        throw new Error(answer.problem ?? `The lab answered with error ${response.status}.`);
    }

    // ── Controls ────────────────────────────────────────────────────────────────────────────

    /** A whole number as a reader types it, with spaces or underscores between digits; or NaN. */
    const parse = (text) => (/^\d+([ \u00a0_]\d+)*$/.test(text.trim()) ? Number(text.replace(/\D/g, "")) : NaN);

    /** The control of a whole number: its range shown, its default filled in. */
    function countControl(id, { name, help, unit, least, most, ...defaults }) {
        const hint = html("span", { class: "hint", id: `${id}-hint` });
        const input = html("input", {
            id, inputmode: "numeric", autocomplete: "off", size: format("count", most).length,
            "aria-describedby": hint.id,
        });
        let standard = defaults.default;
        const range = unbroken(`${format("count", least)} to ${format("count", most)}`);
        const value = () => parse(input.value);
        const valid = () => value() >= least && value() <= most;
        const control = {
            name,
            input,
            valid,
            given: () => (value() === standard ? null : value()),
            /** The reader's own value stays where there is one. */
            setQuick(quick) {
                const untouched = input.value === "" || value() === standard;
                standard = quick ? defaults.quick : defaults.default;
                if (untouched) input.value = format("count", standard);
                control.check();
            },
            check() {
                input.setAttribute("aria-invalid", !valid());
                hint.textContent = valid()
                    ? `${help}, ${range}, ${unbroken(`default ${format("count", standard)}`)}`
                    : `✗ a whole number, ${range}`;
            },
            element: html("div", { class: "field" },
                html("label", { for: id }, name, unit ? html("span", { class: "quiet" }, ` in ${unit}`) : null),
                input, hint),
        };
        control.setQuick(false);
        return control;
    }

    /** The control of a text that may be left out. */
    function textControl(id, { name, help, placeholder }) {
        const input = html("input", {
            id, autocomplete: "off", spellcheck: "false", placeholder, "aria-describedby": `${id}-hint`,
        });
        return {
            name,
            input,
            valid: () => true,
            given: () => input.value.trim() || null,
            setQuick() {},
            check() {},
            element: html("div", { class: "field" }, html("label", { for: id }, name), input,
                html("span", { class: "hint", id: `${id}-hint` }, `${help}; may be left empty`)),
        };
    }

    const box = (words) => {
        const input = html("input", { type: "checkbox" });
        return { input, element: html("label", { class: "box" }, input, words) };
    };

    /** A word as a shell takes it. */
    const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

    /** What the reader may choose; `changed` is called after each change. */
    function controlsOf(description, id, changed) {
        // A file is named in a terminal, not by a page.
        const own = description.parameters.filter(({ kind }) => kind !== "file").map((parameter) =>
            (parameter.kind === "count" ? countControl : textControl)(`${id}-${parameter.name}`, parameter));
        const trials = countControl(`${id}-trials`, {
            name: "trials", help: "Repetitions", unit: "", ...description.trials,
        });
        const all = [...own, trials];
        const quick = box("a small size, quickly");
        const twin = box("the Python twin too");

        const update = () => {
            all.forEach((control) => control.check());
            changed();
        };
        quick.input.addEventListener("change", () => {
            all.forEach((control) => control.setQuick(quick.input.checked));
            changed();
        });
        all.forEach(({ input }) => input.addEventListener("input", update));
        twin.input.addEventListener("change", changed);

        return {
            elements: [
                html("div", { class: "fields" }, all.map(({ element }) => element)),
                html("div", { class: "boxes" }, quick.element, description.twin ? twin.element : null),
            ],
            wrong: () => all.find((control) => !control.valid())?.input,
            /** The options that differ from their defaults, as they would be typed. */
            typed() {
                const given = all.filter((control) => control.given() !== null)
                    .map((control) => `--${control.name} ${quoted(String(control.given()))}`);
                if (quick.input.checked) given.push("--quick");
                if (twin.input.checked) given.push("--twin");
                return given.join(" ");
            },
            /** The same for the lab. */
            request() {
                const parameters = own.map((control) => [control.name, control.given()]);
                return {
                    parameters: Object.fromEntries(parameters.filter(([, value]) => value !== null)),
                    ...(trials.given() === null ? {} : { trials: trials.given() }),
                    quick: quick.input.checked,
                    twin: twin.input.checked,
                };
            },
        };
    }

    // ── A run ───────────────────────────────────────────────────────────────────────────────

    /** Watches a run until it is done; `hear` gets each message. Rejects if the lab goes away. */
    const watch = (run, hear) => new Promise((resolve, reject) => {
        const address = new URL(`runs/${run}`, root);
        address.protocol = "ws:";
        const socket = new WebSocket(address, ["lab", token]);
        let done = null;
        socket.addEventListener("message", (event) => {
            try {
                const message = JSON.parse(event.data);
                if (message.state === "done") done = message;
                else hear(message);
            } catch (error) {
                reject(error);
                socket.close();
            }
        });
        // A page that the browser keeps for the way back would keep its run, too.
        addEventListener("pagehide", () => {
            reject(new Error("The run ended when you left the page."));
            socket.close();
        }, { once: true });
        socket.addEventListener("close", () => {
            if (done) resolve(done);
            else reject(new Error("The lab went away before the run was over."));
        });
    });

    const runs = (count) => `${format("count", count)} ${count === 1 ? "run" : "runs"}`;
    const STATES = {
        queued: ({ ahead }) => (ahead > 0 ? `queued, ${runs(ahead)} ahead` : "queued, next"),
        compiling: () => "compiling",
        running: () => "running",
    };

    /** What the experiment says, as it comes, of which the last part is kept. */
    function outputRegion() {
        const text = html("pre", { tabindex: 0, role: "region", "aria-label": "What the experiment says" });
        const details = html("details", { class: "said", hidden: true },
            html("summary", {}, "what it says"), text);
        let length = 0;
        let cut = null;
        return {
            element: details,
            clear() {
                text.replaceChildren();
                length = 0;
                cut = null;
                details.hidden = true;
            },
            add(output) {
                const follows = text.scrollTop + text.clientHeight >= text.scrollHeight - 4;
                if (length === 0) {
                    details.hidden = false;
                    details.open = true;
                }
                const piece = output.slice(-MOST_OUTPUT);
                text.append(piece);
                length += piece.length;
                while (length > MOST_OUTPUT) {
                    cut ??= html("span", { class: "cut" }, "(what it said before is left out)\n");
                    const oldest = [...text.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
                    length -= oldest.length;
                    oldest.remove();
                    text.prepend(cut);
                }
                if (follows) text.scrollTop = text.scrollHeight;
            },
            fold() { details.open = false; },
        };
    }

    // ── The panel ───────────────────────────────────────────────────────────────────────────

    function attach(panel) {
        const name = panel.id;
        const id = `${name}-live`;
        const status = html("span", { class: "told", role: "status" });
        const count = html("span", { class: "quiet count" });
        const progress = html("progress", { hidden: true, "aria-label": "Trials done" });
        const command = html("span", { class: "typed" });
        const commandLine = html("p", { class: "command" }, html("code", {}, "$ ", command));
        const button = html("button", { type: "button", class: "run" }, "Run here ▸");
        const chosen = html("div", { class: "chosen" });
        const output = outputRegion();
        const result = html("div");
        const form = html("form", { novalidate: true },
            chosen,
            html("div", { class: "go" }, button, commandLine),
            html("p", { class: "state" }, status, " ", count), progress);
        const live = html("section", { class: "live", "aria-label": `Run ${name} here` },
            form, output.element, result);
        panel.querySelector("header").after(live);
        addCopy(commandLine);

        let controls = null;
        let running = null;

        const showCommand = () => {
            if (controls?.wrong()) return;
            const typed = controls?.typed();
            command.textContent = `cargo run --example ${name}${typed ? ` -- ${typed}` : ""}`;
        };
        showCommand();

        /** Waits until the lab knows what can be chosen. */
        async function describe() {
            const answer = await ask("GET", `experiments/${name}`);
            if (answer.description && !controls) {
                controls = controlsOf(answer.description, id, showCommand);
                chosen.replaceChildren(...controls.elements);
                showCommand();
            }
            const said = {
                waiting: "waits to be compiled",
                compiling: "is being compiled",
                ready: "",
                failed: answer.problem ?? "cannot be compiled",
            }[answer.state] ?? "";
            if (!running) tell(status, said, answer.state === "failed");
            if (!controls || answer.state === "waiting" || answer.state === "compiling") {
                if (answer.state !== "failed") setTimeout(() => describe().catch(trouble), PATIENCE);
            }
        }
        const trouble = (error) => tell(status, error.message, true);

        function hear(message) {
            if (message.state) tell(status, STATES[message.state]?.(message) ?? message.state);
            if (message.state === "running") progress.hidden = false;
            if (typeof message.output === "string") output.add(message.output);
            if (message.progress) {
                const [done, of] = message.progress;
                Object.assign(progress, { max: of, value: done });
                count.textContent = `${format("count", done)} of ${format("count", of)} trials`;
            }
            if (message.report) {
                const report = readReport(message.report, name);
                result.replaceChildren(Reports.comparison(report, OwnRun.recorded(panel), id),
                    html("p", { class: "by-itself" }, "The recorded run by itself"));
            }
        }

        async function run() {
            output.clear();
            result.replaceChildren();
            count.textContent = "";
            progress.removeAttribute("value");
            button.textContent = "Stop ■";
            tell(status, "asked");
            running = {};
            try {
                const request = { experiment: name, ...controls?.request() };
                const started = await ask("POST", "runs", request);
                running.id = started.run;
                if (running.stop) stop();
                const { outcome, said } = await watch(started.run, hear);
                tell(status, said || outcome, outcome !== "finished" && outcome !== "stopped");
                if (outcome === "finished" && result.hasChildNodes()) output.fold();
            } catch (error) {
                trouble(error);
            }
            running = null;
            progress.hidden = true;
            count.textContent = "";
            button.textContent = "Run again ▸";
        }

        /** Asks the lab to end the run; the run's socket says when it has. */
        function stop() {
            running.stop = true;
            tell(status, "stopping");
            if (running.id) ask("POST", `runs/${running.id}/stop`, {}).catch(trouble);
        }

        const start = () => {
            const wrong = controls?.wrong();
            if (wrong) wrong.focus();
            else run();
        };
        button.addEventListener("click", () => (running ? stop() : start()));
        form.addEventListener("submit", (event) => event.preventDefault());
        form.addEventListener("keydown", (event) => {
            // mdBook turns pages on arrow keys.
            if (event.key.startsWith("Arrow")) event.stopPropagation();
            // Enter starts a run, and never stops one.
            if (event.key === "Enter" && event.target !== button) {
                event.preventDefault();
                if (!running) start();
            }
        });
        ask("POST", `experiments/${name}/open`, {}).then(describe).catch(trouble);
        watchLab(status, () => running);
    }

    /** Says so when the lab goes away: the page's own socket to it closes. */
    function watchLab(status, running) {
        if (typeof reloads === "undefined") return;
        reloads.addEventListener("close", () => {
            // Of a run that it took along, more has been said.
            if (!running() && !status.classList.contains("mistake")) tell(status, GONE, true);
        });
    }

    return { attach, present: Boolean(token) };
})();
