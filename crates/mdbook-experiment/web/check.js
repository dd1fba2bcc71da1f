// Reads a report that somebody gives to a page, and refuses in one line what is none. It says what
// src/report.schema.json says and Report::check, and sets limits where those have none;
// tests/panel.rs holds it to both. It follows the shape of a report and never that of the input,
// so that no depth and no width of a strange file can hurt.
"use strict";

const readReport = (() => {
    const MOST_BYTES = 8_000_000;
    const SCHEMA = 1;

    class Wrong extends Error {}

    // ── What a value may be: functions of the value and of its place ────────────────────────

    const shown = (value) => {
        if (value === undefined) return "missing";
        const text = value !== null && typeof value === "object"
            ? (Array.isArray(value) ? "a list" : "an object")
            : typeof value === "string" ? `“${value}”` : String(value);
        return text.length > 42 ? `${text.slice(0, 40)}…` : text;
    };

    const refuse = (place, value, allowed) => {
        throw new Wrong(`not a report: \`${place}\` is ${shown(value)}, where ${allowed} is expected`);
    };

    const whole = (least) => (value, place) => {
        const right = Number.isInteger(value) && value >= least && value <= Number.MAX_SAFE_INTEGER;
        if (!right) refuse(place, value, `a whole number from ${least} on`);
    };

    /** No unit makes a larger one sensible, and none can be drawn. */
    const LARGEST = 1e24;

    const number = (value, place) => {
        if (typeof value !== "number" || !(Math.abs(value) <= LARGEST)) refuse(place, value, "a number");
    };

    const time = (value, place) => {
        if (typeof value !== "number" || !(value >= 0 && value <= LARGEST)) refuse(place, value, "a time in seconds");
    };

    /** A text like `pattern`, which `words` describe. */
    const text = (pattern = /^/, words = "a text", most = 2_000) => (value, place) => {
        if (typeof value !== "string" || !pattern.test(value)) refuse(place, value, words);
        if (value.length > most) {
            throw new Wrong(`not a report: \`${place}\` has ${value.length} characters, where ${most} are allowed`);
        }
    };

    const one = (...allowed) => (value, place) => {
        if (!allowed.includes(value)) refuse(place, value, allowed.join(", "));
    };

    const maybe = (check) => (value, place) => {
        if (value !== null) check(value, place);
    };

    const list = (check, least = 0, most = 200) => (value, place) => {
        if (!Array.isArray(value)) refuse(place, value, "a list");
        if (value.length < least || value.length > most) {
            throw new Wrong(`not a report: \`${place}\` has ${value.length} parts, where ${least} to ${most} are allowed`);
        }
        value.forEach((part, index) => check(part, `${place}[${index}]`));
    };

    /** An object that has these fields, perhaps the `optional` ones, and no others. */
    const object = (fields, optional = {}) => (value, place) => {
        if (value === null || typeof value !== "object" || Array.isArray(value)) {
            refuse(place || "report", value, "an object");
        }
        const inner = (name) => (place ? `${place}.${name}` : name);
        for (const [name, check] of Object.entries(fields)) {
            if (!Object.hasOwn(value, name)) throw new Wrong(`not a report: it has no \`${inner(name)}\``);
            check(value[name], inner(name));
        }
        for (const name of Object.keys(optional)) {
            if (Object.hasOwn(value, name)) optional[name](value[name], inner(name));
        }
        const known = (name) => Object.hasOwn(fields, name) || Object.hasOwn(optional, name);
        const unknown = Object.keys(value).find((name) => !known(name));
        if (unknown !== undefined) throw new Wrong(`not a report: \`${shown(inner(unknown))}\` is not known`);
    };

    // ── The report ──────────────────────────────────────────────────────────────────────────

    const source = object({
        files: list(text(), 1),
        sha256: text(/^[0-9a-f]{64}$/, "a hash"),
    });

    const unit = one("s", "B", "count", "ratio", "share", "1/s", "B/s");

    const fields = object({
        name: text(),
        variant: text(),
        unit,
        samples: list(number, 1, 100_000),
        median: number,
        min: number,
        max: number,
    }, { at: number });

    const measurement = (value, place) => {
        fields(value, place);
        const sorted = Float64Array.from(value.samples).sort();
        const middle = sorted.length >> 1;
        const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        if (value.median !== median || value.min !== sorted[0] || value.max !== sorted.at(-1)) {
            throw new Wrong(`not a report: \`${place}\` has a median or a range that its samples do not have`);
        }
    };

    const span = (value, place) => {
        if (!Array.isArray(value) || value.length !== 3) refuse(place, value, "start, end and state");
        time(value[0], `${place}[0]`);
        time(value[1], `${place}[1]`);
        one("running", "waiting", "blocked")(value[2], `${place}[2]`);
    };

    const lane = (value, place) => {
        object({ variant: text(), name: text(), spans: list(span, 0, 20_000) })(value, place);
        const edges = value.spans.flatMap(([from, to]) => [from, to]);
        if (edges.some((edge, index) => edge < edges[index - 1])) {
            throw new Wrong(`not a report: \`${place}\` has spans out of order`);
        }
    };

    const setting = (value, place) => {
        if (value !== null && typeof value !== "string" && !Number.isSafeInteger(value)) {
            refuse(place, value, "a whole number, a text or null");
        }
        if (typeof value === "string") text()(value, place);
    };

    const charts = {
        histogram: object({ kind: one("histogram"), measurement: text(), variant: text() }),
        bars: object({ kind: one("bars"), measurement: text() }),
        lines: object({
            kind: one("lines"),
            measurement: text(),
            across: text(),
            unit,
            scales: list(one("linear", "logarithmic"), 2, 2),
        }),
        map: object({ kind: one("map"), measurement: text(), across: text(), unit }),
    };

    const chart = (value, place) => {
        const kind = value?.kind;
        if (!Object.hasOwn(charts, kind)) refuse(`${place}.kind`, kind, Object.keys(charts).join(", "));
        charts[kind](value, place);
    };

    const report = object({
        schema: one(SCHEMA),
        experiment: text(/^[a-z][a-z0-9_]*$/, "an experiment"),
        question: text(/\?$/, "a question"),
        command: text(/^cargo run --example [a-z]/, "a command of cargo"),
        source,
        machine: object({
            cpu: text(),
            cores: whole(1),
            memory_bytes: maybe(whole(0)),
            os: text(),
            rustc: text(),
            profile: text(),
            recorded: text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "a time in UTC"),
        }),
        parameters: list(object({ name: text(), value: setting, unit: text() })),
        trials: object({ run: whole(1), set_aside: whole(0) }),
        measurements: list(measurement, 0, 1_000),
        charts: list(chart),
        claims: list(object({
            id: text(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name in small letters"),
            kind: one("possible", "exact", "robust", "observed"),
            text: text(),
            evidence: text(),
            verdict: one("holds", "fails", "untestable here", null),
        })),
        timeline: maybe(object({ unit: one("s"), lanes: list(lane) })),
        twins: list(object({
            python: text(/^\d+\.\d+/, "a version of Python", 40),
            source,
            measurements: list(measurement, 0, 1_000),
        }), 0, 20),
    });

    /** Every chart must show what was measured, and a logarithmic axis begins above zero. */
    function drawable({ charts, measurements, experiment }) {
        for (const chart of charts) {
            const shown = Reports.shownBy(chart, { measurements });
            if (shown.length === 0) {
                throw new Wrong(`this run of \`${experiment}\` has ${chart.kind} of ${chart.measurement}, not measured`);
            }
            const [across, up] = chart.scales ?? [];
            if (shown.some(({ at, min }) => (across === "logarithmic" && at <= 0) || (up === "logarithmic" && min <= 0))) {
                throw new Wrong(`this run of \`${experiment}\` has zero on a logarithmic axis`);
            }
        }
    }

    /**
     * The report of `experiment` that `input` is, a text or what JSON.parse made of one. Throws an
     * Error whose message is one line for the reader.
     */
    function read(input, experiment) {
        let value = input;
        if (typeof input === "string") {
            tooLarge(input.length);
            try {
                value = JSON.parse(input);
            } catch {
                throw new Wrong("this is not JSON; the experiment prints its report with --json");
            }
        }
        if (value === null || typeof value !== "object" || !Object.hasOwn(value, "schema")) {
            throw new Wrong("this is JSON, but not a report: it has no `schema`");
        }
        if (value.schema !== SCHEMA) {
            throw new Wrong(`this report has schema ${shown(value.schema)}, where ${SCHEMA} is understood`);
        }
        report(value, "");
        if (value.experiment !== experiment) {
            throw new Wrong(`this is a run of \`${shown(value.experiment).slice(1, -1)}\`, not of \`${experiment}\``);
        }
        drawable(value);
        return value;
    }

    /** Throws if so many bytes are more than a report ever has. */
    function tooLarge(bytes) {
        if (bytes > MOST_BYTES) {
            throw new Wrong(`this has ${(bytes / 1e6).toFixed(1)} MB; a report has ${MOST_BYTES / 1e6} MB at most`);
        }
    }

    return Object.assign(read, { tooLarge });
})();
