// What is wrong with this page, for tests/accessible.rs: what axe finds, in every theme, and pictures
// without words. Everything that can be folded out is, and every prediction is answered.
"use strict";

const audit = (() => {
    const THEMES = ["light", "rust", "coal", "navy", "ayu"];
    // These depend on the theme; all other rules do not.
    const COLOURS = ["color-contrast", "link-in-text-block"];

    const drawn = () => new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));

    function unfold() {
        for (const details of document.querySelectorAll("details")) details.open = true;
        for (const option of document.querySelectorAll(".predict li:first-child input")) option.click();
        for (const step of document.querySelectorAll(".explore-step:first-child")) step.click();
    }

    const told = (result, of) => result.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html, failureSummary }) =>
            `${of}: ${id}: ${target.join(" ")}: ${html.slice(0, 100)}: ${failureSummary.replace(/\s+/g, " ")}`));

    async function rules() {
        const off = Object.fromEntries(COLOURS.map(rule => [rule, { enabled: false }]));
        const { violations } = await axe.run({ resultTypes: ["violations"], rules: off });
        return told(violations, "any theme");
    }

    // All on which the contrast of a text depends. Two texts that agree in it agree in contrast.
    function appearances() {
        const behind = new Map([[null, ""]]);
        const grounds = box => {
            if (!behind.has(box)) {
                const { backgroundColor, backgroundImage, opacity } = getComputedStyle(box);
                behind.set(box, `${grounds(box.parentElement)};${backgroundColor} ${backgroundImage} ${opacity}`);
            }
            return behind.get(box);
        };
        return element => {
            const type = ({ color, fontSize, fontWeight, textDecorationLine, textShadow }) =>
                [color, fontSize, fontWeight, textDecorationLine, textShadow].join();
            return [element.localName === "a", type(getComputedStyle(element)),
                type(getComputedStyle(element.parentElement)), grounds(element)].join("|");
        };
    }

    // What lies half under the edge of its scroller, where the next of its kind may not; and a mark
    // such as ✓, which stands beside its word, and whose colours crates/mdbook-experiment tests.
    const hidden = ({ any }) => any.some(({ data }) => /Obscured|Overlap|nonBmp/.test(data?.messageKey));

    // axe takes half a second for the colours of a page. It is shown each appearance until it has
    // judged it once, on whichever page that is.
    async function colours(theme) {
        document.documentElement.classList.remove(...THEMES);
        document.documentElement.classList.add(theme);
        const known = new Set(JSON.parse(sessionStorage.getItem(`seen in ${theme}`) ?? "[]"));
        const appearance = appearances();
        const texts = [...document.body.querySelectorAll("*")].filter(element =>
            element.checkVisibility() && !element.closest("svg") &&
            [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()));
        const fresh = new Map(texts.map(element => [appearance(element), element])
            .filter(([mine]) => !known.has(mine)));
        if (fresh.size === 0) return [];
        const options = { runOnly: COLOURS, elementRef: true };
        const { violations, incomplete } = await axe.run({ include: [...fresh.values()] }, options);
        const open = incomplete.flatMap(({ nodes }) => nodes.filter(hidden)).map(({ element }) => element);
        const judged = [...fresh].filter(([, element]) => !open.includes(element)).map(([mine]) => mine);
        sessionStorage.setItem(`seen in ${theme}`, JSON.stringify([...known, ...judged]));
        const unclear = incomplete.map(({ id, nodes }) => ({ id, nodes: nodes.filter(node => !hidden(node)) }));
        return [...told(violations, theme), ...told(unclear, `${theme}, cannot tell`)];
    }

    // A chart or a timeline has its data as a table.
    const pictures = () => [...document.querySelectorAll("figure.chart")]
        .filter(figure => !figure.querySelector("table tbody td"))
        .map(figure => `a picture without its data: ${figure.id}`);

    return async () => {
        unfold();
        await drawn();
        const faults = [...pictures(), ...await rules()];
        for (const theme of THEMES) faults.push(...await colours(theme));
        return faults;
    };
})();
