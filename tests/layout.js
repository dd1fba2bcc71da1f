// Where a page does not fit the window, for layout.rs: calls `done` with a line for each fault.

const [done] = arguments;
const page = document.documentElement;
const name = element => {
    const id = element.id ? `#${element.id}` : "";
    return `<${element.tagName.toLowerCase()}${id} class="${element.getAttribute("class") ?? ""}"> `
        + JSON.stringify(element.textContent.trim().slice(0, 40));
};
const boxed = element => element.getBoundingClientRect();
const outside = ({ left, right }) => left < -1 || right > page.clientWidth + 1;

/** The nearest element around `element`, or itself, that a reader can scroll sideways. */
function scroller(element) {
    for (let around = element; around && around !== document.body; around = around.parentElement) {
        if (["auto", "scroll"].includes(getComputedStyle(around).overflowX)) return around;
    }
    return null;
}

/** Whether the keys can move what `place` holds. */
function takesFocus(place) {
    if (place.querySelector("a[href], button, input, summary, [tabindex='0']")) return true;
    place.focus({ preventScroll: true });
    return document.activeElement === place;
}

function faults() {
    const found = [];
    if (page.scrollWidth > page.clientWidth) {
        found.push(`the page is ${page.scrollWidth} pixels wide`);
    }
    for (const element of document.querySelectorAll(".bar *, main *, .turn *")) {
        // Of drawings the words are asked below, and the lines may have no extent.
        if (element.closest("svg")) continue;
        const box = boxed(element);
        const wide = element.scrollWidth > element.clientWidth + 1;
        if (box.width === 0 || !(wide || outside(box)) || !element.checkVisibility()) continue;
        const scrolls = wide && scroller(element) === element;
        if (outside(box) && (scrolls || !scroller(element))) {
            found.push(`cut off: ${name(element)} from ${Math.round(box.left)} to ${Math.round(box.right)}`);
        }
        if (scrolls && !takesFocus(element)) found.push(`scrolls, and no key gets there: ${name(element)}`);
    }
    for (const picture of document.querySelectorAll("main svg[role=img]")) {
        const words = [...picture.querySelectorAll("text")]
            .filter(word => word.checkVisibility())
            .map(word => ({ text: word.textContent, box: boxed(word) }));
        words.forEach(({ text, box }, place) => {
            if (outside(box)) found.push(`cut off in ${name(picture.parentElement)}: ${text}`);
            for (const other of words.slice(place + 1)) {
                const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
                const along = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
                if (across > 1 && along > 3) {
                    found.push(`"${text}" and "${other.text}" meet in ${name(picture.parentElement)}`);
                }
            }
        });
    }
    return found;
}

// Two frames on, whatever watches the sizes of elements has seen the new ones.
requestAnimationFrame(() => requestAnimationFrame(() => done(faults())));
