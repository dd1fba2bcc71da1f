//! Be the scheduler: choose each step by keyboard.

use std::fmt::Write as _;
use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use interleave::telling::{fitted, source_line, standing};
use interleave::{Counts, Graph, Reading, Schedule, Sources, Turn};

/// A place in the graph, with the way to it and what was undone.
pub struct Session<'a> {
    graph: &'a Graph,
    sources: &'a Sources,
    counts: Option<Counts>,
    turns: Vec<Turn>,
    undone: Vec<Turn>,
}

impl<'a> Session<'a> {
    /// At the start.
    pub fn new(graph: &'a Graph, sources: &'a Sources) -> Self {
        let counts = Counts::of(graph, Reading::Preemptive);
        Session { graph, sources, counts, turns: vec![], undone: vec![] }
    }

    fn state(&self) -> usize {
        self.turns.iter().enumerate().fold(0, |state, (index, &turn)| {
            self.graph.follow(state, turn, index + 1).map_or(state, |edge| edge.to())
        })
    }

    /// Does what a key says; `false` means to stop.
    pub fn press(&mut self, key: char) -> bool {
        match key {
            'q' => return false,
            'u' => self.undone.extend(self.turns.pop()),
            'r' => self.turns.extend(self.undone.pop()),
            '0' => {
                self.turns.clear();
                self.undone.clear();
            }
            digit => {
                let number = digit.to_digit(10).map(|digit| digit as usize);
                let edges = &self.graph.edges[self.state()];
                if let Some(edge) = number.and_then(|number| edges.get(number.wrapping_sub(1))) {
                    self.turns.push(edge.turn());
                    self.undone.clear();
                }
            }
        }
        true
    }

    /// The picture, in 80 columns.
    pub fn draw(&self) -> String {
        let graph = self.graph;
        let state = self.state();
        let mut out = format!("{}\nGoal: {}.\n\n", fitted(&graph.title, 80), graph.goal.text);
        for &interleave::Excerpt(file, first, last) in &graph.listing {
            for line in first..=last {
                let here = (0..graph.threads.len())
                    .filter(|&thread| graph.position(state, thread).at == Some((file, line)));
                let here: Vec<&str> = here.map(|thread| graph.threads[thread].as_str()).collect();
                let mark = if here.is_empty() {
                    String::new()
                } else {
                    format!("◀ {}", here.join(", "))
                };
                let text =
                    self.sources.files.get(file).and_then(|file| file.lines.get(line as usize - 1));
                let text = fitted(text.map_or("", String::as_str), 54);
                let _ = writeln!(out, "{}", fitted(&format!("{line:>4} {text:<54} {mark}"), 80));
            }
            out.push('\n');
        }
        for variable in 0..graph.variables.len() {
            let line = format!("{}  {}", graph.variables[variable], graph.value(state, variable));
            let _ = writeln!(out, "  {}", fitted(&line, 78));
        }
        for thread in 0..graph.threads.len() {
            let position = graph.position(state, thread);
            for (name, value) in &position.locals {
                let _ = writeln!(out, "  {}: {name} = {value}", graph.threads[thread]);
            }
            if let (Some(reason), true) = (&position.blocked, thread > 0) {
                let _ = writeln!(out, "  {} {reason}", graph.threads[thread]);
            }
        }
        out.push('\n');
        for (index, edge) in graph.edges[state].iter().enumerate() {
            let turn = edge.turn();
            let position = graph.position(state, turn.thread);
            let note = edge.note().map_or(String::new(), |note| format!(", {note}"));
            let line = position.at.map_or("", |at| source_line(self.sources, at));
            let what =
                format!("[{}] {} {}{note}", index + 1, graph.threads[turn.thread], position.next);
            let _ = writeln!(out, "{}", fitted(&format!("{what:<44} {line}"), 80));
        }
        if graph.edges[state].is_empty() {
            out.push_str(&standing(graph, state));
        }
        let _ = writeln!(out, "\n{}", self.prospects(state));
        let _ = writeln!(out, "{}", fitted(&Schedule(self.turns.clone()).to_string(), 80));
        out.push_str("[1-9] step  [u]ndo  [r]edo  [0] reset  [q]uit\n");
        out
    }

    fn prospects(&self, state: usize) -> String {
        let Some(counts) = &self.counts else {
            return "From here there is no end of schedules.".into();
        };
        let row = counts.from(state, self.turns.last().map(|turn| turn.thread));
        let total: u128 = row.iter().sum();
        let ends = self.graph.outcomes.iter().zip(row).filter(|(_, count)| **count > 0);
        let ends: Vec<String> =
            ends.map(|(outcome, count)| format!("{count} end in {}", outcome.text)).collect();
        fitted(&format!("From here, {total} schedules: {}.", ends.join(", ")), 80)
    }
}

/// Gives the terminal back as it was.
struct Screen;

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(io::stdout(), Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// Runs until the reader quits; returns the schedule that was reached.
pub fn interact(graph: &Graph, sources: &Sources) -> io::Result<Schedule> {
    let mut session = Session::new(graph, sources);
    enable_raw_mode()?;
    let screen = Screen;
    let mut out = io::stdout();
    execute!(out, EnterAlternateScreen, Hide)?;
    loop {
        execute!(out, MoveTo(0, 0), Clear(ClearType::All))?;
        out.write_all(session.draw().replace('\n', "\r\n").as_bytes())?;
        out.flush()?;
        let Event::Key(key) = read()? else { continue };
        if key.kind != KeyEventKind::Press {
            continue;
        }
        let stop = match key.code {
            KeyCode::Esc => true,
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => true,
            KeyCode::Char(key) => !session.press(key),
            KeyCode::Left | KeyCode::Backspace => !session.press('u'),
            KeyCode::Right => !session.press('r'),
            _ => false,
        };
        if stop {
            break;
        }
    }
    drop(screen);
    Ok(Schedule(session.turns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use explore::EXPERIMENTS;

    fn counter() -> (Graph, Sources) {
        let experiment = EXPERIMENTS.iter().find(|known| known.name == "race_condition").unwrap();
        let graph = experiment.scenarios[0].explore(experiment.sources).unwrap();
        (graph, Sources::of(experiment.sources))
    }

    fn pressed(keys: &str) -> String {
        let (graph, sources) = counter();
        let mut session = Session::new(&graph, &sources);
        keys.chars().for_each(|key| assert!(session.press(key)));
        session.draw()
    }

    #[test]
    fn the_picture_shows_where_each_thread_stands() {
        let text = pressed("1");
        assert!(
            text.contains("let seen = counter.load(Relaxed);                  ◀ thread 2"),
            "{text}"
        );
        assert!(text.contains("thread 1: seen = 0"), "{text}");
        assert!(text.contains("[2] thread 2 loads counter"), "{text}");
        assert!(
            text.contains("From here, 35 schedules: 3 end in 4, 16 end in 3, 16 end in 2."),
            "{text}"
        );
    }

    #[test]
    fn undo_redo_and_reset_go_back_and_forth() {
        assert_eq!(pressed("12u"), pressed("1"));
        assert_eq!(pressed("12ur"), pressed("12"));
        assert_eq!(pressed("12u1r"), pressed("11"));
        assert_eq!(pressed("120"), pressed(""));
    }

    #[test]
    fn keys_that_mean_nothing_do_nothing() {
        assert_eq!(pressed("9xur"), pressed(""));
    }

    #[test]
    fn the_picture_fits_in_80_columns() {
        let text = pressed("1122");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
