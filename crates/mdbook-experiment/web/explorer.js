"use strict";

// The schedule explorer in the page. The graph of a scenario lies in the page
// as JSON; the core below is pure functions over it, the rest draws.

// The page of all chapters brings this once with each chapter that needs it.
var ExplorerCore = (() => {
  const VERSION = "v1";

  /** Turns as text: "v1.1.2b" is thread 1, then thread 2 by its second way. */
  function format(turns) {
    const letter = (choice) => (choice === 0 ? "" : String.fromCharCode(97 + choice));
    return [VERSION, ...turns.map(({ thread, choice }) => thread + letter(choice))].join(".");
  }

  /** The turns of a text; throws an Error that says what is wrong with it. */
  function parse(text) {
    const [version, ...steps] = text.split(".");
    if (version !== VERSION) {
      throw new Error(`a schedule begins with “${VERSION}”, this one with “${version}”`);
    }
    return steps.map((step, index) => {
      const parts = /^(0|[1-9]\d*)([b-z]?)$/.exec(step);
      if (!parts) {
        throw new Error(`step ${index + 1} is “${step}”, and not a thread’s number`);
      }
      return {
        thread: Number(parts[1]),
        choice: parts[2] ? parts[2].charCodeAt(0) - 97 : 0,
      };
    });
  }

  /** An edge as it is in the graph: [thread, to] or [thread, to, choice, note]. */
  const unpack = ([thread, to, choice = 0, note = ""]) => ({ thread, to, choice, note });

  const edges = (graph, state) => graph.edges[state].map(unpack);

  const position = (graph, state, thread) =>
    graph.positions[graph.states[state][graph.variables.length + thread]];

  const value = (graph, state, variable) => graph.values[graph.states[state][variable]];

  const canGo = (graph, state, thread) => graph.edges[state].some((edge) => edge[0] === thread);

  /** Whether leaving `last` here takes its turn away. */
  const preempts = (graph, state, last) =>
    canGo(graph, state, last) && !position(graph, state, last).await;

  /** Whether `thread` may go next; `last` is null at the start. */
  const allowed = (graph, reading, state, last, thread) =>
    reading !== "cooperative" || last === null || last === thread || !preempts(graph, state, last);

  /** The index of the outcome of a state without steps, or null. */
  function outcome(graph, state) {
    const end = graph.ends.find(([at]) => at === state);
    return end ? end[1] : null;
  }

  /** The states that turns lead through; throws an Error that names the step. */
  function replay(graph, reading, turns) {
    const states = [0];
    let last = null;
    turns.forEach(({ thread, choice }, index) => {
      const state = states[index];
      const edge = edges(graph, state).find((e) => e.thread === thread && e.choice === choice);
      const name = graph.threads[thread];
      let cause = null;
      if (thread >= graph.threads.length) {
        cause = `there is no thread ${thread}`;
      } else if (!edge) {
        cause = `${name} ${position(graph, state, thread).blocked || "cannot take that step"}`;
      } else if (!allowed(graph, reading, state, last, thread)) {
        cause = `it is still the turn of ${graph.threads[last]}`;
      }
      if (cause) {
        throw new Error(`step ${index + 1}: ${cause}`);
      }
      states.push(edge.to);
      last = thread;
    });
    return states;
  }

  /** Whether the program can come back to a state. */
  function goesRound(graph) {
    const mark = new Uint8Array(graph.states.length);
    const path = [[0, 0]];
    mark[0] = 1;
    while (path.length > 0) {
      const top = path[path.length - 1];
      const [state, next] = top;
      if (next === graph.edges[state].length) {
        mark[state] = 2;
        path.pop();
        continue;
      }
      top[1] += 1;
      const to = graph.edges[state][next][1];
      if (mark[to] === 1) {
        return true;
      }
      if (mark[to] === 0) {
        mark[to] = 1;
        path.push([to, 0]);
      }
    }
    return false;
  }

  /**
   * A function from a state and the thread that went last to the number of
   * schedules for each outcome; null if there is no end to them.
   */
  function counts(graph, reading) {
    if (goesRound(graph)) {
      return null;
    }
    const known = new Map();
    const from = (state, last) => {
      const key = reading === "cooperative" ? `${state} ${last}` : state;
      if (!known.has(key)) {
        const sums = graph.outcomes.map(() => 0n);
        const end = outcome(graph, state);
        if (end !== null) {
          sums[end] = 1n;
        }
        for (const [thread, to] of graph.edges[state]) {
          if (allowed(graph, reading, state, last, thread)) {
            from(to, thread).forEach((count, index) => (sums[index] += count));
          }
        }
        known.set(key, sums);
      }
      return known.get(key);
    };
    return from;
  }

  return {
    format, parse, edges, position, value, canGo, allowed, outcome, replay, counts, goesRound,
  };
})();

/** Draws one explorer into its section. */
function startExplorer(section) {
  const { experiment, excerpts, graph, replay } = JSON.parse(
    section.querySelector('script[type="application/json"]').textContent,
  );
  const core = ExplorerCore;
  const id = section.id;
  const actors = graph.threads
    .map((name, thread) => ({ name, thread }))
    .filter(({ thread }) => graph.edges.some((out) => out.some((edge) => edge[0] === thread)));
  const colour = (thread) => `worker-${((thread + 7) % 8) + 1}`;

  let reading = graph.reading;
  let tables = {};
  /** Turns taken, turns undone (the next one last), and the states between. */
  let turns = [];
  let undone = [];
  let states = [0];
  let playing = null;

  const countsFrom = (state, last) => {
    tables[reading] ??= { from: core.counts(graph, reading) };
    return tables[reading].from?.(state, last);
  };
  const state = () => states[states.length - 1];
  const last = () => (turns.length > 0 ? turns[turns.length - 1].thread : null);
  const options = () =>
    core
      .edges(graph, state())
      .filter((edge) => core.allowed(graph, reading, state(), last(), edge.thread));

  // ── the picture ──────────────────────────────────────────────────────────

  const live = section.querySelector(".explore-live");
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const button = (className, text, action) => {
    const element = make("button", className, text);
    element.type = "button";
    element.addEventListener("click", () => {
      if (element.getAttribute("aria-disabled") !== "true") action();
    });
    return element;
  };
  const disable = (element, off) => element.setAttribute("aria-disabled", String(off));

  const readings = make("fieldset", "explore-readings");
  const legend = make("legend", "", "A switch may come");
  readings.append(legend);
  for (const [name, words] of [
    ["preemptive", "anywhere"],
    ["cooperative", "only where one waits"],
  ]) {
    const label = make("label", "", ` ${words} (${name})`);
    const radio = make("input");
    radio.type = "radio";
    radio.name = `${id}-reading`;
    radio.checked = name === reading;
    radio.addEventListener("change", () => read(name));
    label.prepend(radio);
    readings.append(label);
  }

  const stage = make("div", "explore-stage");
  const code = make("div", "explore-code");
  const lines = new Map();
  const sources = [];
  for (const { file, name, first, text } of excerpts) {
    const block = make("figure");
    block.append(make("figcaption", "", name));
    const listing = make("ol");
    listing.start = first;
    text.forEach((line, offset) => {
      const item = make("li");
      const source = make("code", "", line || " ");
      sources.push(source);
      const marks = make("span", "explore-marks");
      item.append(source, marks);
      listing.append(item);
      lines.set(`${file}:${first + offset}`, { item, marks });
    });
    block.append(listing);
    code.append(block);
  }
  const values = make("table", "explore-values");
  stage.append(code, values);

  const steps = make("div", "explore-buttons");
  const stepButtons = new Map();
  for (const { name, thread } of actors) {
    const ways = Math.max(
      ...graph.edges.map((out) => out.filter((edge) => edge[0] === thread).length),
    );
    for (let way = 0; way < ways; way += 1) {
      const element = button(`explore-step ${colour(thread)}`, undefined, () => press(thread, way));
      const label = make("span", "explore-who", way === 0 ? `${thread}  ${name}` : name);
      const what = make("span", "explore-what");
      element.append(label, what);
      steps.append(element);
      stepButtons.set(`${thread} ${way}`, { element, what });
    }
  }

  const controls = make("div", "explore-controls");
  const undoButton = button("", "↶ undo", undo);
  const redoButton = button("", "↷ redo", redo);
  const resetButton = button("", "reset", reset);
  const playButton = button("", "▷ play", play);
  const keys = make("details", "explore-keys");
  keys.append(
    make("summary", "", "keys"),
    make("p", "", "A digit takes that thread’s step; u undoes, r does again, 0 resets."),
  );
  controls.append(undoButton, redoButton, resetButton, playButton, keys);

  const track = make("div", "explore-track");
  const rows = new Map();
  for (const { name, thread } of actors) {
    const row = make("div", `explore-row ${colour(thread)}`);
    row.append(make("span", "explore-name", name));
    const cells = make("span", "explore-cells");
    row.append(cells);
    track.append(row);
    rows.set(thread, cells);
  }

  const forecast = make("p", "explore-forecast");
  const chips = make("p", "explore-chips");
  const chipButtons = graph.outcomes.map((outcome) => {
    const element = button(`explore-chip ${outcome.good ? "good" : "bad"}`, "", () =>
      show(outcome),
    );
    chips.append(element);
    return element;
  });
  const note = make("p", "explore-note");
  note.setAttribute("role", "status");
  const foot = make("p", "explore-foot");
  const link = make("a", "", "link to this step");
  const command = make("code");
  foot.append(link, document.createTextNode(" · "), command);

  live.append(readings, stage, steps, controls, track, forecast, chips, note, foot);
  live.hidden = false;
  section.classList.add("is-live");

  // ── what the reader can do ───────────────────────────────────────────────

  function press(thread, way) {
    const edge = core.edges(graph, state()).filter((each) => each.thread === thread)[way];
    if (!edge || !core.allowed(graph, reading, state(), last(), thread)) return;
    stop();
    take(edge);
  }

  function take({ thread, choice, to }) {
    const was = core.position(graph, state(), thread);
    const next = undone[undone.length - 1];
    if (next && next.thread === thread && next.choice === choice) {
      undone.pop();
    } else {
      undone = [];
    }
    turns.push({ thread, choice });
    states.push(to);
    draw(`${graph.threads[thread]} ${was.next}.`);
  }

  function undo() {
    stop();
    if (turns.length === 0) return;
    undone.push(turns.pop());
    states.pop();
    draw("One step back.");
  }

  function redo() {
    stop();
    again();
  }

  function again() {
    const next = undone[undone.length - 1];
    const edge = next && options().find((e) => e.thread === next.thread && e.choice === next.choice);
    if (edge) take(edge);
    return Boolean(edge);
  }

  function reset() {
    stop();
    undone = [];
    turns = [];
    states = [0];
    draw("Back at the start.");
  }

  /** Goes through what was undone or loaded; without that, by chance. */
  function play() {
    if (playing !== null) {
      stop();
      draw("Stopped.");
      return;
    }
    const step = () => {
      if (!again()) {
        const ways = options();
        if (ways.length === 0) {
          stop();
          draw();
          return;
        }
        take(ways[Math.floor(Math.random() * ways.length)]);
      }
      playing = setTimeout(step, 600);
    };
    playing = setTimeout(step, 0);
    playButton.textContent = "◼ stop";
  }

  function stop() {
    clearTimeout(playing);
    playing = null;
    playButton.textContent = "▷ play";
  }

  /** Replays the shortest schedule of an outcome. */
  function show(outcome) {
    const schedule = outcome[reading].shortest;
    stop();
    if (schedule === undefined) return;
    go(core.parse(schedule), 0);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      go(core.parse(schedule));
    } else {
      play();
    }
  }

  /** Loads a schedule and stands after its first `count` steps. */
  function go(schedule, count = schedule.length) {
    const all = core.replay(graph, reading, schedule);
    turns = schedule.slice(0, count);
    undone = schedule.slice(count).reverse();
    states = all.slice(0, count + 1);
    draw();
  }

  /** Keeps as many steps as the other reading allows. */
  function read(name) {
    stop();
    reading = name;
    let kept = turns.length;
    while (kept > 0) {
      try {
        core.replay(graph, reading, turns.slice(0, kept));
        break;
      } catch {
        kept -= 1;
      }
    }
    const dropped = turns.length - kept;
    go(turns.slice(0, kept));
    if (dropped > 0) say(`Went back ${dropped} steps: with these switches one cannot get there.`);
  }

  // ── drawing ──────────────────────────────────────────────────────────────

  function draw(told) {
    const here = state();
    const before = states.length > 1 ? states[states.length - 2] : here;
    for (const { item, marks } of lines.values()) {
      marks.replaceChildren();
      item.classList.remove("here");
    }
    for (const { name, thread } of actors) {
      const { at } = core.position(graph, here, thread);
      const line = at && lines.get(`${at[0]}:${at[1]}`);
      if (line) {
        // The number is the one on the thread's button.
        const mark = make("span", `explore-mark ${colour(thread)}`, `◀ ${thread}`);
        mark.title = name;
        line.marks.append(mark);
        line.item.classList.add("here");
      }
    }
    showLines(here);
    drawValues(here, before);
    drawButtons(here);
    for (const [thread, cells] of rows) {
      cells.replaceChildren(
        ...turns.map((turn, index) => {
          const cell = make("span", turn.thread === thread ? "explore-dot" : "explore-gap");
          if (turn.thread === thread) {
            cell.title = `step ${index + 1}: ${core.position(graph, states[index], thread).next}`;
          }
          return cell;
        }),
      );
    }
    drawForecast(here);
    disable(undoButton, turns.length === 0);
    disable(redoButton, undone.length === 0);
    disable(resetButton, turns.length === 0);
    const schedule = core.format(turns);
    link.href = `#${id}=${schedule}`;
    const typed = replay ?? `cargo explore ${experiment} ${graph.name} --replay`;
    // The option is not torn at its hyphens.
    const option = typed.lastIndexOf("--");
    command.replaceChildren(
      typed.slice(0, option), make("span", "whole", typed.slice(option)), ` ${schedule}`,
    );
    if (told !== undefined) {
      history.replaceState(null, "", turns.length > 0 ? link.href : `#${id}`);
      say(told);
    }
  }

  /** Scrolls the code, and never the page, to where the threads stand; whoever has moved comes first. */
  function showLines(here) {
    const lineOf = (thread) => {
      const { at } = core.position(graph, here, thread);
      return at && lines.get(`${at[0]}:${at[1]}`);
    };
    const standing = actors.map(({ thread }) => lineOf(thread));
    for (const line of [...standing, lineOf(last() ?? actors[0].thread)].filter(Boolean)) {
      const [item, box] = [line.item, code].map((element) => element.getBoundingClientRect());
      code.scrollTop += Math.min(item.top - box.top, 0) + Math.max(item.bottom - box.bottom, 0);
    }
  }

  function drawValues(here, before) {
    const body = make("tbody");
    const row = (name, text, changed, className) => {
      const line = make("tr", changed ? "changed" : "");
      line.append(make("th", className, name), make("td", "", text));
      body.append(line);
    };
    graph.variables.forEach((name, variable) => {
      const now = core.value(graph, here, variable);
      row(name, now, now !== core.value(graph, before, variable));
    });
    for (const { name, thread } of actors) {
      const text = (at) =>
        (core.position(graph, at, thread).locals || []).map((pair) => pair.join(" = ")).join(", ");
      row(name, text(here) || "–", text(here) !== text(before), colour(thread));
    }
    values.replaceChildren(body);
  }

  function drawButtons(here) {
    for (const { thread } of actors) {
      const ways = core.edges(graph, here).filter((edge) => edge.thread === thread);
      const at = core.position(graph, here, thread);
      const free = core.allowed(graph, reading, here, last(), thread);
      for (let way = 0; stepButtons.has(`${thread} ${way}`); way += 1) {
        const { element, what } = stepButtons.get(`${thread} ${way}`);
        const edge = ways[way];
        element.hidden = way > 0 && !edge;
        disable(element, !edge || !free);
        if (edge && free) {
          what.textContent = edge.note ? `${at.next}: ${edge.note}` : at.next;
        } else if (edge) {
          what.textContent = `not before ${graph.threads[last()]} waits`;
        } else {
          const begun = turns.some((turn) => turn.thread === thread);
          const idle = begun ? "has ended" : "has not begun";
          what.textContent = at.blocked || (at.next ? "cannot go on" : idle);
        }
      }
    }
  }

  function drawForecast(here) {
    const now = countsFrom(here, last());
    const all = countsFrom(0, null);
    const end = core.outcome(graph, here);
    if (end !== null) {
      const { text } = graph.outcomes[end];
      const reached = text === graph.goal.outcome;
      forecast.textContent = reached ? `It ends: ${text}. Goal reached ✓` : `It ends: ${text}.`;
      forecast.classList.toggle("reached", reached);
    } else {
      forecast.classList.remove("reached");
      if (now) {
        const sum = (counts) => counts.reduce((total, count) => total + count, 0n);
        const parts = graph.outcomes
          .map(({ text }, index) => ({ text, count: now[index] }))
          .filter(({ count }) => count > 0n)
          .map(({ text, count }) => `${grouped(count)} end in “${text}”`);
        forecast.textContent =
          `From here, ${grouped(sum(now))} of ${grouped(sum(all))} schedules: ` +
          `${parts.join(", ")}.`;
      } else {
        forecast.textContent = "It can go round for ever: there is no end to its schedules.";
      }
    }
    chipButtons.forEach((chip, index) => {
      const outcome = graph.outcomes[index];
      const shortest = outcome[reading].shortest;
      const length = shortest ? core.parse(shortest).length : 0;
      const open = now ? now[index] > 0n : Boolean(shortest);
      const goal = outcome.text === graph.goal.outcome ? "goal: " : "";
      chip.textContent = shortest
        ? `${goal}${outcome.text} · show me, ${length} steps`
        : `${goal}${outcome.text} · not with these switches`;
      chip.classList.toggle("closed", !open);
      disable(chip, !shortest);
    });
  }

  function say(text) {
    const variables = graph.variables.map(
      (name, variable) => `${name} is ${core.value(graph, state(), variable)}`,
    );
    note.textContent = `${text} ${variables.slice(0, 4).join(", ")}.`;
  }

  // ── keys and addresses ───────────────────────────────────────────────────

  section.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("input:not([type=radio]), textarea, select")) return;
    const thread = Number(event.key);
    if (event.key === "u") undo();
    else if (event.key === "r") redo();
    else if (event.key === "0") reset();
    else if (Number.isInteger(thread) && event.key.trim() && stepButtons.has(`${thread} 0`)) {
      press(thread, 0);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function follow() {
    const [name, schedule] = decodeURIComponent(location.hash.slice(1)).split("=");
    if (name !== id || schedule === undefined) return;
    try {
      const turns = core.parse(schedule);
      try {
        core.replay(graph, reading, turns);
      } catch (refusal) {
        if (reading === "preemptive") throw refusal;
        reading = "preemptive";
        readings.querySelectorAll("input")[0].checked = true;
      }
      go(turns);
    } catch (error) {
      note.textContent = `The address holds a schedule that cannot be followed: ${error.message}.`;
    }
    section.scrollIntoView();
  }
  window.addEventListener("hashchange", follow);

  draw();
  note.textContent = "Press a button: that thread takes its next step.";
  window.addEventListener("load", () => {
    colourCode();
    follow();
  });

  function grouped(count) {
    const digits = count.toString();
    return digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, "\u00a0") : digits;
  }

  /** Colours the code as the book colours its own, once it has the means. */
  function colourCode() {
    for (const source of sources) {
      try {
        source.innerHTML = hljs.highlight(source.textContent, { language: "rust", ignoreIllegals: true }).value;
      } catch {
        return;
      }
    }
  }
}

if (typeof document !== "undefined") {
  document.querySelectorAll("section.explore:not(.is-live)").forEach(startExplorer);
}
