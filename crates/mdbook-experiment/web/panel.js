// Adds to panels, listings and predictions what only a script can. Pages are
// complete without it, and it sends nothing anywhere but to the lab, where that
// has served the page.
"use strict";

/** Adds to a command the button that copies it. */
const addCopy = (command) => {
    if (!navigator.clipboard) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: "copy" });
    button.setAttribute("aria-label", "copy the command");
    button.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(command.querySelector(".typed").textContent);
            button.textContent = "copied";
        } catch {
            button.textContent = "not allowed";
        }
        setTimeout(() => { button.textContent = "copy"; }, 2000);
    });
    command.append(button);
};

(() => {
    // What the reader chose stays on this machine, if the browser keeps it.
    const memory = {
        get(key) {
            try { return localStorage.getItem(`taking-turns:${key}`); } catch { return null; }
        },
        set(key, value) {
            try { localStorage.setItem(`taking-turns:${key}`, value); } catch { /* not kept */ }
        },
        forget(key) {
            try { localStorage.removeItem(`taking-turns:${key}`); } catch { /* not kept */ }
        },
        keys() {
            try {
                const ours = Object.keys(localStorage).filter((key) => key.startsWith("taking-turns:"));
                return ours.map((key) => key.slice("taking-turns:".length));
            } catch { return []; }
        },
    };

    const create = (name, properties = {}, ...children) => {
        const element = Object.assign(document.createElement(name), properties);
        element.append(...children);
        return element;
    };

    // mdBook turns pages on arrow keys, and these widgets need them.
    const keepArrows = (element) =>
        element.addEventListener("keydown", (event) => {
            if (event.key.startsWith("Arrow")) event.stopPropagation();
        });

    // The same code in two languages: one is shown, in all listings of a page.
    const showLanguage = (language) => {
        for (const tab of document.querySelectorAll(".listing [role=tab]")) {
            const chosen = tab.textContent === language;
            tab.setAttribute("aria-selected", chosen);
            tab.tabIndex = chosen ? 0 : -1;
            document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
        }
    };

    const addTabs = (listing, number) => {
        const figures = [...listing.querySelectorAll(":scope > figure")];
        if (figures.length < 2) return;
        const tabs = figures.map((figure, index) => {
            const language = figure.dataset.language;
            figure.id = `listing-${number}-${index}`;
            figure.setAttribute("role", "tabpanel");
            const tab = create("button", { type: "button", id: `${figure.id}-tab` }, language);
            tab.setAttribute("role", "tab");
            tab.setAttribute("aria-controls", figure.id);
            figure.setAttribute("aria-labelledby", tab.id);
            tab.addEventListener("click", () => {
                // The tab stays where it is, though listings above it change height.
                const before = tab.getBoundingClientRect().top;
                memory.set("language", language);
                showLanguage(language);
                scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
            });
            return tab;
        });
        const list = create("div", {}, ...tabs);
        list.setAttribute("role", "tablist");
        list.setAttribute("aria-label", "Language");
        list.addEventListener("keydown", (event) => {
            const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (!step) return;
            const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
            next.click();
            next.focus();
        });
        keepArrows(list);
        listing.classList.add("tabbed");
        listing.prepend(list);
    };

    // An answer is kept as the option, whether it was right, and the page: "1 right races/x.html".
    const answers = {
        kept(id) {
            const [option, right, page] = (memory.get(id) ?? "").split(" ");
            return option === "" ? null : { option: Number(option), right: right === "right", page };
        },
        keep(id, option, right) {
            const root = new URL(path_to_root || "./", location.href).pathname;
            const page = decodeURI(location.pathname).slice(decodeURI(root).length);
            memory.set(id, `${option} ${right ? "right" : "other"} ${page}`);
            markContents();
        },
        forget(id) {
            memory.forget(id);
            markContents();
        },
        all: () => memory.keys().filter((key) => key.startsWith("predict-")),
    };

    // In the contents, a mark at each chapter whose question was answered.
    const markContents = () => {
        document.querySelectorAll("#mdbook-sidebar .answered").forEach((mark) => mark.remove());
        const chapters = new Map();
        for (const { right, page } of answers.all().map(answers.kept)) {
            chapters.set(page, right && (chapters.get(page) ?? true));
        }
        for (const link of document.querySelectorAll("#mdbook-sidebar a[href]")) {
            const root = new URL(path_to_root || "./", location.href).href;
            const right = chapters.get(link.href.slice(root.length).split("#")[0]);
            if (right === undefined) continue;
            const mark = create("span", { className: "answered" }, right ? "✓" : "○");
            mark.title = right ? "predicted as recorded" : "predicted otherwise";
            mark.setAttribute("role", "img");
            mark.setAttribute("aria-label", mark.title);
            link.append(mark);
        }
    };

    // The page that lists all predictions: what was answered, and a way to forget it.
    const addProgress = (progress) => {
        const sum = progress.querySelector(".progress-sum");
        const items = [...progress.querySelectorAll("li[data-predict]")];
        const forget = create("button", { type: "button", className: "again" }, "forget all answers");
        const draw = () => {
            let [answered, right] = [0, 0];
            for (const item of items) {
                const kept = answers.kept(item.dataset.predict);
                const hit = kept?.option === Number(item.dataset.answer);
                answered += kept ? 1 : 0;
                right += hit ? 1 : 0;
                item.querySelector(".standing")?.remove();
                const words = !kept ? "not answered" : hit ? "✓ as recorded" : "○ otherwise";
                item.append(create("span", { className: `standing ${hit ? "hit" : ""}` }, words));
            }
            sum.textContent = `You have answered ${answered} of ${items.length}, and ${right} as ` +
                "recorded. Your browser keeps this, and sends it nowhere.";
            forget.hidden = answered === 0;
        };
        forget.addEventListener("click", () => {
            answers.all().forEach(memory.forget);
            markContents();
            draw();
        });
        sum.after(forget);
        draw();
    };

    const addChoices = (predict) => {
        const options = [...predict.querySelectorAll(".options > li")];
        const explained = [...predict.querySelectorAll(".answers > li")];
        const right = explained.findIndex((answer) => answer.classList.contains("recorded"));
        const feedback = create("div", { className: "feedback answers" });
        feedback.setAttribute("aria-live", "polite");
        const again = create("button", { type: "button", className: "again", hidden: true },
            "choose again");
        const letter = (index) => String.fromCharCode(65 + index);
        const said = (index) => create("div", { className: explained[index].className },
            ...[...explained[index].childNodes].map((node) => node.cloneNode(true)));

        const radios = options.map((option, index) => {
            const radio = create("input", { type: "radio", name: predict.id });
            radio.addEventListener("change", () => {
                choose(index);
            });
            const words = create("span");
            words.append(...[...option.childNodes].flatMap((node) =>
                node.nodeName === "P" ? [...node.childNodes] : [node]));
            option.replaceChildren(create("label", {}, radio, words));
            return radio;
        });

        const choose = (index) => {
            radios[index].checked = true;
            // Anew each time, for a new record may have made another option right.
            answers.keep(predict.id, index, index === right);
            feedback.replaceChildren(said(index));
            if (index !== right) {
                feedback.append(create("p", {}, `The answer is ${letter(right)}.`), said(right));
            }
            again.hidden = false;
        };
        again.addEventListener("click", () => {
            answers.forget(predict.id);
            radios.forEach((radio) => { radio.checked = false; });
            feedback.replaceChildren();
            again.hidden = true;
            radios[0].focus();
        });

        const list = predict.querySelector(".options");
        keepArrows(list);
        list.after(feedback, again);
        const kept = answers.kept(predict.id);
        if (kept && radios[kept.option]) choose(kept.option);
    };

    // What draws reports and runs experiments comes when it is needed; theme/index.hbs
    // says what it is.
    let coming = null;
    const load = (address) => new Promise((resolve, reject) => {
        const element = address.endsWith(".css")
            ? create("link", { rel: "stylesheet", href: address })
            : create("script", { src: address, async: false });
        element.addEventListener("load", resolve);
        element.addEventListener("error", () => reject(new Error(`cannot load ${address}`)));
        document.head.append(element);
    });
    const ready = () => coming ??= Promise.all(later_files.map(load)).then(() => {
        for (const panel of document.querySelectorAll(".panel:has(.own-run)")) {
            OwnRun.attach(panel).querySelectorAll(".command:not(:has(.copy))").forEach(addCopy);
        }
    });

    const addOwnRun = (panel) => {
        const details = panel.querySelector(".own-run");
        if (!details || typeof later_files === "undefined") return;
        const failed = (error) => details.append(create("p", { className: "told mistake" }, error.message));
        details.addEventListener("toggle", () => details.open && ready().catch(failed));
        const takes = ({ dataTransfer: { types } }) => types.includes("Files") || types.includes("text/plain");
        panel.addEventListener("dragover", (event) => takes(event) && event.preventDefault());
        panel.addEventListener("drop", (event) => {
            if (!takes(event)) return;
            event.preventDefault();
            const dropped = event.dataTransfer.files[0] ?? event.dataTransfer.getData("text/plain");
            ready().then(() => OwnRun.receive(panel, dropped)).catch(failed);
        });
        // The page of all chapters would have all experiments compiled.
        const runsHere = document.querySelector("body:not(.all-chapters)") &&
            document.querySelector('meta[name="lab-token"]');
        if (runsHere) {
            ready().then(() => Lab.attach(panel)).catch(failed);
        }
    };

    document.querySelectorAll(":is(.panel, .exercise) .command").forEach(addCopy);
    document.querySelectorAll(".panel").forEach(addOwnRun);
    document.querySelectorAll(".listing").forEach(addTabs);
    showLanguage(memory.get("language") === "Python" ? "Python" : "Rust");
    document.querySelectorAll(".predict").forEach(addChoices);
    document.querySelectorAll(".progress").forEach(addProgress);
    markContents();
})();
