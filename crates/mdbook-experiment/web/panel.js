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

    const addChoices = (predict) => {
        const options = [...predict.querySelectorAll(".options > li")];
        const answers = [...predict.querySelectorAll(".answers > li")];
        const right = answers.findIndex((answer) => answer.classList.contains("recorded"));
        const feedback = create("div", { className: "feedback answers" });
        feedback.setAttribute("aria-live", "polite");
        const again = create("button", { type: "button", className: "again", hidden: true },
            "choose again");
        const letter = (index) => String.fromCharCode(65 + index);
        const said = (index) => create("div", { className: answers[index].className },
            ...[...answers[index].childNodes].map((node) => node.cloneNode(true)));

        const radios = options.map((option, index) => {
            const radio = create("input", { type: "radio", name: predict.id });
            radio.addEventListener("change", () => {
                memory.set(predict.id, index);
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
            feedback.replaceChildren(said(index));
            if (index !== right) {
                feedback.append(create("p", {}, `The answer is ${letter(right)}.`), said(right));
            }
            again.hidden = false;
        };
        again.addEventListener("click", () => {
            memory.forget(predict.id);
            radios.forEach((radio) => { radio.checked = false; });
            feedback.replaceChildren();
            again.hidden = true;
            radios[0].focus();
        });

        const list = predict.querySelector(".options");
        keepArrows(list);
        list.after(feedback, again);
        const chosen = Number(memory.get(predict.id) ?? -1);
        if (radios[chosen]) choose(chosen);
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
        if (document.querySelector('meta[name="lab-token"]')) {
            ready().then(() => Lab.attach(panel)).catch(failed);
        }
    };

    document.querySelectorAll(".panel .command").forEach(addCopy);
    document.querySelectorAll(".panel").forEach(addOwnRun);
    document.querySelectorAll(".listing").forEach(addTabs);
    showLanguage(memory.get("language") === "Python" ? "Python" : "Rust");
    document.querySelectorAll(".predict").forEach(addChoices);
})();
