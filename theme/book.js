// What a page of the book can do: its contents, themes, search, and what stands at a code block.
// Without it the page is whole. It asks no other host for anything until a reader clicks on "run".

"use strict";

const remember = (key, value) => {
    try {
        if (value) localStorage.setItem(key, value);
        else localStorage.removeItem(key);
    } catch {
        // The choice holds for this page.
    }
};

/** A script that the page needs besides those that it names; they run in the order of the calls. */
const load = address => {
    const script = document.createElement("script");
    script.src = address;
    script.async = false;
    document.head.append(script);
    return script;
};

// mdBook's search asks by this name whether a key is meant for somebody else. A letter by itself is:
// whoever dictates would open the search with any word that has an "s".
function mdbook_something_else_has_focus(event) {
    const typing = event.composedPath()[0].matches?.("input, select, textarea, [contenteditable]");
    return typing || event.key?.length === 1;
}

(function contents() {
    const page = document.documentElement;
    const toggle = document.getElementById("mdbook-sidebar-toggle");
    const sidebar = document.getElementById("mdbook-sidebar");
    const visible = () => page.classList.contains("sidebar-visible");
    function show(yes) {
        page.classList.toggle("sidebar-visible", yes);
        toggle.setAttribute("aria-expanded", yes);
    }
    // On a narrow screen the contents cover the page, and are closed again on the next.
    const covers = () => visible() && !wide.matches;
    const here = sidebar.querySelector("a.active");
    here?.setAttribute("aria-current", "page");
    show(visible());
    toggle.addEventListener("click", () => {
        show(!visible());
        if (wide.matches) remember("mdbook-sidebar", visible() ? "visible" : "hidden");
        if (covers()) (here ?? sidebar.querySelector("a"))?.focus();
    });
    sidebar.addEventListener("focusout", ({ relatedTarget: next }) => {
        if (covers() && next && next !== toggle && !sidebar.contains(next)) show(false);
    });
    document.addEventListener("keydown", event => {
        if (event.key === "Escape" && covers()) {
            show(false);
            toggle.focus();
        }
    });
    document.addEventListener("click", event => {
        if (covers() && !sidebar.contains(event.target) && event.target !== toggle) show(false);
    });
    wide.addEventListener("change", () => {
        show(wide.matches && remembered("mdbook-sidebar") !== "hidden");
    });
})();

(function chooseTheme() {
    const choice = document.getElementById("theme");
    const page = document.documentElement;
    const names = [...choice.options].map(option => option.value).filter(Boolean);
    function apply() {
        page.classList.remove(...names);
        page.classList.add(theme());
    }
    choice.value = remembered("mdbook-theme") ?? "";
    choice.addEventListener("change", () => {
        remember("mdbook-theme", choice.value);
        apply();
    });
    dark.addEventListener("change", apply);
})();

// What is cut off gets the focus, so that the arrow keys can move it. Chromium and Firefox see to that
// by themselves, Safari does not.
(function scrollByKeyboard() {
    const scrolls = place => place.scrollWidth > place.clientWidth || place.scrollHeight > place.clientHeight;
    const places = ".scroll, .table-wrapper, pre > code, .said pre, .explore-code, .explore-track";
    const sizes = new ResizeObserver(entries => {
        for (const place of new Set(entries.map(({ target }) => target.closest(places)))) {
            if (place && scrolls(place)) place.tabIndex = 0;
            else place?.removeAttribute("tabindex");
        }
    });
    function watch(part) {
        for (const place of [part, ...part.querySelectorAll(places)].filter(one => one.matches(places))) {
            for (const box of [place, ...place.children]) sizes.observe(box);
        }
    }
    const main = document.querySelector("main");
    watch(main);
    // Panels and explorers draw anew.
    new MutationObserver(changes => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        added.filter(node => node.nodeType === Node.ELEMENT_NODE).forEach(watch);
    }).observe(main, { childList: true, subtree: true });
})();

(function followTrack() {
    const key = "taking-turns:track";
    const sections = document.querySelectorAll("section.track");
    function show() {
        for (const nav of document.querySelectorAll("nav.track")) {
            nav.hidden = nav.dataset.track !== remembered(key);
        }
        for (const section of sections) {
            const followed = section.id === remembered(key);
            section.querySelector("button").textContent = followed ? "Stop following" : "Follow this track";
            section.classList.toggle("followed", followed);
        }
    }
    for (const section of sections) {
        const choice = section.querySelector("button");
        choice.hidden = false;
        choice.addEventListener("click", () => {
            remember(key, section.id === remembered(key) ? "" : section.id);
            show();
        });
    }
    show();
})();

(function codeBlocks() {
    const language = code => /\blanguage-([\w+#-]+)/.exec(code.className)?.[1];
    const blocks = [...document.querySelectorAll("main pre > code")].filter(language);
    for (const code of blocks) {
        const tools = document.createElement("div");
        tools.className = "tools";
        if (code.classList.contains("play")) tools.append(button("run", () => run(code)));
        if (code.querySelector(".boring")) tools.append(hiddenLines(code));
        tools.append(copy(code, language(code)));
        code.before(tools);
    }
    // An explorer colours its own code, once the page with all its scripts is there.
    if (blocks.length > 0 || document.querySelector(".explore")) {
        load(highlight_script).addEventListener("load", () => {
            for (const code of blocks.filter(code => hljs.getLanguage(language(code)))) colour(code);
        });
    }

    // Hidden lines are elements, of which what colours code knows nothing: each part by itself.
    function colour(code) {
        for (const part of [...code.childNodes]) {
            const coloured = part.nodeType === Node.TEXT_NODE ? document.createElement("span") : part;
            const options = { language: language(code), ignoreIllegals: true };
            coloured.innerHTML = hljs.highlight(part.textContent, options).value;
            if (coloured !== part) part.replaceWith(...coloured.childNodes);
        }
    }

    function button(text, act) {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = text;
        made.addEventListener("click", () => act(made));
        return made;
    }

    function hiddenLines(code) {
        code.classList.add("hide-boring");
        const toggle = button("all lines", () => {
            const hidden = code.classList.toggle("hide-boring");
            toggle.setAttribute("aria-pressed", !hidden);
        });
        toggle.setAttribute("aria-pressed", false);
        return toggle;
    }

    // What one would type: no hidden lines, and of a console the commands alone.
    function copy(code, language) {
        return button("copy", async made => {
            const shown = code.cloneNode(true);
            if (code.classList.contains("hide-boring")) {
                for (const line of shown.querySelectorAll(".boring")) line.remove();
            }
            let text = shown.textContent;
            if (language === "console") {
                text = [...text.matchAll(/^\$ (.*)$/gm)].map(command => command[1]).join("\n");
            }
            try {
                await navigator.clipboard.writeText(text);
                made.textContent = "copied";
            } catch {
                made.textContent = "cannot copy";
            }
            made.addEventListener("blur", () => (made.textContent = "copy"), { once: true });
        });
    }

    // Runs a block that is marked `play` at play.rust-lang.org and shows what it printed.
    async function run(code) {
        const host = "play.rust-lang.org";
        let output = code.parentElement.querySelector("output");
        if (!output) {
            output = document.createElement("output");
            code.after(output);
        }
        output.textContent = `running at ${host} …`;
        output.textContent = await answer().catch(error => error.message);

        async function answer() {
            let response;
            try {
                response = await fetch(`https://${host}/evaluate.json`, {
                    method: "POST",
                    headers: { "Content-Type": "application/json" },
                    body: JSON.stringify({ code: program(), version: "stable", optimize: "0", edition: edition() }),
                    signal: AbortSignal.timeout(20_000),
                });
            } catch (error) {
                const why = error.name === "TimeoutError" ? "no answer within 20 s" : error.message;
                throw new Error(`cannot reach ${host}: ${why}`);
            }
            if (!response.ok) throw new Error(`${host} answered with error ${response.status}`);
            const { result } = await response.json().catch(() => ({}));
            if (typeof result !== "string") throw new Error(`cannot read the answer of ${host}`);
            return result.trimEnd() || "(no output)";
        }

        // As rustdoc does, a snippet without a `main` becomes the body of one.
        function program() {
            const text = code.textContent;
            return /\bfn main\b/.test(text) ? text : `fn main() {\n${text}\n}`;
        }

        function edition() {
            return /\bedition(\d{4})\b/.exec(code.className)?.[1] ?? "2024";
        }
    }
})();

(function search() {
    const toggle = document.getElementById("mdbook-search-toggle");
    if (!toggle || typeof search_scripts === "undefined") return;
    let asked = false;
    // mdBook's search takes over when it has come: the button is then its own.
    function begin(then) {
        if (asked) return;
        asked = true;
        const scripts = search_scripts.map(load);
        scripts[0].addEventListener("load", findWhatWasTyped);
        scripts.at(-1).addEventListener("load", then);
    }
    toggle.addEventListener("click", () => begin(() => toggle.click()));
    document.addEventListener("keydown", event => {
        if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "k") return;
        event.preventDefault();
        if (toggle.getAttribute("aria-expanded") === "true") document.getElementById("mdbook-searchbar").select();
        else toggle.click();
    });
    // A link from a search: its words are marked, its result shown. They come after what colours code,
    // which would take the marks away.
    if (/[?&](search|highlight)=/.test(location.search)) begin(() => {});
})();

// To mdBook's search a word is what stands between blanks, and `threading.Lock()` is one. Here its
// parts are looked for, too, and what is found is put in order by where it stands as it was typed.
function findWhatWasTyped() {
    const load = elasticlunr.Index.load;
    elasticlunr.Index.load = stored => {
        const index = load.call(elasticlunr.Index, stored);
        const search = index.search;
        const texts = new Map();
        const text = ({ ref, doc }) => texts.get(ref) ?? texts.set(ref, joined(doc.body)).get(ref);
        index.search = (typed, options) => {
            const parts = typed.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
            const wanted = joined(typed);
            const found = search.call(index, [typed, ...parts].join(" "), options);
            const near = new Map(found.map(result => [result, nearness(result, wanted)]));
            return found.sort((a, b) => near.get(b) - near.get(a) || b.score - a.score);
        };
        function nearness(result, wanted) {
            const ref = Number(result.ref);
            if (page(ref) === wanted && page(ref - 1) !== wanted) return 3;
            const title = joined(result.doc.title);
            // What is in a module, in the module's own section.
            const own = wanted.startsWith(title) && /^[.:]+(.*)/.exec(wanted.slice(title.length))?.[1];
            const kind = title.includes(wanted) || (own && text(result).includes(own)) ? 2
                : text(result).includes(wanted) ? 1 : 0;
            const appendix = window.search.doc_urls[ref].startsWith("appendix/");
            return appendix ? kind - 0.5 : kind;
        }
        return index;
    };
    // A long name may be broken where a line may end.
    const joined = text => text.toLowerCase().replace(/[\s_]+/g, "");
    const page = ref => joined(/([^/]*)\.html/.exec(window.search.doc_urls[ref])?.[1] ?? "");
}
