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
                const own = `${backgroundColor} ${backgroundImage} ${opacity};`;
                const nothing = own === "rgba(0, 0, 0, 0) none 1;";
                behind.set(box, grounds(box.parentElement) + (nothing ? "" : own));
            }
            return behind.get(box);
        };
        const type = element => {
            const { color, fontSize, fontWeight, textDecorationLine, textShadow } = getComputedStyle(element);
            return [color, fontSize, fontWeight, textDecorationLine, textShadow].join();
        };
        // A link is told from the text round it.
        const round = element => element.localName === "a" ? type(element.parentElement) : "";
        return element => [type(element), round(element), grounds(element)].join("|");
    }

    // What lies half under the edge of its scroller or is a single letter, where the next of its kind
    // may not; and a mark such as ✓, which stands beside its word.
    const unclear = ({ any }) =>
        any.some(({ data }) => /Obscured|Overlap|shortText|nonBmp/.test(data?.messageKey));

    // axe takes half a second for the colours of a page. It is shown an appearance until it has judged
    // it, on whichever page that is, or found it unclear so often.
    const TRIES = 3;
    async function colours(theme) {
        document.documentElement.classList.remove(...THEMES);
        document.documentElement.classList.add(theme);
        const tries = JSON.parse(sessionStorage.getItem(`tries in ${theme}`) ?? "{}");
        const appearance = appearances();
        const texts = [...document.body.querySelectorAll("*")].filter(element =>
            element.checkVisibility() && !element.closest("svg") &&
            [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()));
        const fresh = new Map(texts.map(element => [appearance(element), element])
            .filter(([mine]) => (tries[mine] ?? 0) < TRIES));
        if (fresh.size === 0) return [];
        const options = { runOnly: COLOURS, elementRef: true };
        const { violations, incomplete } = await axe.run({ include: [...fresh.values()] }, options);
        const open = incomplete.flatMap(({ nodes }) => nodes.filter(unclear)).map(({ element }) => element);
        for (const [mine, element] of fresh) {
            tries[mine] = open.includes(element) ? (tries[mine] ?? 0) + 1 : TRIES;
        }
        sessionStorage.setItem(`tries in ${theme}`, JSON.stringify(tries));
        const odd = incomplete.map(({ id, nodes }) => ({ id, nodes: nodes.filter(node => !unclear(node)) }));
        return [...told(violations, theme), ...told(odd, `${theme}, cannot tell`)];
    }

    // A chart or a timeline has its data as a table.
    const pictures = () => [...document.querySelectorAll("figure.chart")]
        .filter(figure => !figure.querySelector("table tbody td"))
        .map(figure => `a picture without its data: ${figure.id}`);

    return async ({ folded }) => {
        if (!folded) unfold();
        await drawn();
        const faults = [...pictures(), ...await rules()];
        for (const theme of THEMES) faults.push(...await colours(theme));
        return faults;
    };
})();
