// Draws reports in the page: the same text, shapes and numbers as panel.rs, chart.rs, timeline.rs
// and claims.rs write into it, for a report that comes later, and the two beside each other.
// tests/panel.rs holds this to that. What a report says becomes text and attributes, never markup.
"use strict";

const Reports = (() => {
    // ── Elements ────────────────────────────────────────────────────────────────────────────

    const SVG = "http://www.w3.org/2000/svg";

    /** An element; attributes that are null or false are left out, children may be lists. */
    const make = (element, attributes, children) => {
        for (const [name, value] of Object.entries(attributes)) {
            if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
        }
        element.append(...children.flat(Infinity).filter((child) => child !== null));
        return element;
    };
    const html = (name, attributes = {}, ...children) =>
        make(document.createElement(name), attributes, children);
    const svg = (name, attributes = {}, ...children) =>
        make(document.createElementNS(SVG, name), attributes, children);

    // ── Numbers (src/quantity.rs) ───────────────────────────────────────────────────────────

    /** The scale in which a value of this unit reads best: its factor, its symbol. */
    function scale(unit, value) {
        const size = Math.abs(value);
        switch (unit) {
            case "s":
                if (size === 0 || size >= 0.9995) return { factor: 1, symbol: "s" };
                if (size >= 0.9995e-3) return { factor: 1e3, symbol: "ms" };
                if (size >= 0.9995e-6) return { factor: 1e6, symbol: "µs" };
                return { factor: 1e9, symbol: "ns" };
            case "B":
                if (size >= 0.9995e9) return { factor: 1e-9, symbol: "GB" };
                if (size >= 0.9995e6) return { factor: 1e-6, symbol: "MB" };
                if (size >= 0.9995e3) return { factor: 1e-3, symbol: "kB" };
                return { factor: 1, symbol: "B", whole: true };
            case "B/s":
                if (size >= 0.9995e9) return { factor: 1e-9, symbol: "GB/s" };
                if (size >= 0.9995e6) return { factor: 1e-6, symbol: "MB/s" };
                if (size >= 0.9995e3) return { factor: 1e-3, symbol: "kB/s" };
                return { factor: 1, symbol: "B/s" };
            case "count": return { factor: 1, symbol: "", whole: true };
            case "1/s":
                if (size >= 0.9995e6) return { factor: 1e-6, symbol: "M/s" };
                return { factor: 1, symbol: "/s", whole: true };
            case "ratio": return { factor: 1, symbol: "×" };
            case "share": return { factor: 100, symbol: "%" };
        }
    }

    /** The value in this scale, to three figures, without the symbol. */
    function scaled(scale, value) {
        const number = value * scale.factor;
        const size = Math.abs(number);
        const decimals =
            scale.whole && Number.isInteger(number) ? 0
            : size >= 99.95 || size === 0 ? 0
            : size >= 9.995 ? 1
            : 2;
        return group(fixed(number, decimals));
    }

    /** As Rust writes it: all digits, and of two that are equally near the even one. */
    function fixed(number, decimals) {
        const sign = number < 0 ? "-" : "";
        const size = Math.abs(number);
        if (size >= 1e21) return sign + BigInt(size);
        const written = size.toFixed(decimals);
        const halfway = Math.abs((size * 2 ** (decimals + 1)) % 2) === 1;
        const odd = Number(written.at(-1)) % 2 === 1;
        return sign + (halfway && odd ? (size - 0.5 / 10 ** decimals).toFixed(decimals) : written);
    }

    /** A space between groups of three digits, from five digits on. */
    function group(number) {
        const [, sign, digits, rest] = /^(-?)(\d+)(.*)$/.exec(number);
        return sign + (digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, " ") : digits) + rest;
    }

    const join = (number, symbol) => (symbol ? `${number} ${symbol}` : number);

    function format(unit, value) {
        const best = scale(unit, value);
        return join(scaled(best, value), best.symbol);
    }

    /** Median and range in one scale, or the one value where all look the same. */
    function formatRange(unit, median, min, max) {
        const best = scale(unit, median);
        const [middle, low, high] = [median, min, max].map((value) => scaled(best, value));
        const written = join(middle, best.symbol);
        return low === high ? written : `${written} (${low} – ${high})`;
    }

    /** A point of an axis: as any value, but "4 KiB" where it is a power of two. */
    function formatPoint(unit, value) {
        if (unit !== "B" || value < 1024 || !Number.isInteger(Math.log2(value))) return format(unit, value);
        return value < 1024 ** 2 ? `${value / 1024} KiB` : `${value / 1024 ** 2} MiB`;
    }

    const trials = (count) => `${format("count", count)} ${count === 1 ? "trial" : "trials"}`;
    const counted = (count) => `${format("count", count)} ${count === 1 ? "sample" : "samples"}`;

    // ── Words (value.rs) ────────────────────────────────────────────────────────────────────

    const unbroken = (text) => text.replaceAll(" ", "\u00a0");
    /** Spaces within a number, and before its unit, unbreakable. */
    const sentence = (text) =>
        text.replace(/(?<=\p{L})'(?=\p{L})/gu, "’").replace(/(?<=\d) (?=\d{3}(?!\d)|(?:%|×|\/s|[mµn]?s|[kM]?B|[KM]iB)(?![^ ,;.:)]))/g, "\u00a0");
    const day = (time) => time.split("T")[0];
    const characters = (text) => [...text].length;

    /** "threads 2", "wait 1000 ms"; null for an optional text that was not given. */
    function setting({ name, value, unit }) {
        if (value === null) return null;
        const written = typeof value === "number" ? format("count", value) : value;
        return `${name} ${written} ${unit}`.trimEnd();
    }

    const settings = (report) =>
        [...report.parameters.map(setting).filter((text) => text !== null), trials(report.trials.run)]
            .map(unbroken).join("\u00a0· ");

    // ── Tables (panel.rs) ───────────────────────────────────────────────────────────────────

    const distinct = (list) => [...new Set(list)];
    /** What was swept is drawn as lines, and stands in no table. */
    const fixedAlone = (measurements) => measurements.filter((measured) => measured.at === undefined);
    const find = (measurements, name, variant) => fixedAlone(measurements)
        .find((measured) => measured.name === name && measured.variant === variant);
    const columns = (names) => names.map((name) => html("th", { scope: "col" }, name));

    const scrolled = (name, ...children) =>
        html("div", { class: "scroll", role: "group", "aria-label": name }, ...children);

    /** The median, and its range set apart. */
    function summary(measured) {
        if (!measured) return [];
        const text = formatRange(measured.unit, measured.median, measured.min, measured.max);
        const at = text.indexOf(" (");
        if (at < 0) return [unbroken(text)];
        const range = html("span", { class: "range" }, unbroken(text.slice(at + 1)));
        return [unbroken(text.slice(0, at)), " ", range];
    }

    /** Variants that share no quantity with each other stand apart. */
    function apart(measurements) {
        const tables = [];
        for (const measured of measurements) {
            const akin = tables.filter((table) =>
                table.some(({ variant, name }) => variant === measured.variant || name === measured.name));
            const at = akin.length === 0 ? tables.length : tables.indexOf(akin[0]);
            for (const table of akin) tables.splice(tables.indexOf(table), 1);
            tables.splice(at, 0, [...akin.flat(), measured]);
        }
        return tables.map((table) => measurements.filter((measured) => table.includes(measured)));
    }

    function tables(swept, name) {
        const measurements = fixedAlone(swept);
        if (measurements.length === 0) return null;
        return scrolled(name, apart(measurements).map(table));
    }

    function table(measurements) {
        const variants = distinct(measurements.map((measured) => measured.variant));
        const quantities = distinct(measurements.map((measured) => measured.name));
        return html("table", { class: "results" },
            html("thead", {}, html("tr", {}, columns(["variant", ...quantities]))),
            html("tbody", {}, variants.map((variant) =>
                html("tr", {}, html("th", { scope: "row" }, variant), quantities.map((quantity) =>
                    html("td", { "data-head": quantity }, summary(find(measurements, quantity, variant))))))));
    }

    /** A row of `mine` over one of `recorded` for each variant that either has. */
    function comparedTables(mine, recorded, name) {
        const both = fixedAlone([...mine, ...recorded]);
        if (both.length === 0) return null;
        return scrolled(name, apart(both).map((both) => comparedTable(both, mine, recorded)));
    }

    function comparedTable(both, mine, recorded) {
        const variants = distinct(both.map((measured) => measured.variant));
        const quantities = distinct(both.map((measured) => measured.name));
        const row = (head, whose, measurements, variant) =>
            html("tr", { class: whose }, head, html("td", { class: "whose" }, whose),
                quantities.map((quantity) =>
                    html("td", { "data-head": quantity }, summary(find(measurements, quantity, variant)))));
        return html("table", { class: "results" },
            html("thead", {}, html("tr", {}, columns(["variant", "run", ...quantities]))),
            variants.map((variant) => html("tbody", {},
                row(html("th", { scope: "rowgroup", rowspan: 2 }, variant), "yours", mine, variant),
                row(null, "recorded", recorded, variant))));
    }

    // ── Pictures (chart.rs) ─────────────────────────────────────────────────────────────────
    // Along the page in per cent, across it in pixels.

    const BINS = 30;
    const TALLEST = 120;
    const ROW = 44;
    const FIELDS = [480, 190];
    const CHARACTER = 8;
    const GAP = 8;

    const round = (value) => Math.round(value * 100) / 100 + 0;
    const percent = (part) => `${round(part * 100)}%`;

    /** A picture in its frame: name above, legend and data below, the data folded away. */
    const picture = ({ id, name, description, height, gutter, drawing, legend = null, head, rows }) =>
        html("figure", { class: "chart", id, style: `--gutter:${gutter}ch` },
            html("figcaption", {}, name),
            svg("svg", {
                role: "img",
                "aria-labelledby": `${id}-name`,
                "aria-describedby": `${id}-text`,
                height: round(height),
            },
            svg("title", { id: `${id}-name` }, name),
            svg("desc", { id: `${id}-text` }, description),
            drawing),
            legend,
            html("details", {},
                html("summary", {}, "Data"),
                scrolled(`${name}: data`, html("table", {},
                    html("caption", {}, name),
                    html("thead", {}, html("tr", {}, columns(head))),
                    html("tbody", {}, rows)))));

    /** Where a value is from `low` to `high`, as a part of the width. */
    const partOf = (value, low, high) => (high > low ? (value - low) / (high - low) : 0);

    /** Where a word at this part of the width is held, so that it stays within. */
    const within = (part) => (part < 0.04 ? "start" : part > 0.93 ? "end" : "middle");
    /** So that it stands under its point, where there is room at both sides of the field. */
    const under = () => "middle";

    /** Of words in pixels: a point and a space are half as long as a digit. */
    const lengthOf = (text) => (characters(text) - text.replace(/[^.\u00a0]/g, "").length / 2) * CHARACTER;

    /**
     * Which words stand under a field of `width` pixels without touching: the last, and from there
     * to the left as many as there is room for.
     */
    function withRoom(words, width, anchor) {
        let free = Infinity;
        return [...words].reverse().map(([part, text]) => {
            const long = lengthOf(text);
            const before = { start: 0, middle: long / 2, end: long }[anchor(part)];
            const left = part * width - before;
            const stands = left + long <= free;
            if (stands) free = left - GAP;
            return stands;
        }).reverse();
    }

    /** The same, of words that are equally far apart: all, every second, every fourth, and so on. */
    function everyWithRoom(words, width, anchor) {
        for (let step = 1; ; step *= 2) {
            const stands = (_, place) => (words.length - 1 - place) % step === 0;
            if (withRoom(words.filter(stands), width, anchor).every(Boolean)) return words.map(stands);
        }
    }

    /** Words under a field: those that `room` leaves on a screen, of which a phone has some to spare. */
    function wordsUnder(words, y, room, anchor) {
        const [screen, phone] = FIELDS.map((width) => room(words, width, anchor));
        return words.map(([part, text], place) => (screen[place] ? svg("text", {
            class: phone[place] ? "tick" : "tick spare",
            x: percent(part), y: round(y), "text-anchor": anchor(part),
        }, text) : null));
    }

    /** Round values from `low` to `high`, from three to eight. */
    function ticksOf(low, high) {
        const span = high - low;
        if (span <= 0) return [low];
        const most = span / 3;
        const magnitude = Number(`1e${Math.floor(Math.log10(most))}`);
        const step = [5, 2, 1].map((part) => part * magnitude).find((step) => step <= most) ?? magnitude;
        const first = Math.ceil(low / step);
        const last = Math.floor(high / step + 1e-9);
        return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step);
    }

    /** The words under an axis, in one scale, with the unit at the last. */
    function axisWords(unit, low, high, y) {
        const best = scale(unit, high);
        const values = ticksOf(low, high);
        const words = values.map((value, index) => {
            const number = scaled(best, value);
            return [partOf(value, low, high), unbroken(index + 1 < values.length ? number : join(number, best.symbol))];
        });
        return wordsUnder(words, y, everyWithRoom, within);
    }

    /** How many samples lie in each of `BINS` columns from `low` to `high`. */
    function binned(samples, low, high) {
        const counts = Array(BINS).fill(0);
        for (const sample of samples) {
            const bin = Math.trunc(((sample - low) / (high - low)) * BINS);
            counts[Math.min(bin, BINS - 1)] += 1;
        }
        return counts;
    }

    /**
     * How one variant's samples are distributed. `whose` says which run it is, and `shared` the
     * values from `low` to `high` and the share of all trials that is as high as the picture.
     */
    function histogram(measured, id, whose = "", shared = null) {
        const { unit, samples, median } = measured;
        const name = `${whose}${measured.name} of ${measured.variant}, over ${counted(samples.length)}`;
        const low = shared?.low ?? measured.min;
        const high = shared?.high ?? measured.max;
        if (low === high) {
            return html("p", { class: "quiet" }, name, ": always ", unbroken(format(unit, low)));
        }
        const counts = binned(samples, low, high);
        const highest = Math.max(...counts);
        const most = shared ? shared.share * samples.length : highest;
        const edge = (bin) => low + ((high - low) * bin) / BINS;
        const occupied = [...counts.entries()].filter(([, count]) => count > 0);
        const top = 8;
        const floor = top + TALLEST;
        return picture({
            id,
            name,
            description: `Histogram of ${name}: from ${format(unit, measured.min)} to `
                + `${format(unit, measured.max)}, median ${format(unit, median)}; `
                + `at most ${counted(highest)} in a column.`,
            height: floor + 26,
            gutter: 6,
            drawing: [
                svg("line", { class: "rule", x1: "0", x2: "100%", y1: top, y2: top }),
                svg("text", { class: "tick", x: "-8", y: top + 4, "text-anchor": "end" },
                    shared ? unbroken(format("share", shared.share)) : format("count", most)),
                svg("text", { class: "tick", x: "-8", y: floor, "text-anchor": "end" }, "0"),
                occupied.map(([bin, count]) => {
                    const height = (count / most) * TALLEST;
                    return svg("rect", {
                        class: "worker-1",
                        x: percent((bin + 0.06) / BINS),
                        width: percent(0.88 / BINS),
                        y: round(floor - height),
                        height: round(height),
                    });
                }),
                svg("line", { class: "axis", x1: "0", x2: "100%", y1: floor, y2: floor }),
                axisWords(unit, low, high, floor + 17),
            ],
            head: ["from", "to", "samples"],
            rows: occupied.map(([bin, count]) => html("tr", {},
                html("td", {}, unbroken(format(unit, edge(bin)))),
                html("td", {}, unbroken(format(unit, edge(bin + 1)))),
                html("td", {}, String(count)))),
        });
    }

    /** One bar for each variant, as long as its median, with its range; `most` is as long as the page. */
    function bars(shown, id, whose = "", most = Math.max(0, ...shown.map((measured) => measured.max))) {
        const name = `${whose}${shown[0].name}, median and range`;
        const part = (value) => (most > 0 ? Math.max(0, value / most) : 0);
        const medians = shown.map(({ variant, unit, median }) => `${variant} ${format(unit, median)}`);
        return picture({
            id,
            name,
            description: `Bars of the median ${whose}${shown[0].name}: ${medians.join("; ")}.`,
            height: ROW * shown.length,
            gutter: 0,
            drawing: shown.map(({ variant, unit, median, min, max }, row) => {
                const top = row * ROW;
                const range = { class: "range" };
                return [
                    svg("text", { class: "label", x: "0", y: top + 16 }, variant),
                    svg("text", { class: "amount", x: "100%", y: top + 16, "text-anchor": "end" },
                        unbroken(format(unit, median))),
                    svg("rect", {
                        class: "worker-1", x: "0", y: top + 23, width: percent(part(median)), height: "10",
                    }),
                    min < max ? [
                        svg("line", {
                            ...range, x1: percent(part(min)), x2: percent(part(max)), y1: top + 28, y2: top + 28,
                        }),
                        [min, max].map((end) => svg("line", {
                            ...range, x1: percent(part(end)), x2: percent(part(end)), y1: top + 24, y2: top + 32,
                        })),
                    ] : null,
                ];
            }),
            head: ["variant", "median", "smallest", "largest", "samples"],
            rows: shown.map(({ variant, unit, median, min, max, samples }) => html("tr", {},
                html("th", { scope: "row" }, variant),
                [median, min, max].map((value) => html("td", {}, unbroken(format(unit, value)))),
                html("td", {}, String(samples.length)))),
        });
    }

    /** The charts of what was measured at points of an axis. */
    const SWEPT = ["lines", "map"];
    const FIELD = 220;
    const DASHES = ["none", "7 3", "2 3", "9 3 2 3"];
    const style = (number) => ({ colour: `worker-${(number % COLOURS) + 1}`, dash: DASHES[number % DASHES.length] });

    /** For each variant what was measured from left to right, and all points of the axis. */
    function sweepOf(measurements) {
        const lines = distinct(measurements.map((measured) => measured.variant)).map((variant) => ({
            variant,
            line: measurements.filter((measured) => measured.variant === variant).sort((a, b) => a.at - b.at),
        }));
        return { lines, points: distinct(measurements.map(({ at }) => at)).sort((a, b) => a - b) };
    }

    /** Head and rows of a table of what was swept: a row for each point. */
    function sweepData({ lines, points }, { across, unit }) {
        return {
            head: [across, ...lines.map(({ variant }) => variant)],
            rows: points.map((point) => html("tr", {},
                html("th", { scope: "row" }, unbroken(formatPoint(unit, point))),
                lines.map(({ line }) => html("td", {}, line.filter(({ at }) => at === point).slice(0, 1)
                    .map(summary))))),
        };
    }

    /** What an interpreter measured of the lines that `chart` draws, as a table; a map as a map. */
    function sweptTable(chart, measurements) {
        const shown = shownBy(chart, { measurements });
        if (!SWEPT.includes(chart.kind) || shown.length === 0) return null;
        if (chart.kind === "map") return map(chart, shown);
        const { head, rows } = sweepData(sweepOf(shown), chart);
        return html("details", {},
            html("summary", {}, chart.measurement, ", median and range"),
            scrolled(chart.measurement, html("table", {},
                html("thead", {}, html("tr", {}, columns(head))), html("tbody", {}, rows))));
    }

    /** On to a round value, so that nothing is beyond the last: but not for a whole power of ten. */
    function upToRound(low, high, kind) {
        if (kind === "logarithmic") {
            return decades(low, high * 2.5).find((value) => value >= high * 0.999) ?? high;
        }
        for (let end = high; ; ) {
            const values = ticksOf(low, end);
            const last = values.at(-1);
            if (values.length < 2 || last >= end * 0.999) return end;
            end = last + values[1] - values[0];
        }
    }

    /** Where values lie on an axis, and where words stand on it. */
    function axisOf(unit, low, high, kind) {
        const place = kind === "logarithmic" ? Math.log : Number;
        const part = (value) => partOf(place(value), place(low), place(high));
        if (kind === "linear") {
            const best = scale(unit, high);
            const words = ticksOf(low, high).map((value) => [value, join(scaled(best, value), best.symbol)]);
            return { part, words };
        }
        const values = high > low ? decades(low, high) : [low];
        return { part, words: values.map((value) => [value, format(unit, value)]) };
    }

    /** Powers of ten, and where these are few, their halves and fifths too. */
    function decades(low, high) {
        const first = Math.floor(Math.log10(low));
        const last = Math.ceil(Math.log10(high));
        const steps = last - first > 3 ? [1] : [1, 2, 5];
        const values = [];
        for (let power = first; power <= last; power += 1) {
            values.push(...steps.map((step) => Number(`${step}e${power}`)));
        }
        return values.filter((value) => low * 0.999 <= value && value <= high * 1.001);
    }

    /** One line for each variant, through its medians. The axes end where those of `axes` do. */
    function lines(chart, shown, id, whose = "", axes = shown) {
        const sweep = sweepOf(shown);
        const { unit } = shown[0];
        const name = `${whose}${chart.measurement} by ${chart.across}, median and range`;
        const [acrossKind, upKind] = chart.scales;
        const ats = axes.map(({ at }) => at);
        const along = axisOf(chart.unit, Math.min(...ats), Math.max(...ats), acrossKind);
        const highest = Math.max(...axes.map(({ max }) => max));
        const lowest = Math.min(...axes.map(({ min }) => min));
        const upLow = upKind === "linear" ? Math.min(lowest, 0) : Number(`1e${Math.floor(Math.log10(lowest))}`);
        const up = axisOf(unit, upLow, upToRound(upLow, highest, upKind), upKind);
        const top = 12;
        const floor = top + FIELD;
        const height = (value) => round(floor - up.part(value) * FIELD);
        const across = (at) => percent(along.part(at));
        const below = sweep.points.map((at) => [along.part(at), unbroken(formatPoint(chart.unit, at))]);
        const described = sweep.lines.map(({ variant, line }) => {
            const [from, to] = [line[0], line.at(-1)].map(({ unit, median, at }) =>
                `${format(unit, median)} at ${formatPoint(chart.unit, at)}`);
            return `${variant} from ${from} to ${to}`;
        });
        return picture({
            id,
            name,
            description: `Lines of ${chart.measurement}: ${described.join("; ")}.`,
            height: floor + 42,
            gutter: 2 + Math.max(0, ...up.words.map(([, words]) => characters(words))),
            drawing: [
                up.words.map(([value, words]) => [
                    svg("line", { class: "rule", x1: "0", x2: "100%", y1: height(value), y2: height(value) }),
                    svg("text", { class: "tick", x: "-8", y: round(height(value) + 4), "text-anchor": "end" },
                        unbroken(words)),
                ]),
                svg("line", { class: "axis", x1: "0", x2: "100%", y1: floor, y2: floor }),
                sweep.lines.map(({ line }, number) => {
                    const { colour, dash } = style(number);
                    return svg("g", { class: colour },
                        line.slice(1).map((to, before) => {
                            const from = line[before];
                            return svg("line", {
                                class: "trace", x1: across(from.at), x2: across(to.at), "stroke-dasharray": dash,
                                y1: height(from.median), y2: height(to.median),
                            });
                        }),
                        line.map(({ at, median, min, max }) => [
                            svg("line", {
                                class: "spread", x1: across(at), x2: across(at), y1: height(min), y2: height(max),
                            }),
                            svg("circle", { cx: across(at), cy: height(median), r: "3.5" }),
                        ]));
                }),
                wordsUnder(below, floor + 18, withRoom, under),
                svg("text", { class: "label", x: "100%", y: round(floor + 36), "text-anchor": "end" }, chart.across),
            ],
            legend: html("p", { class: "legend" }, sweep.lines.map(({ variant }, number) => {
                const { colour, dash } = style(number);
                return [html("span", {},
                    svg("svg", { class: "key", width: "34", height: "10", "aria-hidden": "true" },
                        svg("g", { class: colour },
                            svg("line", { class: "trace", x1: "0", x2: "34", y1: "5", y2: "5", "stroke-dasharray": dash }),
                            svg("circle", { cx: "17", cy: "5", r: "3.5" }))),
                    variant), " "];
            })),
            ...sweepData(sweep, chart),
        });
    }

    /** How many times as long as the fastest; null where their ranges overlap. */
    const behind = (measured, fastest) => (measured.min > fastest.max ? measured.median / fastest.median : null);

    const nearness = (times) => (times === null ? "fastest" : times < 2 ? "near" : times < 10 ? "behind" : "far");

    /** Who was fastest at each point. */
    function map(chart, shown, id, whose = "") {
        const sweep = sweepOf(shown);
        const { head, rows } = sweepData(sweep, chart);
        const name = `${whose}${chart.measurement} by ${chart.across}: the fastest, and how far others are behind`;
        const fastest = new Map(sweep.points.map((point) => [point, shown.filter(({ at }) => at === point)
            .reduce((one, other) => (other.median < one.median ? other : one))]));
        return html("figure", { class: "chart map", ...(id && { id }) },
            html("figcaption", {}, name),
            scrolled(name, html("table", {},
                html("thead", {}, html("tr", {},
                    columns([chart.across, ...sweep.points.map((point) => unbroken(formatPoint(chart.unit, point)))]))),
                html("tbody", {}, sweep.lines.map(({ variant, line }) => html("tr", {},
                    html("th", { scope: "row" }, variant),
                    sweep.points.map((point) => {
                        const measured = line.find(({ at }) => at === point);
                        if (!measured) return html("td", {});
                        const times = behind(measured, fastest.get(point));
                        return html("td", { class: nearness(times) },
                            times === null ? "fastest" : unbroken(format("ratio", times)));
                    })))))),
            html("details", {},
                html("summary", {}, "Data"),
                scrolled(`${name}: data`, html("table", {},
                    html("caption", {}, `${chart.measurement} by ${chart.across}, median and range`),
                    html("thead", {}, html("tr", {}, columns(head))),
                    html("tbody", {}, rows)))));
    }

    /** The measurements that a chart shows; none where they were not made. */
    const shownBy = (chart, { measurements }) => measurements.filter(({ name, variant, at }) =>
        name === chart.measurement
        && (chart.kind !== "histogram" || (variant === chart.variant && at === undefined))
        && (!SWEPT.includes(chart.kind) || at !== undefined));

    const draw = {
        histogram: (_, [measured], id) => histogram(measured, id),
        bars: (_, shown, id) => bars(shown, id),
        lines: (chart, shown, id) => lines(chart, shown, id),
        map: (chart, shown, id) => map(chart, shown, id),
    };

    function charts(report, id) {
        return report.charts.map((chart, index) =>
            draw[chart.kind](chart, shownBy(chart, report), `${id}-chart-${index + 1}`));
    }

    /** The same chart of two runs, one above the other in one scale. */
    const drawBoth = {
        histogram(_, [mine], [recorded], id) {
            const low = Math.min(mine.min, recorded.min);
            const high = Math.max(mine.max, recorded.max);
            const share = Math.max(...[mine, recorded].map(({ samples }) =>
                Math.max(...binned(samples, low, high)) / samples.length));
            const shared = low < high ? { low, high, share } : null;
            return [
                histogram(mine, id, "your run: ", shared),
                histogram(recorded, `${id}-recorded`, "recorded: ", shared),
            ];
        },
        bars(_, mine, recorded, id) {
            const most = Math.max(0, ...[...mine, ...recorded].map((measured) => measured.max));
            return [
                bars(mine, id, "your run: ", most),
                bars(recorded, `${id}-recorded`, "recorded: ", most),
            ];
        },
        lines: (chart, mine, recorded, id) => [
            lines(chart, mine, id, "your run: ", [...mine, ...recorded]),
            lines(chart, recorded, `${id}-recorded`, "recorded: ", [...mine, ...recorded]),
        ],
        map: (chart, mine, recorded, id) => [
            map(chart, mine, id, "your run: "),
            map(chart, recorded, `${id}-recorded`, "recorded: "),
        ],
    };

    function comparedCharts(mine, recorded, id) {
        return mine.charts.map((chart, index) => {
            const own = `${id}-chart-${index + 1}`;
            const [shown, before] = [shownBy(chart, mine), shownBy(chart, recorded)];
            const alike = before.length > 0 && before[0].unit === shown[0].unit;
            return alike ? drawBoth[chart.kind](chart, shown, before, own) : draw[chart.kind](chart, shown, own);
        });
    }

    // ── Timelines (timeline.rs) ─────────────────────────────────────────────────────────────

    const LANE = 22;
    const THICK = 14;
    const HEAD = 26;
    const NARROWEST = 0.002;
    const COLOURS = 8;
    const MOST_SPANS = 60;
    const STATES = [["running", "running"], ["waiting", "waiting"], ["blocked", "blocked on a lock"]];

    const endOf = (lanes) => {
        let end = 0;
        for (const { spans } of lanes) for (const span of spans) end = Math.max(end, span[1]);
        return end;
    };

    /** Lanes that stand together, of one variant each. */
    function variantsOf(lanes) {
        const groups = [];
        for (const lane of lanes) {
            if (groups.at(-1)?.[0].variant === lane.variant) groups.at(-1).push(lane);
            else groups.push([lane]);
        }
        return groups;
    }

    function spanDrawn([from, to, state], y, end, hatch) {
        const width = Math.max(partOf(to, 0, end) - partOf(from, 0, end), NARROWEST);
        const along = { x: percent(Math.min(partOf(from, 0, end), 1 - width)), width: percent(width) };
        switch (state) {
            case "running": return svg("rect", { ...along, y: round(y), height: THICK });
            case "waiting": return svg("rect", { ...along, y: round(y + THICK / 2 - 1.5), height: "3" });
            case "blocked": return svg("rect", {
                class: "blocked", ...along, y: round(y + 0.5), height: THICK - 1, fill: `url(#${hatch})`,
            });
        }
    }

    /** Who ran when; `end` is where the axis ends. */
    function timeline({ lanes }, id, whose = "", end = endOf(lanes)) {
        const groups = variantsOf(lanes);
        // Variants of one lane each are named beside it, and take a line less.
        const beside = groups.length > 1 && groups.every((group) => group.length === 1);
        const head = beside ? 0 : HEAD;
        const nameOf = (lane) => beside ? lane.variant : lane.name;
        const hatch = `${id}-hatch`;
        let floor = 0;
        const drawn = groups.map((group) => {
            const top = floor;
            floor += head + LANE * group.length;
            return [
                beside ? [] : svg("text", { class: "label", x: "0", y: round(top + 17) }, group[0].variant),
                group.map((lane, row) => {
                    const y = top + head + LANE * row;
                    return [
                        svg("text", { class: "tick", x: "-8", y: round(y + 11), "text-anchor": "end" }, nameOf(lane)),
                        svg("g", { class: `worker-${(row % COLOURS) + 1}` },
                            lane.spans.map((span) => spanDrawn(span, y, end, hatch))),
                    ];
                }),
            ];
        });
        floor += 6;
        const longest = Math.max(0, ...lanes.map((lane) => characters(nameOf(lane))));
        const ends = groups.map((group) => `${group[0].variant}, ${group.length} `
            + `${group.length === 1 ? "lane" : "lanes"}, ends at ${format("s", endOf(group))}`);
        return picture({
            id,
            name: `${whose}who ran when`,
            description: `Timeline of ${format("s", end)}: ${ends.join("; ")}.`,
            height: floor + 24,
            gutter: Math.min(longest, 16) + 2,
            drawing: [
                svg("defs", {}, svg("pattern", {
                    id: hatch, width: "5", height: "5", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
                }, svg("line", { class: "hatch", x1: "0", x2: "0", y1: "0", y2: "5" }))),
                ticksOf(0, end).map((value) => {
                    const x = percent(partOf(value, 0, end));
                    return svg("line", { class: "rule", x1: x, x2: x, y1: beside ? "0" : "20", y2: floor });
                }),
                drawn,
                svg("line", { class: "axis", x1: "0", x2: "100%", y1: floor, y2: floor }),
                axisWords("s", 0, end, floor + 17),
            ],
            legend: legend(lanes, end),
            ...timelineData(lanes),
        });
    }

    /** The signs of the states that occur. A gap needs a word too, if there is one. */
    function legend(lanes, end) {
        const occurs = (state) => lanes.some(({ spans }) => spans.some((span) => span[2] === state));
        const gap = lanes.some(({ spans }) =>
            spans.some((span, index) => index > 0 && spans[index - 1][1] + end / 1000 < span[0]));
        return html("p", { class: "legend" },
            STATES.filter(([state]) => occurs(state)).map(([state, words]) =>
                [html("span", {}, html("span", { class: `sign ${state}` }), words), " "]),
            gap ? html("span", {}, html("span", { class: "sign" }), "switched out") : null);
    }

    /** Every span, or, where they are many, a sum for each lane. */
    function timelineData(lanes) {
        const time = (seconds) => html("td", {}, unbroken(format("s", seconds)));
        const words = Object.fromEntries(STATES);
        const row = (lane, ...cells) => html("tr", {},
            html("th", { scope: "row" }, lane.variant), html("td", {}, lane.name), ...cells);
        const count = lanes.reduce((sum, lane) => sum + lane.spans.length, 0);
        if (count > MOST_SPANS) {
            const within = (lane, state) => lane.spans
                .filter((span) => span[2] === state)
                .reduce((sum, [from, to]) => sum + (to - from), 0);
            return {
                head: ["variant", "worker", ...STATES.map(([, words]) => words)],
                rows: lanes.map((lane) => row(lane, STATES.map(([state]) => time(within(lane, state))))),
            };
        }
        return {
            head: ["variant", "worker", "state", "from", "to"],
            rows: lanes.flatMap((lane) => lane.spans.map(([from, to, state]) =>
                row(lane, html("td", {}, words[state]), time(from), time(to)))),
        };
    }

    // ── Claims (claims.rs) ──────────────────────────────────────────────────────────────────

    const MARKS = { holds: "✓", fails: "✗", "untestable here": "?" };
    const CLASSES = { holds: "holds", fails: "fails", "untestable here": "untestable" };

    /** The verdict before the evidence; `whose` says which run it is of. */
    const evidence = ({ verdict, evidence }, whose = null) =>
        html("span", { class: "evidence" },
            whose ? html("span", { class: "whose" }, `${whose}: `) : null,
            verdict === null ? null : [html("strong", {}, verdict), ": "],
            sentence(evidence));

    /** What is claimed; what stands between backticks is code. */
    const claimed = (text) =>
        text.split("`").map((part, place) => (place % 2 ? html("code", {}, part) : sentence(part)));

    const claimLine = (claim, attributes, ...said) =>
        html("li", { class: CLASSES[claim.verdict] ?? "observed", ...attributes },
            html("span", { class: "mark", "aria-hidden": "true" }, MARKS[claim.verdict] ?? "·"),
            " ", html("span", { class: "kind" }, claim.kind),
            " ", html("span", { class: "text" }, claimed(claim.text)),
            " ", ...said);

    const claims = (report) => (report.claims.length === 0 ? [] : [
        html("ul", { class: "claims", "aria-label": "Claims" }, report.claims.map((claim) =>
            claimLine(claim, { id: `${report.experiment}-claim-${claim.id}` }, evidence(claim)))),
    ]);

    const comparedClaims = (mine, recorded) => (mine.claims.length === 0 ? [] : [
        html("ul", { class: "claims", "aria-label": "Claims of your run" }, mine.claims.map((claim) => {
            const before = recorded.claims.find(({ id }) => id === claim.id);
            if (before?.verdict === claim.verdict && before?.evidence === claim.evidence) {
                return claimLine(claim, {}, evidence(claim, "yours and recorded"));
            }
            return claimLine(claim, {}, evidence(claim, "yours"), before ? [" ", evidence(before, "recorded")] : null);
        })),
    ]);

    // ── The whole ───────────────────────────────────────────────────────────────────────────

    function machine(report, verb = "recorded") {
        const { cpu, cores, os, rustc, profile, recorded } = report.machine;
        const { run, set_aside: aside } = report.trials;
        return html("p", { class: "machine" },
            `${verb} `, html("time", { datetime: recorded }, unbroken(day(recorded))),
            ` · ${format("count", cores)} cores of ${cpu}, ${os} · rustc ${rustc} (${profile})`,
            aside > 0 ? ` · ${aside} of ${trials(run)} set aside, other programs were busy` : null);
    }

    const twins = (report) => (report.twins.length === 0 ? [] : [
        html("div", { class: "twins" }, report.twins.map(({ python, measurements }, place) => {
            const heading = `Python ${python}`;
            const open = place + 1 === report.twins.length ? { open: "" } : {};
            return html("details", open, html("summary", {}, heading), tables(measurements, heading),
                report.charts.map((chart) => sweptTable(chart, measurements)));
        })),
    ]);

    /** What a panel shows of its record, in its order. */
    const panel = (report) => [
        html("p", { class: "settings" }, settings(report)),
        ...[tables(report.measurements, "Recorded measurements")].filter(Boolean),
        ...charts(report, report.experiment),
        ...(report.timeline ? [timeline(report.timeline, `${report.experiment}-timeline`)] : []),
        ...claims(report),
        ...twins(report),
        machine(report),
    ];

    /** Twins of one minor version are compared; a free-threaded one with its like. */
    const minor = (python) => /^\d+\.\d+/.exec(python)?.[0] + (python.endsWith("t") ? "t" : "");

    const comparedTwins = (mine, recorded) => (mine.twins.length === 0 ? [] : [
        html("div", { class: "twins" }, mine.twins.map(({ python, measurements }) => {
            const before = recorded.twins.find((twin) => minor(twin.python) === minor(python));
            const heading = `Python ${python}`;
            const name = before && before.python !== python ? `${heading}, recorded with ${before.python}` : heading;
            return html("div", {}, html("p", {}, name),
                before ? comparedTables(measurements, before.measurements, heading) : tables(measurements, heading),
                mine.charts.map((chart) => sweptTable(chart, measurements)));
        })),
    ]);

    const both = (lanes, id) => {
        const end = Math.max(...lanes.map((lanes) => endOf(lanes.lanes)));
        return [
            timeline(lanes[0], id, "your run: ", end),
            timeline(lanes[1], `${id}-recorded`, "recorded: ", end),
        ];
    };

    /** The run `mine` beside the recorded one, in the same scales; `id` is unique in the page. */
    function comparison(mine, recorded, id) {
        const whole = html("div", { class: "compared", id },
            html("p", {}, html("strong", {}, "Your run"), ` ${settings(mine)}`),
            html("p", { class: "quiet" }, html("strong", {}, "Recorded"), ` ${settings(recorded)}`));
        if (mine.source.sha256 !== recorded.source.sha256) {
            whole.append(html("p", { class: "quiet" }, "The two are of different versions of the experiment."));
        }
        const time = `${id}-timeline`;
        const lanes = mine.timeline && recorded.timeline
            ? both([mine.timeline, recorded.timeline], time)
            : mine.timeline ? [timeline(mine.timeline, time, "your run: ")] : [];
        whole.append(
            comparedTables(mine.measurements, recorded.measurements, "Your measurements and the recorded ones") ?? "",
            ...comparedCharts(mine, recorded, id).flat(),
            ...lanes,
            ...comparedClaims(mine, recorded),
            ...comparedTwins(mine, recorded),
            html("div", { class: "machines" }, machine(mine, "your run,"), machine(recorded)),
        );
        return whole;
    }

    return { comparison, format, formatPoint, formatRange, html, panel, shownBy, unbroken };
})();
